"""The queue of follow-up calls and the page of one call."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.lists import list_page
from core.logbook import note_read
from core.templatetags.ui import plate
from core.web import back, door, page, submit, verb_page
from customers import actions
from customers.actions.calls import barred_words
from customers.filters import CallFilter
from customers.forms import AgreeTimeForm, CallForm, ReassignForm
from customers.models import Call, CallHold, VisitNote
from customers.tables import ANSWER_TONES, CALL_TONES, CallTable, UnplannedTable


def _call(request: HttpRequest, pk: int) -> Call:
    rows = Call.objects.visible_to(request.actor).with_names()  # type: ignore[attr-defined]
    return get_object_or_404(rows, pk=pk)


def _tabs(request: HttpRequest) -> dict[str, tuple[str, Any]]:
    rows = Call.objects.visible_to(request.actor).with_names()  # type: ignore[attr-defined]
    mine = rows.mine(request.user.pk)
    return {
        "now": (_("Mine now"), mine.callable_now()),
        "later": (_("Mine later"), mine.callable_later()),
        "late": (_("Late"), rows.late()),
        "held": (_("Held"), rows.held()),
        "open": (_("All open"), rows.open()),
        "done": (_("Done"), rows.exclude(status__in=Call.OPEN)),
        "all": (_("All"), rows),
    }


@door("customers.see_calls", methods=("GET",))
def calls(request: HttpRequest) -> HttpResponse:
    """The queue: mine now and later, what is late, everything open, what is done; members first."""
    tabs = _tabs(request)
    makes_calls = request.actor.may("customers.call")  # type: ignore[attr-defined]
    tab = request.GET.get("tab", "now" if makes_calls else "open")
    unplanned = VisitNote.objects.visible_to(request.actor).without_call().count()  # type: ignore[attr-defined]
    views = [{"label": label, "url": f"?tab={key}", "active": key == tab} for key, (label, _r) in tabs.items()]
    if unplanned:
        label = _("Cannot be planned")
        views.append({"label": label, "url": "?tab=unplanned", "active": tab == "unplanned", "count": unplanned})
    if tab == "unplanned":
        return _unplanned(request, views)
    rows = tabs.get(tab, tabs["open"])[1]
    later = tabs["later"][1].count() if tab == "now" else 0
    waits = ngettext(
        "%(n)s of your calls waits for the hours in which the person may be disturbed: see “Mine later”.",
        "%(n)s of your calls wait for the hours in which the person may be disturbed: see “Mine later”.",
        later,
    ) % {"n": later}
    by_rank = {"rank": ("rank", "id"), "due_on": ("due_on", "id"), "-due_on": ("-due_on", "-id")}
    return list_page(
        request,
        rows=rows,
        table_class=CallTable,
        filterset_class=CallFilter,
        orderings={"-id": ("-id",), **by_rank} if tab == "done" else by_rank,
        heading=_("Follow-up calls"),
        name="calls",
        tabs=views,
        empty={
            "icon": "phone-check",
            "title": _("No call here"),
            "text": waits if later else _("New ones come the day after a visit."),
        },
    )


def _unplanned(request: HttpRequest, tabs: list[dict[str, Any]]) -> HttpResponse:
    rows = VisitNote.objects.visible_to(request.actor).without_call()  # type: ignore[attr-defined]
    return list_page(
        request,
        rows=rows.select_related("vehicle", "customer"),
        table_class=UnplannedTable,
        orderings={"-id": ("-id",)},
        heading=_("Follow-up calls"),
        name="unplanned",
        tabs=tabs,
    )


@door("customers.see_calls")
def call(request: HttpRequest, pk: int) -> HttpResponse:
    """One call: the script beside the form; writing down an attempt leads to the next call."""
    found = _call(request, pk)
    actor = request.actor  # type: ignore[attr-defined]
    form = CallForm(request.POST or None, by=actor)
    if actor.may("customers.call") and (result := submit(request, form, actions.call, found)):
        return back(request, _("The call is written down."), _after(request, result))
    if request.method == "GET":
        note_read(found, by=actor)
    return page(request, "customers/call.html", _context(request, found, form))


def _next(request: HttpRequest, but: Call) -> Call | None:
    rows = Call.objects.visible_to(request.actor).mine(request.user.pk)  # type: ignore[attr-defined]
    return rows.callable_now().exclude(pk=but.pk).in_queue_order().first()


def _after(request: HttpRequest, made: Call) -> Any:
    """Where the agent goes on: the next call of the queue, unless this one wants to be looked at."""
    if made.answer == Call.Answer.DISSATISFIED:
        return made
    return _next(request, made) or "calls"


def _context(request: HttpRequest, found: Call, form: CallForm) -> dict[str, Any]:
    actor = request.actor  # type: ignore[attr-defined]
    worked = found.is_open and found.is_barred(request.user.pk)
    may_now = found.is_open and not found.is_held
    return {
        "call": found,
        "form": form,
        "script": script_of(found, str(request.user)),
        "tries": found.tries.select_related("by"),
        "next": _next(request, found),
        "tone": CALL_TONES[Call.Status(found.status)],
        "answer_tone": ANSWER_TONES[Call.Answer(found.answer)] if found.answer else "",
        "worked": barred_words(found) if worked else "",
        "holds": CallHold.objects.of(found).select_related("store") if found.is_held else [],
        "may_call": may_now and actor.may("customers.call", found.store) and not worked,
        "may_agree": may_now and actor.may("customers.agree_time", found.store),
        "may_reassign": actor.may("customers.reassign", found.store) and found.is_open,
        "may_complain": actor.may("complaints.register", found.store),
        "may_see_customers": actor.may("customers.see_customers"),
        "attempts_left": max(found.store.call_attempts - found.attempts, 0),
    }


def _about_visit(note: VisitNote, words: dict[str, Any]) -> tuple[str, str]:
    """What the call after a visit is about, and its question."""
    words |= {"plate": plate(note.vehicle.plate) if note.vehicle.plate else note.vehicle}
    words |= {"day": localtime(note.left_at).strftime("%m-%d"), "work": note.what or _("the work")}
    return (
        _("On %(day)s your car %(plate)s was with us: %(work)s. May I ask you two short questions?") % words,
        _("How is the car since then, and were you satisfied with our service?"),
    )


def _about_case(words: dict[str, Any]) -> tuple[str, str]:
    """What the closing call is about, and its question: the customer's word closes a complaint (K-05)."""
    return (
        _("You told us what you were not content with: %(about)s. We did what was agreed with you.") % words,
        _("Is it settled for you, and were you satisfied with how we dealt with it?"),
    )


