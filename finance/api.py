"""REST door of settlements, payments and gate passes."""

from typing import Any

from django.db.models import Prefetch
from rest_framework import serializers
from rest_framework.response import Response

from core.documents import CostField, HouseApi, NameOut, Out, verb
from finance import actions
from finance.filters import GatePassFilter, SettlementFilter
from finance.forms import LetOutForm, PayForm, RefundForm, ReverseSettlementForm
from finance.models import GatePass, Payment, Settlement, SettlementLine
from service.models import Visit

# What goes out


class SettlementLineOut(Out):
    """One line of a settlement list, as it was when it was settled."""

    cost = CostField()

    class Meta:
        model = SettlementLine
        fields = [
            "id",
            "line_id",
            "order_id",
            "kind",
            "reason",
            "code",
            "name",
            "quantity",
            "unit",
            "price",
            "amount",
            "net",
            "cost",
        ]

    def store_of(self, line: SettlementLine) -> Any:
        """The store whose cost it is."""
        return line.settlement.store


class PaymentOut(Out):
    """Money in, or out again as a counter-entry."""

    class Meta:
        model = Payment
        fields = ["id", "settlement", "number", "method", "amount", "at", "business_date", "refunds_number", "reason"]


class SettlementOut(Out):
    """The settlement list of one payer of one visit."""

    vehicle = NameOut(source="visit.vehicle")
    vehicle_title = serializers.CharField(source="visit.vehicle.title")
    payer_name = serializers.CharField()
    due = serializers.DecimalField(max_digits=12, decimal_places=2)
    cost = CostField()

    class Meta:
        model = Settlement
        fields = [
            "id",
            "number",
            "store",
            "visit",
            "vehicle",
            "vehicle_title",
            "payer",
            "party",
            "payer_name",
            "amount",
            "net",
            "cost",
            "paid",
            "due",
            "settled_at",
            "settled_on",
            "reverses",
            "reversed_at",
            "reason",
        ]

    def store_of(self, settlement: Settlement) -> Any:
        """The store whose cost it is."""
        return settlement.store


class SettlementRowOut(SettlementOut):
    """A settlement list with its lines and payments."""

    lines = SettlementLineOut(many=True)
    payments = PaymentOut(many=True)

    class Meta(SettlementOut.Meta):
        fields = [*SettlementOut.Meta.fields, "lines", "payments"]


class SettledVisitOut(Out):
    """A visit that was just settled, with a settlement list for each payer."""

    settlements = SettlementRowOut(many=True)

    class Meta:
        model = Visit
        fields = ["id", "settled_at", "settlements", "version"]


class GatePassOut(Out):
    """The gate pass of a car."""

    vehicle = NameOut(source="visit.vehicle")
    vehicle_title = serializers.CharField(source="visit.vehicle.title")

    class Meta:
        model = GatePass
        fields = ["id", "number", "store", "visit", "vehicle", "vehicle_title", "issued_at", "used_at", "cancelled_at"]


# The doors

_WHOLE = Settlement.objects.with_names().prefetch_related("lines__settlement__store", "payments")


class VisitMoneyApi(HouseApi):
    """What finance does with a visit."""

    reads = "service.see_visits"
    queryset = Visit.objects.with_names()
    serializer_class = SettledVisitOut

    @verb("finance.settle", creates=True, status=201)
    def settle(self, request: Any, pk: int) -> Response:
        """Settle a visit: one settlement list for each payer."""
        visit = self.ask(actions.settle, self.get_object())
        made = Prefetch("settlements", _WHOLE.standing().order_by("pk"))
        return self.answer(self.get_queryset().prefetch_related(made).get(pk=visit.pk))

    @verb("finance.issue_gate_pass", creates=True, status=201, out=GatePassOut)
    def gate_pass(self, request: Any, pk: int) -> Response:
        """Issue the gate pass: the car is handed over and the customer owes nothing more."""
        made = self.ask(actions.issue_gate_pass, self.get_object())
        return self.answer(GatePass.objects.with_names().get(pk=made.pk))


class SettlementApi(HouseApi):
    """Settlement lists and what is still to pay on them."""

    reads = "finance.see_settlements"
    queryset = Settlement.objects.with_names()
    serializer_class = SettlementOut
    row_serializer_class = SettlementRowOut
    filterset_class = SettlementFilter
    orderings = {"-settled_at": ("-settled_at", "-id"), "settled_at": ("settled_at", "id")}

    def get_queryset(self) -> Any:
        rows = super().get_queryset()
        return rows if self.action == "list" else rows.prefetch_related("lines__settlement__store", "payments")

    @verb("finance.pay", PayForm, creates=True)
    def pay(self, request: Any, pk: int) -> Response:
        """Take money for a settlement: all of it or a part."""
        return self.act(actions.pay, self.get_object())

    @verb("finance.reverse_settlement", ReverseSettlementForm, creates=True)
    def reverse(self, request: Any, pk: int) -> Response:
        """Reverse a settlement by a counter-entry."""
        return self.act(actions.reverse_settlement, self.get_object())


class PaymentApi(HouseApi):
    """Money that was taken."""

    reads = "finance.see_settlements"
    queryset = Payment.objects.select_related("settlement__visit")
    serializer_class = PaymentOut

    @verb("finance.refund", RefundForm, creates=True, out=SettlementRowOut)
    def refund(self, request: Any, pk: int) -> Response:
        """Give a payment back by a counter-entry; answers with its settlement."""
        settlement = self.ask(actions.refund, self.get_object())
        return self.answer(_WHOLE.get(pk=settlement.pk))


class GatePassApi(HouseApi):
    """Gate passes: the guard's list."""

    reads = "finance.see_gate_passes"
    queryset = GatePass.objects.with_names()
    serializer_class = GatePassOut
    filterset_class = GatePassFilter
    orderings = {"-issued_at": ("-issued_at", "-id"), "issued_at": ("issued_at", "id")}

    @verb("finance.let_out", LetOutForm)
    def let_out(self, request: Any, pk: int) -> Response:
        """Let the car out: the plate is compared, the pass is used up, the visit ends."""
        return self.act(actions.let_out, self.get_object())
