"""List tables of the roof."""

from typing import Any

import django_tables2 as tables
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.lists import HouseTable
from core.templatetags.ui import badge, when
from dealer.models import MonthlyReport


def state_of(report: MonthlyReport) -> tuple[str, str]:
    """Colour and word for where a report stands."""
    if report.frozen_at:
        return "green", _("Frozen")
    if report.failed_at:
        return "red", _("Could not be built")
    return ("blue", _("Being built")) if report.claimed_until else ("orange", _("Waits to be built"))


class ReportTable(HouseTable):
    """Monthly reports, the newest month first."""

    month = tables.Column(verbose_name=gettext_lazy("Month"))
    store = tables.Column(verbose_name=gettext_lazy("Store"))
    state = tables.Column(verbose_name=gettext_lazy("State"), empty_values=())
    report_version = tables.Column(verbose_name=gettext_lazy("Version"))
    frozen_at = tables.Column(verbose_name=gettext_lazy("Frozen"))
    reason = tables.Column(verbose_name=gettext_lazy("Why it was built again"))

    class Meta:
        model = MonthlyReport
        fields = ["month", "store", "state", "report_version", "frozen_at", "reason"]

    def render_month(self, record: MonthlyReport) -> Any:
        return format_html('<a class="app-num" href="{}">{}</a>', record.get_absolute_url(), f"{record.month:%Y-%m}")

    def value_month(self, record: MonthlyReport) -> str:
        return f"{record.month:%Y-%m}"

    def render_state(self, record: MonthlyReport) -> Any:
        return badge(*state_of(record))

    def value_state(self, record: MonthlyReport) -> str:
        return state_of(record)[1]

    def render_frozen_at(self, value: Any) -> Any:
        return format_html('<span class="app-num">{}</span>', when(value))

    def value_frozen_at(self, value: Any) -> Any:
        return value
