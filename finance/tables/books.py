"""Lists of ledger entries, invoices and counts of the cash desk."""

from typing import Any

import django_tables2 as tables
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.lists import HouseTable
from core.templatetags.ui import badge, money, plate
from finance.models import CashCount, Invoice, LedgerEntry
from finance.tables.columns import MONEY, MoneyColumn, WhenColumn, linked


class LedgerTable(HouseTable):
    """Entries of the ledger."""

    at = WhenColumn(verbose_name=gettext_lazy("When"))
    document = tables.Column(verbose_name=gettext_lazy("Document"))
    account = tables.Column(verbose_name=gettext_lazy("Ledger account"))
    debit = MoneyColumn(verbose_name=gettext_lazy("Debit"))
    credit = MoneyColumn(verbose_name=gettext_lazy("Credit"))
    settlement_number = tables.Column(verbose_name=gettext_lazy("Settlement"))
    business_date = tables.DateColumn(verbose_name=gettext_lazy("Business date"), format="Y-m-d")
    store = tables.Column(verbose_name=gettext_lazy("Store"))

    class Meta:
        model = LedgerEntry
        fields = ["at", "document", "account", "debit", "credit", "settlement_number", "business_date", "store"]

    def render_document(self, value: str) -> Any:
        return format_html('<span class="app-num">{}</span>', value)

    def value_document(self, value: str) -> str:
        return value

    def render_debit(self, value: Any) -> str:
        return money(value) if value else ""

    def value_debit(self, value: Any) -> Any:
        return value

    def render_credit(self, value: Any) -> str:
        return money(value) if value else ""

    def value_credit(self, value: Any) -> Any:
        return value

    def render_settlement_number(self, value: str) -> Any:
        url = f"{reverse('settlements')}?tab=all&q={value}"
        return format_html('<a class="app-num" href="{}">{}</a>', url, value)

    def value_settlement_number(self, value: str) -> str:
        return value


INVOICE_TONES = {
    Invoice.Status.ASKED: "orange",
    Invoice.Status.ISSUED: "green",
    Invoice.Status.RED: "red",
    Invoice.Status.DROPPED: "secondary",
}


class InvoiceTable(HouseTable):
    """Invoices asked for, issued and reversed."""

    title = tables.Column(verbose_name=gettext_lazy("Title of the invoice"))
    tax_number = tables.Column(verbose_name=gettext_lazy("Tax number"))
    kind = tables.Column(verbose_name=gettext_lazy("Kind"))
    settlement = tables.Column(verbose_name=gettext_lazy("Settlement"))
    amount = MoneyColumn(verbose_name=gettext_lazy("Amount"))
    asked_at = WhenColumn(verbose_name=gettext_lazy("Asked"))
    number = tables.Column(verbose_name=gettext_lazy("Invoice number"))
    status = tables.Column(verbose_name=gettext_lazy("State"))

    class Meta:
        model = Invoice
        fields = ["title", "tax_number", "kind", "settlement", "amount", "asked_at", "number", "status"]

    def render_title(self, record: Invoice) -> Any:
        return linked(record.get_absolute_url(), record.title, record.email)

    def value_title(self, record: Invoice) -> str:
        return record.title

    def render_settlement(self, record: Invoice) -> Any:
        one = record.settlement
        car = plate(str(one.visit.vehicle))
        return format_html(
            '<a class="app-num" href="{}">{}</a><div class="text-secondary small app-num">{}</div>',
            one.get_absolute_url(),
            one,
            car,
        )

    def value_settlement(self, record: Invoice) -> str:
        return str(record.settlement)

    def render_status(self, record: Invoice) -> Any:
        return badge(*state_of_invoice(record))

    def value_status(self, record: Invoice) -> str:
        return state_of_invoice(record)[1]


def state_of_invoice(invoice: Invoice) -> tuple[str, str]:
    """Colour and word for where an invoice stands; one whose settlement was reversed is due in red."""
    if invoice.status == Invoice.Status.ISSUED and invoice.settlement.reversed_at:
        return "red", _("Red invoice due")
    return INVOICE_TONES[Invoice.Status(invoice.status)], str(invoice.get_status_display())


class CashCountTable(HouseTable):
    """Counts of the cash desk."""

    business_date = tables.Column(verbose_name=gettext_lazy("Business date"))
    cashier = tables.Column(verbose_name=gettext_lazy("Cashier"))
    number = tables.Column(verbose_name=gettext_lazy("Count of the day"), attrs=MONEY)
    counted = tables.Column(verbose_name=gettext_lazy("Counted"), accessor="counted_total", attrs=MONEY)
    difference = tables.Column(verbose_name=gettext_lazy("Difference"), attrs=MONEY)
    remark = tables.Column(verbose_name=gettext_lazy("Explanation"))
    confirmed_by = tables.Column(verbose_name=gettext_lazy("Confirmed by"), empty_values=())

    class Meta:
        model = CashCount
        fields = ["business_date", "cashier", "number", "counted", "difference", "remark", "confirmed_by"]

    def render_business_date(self, record: CashCount) -> Any:
        url = record.get_absolute_url()
        return format_html('<a class="fw-medium app-num" href="{}">{}</a>', url, f"{record.business_date:%Y-%m-%d}")

    def value_business_date(self, value: Any) -> Any:
        return value

    def render_counted(self, value: Any) -> str:
        return money(value)

    def value_counted(self, value: Any) -> Any:
        return value

    def render_difference(self, record: CashCount) -> Any:
        return format_html('<span class="{}">{}</span>', "text-red" if record.differs else "", money(record.difference))

    def value_difference(self, record: CashCount) -> Any:
        return record.difference

    def render_confirmed_by(self, value: Any) -> Any:
        return str(value) if value else badge("orange", _("To confirm"))

    def value_confirmed_by(self, value: Any) -> str:
        return str(value or "")
