"""Settling a visit, and reversing what was settled."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.utils.timezone import now
from django.utils.translation import gettext as _

from core.actor import Actor, allow
from core.figures import touch
from core.logbook import record
from core.numbers import next_number
from core.rows import Refused, atomic, lock
from finance.actions.clearing import clear_gate
from finance.actions.discounts import agreed
from finance.actions.drafting import ZERO, Bill, draft, due_on
from finance.actions.gate import cancel_gate_passes
from finance.actions.invoices import on_reversal
from finance.actions.ledger import employee_of, of_settlement, post
from finance.actions.paying import give_back, lock_means
from finance.actions.requests import drop_requests
from finance.models import Payment, Settlement, SettlementLine
from service import actions as service
from service.models import Party, Visit


def save_with_lines(settlement: Settlement, lines: list[SettlementLine]) -> None:
    """A settlement list is written once, with its lines and what it posts."""
    settlement.save()
    for line in lines:
        line.settlement = settlement
    SettlementLine.objects.bulk_create(lines)
    post(
        settlement.store,
        settlement.settled_on,
        settlement.settled_at,
        settlement.number or "",
        *of_settlement(settlement),
        settlement=settlement,
    )


_TURNED = ("amount", "net", "cost", "gross", "discount", "rounding")
_TURNED_LINE = ("amount", "net", "cost", "quantity", "discount", "rounding")


def negated(old: Settlement, **told: Any) -> tuple[Settlement, list[SettlementLine]]:
    """The counter-entry of a settlement, with its lines."""
    kept = {name: getattr(old, name) for name in ("visit_id", "payer", "party_id", "customer_id", "due_on", "reason")}
    counter = Settlement(store=old.store, reverses=old, **kept, **told)
    lines = list(old.lines.all())
    for row, source, names in [(counter, old, _TURNED), *((line, line, _TURNED_LINE) for line in lines)]:
        for name in names:
            setattr(row, name, -getattr(source, name))
    for line in lines:
        line.pk = None
    return counter, lines


@atomic
def settle(
    visit: Visit, *, discount: Decimal = ZERO, rounding: Decimal = ZERO, discount_reason: str = "", by: Actor
) -> Visit:
    """Settle a visit: one settlement list (结算单) for each payer, made of the lines that were agreed and done; off the
    customer's goes what somebody may take off or was granted."""
    allow(by, "finance.settle", visit.store)
    visit = lock(visit)
    bills = draft(visit, discount, rounding)
    for bill in bills:
        if bill.settlement.payer == Party.Kind.CUSTOMER and (discount or rounding):
            bill.settlement.discount_reason = discount_reason
            bill.settlement.approval = agreed(visit, bill.settlement, by)
    visit = service.mark_settled(visit)
    moment = now()
    today = visit.store.business_date(moment)
    for bill in bills:
        _settle(bill, visit, moment, today, by)
    if not bills:
        record("visit.settled", visit, by=by, about=[visit.vehicle, visit.customer], amount="0")
    touch(visit.store_id, today)
    return clear_gate(visit)


def _settle(bill: Bill, visit: Visit, moment: datetime, today: date, by: Actor) -> None:
    one = bill.settlement
    one.settled_at, one.settled_on, one.settled_by_id = moment, today, employee_of(by)
    one.due_on = due_on(one, today)
    one.number = next_number(visit.store, "ST", today)
    save_with_lines(one, bill.lines)
    taken_off = {name: getattr(one, name) for name in ("discount", "rounding", "discount_reason") if getattr(one, name)}
    about = [visit, visit.vehicle, visit.customer]
    record("settlement.settled", one, by=by, about=about, number=one.number, amount=one.amount, **taken_off)


@atomic
def reverse_settlement(settlement: Settlement, *, reason: str, refund: bool = False, by: Actor) -> Settlement:
    """Reverse a settlement by a counter-entry, so that the visit can be settled anew; money comes back first, in the
    same step where that is wanted."""
    allow(by, "finance.reverse_settlement", settlement.store)
    visit = service.unmark_settled(settlement.visit)
    settlements = list(Settlement.objects.standing().filter(visit=visit).select_for_update(no_key=True).order_by("pk"))
    if settlement.pk not in {one.pk for one in settlements}:
        raise Refused(_("This settlement is already reversed."))
    if any(one.paid for one in settlements):
        if not refund:
            raise Refused(_("Money was paid on this visit. Refund it first."), code="paid")
        _refund_all(settlements, reason, by)
    cancel_gate_passes(visit, reason, by)
    moment = now()
    today = visit.store.business_date(moment)
    for one in settlements:
        _reverse(one, visit, reason, moment, today, by)
    touch(visit.store_id, today)
    settlement.refresh_from_db()
    return settlement


def _refund_all(settlements: list[Settlement], reason: str, by: Actor) -> None:
    allow(by, "finance.refund", settlements[0].store)
    standing = list(Payment.objects.standing().filter(settlement__in=settlements).order_by("pk"))
    lock_means(standing)
    mine = {one.pk: one for one in settlements}
    for payment in standing:
        give_back(payment, mine[payment.settlement_id], reason, by)


def _reverse(one: Settlement, visit: Visit, reason: str, moment: datetime, today: date, by: Actor) -> None:
    one.reversed_at, one.reason = moment, reason
    touch(one.store_id, one.settled_on)
    one.save(update_fields=["reversed_at", "reason"])
    number = next_number(visit.store, "ST", today)
    counter, lines = negated(one, settled_at=moment, settled_on=today, number=number, settled_by_id=employee_of(by))
    save_with_lines(counter, lines)
    on_reversal(one, by)
    drop_requests(one, reason, by)
    about = [visit, visit.vehicle, visit.customer]
    record("settlement.reversed", one, by=by, about=about, reason=reason, by_number=number)
