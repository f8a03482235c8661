"""The data that cases are run by: what is offered, said, asked and due; one list and one form a kind."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from complaints import actions, tables
from complaints.forms import case_data as forms
from complaints.models import (
    CompensationKind,
    ConductRule,
    Phrase,
    Problem,
    ProblemClass,
    ReplyTemplate,
    Step,
    Target,
)
from core.lists import list_page
from core.web import HouseRequest, door, page, verb_page

KEEP = forms.KEEP


@dataclass(frozen=True)
class Kind:
    """A kind of data: what its rows are, how they are typed and listed."""

    model: Any
    form: Any
    table: Any
    icon: str
    label: Any
    new: Any
    about: Any
    order: tuple[str, ...]


KINDS = {
    "problems": Kind(
        Problem,
        forms.ProblemForm,
        tables.ProblemTable,
        "list-check",
        gettext_lazy("Problems"),
        gettext_lazy("Add a problem"),
        gettext_lazy("What complaints are about, by code. Codes of loaded files that no list knows stand first."),
        ("-is_unknown", "code", "id"),
    ),
    "problem_classes": Kind(
        ProblemClass,
        forms.ProblemClassForm,
        tables.ProblemClassTable,
        "tag",
        gettext_lazy("Classes of problems"),
        gettext_lazy("Add a class"),
        gettext_lazy("By which complaints are counted."),
        ("letter", "id"),
    ),
    "targets": Kind(
        Target,
        forms.TargetHoursForm,
        tables.TargetTable,
        "clock",
        gettext_lazy("Time limits"),
        gettext_lazy("Lay down a time limit"),
        gettext_lazy("How long something may take. A rule in force is never changed: a new one follows it on its day."),
        ("due", "severity", "-since", "-id"),
    ),
    "steps": Kind(
        Step,
        forms.StepForm,
        tables.StepTable,
        "bell",
        gettext_lazy("Steps of escalation"),
        gettext_lazy("Add a step"),
        gettext_lazy(
            "Who is told when the time runs out, each once. Steps of one clock stand in for the general ones."
        ),
        ("due", "level", "id"),
    ),
    "compensations": Kind(
        CompensationKind,
        forms.CompensationKindForm,
        tables.CompensationKindTable,
        "wallet",
        gettext_lazy("Kinds of compensation"),
        gettext_lazy("Add a kind"),
        gettext_lazy("What may be given to make up for something."),
        ("code", "id"),
    ),
    "phrases": Kind(
        Phrase,
        forms.PhraseForm,
        tables.PhraseTable,
        "message-circle",
        gettext_lazy("What is not said"),
        gettext_lazy("Add a phrase"),
        gettext_lazy("Whoever writes it to a customer is shown what is said instead."),
        ("words", "id"),
    ),
    "replies": Kind(
        ReplyTemplate,
        forms.ReplyTemplateForm,
        tables.ReplyTemplateTable,
        "note",
        gettext_lazy("Answers at hand"),
        gettext_lazy("Add an answer"),
        gettext_lazy("Texts to begin an answer with."),
        ("title", "id"),
    ),
    "conduct": Kind(
        ConductRule,
        forms.ConductRuleForm,
        tables.ConductRuleTable,
        "user-check",
        gettext_lazy("Rules of conduct"),
        gettext_lazy("Add a rule"),
        gettext_lazy("The checklist beside a case."),
        ("position", "id"),
    ),
}


def _rows(request: HouseRequest, kind: str) -> Any:
    """The rows of a kind; of time limits those of the house and of one's own companies."""
    rows = KINDS[kind].model.objects.all()
    if kind == "problems":
        rows = rows.select_related("problem_class")
    if kind != "targets":
        return rows
    scope = request.actor.scope(KEEP)
    rows = rows.select_related("company")
    return rows if scope.everywhere else rows.filter(Q(company=None) | Q(company__in=scope.any_company))


