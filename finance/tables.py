"""List tables of the finance room."""

from typing import Any

import django_tables2 as tables
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.lists import HouseTable
from core.templatetags.ui import badge, money, plate, when
from finance.models import GatePass, Settlement

MONEY = {"cell": {"class": "text-end app-num"}}


class SettlementTable(HouseTable):
    """Settlement lists with what is paid and what is due."""

    number = tables.Column(verbose_name=gettext_lazy("Document number"), empty_values=())
    vehicle = tables.Column(verbose_name=gettext_lazy("Car"), accessor="visit__vehicle")
    payer = tables.Column(verbose_name=gettext_lazy("Payer"))
    settled_at = tables.Column(verbose_name=gettext_lazy("Settled"))
    amount = tables.Column(verbose_name=gettext_lazy("Amount"), attrs=MONEY)
    due = tables.Column(verbose_name=gettext_lazy("Still to pay"), attrs=MONEY)
    state = tables.Column(verbose_name=gettext_lazy("Status"), accessor="pk")

    class Meta:
        model = Settlement
        fields = ["number", "vehicle", "payer", "settled_at", "amount", "due", "state"]

    def render_number(self, record: Settlement) -> Any:
        return format_html('<a class="fw-medium app-num" href="{}">{}</a>', record.get_absolute_url(), str(record))

    def value_number(self, record: Settlement) -> str:
        return str(record)

    def render_vehicle(self, record: Settlement) -> str:
        vehicle = record.visit.vehicle
        return plate(vehicle.plate) if vehicle.plate else str(vehicle)

    def value_vehicle(self, record: Settlement) -> str:
        return plate(str(record.visit.vehicle))

    def render_payer(self, record: Settlement) -> Any:
        kind = record.get_payer_display()
        return format_html('{}<div class="text-secondary small">{}</div>', record.payer_name, kind)

    def value_payer(self, record: Settlement) -> str:
        return record.payer_name

    def render_settled_at(self, value: Any) -> Any:
        return format_html('<span class="app-num">{}</span>', when(value))

    def value_settled_at(self, value: Any) -> Any:
        return value

    def render_amount(self, value: Any) -> str:
        return money(value)

    def value_amount(self, value: Any) -> Any:
        return value

    def render_due(self, record: Settlement) -> str:
        return money(0 if record.reversed_at or record.reverses_id else record.due)

    def value_due(self, value: Any) -> Any:
        return value

    def render_state(self, record: Settlement) -> Any:
        return badge(*state_of(record))

    def value_state(self, record: Settlement) -> str:
        return state_of(record)[1]


def state_of(settlement: Settlement) -> tuple[str, str]:
    """Colour and word for where a settlement stands."""
    if settlement.reverses_id:
        return "secondary", _("Counter-entry")
    if settlement.reversed_at:
        return "secondary", _("Reversed")
    if settlement.due <= 0:
        return "green", _("Paid")
    return ("orange", _("Partly paid")) if settlement.paid else ("red", _("To pay"))


class GatePassTable(HouseTable):
    """Gate passes for the guard."""

    vehicle = tables.Column(verbose_name=gettext_lazy("Car"), accessor="visit__vehicle")
    number = tables.Column(verbose_name=gettext_lazy("Document number"))
    issued_at = tables.Column(verbose_name=gettext_lazy("Issued"))
    used_at = tables.Column(verbose_name=gettext_lazy("Left at"), empty_values=())

    class Meta:
        model = GatePass
        fields = ["vehicle", "number", "issued_at", "used_at"]

    def render_vehicle(self, record: GatePass) -> Any:
        vehicle = record.visit.vehicle
        name = plate(vehicle.plate) if vehicle.plate else str(vehicle)
        url = record.get_absolute_url()
        return format_html(
            '<a class="h3 m-0 app-num" href="{}">{}</a><div class="text-secondary">{}</div>', url, name, vehicle.title
        )

    def value_vehicle(self, record: GatePass) -> str:
        return plate(str(record.visit.vehicle))

    def render_number(self, value: Any) -> Any:
        return format_html('<span class="app-num">{}</span>', value)

    def value_number(self, value: Any) -> Any:
        return value

    def render_issued_at(self, value: Any) -> Any:
        return format_html('<span class="app-num">{}</span>', when(value))

    def value_issued_at(self, value: Any) -> Any:
        return value

    def render_used_at(self, record: GatePass) -> Any:
        if record.cancelled_at:
            return badge("secondary", _("Cancelled"))
        return when(record.used_at) if record.used_at else badge("green", _("May leave"))

    def value_used_at(self, record: GatePass) -> Any:
        return record.used_at
