"""What is still owed: payment refused, credit given, claims written off, payers reminded, one payment for many."""

from collections.abc import Sequence
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import F, Max, Sum
from django.utils.timezone import now
from django.utils.translation import gettext as _

from core import actions as core
from core.actor import Actor, allow
from core.figures import touch
from core.logbook import record
from core.models import Approval, Matter
from core.rows import Refused, atomic, lock
from customers import actions as customers
from customers.models import Message
from finance.actions.clearing import clear_gate
from finance.actions.ledger import employee_of
from finance.actions.paying import take
from finance.actions.requests import RELEASE, WRITE_OFF, within
from finance.models import Dunning, Payment, Settlement
from service.models import Party, Visit


def _about(settlement: Settlement) -> list[Any]:
    return [settlement.visit, settlement.visit.vehicle, settlement.visit.customer]


def _held(settlement: Settlement) -> tuple[Visit, Settlement]:
    """The customer's own open share, under lock, behind its visit."""
    visit = lock(settlement.visit)
    settlement = lock(settlement)
    if settlement.payer != Party.Kind.CUSTOMER:
        raise Refused(_("Only the customer's own share holds the gate; what others owe is a claim by itself."))
    _check_open(settlement)
    return visit, settlement


def _check_open(settlement: Settlement) -> None:
    if not settlement.stands:
        raise Refused(_("This settlement is reversed; nothing is paid on it."))
    if settlement.due <= 0:
        raise Refused(_("This settlement is already paid."))


def _facts(settlement: Settlement) -> list[tuple[str, Any]]:
    """What the one who decides should know of the claim and of who owes it."""
    day = settlement.store.business_date(now())
    same = Settlement.objects.to_pay().filter(customer=settlement.customer_id or 0).exclude(pk=settlement.pk)
    due = Sum(F("amount") - F("paid"))
    return [
        ("plate", settlement.visit.vehicle.plate),
        ("customer", settlement.payer_name),
        ("total", settlement.amount),
        ("paid", settlement.paid),
        ("due", settlement.due),
        ("owed", same.aggregate(sum=due)["sum"]),
        ("overdue", same.overdue(day).aggregate(sum=due)["sum"]),
        ("visits", settlement.customer.visits.count() if settlement.customer else None),
    ]


def _ask(settlement: Settlement, verb: str, matter: str, amount: Decimal, reason: str, by: Actor) -> Approval:
    return core.ask_approval(
        settlement,
        store=settlement.store,
        matter=matter,
        verb=verb,
        amount=amount,
        worth=amount,
        reason=reason,
        title=f"{settlement} · {settlement.payer_name}",
        address=settlement.get_absolute_url(),
        facts=_facts(settlement),
        by=by,
    )


@atomic
def refuse_payment(settlement: Settlement, *, reason: str, by: Actor) -> Settlement:
    """The customer refuses to pay (拒付): a manager decides whether the car goes on credit, or what is written off."""
    allow(by, "finance.refuse_payment", settlement.store)
    visit, settlement = _held(settlement)
    if settlement.released_at:
        raise Refused(_("This share was let go on credit already."))
    settlement.refused_at, settlement.refusal_reason = now(), reason
    settlement.save(update_fields=["refused_at", "refusal_reason"])
    _ask(settlement, RELEASE, Matter.CREDIT, settlement.due, reason, by)
    people = {visit.advisor_id} - {by.pk}
    core.notify(people, "payment_refused", settlement.get_absolute_url(), settlement=str(settlement), reason=reason)
    record("settlement.refused", settlement, by=by, about=_about(settlement), amount=settlement.due, reason=reason)
    return settlement


@atomic
def release(settlement: Settlement, *, reason: str, due_on: date, by: Actor) -> Settlement:
    """Let a car go on credit: the gate opens, the claim stays and is due on a day. Nobody releases what they asked."""
    allow(by, "finance.release", settlement.store)
    visit, settlement = _held(settlement)
    within(settlement, RELEASE, Matter.CREDIT, settlement.due, reason, by)
    return _let_go(visit, settlement, reason, due_on, by)


@atomic
def let_go(settlement: Settlement, *, due_on: date, by: Actor) -> Settlement:
    """Let the car go on the credit that a manager granted when payment was refused."""
    allow(by, "finance.refuse_payment", settlement.store)
    visit, settlement = _held(settlement)
    approval = core.use_approval(settlement, verb=RELEASE, matter=Matter.CREDIT, amount=settlement.due, by=by)
    if approval is None:
        raise Refused(_("No manager has granted credit for this settlement."))
    return _let_go(visit, settlement, approval.decision_reason or approval.reason, due_on, by)


def _let_go(visit: Visit, settlement: Settlement, reason: str, due_on: date, by: Actor) -> Settlement:
    if settlement.released_at:
        raise Refused(_("This share was let go on credit already."))
    if due_on < settlement.store.business_date(now()):
        raise Refused(_("The day by which it is to be paid lies in the past."), field="due_on")
    settlement.released_at, settlement.release_reason, settlement.due_on = now(), reason, due_on
    settlement.save(update_fields=["released_at", "release_reason", "due_on"])
    clear_gate(visit)
    told = {"amount": settlement.due, "reason": reason, "due_on": due_on}
    record("settlement.released", settlement, by=by, about=_about(settlement), **told)
    return settlement


