"""REST door of money in and out: payments, deposits, credit accounts, one payment of a party for many settlements."""

from typing import Any

from rest_framework import serializers
from rest_framework.response import Response

from core.documents import HouseApi, NameOut, Out, verb
from customers.models import Customer
from finance import actions
from finance.filters import AgreementFilter, DepositFilter
from finance.forms import (
    AddAgreementForm,
    EditAgreementForm,
    EndAgreementForm,
    PayAccountForm,
    ReceiveFromPartyForm,
    RefundForm,
    ReturnDepositForm,
    TakeDepositForm,
)
from finance.models import AccountReceipt, CreditAgreement, Deposit, Payment
from service.models import Party

# What goes out


class PaymentOut(Out):
    """Money in, or out again as a counter-entry."""

    class Meta:
        model = Payment
        fields = [
            "id",
            "settlement",
            "number",
            "method",
            "amount",
            "deposit",
            "agreement",
            "taken_by",
            "reference",
            "at",
            "business_date",
            "refunds_number",
            "reason",
        ]


class DepositOut(Out):
    """A deposit and what is left of it, or its counter-entry."""

    rest = serializers.DecimalField(max_digits=12, decimal_places=2)

    class Meta:
        model = Deposit
        fields = [
            "id",
            "store",
            "customer",
            "visit",
            "number",
            "method",
            "amount",
            "used",
            "returned",
            "rest",
            "returns",
            "reason",
            "reference",
            "taken_by",
            "at",
            "business_date",
        ]


class AccountReceiptOut(Out):
    """Money with which a credit account was paid off, or out again as a counter-entry."""

    class Meta:
        model = AccountReceipt
        fields = ["id", "store", "number", "method", "amount", "reference", "at", "business_date", "returns", "reason"]


class AgreementOut(Out):
    """A credit account with what is owed and what is free."""

    customer = NameOut()
    free = serializers.DecimalField(max_digits=12, decimal_places=2)

    class Meta:
        model = CreditAgreement
        fields = [
            "id",
            "company",
            "customer",
            "number",
            "limit",
            "terms_days",
            "since",
            "until",
            "balance",
            "free",
            "ended_at",
            "version",
        ]


class AgreementRowOut(AgreementOut):
    """A credit account with its receipts."""

    receipts = AccountReceiptOut(many=True)

    class Meta(AgreementOut.Meta):
        fields = [*AgreementOut.Meta.fields, "receipts"]


class PaidPartyOut(serializers.Serializer):
    """The settlements that one payment was for, as they are now."""

    settlements = serializers.ListField(child=serializers.IntegerField())


# The doors


class PartyMoneyApi(HouseApi):
    """What insurers, manufacturers and others pay."""

    reads = "service.see_orders"
    queryset = Party.objects.all()
    serializer_class = PaidPartyOut

    @verb("finance.pay", ReceiveFromPartyForm, creates=True, out=PaidPartyOut)
    def receive(self, request: Any, pk: int) -> Response:
        """One payment for several settlements."""
        paid = self.ask(actions.receive_from_party, self.get_object())
        return self.answer({"settlements": [one.pk for one in paid]})


class CustomerMoneyApi(HouseApi):
    """What a customer leaves with the store."""

    reads = "customers.see_customers"
    queryset = Customer.objects.all()
    serializer_class = DepositOut

    @verb("finance.take_deposit", TakeDepositForm, creates=True, status=201, out=DepositOut)
    def take_deposit(self, request: Any, pk: int) -> Response:
        """Take a deposit of a customer before there is a visit."""
        return self.answer(self.ask(actions.take_deposit, self.get_object()))


class DepositApi(HouseApi):
    """Deposits and what is left of them."""

    reads = "finance.see_settlements"
    queryset = Deposit.objects.with_names()
    serializer_class = DepositOut
    filterset_class = DepositFilter
    orderings = {"-at": ("-at", "-id"), "at": ("at", "id")}

    @verb("finance.return_deposit", ReturnDepositForm, creates=True)
    def return_deposit(self, request: Any, pk: int) -> Response:
        """Give back what is left of a deposit, or a part of it."""
        return self.act(actions.return_deposit, self.get_object())


class AgreementApi(HouseApi):
    """Credit accounts."""

    reads = "finance.see_agreements"
    queryset = CreditAgreement.objects.with_names()
    serializer_class = AgreementOut
    row_serializer_class = AgreementRowOut
    filterset_class = AgreementFilter

    def get_queryset(self) -> Any:
        rows = super().get_queryset()
        return rows if self.action == "list" else rows.prefetch_related("receipts")

    @verb("finance.keep_agreements", AddAgreementForm, creates=True, status=201)
    def create(self, request: Any) -> Response:
        """Agree with a customer that they pay later."""
        return self.act(actions.add_agreement)

    @verb("finance.keep_agreements", EditAgreementForm, edits=True)
    def update(self, request: Any, pk: int) -> Response:
        """Change an agreement; every field is sent."""
        return self.act(actions.edit_agreement, self.get_object())

    @verb("finance.keep_agreements", EditAgreementForm, edits=True)
    def partial_update(self, request: Any, pk: int) -> Response:
        """Change some fields of an agreement."""
        row = self.get_object()
        return self.act(actions.edit_agreement, row, known=EditAgreementForm.known(row))

    @verb("finance.keep_agreements", EndAgreementForm)
    def end(self, request: Any, pk: int) -> Response:
        """End an agreement; what is owed is still to be paid."""
        return self.act(actions.end_agreement, self.get_object())

    @verb("finance.pay_account", PayAccountForm, creates=True)
    def pay(self, request: Any, pk: int) -> Response:
        """Take money with which a customer pays off the credit account."""
        return self.act(actions.pay_account, self.get_object())


class AccountReceiptApi(HouseApi):
    """Receipts of credit accounts."""

    reads = "finance.see_agreements"
    queryset = AccountReceipt.objects.select_related("store", "agreement__customer")
    serializer_class = AccountReceiptOut

    @verb("finance.refund", RefundForm, creates=True, out=AgreementOut)
    def return_receipt(self, request: Any, pk: int) -> Response:
        """Give a receipt back by a counter-entry; answers with its agreement."""
        agreement = self.ask(actions.return_receipt, self.get_object())
        return self.answer(CreditAgreement.objects.with_names().get(pk=agreement.pk))
