"""What comes in about conduct: promises, whether they were kept, the rules of conduct in a case."""

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from complaints.models import Complaint, ConductRule
from core.actions import people_of
from core.forms import HouseForm, Pills
from core.models import Employee, Store
from core.shapes import Rows

YES_NO = [("yes", _("Yes")), ("no", _("No"))]


class CasePromiseForm(HouseForm):
    """What was promised, until when, by whom."""

    words = forms.CharField(
        label=_("What was promised"), max_length=400, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Only what can be kept; what somebody else decides is not promised."),
    )  # fmt: skip
    due_at = forms.DateTimeField(label=_("To be kept by"))
    promised_by = forms.ModelChoiceField(
        label=_("Who promised it"), queryset=Employee.objects.none(), required=False, empty_label=_("Myself")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        named: Any = self.fields["promised_by"]
        named.queryset = people_of(Store.objects.for_verb(self.by, "complaints.promise")) if self.by else named.queryset

    def only_for(self, complaint: Complaint) -> None:
        """Offer who works in the store of the case."""
        named: Any = self.fields["promised_by"]
        named.queryset = people_of([complaint.store_id])


class KeepPromiseForm(HouseForm):
    """Whether it was kept."""

    is_kept = forms.TypedChoiceField(
        label=_("Was the promise kept?"), choices=YES_NO, coerce=lambda value: value == "yes", widget=Pills
    )
    remark = forms.CharField(
        label=_("Remark"), max_length=400, required=False, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("When it was not kept: why, and what the customer was told."),
    )  # fmt: skip


class ConductForm(HouseForm):
    """One rule of conduct: kept or not."""

    rule = forms.ModelChoiceField(
        label=_("Rule of conduct"), queryset=ConductRule.objects.filter(is_active=True), widget=forms.HiddenInput
    )
    is_kept = forms.TypedChoiceField(
        label=_("kept"),
        choices=YES_NO,
        coerce=lambda value: value == "yes",
        empty_value=None,
        required=False,
        widget=Pills,
    )


class CheckConductForm(HouseForm):
    """The checklist; rules that are left out stay as they are."""

    checks = Rows(ConductForm, label=_("Rules of conduct"), spare=0)

    def clean(self) -> dict[str, Any]:
        """Only rules of which something was said."""
        found: dict[str, Any] = super().clean() or {}
        if "checks" in found:
            found["checks"] = [one for one in found["checks"] if one["is_kept"] is not None]
            if not found["checks"]:
                self.add_error("checks", gettext("Say of at least one rule whether it was kept."))
        return found

    @staticmethod
    def known(complaint: Complaint) -> dict[str, Any]:
        """Every rule in force, with what was noted before."""
        noted = dict(complaint.conduct.values_list("rule", "is_kept"))
        said = {True: "yes", False: "no", None: ""}
        rules = ConductRule.objects.filter(is_active=True)
        return {"checks": [{"rule": one.pk, "is_kept": said[noted.get(one.pk)]} for one in rules]}
