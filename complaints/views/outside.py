"""The same case where others keep it: noted, answered, appealed, said in public, closed; and the log of all of them."""

from typing import Any

from django.db.models import OuterRef, Subquery
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.timezone import now
from django.utils.translation import gettext as _

from complaints import actions
from complaints.actions.outside import VERB, dues_of, needs_days
from complaints.actions.statements import decides_alone, request_of
from complaints.filters import OutsideFilter
from complaints.forms.outside import (
    AnswerOutsideForm,
    AppealForm,
    ApproveStatementForm,
    CloseOutsideForm,
    DraftStatementForm,
    EditOutsideForm,
    NoteOutsideForm,
    PublishStatementForm,
    SettleAppealForm,
)
from complaints.models import Channel, Clock, Complaint, OutsideCase
from complaints.tables import OutsideTable
from core.lists import list_page
from core.models import Attachment
from core.web import HouseRequest, door, verb_page

NEWEST = {"-came_at": ("-came_at", "-id"), "came_at": ("came_at", "id")}


def _noted(request: HouseRequest, pk: int) -> OutsideCase:
    return get_object_or_404(OutsideCase.objects.visible_to(request.actor).with_names(), pk=pk)


def shown(request: HouseRequest, complaint: Complaint) -> dict[str, Any]:
    """What others keep of a case, each with its clocks and what can be done with it now."""
    may = request.actor.may(VERB, complaint.store) and not complaint.origin
    rows: list[Any] = list(complaint.outside.prefetch_related("clocks"))
    files = Attachment.objects.filter(kind=OutsideCase.kind_name(), object_id__in=[one.pk for one in rows])
    with_files = set(files.filter(removed_at=None).values_list("object_id", flat=True))
    for one in rows:
        one.complaint, one.has_files = complaint, one.pk in with_files
        one.running = [clock for clock in one.clocks.all() if not clock.ended_at]
        one.asked = request_of(one) if one.is_media and one.statement else None
        one.may = may and not one.closed_at
        one.may_answer = one.may and not one.is_media and any(c.due == dues_of(one.body)[0] for c in one.running)
        one.is_granted = one.statement_state == "approved" or (one.asked is not None and one.asked.status == "granted")
        waits = one.asked is not None and one.asked.status == "asked"
        one.may_approve = one.may and one.statement and not waits and not one.is_granted and not one.published_at
        one.alone = decides_alone(request.actor, one) if one.may_approve else False
    return {"outside_cases": rows, "outside_may_note": may and complaint.is_open}


@door("complaints.see_complaints", methods=("GET",))
def outside_cases(request: HouseRequest) -> HttpResponse:
    """The log of what others keep: press and platforms, regulators, the manufacturer, each with who looks after it."""
    running = Clock.objects.filter(outside=OuterRef("pk"), ended_at=None).order_by("due_at")
    rows = OutsideCase.objects.visible_to(request.actor).with_names()
    rows = rows.annotate(next_due=Subquery(running.values("due_at")[:1]))
    views = {
        "media": (_("Press and social media"), rows.of_media()),
        "regulators": (_("Regulators"), rows.filter(body__in=OutsideCase.REGULATORS)),
        "oem": (_("Manufacturer"), rows.filter(body=OutsideCase.Body.OEM)),
        "all": (_("All"), rows),
    }
    tab = request.GET.get("tab", "all")
    return list_page(
        request,
        rows=views.get(tab, views["all"])[1],
        table_class=OutsideTable,
        filterset_class=OutsideFilter,
        orderings=NEWEST,
        heading=_("Regulator, manufacturer, press"),
        name="outside",
        tabs=[{"label": one[0], "url": f"?tab={key}", "active": key == tab} for key, one in views.items()],
        empty={"icon": "world", "title": _("Nothing here yet"), "text": _("It is noted on the page of its case.")},
    )


@door(VERB)
def note_outside(request: HouseRequest, pk: int) -> HttpResponse:
    """Note that somebody outside keeps a case too."""
    complaint = get_object_or_404(Complaint.objects.visible_to(request.actor).select_related("store"), pk=pk)
    body = request.POST.get("body") or request.GET.get("body", "") or _body_of(complaint)
    first = {"body": body, "came_at": now()}
    form = NoteOutsideForm(request.POST or None, request.FILES or None, by=request.actor, initial=first)
    return verb_page(
        request,
        form,
        actions.note_outside,
        complaint,
        heading=_("Note regulator, manufacturer or press"),
        pretitle=str(complaint),
        text=_why_days(complaint) if body in ("", *OutsideCase.REGULATORS) else "",
        template="complaints/note_outside.html",
        done=_("It is noted, and its deadlines run."),
    )


