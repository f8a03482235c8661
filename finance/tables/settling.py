"""Lists of settlements and of the discounts on them."""

from typing import Any

import django_tables2 as tables
from django.utils.html import format_html
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.lists import HouseTable
from core.templatetags.ui import badge, money, percent, plate, when
from finance.models import Settlement
from finance.tables.columns import DETAIL, MONEY, DocumentColumn, MoneyColumn, WhenColumn


class SettlementTable(HouseTable):
    """Settlement lists with what is paid, what is due and when."""

    number = DocumentColumn(verbose_name=gettext_lazy("Document number"))
    vehicle = tables.Column(verbose_name=gettext_lazy("Car"), accessor="visit__vehicle")
    payer = tables.Column(verbose_name=gettext_lazy("Payer"))
    settled_at = WhenColumn(verbose_name=gettext_lazy("Settled"))
    due_on = WhenColumn(verbose_name=gettext_lazy("Due on"))
    amount = MoneyColumn(verbose_name=gettext_lazy("Amount"))
    due = tables.Column(verbose_name=gettext_lazy("Still to pay"), attrs=MONEY)
    state = tables.Column(verbose_name=gettext_lazy("Status"), accessor="pk")

    class Meta:
        model = Settlement
        fields = ["number", "vehicle", "payer", "settled_at", "due_on", "amount", "due", "state"]

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

    def render_due_on(self, record: Settlement) -> Any:
        late = days_late(record)
        if not late:
            return when(record.due_on) if record.due > 0 and record.stands else "–"
        said = _("%(days)s days late") % {"days": late}
        return format_html(
            '<span class="app-num">{}</span><div class="small text-red app-num">{}</div>', when(record.due_on), said
        )

    def render_due(self, record: Settlement) -> str:
        return money(record.due if record.stands else 0)

    def value_due(self, record: Settlement) -> Any:
        return record.due if record.stands else 0

    def render_state(self, record: Settlement) -> Any:
        return badge(*state_of(record))

    def value_state(self, record: Settlement) -> str:
        return state_of(record)[1]


def days_late(settlement: Settlement) -> int:
    """How many days an open settlement is overdue; 0 when it is not."""
    if not settlement.stands or settlement.due <= 0:
        return 0
    return max((localdate() - settlement.due_on).days, 0)


def state_of(settlement: Settlement) -> tuple[str, str]:
    """Colour and word for where a settlement stands."""
    if settlement.reverses_id:
        return "secondary", _("Counter-entry")
    if settlement.reversed_at:
        return "secondary", _("Reversed")
    if settlement.due <= 0:
        return "green", _("Paid")
    if settlement.released_at:
        return "yellow", _("On credit")
    if settlement.refused_at:
        return "red", _("Payment refused")
    return ("orange", _("Partly paid")) if settlement.paid else ("red", _("To pay"))


class DiscountTable(HouseTable):
    """Who gave how much away, what it left of the margin, and who agreed to it (F-31)."""

    number = DocumentColumn(verbose_name=gettext_lazy("Document number"))
    customer = tables.Column(verbose_name=gettext_lazy("Customer"), accessor="pk")
    settled_at = WhenColumn(verbose_name=gettext_lazy("Settled"))
    settled_by = tables.Column(verbose_name=gettext_lazy("Given by"), accessor="settled_by", empty_values=())
    gross = MoneyColumn(verbose_name=gettext_lazy("Before discount"), attrs=DETAIL)
    discount = MoneyColumn(verbose_name=gettext_lazy("Discount"))
    rounding = MoneyColumn(verbose_name=gettext_lazy("Rounded down"), attrs=DETAIL)
    share = tables.Column(verbose_name=gettext_lazy("Percent"), accessor="pk", attrs=MONEY)
    margin = tables.Column(verbose_name=gettext_lazy("Margin after it"), accessor="pk", attrs=MONEY)
    approval = tables.Column(verbose_name=gettext_lazy("Agreed by"), accessor="pk")
    discount_reason = tables.Column(verbose_name=gettext_lazy("Reason"))

    class Meta:
        model = Settlement
        fields = [
            "number",
            "customer",
            "settled_at",
            "settled_by",
            "gross",
            "discount",
            "rounding",
            "share",
            "margin",
            "approval",
            "discount_reason",
        ]

    def render_customer(self, record: Settlement) -> Any:
        car = plate(record.visit.vehicle.plate) if record.visit.vehicle.plate else str(record.visit.vehicle)
        return format_html('{}<div class="text-secondary small app-num">{}</div>', record.payer_name, car)

    def value_customer(self, record: Settlement) -> str:
        return record.payer_name

    def render_settled_by(self, value: Any) -> str:
        return str(value or "–")

    def render_share(self, record: Settlement) -> str:
        return percent(self.value_share(record))

    def value_share(self, record: Settlement) -> Any:
        return (record.discount + record.rounding) / record.gross if record.gross else None

    def render_margin(self, record: Settlement) -> Any:
        if not getattr(record, "shows_cost", False):
            return "–"
        told = percent(record.margin / record.net) if record.net else ""
        css = "text-red" if record.margin < 0 else ""
        return format_html(
            '<span class="{}">{}</span><div class="text-secondary small">{}</div>', css, money(record.margin), told
        )

    def value_margin(self, record: Settlement) -> Any:
        return record.margin if getattr(record, "shows_cost", False) else None

    def render_approval(self, record: Settlement) -> Any:
        if record.approval is None:
            return format_html('<span class="text-secondary">{}</span>', _("within own authority"))
        return str(record.approval.decided_by or "–")

    def value_approval(self, record: Settlement) -> str:
        return str(record.approval.decided_by) if record.approval else ""
