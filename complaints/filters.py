"""Filters of the lists of the complaints room, one class for both doors."""

from typing import Any

import django_filters as filters
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from complaints.actions.cases import WORKING
from complaints.figures import COUNTED, UNKNOWN, counted
from complaints.models import (
    STAGES,
    Bulletin,
    Channel,
    Clock,
    Complaint,
    Correction,
    Opinion,
    OutsideCase,
    ProblemClass,
)
from core.actions.tasks import DOING
from core.filters import (
    ChoiceFilter,
    CompanyFilter,
    DayFilter,
    HouseFilter,
    PersonFilter,
    RowFilter,
    StoreFilter,
    YesFilter,
)
from core.models import Department
from core.roles import VERBS

PROMISING = sorted(role for role, verbs in VERBS.items() if "complaints.promise" in verbs)


class OutsideFilter(HouseFilter):
    """What others keep, by body, level, state of the statement, keeper and day."""

    body = ChoiceFilter(label=_("Where"), choices=OutsideCase.Body.choices)
    level = ChoiceFilter(label=_("Level"), choices=OutsideCase.Level.choices)
    statement_state = ChoiceFilter(label=_("State of the statement"), choices=OutsideCase.Statement.choices)
    is_open = YesFilter(label=_("Open there"), method="by_open")
    came_from = DayFilter(label=_("Came from"), field_name="came_at__date", lookup_expr="gte")
    came_to = DayFilter(label=_("Came to"), field_name="came_at__date", lookup_expr="lte")
    keeper = RowFilter(field_name="complaint__keeper")
    complaint = RowFilter(field_name="complaint")
    store = StoreFilter(field_name="complaint__store")

    def by_open(self, rows: QuerySet, _name: str, is_open: bool) -> QuerySet:
        """Those that are still open there, or those that are not."""
        return rows.filter(closed_at__isnull=is_open)

    def search(self, rows: QuerySet, text: str) -> QuerySet:
        return rows.filter(
            Q(number__iendswith=text) | Q(complaint__number__endswith=text.upper()) | Q(url__icontains=text)
        )


class ComplaintFilter(HouseFilter):
    """Cases by what they are, how far they have come, who keeps them and which cars they are about."""

    ASKED = (
        "customer", "vehicle", "order", "call", "series", "problem", "department", "cause", "result", "model",
        "closed_from", "closed_to", "origin", "counted", "main_class", "main_problem", "stage", "topic", "tone",
        "lacks",
    )  # fmt: skip

    nature = ChoiceFilter(label=_("Nature"), choices=Complaint.Nature.choices)
    severity = ChoiceFilter(label=_("Severity"), choices=Complaint.Severity.choices)
    status = ChoiceFilter(label=_("Status"), choices=Complaint.Status.choices)
    problem_class = filters.ModelChoiceFilter(
        label=_("Class of problem"),
        queryset=ProblemClass.objects.all(),
        empty_label=_("All"),
        method="by_class",
    )
    keeper = PersonFilter(*WORKING, label=_("Case keeper"))
    way = ChoiceFilter(label=_("How it came in"), choices=Channel.Way.choices, method="by_way")
    brand = filters.CharFilter(label=_("Brand"), max_length=40, method="by_name")
    received_from = DayFilter(label=_("Received from"), field_name="received_on", lookup_expr="gte")
    received_to = DayFilter(label=_("Received to"), field_name="received_on", lookup_expr="lte")
    store = StoreFilter()
    customer = RowFilter(field_name="customer")
    vehicle = RowFilter(field_name="vehicle")
    order = RowFilter(field_name="order")
    call = RowFilter(field_name="call")
    series = filters.CharFilter(label=_("Series"), max_length=60, method="by_name")
    model = filters.CharFilter(label=_("Model"), field_name="model_name", max_length=80)
    problem = RowFilter(method="by_problem")
    department = ChoiceFilter(label=_("Responsible department"), choices=Department.choices)
    cause = ChoiceFilter(label=_("Root cause"), choices=Complaint.Cause.choices)
    result = ChoiceFilter(label=_("Result"), choices=Complaint.Result.choices)
    closed_from = DayFilter(label=_("Closed from"), field_name="closed_on", lookup_expr="gte")
    closed_to = DayFilter(label=_("Closed to"), field_name="closed_on", lookup_expr="lte")
    origin = filters.CharFilter(label=_("Origin"), max_length=40)
    # the way down from a figure to its rows
    counted = ChoiceFilter(
        label=_("Counted as"), choices=[(key, one[0]) for key, one in COUNTED.items()], method="as_counted"
    )
    main_class = filters.CharFilter(label=_("Class of the main problem"), max_length=4, method="by_main_class")
    main_problem = RowFilter(field_name="problem")
    stage = ChoiceFilter(
        label=_("Went through the stage"), choices=[(one.value, one.label) for one in STAGES], method="by_stage"
    )
    topic = filters.CharFilter(label=_("Topic of the opinion"), max_length=40, method="by_opinion")
    tone = ChoiceFilter(label=_("Tone of the opinion"), choices=Opinion.Tone.choices, method="by_opinion")
    lacks = filters.CharFilter(label=_("Not known yet"), max_length=60, method="by_lack")

    def by_name(self, rows: QuerySet, name: str, text: str) -> QuerySet:
        """Cases of a brand or series; a question mark stands for those of which it is not known."""
        return rows.filter(**{name: "" if text == UNKNOWN else text})

    def as_counted(self, rows: QuerySet, _name: str, what: str) -> QuerySet:
        """The very cases behind a figure."""
        return counted(rows, what)

    def by_main_class(self, rows: QuerySet, _name: str, letter: str) -> QuerySet:
        """Cases by the class of their main problem alone; a question mark stands for those without one."""
        if letter == UNKNOWN:
            return rows.filter(problem__problem_class=None)
        return rows.filter(problem__problem_class__letter=letter)

    def by_stage(self, rows: QuerySet, _name: str, stage: str) -> QuerySet:
        """Cases that spent time in a stage."""
        spent = Clock.objects.filter(complaint=OuterRef("pk"), due=stage, spent_minutes__isnull=False)
        return rows.filter(Exists(spent))

    def by_opinion(self, rows: QuerySet, _name: str, _value: str) -> QuerySet:
        """Suggestions with an opinion on this topic, in this tone; asked together, in one opinion."""
        asked = {key: self.form.cleaned_data.get(key) for key in ("topic", "tone")}
        said = {key: one for key, one in asked.items() if one not in (None, "")}
        return rows.filter(Exists(Opinion.objects.filter(complaint=OuterRef("pk"), **said)))

    def by_lack(self, rows: QuerySet, _name: str, names: str) -> QuerySet:
        """Cases of which the department, the root cause or the result is not known yet."""
        lacking = {name: "" for name in names.split(",") if name in {"department", "cause", "result"}}
        return rows.filter(**lacking)

    def by_class(self, rows: QuerySet, _name: str, one: ProblemClass) -> QuerySet:
        """Cases with any problem of a class."""
        return rows.filter(_has_problem(problem__problem_class=one))

    def by_problem(self, rows: QuerySet, _name: str, pk: Any) -> QuerySet:
        """Cases with this problem, main or not."""
        return rows.filter(_has_problem(problem=int(pk)))

    def by_way(self, rows: QuerySet, _name: str, way: str) -> QuerySet:
        """Cases that came in by this way, first or later."""
        return rows.filter(Exists(Channel.objects.filter(complaint=OuterRef("pk"), way=way)))

    def search(self, rows: QuerySet, text: str) -> QuerySet:
        return rows.found_by(text)  # type: ignore[attr-defined]


