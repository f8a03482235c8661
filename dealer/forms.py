"""What is asked of a dashboard and of a monthly report."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from core.forms import HouseForm
from core.forms.ranges import MonthInput, presets, span_before
from core.forms.ranges import RangeForm as AnyRangeForm
from core.models import Store

__all__ = ["BuildReportForm", "RangeForm", "presets", "span_before"]


class BuildReportForm(HouseForm):
    """A new version of a month's report, and why."""

    store = forms.ModelChoiceField(Store.objects.none(), label=gettext_lazy("Store"))
    month = forms.DateField(label=gettext_lazy("Month"), input_formats=["%Y-%m", "%Y-%m-%d"], widget=MonthInput)
    reason = forms.CharField(label=gettext_lazy("Why it is built again"), max_length=400)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["store"].queryset = Store.objects.for_verb(self.by, "dealer.build_report")  # type: ignore[attr-defined]


class RangeForm(AnyRangeForm):
    """The days and the store a dashboard looks at."""

    VERB = "dealer.see_dashboard"
