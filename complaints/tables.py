"""List tables of the complaints room, and the colours of its states."""

from typing import Any

import django_tables2 as tables
from django.urls import reverse
from django.utils.html import format_html
from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from complaints.models import (
    Bulletin,
    CompensationKind,
    Complaint,
    ConductRule,
    Correction,
    OutsideCase,
    Phrase,
    Problem,
    ProblemClass,
    Promise,
    ReplyTemplate,
    Step,
    Target,
)
from core.lists import HouseTable
from core.templatetags.ui import badge, dot, plate, when

Status = Complaint.Status
CASE_TONES = {
    Status.RECEIVED: "orange",
    Status.ANSWERING: "azure",
    Status.INVESTIGATING: "blue",
    Status.PROPOSING: "blue",
    Status.DECIDING: "purple",
    Status.CARRYING_OUT: "cyan",
    Status.CALLING: "yellow",
    Status.CLOSED: "green",
    Status.MERGED: "secondary",
}
SEVERITY_TONES = {"ordinary": "secondary", "serious": "orange", "major": "red"}
NATURE_TONES = {"complaint": "red", "enquiry": "azure", "suggestion": "green"}
OUTSIDE_TONES = {"media": "red", "regulator": "purple", "oem": "blue"}
STATEMENT_TONES = {"draft": "secondary", "asked": "orange", "approved": "blue", "published": "green"}


def outside_tone(outside: OutsideCase) -> str:
    """The colour of a body: public, regulator or manufacturer."""
    if outside.is_media:
        return OUTSIDE_TONES["media"]
    return OUTSIDE_TONES["oem" if outside.body == OutsideCase.Body.OEM else "regulator"]


NATURES = dict(Complaint.Nature.choices)


class OutsideTable(HouseTable):
    """What others keep: where, which case of ours, who looks after it, what is due next."""

    complaint = tables.Column(verbose_name=gettext_lazy("Case"))
    words = tables.Column(verbose_name=gettext_lazy("What it is about"), accessor="complaint__words")
    body = tables.Column(verbose_name=gettext_lazy("Where"))
    came_at = tables.Column(verbose_name=gettext_lazy("Came"), attrs={"cell": {"class": "app-num"}})
    keeper = tables.Column(verbose_name=gettext_lazy("Case keeper"), accessor="complaint__keeper", empty_values=())
    statement_state = tables.Column(verbose_name=gettext_lazy("Public statement"))
    next_due = tables.Column(verbose_name=gettext_lazy("Due next"), attrs={"cell": {"class": "app-num"}})
    closed_at = tables.Column(verbose_name=gettext_lazy("Closed there"), empty_values=())

    class Meta:
        model = OutsideCase
        fields = ["complaint", "words", "body", "came_at", "keeper", "statement_state", "next_due", "closed_at"]

    def render_complaint(self, record: OutsideCase) -> Any:
        address = record.get_absolute_url()
        return format_html('<a class="fw-medium app-num text-nowrap" href="{}">{}</a>', address, record.complaint)

    def value_complaint(self, record: OutsideCase) -> str:
        return str(record.complaint)

    def render_words(self, value: str) -> str:
        return f"{value[:24]}…" if len(value) > 25 else value

    def value_words(self, value: str) -> str:
        return value

    def render_body(self, record: OutsideCase) -> Any:
        level = record.get_level_display() if record.level != OutsideCase.Level.ORDINARY else ""
        said = " · ".join(part for part in (record.number, str(level)) if part)
        mark = badge(outside_tone(record), record.get_body_display())
        return format_html('<div>{}<div class="text-secondary small app-num">{}</div></div>', mark, said)

    def value_body(self, record: OutsideCase) -> str:
        return " · ".join(part for part in (str(record), record.get_level_display(), record.url) if part)

    def render_came_at(self, record: OutsideCase) -> str:
        return when(record.came_at)

    def value_came_at(self, record: OutsideCase) -> Any:
        return record.came_at

    def render_keeper(self, record: OutsideCase) -> Any:
        return record.complaint.keeper or badge("orange", _("nobody"))

    def value_keeper(self, record: OutsideCase) -> str:
        return str(record.complaint.keeper or "")

    def render_statement_state(self, record: OutsideCase) -> Any:
        return badge(STATEMENT_TONES[record.statement_state], record.get_statement_state_display())

    def value_statement_state(self, record: OutsideCase) -> str:
        return str(record.get_statement_state_display()) if record.statement_state else ""

    def render_next_due(self, value: Any) -> Any:
        said = when(value)
        return format_html('<span class="text-danger fw-medium">{}</span>', said) if value < now() else said

    def value_next_due(self, value: Any) -> Any:
        return value

    def render_closed_at(self, record: OutsideCase) -> Any:
        if record.closed_at:
            return format_html('<span class="app-num">{}</span>', when(record.closed_at))
        return badge("azure", _("still open"))

    def value_closed_at(self, record: OutsideCase) -> Any:
        return record.closed_at