class CorrectionFilter(HouseFilter):
    """Corrective actions by state, owner, department and day."""

    ASKED = ("complaint",)

    status = ChoiceFilter(label=_("Status"), choices=Correction.Status.choices)
    owner = PersonFilter(*DOING, label=_("Done by"))
    department = ChoiceFilter(label=_("Department"), choices=Department.choices)
    due_from = DayFilter(label=_("Due from"), field_name="due_on", lookup_expr="gte")
    due_to = DayFilter(label=_("Due to"), field_name="due_on", lookup_expr="lte")
    store = StoreFilter()
    complaint = RowFilter(field_name="complaint")

    def search(self, rows: QuerySet, text: str) -> QuerySet:
        return rows.filter(Q(words__icontains=text) | Q(complaint__number__endswith=text.upper()))


class BulletinFilter(HouseFilter):
    """Known issues by source, cars and fault."""

    ASKED = ("complaint", "problem")

    source = ChoiceFilter(label=_("Source"), choices=Bulletin.Source.choices)
    brand = filters.CharFilter(label=_("Brand"), max_length=40, lookup_expr="iexact")
    series = filters.CharFilter(label=_("Series"), max_length=60, lookup_expr="iexact")
    is_in_force = YesFilter(label=_("In force"), method="by_force")
    company = CompanyFilter()
    problem = RowFilter(field_name="problem")
    complaint = RowFilter(field_name="complaints")

    def by_force(self, rows: QuerySet, _name: str, is_in_force: bool) -> QuerySet:
        """Those that reception shows, or those that have ended."""
        return rows.filter(ended_on__isnull=is_in_force)

    def search(self, rows: QuerySet, text: str) -> QuerySet:
        return rows.filter(Q(title__icontains=text) | Q(words__icontains=text) | Q(series__icontains=text))


class MonthSheetFilter(HouseFilter):
    """Signed sheets by store and month."""

    store = StoreFilter()
    month_from = DayFilter(label=_("From"), field_name="month", lookup_expr="gte")
    month_to = DayFilter(label=_("To"), field_name="month", lookup_expr="lte")

    def search(self, rows: QuerySet, text: str) -> QuerySet:
        return rows.filter(measures__icontains=text)


def _has_problem(**which: Any) -> Exists:
    named = Complaint.problems.through.objects.filter(complaint=OuterRef("pk"), **which)
    return Exists(named)


class PromiseFilter(HouseFilter):
    """The register of promises, by who promised, store and day."""

    employee = PersonFilter(*PROMISING, field_name="by", label=_("Promised by"))
    due_from = DayFilter(label=_("Due from"), field_name="due_at__date", lookup_expr="gte")
    due_to = DayFilter(label=_("Due to"), field_name="due_at__date", lookup_expr="lte")
    store = StoreFilter(field_name="complaint__store")

    def search(self, rows: QuerySet, text: str) -> QuerySet:
        """In what was promised, or the end of the case's number."""
        return rows.filter(Q(words__icontains=text) | Q(complaint__number__endswith=text))