@atomic
def write_off(settlement: Settlement, *, amount: Decimal, reason: str, by: Actor) -> Settlement:
    """Write a claim off, all of it or a part: within one's authority, or with a manager's approval."""
    allow(by, "finance.write_off", settlement.store)
    visit = lock(settlement.visit)
    settlement = lock(settlement)
    _check_open(settlement)
    if amount > settlement.due:
        raise Refused(_("Only %(due)s is still to pay.") % {"due": settlement.due}, field="amount")
    within(settlement, WRITE_OFF, Matter.WRITE_OFF, amount, reason, by)
    moment = now()
    take(settlement, [{"amount": amount, "method": Payment.Method.WRITE_OFF, "reason": reason}], moment, by)
    record("settlement.written_off", settlement, by=by, about=_about(settlement), amount=amount, reason=reason)
    touch(settlement.store_id, settlement.store.business_date(moment))
    clear_gate(visit)
    return settlement


@atomic
def ask_write_off(settlement: Settlement, *, amount: Decimal, reason: str, by: Actor) -> Approval:
    """Ask for a write-off that is beyond one's own authority."""
    allow(by, "finance.write_off", settlement.store)
    settlement = lock(settlement)
    _check_open(settlement)
    if amount > settlement.due:
        raise Refused(_("Only %(due)s is still to pay.") % {"due": settlement.due}, field="amount")
    approval = _ask(settlement, WRITE_OFF, Matter.WRITE_OFF, amount, reason, by)
    record("settlement.write_off_asked", settlement, by=by, about=_about(settlement), amount=amount, reason=reason)
    return approval


@atomic
def dun(
    settlement: Settlement, *, channel: str, promised_on: date | None = None, remark: str = "", by: Actor
) -> Settlement:
    """Remind a payer of what is due: a message to a customer, or what was said by phone; and what they promised."""
    allow(by, "finance.dun", settlement.store)
    settlement = lock(settlement)
    _check_open(settlement)
    today = settlement.store.business_date(now())
    if settlement.due_on >= today:
        raise Refused(_("It is not overdue yet; it is due on %(day)s.") % {"day": settlement.due_on.isoformat()})
    if promised_on and promised_on < today:
        raise Refused(_("The promised day lies in the past."), field="promised_on")
    if channel in {Message.Channel.SMS, Message.Channel.WECHAT}:
        _tell(settlement, channel, by)
    level = (settlement.dunnings.aggregate(last=Max("level"))["last"] or 0) + 1
    Dunning.objects.create(
        settlement=settlement,
        level=level,
        channel=channel,
        promised_on=promised_on,
        remark=remark,
        by_name=by.name,
        at=now(),
    )
    if promised_on:
        _look_again(settlement, promised_on, by)
    told = {"channel": channel, "promised_on": promised_on, "remark": remark, "amount": settlement.due}
    record("settlement.dunned", settlement, by=by, about=_about(settlement), level=level, **told)
    return settlement


def _tell(settlement: Settlement, channel: str, by: Actor) -> None:
    customer = settlement.customer if settlement.payer == Party.Kind.CUSTOMER else None
    if customer is None or not customer.phone:
        raise Refused(_("No phone number is known for this payer; tell them another way."), field="channel")
    told = {"number": str(settlement), "amount": str(settlement.due), "due_on": settlement.due_on.isoformat()}
    customers.tell(settlement.store, customer, customer.phone, Message.Code.DUNNED, channel, by=by, **told)


def _look_again(settlement: Settlement, day: date, by: Actor) -> None:
    """Whoever heard the promise looks on that day whether it was kept."""
    who = employee_of(by)
    core.end_tasks("payment_promised", settlement, _("Another day was promised."), by=by)
    if who:
        due_at = datetime.combine(day, time(17), ZoneInfo(settlement.store.time_zone))
        told: dict[str, Any] = {"settlement": str(settlement), "name": settlement.payer_name, "amount": settlement.due}
        core.give_task(settlement.store, who, "payment_promised", due_at=due_at, row=settlement, by=by, **told)


@atomic
def receive_from_party(
    party: Party, *, settlements: Sequence[Settlement], amount: Decimal, method: str, reference: str = "", by: Actor
) -> list[Settlement]:
    """One payment of an insurer or manufacturer for many settlements: it must be what they come to; only on the newest
    may something stay open."""
    chosen = Settlement.objects.filter(pk__in=[one.pk for one in settlements], party=party)
    rows = list(chosen.order_by("pk").select_for_update(no_key=True, of=("self",)).select_related("store", "visit"))
    if len(rows) != len(settlements) or not rows:
        raise Refused(_("Choose settlements of this payer."), field="settlements")
    for store in {one.store for one in rows}:
        allow(by, "finance.pay", store)
    for one in rows:
        _check_open(one)
    if method not in Payment.MONEY:
        raise Refused(_("Others pay in money."), field="method")
    shares = _share_out(rows, amount)
    moment = now()
    for one, part in zip(rows, shares, strict=True):
        take(one, [{"amount": part, "method": method, "reference": reference}], moment, by)
        touch(one.store_id, one.store.business_date(moment))
    record("party.paid", party, by=by, about=rows, amount=amount, method=method, reference=reference, lists=len(rows))
    return rows


def _share_out(rows: list[Settlement], amount: Decimal) -> list[Decimal]:
    whole = sum((one.due for one in rows), Decimal(0))
    last = rows[-1].due
    if not whole - last < amount <= whole:
        told = {"whole": whole}
        raise Refused(
            _("What you chose comes to %(whole)s. Choose what was paid; only on the newest may something stay open.")
            % told,
            field="amount",
        )
    return [*[one.due for one in rows[:-1]], amount - (whole - last)]