class ComplaintTable(HouseTable):
    """Cases: which, who, what, by when, who keeps it, how far it has come. The view adds `due` and `is_late`."""

    number = tables.Column(verbose_name=gettext_lazy("Case"), empty_values=())
    name = tables.Column(verbose_name=gettext_lazy("Complainant"), empty_values=())
    words = tables.Column(verbose_name=gettext_lazy("What it is about"))
    received_at = tables.Column(verbose_name=gettext_lazy("Taken in"))
    due = tables.Column(verbose_name=gettext_lazy("Due"), accessor="pk")
    keeper = tables.Column(verbose_name=gettext_lazy("Case keeper"), empty_values=())
    status = tables.Column(verbose_name=gettext_lazy("Status"))

    class Meta:
        fields = ("number", "name", "words", "received_at", "due", "keeper", "status")
        sequence = fields

    def render_number(self, record: Complaint) -> Any:
        link = format_html('<a class="app-num" data-row-link href="{}">{}</a>', record.get_absolute_url(), record)
        nature = record.get_nature_display() if record.nature != Complaint.Nature.COMPLAINT else ""
        mark = badge(NATURE_TONES[record.nature], nature) if nature else ""
        if record.severity != Complaint.Severity.ORDINARY:
            mark = format_html("{} {}", badge(SEVERITY_TONES[record.severity], record.get_severity_display()), mark)
        return format_html("<div>{}<div>{}</div></div>", link, mark) if mark else link

    def value_number(self, record: Complaint) -> str:
        return str(record)

    def render_name(self, record: Complaint) -> Any:
        car = record.vehicle
        said = plate(car.plate) if car and car.plate else f"{record.brand} {record.series or record.model_name}".strip()
        under = format_html('<div class="text-secondary small app-num">{}</div>', said) if said else ""
        return format_html("<div>{}{}</div>", record.who or "–", under)

    def value_name(self, record: Complaint) -> str:
        return record.who

    def render_words(self, record: Complaint) -> Any:
        problem = record.problem
        under = format_html('<div class="text-secondary small">{}</div>', problem) if problem else ""
        return format_html('<div><div class="app-words">{}</div>{}</div>', record.words[:80], under)

    def value_words(self, record: Complaint) -> str:
        return record.words

    def render_received_at(self, value: Any) -> Any:
        return format_html('<span class="app-num">{}</span>', when(value))

    def value_received_at(self, value: Any) -> Any:
        return value

    def render_due(self, record: Any) -> Any:
        if record.due is None:
            return "–"
        said = format_html('<span class="app-num">{}</span>', when(record.due))
        return dot("red", said) if record.is_late else said

    def value_due(self, record: Any) -> Any:
        return record.due

    def render_keeper(self, record: Complaint) -> Any:
        return record.keeper or (badge("orange", _("nobody")) if record.is_open and not record.origin else "–")

    def value_keeper(self, record: Complaint) -> str:
        return str(record.keeper or "")

    def render_status(self, record: Complaint) -> Any:
        if record.status == Status.CLOSED and record.result:
            return badge("secondary" if record.result in Complaint.EXITS else "green", record.get_result_display())
        return badge(CASE_TONES[Status(record.status)], record.get_status_display())

    def value_status(self, record: Complaint) -> str:
        return str(record.get_result_display() or record.get_status_display())


