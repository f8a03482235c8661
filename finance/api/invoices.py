"""REST door of invoices."""

from typing import Any

from rest_framework.response import Response

from core.documents import HouseApi, Out, verb
from finance import actions
from finance.filters import InvoiceFilter
from finance.forms import DropInvoiceForm, IssueInvoiceForm, ReverseInvoiceForm
from finance.models import Invoice

# What goes out


class InvoiceOut(Out):
    """The invoice of a settlement, and where it stands."""

    class Meta:
        model = Invoice
        fields = [
            "id",
            "store",
            "settlement",
            "kind",
            "title",
            "tax_number",
            "email",
            "amount",
            "net",
            "status",
            "asked_at",
            "number",
            "issued_on",
            "red_number",
            "red_on",
            "reason",
        ]


# The doors


class InvoiceApi(HouseApi):
    """Invoices asked for, issued, reversed."""

    reads = "finance.see_invoices"
    queryset = Invoice.objects.with_names()
    serializer_class = InvoiceOut
    filterset_class = InvoiceFilter
    orderings = {"-asked_at": ("-asked_at", "-id"), "asked_at": ("asked_at", "id")}

    @verb("finance.issue_invoice", IssueInvoiceForm)
    def issue(self, request: Any, pk: int) -> Response:
        """Note the invoice as the tax system issued it."""
        return self.act(actions.issue_invoice, self.get_object())

    @verb("finance.reverse_invoice", ReverseInvoiceForm)
    def reverse(self, request: Any, pk: int) -> Response:
        """Note the red invoice that takes an issued one back."""
        return self.act(actions.reverse_invoice, self.get_object())

    @verb("finance.ask_invoice", DropInvoiceForm)
    def drop(self, request: Any, pk: int) -> Response:
        """The invoice is not wanted after all."""
        return self.act(actions.drop_invoice, self.get_object())
