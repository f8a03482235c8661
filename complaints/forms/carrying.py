"""What comes in while a decision is told, accepted, signed and carried out."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from complaints.forms.remedies import area
from complaints.forms.saying import OutgoingForm
from core.actions import colleagues
from core.forms import HouseForm, PhotosField, Pills, SignatureField
from core.models import Employee, Store
from customers.models import Message


class GiveMeasureForm(HouseForm):
    """What somebody of any department has to do in a case."""

    assignee = forms.ModelChoiceField(label=_("Who does it"), queryset=Employee.objects.none())
    words = forms.CharField(label=_("What is to be done"), max_length=200, widget=area(2))
    due_at = forms.DateTimeField(label=_("Due"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.by is not None:
            field: Any = self.fields["assignee"]
            field.queryset = colleagues(Store.objects.for_verb(self.by, "complaints.give_measure"))


class TellCustomerForm(HouseForm):
    """How the customer is told."""

    channel = forms.ChoiceField(
        label=_("Customer told by"), choices=Message.Channel, widget=Pills, initial=Message.Channel.WECHAT
    )


class SignedForm(HouseForm):
    """Who signs: on screen, or on a paper that is photographed."""

    name = forms.CharField(label=_("Name of the person who signs"), max_length=80)
    signature = SignatureField(label=_("Signature"), required=False)
    papers = PhotosField(label=_("Photo of the signed paper"), papers=True, required=False, most=6)

    def clean(self) -> dict[str, Any]:
        found: dict[str, Any] = super().clean() or {}
        bad = {"signature", "papers"} & self.errors.keys()
        if not bad and not found.get("signature") and not found.get("papers"):
            self.add_error("signature", _("Let the customer sign here, or add a photo of the signed paper."))
        return found


class AcceptForm(SignedForm):
    """The customer accepts what was decided."""


class SignAgreementForm(SignedForm):
    """The customer signs the settlement agreement."""


class DrawAgreementForm(OutgoingForm):
    """The text of a settlement agreement."""

    OUTGOING = ("text",)
    text = forms.CharField(label=_("Text of the agreement"), max_length=4000, widget=area(16))
