"""Making follow-up calls: writing down an attempt, agreeing another time, giving a call to somebody else."""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Q
from django.utils.timezone import now
from django.utils.translation import gettext as _

from core.actor import Actor, allow
from core.figures import touch
from core.logbook import record
from core.models import Employee, Frame
from core.roles import VERBS, Role
from core.rows import Refused, atomic, lock, move
from customers.actions.planning import roll
from customers.actions.words import say
from customers.models import Call, CallAttempt, ContactConsent, Customer
from customers.models.consents import CALLS

Outcome = CallAttempt.Outcome
GRACE = timedelta(minutes=30)  # a call that began in time may be written down a little later
EARLY = timedelta(minutes=10)  # and an agreed one may begin a little earlier
AGAIN = {  # how long to leave somebody alone after an attempt that did not get through
    Outcome.BUSY: timedelta(minutes=15),
    Outcome.NO_ANSWER: timedelta(hours=2),
    Outcome.WRONG_NUMBER: timedelta(hours=2),
}
CALLERS = [role for role in Role if "customers.call" in VERBS[role]]


def _may_disturb(one: Call, moment: datetime) -> bool:
    """Whether a call written down at this moment was made in hours in which the customer may be disturbed."""
    if one.is_agreed:
        return one.not_before - EARLY <= moment <= one.not_after + GRACE
    customer = one.customer
    # a call that began before the quiet hours may be written down in them
    if customer and customer.is_quiet_at(moment, one.store.time_zone):
        if customer.is_quiet_at(moment - GRACE, one.store.time_zone):
            return False
    day = one.store.business_date(moment)
    if day <= one.counted_from:
        return False
    hours = Frame.objects.filter(calendar=one.store.calling_id, starts_at__lte=moment, ends_at__gt=moment - GRACE)
    if customer and customer.call_from and customer.call_until:
        zone = ZoneInfo(one.store.time_zone)
        begin, end = (datetime.combine(day, clock, zone) for clock in (customer.call_from, customer.call_until))
        return begin <= moment <= end + GRACE and hours.filter(starts_at__lt=end, ends_at__gt=begin).exists()
    return hours.exists()


def _open(call: Call) -> Call:
    call = lock(call)
    if call.status not in Call.OPEN:
        raise Refused(_("This call is already closed."))
    return call


def barred_words(call: Call) -> str:
    """Why one does not make this call oneself."""
    if call.note is None:
        return _("You answer for what was complained of, or keep the case, so somebody else makes this call.")
    return _("You worked on this car, so somebody else makes this call.")


def _not_held(call: Call) -> None:
    if call.is_held:
        raise Refused(_("A complaint of this person is open. The call waits until it is settled."), code="wrong_status")


def _complete(outcome: str, answer: str, reason: str, agreed_at: datetime | None) -> None:
    """The record is complete for its outcome, or a sentence beside the field that is missing (C-26)."""
    if outcome == Outcome.REACHED and not answer:
        raise Refused(_("Please note whether the customer is satisfied."), field="answer")
    if outcome != Outcome.REACHED and answer:
        raise Refused(_("Only a customer who was reached can give an answer. Choose “Reached”."), field="outcome")
    if answer == Call.Answer.DISSATISFIED and not reason.strip():
        raise Refused(_("Please write down why the customer is dissatisfied."), field="reason")
    if outcome == Outcome.ANOTHER_TIME and not agreed_at:
        raise Refused(_("Please enter the time the customer asked for."), field="agreed_at")


@atomic
def call(
    call: Call,
    *,
    outcome: str,
    answer: str = "",
    reason: str = "",
    suggestion: str = "",
    agreed_at: datetime | None = None,
    seconds: int | None = None,
    remark: str = "",
    by: Actor,
    moment: datetime | None = None,
) -> Call:
    """Write down one attempt to reach the customer, with the answers when the call came through."""
    allow(by, "customers.call", call.store)
    moment = moment or now()
    # the customer first, then the call: whoever edits a customer takes the locks in the same order
    customer = lock(call.customer) if outcome == Outcome.REFUSED and call.customer else None
    call = _open(call)
    _not_held(call)
    if call.is_barred(by.pk):
        raise Refused(barred_words(call))
    if not _may_disturb(call, moment):
        raise Refused(_("The customer must not be disturbed now. The call may be made in the hours shown."))
    _complete(outcome, answer, reason, agreed_at)
    CallAttempt.objects.create(call=call, at=moment, by_id=by.pk, outcome=outcome, seconds=seconds, remark=remark)
    call.attempts += 1
    call.first_attempt_at = call.first_attempt_at or moment
    call.agent_id = call.agent_id or by.pk
    fields: dict[str, Any] = {}
    if outcome == Outcome.REACHED:
        fields = {"answer": answer, "reason": reason.strip(), "suggestion": suggestion.strip()}
        _close(call, Call.Status.REACHED, moment)
    elif outcome == Outcome.REFUSED:
        _close(call, Call.Status.DROPPED, moment)
    elif outcome == Outcome.ANOTHER_TIME and agreed_at:
        fields = _agreed(call, agreed_at, moment)
    elif call.attempts >= call.store.call_attempts:
        _close(call, Call.Status.GIVEN_UP, moment)
    for name, value in fields.items():
        setattr(call, name, value)
    call.save(update_fields=["attempts", "first_attempt_at", "agent", "status", "closed_at", *fields])
    if customer:
        _refuse_calls(customer, by)
    elif call.status in Call.OPEN and outcome in AGAIN:
        roll(call.store, moment + AGAIN[Outcome(outcome)], call=call.pk)
        call.refresh_from_db()
    touch(call.store_id, call.counted_on)
    about = [call.customer, call.car]
    record("call.made", call, by=by, about=about, outcome=outcome, answer=answer, reason=reason)
    return call


