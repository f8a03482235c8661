"""What comes in from customers without an account: on the public page of a store, and by the link of a case."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from complaints.models import Complaint
from core.forms import HouseForm, PhotosField, Pills, SignatureField
from customers.forms import PhoneField

YES_NO = [("yes", _("Yes")), ("no", _("No"))]
PHOTOS = 6


class ComplainForm(HouseForm):
    """What somebody tells a store."""

    nature = forms.ChoiceField(
        label=_("What is it about?"), choices=Complaint.Nature, widget=Pills, initial=Complaint.Nature.COMPLAINT
    )
    words = forms.CharField(
        label=_("What happened?"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("When, where, with which car or which of our people: in your own words."),
    )
    demand = forms.CharField(
        label=_("What do you wish from us?"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    photos = PhotosField(label=_("Photos"), required=False, most=PHOTOS, help_text=_("Six at most."))
    name = forms.CharField(
        label=_("How may we address you?"), max_length=80, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    phone = PhoneField(label=_("Phone"), required=False, widget=forms.TextInput(attrs={"autocomplete": "tel"}))
    plate = forms.CharField(label=_("Plate of the car"), max_length=12, required=False)
    may_call = forms.TypedChoiceField(
        label=_("May we call you about it?"), choices=YES_NO, coerce=lambda value: value == "yes", widget=Pills
    )

    def clean(self) -> dict[str, Any]:
        """Who may be called has a number."""
        found: dict[str, Any] = super().clean() or {}
        if found.get("may_call") and not found.get("phone") and "phone" not in self.errors:
            self.add_error("phone", _("Give the number under which we may call you."))
        return found


class AddByLinkForm(HouseForm):
    """What a customer adds to a case."""

    text = forms.CharField(
        label=_("What would you like to add?"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3})
    )
    photos = PhotosField(label=_("Photos"), required=False, most=PHOTOS, help_text=_("Six at most."))


class SignForm(HouseForm):
    """Who accepts, with a signature on the screen."""

    name = forms.CharField(label=_("Your name"), max_length=80, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    signature = SignatureField(label=_("Your signature"))


class ReactForm(HouseForm):
    """What a customer says to an answer."""

    reaction = forms.ChoiceField(
        label=_("Does our answer settle it?"),
        choices=[
            (Complaint.Reaction.ACCEPTED, _("Yes, it is settled")),
            (Complaint.Reaction.NOT_ACCEPTED, _("No, I am not satisfied")),
        ],
        widget=Pills,
    )
    words = forms.CharField(
        label=_("In your words"),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("If you are not satisfied, please say with what."),
    )
