"""What comes in when a case is judged, answered and investigated, and when a job is redone."""

from collections.abc import Iterable, Iterator
from datetime import datetime, time, timedelta
from typing import Any

from django import forms
from django.utils.timezone import localdate, make_aware
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from complaints.forms.saying import OutgoingForm
from complaints.models import Complaint, ReplyTemplate
from core.actions import colleagues, people_of
from core.forms import HouseForm, PhotosField, Pills
from core.models import Department, Employee, Store
from core.shapes import Rows
from customers.models import Message
from service.models import Job

YES_NO = [("yes", _("Yes")), ("no", _("No"))]


def _yes_no(label: Any, *, required: bool = True, **more: Any) -> forms.TypedChoiceField:
    return forms.TypedChoiceField(
        label=label,
        choices=YES_NO,
        coerce=lambda value: value == "yes",
        empty_value=None,
        widget=Pills,
        required=required,
        **more,
    )


def _text(label: Any, length: int, *, rows: int = 2, required: bool = True, **more: Any) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": rows})
    return forms.CharField(label=label, max_length=length, required=required, widget=widget, **more)


def _stores(form: Any) -> Any:
    """The stores whose cases one may see."""
    return Store.objects.for_verb(form.by, "complaints.see_complaints") if form.by else Store.objects.none()


class JudgeForm(HouseForm):
    """The two questions, each with its reason, and who answers for it."""

    grounds_ok = _yes_no(_("Are the grounds sufficient?"))
    grounds_reason = _text(_("Why"), 1000)
    demand_ok = _yes_no(_("Is the demand reasonable?"))
    demand_reason = _text(_("Why"), 1000)
    department = forms.ChoiceField(
        label=_("Responsible department"),
        choices=[("", _("Choose")), *Department.choices],
        required=False,
        help_text=_("Needed when the complaint holds."),
    )
    severity = forms.ChoiceField(
        label=_("Severity"), choices=Complaint.Severity, required=False, widget=Pills,
        help_text=_("A major case is told to the general manager at once."),
    )  # fmt: skip

    @staticmethod
    def known(complaint: Complaint) -> dict[str, Any]:
        """What was judged before, as the form's initial values."""
        said = {True: "yes", False: "no", None: ""}
        found = {name: getattr(complaint, name) for name in ("grounds_reason", "demand_reason", "department")}
        found |= {name: said[getattr(complaint, name)] for name in ("grounds_ok", "demand_ok")}
        return found | {"severity": complaint.severity}


def _in_three_days() -> datetime:
    return make_aware(datetime.combine(localdate() + timedelta(days=3), time(18)))


class AgreeDeadlineForm(HouseForm):
    """Until when the customer gives the house time."""

    until = forms.DateTimeField(label=_("Agreed until"), initial=_in_three_days)
    words = forms.CharField(
        label=_("How it was agreed"), max_length=200, help_text=_("With whom, by phone or in person.")
    )


class ReplyForm(OutgoingForm):
    """What the customer is answered, and how they are told."""

    OUTGOING = ("text",)
    text = _text(_("Our answer"), 2000, rows=8)
    channel = forms.ChoiceField(
        label=_("How the customer is told"),
        choices=Message.Channel,
        initial=Message.Channel.PHONE,
        widget=Pills,
        help_text=_("By SMS or WeChat it is sent as it stands; by phone or in person you have said it."),
    )

    def warnings(self, name: str, text: str) -> Iterator[str]:
        """What the template leaves open too."""
        if "……" in text:
            yield gettext("Fill in what the template leaves open (……).")
        yield from super().warnings(name, text)

    @staticmethod
    def filled(template: ReplyTemplate | None, complaint: Complaint) -> str:
        """A template with name, number and store put in."""
        text = template.text if template else ""
        parts = {"{name}": complaint.who, "{number}": complaint.number, "{store}": complaint.store.name}
        for part, value in parts.items():
            text = text.replace(part, value)
        return text


