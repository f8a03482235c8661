"""Filters of the list of monthly reports, one class for both doors."""

from typing import Any

import django_filters as filters
from django.utils.translation import gettext_lazy as _

from core.filters import StoreFilter, YesFilter
from core.forms.ranges import MonthInput
from dealer.models import MonthlyReport


class ReportFilter(filters.FilterSet):
    """Monthly reports by store and month; by itself the newest version of each."""

    month = filters.DateFilter(
        label=_("Month"), input_formats=["%Y-%m", "%Y-%m-%d"], widget=MonthInput(), method="by_month"
    )
    store = StoreFilter()
    latest = YesFilter(label=_("Newest version only"), method="by_version")

    class Meta:
        model = MonthlyReport
        fields: list[str] = []

    def by_month(self, rows: Any, _name: str, month: Any) -> Any:
        """A month, whichever day of it is named."""
        return rows.filter(month=month.replace(day=1))

    def by_version(self, rows: Any, _name: str, latest: bool) -> Any:
        """Only the newest version of each store and month, or only what a newer one has replaced."""
        newest = MonthlyReport.objects.newest().values("pk")
        return rows.filter(pk__in=newest) if latest else rows.exclude(pk__in=newest)
