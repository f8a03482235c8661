"""How a case ends: the closing call, closing, the other ends, opening again, the check after closing."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from complaints import actions
from complaints.actions.closing import end_request_of, ends_alone, tries_of
from complaints.forms.closing import AskEndForm, CallAgainForm, CheckClosedForm, CloseForm, EndCaseForm, ReopenForm
from complaints.models import Complaint
from core.models import Approval
from core.web import HouseRequest, door, verb_page
from customers.models import Call

Status = Complaint.Status
WAITING = (Approval.Status.ASKED, Approval.Status.GRANTED)


def _may(request: HouseRequest, complaint: Complaint) -> dict[str, bool]:
    """What can be done to end a case as it stands, by the one who looks."""
    actor, store, call = request.actor, complaint.store, complaint.closing_call
    is_here, is_calling = not complaint.origin, complaint.status == Status.CALLING
    is_closed = is_here and complaint.status == Status.CLOSED
    is_answered = call is not None and call.answer in (Call.Answer.SATISFIED, Call.Answer.AVERAGE)
    over = call is None or (not call.is_open and not call.answer)
    is_complaint = complaint.nature == Complaint.Nature.COMPLAINT
    alone = ends_alone(actor, complaint)
    found = {
        "close": is_here and is_calling and is_answered and actor.may("complaints.close", store),
        "call_again": is_here and is_calling and over and not complaint.call_pending,
        "end": is_here and complaint.is_open and actor.may("complaints.end_case", store),
        "reopen": is_closed and actor.may("complaints.reopen", store),
        "check": is_closed and complaint.check_due_on is not None and complaint.checked_at is None,
    }
    found["call_again"] = found["call_again"] and actor.may("complaints.close", store)
    found["check"] = found["check"] and actor.may("complaints.check_closed", store)
    found["ask_end"] = found["end"] and is_complaint and not alone
    return found


def shown(request: HouseRequest, complaint: Complaint) -> dict[str, Any]:
    """The closing call with its answer, how the case ended, and what can be done about its end."""
    calls = Call.objects.filter(case_id=complaint.pk, rule=Call.Rule.CLOSING).select_related("agent").order_by("-id")
    may = _may(request, complaint)
    asked = end_request_of(complaint) if may["ask_end"] else None
    is_waiting = asked is not None and asked.status in WAITING
    return {
        "closing_calls": list(calls[:5]),
        "closing_may": may,
        "closing_asked": asked if is_waiting else None,
        "closing_is_due": bool(complaint.check_due_on and complaint.check_due_on <= localdate()),
        "closing_sees_calls": request.actor.may("customers.see_calls", complaint.store),
    }


def _case(request: HouseRequest, pk: int) -> Complaint:
    rows = Complaint.objects.visible_to(request.actor).with_names().select_related("closing_call")
    return get_object_or_404(rows, pk=pk)


def _page(request: HouseRequest, form: Any, action: Any, case: Complaint, **told: Any) -> HttpResponse:
    told |= {"template": "complaints/case_form.html", "aside": "complaints/_beside.html", "complaint": case}
    return verb_page(request, form, action, case, pretitle=str(case), target=case, **told)


@door("complaints.close")
def close(request: HouseRequest, pk: int) -> HttpResponse:
    """Close a settled complaint with the customer's word."""
    form = CloseForm(request.POST or None, by=request.actor)
    told = {"heading": _("Close the complaint"), "done": _("The complaint is closed.")}
    return _page(request, form, actions.close, _case(request, pk), **told)


@door("complaints.close")
def call_again(request: HouseRequest, pk: int) -> HttpResponse:
    """One more closing call."""
    form = CallAgainForm(request.POST or None, by=request.actor)
    text = _("A closing call is planned once more. Whoever wants no calls has agreed to this one.")
    told = {"heading": _("Plan another closing call"), "text": text, "done": _("The call is planned.")}
    return _page(request, form, actions.call_again, _case(request, pk), **told)


@door("complaints.end_case")
def end_case(request: HouseRequest, pk: int) -> HttpResponse:
    """End a case that is not settled."""
    case = _case(request, pk)
    tries, days = tries_of(case)
    text = _("Tries without reaching the customer so far: %(n)s, on %(days)s days.") % {"n": tries, "days": days}
    form = EndCaseForm(request.POST or None, by=request.actor)
    told = {"heading": _("End the case otherwise"), "text": text, "done": _("The case is ended.")}
    version = request.POST.get("version", "") or case.version
    return _page(request, form, actions.end_case, case, version=version, **told)


@door("complaints.end_case")
def ask_end(request: HouseRequest, pk: int) -> HttpResponse:
    """Ask the general manager for an end without agreement."""
    form = AskEndForm(request.POST or None, by=request.actor)
    told = {"heading": _("Ask for an end without agreement"), "done": _("The general manager is asked.")}
    return _page(request, form, actions.ask_end, _case(request, pk), **told)


@door("complaints.reopen")
def reopen(request: HouseRequest, pk: int) -> HttpResponse:
    """Go on with a closed case."""
    form = ReopenForm(request.POST or None, by=request.actor)
    told = {"heading": _("Open the case again"), "done": _("The case is open again.")}
    return _page(request, form, actions.reopen, _case(request, pk), **told)


@door("complaints.check_closed")
def check_closed(request: HouseRequest, pk: int) -> HttpResponse:
    """Ask a while after closing whether it is still settled."""
    form = CheckClosedForm(request.POST or None, by=request.actor)
    text = _("A customer who is not content any more has the case back: it is opened again.")
    told = {"heading": _("Check after closing"), "text": text, "done": _("The check is noted.")}
    return _page(request, form, actions.check_closed, _case(request, pk), **told)
