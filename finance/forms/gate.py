"""What comes in at the gate."""

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.utils.timezone import localtime, now
from django.utils.translation import gettext_lazy as _

from core.forms import HouseForm, Pills
from core.models import Store
from finance.models import GatePass


def _of(kinds: tuple[str, ...]) -> list[tuple[str, Any]]:
    return [(value, label) for value, label in GatePass.Kind.choices if value in kinds]


def _in_half_an_hour() -> datetime:
    """As long as a road test takes; a sublet names its own time."""
    return localtime(now() + timedelta(minutes=30))


class LetOutForm(HouseForm):
    """The plate as the guard sees it: at least its last four characters."""

    plate_seen = forms.CharField(
        label=_("Plate on the car"), max_length=20, help_text=_("Its last four characters are enough.")
    )


class NoteBackForm(HouseForm):
    """A car that is back, with its mileage where it was read."""

    mileage = forms.IntegerField(
        label=_("Mileage in km"), min_value=0, max_value=3_000_000, required=False, help_text=_("If it was read.")
    )


class CancelGatePassForm(HouseForm):
    """Why a pass is taken back."""

    reason = forms.CharField(label=_("Reason"), max_length=400)


class TestPassForm(HouseForm):
    """A car that goes out and comes back: who drives, until when."""

    kind = forms.ChoiceField(
        label=_("Kind"), choices=_of(GatePass.COMES_BACK), widget=Pills, initial=GatePass.Kind.ROAD_TEST
    )
    driver_name = forms.CharField(label=_("Driver"), max_length=80, help_text=_("Who of us drives."))
    expected_at = forms.DateTimeField(label=_("Expected back"), initial=_in_half_an_hour)
    reason = forms.CharField(
        label=_("What for"),
        max_length=400,
        required=False,
        empty_value="",
        help_text=_("At a sublet: to whom the car goes and what for."),
    )


class OtherPassForm(HouseForm):
    """A car that was not in for service: sold, or on its way to another place."""

    columns = 2
    store = forms.ModelChoiceField(label=_("Store"), queryset=Store.objects.none(), empty_label=None)
    kind = forms.ChoiceField(label=_("Kind"), choices=_of(GatePass.NO_VISIT), widget=Pills)
    plate = forms.CharField(label=_("Plate"), max_length=12, required=False)
    vin = forms.CharField(label=_("VIN"), max_length=24, required=False, help_text=_("Needed when there is no plate."))
    driver_name = forms.CharField(label=_("Driver"), max_length=80)
    reason = forms.CharField(
        label=_("What for"), max_length=400, help_text=_("Sold to whom, or where to, with the number of the paper.")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        store: Any = self.fields["store"]
        store.queryset = Store.objects.for_verb(self.by, "finance.issue_other_pass").order_by("code")
