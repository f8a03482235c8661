"""How a case ends: settled by the customer's own word, or by an exit that is counted apart; and how it is opened again
(K-05, K-22)."""

from datetime import timedelta
from decimal import Decimal

from django.utils.timezone import now
from django.utils.translation import gettext as _

from complaints.actions.calling import call_of
from complaints.actions.ending import OPENED, SHUT, open_again, shut
from complaints.actions.stages import about, open_case, save
from complaints.models import Attempt, Complaint
from core.actions import ask_approval, authority, end_tasks, use_approval
from core.actor import Actor, allow
from core.figures import touch
from core.logbook import record
from core.models import Approval, Matter
from core.models.approvals import outdated
from core.rows import Refused, atomic, lock
from customers import actions as customers
from customers.models import Call, CallAttempt

VERB = "complaints.end_case"
NOTHING = Decimal(0)
TRIES, ON_DAYS = 3, 2  # before somebody counts as not to be reached
AGAIN_DAYS = 7  # a check without an answer is tried once more
Status, Result, Reaction = Complaint.Status, Complaint.Result, Complaint.Reaction


def _finish(complaint: Complaint) -> None:
    save(complaint, *SHUT)
    touch(complaint.store_id, complaint.received_on)
    if complaint.closed_on:
        touch(complaint.store_id, complaint.closed_on)


@atomic
def close(complaint: Complaint, *, result_words: str = "", by: Actor) -> Complaint:
    """Close a settled complaint: only with what the customer said when called after the remedy (K-05)."""
    allow(by, "complaints.close", complaint.store)
    complaint = open_case(complaint)
    if complaint.status != Status.CALLING:
        raise Refused(_("A complaint closes after the remedy is carried out and the customer was called."))
    made = complaint.closing_call
    if made is None or made.status != Call.Status.REACHED:
        raise Refused(_("The closing call has no answer yet: without the customer's word no complaint is closed."))
    if made.answer == Call.Answer.DISSATISFIED:
        raise Refused(_("The customer is not satisfied: the complaint goes on."))
    result = Result.SATISFIED if made.answer == Call.Answer.SATISFIED else Result.AVERAGE
    shut(complaint, result, result_words, by=by)
    _finish(complaint)
    record("complaint.closed", complaint, by=by, about=about(complaint), result=result, words=result_words)
    return complaint


def tries_of(complaint: Complaint) -> tuple[int, int]:
    """How often, and on how many days, the customer was not reached since the last time; closing calls count too."""
    calls = CallAttempt.objects.filter(call__case_id=complaint.pk, call__rule=Call.Rule.CLOSING)
    both = [(one.at, one.outcome == Attempt.Outcome.REACHED) for one in complaint.attempts.all()]
    both += [(one.at, one.outcome in (CallAttempt.Outcome.REACHED, CallAttempt.Outcome.ANOTHER_TIME)) for one in calls]
    last = max((at for at, is_reached in both if is_reached), default=None)
    missed = [at for at, is_reached in both if not is_reached and (last is None or at > last)]
    return len(missed), len({complaint.store.business_date(at) for at in missed})


def ends_alone(by: Actor, complaint: Complaint) -> bool:
    """Whether somebody may end a complaint without agreement on their own."""
    limit = authority(by, Matter.END_CASE, complaint.store)
    return limit is None or limit > 0


def end_request_of(complaint: Complaint) -> Approval | None:
    """The newest request to end a case without agreement, as long as the case stands as it was looked at."""
    rows = Approval.objects.filter(verb=VERB, kind=complaint.kind_name(), object_id=complaint.pk)
    found = rows.with_names().order_by("-id").first()
    return found if found and not outdated([found]) else None


def _check_exit(complaint: Complaint, result: str, by: Actor) -> None:
    if result not in Complaint.EXITS:
        raise Refused(_("Choose how the case ends."), field="result")
    if result == Result.UNREACHABLE:
        tries, days = tries_of(complaint)
        if tries < TRIES or days < ON_DAYS:
            raise Refused(
                _("Note at least 3 tries on 2 days before a customer counts as not to be reached: %(n)s so far.")
                % {"n": tries},
                field="result",
            )
    if result == Result.NO_AGREEMENT and not ends_alone(by, complaint):
        if use_approval(complaint, verb=VERB, matter=Matter.END_CASE, amount=NOTHING, by=by) is None:
            raise Refused(
                _("The general manager approves an end without agreement. Ask for approval."),
                field="result",
                code="beyond_authority",
            )


