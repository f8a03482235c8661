"""What comes in about the roster."""

from datetime import datetime, time, timedelta
from typing import Any

from django import forms
from django.utils.timezone import localdate, make_aware
from django.utils.translation import gettext_lazy as _

from core.actions import people_of
from core.forms.approvals import choose_store
from core.forms.manners import HouseForm, Pills
from core.models import Employee, Store, Trade


def _tomorrow(hour: int) -> datetime:
    return make_aware(datetime.combine(localdate() + timedelta(days=1), time(hour)))


class AddAbsenceForm(HouseForm):
    """Hours or days in which somebody is not there."""

    columns = 2
    store = forms.ModelChoiceField(label=_("Store"), queryset=Store.objects.none(), empty_label=None)
    employee = forms.ModelChoiceField(label=_("Employee"), queryset=Employee.objects.none(), empty_label=_("Choose"))
    starts_at = forms.DateTimeField(label=_("From"), initial=lambda: _tomorrow(8))
    ends_at = forms.DateTimeField(label=_("Until"), initial=lambda: _tomorrow(18))
    reason = forms.CharField(label=_("Reason"), max_length=200, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        employee: Any = self.fields["employee"]
        employee.queryset = people_of(choose_store(self, "core.keep_roster"))


class TradeForm(HouseForm):
    """What a technician does."""

    trade = forms.ChoiceField(
        label=_("Trade"), choices=[("", _("Every trade")), *Trade.choices], required=False, widget=Pills
    )
