"""What comes in from the workshop."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms import HouseForm, Pills
from core.models import Employee, Store, Trade
from core.roles import Role
from service.models import Hold


class DispatchForm(HouseForm):
    """The technician or the team that gets the job, and its trade when it is another one."""

    technician = forms.ModelChoiceField(label=_("Technician"), queryset=Employee.objects.none(), empty_label=None)
    helpers = forms.ModelMultipleChoiceField(
        label=_("Team"),
        queryset=Employee.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Whoever works on it together with the technician."),
    )
    trade = forms.ChoiceField(label=_("Trade"), choices=[("", _("As it is")), *Trade.choices], required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        stores = Store.objects.for_verb(self.by, "service.dispatch")
        technician: Any = self.fields["technician"]
        helpers: Any = self.fields["helpers"]
        technician.queryset = helpers.queryset = (
            Employee.objects.filter(
                is_active=True,
                postings__is_active=True,
                postings__role=Role.TECHNICIAN,
                postings__store__in=stores,
            )
            .distinct()
            .order_by("name", "pk")
        )


class FinishForm(HouseForm):
    """Cause and remedy, in the technician's words."""

    cause = forms.CharField(label=_("Cause"), max_length=400, widget=forms.Textarea(attrs={"rows": 2}))
    remedy = forms.CharField(label=_("Remedy"), max_length=400, widget=forms.Textarea(attrs={"rows": 2}))


class CheckForm(HouseForm):
    """The result of the quality check."""

    passed = forms.TypedChoiceField(
        label=_("Result"),
        choices=[("yes", _("Passed")), ("no", _("To be done again"))],
        coerce=lambda value: value == "yes",
        widget=Pills,
    )
    remark = forms.CharField(
        label=_("Remark"), max_length=400, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    certificate = forms.CharField(
        label=_("Number of the completion certificate"),
        max_length=40,
        required=False,
        help_text=_("Needed for second-level maintenance and assemblies."),
    )


class HoldForm(HouseForm):
    """What the job waits for, and until when it is expected."""

    kind = forms.ChoiceField(label=_("Waits for"), choices=Hold.Kind, widget=Pills)
    expected_at = forms.DateTimeField(label=_("Expected"), required=False)
    remark = forms.CharField(label=_("Remark"), max_length=200, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kind: Any = self.fields["kind"]
        kind.choices = [one for one in Hold.Kind.choices if one[0] != Hold.Kind.CONSENT]
