"""The days and the store that a page of figures looks at."""

from datetime import date, timedelta
from typing import Any, ClassVar

from django import forms
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.forms.manners import HouseForm
from core.models import Store


class MonthInput(forms.DateInput):
    """A month, chosen or typed as 2026-10."""

    input_type = "month"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({"placeholder": "2026-10", **(attrs or {})}, format="%Y-%m")


class RangeForm(HouseForm):
    """The days and the store a page looks at. Without an answer: this month, all stores one may see there."""

    VERB: ClassVar[str] = ""
    MOST_YEARS: ClassVar[int] = 3

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        stores = Store.objects.for_verb(self.by, self.VERB)
        label = _("All stores")
        self.fields["from"] = forms.DateField(label=_("From"), required=False)
        self.fields["to"] = forms.DateField(label=_("To"), required=False)
        self.fields["store"] = forms.ModelChoiceField(stores, label=_("Store"), required=False, empty_label=label)
        for field in self.fields.values():
            self._dress(field)

    def clean(self) -> dict[str, Any]:
        """Both ends of the range, in their order and not too far apart."""
        given = super().clean() or {}
        first, last = given.get("from"), given.get("to")
        if first and last and first > last:
            self.add_error("to", _("The last day must not lie before the first."))
        elif first and last and (last - first).days > 366 * self.MOST_YEARS:
            most = self.MOST_YEARS
            said = ngettext("Choose at most %(n)s year.", "Choose at most %(n)s years.", most) % {"n": most}
            self.add_error("from", said)
        return given

    def span(self) -> tuple[date, date]:
        """First and last day; what was not given or not understood is this month up to today."""
        given = self.cleaned_data if self.is_valid() else {}
        today = localdate()
        first, last = given.get("from"), given.get("to")
        if first and not last:
            return first, max(first, today)
        if last and not first:
            return last.replace(day=1), last
        return (first, last) if first and last else (today.replace(day=1), today)


def presets(today: date) -> list[tuple[str, str, date, date]]:
    """The spans that people ask for most: name, words, first and last day."""
    before = today.replace(day=1) - timedelta(days=1)
    return [
        ("today", _("Today"), today, today),
        ("week", _("This week"), today - timedelta(days=today.weekday()), today),
        ("month", _("This month"), today.replace(day=1), today),
        ("last_month", _("Last month"), before.replace(day=1), before),
    ]


def span_before(first: date, last: date) -> tuple[date, date]:
    """The same span before: the same days of the month before for a span that starts a month, else as many days."""
    if first.day == 1 and (first.year, first.month) == (last.year, last.month):
        end = first - timedelta(days=1)
        whole = (last + timedelta(days=1)).day == 1
        return end.replace(day=1), end if whole else end.replace(day=min(last.day, end.day))
    length = (last - first).days + 1
    return first - timedelta(days=length), first - timedelta(days=1)
