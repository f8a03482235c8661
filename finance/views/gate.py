"""Pages of the gate: passes, and the guard's phone page."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _

from core.lists import list_page
from core.prints import pdf_answer
from core.templatetags.ui import plate
from core.web import HouseRequest, door, page, verb_page
from customers.shapes import tidy_plate
from finance import actions
from finance.filters import GatePassFilter
from finance.forms import CancelGatePassForm, LetOutForm, NoteBackForm, OtherPassForm, TestPassForm
from finance.models import GatePass
from finance.prints import gate_pass as gate_pass_print
from finance.tables import GatePassTable, state_of_pass
from finance.views.settlements import may_pass
from service.forms import NoFieldsForm
from service.models import Visit


def _visit(request: HouseRequest, pk: int) -> Visit:
    return get_object_or_404(Visit.objects.visible_to(request.actor).with_names(), pk=pk)


def _gate_pass(request: HouseRequest, pk: int) -> GatePass:
    return get_object_or_404(GatePass.objects.visible_to(request.actor).with_names(), pk=pk)


@door("finance.issue_gate_pass")
def issue_gate_pass(request: HouseRequest, pk: int) -> HttpResponse:
    """Issue the gate pass; where there is one already, or something is missing, the page leads there instead."""
    visit = _visit(request, pk)
    issued = GatePass.objects.filter(visit=visit, kind=GatePass.Kind.SERVICE, cancelled_at=None).first()
    if request.method == "GET" and (issued or not may_pass(visit, request.actor)):
        return redirect(issued or visit)
    form = NoFieldsForm(request.POST or None, by=request.actor)
    return verb_page(
        request,
        form,
        actions.issue_gate_pass,
        visit,
        heading=_("Issue the gate pass"),
        pretitle=plate(str(visit)),
        template="core/confirm.html",
        done=_("The gate pass is issued."),
    )


@door("finance.issue_test_pass")
def issue_test_pass(request: HouseRequest, pk: int) -> HttpResponse:
    """Let a car out for a road test or to a sublet."""
    visit = _visit(request, pk)
    form = TestPassForm(request.POST or None, by=request.actor, initial={"driver_name": request.actor.name})
    return verb_page(
        request,
        form,
        actions.issue_test_pass,
        visit,
        heading=_("Road test or sublet"),
        pretitle=plate(str(visit)),
        target=visit,
        submit=_("Issue the pass"),
        done=_("The car may go out; the guard sees it now."),
    )


@door("finance.issue_other_pass")
def issue_other_pass(request: HouseRequest) -> HttpResponse:
    """Let a car out that was not in for service."""
    return verb_page(
        request,
        OtherPassForm(request.POST or None, by=request.actor),
        actions.issue_other_pass,
        heading=_("Pass for a sold or transferred car"),
        pretitle=_("Gate"),
        submit=_("Issue the pass"),
        cancel="/gate/",
        done=_("The pass is written."),
    )


@door("finance.see_gate_passes", methods=("GET",))
def gate(request: HouseRequest) -> HttpResponse:
    """The guard's page: the plate at the barrier, the cars that may leave, the cars that are outside."""
    rows = GatePass.objects.visible_to(request.actor).with_names()
    tails = tidy_plate(request.GET.get("plate", "")[:20])
    tab = request.GET.get("tab", "waiting")
    views = {"waiting": rows.waiting(), "outside": rows.outside(), "all": rows}
    return list_page(
        request,
        rows=views.get(tab, views["waiting"]),
        table_class=GatePassTable,
        filterset_class=GatePassFilter,
        orderings={"-issued_at": ("-issued_at", "-id"), "issued_at": ("issued_at", "id")},
        heading=_("Gate"),
        name="gate-passes",
        template="finance/gate.html",
        tabs=_tabs(rows, tab),
        cards=tab != "all",
        prepare=_prepare,
        barrier=_barrier(request, rows, tails) if "plate" in request.GET else None,
        may_issue=request.actor.may("finance.issue_other_pass"),
        empty=_empty(tab),
    )


def _tabs(rows: Any, tab: str) -> list[dict[str, Any]]:
    """The views of the page; how many are due back stands in red on their tab."""
    overdue = rows.overdue().count()
    return [
        {"label": _("May leave"), "url": "?tab=waiting", "active": tab not in {"outside", "all"}},
        {"label": _("Outside"), "url": "?tab=outside", "active": tab == "outside", "count": overdue or None},
        {"label": _("All"), "url": "?tab=all", "active": tab == "all"},
    ]