def script_of(found: Call, caller: str) -> dict[str, Any]:
    """What to say (C-28): the greeting with name, date and work, then a branch for each answer, and the end."""
    words = {"name": found.name or _("sir or madam"), "store": found.store, "caller": caller}
    words["about"] = found.about.partition(" ")[2] or found.about  # its number is not read out
    about, ask = _about_case(words) if found.note is None else _about_visit(found.note, words)
    return {
        "open": [_("Hello, is this %(name)s? This is %(caller)s of %(store)s.") % words, about],
        "ask": ask,
        "branches": [
            ("satisfied", _("I am glad to hear that. Is there anything we could still do better for you?")),
            ("average", _("Thank you for saying so. What was it that did not quite convince you?")),
            (
                "dissatisfied",
                _("I am sorry about that. Please tell me what happened; I write it down and somebody calls you back."),
            ),
        ],
        "close": _("Thank you for your time, %(name)s. We wish you a safe journey. Goodbye.") % words,
    }


@door("customers.agree_time")
def agree_time(request: HttpRequest, pk: int) -> HttpResponse:
    """Another time that suits the customer."""
    form = AgreeTimeForm(request.POST or None, by=request.actor)  # type: ignore[attr-defined]
    return verb_page(
        request,
        form,
        actions.agree_time,
        _call(request, pk),
        heading=_("Agree another time"),
        text=_("The first due date stays visible beside the agreed time."),
        done=_("The agreed time is noted."),
    )


@door("customers.reassign")
def reassign(request: HttpRequest, pk: int) -> HttpResponse:
    """Give the call to somebody else."""
    form = ReassignForm(request.POST or None, by=request.actor)  # type: ignore[attr-defined]
    return verb_page(
        request,
        form,
        actions.reassign,
        _call(request, pk),
        heading=_("Give the call to another agent"),
        done=_("The call has another agent."),
    )
