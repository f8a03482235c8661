"""Pages of the judgement, the agreed time, the answer with the customer's reaction, and the investigation."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from complaints import actions
from complaints.actions.judging import ESTABLISHED
from complaints.forms.judging import AgreeDeadlineForm, InvestigateForm, JudgeForm, ReactionForm, ReplyForm
from complaints.models import Complaint, ReplyTemplate
from complaints.views import rework
from core.models import Attachment
from core.web import HouseRequest, door, verb_page

Status, Nature = Complaint.Status, Complaint.Nature


def _case(request: HouseRequest, pk: int) -> Complaint:
    rows = Complaint.objects.visible_to(request.actor).with_names()
    return get_object_or_404(rows.select_related("judged_by", "responsible"), pk=pk)


def _steps(complaint: Complaint) -> list[tuple[str, str, str]]:
    """What can be done next with a case as it stands: verb, what the button says, its address; the main one first."""
    status, is_complaint = complaint.status, complaint.nature == Nature.COMPLAINT
    found: list[tuple[str, str, str]] = []
    if status == Status.RECEIVED:
        found.append(("judge", _("Judge"), "judge"))
    if status == Status.ANSWERING:
        waits = complaint.replied_at and complaint.reaction in ("", Complaint.Reaction.NO_ANSWER)
        both = [("answer", _("Answer the customer"), "answer"), ("answer", _("Note the reaction"), "note_reaction")]
        found += both[::-1] if waits else both[:1]
    if status == Status.INVESTIGATING:
        found.append(("investigate", _("Note what was found out"), "investigate"))
    if status in ESTABLISHED:
        agreed = _("Agree on another time") if complaint.agreed_until else _("Agree on a time with the customer")
        found.append(("agree_deadline", agreed, "agree_deadline"))
    if status == Status.PROPOSING:
        found.append(("investigate", _("Take up the investigation again"), "investigate"))
    if is_complaint and status in {Status.ANSWERING, Status.INVESTIGATING}:
        found.append(("judge", _("Judge anew"), "judge"))
    return found


def shown(request: HouseRequest, complaint: Complaint) -> dict[str, Any]:
    """How a case was judged and answered, what was found out, and what comes next."""
    actor, store = request.actor, complaint.store
    allowed = [one for one in _steps(complaint) if not complaint.origin and actor.may(f"complaints.{one[0]}", store)]
    steps = [{"label": label, "url": reverse(name, args=[complaint.pk])} for _verb, label, name in allowed]
    evidence = Attachment.objects.of(complaint).filter(purpose=Attachment.Purpose.WORK, removed_at=None)
    main = complaint.status in {Status.RECEIVED, Status.ANSWERING, Status.INVESTIGATING}
    return {
        "judging_steps": steps,
        "judging_main": main,
        "judging_waits": complaint.status == Status.ANSWERING and complaint.replied_at and not complaint.reaction,
        "judging_evidence": evidence.count() if complaint.findings or complaint.route else 0,
    } | rework.shown(request, complaint)


@door("complaints.judge")
def judge(request: HouseRequest, pk: int) -> HttpResponse:
    """The two questions: are the grounds sufficient, is the demand reasonable?"""
    complaint = _case(request, pk)
    form = JudgeForm(request.POST or None, by=request.actor, initial=JudgeForm.known(complaint))
    return verb_page(
        request,
        form,
        actions.judge,
        complaint,
        heading=_("Judge the complaint"),
        pretitle=str(complaint),
        done=_("The complaint is judged."),
        template="complaints/case_form.html",
        aside="complaints/_beside.html",
        complaint=complaint,
        version=request.POST.get("version", "") or complaint.version,
    )


@door("complaints.agree_deadline")
def agree_deadline(request: HouseRequest, pk: int) -> HttpResponse:
    """Until when the customer gives the house time."""
    complaint = _case(request, pk)
    first = {"until": complaint.agreed_until} if complaint.agreed_until else {}
    return verb_page(
        request,
        AgreeDeadlineForm(request.POST or None, by=request.actor, initial=first),
        actions.agree_deadline,
        complaint,
        heading=_("Agree on a time with the customer"),
        pretitle=str(complaint),
        submit=_("Save"),
        done=_("The agreed time is noted."),
        template="complaints/case_form.html",
        aside="complaints/_beside.html",
        complaint=complaint,
    )


@door("complaints.answer")
def answer(request: HouseRequest, pk: int) -> HttpResponse:
    """The answer to the customer, from a template or in one's own words."""
    complaint = _case(request, pk)
    offered = ReplyTemplate.objects.filter(nature__in=["", complaint.nature], is_active=True)
    asked = request.GET.get("template", "")
    chosen = next((one for one in offered if str(one.pk) == asked), None)
    return verb_page(
        request,
        ReplyForm(request.POST or None, by=request.actor, initial={"text": ReplyForm.filled(chosen, complaint)}),
        actions.answer,
        complaint,
        heading=_("Answer the customer"),
        pretitle=str(complaint),
        done=_("The customer is answered."),
        template="complaints/answer.html",
        aside="complaints/_beside.html",
        complaint=complaint,
        templates=offered,
        chosen=chosen,
    )


@door("complaints.answer")
def note_reaction(request: HouseRequest, pk: int) -> HttpResponse:
    """What the customer says to the answer."""
    complaint = _case(request, pk)
    form = ReactionForm(request.POST or None, by=request.actor)
    form.only_for(complaint)
    return verb_page(
        request,
        form,
        actions.note_reaction,
        complaint,
        heading=_("Note the reaction"),
        pretitle=str(complaint),
        submit=_("Save"),
        done=_("The reaction is noted."),
        template="complaints/case_form.html",
        aside="complaints/_beside.html",
        complaint=complaint,
    )


@door("complaints.investigate")
def investigate(request: HouseRequest, pk: int) -> HttpResponse:
    """What was found out: route, findings, evidence, who is responsible, the root cause and five whys."""
    complaint = _case(request, pk)
    first = InvestigateForm.known(complaint)
    form = InvestigateForm(request.POST or None, request.FILES or None, by=request.actor, initial=first)
    form.only_for(complaint)
    return verb_page(
        request,
        form,
        actions.investigate,
        complaint,
        heading=_("Investigation"),
        pretitle=str(complaint),
        submit=_("Save"),
        done=_("The investigation is noted."),
        template="complaints/case_form.html",
        aside="complaints/_beside.html",
        complaint=complaint,
        version=request.POST.get("version", "") or complaint.version,
    )
