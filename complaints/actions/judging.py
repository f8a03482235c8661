"""Judging a complaint, agreeing on a time with the customer, answering, and what the customer says to the answer."""

from datetime import date, datetime, timedelta

from django.utils.timezone import now
from django.utils.translation import gettext as _

from complaints.actions.cases import follow_severity
from complaints.actions.clocks import end_clock, note_answer, retime_stage, start_clock
from complaints.actions.corrections import plan_correction
from complaints.actions.ending import SHUT, shut
from complaints.actions.remedies import asked_as, check_stage, tell_keeper
from complaints.actions.stages import about, enter, open_case, save
from complaints.models import Complaint, Due
from core.actions import end_tasks, give_task
from core.actor import Actor, allow
from core.figures import touch
from core.logbook import record
from core.models import Employee
from core.rows import Refused, atomic
from customers import actions as customers
from customers.actions.messages import BY_HAND
from customers.models import Message

Status, Nature, Result, Reaction = Complaint.Status, Complaint.Nature, Complaint.Result, Complaint.Reaction
REACTION_WITHIN = timedelta(days=3)  # by then the customer is asked how the answer was taken
ESTABLISHED = (Status.INVESTIGATING, Status.PROPOSING, Status.DECIDING, Status.CARRYING_OUT)


@atomic
def judge(
    complaint: Complaint,
    *,
    grounds_ok: bool,
    grounds_reason: str,
    demand_ok: bool,
    demand_reason: str,
    severity: str = "",
    department: str = "",
    by: Actor,
) -> Complaint:
    """Judge a complaint: are its grounds sufficient, is its demand reasonable, and why (K-07)? Without grounds it is
    answered; with them a department answers for it and it is investigated, whatever is demanded. A judgement that
    turns out wrong is made anew."""
    allow(by, "complaints.judge", complaint.store)
    complaint = open_case(complaint)
    check_stage(complaint, Status.RECEIVED, Status.ANSWERING, Status.INVESTIGATING)
    if complaint.nature != Nature.COMPLAINT:
        raise Refused(_("Only a complaint is judged; an enquiry or a suggestion is answered."))
    if grounds_ok and not department:
        raise Refused(_("The complaint holds: name the department that answers for it."), field="department")
    was_major = complaint.severity == Complaint.Severity.MAJOR
    complaint.severity = severity or complaint.severity
    complaint.grounds_ok, complaint.grounds_reason = grounds_ok, grounds_reason.strip()
    complaint.demand_ok, complaint.demand_reason = demand_ok, demand_reason.strip()
    complaint.department = department if grounds_ok else ""
    complaint.judged_by_id, complaint.judged_at = by.pk, now()
    if (stage := Status.INVESTIGATING if grounds_ok else Status.ANSWERING) != complaint.status:
        enter(complaint, stage)
    retime_stage(complaint)
    kept = {"grounds_ok": grounds_ok, "grounds_reason": complaint.grounds_reason, "demand_ok": demand_ok}
    kept |= {"demand_reason": complaint.demand_reason, "department": complaint.department}
    save(complaint, *kept, "severity", "judged_by", "judged_at", "status")
    record("complaint.judged", complaint, by=by, about=about(complaint), severity=complaint.severity, **kept)
    touch(complaint.store_id, complaint.received_on)
    follow_severity(complaint, was_major, by)
    return complaint


@atomic
def agree_deadline(complaint: Complaint, *, until: datetime, words: str, by: Actor) -> Complaint:
    """Agree with the customer until when a complaint that holds is settled; agreed anew, the new time counts (K-09)."""
    allow(by, "complaints.agree_deadline", complaint.store)
    complaint = open_case(complaint)
    check_stage(complaint, *ESTABLISHED)
    moment = now()
    if until <= moment:
        raise Refused(_("The agreed time must lie in the future."), field="until")
    before, complaint.agreed_until, complaint.agreed_words = complaint.agreed_until, until, words.strip()
    start_clock(complaint, Due.AGREED, due_at=until, moment=moment)
    save(complaint, "agreed_until", "agreed_words")
    agreed = [before, until] if before else until
    record("complaint.deadline_agreed", complaint, by=by, about=about(complaint), agreed_until=agreed, words=words)
    return complaint