class ReactionForm(HouseForm):
    """What the customer says to the answer; of a suggestion, whether it is adopted and who changes what."""

    reaction = forms.ChoiceField(label=_("The customer's reaction"), choices=Complaint.Reaction, widget=Pills)
    words = _text(_("In the customer's words"), 1000, required=False)
    adopted = _yes_no(_("Is the suggestion adopted?"), required=False)
    change = _text(_("What is changed"), 1000, required=False)
    owner = forms.ModelChoiceField(
        label=_("Who does it"), queryset=Employee.objects.none(), required=False, empty_label=_("Choose")
    )
    due_on = forms.DateField(label=_("Until"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        owner: Any = self.fields["owner"]
        owner.queryset = colleagues(_stores(self))

    def only_for(self, complaint: Complaint) -> None:
        """Only of a suggestion it is asked whether it is adopted."""
        if complaint.nature != Complaint.Nature.SUGGESTION:
            for name in ("adopted", "change", "owner", "due_on"):
                del self.fields[name]


class WhyForm(HouseForm):
    """One answer to the question why."""

    why = forms.CharField(label=_("Why?"), max_length=400, required=False)


class InvestigateForm(HouseForm):
    """What was found out, and the root cause; it may be kept unfinished."""

    route = forms.ChoiceField(label=_("Route"), choices=Complaint.Route, required=False, widget=Pills)
    department = forms.ChoiceField(
        label=_("Responsible department"), choices=[("", _("Choose")), *Department.choices], required=False
    )
    findings = _text(_("Findings"), 4000, rows=5, required=False)
    responsible = forms.ModelChoiceField(
        label=_("Responsible person"), queryset=Employee.objects.none(), required=False, empty_label=_("Nobody")
    )
    photos = PhotosField(label=_("Evidence: photos and papers"), papers=True, required=False)
    cause = forms.ChoiceField(
        label=_("Root cause"), choices=[("", _("Choose")), *Complaint.Cause.choices], required=False
    )
    whys = Rows(WhyForm, label=_("Five whys"), spare=5, required=False)
    is_done = forms.BooleanField(
        label=_("The investigation is done: options can be drawn up"), required=False, initial=False
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        person: Any = self.fields["responsible"]
        person.queryset = people_of(_stores(self))

    def only_for(self, complaint: Complaint) -> None:
        """Offer whoever was named before, even after leaving; five whys in all."""
        named: Any = self.fields["responsible"]
        named.queryset = named.queryset | Employee.objects.filter(pk=complaint.responsible_id or 0)
        rows: Any = self.fields["whys"].widget
        rows.spare = max(5 - len(complaint.whys), 0)
        rows.template_name = "complaints/_whys.html"

    def clean(self) -> dict[str, Any]:
        """The whys as plain sentences."""
        found: dict[str, Any] = super().clean() or {}
        found["whys"] = [one["why"] for one in found.get("whys") or []]
        return found

    @staticmethod
    def known(complaint: Complaint) -> dict[str, Any]:
        """What is noted so far, as the form's initial values."""
        names = ("route", "department", "findings", "cause")
        found: dict[str, Any] = {name: getattr(complaint, name) for name in names}
        found |= {"responsible": complaint.responsible_id, "whys": [{"why": one} for one in complaint.whys]}
        return found | {"is_done": complaint.investigated_at is not None}


class OpenReworkForm(HouseForm):
    """The job that is done again free of charge."""

    job = forms.ModelChoiceField(
        label=_("What is done again"), queryset=Job.objects.none(), empty_label=None, widget=forms.RadioSelect
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        job: Any = self.fields["job"]
        job.queryset = Job.objects.filter(status=Job.Status.DONE).visible_to(self.by) if self.by else Job.objects.none()

    def only_of(self, jobs: Iterable[Job]) -> None:
        """Offer these jobs and no other."""
        job: Any = self.fields["job"]
        job.queryset = job.queryset.filter(pk__in=[one.pk for one in jobs])


class DropReworkForm(HouseForm):
    """Why an owed rework is not done."""

    reason = forms.CharField(label=_("Reason"), max_length=400)
