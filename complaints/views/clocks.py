"""The clocks of a case: what is due when, who was warned, and how they are stopped while somebody is waited for."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.timezone import now
from django.utils.translation import gettext as _

from complaints import actions
from complaints.forms.clocks import PauseForm, ResumeForm
from complaints.models import STAGES, Clock, Complaint, Due
from core.web import HouseRequest, door, verb_page

MOST = 12  # clocks shown; the earlier rounds of a case that was opened again stand in the logbook


def _state(clock: Clock) -> tuple[str, Any]:
    """The colour of a clock and the word for it."""
    if clock.ended_at:
        return ("green", _("in time")) if clock.ended_at <= clock.due_at else ("red", _("late"))
    if clock.paused_at:
        return "secondary", _("stands still")
    if clock.due_at < now():
        return "red", _("late")
    return ("orange", _("due soon")) if clock.warn_at <= now() else ("blue", _("running"))


def shown(request: HouseRequest, complaint: Complaint) -> dict[str, Any]:
    """What is due in a case, the running clocks first, with pauses and the steps that were taken."""
    rows = complaint.clocks.select_related("outside").prefetch_related("escalations__to")
    found = sorted(rows, key=lambda one: (one.ended_at is not None, one.due_at))[:MOST]
    for one in found:
        one.tone, one.said = _state(one)  # type: ignore[attr-defined]
        one.told = [step for step in one.escalations.all() if step.is_told]  # type: ignore[attr-defined]
        one.is_own = one.due in (*STAGES, Due.AGREED)  # type: ignore[attr-defined]
    waits = complaint.pauses.filter(ended_at=None).first()
    may = complaint.is_open and not complaint.origin and request.actor.may("complaints.pause", complaint.store)
    return {
        "clocks": [one for one in found if one.ended_at is None],
        "clocks_met": [one for one in found if one.ended_at],
        "clocks_waits": waits,
        "clocks_pauses": complaint.pauses.exclude(ended_at=None),
        "clocks_may_pause": may and waits is None,
        "clocks_may_resume": may and waits is not None,
    }


def _case(request: HouseRequest, pk: int) -> Complaint:
    return get_object_or_404(Complaint.objects.visible_to(request.actor).with_names(), pk=pk)


@door("complaints.pause")
def pause(request: HouseRequest, pk: int) -> HttpResponse:
    """Let the house's own clocks stand still."""
    case = _case(request, pk)
    return verb_page(
        request,
        PauseForm(request.POST or None, by=request.actor),
        actions.pause,
        case,
        heading=_("Let the clocks stand still"),
        text=_("What the law, a regulator, the manufacturer or the press demands runs on."),
        pretitle=str(case),
        done=_("The clocks stand still."),
    )


@door("complaints.pause")
def resume(request: HouseRequest, pk: int) -> HttpResponse:
    """Let the clocks go on."""
    case = _case(request, pk)
    return verb_page(
        request,
        ResumeForm(request.POST or None, by=request.actor),
        actions.resume,
        case,
        heading=_("Let the clocks go on"),
        text=_("What is due moves by the time that the clocks stood still."),
        pretitle=str(case),
        done=_("The clocks go on."),
    )
