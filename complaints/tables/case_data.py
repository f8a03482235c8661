"""The lists of the data that cases are run by."""

from typing import Any

import django_tables2 as tables
from django.urls import reverse
from django.utils.html import format_html
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from complaints.models import (
    CompensationKind,
    Complaint,
    ConductRule,
    OutsideCase,
    Phrase,
    Problem,
    ProblemClass,
    ReplyTemplate,
    Step,
    Target,
)
from core.lists import HouseTable
from core.templatetags.ui import badge, dot

NATURES = dict(Complaint.Nature.choices)


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
        return record.said

    def value_amount(self, record: Target) -> str:
        return record.said

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