@atomic
def end_case(complaint: Complaint, *, result: str, words: str, by: Actor) -> Complaint:
    """End a case that is not settled: withdrawn, customer not to be reached, no agreement, or court; counted apart."""
    allow(by, VERB, complaint.store)
    complaint = open_case(complaint)
    _check_exit(complaint, result, by)
    shut(complaint, result, words, by=by)
    _finish(complaint)
    customers.drop_case_call(complaint.pk, by=by)
    record("complaint.ended", complaint, by=by, about=about(complaint), result=result, words=words)
    return complaint


@atomic
def ask_end(complaint: Complaint, *, reason: str, by: Actor) -> Approval:
    """Ask whoever may to end a complaint without agreement, with what was offered and why it was refused."""
    allow(by, "complaints.end_case", complaint.store)
    complaint = open_case(complaint)
    record("complaint.end_asked", complaint, by=by, about=about(complaint), reason=reason)
    offered = "；".join(complaint.options.standing().values_list("words", flat=True))
    return ask_approval(
        complaint,
        store=complaint.store,
        matter=Matter.END_CASE,
        verb=VERB,
        amount=NOTHING,
        worth=NOTHING,
        reason=reason,
        title=f"{complaint} {complaint.who}".strip(),
        address=complaint.get_absolute_url(),
        facts=[("customer", complaint.who), ("words", complaint.words[:400]), ("offered", offered[:400])],
        by=by,
    )


def _closed(complaint: Complaint) -> Complaint:
    complaint = lock(complaint)
    if complaint.origin:
        raise Refused(_("This case was loaded from elsewhere: it is history and is not worked on."))
    if complaint.status != Status.CLOSED:
        raise Refused(_("This case is not closed."), code="wrong_status")
    return complaint


def _reopened(complaint: Complaint, reason: str, by: Actor) -> None:
    before = complaint.closed_on
    open_again(complaint)
    save(complaint, *OPENED)
    end_tasks("case_check", complaint, by=by)
    touch(complaint.store_id, complaint.received_on)
    if before:
        touch(complaint.store_id, before)
    record("complaint.reopened", complaint, by=by, about=about(complaint), reason=reason)


@atomic
def reopen(complaint: Complaint, *, reason: str, by: Actor) -> Complaint:
    """Go on with a case that was closed, because it is not settled after all."""
    allow(by, "complaints.reopen", complaint.store)
    complaint = _closed(complaint)
    _reopened(complaint, reason, by)
    return complaint


@atomic
def check_closed(complaint: Complaint, *, reaction: str, words: str = "", by: Actor) -> Complaint:
    """Ask a while after closing whether it is still settled (K-22); somebody who is not content has the case back."""
    allow(by, "complaints.check_closed", complaint.store)
    complaint = _closed(complaint)
    if complaint.checked_at:
        raise Refused(_("This case was checked already."), code="wrong_status")
    if reaction == Reaction.NOT_ACCEPTED and not words.strip():
        raise Refused(_("Write down what the customer is not satisfied with."), field="words")
    is_first = complaint.check_reaction != Reaction.NO_ANSWER
    complaint.check_reaction, complaint.check_words = reaction, words.strip()
    complaint.checked_at = now()
    if reaction == Reaction.NO_ANSWER and is_first:
        complaint.checked_at = None
        complaint.check_due_on = complaint.store.business_date(now()) + timedelta(days=AGAIN_DAYS)
    save(complaint, "check_reaction", "check_words", "checked_at", "check_due_on")
    record("complaint.checked", complaint, by=by, about=about(complaint), reaction=reaction, words=words)
    end_tasks("case_check", complaint, by=by)
    if reaction == Reaction.NOT_ACCEPTED:
        _reopened(complaint, words, by)
    return complaint


@atomic
def call_again(complaint: Complaint, *, by: Actor) -> Complaint:
    """Plan one more closing call with somebody who was not reached, or who agreed to be called after all."""
    allow(by, "complaints.close", complaint.store)
    complaint = open_case(complaint)
    if complaint.status != Status.CALLING:
        raise Refused(_("A closing call follows when the remedy is carried out."), code="wrong_status")
    if complaint.closing_call and (complaint.closing_call.is_open or complaint.closing_call.answer):
        raise Refused(_("This call is already planned."), code="wrong_status")
    made = call_of(complaint, now(), is_wanted=True, by=by)
    if made is None:
        raise Refused(_("There is no phone number, or no hour in which the person may be called."))
    complaint.closing_call, complaint.answered_at, complaint.call_pending = made, None, False
    save(complaint, "closing_call", "answered_at", "call_pending")
    end_tasks("case_call_failed", complaint, by=by)
    record("complaint.call_planned", complaint, by=by, about=about(complaint), again=True)
    return complaint
