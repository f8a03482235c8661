"""Lists of receivables, of credit accounts and of deposits."""

from typing import Any

import django_tables2 as tables
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.lists import HouseTable
from core.templatetags.ui import badge, money, plate, when
from finance.models import CreditAgreement, Deposit
from finance.tables.columns import MONEY, DocumentColumn, MoneyColumn, WhenColumn, linked
from service.models import Party


class AgeColumn(MoneyColumn):
    """What is owed for so long; nothing stays empty, so that what matters stands out."""

    def render(self, value: Any) -> str:
        return money(value) if value else ""


class ReceivableTable(HouseTable):
    """What each payer owes, by how long it is overdue; its rows are sums and no documents."""

    name = tables.Column(verbose_name=gettext_lazy("Payer"), attrs={"cell": {"class": "text-nowrap"}})
    count = tables.Column(verbose_name=gettext_lazy("Settlements"), attrs=MONEY)
    total = tables.Column(verbose_name=gettext_lazy("Owed"), attrs=MONEY)
    not_due = AgeColumn(verbose_name=gettext_lazy("Not due yet"))
    upto_30 = AgeColumn(verbose_name=gettext_lazy("0–30 days"))
    upto_60 = AgeColumn(verbose_name=gettext_lazy("31–60 days"))
    upto_90 = AgeColumn(verbose_name=gettext_lazy("61–90 days"))
    beyond = AgeColumn(verbose_name=gettext_lazy("> 90 days"))
    oldest = WhenColumn(verbose_name=gettext_lazy("Oldest due"))

    class Meta:
        fields = ["name", "count", "total", "not_due", "upto_30", "upto_60", "upto_90", "beyond", "oldest"]

    def render_name(self, record: dict[str, Any]) -> Any:
        return linked(record["url"], record["name"], Party.Kind(record["payer"]).label)

    def value_name(self, record: dict[str, Any]) -> str:
        return str(record["name"])

    def render_total(self, value: Any) -> Any:
        return format_html('<span class="fw-medium">{}</span>', money(value))

    def value_total(self, value: Any) -> Any:
        return value


class AgreementTable(HouseTable):
    """Credit accounts with what is owed and what is free."""

    number = DocumentColumn(verbose_name=gettext_lazy("Agreement"))
    customer = tables.Column(verbose_name=gettext_lazy("Customer"))
    limit = MoneyColumn(verbose_name=gettext_lazy("Limit"))
    balance = MoneyColumn(verbose_name=gettext_lazy("Owed"))
    free = MoneyColumn(verbose_name=gettext_lazy("Free"))
    terms_days = tables.Column(verbose_name=gettext_lazy("Days to pay"), attrs=MONEY)
    until = tables.Column(verbose_name=gettext_lazy("Until"), empty_values=())
    state = tables.Column(verbose_name=gettext_lazy("Status"), accessor="pk")

    class Meta:
        model = CreditAgreement
        fields = ["number", "customer", "limit", "balance", "free", "terms_days", "until", "state"]

    def render_number(self, record: CreditAgreement) -> Any:
        return format_html('<a class="fw-medium app-num" href="{}">{}</a>', record.get_absolute_url(), record.number)

    def value_number(self, record: CreditAgreement) -> str:
        return record.number

    def render_until(self, value: Any) -> str:
        return when(value) if value else "–"

    def value_until(self, value: Any) -> Any:
        return value

    def render_state(self, record: CreditAgreement) -> Any:
        return badge(*state_of_agreement(record))

    def value_state(self, record: CreditAgreement) -> str:
        return state_of_agreement(record)[1]


def state_of_agreement(agreement: CreditAgreement) -> tuple[str, str]:
    """Colour and word for whether something may be put on the account."""
    if agreement.ended_at:
        return "secondary", _("Ended")
    if agreement.free <= 0:
        return "red", _("Limit reached")
    return "green", _("In force")


class DepositTable(HouseTable):
    """Deposits and what is left of them."""

    number = DocumentColumn(verbose_name=gettext_lazy("Document number"))
    customer = tables.Column(verbose_name=gettext_lazy("Customer"))
    vehicle = tables.Column(verbose_name=gettext_lazy("Car"), accessor="pk")
    at = WhenColumn(verbose_name=gettext_lazy("Taken"))
    method = tables.Column(verbose_name=gettext_lazy("Method"))
    amount = MoneyColumn(verbose_name=gettext_lazy("Amount"))
    rest = MoneyColumn(verbose_name=gettext_lazy("Remaining"))
    reason = tables.Column(verbose_name=gettext_lazy("What for"))

    class Meta:
        model = Deposit
        fields = ["number", "customer", "vehicle", "at", "method", "amount", "rest", "reason"]

    def render_vehicle(self, record: Deposit) -> Any:
        if record.visit is None:
            return "–"
        url = reverse("visit", args=[record.visit_id])
        return format_html('<a class="app-num" href="{}">{}</a>', url, plate(str(record.visit)))

    def value_vehicle(self, record: Deposit) -> str:
        return plate(str(record.visit)) if record.visit else ""

    def render_method(self, record: Deposit) -> str:
        return record.get_method_display()

    def render_rest(self, record: Deposit) -> str:
        return money(None if record.returns_id else record.rest)

    def value_rest(self, record: Deposit) -> Any:
        return None if record.returns_id else record.rest