CORRECTION_TONES = {"open": "blue", "done": "orange", "effective": "green", "dropped": "secondary"}
SOURCE_TONES = {"own": "blue", "peer": "purple", "oem": "cyan", "press": "orange"}


class CorrectionTable(HouseTable):
    """Corrective actions: what, out of which case, whose, until when, how far."""

    words = tables.Column(verbose_name=gettext_lazy("What is changed"))
    owner = tables.Column(verbose_name=gettext_lazy("Done by"))
    department = tables.Column(verbose_name=gettext_lazy("Department"), empty_values=())
    due_on = tables.Column(verbose_name=gettext_lazy("To be done by"))
    check_on = tables.Column(verbose_name=gettext_lazy("Effect to be checked on"), empty_values=())
    status = tables.Column(verbose_name=gettext_lazy("Status"))
    store = tables.Column(verbose_name=gettext_lazy("Store"))

    class Meta:
        model = Correction
        fields = ["words", "owner", "department", "due_on", "check_on", "status", "store"]

    def render_words(self, record: Correction) -> Any:
        case = record.complaint
        under = format_html('<div class="text-secondary small app-num">{}</div>', case) if case else ""
        link = format_html('<a data-row-link href="{}">{}</a>', record.get_absolute_url(), record.words[:120])
        return format_html("<div>{}{}</div>", link, under)

    def value_words(self, record: Correction) -> str:
        return record.words

    def render_department(self, record: Correction) -> str:
        return str(record.get_department_display() or "–")

    def value_department(self, record: Correction) -> str:
        return str(record.get_department_display())

    def render_due_on(self, record: Correction) -> Any:
        late = badge("red", _("Late")) if record.is_late else ""
        return format_html('<span><span class="app-num">{}</span> {}</span>', when(record.due_on), late)

    def value_due_on(self, value: Any) -> Any:
        return value

    def render_check_on(self, record: Correction) -> Any:
        return format_html('<span class="app-num">{}</span>', when(record.check_on))

    def value_check_on(self, record: Correction) -> Any:
        return record.check_on

    def render_status(self, record: Correction) -> Any:
        return badge(CORRECTION_TONES[record.status], record.get_status_display())

    def value_status(self, record: Correction) -> str:
        return record.get_status_display()


class BulletinTable(HouseTable):
    """Known issues: what, which cars, which fault, from where, since when. The view counts the cases."""

    title = tables.Column(verbose_name=gettext_lazy("Known issue"))
    series = tables.Column(verbose_name=gettext_lazy("Cars"), empty_values=())
    problem = tables.Column(verbose_name=gettext_lazy("Fault"))
    source = tables.Column(verbose_name=gettext_lazy("Source"))
    published_at = tables.Column(verbose_name=gettext_lazy("Published"), attrs={"cell": {"class": "app-num"}})
    cases = tables.Column(verbose_name=gettext_lazy("Cases"), accessor="n_cases", attrs={"cell": {"class": "app-num"}})
    ended_on = tables.Column(verbose_name=gettext_lazy("Status"), empty_values=())

    class Meta:
        model = Bulletin
        fields = ["title", "series", "problem", "source", "published_at", "cases", "ended_on"]

    def render_title(self, record: Bulletin) -> Any:
        return format_html('<a data-row-link href="{}">{}</a>', record.get_absolute_url(), record.title)

    def value_title(self, record: Bulletin) -> str:
        return record.title

    def render_series(self, record: Bulletin) -> str:
        return record.cars

    def value_series(self, record: Bulletin) -> str:
        return record.cars

    def render_source(self, record: Bulletin) -> Any:
        return badge(SOURCE_TONES[record.source], record.get_source_display())

    def value_source(self, record: Bulletin) -> str:
        return " · ".join(part for part in (str(record.get_source_display()), record.source_words) if part)

    def render_published_at(self, value: Any) -> str:
        return when(value)

    def value_published_at(self, value: Any) -> Any:
        return value

    def render_ended_on(self, record: Bulletin) -> Any:
        return badge("secondary", _("Ended")) if record.ended_on else badge("green", _("In force"))

    def value_ended_on(self, record: Bulletin) -> str:
        return _("Ended") if record.ended_on else _("In force")