def _close(call: Call, status: Call.Status, moment: datetime) -> None:
    move(call, status)
    call.closed_at = moment


def _refuse_calls(customer: Customer, by: Actor) -> None:
    if customer.do_not_call:
        return
    customer.do_not_call, customer.version = True, customer.version + 1
    customer.save(update_fields=["do_not_call", "version"])
    say(customer, CALLS, False, via=ContactConsent.Via.PHONE, by=by)
    record("customer.calls_refused", customer, by=by, do_not_call=[False, True])
    drop_calls(customer, by=by)


def drop_calls(customer: Customer, *, by: Actor) -> int:
    """Drop the open calls to somebody who does not want any; told by whoever notes that wish, written on each call."""
    dropped = list(Call.objects.open().filter(customer=customer).select_for_update(no_key=True).order_by("pk"))
    for one in dropped:
        _close(one, Call.Status.DROPPED, now())
        one.save(update_fields=["status", "closed_at"])
        touch(one.store_id, one.counted_on)
        record("call.dropped", one, by=by, about=[customer])
    return len(dropped)


def change_phone(customer: Customer, before: str, after: str) -> None:
    """A corrected phone number also stands on the customer's open calls; told by whoever edits the customer."""
    if before and after:
        Call.objects.open().filter(customer=customer, phone=before).update(phone=after)


def replan(customer: Customer) -> None:
    """Other hours suit the customer: open calls move to hours in which they may be disturbed now; agreed ones stay."""
    for one in Call.objects.open().filter(customer=customer, is_agreed=False).select_related("store").order_by("pk"):
        roll(one.store, now(), call=one.pk)


def _agreed(call: Call, at: datetime, moment: datetime) -> dict[str, Any]:
    if at <= moment:
        raise Refused(_("The agreed time must lie in the future."), field="agreed_at")
    due_on = max(call.due_on, call.store.business_date(at))
    return {
        "not_before": at,
        "not_after": at + timedelta(hours=1),
        "is_agreed": True,
        "is_provisional": False,
        "due_on": due_on,
        "rank": f"{0 if call.is_member else 1}{due_on:%Y%m%d}",
    }


@atomic
def agree_time(call: Call, *, agreed_at: datetime, by: Actor, moment: datetime | None = None) -> Call:
    """Agree another time with the customer; the first due date stays visible beside it."""
    allow(by, "customers.agree_time", call.store)
    call = _open(call)
    _not_held(call)
    fields = _agreed(call, agreed_at, moment or now())
    before = call.not_before
    for name, value in fields.items():
        setattr(call, name, value)
    call.save(update_fields=list(fields))
    about = [call.customer, call.car]
    record("call.time_agreed", call, by=by, about=about, agreed_at=[before, agreed_at])
    return call


@atomic
def reassign(call: Call, *, agent: Employee, reason: str = "", by: Actor) -> Call:
    """Give a call to another agent."""
    allow(by, "customers.reassign", call.store)
    call = _open(call)
    here = Q(store=call.store_id) | Q(store=None, company=call.store.company_id) | Q(store=None, company=None)
    if not agent.is_active or not agent.postings.filter(here, is_active=True, role__in=CALLERS).exists():
        raise Refused(_("This person does not make calls for this store."), field="agent")
    if call.is_barred(agent.pk):
        worked = _("This person worked on the car. Choose somebody else.")
        answers = _("This person answers for what was complained of, or keeps the case. Choose somebody else.")
        raise Refused(worked if call.note else answers, field="agent")
    if call.status == Call.Status.PLANNED:
        move(call, Call.Status.ASSIGNED)
    before = str(call.agent or "")
    call.agent = agent
    call.save(update_fields=["agent", "status"])
    about = [call.customer, call.car]
    record("call.reassigned", call, by=by, about=about, agent=[before, str(agent)], reason=reason)
    return call
