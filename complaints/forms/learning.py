"""What comes in about what was learnt: corrective actions, bulletins of known issues, the month's sheet."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from complaints.forms.cases import CaseField
from complaints.models import Bulletin, Complaint, Correction, Problem
from core.actions import colleagues
from core.forms import HouseForm, PhotosField, Pills
from core.forms.ranges import MonthInput
from core.models import Company, Department, Employee, Store
from customers.forms import companies_for

YES_NO = [("yes", _("Yes")), ("no", _("No"))]


def _area(label: Any, length: int, *, rows: int = 3, **more: Any) -> forms.CharField:
    return forms.CharField(label=label, max_length=length, widget=forms.Textarea(attrs={"rows": rows}), **more)


class EditCorrectionForm(HouseForm):
    """Who changes what by when."""

    columns = 2
    words = _area(
        _("What is changed"), 1000, help_text=_("A rule, a training, a tool: so that it does not come again.")
    )
    owner = forms.ModelChoiceField(label=_("Done by"), queryset=Employee.objects.none())
    department = forms.ChoiceField(label=_("Department"), choices=[("", "–"), *Department.choices], required=False)
    due_on = forms.DateField(label=_("To be done by"))
    check_on = forms.DateField(
        label=_("Effect to be checked on"), required=False, help_text=_("Empty: two weeks after it is done.")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.by is not None:
            field: Any = self.fields["owner"]
            field.queryset = colleagues(Store.objects.for_verb(self.by, "complaints.add_correction"))

    @classmethod
    def known(cls, correction: Correction) -> dict[str, Any]:
        """What is written down now, as the form's initial values."""
        found = {name: getattr(correction, name) for name in ("words", "department", "due_on", "check_on")}
        return found | {"owner": correction.owner_id}