@door("complaints.keep_case_data", methods=("GET",))
def case_data(request: HouseRequest) -> HttpResponse:
    """What there is to keep, and what asks for somebody."""
    unknown = Problem.objects.filter(is_unknown=True, is_active=True).count()
    found = [
        {
            "label": one.label,
            "about": one.about,
            "icon": one.icon,
            "url": reverse(f"case_{name}"),
            "count": _rows(request, name).count(),
            "unknown": unknown if name == "problems" else 0,
        }
        for name, one in KINDS.items()
    ]
    return page(request, "complaints/case_data.html", {"kinds": found})


@door("complaints.keep_case_data", methods=("GET",))
def case_data_list(request: HouseRequest, kind: str) -> HttpResponse:
    """The rows of one kind."""
    one, today = KINDS[kind], localdate()
    rows = _rows(request, kind)
    tabs: list[dict[str, Any]] = []
    if kind == "targets":
        past = request.GET.get("tab") == "past"
        rows = rows.filter(until__lt=today) if past else rows.filter(Q(until=None) | Q(until__gte=today))
        tabs = [
            {"label": _("In force and to come"), "url": "?", "active": not past},
            {"label": _("No longer in force"), "url": "?tab=past", "active": past},
        ]
    return list_page(
        request,
        rows=rows,
        table_class=one.table,
        orderings={one.order[0]: one.order},
        heading=one.label,
        pretitle=_("Data of cases"),
        name=kind,
        tabs=tabs,
        new_url=reverse(f"add_case_{kind}"),
        new_label=one.new,
        template="complaints/case_data_list.html",
        about=one.about,
    )


@door("complaints.keep_case_data")
def add_case_data(request: HouseRequest, kind: str) -> HttpResponse:
    """A new row of one kind."""
    one, target = KINDS[kind], reverse(f"case_{kind}")
    is_target = kind == "targets"
    return verb_page(
        request,
        one.form(request.POST or None, by=request.actor),
        actions.add_target if is_target else actions.add_case_data,
        heading=one.new,
        pretitle=one.label,
        submit=_("Save"),
        done=_("It is added."),
        target=target,
        text=_("The rule in force until then ends the day before. Deadlines that run already stay.")
        if is_target
        else "",
        more={} if is_target else {"model": one.model},
    )


@door("complaints.keep_case_data")
def edit_case_data(request: HouseRequest, kind: str, pk: int) -> HttpResponse:
    """Change a row of one kind, or offer it no longer."""
    one, target = KINDS[kind], reverse(f"case_{kind}")
    row = get_object_or_404(_rows(request, kind), pk=pk)
    form = one.form(request.POST or None, by=request.actor, initial=forms.known_of(one.form, row))
    for name in {"code", "letter"} & form.fields.keys():
        form.fields[name].disabled = True
    return verb_page(
        request,
        form,
        actions.edit_case_data,
        row,
        heading=str(row),
        pretitle=one.label,
        submit=_("Save"),
        done=_("The change is saved."),
        target=target,
        extra="core/_version.html",
        version=request.POST.get("version", "") or row.version,
    )


def _target_page(request: HouseRequest, pk: int, form_class: Any, action: Any, **said: Any) -> HttpResponse:
    target = get_object_or_404(_rows(request, "targets"), pk=pk)
    form = form_class(request.POST or None, by=request.actor)
    back = reverse("case_targets")
    return verb_page(request, form, action, target, pretitle=str(target), target=back, **said)


@door("complaints.keep_case_data")
def end_target(request: HouseRequest, pk: int) -> HttpResponse:
    """Let a rule end on a day."""
    return _target_page(
        request,
        pk,
        forms.EndTargetForm,
        actions.end_target,
        heading=_("Let the rule end"),
        text=_("After its last day the deadline is typed as the letter says, until a new rule is laid down."),
        done=_("The rule ends on that day."),
    )


@door("complaints.keep_case_data")
def take_back_target(request: HouseRequest, pk: int) -> HttpResponse:
    """Take back a rule that has not begun yet."""
    return _target_page(
        request,
        pk,
        forms.TakeBackTargetForm,
        actions.take_back_target,
        heading=_("Take the rule back"),
        text=_("The rule that it would have followed goes on."),
        done=_("The rule is taken back."),
        danger=True,
    )
