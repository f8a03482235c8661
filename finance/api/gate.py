"""REST door of the gate."""

from typing import Any

from rest_framework import serializers
from rest_framework.response import Response

from core.documents import HouseApi, NameOut, Out, verb
from finance import actions
from finance.filters import GatePassFilter
from finance.forms import CancelGatePassForm, LetOutForm, NoteBackForm, OtherPassForm, TestPassForm
from finance.models import GatePass
from service.models import Visit

# What goes out


class GatePassOut(Out):
    """The gate pass of a car; `plate` is what is on the car, of a car without a plate its VIN."""

    vehicle = NameOut(source="visit.vehicle", allow_null=True)
    vehicle_title = serializers.CharField(source="title")
    plate = serializers.CharField(source="worn")
    driver = serializers.CharField()
    state = serializers.ChoiceField(choices=GatePass.State.choices)

    class Meta:
        model = GatePass
        fields = [
            "id",
            "number",
            "kind",
            "state",
            "store",
            "visit",
            "vehicle",
            "vehicle_title",
            "plate",
            "driver",
            "reason",
            "issued_at",
            "used_at",
            "expected_at",
            "back_at",
            "cancelled_at",
        ]


# The doors


class VisitGateApi(HouseApi):
    """What the gate needs of a visit."""

    reads = "service.see_visits"
    queryset = Visit.objects.with_names()
    serializer_class = GatePassOut

    @verb("finance.issue_gate_pass", creates=True, status=201, out=GatePassOut)
    def gate_pass(self, request: Any, pk: int) -> Response:
        """Issue the gate pass: the car is handed over and the customer owes nothing more."""
        made = self.ask(actions.issue_gate_pass, self.get_object())
        return self.answer(GatePass.objects.with_names().get(pk=made.pk))

    @verb("finance.issue_test_pass", TestPassForm, creates=True, status=201, out=GatePassOut)
    def test_pass(self, request: Any, pk: int) -> Response:
        """Let the car out for a road test or to a sublet; the visit stays open."""
        made = self.ask(actions.issue_test_pass, self.get_object())
        return self.answer(GatePass.objects.with_names().get(pk=made.pk))


class GatePassApi(HouseApi):
    """Gate passes: the guard's list."""

    reads = "finance.see_gate_passes"
    queryset = GatePass.objects.with_names()
    serializer_class = GatePassOut
    filterset_class = GatePassFilter
    orderings = {"-issued_at": ("-issued_at", "-id"), "issued_at": ("issued_at", "id")}

    @verb("finance.issue_other_pass", OtherPassForm, creates=True, status=201)
    def create(self, request: Any) -> Response:
        """Let a car out that was not in for service: sold, or on its way to another place."""
        return self.act(actions.issue_other_pass)

    @verb("finance.let_out", LetOutForm)
    def let_out(self, request: Any, pk: int) -> Response:
        """Let the car out: the plate is compared, the pass is used up; after service the visit ends."""
        return self.act(actions.let_out, self.get_object())

    @verb("finance.note_back", NoteBackForm)
    def note_back(self, request: Any, pk: int) -> Response:
        """Note that the car is back from the road test or the sublet."""
        return self.act(actions.note_back, self.get_object())

    @verb("finance.see_gate_passes", CancelGatePassForm)
    def cancel(self, request: Any, pk: int) -> Response:
        """Take a pass back that was not used; open to whoever may issue such a pass."""
        return self.act(actions.cancel_gate_pass, self.get_object())