def _empty(tab: str) -> dict[str, str]:
    if tab == "outside":
        return {"icon": "route", "title": _("No car is outside")}
    return {"icon": "barrier-block", "title": _("No car may leave now"), "text": _("Paid cars show up here.")}


def _prepare(rows: list[Any]) -> None:
    for one in rows:
        one.tone, one.word = state_of_pass(one)


def _barrier(request: HouseRequest, rows: Any, tail: str) -> dict[str, Any]:
    """What the guard does with the car in front of the barrier, by the end of its plate."""
    found: list[Any] = list(rows.open().wearing(tail).order_by("-issued_at", "-id")[:6]) if len(tail) >= 4 else []
    _prepare(found)
    may = [one for one in found if one.state != GatePass.State.HELD and one.state != GatePass.State.REFUSED]
    here = Visit.objects.in_store().filter(store__in=_stores(request)).select_related("vehicle", "advisor")
    inside = here.filter(vehicle__plate__endswith=tail).first() if len(tail) >= 4 and not found else None
    return {
        "typed": tail,
        "short": len(tail) < 4,
        "passes": found,
        "one": found[0] if len(found) == 1 else None,
        "is_good": bool(may),
        "inside": inside,
    }


def _stores(request: HouseRequest) -> Any:
    from core.models import Store

    return Store.objects.for_verb(request.actor, "finance.see_gate_passes")


@door("finance.see_gate_passes", methods=("GET",))
def gate_pass(request: HouseRequest, pk: int) -> HttpResponse:
    """One gate pass; the guard compares the plate here."""
    found = _gate_pass(request, pk)
    actor, store = request.actor, found.store
    if found.state == GatePass.State.WAITING and actor.may("finance.let_out", store):
        return redirect("let_out", pk=found.pk)
    tone, word = state_of_pass(found)
    may_cancel = not found.used_at and not found.cancelled_at and actor.may(found.issued_by, store)
    is_outside = found.state in {GatePass.State.OUTSIDE, GatePass.State.OVERDUE}
    context = {
        "gate_pass": found,
        "tone": tone,
        "word": word,
        "may_cancel": may_cancel,
        "may_note_back": is_outside and actor.may("finance.note_back", store),
    }
    return page(request, "finance/gate_pass.html", context)


@door("finance.let_out")
def let_out(request: HouseRequest, pk: int) -> HttpResponse:
    """The guard compares the plate and lets the car out."""
    found = _gate_pass(request, pk)
    form = LetOutForm(request.POST or None, by=request.actor)
    return verb_page(
        request,
        form,
        actions.let_out,
        found,
        heading=_("Let the car out"),
        template="finance/let_out.html",
        target="/gate/",
        cancel="/gate/",
        done=_("%(plate)s is out.") % {"plate": plate(found.worn)},
    )


@door("finance.note_back")
def note_back(request: HouseRequest, pk: int) -> HttpResponse:
    """The car is back from the road test or the sublet."""
    found = _gate_pass(request, pk)
    tone, word = state_of_pass(found)
    return verb_page(
        request,
        NoteBackForm(request.POST or None, by=request.actor),
        actions.note_back,
        found,
        heading=_("The car is back"),
        template="finance/note_back.html",
        target="/gate/?tab=outside",
        cancel="/gate/?tab=outside",
        done=_("%(plate)s is back.") % {"plate": plate(found.worn)},
        tone=tone,
        word=word,
    )


@door("finance.see_gate_passes")
def cancel_gate_pass(request: HouseRequest, pk: int) -> HttpResponse:
    """Take a pass back that was not used."""
    found = _gate_pass(request, pk)
    return verb_page(
        request,
        CancelGatePassForm(request.POST or None, by=request.actor),
        actions.cancel_gate_pass,
        found,
        heading=_("Take the gate pass back"),
        pretitle=f"{found} · {plate(found.worn)}",
        danger=True,
        done=_("The gate pass is cancelled."),
    )


@door("finance.see_gate_passes", methods=("GET",))
def print_gate_pass(request: HouseRequest, pk: int) -> HttpResponse:
    """The gate pass (出门证) as a PDF."""
    found = _gate_pass(request, pk)
    return pdf_answer("gate-pass", gate_pass_print(found), str(found))
