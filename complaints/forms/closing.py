"""What comes in when a case ends, is opened again, or is looked at once more after its end."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from complaints.models import Complaint
from core.forms import HouseForm, Pills


def _area(label: Any, length: int, **more: Any) -> forms.CharField:
    return forms.CharField(label=label, max_length=length, widget=forms.Textarea(attrs={"rows": 3}), **more)


class CloseForm(HouseForm):
    """A settled complaint is closed; its result is what the customer said when called."""

    result_words = _area(_("Remark"), 1000, required=False)


class EndCaseForm(HouseForm):
    """A case ends that is not settled."""

    result = forms.ChoiceField(
        label=_("How the case ends"),
        choices=[(one.value, one.label) for one in Complaint.EXITS],
        widget=Pills,
    )
    words = _area(
        _("Why, and what proves it"), 1000, help_text=_("The customer's words, letter or file number, tries so far.")
    )


class AskEndForm(HouseForm):
    """Why a complaint has to end without agreement."""

    reason = _area(_("Why no agreement is possible"), 400)


class ReopenForm(HouseForm):
    """Why a closed case goes on."""

    reason = _area(_("Reason"), 1000)


class CheckClosedForm(HouseForm):
    """What the customer says a while after closing."""

    reaction = forms.ChoiceField(label=_("Is it still settled?"), choices=Complaint.Reaction, widget=Pills)
    words = _area(_("In the customer's words"), 1000, required=False)


class CallAgainForm(HouseForm):
    """Nothing to fill in: the customer has agreed to be called, or is tried once more."""
