"""REST door of settlements: what is settled, taken off, reversed, owed."""

from typing import Any

from django.db.models import Prefetch
from rest_framework import serializers
from rest_framework.response import Response

from core.api_desk import ApprovalOut
from core.documents import CostField, HouseApi, NameOut, Out, verb
from core.models import Approval
from finance import actions
from finance.api.invoices import InvoiceOut
from finance.api.paying import DepositOut, PaymentOut
from finance.filters import SettlementFilter
from finance.forms import (
    AskDiscountForm,
    AskInvoiceForm,
    AskWriteOffForm,
    DunForm,
    LetGoForm,
    PayForm,
    RefundForm,
    RefusePaymentForm,
    ReleaseForm,
    ReverseSettlementForm,
    SettleForm,
    VisitDepositForm,
    WriteOffForm,
)
from finance.models import Dunning, Invoice, Payment, Settlement, SettlementLine
from service.models import Visit

# What goes out


class SettlementLineOut(Out):
    """One line of a settlement list, as it was when it was settled; `amount` is after what was taken off."""

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
            "discount",
            "rounding",
            "amount",
            "vat_percent",
            "net",
            "cost",
        ]

    def store_of(self, line: SettlementLine) -> Any:
        """The store whose cost it is."""
        return line.settlement.store


class DunningOut(Out):
    """One reminder of what is due."""

    class Meta:
        model = Dunning
        fields = ["id", "level", "channel", "promised_on", "remark", "by_name", "at"]


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
            "customer",
            "payer_name",
            "gross",
            "discount",
            "rounding",
            "discount_reason",
            "amount",
            "net",
            "cost",
            "paid",
            "due",
            "due_on",
            "refused_at",
            "refusal_reason",
            "released_at",
            "release_reason",
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
    """A settlement list with its lines, payments and reminders."""

    lines = SettlementLineOut(many=True)
    payments = PaymentOut(many=True)
    dunnings = DunningOut(many=True)

    class Meta(SettlementOut.Meta):
        fields = [*SettlementOut.Meta.fields, "lines", "payments", "dunnings"]


class SettledVisitOut(Out):
    """A visit that was just settled, with a settlement list for each payer."""

    settlements = SettlementRowOut(many=True)

    class Meta:
        model = Visit
        fields = ["id", "settled_at", "cleared_at", "settlements", "version"]


# The doors

_WHOLE = Settlement.objects.with_names().prefetch_related("lines__settlement__store", "payments", "dunnings")


class VisitMoneyApi(HouseApi):
    """What finance does with a visit."""

    reads = "service.see_visits"
    queryset = Visit.objects.with_names()
    serializer_class = SettledVisitOut

    @verb("finance.settle", SettleForm, creates=True, status=201)
    def settle(self, request: Any, pk: int) -> Response:
        """Settle a visit: one settlement list for each payer, less what is taken off the customer's."""
        visit = self.ask(actions.settle, self.get_object())
        made = Prefetch("settlements", _WHOLE.standing().order_by("pk"))
        return self.answer(self.get_queryset().prefetch_related(made).get(pk=visit.pk))

    @verb("finance.discount", AskDiscountForm, creates=True, status=201, out=ApprovalOut)
    def ask_discount(self, request: Any, pk: int) -> Response:
        """Ask a manager for a discount that is beyond one's own authority."""
        made = self.ask(actions.ask_discount, self.get_object())
        return self.answer(Approval.objects.with_names().get(pk=made.pk))

    @verb("finance.take_deposit", VisitDepositForm, creates=True, status=201, out=DepositOut)
    def take_deposit(self, request: Any, pk: int) -> Response:
        """Take a deposit for the work of a visit."""
        return self.answer(self.ask(actions.take_visit_deposit, self.get_object()))


class SettlementApi(HouseApi):
    """Settlement lists and what is still to pay on them."""

    reads = "finance.see_settlements"
    queryset = Settlement.objects.with_names()
    serializer_class = SettlementOut
    row_serializer_class = SettlementRowOut
    filterset_class = SettlementFilter
    orderings = {
        "-settled_at": ("-settled_at", "-id"),
        "settled_at": ("settled_at", "id"),
        "due_on": ("due_on", "id"),
        "-due_on": ("-due_on", "-id"),
    }

    def get_queryset(self) -> Any:
        rows = super().get_queryset()
        if self.action == "list":
            return rows
        return rows.prefetch_related("lines__settlement__store", "payments", "dunnings")

    @verb("finance.pay", PayForm, creates=True)
    def pay(self, request: Any, pk: int) -> Response:
        """Take money for a settlement, by one means or several."""
        return self.act(actions.pay, self.get_object())

    @verb("finance.reverse_settlement", ReverseSettlementForm, creates=True)
    def reverse(self, request: Any, pk: int) -> Response:
        """Reverse a settlement by a counter-entry, with what was paid where that is wanted."""
        return self.act(actions.reverse_settlement, self.get_object())

    @verb("finance.refuse_payment", RefusePaymentForm, creates=True)
    def refuse_payment(self, request: Any, pk: int) -> Response:
        """The customer refuses to pay: a manager decides what becomes of it."""
        return self.act(actions.refuse_payment, self.get_object())

    @verb("finance.release", ReleaseForm)
    def release(self, request: Any, pk: int) -> Response:
        """Let the car go on credit, within one's own authority."""
        return self.act(actions.release, self.get_object())

    @verb("finance.refuse_payment", LetGoForm)
    def let_go(self, request: Any, pk: int) -> Response:
        """Let the car go on the credit that a manager granted."""
        return self.act(actions.let_go, self.get_object())

    @verb("finance.write_off", WriteOffForm, creates=True)
    def write_off(self, request: Any, pk: int) -> Response:
        """Write a claim off, all of it or a part."""
        return self.act(actions.write_off, self.get_object())

    @verb("finance.write_off", AskWriteOffForm, creates=True, status=201, out=ApprovalOut)
    def ask_write_off(self, request: Any, pk: int) -> Response:
        """Ask for a write-off that is beyond one's own authority."""
        made = self.ask(actions.ask_write_off, self.get_object())
        return self.answer(Approval.objects.with_names().get(pk=made.pk))

    @verb("finance.dun", DunForm, creates=True)
    def dun(self, request: Any, pk: int) -> Response:
        """Remind a payer of what is due, and note what they promised."""
        return self.act(actions.dun, self.get_object())

    @verb("finance.ask_invoice", AskInvoiceForm, creates=True, status=201, out=InvoiceOut)
    def ask_invoice(self, request: Any, pk: int) -> Response:
        """Ask for the invoice of a settlement."""
        made = self.ask(actions.ask_invoice, self.get_object())
        return self.answer(Invoice.objects.with_names().get(pk=made.pk))


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
