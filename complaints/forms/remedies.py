"""What comes in about options, the decision, and settling on the spot."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from complaints.forms.saying import OutgoingForm
from complaints.models import CompensationKind, Complaint, Option
from core.forms import HouseForm, MoneyField, SignatureField
from core.models import Department
from core.shapes import Rows


def area(rows: int = 3) -> forms.Textarea:
    """A box for some sentences."""
    return forms.Textarea(attrs={"rows": rows})


class CompensationForm(HouseForm):
    """One thing that is given: what, how much of it, what it is worth."""

    kind = forms.ModelChoiceField(
        label=_("Compensation"), queryset=CompensationKind.objects.filter(is_active=True), empty_label="–"
    )
    quantity = forms.DecimalField(
        label=_("How much"), max_digits=10, decimal_places=2, min_value=0, help_text=_("yuan, times or months")
    )
    worth = MoneyField(
        label=_("Worth in yuan"), min_value=0, required=False, help_text=_("Empty where it is counted in yuan.")
    )

    def clean(self) -> dict[str, Any]:
        found: dict[str, Any] = super().clean() or {}
        kind = found.get("kind")
        if kind and found.get("worth") is None and "worth" not in self.errors:
            if kind.unit == CompensationKind.Unit.YUAN:
                found["worth"] = found.get("quantity")
            else:
                self.add_error("worth", _("Say what it is worth in yuan."))
        if found.get("quantity") == 0:
            self.add_error("quantity", _("How much is more than nothing, and its worth is not negative."))
        return found


class RemedyForm(OutgoingForm):
    """What every remedy says: what is offered, what is given with it, what else it costs the house."""

    OUTGOING = ("words",)
    words = forms.CharField(
        label=_("What is offered"), max_length=1000, widget=area(), help_text=_("The customer reads this.")
    )
    compensations = Rows(CompensationForm, label=_("What is given"), required=False, spare=1)
    cost = MoneyField(
        label=_("Other cost to the house"),
        min_value=0,
        initial=0,
        help_text=_("Work and parts, without what is given. Never shown to the customer."),
    )


class OptionForm(RemedyForm):
    """One way to settle a case; the customer sees what is offered and what is given, never the cost."""

    remark = forms.CharField(label=_("Internal remark"), max_length=400, required=False)
    is_best = forms.BooleanField(label=_("Recommended"), required=False, initial=False)

    @classmethod
    def known(cls, option: Option) -> dict[str, Any]:
        """What the option says now, as the form's initial values."""
        given = [{"kind": c.kind_id, "quantity": c.quantity, "worth": c.worth} for c in option.compensations.all()]
        plain = {name: getattr(option, name) for name in ("words", "cost", "remark", "is_best")}
        return plain | {"compensations": given}


class CaseNoFieldsForm(HouseForm):
    """A step that only asks to be confirmed."""


class StampForm(HouseForm):
    """The manager has looked at an option."""

    words = forms.CharField(label=_("Remark on this option"), max_length=400, required=False, widget=area(2))


class AskOptionForm(HouseForm):
    """Why an option beyond one's own authority should be taken."""

    reason = forms.CharField(label=_("Why this option should be taken"), max_length=400, widget=area())


class DecideOptionForm(HouseForm):
    """The decision: a written instruction, and until when it is carried out."""

    instruction = forms.CharField(label=_("Instruction"), max_length=1000, widget=area())
    due = forms.DateTimeField(label=_("To be carried out by"))


class CaseReasonForm(HouseForm):
    """Why a step is taken back."""

    reason = forms.CharField(label=_("Reason"), max_length=400, widget=area(2))


class OnceWhyForm(HouseForm):
    """One of the whys."""

    why = forms.CharField(label=_("Why?"), max_length=400)


class SettleOnSpotForm(RemedyForm):
    """A complaint settled on the spot: one remedy, its root cause, the customer's word."""

    words = forms.CharField(
        label=_("How it is settled"), max_length=1000, widget=area(), help_text=_("The customer reads this.")
    )
    cause = forms.ChoiceField(label=_("Root cause"), choices=[("", "–"), *Complaint.Cause.choices])
    whys = Rows(OnceWhyForm, label=_("Why did it happen, and why that?"), spare=2)
    department = forms.ChoiceField(
        label=_("Responsible department"), choices=[("", "–"), *Department.choices], required=False
    )
    name = forms.CharField(label=_("Accepted by"), max_length=80, required=False)
    signature = SignatureField(label=_("Signature of the customer"), required=False)

    def clean(self) -> dict[str, Any]:
        found: dict[str, Any] = super().clean() or {}
        if "whys" in found:
            found["whys"] = [one["why"] for one in found["whys"]]
        return found
