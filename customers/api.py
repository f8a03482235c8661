"""REST door of customers, vehicles, follow-up calls and the outbox."""

from typing import Any

from rest_framework import serializers
from rest_framework.response import Response

from core.documents import HouseApi, NameOut, Out, verb
from customers import actions
from customers.filters import CallFilter, CustomerFilter, MessageFilter, VehicleFilter
from customers.forms import (
    AddCustomerForm,
    AddVehicleForm,
    AgreeTimeForm,
    CallForm,
    EditCustomerForm,
    EditVehicleForm,
    ReassignForm,
)
from customers.models import Call, CallAttempt, Customer, Message, Vehicle, VisitNote

# What goes out


class CustomerOut(Out):
    """A person or firm that one company serves."""

    keeper = NameOut(allow_null=True)

    class Meta:
        model = Customer
        fields = [
            "id",
            "company",
            "kind",
            "name",
            "phone",
            "level",
            "is_member",
            "call_from",
            "call_until",
            "do_not_call",
            "keeper",
            "city",
            "remark",
            "is_incomplete",
            "source",
            "source_id",
            "version",
            "created_at",
        ]


class VehicleOut(Out):
    """A car as one company knows it."""

    owner = NameOut(allow_null=True)

    class Meta:
        model = Vehicle
        fields = [
            "id",
            "company",
            "owner",
            "vin",
            "vin_remark",
            "plate",
            "plate_kind",
            "brand",
            "model",
            "year",
            "mileage",
            "sold_on",
            "is_incomplete",
            "source",
            "source_id",
            "version",
            "created_at",
        ]


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
    """A follow-up call owed after a visit."""

    note = VisitNoteOut()
    customer = NameOut(allow_null=True)
    agent = NameOut(allow_null=True)

    class Meta:
        model = Call
        fields = [
            "id",
            "rule",
            "store",
            "note",
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


class MessageOut(Out):
    """A message to a customer, as code and parameters."""

    customer = NameOut(allow_null=True)
    params = serializers.DictField()

    class Meta:
        model = Message
        fields = [
            "id",
            "store",
            "customer",
            "phone",
            "code",
            "params",
            "channel",
            "by_hand",
            "created_at",
            "due_at",
            "done_at",
            "failed_at",
            "attempts",
            "last_error",
        ]


# The doors


class CustomerApi(HouseApi):
    """Customers of the reader's companies."""

    reads = "customers.see_customers"
    is_personal = True
    queryset = Customer.objects.select_related("keeper")
    serializer_class = CustomerOut
    filterset_class = CustomerFilter
    orderings = {"-id": ("-id",), "id": ("id",), "name": ("name", "id")}

    @verb("customers.add_customer", AddCustomerForm, creates=True, status=201)
    def create(self, request: Any) -> Response:
        """Add a person or firm to a company's customers."""
        return self.act(actions.add_customer)

    @verb("customers.edit_customer", EditCustomerForm, edits=True)
    def update(self, request: Any, pk: int) -> Response:
        """Change what is known of a customer: every field is sent, what is left out is emptied."""
        return self.act(actions.edit_customer, self.get_object())

    @verb("customers.edit_customer", EditCustomerForm, edits=True)
    def partial_update(self, request: Any, pk: int) -> Response:
        """Change some of what is known of a customer: what is left out stays."""
        customer = self.get_object()
        return self.act(actions.edit_customer, customer, known=EditCustomerForm.known(customer))


class VehicleApi(HouseApi):
    """Cars of the reader's companies."""

    reads = "customers.see_vehicles"
    is_personal = True
    queryset = Vehicle.objects.select_related("owner")
    serializer_class = VehicleOut
    filterset_class = VehicleFilter
    orderings = {"-id": ("-id",), "id": ("id",), "plate": ("plate", "id")}

    @verb("customers.add_vehicle", AddVehicleForm, creates=True, status=201)
    def create(self, request: Any) -> Response:
        """Add a car to a company's cars."""
        return self.act(actions.add_vehicle)

    @verb("customers.edit_vehicle", EditVehicleForm, edits=True)
    def update(self, request: Any, pk: int) -> Response:
        """Change what is known of a car: every field is sent, what is left out is emptied."""
        return self.act(actions.edit_vehicle, self.get_object())

    @verb("customers.edit_vehicle", EditVehicleForm, edits=True)
    def partial_update(self, request: Any, pk: int) -> Response:
        """Change some of what is known of a car: what is left out stays."""
        vehicle = self.get_object()
        return self.act(actions.edit_vehicle, vehicle, known=EditVehicleForm.known(vehicle))


class CallApi(HouseApi):
    """Follow-up calls, in the order of the queue."""

    reads = "customers.see_calls"
    is_personal = True
    queryset = Call.objects.select_related("note__vehicle", "customer", "agent")
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


class MessageApi(HouseApi):
    """The outbox: what customers were told, and what waits to be told."""

    reads = "customers.see_messages"
    queryset = Message.objects.select_related("customer")
    serializer_class = MessageOut
    filterset_class = MessageFilter
    orderings = {"-id": ("-id",), "id": ("id",)}

    def get_queryset(self) -> Any:
        rows = super().get_queryset()
        return rows if self.action == "list" else rows.select_related("store")

    @verb("customers.mark_told")
    def mark_told(self, request: Any, pk: int) -> Response:
        """Note that somebody told the customer by hand what no provider could send."""
        return self.act(actions.mark_told, self.get_object())