class PromiseTable(HouseTable):
    """The register of promises: what, in which case, by whom, until when, kept or not."""

    words = tables.Column(verbose_name=gettext_lazy("What was promised"))
    complaint = tables.Column(verbose_name=gettext_lazy("Case"))
    by = tables.Column(verbose_name=gettext_lazy("Promised by"))
    made_at = tables.Column(verbose_name=gettext_lazy("Promised"))
    due_at = tables.Column(verbose_name=gettext_lazy("To be kept by"))
    is_kept = tables.Column(verbose_name=gettext_lazy("Kept?"), empty_values=())
    remark = tables.Column(verbose_name=gettext_lazy("Remark"), empty_values=())

    class Meta:
        model = Promise
        fields = ["words", "complaint", "by", "made_at", "due_at", "is_kept", "remark"]

    def render_complaint(self, record: Promise) -> Any:
        one = record.complaint
        link = format_html('<a class="app-num" data-row-link href="{}">{}</a>', one.get_absolute_url(), one)
        return format_html('<div>{}<div class="text-secondary small">{}</div></div>', link, one.who)

    def value_complaint(self, record: Promise) -> str:
        return str(record.complaint)

    def render_made_at(self, value: Any) -> Any:
        return format_html('<span class="app-num">{}</span>', when(value))

    def value_made_at(self, value: Any) -> Any:
        return value

    def render_due_at(self, record: Promise) -> Any:
        said = format_html('<span class="app-num">{}</span>', when(record.due_at))
        return dot("red", said) if record.ended_at is None and record.due_at < now() else said

    def value_due_at(self, record: Promise) -> Any:
        return record.due_at

    def render_is_kept(self, record: Promise) -> Any:
        if record.ended_at is None:
            return badge("blue", _("Open"))
        return badge("green", _("Kept")) if record.is_kept else badge("red", _("Broken"))

    def value_is_kept(self, record: Promise) -> str:
        return str(_("Open") if record.ended_at is None else _("Kept") if record.is_kept else _("Broken"))

    def render_remark(self, record: Promise) -> str:
        return record.remark or "–"

    def value_remark(self, record: Promise) -> str:
        return record.remark


def _yes(value: bool) -> Any:
    return dot("green", _("Yes")) if value else dot("secondary", _("No"))


class CaseDataTable(HouseTable):
    """What the tables of case data share: their first column opens the form, what is off says so."""

    KIND = ""

    def opened(self, record: Any, said: Any) -> Any:
        """The way to the form of a row."""
        address = reverse(f"edit_case_{self.KIND}", args=[record.pk])
        return format_html('<a class="fw-medium" data-row-link href="{}">{}</a>', address, said)

    def render_is_active(self, value: bool) -> Any:
        return _yes(value)

    def value_is_active(self, value: bool) -> str:
        return str(_("Yes") if value else _("No"))


class ProblemTable(CaseDataTable):
    """Problems by code."""

    KIND = "problems"
    code = tables.Column(verbose_name=gettext_lazy("Code"))
    name_zh = tables.Column(verbose_name=gettext_lazy("Name in Chinese"))
    name_en = tables.Column(verbose_name=gettext_lazy("Name in English"))
    problem_class = tables.Column(verbose_name=gettext_lazy("Class of problem"), empty_values=())
    is_active = tables.Column(verbose_name=gettext_lazy("Offered"))

    class Meta:
        model = Problem
        fields = ["code", "name_zh", "name_en", "problem_class", "is_active"]

    def render_code(self, record: Problem) -> Any:
        link = self.opened(record, record.code[:30])
        return format_html("{} {}", link, badge("orange", _("unknown"))) if record.is_unknown else link

    def value_code(self, record: Problem) -> str:
        return record.code

    def render_problem_class(self, record: Problem) -> Any:
        return record.problem_class or "–"

    def value_problem_class(self, record: Problem) -> str:
        return str(record.problem_class or "")