class AddCorrectionForm(EditCorrectionForm):
    """A corrective action out of a case, or free."""

    store = forms.ModelChoiceField(label=_("Store"), queryset=Store.objects.none(), empty_label=None)
    complaint = CaseField(label=_("Out of the case"), required=False)
    field_order = ["store", "complaint", "words"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.by is not None:
            store: Any = self.fields["store"]
            store.queryset = Store.objects.for_verb(self.by, "complaints.add_correction").order_by("code")
            found = list(store.queryset[:2])
            if len(found) == 1:
                store.initial, store.widget = found[0].pk, forms.HiddenInput()
            case: Any = self.fields["complaint"]
            case.among(Complaint.objects.visible_to(self.by).ours())


class DoCorrectionForm(HouseForm):
    """What was done."""

    done_words = _area(_("What has been done"), 1000)


class CheckCorrectionForm(HouseForm):
    """Whether it helped."""

    is_effective = forms.TypedChoiceField(
        label=_("Did it help?"), choices=YES_NO, coerce=lambda value: value == "yes", widget=Pills
    )
    check_words = _area(_("What the check found"), 1000, help_text=_("Cases since then, figures, what was looked at."))
    due_on = forms.DateField(label=_("Else: done again until"), required=False)


class DropCorrectionForm(HouseForm):
    """Why it is given up."""

    reason = _area(_("Reason"), 400)


class ProblemChoice(forms.ModelChoiceField):
    """A fault of the list of problems."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(queryset=Problem.objects.filter(is_active=True, is_unknown=False), empty_label="–", **kwargs)


class EditBulletinForm(HouseForm):
    """What is known of which cars, and what to do at reception."""

    columns = 2
    title = forms.CharField(label=_("Title"), max_length=120)
    source = forms.ChoiceField(label=_("Source"), choices=Bulletin.Source, widget=Pills)
    source_words = forms.CharField(
        label=_("Where it comes from"), max_length=200, required=False, help_text=_("The peer, number or link.")
    )
    brand = forms.CharField(label=_("Brand"), max_length=40, required=False)
    series = forms.CharField(label=_("Series"), max_length=60, required=False)
    since_year = forms.IntegerField(label=_("Model years from"), min_value=1980, max_value=2100, required=False)
    until_year = forms.IntegerField(label=_("Model years until"), min_value=1980, max_value=2100, required=False)
    problem = ProblemChoice(label=_("Fault"), required=False)
    words = _area(_("What is known"), 2000, rows=4)
    advice = _area(_("What to do at reception"), 2000, rows=4, required=False)

    def clean(self) -> dict[str, Any]:
        """The cars are named, and the years stand in their order."""
        found: dict[str, Any] = super().clean() or {}
        if not self.errors and not (found.get("brand") or found.get("series")):
            self.add_error("brand", gettext("Say which cars it is about: a brand or a series."))
        since, until = found.get("since_year"), found.get("until_year")
        if since and until and until < since:
            self.add_error("until_year", gettext("The last model year is before the first."))
        return found

    @classmethod
    def known(cls, bulletin: Bulletin) -> dict[str, Any]:
        """What stands there now, as the form's initial values."""
        names = ("title", "source", "source_words", "brand", "series", "since_year", "until_year", "words", "advice")
        return {name: getattr(bulletin, name) for name in names} | {"problem": bulletin.problem_id}


class PublishBulletinForm(EditBulletinForm):
    """A known issue for one company; out of a case, which is then linked with it."""

    company = forms.ModelChoiceField(label=_("Company"), queryset=Company.objects.none(), empty_label=None)
    complaint = CaseField(label=_("Out of the case"), required=False)
    files = PhotosField(label=_("Photos and papers"), papers=True, required=False)  # type: ignore[assignment]
    field_order = ["company", "complaint", "title", "source"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        company: Any = self.fields["company"]
        company.queryset = companies_for(self.by, "complaints.publish_bulletin").order_by("pk")
        found = list(company.queryset[:2]) if self.by else []
        if len(found) == 1:
            company.initial, company.widget = found[0].pk, forms.HiddenInput()
        if self.by is not None:
            case: Any = self.fields["complaint"]
            case.among(Complaint.objects.visible_to(self.by).ours())


class EndBulletinForm(HouseForm):
    """Why the issue is none any more."""

    reason = _area(_("Reason"), 400)


class LinkBulletinForm(HouseForm):
    """The bulletin that a case belongs to."""

    bulletin = forms.ModelChoiceField(label=_("Known issue"), queryset=Bulletin.objects.none())

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.by is not None:
            field: Any = self.fields["bulletin"]
            field.queryset = Bulletin.objects.visible_to(self.by)

    def only_of(self, complaint: Complaint, *, linked: bool = False) -> None:
        """Only the known issues of the case's company in force, or those that it is linked with."""
        field: Any = self.fields["bulletin"]
        if linked:
            field.queryset = field.queryset.filter(complaints=complaint)
        else:
            company = complaint.store.company_id
            field.queryset = field.queryset.in_force().filter(company=company).exclude(complaints=complaint)


class MonthField(forms.DateField):
    """A month, chosen or typed as 2026-10: its first day."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(input_formats=["%Y-%m", "%Y-%m-%d"], widget=MonthInput, **kwargs)

    def to_python(self, value: Any) -> date | None:
        """The first day of the month."""
        found = super().to_python(value)
        return found.replace(day=1) if found else None


class MeasuresForm(HouseForm):
    """What is changed after this month; with it the supervisor signs."""

    measures = _area(
        _("Improvement measures"), 2000, rows=6, help_text=_("What is changed after this month, and who does it.")
    )


class SignMonthForm(MeasuresForm):
    """The month's sheet of a store, signed."""

    store = forms.ModelChoiceField(label=_("Store"), queryset=Store.objects.none())
    month = MonthField(label=_("Month"))
    field_order = ["store", "month", "measures"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.by is not None:
            field: Any = self.fields["store"]
            field.queryset = Store.objects.for_verb(self.by, "complaints.sign_month")
