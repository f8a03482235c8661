"""What comes in while a car is made ready and handed over."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms import HouseForm, MoneyField, Pills, SignatureField
from customers.models import Message
from service.models import Line, Visit


class PromiseForm(HouseForm):
    """Another time, told to the customer."""

    promised_at = forms.DateTimeField(label=_("New time"))
    channel = forms.ChoiceField(
        label=_("Customer told by"), choices=Message.Channel, widget=Pills, initial=Message.Channel.PHONE
    )
    delay = forms.ChoiceField(
        label=_("Reason of the delay"), choices=Visit.Delay, widget=Pills, initial=Visit.Delay.OTHER
    )
    reason = forms.CharField(label=_("Remark"), max_length=400, required=False)

    def clean(self) -> dict[str, Any]:
        found: dict[str, Any] = super().clean() or {}
        if found.get("delay") == Visit.Delay.OTHER and not found.get("reason"):
            self.add_error("reason", _("Please say why."))
        return found


class WashForm(HouseForm):
    """The car is washed, or goes out without."""

    done = forms.TypedChoiceField(
        label=_("Wash"),
        choices=[("yes", _("Washed")), ("no", _("Leave the wash out"))],
        coerce=lambda value: value == "yes",
        widget=Pills,
    )
    reason = forms.CharField(
        label=_("Reason"), max_length=400, required=False, help_text=_("Needed when the wash is left out.")
    )


class ExplainForm(HouseForm):
    """The bill as it will be was explained; the customer may sign it."""

    signature = SignatureField(label=_("Signature of the customer"), required=False)


class ReadyForm(HouseForm):
    """How the customer was told that the car is ready."""

    channel = forms.ChoiceField(
        label=_("Customer told by"), choices=Message.Channel, widget=Pills, initial=Message.Channel.PHONE
    )


class HandOverForm(HouseForm):
    """What belongs to handing a car over."""

    explained = forms.BooleanField(label=_("The work and the bill were explained"), required=False, initial=False)
    operation_explained = forms.BooleanField(
        label=_("It was explained what to mind when driving and when the car is due again"),
        required=False,
        initial=False,
    )
    old_parts_shown = forms.BooleanField(
        label=_("The old parts were shown or handed back"), required=False, initial=False
    )
    car_clean = forms.BooleanField(label=_("The car is clean inside and outside"), required=False, initial=False)
    belongings_back = forms.BooleanField(
        label=_("Key, papers and personal things are back with the driver"), required=False, initial=False
    )


class ExitForm(HouseForm):
    """Why the car leaves without the work."""

    exit = forms.ChoiceField(
        label=_("Outcome"), choices=[c for c in Visit.Exit.choices if c[0] != Visit.Exit.SERVED], widget=Pills
    )
    reason = forms.CharField(label=_("Reason"), max_length=400)
    diagnosis_fee = MoneyField(
        label=_("Diagnosis fee"), min_value=0, required=False, help_text=_("Tax included. Empty: without a fee.")
    )
    consent_by = forms.CharField(
        label=_("Who agreed to the fee"), max_length=80, required=False, help_text=_("Empty: the driver.")
    )
    via = forms.ChoiceField(
        label=_("Consent given by"),
        choices=[("", "–"), *(c for c in Line.Via.choices if c[0] not in {Line.Via.LINK, Line.Via.SIGNATURE})],
        required=False,
        initial="",
    )
