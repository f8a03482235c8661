"""Corrective actions: the list, one of them, and the steps of its way (K-15)."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from complaints import actions
from complaints.filters import CorrectionFilter
from complaints.forms.learning import (
    AddCorrectionForm,
    CheckCorrectionForm,
    DoCorrectionForm,
    DropCorrectionForm,
    EditCorrectionForm,
)
from complaints.models import Complaint, Correction
from complaints.tables import CORRECTION_TONES, CorrectionTable
from core.events import events_of
from core.lists import list_page
from core.web import HouseRequest, door, page, verb_page

Status = Correction.Status
ORDERINGS = {"due_on": ("due_on", "id"), "-due_on": ("-due_on", "-id")}
KEEP = "complaints.add_correction"


def _row(request: HouseRequest, pk: int) -> Correction:
    return get_object_or_404(Correction.objects.visible_to(request.actor).with_names(), pk=pk)


def may_of(request: HouseRequest, row: Correction) -> dict[str, bool]:
    """What can be done with a corrective action now, by the one who looks."""
    may, store, is_open = request.actor.may, row.store, row.status == Status.OPEN
    is_done, is_own = row.status == Status.DONE, row.owner_id == request.user.pk
    return {
        "do": is_open and is_own and may("complaints.do_correction", store),
        "check": is_done and not is_own and may("complaints.check_correction", store),
        "edit": is_open and may(KEEP, store),
        "drop": (is_open or is_done) and may(KEEP, store),
    }


@door("core.see_tasks", methods=("GET",))
def corrections(request: HouseRequest) -> HttpResponse:
    """What is changed because of complaints: to do, late, to check, done; whoever only does finds their own."""
    rows = Correction.objects.visible_to(request.actor).with_names()
    tabs = {
        "mine": (_("Mine"), rows.mine(request.user.pk).exclude(status__in=[Status.EFFECTIVE, Status.DROPPED])),
        "open": (pgettext("corrective action", "Open"), rows.to_do()),
        "late": (_("Late"), rows.late()),
        "to_check": (_("Effect to be checked"), rows.to_check()),
        "done": (_("Effective"), rows.filter(status=Status.EFFECTIVE)),
        "all": (_("All"), rows),
    }
    tab = request.GET.get("tab", "open" if request.actor.may(KEEP) else "mine")
    return list_page(
        request,
        rows=tabs.get(tab, tabs["open"])[1],
        table_class=CorrectionTable,
        filterset_class=CorrectionFilter,
        orderings=ORDERINGS,
        heading=_("Corrective actions"),
        name="corrections",
        tabs=[{"label": label, "url": f"?tab={key}", "active": key == tab} for key, (label, _r) in tabs.items()],
        new_url=reverse("add_correction") if request.actor.may(KEEP) else "",
        new_label=_("Corrective action"),
        empty={"icon": "circle-check", "title": _("No corrective action here")},
    )


@door("core.see_tasks", methods=("GET",))
def correction(request: HouseRequest, pk: int) -> HttpResponse:
    """One corrective action: what, whose, until when, what was done, whether it helped."""
    row, actor = _row(request, pk), request.actor
    context = {
        "row": row,
        "tone": CORRECTION_TONES[row.status],
        "may": may_of(request, row),
        "sees_case": bool(row.complaint) and actor.may("complaints.see_complaints", row.store),
        "may_see_files": actor.may("core.see_attachments", row.store),
        "events": events_of(row, 40),
    }
    return page(request, "complaints/correction.html", context)


@door(KEEP)
def add_correction(request: HouseRequest) -> HttpResponse:
    """A new corrective action; out of a case when one comes from there."""
    first: dict[str, Any] = {}
    asked = request.GET.get("complaint", "")
    if asked.isdecimal() and len(asked) < 18:
        case = Complaint.objects.visible_to(request.actor).filter(pk=asked).first()
        if case:
            first = {"complaint": case.pk, "store": case.store_id, "department": case.department}
    form = AddCorrectionForm(request.POST or None, by=request.actor, initial=first)
    heading, done = _("Corrective action"), _("It is given to its owner.")
    return verb_page(
        request,
        form,
        actions.add_correction,
        heading=heading,
        submit=_("Save"),
        done=done,
        cancel=reverse("corrections"),
    )


def _step(request: HouseRequest, pk: int, form_class: Any, action: Any, **told: Any) -> HttpResponse:
    """The page of one step of a corrective action."""
    row = _row(request, pk)
    first = told.pop("first", None)
    form = form_class(request.POST or None, by=request.actor, initial=first(row) if first else None)
    told |= {"extra": "core/_version.html", "version": request.POST.get("version", "") or row.version}
    told.setdefault("text", row.words)
    return verb_page(request, form, action, row, pretitle=_("Corrective action"), **told)


@door(KEEP)
def edit_correction(request: HouseRequest, pk: int) -> HttpResponse:
    """Change what is to be done, by whom, until when."""
    told = {"heading": _("Change the corrective action"), "submit": _("Save"), "done": _("The change is saved.")}
    return _step(request, pk, EditCorrectionForm, actions.edit_correction, first=EditCorrectionForm.known, **told)


@door("complaints.do_correction")
def do_correction(request: HouseRequest, pk: int) -> HttpResponse:
    """Say what was done."""
    told = {"heading": _("It is done"), "done": _("It is done; somebody else looks whether it helped.")}
    return _step(request, pk, DoCorrectionForm, actions.do_correction, **told)


@door("complaints.check_correction")
def check_correction(request: HouseRequest, pk: int) -> HttpResponse:
    """Look whether it helped."""
    row = _row(request, pk)
    told = {"heading": _("Did it help?"), "submit": _("Save"), "done": _("The check is noted.")}
    return _step(
        request, pk, CheckCorrectionForm, actions.check_correction, text=f"{row.words} → {row.done_words}", **told
    )


@door(KEEP)
def drop_correction(request: HouseRequest, pk: int) -> HttpResponse:
    """Give it up."""
    told = {"heading": _("Drop the corrective action"), "done": _("It is dropped."), "template": "core/confirm.html"}
    return _step(request, pk, DropCorrectionForm, actions.drop_correction, danger=True, **told)
