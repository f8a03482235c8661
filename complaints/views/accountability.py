"""Pages of who answers for a fault: for those who may see it, and for the person concerned."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from complaints import actions
from complaints.actions import waiting
from complaints.forms.accountability import (
    AskAccountabilityForm,
    DecideAccountabilityForm,
    HearForm,
    HoldAccountableForm,
)
from complaints.forms.remedies import (
    CaseReasonForm,
)
from complaints.models import Accountability, Complaint
from core.models import Approval
from core.web import HouseRequest, door, page, verb_page

Status = Accountability.Status
TONES = {Status.PROPOSED: "orange", Status.APPROVED: "red", Status.REFUSED: "secondary", Status.WITHDRAWN: "secondary"}


def _row(request: HouseRequest, pk: int) -> Accountability:
    return get_object_or_404(Accountability.objects.visible_to(request.actor).with_names(), pk=pk)


@door("complaints.hold_accountable")
def hold_accountable(request: HouseRequest, pk: int) -> HttpResponse:
    """Propose that somebody answers for the fault."""
    case = get_object_or_404(Complaint.objects.visible_to(request.actor).with_names(), pk=pk)
    first = {"employee": case.responsible_id, "words": case.findings[:1000]}
    return verb_page(
        request,
        HoldAccountableForm(request.POST or None, by=request.actor, initial=first),
        actions.hold_accountable,
        case,
        heading=_("Hold somebody to account"),
        text=_("The person is told and says their side; somebody else decides. Pay is not cut by this."),
        pretitle=str(case),
        done=_("It is proposed; the person is told and says their side."),
    )


@door("core.see_tasks", methods=("GET",))
def accountability(request: HouseRequest, pk: int) -> HttpResponse:
    """Who answers for a fault, by which rule, what the person says, what was decided."""
    row = _row(request, pk)
    store, may, me = row.complaint.store, request.actor.may, request.user.pk
    is_open, is_own = row.status == Status.PROPOSED, row.employee_id == me
    holds = may("complaints.hold_accountable", store) and not is_own
    approval = waiting(row)
    asked = approval is not None and approval.status == Approval.Status.ASKED
    can = asked and Approval.objects.filter(pk=approval.pk).to_decide_by(me).exists() if approval else False
    context = {
        "row": row,
        "tone": TONES[Status(row.status)],
        "approval": approval,
        "is_own": is_own,
        "sees_case": may("complaints.see_complaints", store),
        "may_hear": is_open and (is_own or holds),
        "may_ask": is_open and holds and bool(row.heard) and not asked,
        "may_decide": is_open and bool(can) and not is_own and may("core.decide", store),
        "may_withdraw": holds and row.status in (Status.PROPOSED, Status.APPROVED),
    }
    return page(request, "complaints/accountability.html", context)


@door("core.see_tasks")
def hear(request: HouseRequest, pk: int) -> HttpResponse:
    """What the person says to it."""
    row = _row(request, pk)
    form = HearForm(request.POST or None, by=request.actor, initial={"words": row.heard})
    heading = _("Say my side") if row.employee_id == request.user.pk else _("Hear the person")
    told: dict[str, Any] = {
        "heading": heading,
        "text": f"{row.rule} · {row.words}",
        "done": _("It is written down."),
        "target": row,
    }
    return verb_page(request, form, actions.hear, row, pretitle=str(row.complaint), **told)


@door("complaints.hold_accountable")
def ask_accountability(request: HouseRequest, pk: int) -> HttpResponse:
    """Put it before somebody who may decide it."""
    row = _row(request, pk)
    form = AskAccountabilityForm(request.POST or None, by=request.actor)
    told: dict[str, Any] = {
        "heading": _("Ask for the decision"),
        "done": _("A manager is asked. You are told of the decision."),
    }
    return verb_page(request, form, actions.ask_accountability, row, pretitle=str(row), target=row, **told)


@door("core.decide")
def decide_accountability(request: HouseRequest, pk: int) -> HttpResponse:
    """Decide whether somebody answers for it."""
    row = _row(request, pk)
    form = DecideAccountabilityForm(request.POST or None, by=request.actor)
    told: dict[str, Any] = {"heading": _("Decide"), "text": f"{row.rule} · {row.words}", "target": row}
    told |= {"done": _("It is decided; the person is told.")}
    return verb_page(request, form, actions.decide_accountability, row, pretitle=str(row), **told)


@door("complaints.hold_accountable")
def withdraw_accountability(request: HouseRequest, pk: int) -> HttpResponse:
    """Take it back."""
    row = _row(request, pk)
    form = CaseReasonForm(request.POST or None, by=request.actor)
    told: dict[str, Any] = {
        "heading": _("Take the proposal back"),
        "done": _("It is taken back; the person is told."),
        "target": row,
    }
    return verb_page(request, form, actions.withdraw_accountability, row, pretitle=str(row), **told)