@atomic
def answer(complaint: Complaint, *, text: str, channel: str, by: Actor) -> Complaint:
    """Answer an enquiry, a suggestion or a complaint that does not hold: said in person or by phone, or sent (K-08)."""
    allow(by, "complaints.answer", complaint.store)
    complaint = open_case(complaint)
    check_stage(complaint, Status.ANSWERING)
    if channel not in BY_HAND and not complaint.phone:
        raise Refused(_("No phone number is known. Choose another way."), field="channel")
    complaint.reply, complaint.replied_at = text.strip(), now()
    complaint.reaction = complaint.reaction_words = ""
    customers.tell(
        complaint.store,
        complaint.customer,
        complaint.phone,
        Message.Code.CASE_ANSWERED,
        channel,
        by=by,
        row=complaint,
        text=complaint.reply,
    )
    note_answer(complaint, complaint.replied_at)
    _wait_for_reaction(complaint, complaint.replied_at, by)
    save(complaint, "reply", "replied_at", "reaction", "reaction_words")
    record("complaint.answered", complaint, by=by, about=about(complaint), words=complaint.reply, channel=channel)
    return complaint


def _wait_for_reaction(complaint: Complaint, moment: datetime, by: Actor) -> None:
    """The house has answered, so its clock ends; the keeper asks the customer, if they do not say it themselves."""
    end_clock(complaint, Due.ANSWERING, moment=moment)
    if complaint.keeper_id:
        due_at = moment + REACTION_WITHIN
        keeper, number = complaint.keeper_id, complaint.number
        give_task(complaint.store, keeper, "case_ask_reaction", due_at=due_at, row=complaint, by=by, number=number)


@atomic
def note_reaction(
    complaint: Complaint,
    *,
    reaction: str,
    words: str = "",
    adopted: bool | None = None,
    change: str = "",
    owner: Employee | None = None,
    due_on: date | None = None,
    by: Actor,
) -> Complaint:
    """Note what the customer says to an answer: accepted, the case is closed; a complaint that is not satisfied is
    investigated; an enquiry or a suggestion is answered again. Of a suggestion it is said whether it is adopted, and
    who changes what by when."""
    allow(by, asked_as(by, "complaints.answer"), complaint.store)
    complaint = open_case(complaint)
    check_stage(complaint, Status.ANSWERING)
    if not complaint.replied_at or complaint.reaction not in ("", Reaction.NO_ANSWER):
        raise Refused(_("Answer the customer first."))
    if reaction == Reaction.NOT_ACCEPTED and not words.strip():
        raise Refused(_("Write down what the customer is not satisfied with."), field="words")
    result = _result_of(complaint, reaction, adopted)
    complaint.reaction, complaint.reaction_words = reaction, words.strip()
    if result:
        shut(complaint, result, by=by)
    elif complaint.nature == Nature.COMPLAINT and reaction == Reaction.NOT_ACCEPTED:
        enter(complaint, Status.INVESTIGATING)
    elif reaction == Reaction.NOT_ACCEPTED:
        start_clock(complaint, Due.ANSWERING, severity=complaint.severity, moment=now())
    if reaction == Reaction.NOT_ACCEPTED:  # the end of a case ends it too
        end_tasks("case_ask_reaction", complaint, by=by)
    save(complaint, "reaction", "reaction_words", *SHUT)
    if complaint.closed_on:
        touch(complaint.store_id, complaint.closed_on)
    told = {"reaction": reaction, "words": complaint.reaction_words, "result": result}
    record("complaint.reacted", complaint, by=by, about=about(complaint), **told)
    touch(complaint.store_id, complaint.received_on)
    if by.kind == "customer":
        tell_keeper(complaint, "case_reacted", by, words=complaint.reaction_words)
    if change.strip():
        _improve(complaint, result, change=change, owner=owner, due_on=due_on, by=by)
    return complaint


def _result_of(complaint: Complaint, reaction: str, adopted: bool | None) -> str:
    """How a case ends with this reaction; nothing when it goes on."""
    is_suggestion = complaint.nature == Nature.SUGGESTION
    if adopted is not None and not is_suggestion:
        raise Refused(_("Only a suggestion is adopted or not."), field="adopted")
    if complaint.nature == Nature.COMPLAINT:
        return Result.NOT_ESTABLISHED if reaction == Reaction.ACCEPTED else ""
    if reaction == Reaction.NOT_ACCEPTED:
        return ""
    if is_suggestion and adopted is None:
        raise Refused(_("Say whether the suggestion is adopted."), field="adopted")
    return Result.ANSWERED if not is_suggestion else Result.ADOPTED if adopted else Result.NOT_ADOPTED


def _improve(
    complaint: Complaint, result: str, *, change: str, owner: Employee | None, due_on: date | None, by: Actor
) -> None:
    """A suggestion that is adopted becomes a corrective action with its owner and its day (K-15)."""
    if result != Result.ADOPTED:
        raise Refused(_("Only what is adopted is changed."), field="change")
    if owner is None:
        raise Refused(_("Say who does it."), field="owner")
    if due_on is None:
        raise Refused(_("Say until when."), field="due_on")
    plan_correction(complaint.store, words=change, owner=owner, due_on=due_on, complaint=complaint, by=by)
