"""REST door of follow-up calls."""

from typing import Any

from rest_framework import serializers
from rest_framework.response import Response

from core.documents import HouseApi, NameOut, Out, verb
from customers import actions
from customers.filters import CallFilter
from customers.forms import AgreeTimeForm, CallForm, ReassignForm
from customers.models import Call, CallAttempt, VisitNote


class VisitNoteOut(Out):
    """The visit a call is about."""

    vehicle = NameOut()
    vehicle_title = serializers.CharField(source="vehicle.title")

    class Meta:
        model = VisitNote
        fields = [
            "visit_id",
            "vehicle",
            "vehicle_title",
            "kind",
            "what",
            "worth",
            "left_at",
            "left_on",
            "was_member",
            "satisfaction",
        ]


class CallOut(Out):
    """A follow-up call owed after a visit, or after a complaint; then it has no note, but a case."""

    note = VisitNoteOut(allow_null=True)
    vehicle = NameOut(source="car", allow_null=True)
    customer = NameOut(allow_null=True)
    agent = NameOut(allow_null=True)

    class Meta:
        model = Call
        fields = [
            "id",
            "rule",
            "store",
            "note",
            "case_id",
            "about",
            "address",
            "since",
            "vehicle",
            "is_held",
            "customer",
            "name",
            "phone",
            "is_member",
            "due_on",
            "original_due_on",
            "not_before",
            "not_after",
            "is_planned_late",
            "is_provisional",
            "is_agreed",
            "status",
            "agent",
            "attempts",
            "first_attempt_at",
            "closed_at",
            "answer",
            "reason",
            "suggestion",
        ]


class CallAttemptOut(Out):
    """One try to reach somebody."""

    by = NameOut(allow_null=True)

    class Meta:
        model = CallAttempt
        fields = ["id", "at", "by", "outcome", "seconds", "remark"]


class CallRowOut(CallOut):
    """A follow-up call with its attempts."""

    tries = CallAttemptOut(many=True)

    class Meta(CallOut.Meta):
        fields = [*CallOut.Meta.fields, "tries"]


class CallApi(HouseApi):
    """Follow-up calls, in the order of the queue."""

    reads = "customers.see_calls"
    is_personal = True
    queryset = Call.objects.select_related("note__vehicle", "vehicle", "customer", "agent")
    serializer_class = CallOut
    row_serializer_class = CallRowOut
    filterset_class = CallFilter
    orderings = {"rank": ("rank", "id"), "due_on": ("due_on", "id"), "-due_on": ("-due_on", "-id")}

    def get_queryset(self) -> Any:
        rows = super().get_queryset()
        return rows if self.action == "list" else rows.select_related("store").prefetch_related("tries__by")

    @verb("customers.call", CallForm, creates=True)
    def call(self, request: Any, pk: int) -> Response:
        """Write down one attempt to reach the customer, with the answers when the call came through."""
        return self.act(actions.call, self.get_object())

    @verb("customers.agree_time", AgreeTimeForm)
    def agree_time(self, request: Any, pk: int) -> Response:
        """Agree another time with the customer."""
        return self.act(actions.agree_time, self.get_object())

    @verb("customers.reassign", ReassignForm)
    def reassign(self, request: Any, pk: int) -> Response:
        """Give a call to another agent."""
        return self.act(actions.reassign, self.get_object())