class ProblemClassTable(CaseDataTable):
    """Classes of problems."""

    KIND = "problem_classes"
    letter = tables.Column(verbose_name=gettext_lazy("Letter"))
    name_zh = tables.Column(verbose_name=gettext_lazy("Name in Chinese"))
    name_en = tables.Column(verbose_name=gettext_lazy("Name in English"))
    kind = tables.Column(verbose_name=gettext_lazy("Kind"))

    class Meta:
        model = ProblemClass
        fields = ["letter", "name_zh", "name_en", "kind"]

    def render_letter(self, record: ProblemClass) -> Any:
        return self.opened(record, record.letter)

    def value_letter(self, record: ProblemClass) -> str:
        return record.letter


class CompensationKindTable(CaseDataTable):
    """What may be given."""

    KIND = "compensations"
    code = tables.Column(verbose_name=gettext_lazy("Code"))
    name_zh = tables.Column(verbose_name=gettext_lazy("Name in Chinese"))
    name_en = tables.Column(verbose_name=gettext_lazy("Name in English"))
    unit = tables.Column(verbose_name=gettext_lazy("Unit"))
    is_cash = tables.Column(verbose_name=gettext_lazy("Paid out in money"))
    is_active = tables.Column(verbose_name=gettext_lazy("Offered"))

    class Meta:
        model = CompensationKind
        fields = ["code", "name_zh", "name_en", "unit", "is_cash", "is_active"]

    def render_code(self, record: CompensationKind) -> Any:
        return self.opened(record, record.code)

    def value_code(self, record: CompensationKind) -> str:
        return record.code

    def render_is_cash(self, value: bool) -> Any:
        return _yes(value)

    def value_is_cash(self, value: bool) -> str:
        return str(_("Yes") if value else _("No"))


class PhraseTable(CaseDataTable):
    """What is not said, and what is said instead."""

    KIND = "phrases"
    words = tables.Column(verbose_name=gettext_lazy("What is not said"))
    instead = tables.Column(verbose_name=gettext_lazy("What is said instead"))
    is_active = tables.Column(verbose_name=gettext_lazy("In force"))

    class Meta:
        model = Phrase
        fields = ["words", "instead", "is_active"]

    def render_words(self, record: Phrase) -> Any:
        return self.opened(record, record.words)

    def value_words(self, record: Phrase) -> str:
        return record.words


class ReplyTemplateTable(CaseDataTable):
    """Answers at hand."""

    KIND = "replies"
    title = tables.Column(verbose_name=gettext_lazy("Title"))
    nature = tables.Column(verbose_name=gettext_lazy("For"), empty_values=())
    text = tables.Column(verbose_name=gettext_lazy("Text"))
    is_active = tables.Column(verbose_name=gettext_lazy("Offered"))

    class Meta:
        model = ReplyTemplate
        fields = ["title", "nature", "text", "is_active"]

    def render_title(self, record: ReplyTemplate) -> Any:
        return self.opened(record, record.title)

    def value_title(self, record: ReplyTemplate) -> str:
        return record.title

    def render_nature(self, value: str) -> Any:
        return NATURES.get(value, value) or _("Every nature")

    def value_nature(self, value: str) -> str:
        return str(NATURES.get(value, value))

    def render_text(self, value: str) -> Any:
        return format_html('<span class="text-secondary">{}</span>', f"{value[:48]}…" if len(value) > 48 else value)

    def value_text(self, value: str) -> str:
        return value


class ConductRuleTable(CaseDataTable):
    """Rules of conduct."""

    KIND = "conduct"
    position = tables.Column(verbose_name=gettext_lazy("Position"), attrs={"cell": {"class": "app-num"}})
    words_zh = tables.Column(verbose_name=gettext_lazy("Rule in Chinese"))
    words_en = tables.Column(verbose_name=gettext_lazy("Rule in English"))
    is_active = tables.Column(verbose_name=gettext_lazy("In force"))

    class Meta:
        model = ConductRule
        fields = ["position", "words_zh", "words_en", "is_active"]

    def render_words_zh(self, record: ConductRule) -> Any:
        return self.opened(record, record.words_zh)

    def value_words_zh(self, record: ConductRule) -> str:
        return record.words_zh