def _body_of(complaint: Complaint) -> str:
    """Where a case came from, as far as the way by which it was registered says it."""
    ways = set(complaint.channels.values_list("way", flat=True))
    noted = set(complaint.outside.values_list("body", flat=True))
    return OutsideCase.Body.OEM if Channel.Way.OEM in ways and OutsideCase.Body.OEM not in noted else ""


def _why_days(complaint: Complaint) -> str:
    """Why the days of a regulator are typed: the rule that was in force has ended."""
    if not needs_days(complaint, OutsideCase.Body.MARKET, OutsideCase.Level.ORDINARY, now()):
        return ""
    return _(
        "For regulators no time limit is in force here: the measures on complaints were revised with effect from "
        "2026-04-15. Type the days that their letter names."
    )


def _verb(request: HouseRequest, pk: int, form_class: Any, action: Any, **more: Any) -> HttpResponse:
    """The page of one step on what others keep."""
    found = _noted(request, pk)
    first = more.pop("initial", None)
    initial = first(found) if first else None
    form = form_class(request.POST or None, request.FILES or None, by=request.actor, initial=initial)
    more |= {"version": request.POST.get("version", "") or found.version, "complaint": found.complaint}
    more |= {"template": "complaints/case_form.html", "aside": "complaints/_beside.html"}
    more.setdefault("text", str(found))
    return verb_page(request, form, action, found, **more)


@door(VERB)
def edit_outside(request: HouseRequest, pk: int) -> HttpResponse:
    """Put right what was noted, or move its deadlines by a new letter."""
    more = {"heading": _("Change what was noted"), "done": _("It is changed."), "submit": _("Save")}
    return _verb(request, pk, EditOutsideForm, actions.edit_outside, initial=EditOutsideForm.known, **more)


@door(VERB)
def answer_outside(request: HouseRequest, pk: int) -> HttpResponse:
    """Note the first answer there."""
    more = {"heading": _("First answer given"), "done": _("The answer is noted."), "submit": _("Save")}
    return _verb(request, pk, AnswerOutsideForm, actions.answer_outside, **more)


@door(VERB)
def appeal(request: HouseRequest, pk: int) -> HttpResponse:
    """Appeal to the manufacturer."""
    heading, done = _("Appeal to the manufacturer"), _("The appeal is noted.")
    return _verb(request, pk, AppealForm, actions.appeal, heading=heading, done=done)


@door(VERB)
def settle_appeal(request: HouseRequest, pk: int) -> HttpResponse:
    """Note what became of the appeal."""
    more = {"heading": _("Result of the appeal"), "done": _("The result is noted."), "submit": _("Save")}
    text = _noted(request, pk).appeal_words
    return _verb(request, pk, SettleAppealForm, actions.settle_appeal, text=text, **more)


@door(VERB)
def draft_statement(request: HouseRequest, pk: int) -> HttpResponse:
    """Write the statement."""
    more = {"heading": _("Write the statement"), "submit": _("Save")}
    more["done"] = _("The statement is written; it waits for approval.")
    first = {"initial": lambda outside: {"statement": outside.statement}}
    return _verb(request, pk, DraftStatementForm, actions.draft_statement, **more, **first)


@door(VERB)
def approve_statement(request: HouseRequest, pk: int) -> HttpResponse:
    """Approve the statement, or ask whoever may."""
    found = _noted(request, pk)
    alone = decides_alone(request.actor, found)
    heading = _("Approve the statement") if alone else _("Ask for approval of the statement")
    done = _("The statement is approved.") if alone else _("The manager is asked.")
    more = {"heading": heading, "done": done, "text": found.statement}
    return _verb(request, pk, ApproveStatementForm, actions.approve_statement, **more)


@door(VERB)
def publish_statement(request: HouseRequest, pk: int) -> HttpResponse:
    """Note where the approved statement was published."""
    more = {
        "heading": _("Statement published"),
        "done": _("It is noted."),
        "text": _noted(request, pk).statement,
        "submit": _("Save"),
    }
    return _verb(request, pk, PublishStatementForm, actions.publish_statement, **more)


@door(VERB)
def close_outside(request: HouseRequest, pk: int) -> HttpResponse:
    """Note how it was closed there."""
    more = {"heading": _("Closed there"), "done": _("It is closed there."), "submit": _("Save")}
    return _verb(request, pk, CloseOutsideForm, actions.close_outside, **more)
