"""REST door of the books: ledger entries and counts of the cash desk."""

from typing import Any

from rest_framework import serializers
from rest_framework.response import Response

from core.documents import HouseApi, NameOut, Out, verb
from finance import actions
from finance.filters import CashCountFilter, LedgerFilter
from finance.forms import CountCashForm
from finance.models import CashCount, LedgerEntry

# What goes out


class LedgerEntryOut(Out):
    """One side of a posting; the entries of a posting balance."""

    class Meta:
        model = LedgerEntry
        fields = [
            "id",
            "store",
            "business_date",
            "at",
            "posting",
            "account",
            "debit",
            "credit",
            "document",
            "settlement_number",
            "payer",
            "party_id",
            "customer_id",
        ]


class CashCountOut(Out):
    """A count of the cash desk: expected and counted by means, the difference, who confirmed it."""

    cashier = NameOut()
    confirmed_by = NameOut(allow_null=True)
    expected = serializers.DictField(child=serializers.CharField())
    counted = serializers.DictField(child=serializers.CharField())

    class Meta:
        model = CashCount
        fields = [
            "id",
            "store",
            "business_date",
            "cashier",
            "number",
            "expected",
            "counted",
            "difference",
            "remark",
            "counted_at",
            "confirmed_by",
            "confirmed_at",
        ]


# The doors


class LedgerApi(HouseApi):
    """The ledger; it is only ever added to."""

    reads = "finance.see_ledger"
    queryset = LedgerEntry.objects.all()
    serializer_class = LedgerEntryOut
    filterset_class = LedgerFilter
    orderings = {"-at": ("-at", "-id"), "at": ("at", "id")}


class CashCountApi(HouseApi):
    """Counts of the cash desk."""

    reads = "finance.see_settlements"
    queryset = CashCount.objects.select_related("store", "cashier", "confirmed_by")
    serializer_class = CashCountOut
    filterset_class = CashCountFilter
    orderings = {"-business_date": ("-business_date", "-id"), "business_date": ("business_date", "id")}

    @verb("finance.count_cash", CountCashForm, creates=True, status=201)
    def create(self, request: Any) -> Response:
        """Count what one took on a day, means by means."""
        return self.act(actions.count_cash)

    @verb("finance.confirm_cash_count")
    def confirm(self, request: Any, pk: int) -> Response:
        """Confirm a count as the second person."""
        return self.act(actions.confirm_cash_count, self.get_object())