class StepTable(CaseDataTable):
    """Who is told at which part of the time."""

    KIND = "steps"
    level = tables.Column(verbose_name=gettext_lazy("Level"))
    percent = tables.Column(verbose_name=gettext_lazy("Percent of the time"), attrs={"cell": {"class": "app-num"}})
    due = tables.Column(verbose_name=gettext_lazy("What for"), empty_values=())
    role = tables.Column(verbose_name=gettext_lazy("Who is told"), empty_values=())
    is_active = tables.Column(verbose_name=gettext_lazy("In force"))

    class Meta:
        model = Step
        fields = ["level", "percent", "due", "role", "is_active"]

    def render_level(self, record: Step) -> Any:
        return self.opened(record, record.level)

    def value_level(self, record: Step) -> int:
        return record.level

    def render_percent(self, value: int) -> str:
        return f"{value} %"

    def value_percent(self, value: int) -> int:
        return value

    def render_due(self, record: Step) -> Any:
        return record.get_due_display() if record.due else _("Every clock")

    def value_due(self, record: Step) -> str:
        return str(record.get_due_display() if record.due else "")

    def render_role(self, record: Step) -> Any:
        return record.get_role_display() if record.role else _("The keeper")

    def value_role(self, record: Step) -> str:
        return str(record.get_role_display() if record.role else "")


_SEVERITIES: dict[str, Any] = dict(
    [("", gettext_lazy("Every severity")), *Complaint.Severity.choices, *OutsideCase.Level.choices]
)


class TargetTable(HouseTable):
    """Time limits with the days they hold, and what can be done with each."""

    due = tables.Column(verbose_name=gettext_lazy("What for"))
    severity = tables.Column(verbose_name=gettext_lazy("Severity"), empty_values=())
    amount = tables.Column(verbose_name=gettext_lazy("How long"))
    company = tables.Column(verbose_name=gettext_lazy("Company"), empty_values=())
    since = tables.Column(verbose_name=gettext_lazy("In force since"), attrs={"cell": {"class": "app-num"}})
    until = tables.Column(
        verbose_name=gettext_lazy("Last day in force"), empty_values=(), attrs={"cell": {"class": "app-num"}}
    )
    source = tables.Column(verbose_name=gettext_lazy("Source"), empty_values=())
    step = tables.Column(verbose_name="", accessor="pk", exclude_from_export=True)

    class Meta:
        model = Target
        fields = ["due", "severity", "amount", "company", "since", "until", "source", "step"]

    def render_severity(self, record: Target) -> Any:
        return _SEVERITIES.get(record.severity, record.severity)

    def value_severity(self, record: Target) -> str:
        return str(_SEVERITIES.get(record.severity, record.severity))

    def render_amount(self, record: Target) -> str:
        return f"{record.amount} {record.get_unit_display()}"

    def value_amount(self, record: Target) -> str:
        return f"{record.amount} {record.get_unit_display()}"

    def render_company(self, record: Target) -> Any:
        return record.company or _("The whole house")

    def value_company(self, record: Target) -> str:
        return str(record.company or "")

    def render_since(self, value: Any) -> str:
        return value.isoformat()

    def value_since(self, value: Any) -> Any:
        return value

    def render_until(self, record: Target) -> str:
        return record.until.isoformat() if record.until else "–"

    def value_until(self, record: Target) -> Any:
        return record.until

    def render_source(self, record: Target) -> Any:
        return _("default of the house") if record.source == "default of the house" else record.source or "–"

    def value_source(self, record: Target) -> str:
        return record.source

    def render_step(self, record: Target) -> Any:
        scope = self.request.actor.scope("complaints.keep_case_data")
        if not (scope.everywhere if record.company is None else scope.holds_company(record.company_id)):
            return ""
        is_planned = record.since > localdate()
        if record.until is not None and not is_planned:
            return ""
        name, said = ("take_back_target", _("Take back")) if is_planned else ("end_target", _("Let it end"))
        return format_html('<a class="btn btn-sm" href="{}">{}</a>', reverse(name, args=[record.pk]), said)
