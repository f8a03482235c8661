"""What comes in about who answers for a fault."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from complaints.forms.remedies import area
from complaints.models import Accountability
from core.actions import people_of
from core.forms import HouseForm, Pills
from core.models import Employee, Store


class HoldAccountableForm(HouseForm):
    """Who answers for the fault, by which rule, with which measure; no money is taken."""

    employee = forms.ModelChoiceField(label=_("Person who answers for it"), queryset=Employee.objects.none())
    part = forms.ChoiceField(
        label=_("As what"), choices=Accountability.Part, widget=Pills, initial=Accountability.Part.DIRECT
    )
    rule = forms.CharField(
        label=_("Rule that was broken"), max_length=200, help_text=_("Number and words of the rule of the house.")
    )
    words = forms.CharField(label=_("What was done wrong"), max_length=1000, widget=area())
    measure = forms.ChoiceField(
        label=_("Measure"), choices=Accountability.Measure, widget=Pills, initial=Accountability.Measure.TALK
    )
    points = forms.IntegerField(
        label=_("Points of the score"),
        min_value=0,
        max_value=100,
        initial=0,
        help_text=_("They count in the appraisal of performance; pay is not cut by this."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.by is not None:
            field: Any = self.fields["employee"]
            stores = Store.objects.for_verb(self.by, "complaints.hold_accountable")
            field.queryset = people_of(stores.order_by().values("pk"))


class HearForm(HouseForm):
    """What the person says to it."""

    words = forms.CharField(label=_("What the person says"), max_length=1000, widget=area())


class AskAccountabilityForm(HouseForm):
    """Word for the one who decides."""

    reason = forms.CharField(label=_("Word for the one who decides"), max_length=400, required=False, widget=area(2))


class DecideAccountabilityForm(HouseForm):
    """Whether it is approved, with the reason."""

    granted = forms.TypedChoiceField(
        label=_("Decision"),
        choices=[("yes", _("Approve")), ("no", _("Refuse"))],
        coerce=lambda value: value == "yes",
        widget=Pills,
    )
    reason = forms.CharField(
        label=_("Reason"), max_length=400, required=False, widget=area(2), help_text=_("Needed when it is refused.")
    )
