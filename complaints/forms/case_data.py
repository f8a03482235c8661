"""What comes in about the data that cases are run by; one form a kind, for a new row and a known one."""

from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django import forms
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from complaints.forms.saying import OutgoingForm
from complaints.models import CompensationKind, Complaint, Due, OutsideCase, ProblemClass, Target
from core.forms import HouseForm, Pills
from core.models import Company
from core.roles import Role

KEEP = "complaints.keep_case_data"
TOLD = [one for one in Role.choices if one[0] not in (Role.MONITOR, Role.INTEGRATION)]  # whom a step may tell
ANY_SEVERITY = list(
    dict([*Complaint.Severity.choices, *OutsideCase.Level.choices]).items()
)  # ours, and the manufacturer's


def known_of(form_class: Any, row: Any) -> dict[str, Any]:
    """What a row says now, as the initial values of its form."""
    found = {name: getattr(row, name) for name in form_class.base_fields if hasattr(row, name)}
    return {name: getattr(value, "pk", value) for name, value in found.items()}


def _names(length: int) -> tuple[forms.CharField, forms.CharField]:
    english = forms.CharField(label=_("Name in English"), max_length=length, required=False)
    return forms.CharField(label=_("Name in Chinese"), max_length=length), english


def _on(label: Any) -> forms.BooleanField:
    return forms.BooleanField(label=label, required=False, initial=True)


class CompensationKindForm(HouseForm):
    """What is given to make up for something."""

    columns = 2
    code = forms.CharField(label=_("Code"), max_length=20)
    name_zh, name_en = _names(40)
    unit = forms.ChoiceField(label=_("Unit"), choices=CompensationKind.Unit, widget=Pills)
    is_cash = forms.BooleanField(label=_("Paid out in money"), required=False, initial=False)
    is_active = _on(_("Offered"))


class PhraseForm(HouseForm):
    """Words that are not said to a customer."""

    words = forms.CharField(label=_("What is not said"), max_length=40)
    instead = forms.CharField(label=_("What is said instead"), max_length=120, required=False)
    is_active = _on(_("In force"))


class ReplyTemplateForm(OutgoingForm):
    """An answer at hand; it is looked at like everything that goes out."""

    OUTGOING = ("text",)
    title = forms.CharField(label=_("Title"), max_length=60)
    nature = forms.ChoiceField(
        label=_("For"), choices=[("", _("Every nature")), *Complaint.Nature.choices], required=False
    )
    text = forms.CharField(
        label=_("Text"), max_length=2000, widget=forms.Textarea(attrs={"rows": 8}),
        help_text=_("{name}, {number} and {store} are put in. …… stands for what is filled in each time."),
    )  # fmt: skip
    is_active = _on(_("Offered"))


class ConductRuleForm(HouseForm):
    """A rule of conduct beside the case."""

    position = forms.IntegerField(label=_("Position"), min_value=1, max_value=99)
    words_zh = forms.CharField(label=_("Rule in Chinese"), max_length=120)
    words_en = forms.CharField(label=_("Rule in English"), max_length=120, required=False)
    is_active = _on(_("In force"))


class StepForm(HouseForm):
    """Who is told at which part of the time."""

    columns = 2
    due = forms.ChoiceField(label=_("What for"), choices=[("", _("Every clock")), *Due.choices], required=False)
    level = forms.IntegerField(label=_("Level"), min_value=1, max_value=9)
    percent = forms.IntegerField(
        label=_("Percent of the time"), min_value=1, max_value=900, help_text=_("100: when the time is over.")
    )
    role = forms.ChoiceField(
        label=_("Who is told"),
        choices=[("", _("The keeper")), *TOLD],
        required=False,
    )
    is_active = _on(_("In force"))


class ProblemClassForm(HouseForm):
    """A class of problems."""

    columns = 2
    letter = forms.CharField(label=_("Letter"), max_length=4, help_text=_("The codes of its problems begin with it."))
    kind = forms.ChoiceField(label=_("Kind"), choices=ProblemClass.Kind, widget=Pills)
    name_zh, name_en = _names(60)


class ProblemForm(HouseForm):
    """A problem of a class."""

    columns = 2
    problem_class = forms.ModelChoiceField(
        label=_("Class of problem"), queryset=ProblemClass.objects.all(), empty_label=_("Choose")
    )
    code = forms.CharField(label=_("Code"), max_length=80)
    name_zh, name_en = _names(80)
    is_active = _on(_("Offered"))


class TargetForm(HouseForm):
    """How long something may take, from a day on."""

    columns = 2
    company = forms.ModelChoiceField(
        label=_("Company"), queryset=Company.objects.none(), required=False, empty_label=_("The whole house")
    )
    due = forms.ChoiceField(label=_("What for"), choices=Due)
    severity = forms.ChoiceField(
        label=_("Severity"), choices=[("", _("Every severity")), *ANY_SEVERITY], required=False
    )
    amount = forms.IntegerField(
        label=_("How long"), min_value=1, max_value=100_000, help_text=_("In the unit named beside it.")
    )
    unit = forms.ChoiceField(label=_("Unit"), choices=Target.Unit)
    since = forms.DateField(label=_("In force since"), initial=localdate)
    source = forms.CharField(
        label=_("Source"), max_length=200, required=False, help_text=_("Law and article, letter of the manufacturer.")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        company: Any = self.fields["company"]
        scope = self.by.scope(KEEP) if self.by else None
        if scope is None:
            return
        company.queryset = (
            Company.objects.all() if scope.everywhere else Company.objects.filter(pk__in=scope.any_company)
        )
        if not scope.everywhere:
            company.empty_label = _("Choose")


class TargetHoursForm(TargetForm):
    """The same as people at a desk think: in hours, half ones too, or in whole working days."""

    OPEN_HOURS = "store_hours"
    amount = forms.DecimalField(
        label=_("How long"),
        min_value=Decimal("0.01"),
        max_value=100_000,
        decimal_places=2,
        help_text=_("Half an hour is 0.5."),
    )
    unit = forms.ChoiceField(
        label=_("Unit"),
        choices=[
            (OPEN_HOURS, _("hours in which the store is open")),
            (Target.Unit.WORKING_DAYS, Target.Unit.WORKING_DAYS.label),
            (Target.Unit.HOURS, Target.Unit.HOURS.label),
        ],
    )

    def clean(self) -> dict[str, Any]:
        """Whole numbers of the unit in which it is kept."""
        found: dict[str, Any] = super().clean() or {}
        amount, unit = found.get("amount"), found.get("unit")
        if amount is None or unit is None:
            return found
        is_whole = amount == int(amount)
        if unit == Target.Unit.WORKING_DAYS and not is_whole:
            self.add_error("amount", _("Working days are whole ones."))
            return found
        if unit == self.OPEN_HOURS or not is_whole:
            amount = max(Decimal(1), (amount * 60).to_integral_value(ROUND_HALF_UP))
            unit = Target.Unit.STORE_MINUTES if unit == self.OPEN_HOURS else Target.Unit.MINUTES
        return found | {"amount": int(amount), "unit": str(unit)}


class EndTargetForm(HouseForm):
    """The last day of a rule."""

    until = forms.DateField(label=_("Last day in force"), initial=localdate)


class TakeBackTargetForm(HouseForm):
    """A rule that has not begun yet is taken back."""
