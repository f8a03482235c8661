"""Settling, paying, and letting the car out of the gate."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from decimal import Decimal
from operator import attrgetter
from typing import Any

from django.db.models import F, Sum
from django.utils.timezone import now
from django.utils.translation import gettext as _

from core.actor import Actor, allow
from core.figures import touch, touch_many
from core.imports import Load, parts_of
from core.logbook import record
from core.numbers import next_number
from core.rows import Refused, atomic, lock
from core.taxes import cents
from customers.shapes import tidy_plate
from finance.models import GatePass, Payment, Settlement, SettlementLine
from service import actions as service
from service.models import Line, Share, Visit


def _parts(share: Share, taken: dict[tuple[int, str], Decimal]) -> dict[str, Decimal]:
    """A share's part of the line's net and cost; the last share of a line takes the rest, so that no fen is lost."""
    line = share.line
    is_last = share.pk == list(line.shares.all())[-1].pk
    parts = {}
    for name, whole in (("net", line.net), ("cost", line.cost)):
        part = cents(whole * share.amount / line.amount) if line.amount else Decimal(0)
        parts[name] = whole - taken[line.pk, name] if is_last else part
        taken[line.pk, name] += parts[name]
    return parts


def _settled_line(share: Share, parts: dict[str, Decimal]) -> SettlementLine:
    copied = {name: getattr(share.line, name) for name in ("kind", "code", "name", "quantity", "unit", "price")}
    line = SettlementLine(line_id=share.line_id, order_id=share.line.job.order_id, **copied, **parts)
    line.reason, line.amount = share.reason, share.amount
    return line


def _save(settlement: Settlement, lines: list[SettlementLine]) -> None:
    settlement.save()
    for line in lines:
        line.settlement = settlement
    SettlementLine.objects.bulk_create(lines)


def _negated(old: Settlement, **told: Any) -> tuple[Settlement, list[SettlementLine]]:
    """The counter-entry of a settlement, with its lines."""
    counter = Settlement(
        store=old.store,
        visit_id=old.visit_id,
        payer=old.payer,
        party_id=old.party_id,
        amount=-old.amount,
        net=-old.net,
        cost=-old.cost,
        reverses=old,
        reason=old.reason,
        **told,
    )
    lines = list(old.lines.all())
    for line in lines:
        line.pk = None
        line.amount, line.net, line.cost, line.quantity = -line.amount, -line.net, -line.cost, -line.quantity
    return counter, lines


@atomic
def settle(visit: Visit, *, by: Actor) -> Visit:
    """Settle a visit: one settlement list (结算单) for each payer, made of the lines that were agreed and done."""
    allow(by, "finance.settle", visit.store)
    visit = service.mark_settled(visit)
    shares = (
        Share.objects.filter(line__in=Line.objects.charged().filter(job__order__visit=visit))
        .select_related("line__job", "party")
        .prefetch_related("line__shares")
        .order_by("line__job__order", "line__job__position", "line", "id")
    )
    piles: dict[tuple[str, int | None], list[Share]] = defaultdict(list)
    for share in shares:
        piles[(share.payer, share.party_id)].append(share)
    moment = now()
    today = visit.store.business_date(moment)
    taken: dict[tuple[int, str], Decimal] = defaultdict(Decimal)
    parts = {share.pk: _parts(share, taken) for share in shares}
    about = [visit, visit.vehicle, visit.customer]
    for payer, party in sorted(piles, key=lambda one: (one[0] != "customer", one[0], one[1] or 0)):
        lines = [_settled_line(share, parts[share.pk]) for share in piles[payer, party]]
        settlement = Settlement(
            store=visit.store, visit=visit, payer=payer, party_id=party, settled_at=moment, settled_on=today
        )
        settlement.amount = sum((line.amount for line in lines), Decimal(0))
        settlement.net = sum((line.net for line in lines), Decimal(0))
        settlement.cost = sum((line.cost for line in lines), Decimal(0))
        settlement.number = next_number(visit.store, "ST", today)
        _save(settlement, lines)
        record("settlement.settled", settlement, by=by, about=about, number=settlement.number, amount=settlement.amount)
    if not piles:
        record("visit.settled", visit, by=by, about=[visit.vehicle, visit.customer], amount="0")
    touch(visit.store_id, today)
    return visit


def _cancel_gate_pass(visit: Visit, reason: str, by: Actor) -> None:
    """The car may not leave on a pass that was issued before; its visit is locked, so the guard waits."""
    for one in GatePass.objects.waiting().filter(visit=visit).select_for_update(no_key=True):
        one.cancelled_at = now()
        one.save(update_fields=["cancelled_at"])
        record("gate_pass.cancelled", one, by=by, about=[visit, visit.vehicle, visit.customer], reason=reason)


@atomic
def reverse_settlement(settlement: Settlement, *, reason: str, by: Actor) -> Settlement:
    """Reverse a settlement by a counter-entry, so that the visit can be settled anew; money comes back first."""
    allow(by, "finance.reverse_settlement", settlement.store)
    visit = service.unmark_settled(settlement.visit)
    settlements = list(Settlement.objects.standing().filter(visit=visit).select_for_update(no_key=True).order_by("pk"))
    if settlement.pk not in {one.pk for one in settlements}:
        raise Refused(_("This settlement is already reversed."))
    if any(one.paid for one in settlements):
        raise Refused(_("Money was paid on this visit. Refund it first."))
    _cancel_gate_pass(visit, reason, by)
    moment = now()
    today = visit.store.business_date(moment)
    for one in settlements:
        one.reversed_at, one.reason = moment, reason
        touch(one.store_id, one.settled_on)
        one.save(update_fields=["reversed_at", "reason"])
        number = next_number(visit.store, "ST", today)
        counter, lines = _negated(one, settled_at=moment, settled_on=today, number=number)
        _save(counter, lines)
        record(
            "settlement.reversed",
            one,
            by=by,
            about=[visit, visit.vehicle, visit.customer],
            reason=reason,
            by_number=counter.number,
        )
    touch(visit.store_id, today)
    settlement.refresh_from_db()
    return settlement


@atomic
def pay(settlement: Settlement, *, amount: Decimal, method: str, by: Actor) -> Settlement:
    """Take money for a settlement: all of it or a part."""
    allow(by, "finance.pay", settlement.store)
    settlement = lock(settlement)
    if settlement.reversed_at or settlement.reverses_id:
        raise Refused(_("This settlement is reversed; nothing is paid on it."))
    if settlement.due <= 0:
        raise Refused(_("This settlement is already paid."))
    if amount > settlement.due:
        raise Refused(_("Only %(due)s is still to pay.") % {"due": settlement.due}, field="amount")
    moment = now()
    today = settlement.store.business_date(moment)
    settlement.paid += amount
    settlement.save(update_fields=["paid"])
    payment = Payment.objects.create(
        store=settlement.store,
        settlement=settlement,
        number=next_number(settlement.store, "PM", today),
        method=method,
        amount=amount,
        at=moment,
        business_date=today,
    )
    about = [settlement.visit, settlement.visit.customer]
    record("settlement.paid", settlement, by=by, about=about, payment=payment.number, amount=amount, method=method)
    touch(settlement.store_id, today)
    return settlement


@atomic
def refund(payment: Payment, *, reason: str, by: Actor) -> Settlement:
    """Give a payment back by a counter-entry; the payment itself is never changed."""
    allow(by, "finance.refund", payment.store)
    lock(payment.settlement.visit)  # before the settlement, so that no gate pass is issued meanwhile
    settlement = lock(payment.settlement)
    if payment.refunds_number:
        raise Refused(_("This is a refund itself."))
    if Payment.objects.filter(refunds_number=payment.number).exists():
        raise Refused(_("This payment was already refunded."))
    if settlement.visit.status == Visit.Status.LEFT:
        raise Refused(_("The car has left. A later correction is a credit note of finance."))
    moment = now()
    today = settlement.store.business_date(moment)
    settlement.paid = F("paid") - payment.amount
    settlement.save(update_fields=["paid"])
    counter = Payment.objects.create(
        store=settlement.store,
        settlement=settlement,
        number=next_number(settlement.store, "PM", today),
        method=payment.method,
        amount=-payment.amount,
        at=moment,
        business_date=today,
        refunds_number=payment.number,
        reason=reason,
    )
    _cancel_gate_pass(settlement.visit, reason, by)
    about = [settlement.visit, settlement.visit.customer]
    record(
        "settlement.refunded",
        settlement,
        by=by,
        about=about,
        payment=payment.number,
        refund=counter.number,
        reason=reason,
    )
    touch(settlement.store_id, today)
    settlement.refresh_from_db()
    return settlement


@atomic
def issue_gate_pass(visit: Visit, *, by: Actor) -> GatePass:
    """Issue the gate pass (出门证): the car is handed over and the customer owes nothing more."""
    allow(by, "finance.issue_gate_pass", visit.store)
    visit = lock(visit)
    if visit.status != Visit.Status.HANDED_OVER:
        raise Refused(_("The car is not handed over yet."))
    if Settlement.objects.to_pay().of_customer().filter(visit=visit).exists():
        raise Refused(_("The customer's share is not paid yet."))
    if GatePass.objects.filter(visit=visit, cancelled_at__isnull=True).exists():
        raise Refused(_("This car already has a gate pass."))
    moment = now()
    number = next_number(visit.store, "GP", visit.store.business_date(moment))
    gate_pass = GatePass.objects.create(store=visit.store, visit=visit, number=number, issued_at=moment)
    record("gate_pass.issued", gate_pass, by=by, about=[visit, visit.vehicle, visit.customer], number=number)
    return gate_pass


@atomic
def let_out(gate_pass: GatePass, *, plate_seen: str, by: Actor) -> GatePass:
    """The guard compares the plate and lets the car out: the pass is used up and the visit ends."""
    allow(by, "finance.let_out", gate_pass.store)
    visit = lock(gate_pass.visit)
    gate_pass = lock(gate_pass)
    if gate_pass.cancelled_at:
        raise Refused(_("This gate pass was cancelled. Send the driver back to the cashier."))
    if gate_pass.used_at:
        raise Refused(_("This gate pass was already used."))
    seen, worn = tidy_plate(plate_seen), visit.vehicle.plate or visit.vehicle.vin
    if len(seen) < 4 or not worn.endswith(seen):
        raise Refused(_("This is not the plate on the pass. Stop the car and call the cashier."), field="plate_seen")
    gate_pass.used_at = now()
    gate_pass.save(update_fields=["used_at"])
    worth = Settlement.objects.standing().filter(visit=visit).aggregate(total=Sum("net"))["total"] or Decimal(0)
    service.close_visit(visit, worth=worth, by=by)
    record("gate_pass.used", gate_pass, by=by, about=[visit, visit.vehicle, visit.customer], plate_seen=seen)
    return gate_pass


@atomic
def note_history(load: Load, orders: Sequence[service.PastOrder], *, by: Actor) -> None:
    """Load an old system's finished orders, settled and paid as it says: no numbers, no ledger entries, no calls."""
    allow(by, "finance.note_history", load.place)
    lock(load.place.company)  # one load at a time
    for part in parts_of(service.load_past_orders(load, orders, by=by)):
        _settle_history(load, part)
    record("orders.loaded", load.place, by=by, **load.counts())


def _settle_history(load: Load, visits: Sequence[int]) -> None:
    """One settlement a payer, dated by delivery. The old one of a changed visit is reversed on its own day, so that
    the months come out as the old system has them."""
    piles: dict[tuple[int, str, int | None], list[SettlementLine]] = defaultdict(list)
    for share in _history_shares(visits):
        piles[share["visit"], share["payer"], share["party"]].append(_history_line(share))
    left = dict(Visit.objects.filter(pk__in=visits).values_list("pk", "left_at"))
    standing = {
        (one.visit_id, one.payer, one.party_id): one
        for one in Settlement.objects.standing()
        .filter(visit__in=visits, origin=load.source)
        .prefetch_related("lines")
        .select_for_update(no_key=True, of=("self",))
    }
    made: list[tuple[Settlement, list[SettlementLine]]] = []
    for key, lines in piles.items():
        amount, settled_at = sum((line.amount for line in lines), Decimal(0)), left[key[0]]
        if not amount or settled_at is None:
            continue  # the old system names no price: nothing was settled, as far as anybody knows
        settlement = Settlement(
            store=load.place,
            visit_id=key[0],
            payer=key[1],
            party_id=key[2],
            settled_at=settled_at,
            settled_on=load.place.business_date(settled_at),
            amount=amount,
            paid=amount,
            net=sum((line.net for line in lines), Decimal(0)),
            cost=sum((line.cost for line in lines), Decimal(0)),
            origin=load.source,
        )
        present = standing.pop(key, None)
        if present and _same(present, settlement, lines):
            continue
        if present:
            standing[key] = present
        made.append((settlement, lines))
    made += [_counter(one) for one in standing.values()]
    touch_many({(load.place.pk, one.settled_on) for one, _lines in made})
    # the reversed ones stand aside first: a payer has one settlement in force
    Settlement.objects.bulk_update(standing.values(), ["reversed_at", "reason"], batch_size=1000)
    Settlement.objects.bulk_create([one for one, _lines in made], batch_size=1000)
    for settlement, lines in made:
        for line in lines:
            line.settlement = settlement
    SettlementLine.objects.bulk_create([line for _one, lines in made for line in lines], batch_size=1000)


def _same(present: Settlement, wanted: Settlement, lines: list[SettlementLine]) -> bool:
    """Whether a bill still says the same of the money; another wording is no reason to reverse it."""
    of_bill = attrgetter("amount", "net", "cost", "settled_at")
    of_line = attrgetter("order_id", "kind", "reason", "amount", "net", "cost")
    told = sorted(map(of_line, lines))
    return of_bill(present) == of_bill(wanted) and sorted(map(of_line, present.lines.all())) == told


# A loaded line has one payer, so its share is the whole line and nothing is left to round.
_ORDER, _VISIT = "line__job__order", "line__job__order__visit"
_LINE = ("kind", "code", "name", "quantity", "unit", "price", "net", "cost")


def _history_shares(visits: Sequence[int]) -> Iterable[dict[str, Any]]:
    shares = Share.objects.filter(line__job__order__visit__in=visits)
    rows: Any = shares.values(
        *("payer", "party", "reason", "amount", "line"),
        visit=F(_VISIT),
        order=F(_ORDER),
        **{f"of_{name}": F(f"line__{name}") for name in _LINE},
    )
    return rows.order_by(_VISIT, _ORDER, "line", "id")


def _history_line(share: dict[str, Any]) -> SettlementLine:
    return SettlementLine(
        line_id=share["line"],
        order_id=share["order"],
        reason=share["reason"],
        amount=share["amount"],
        **{name: share[f"of_{name}"] for name in _LINE},
    )


def _counter(old: Settlement) -> tuple[Settlement, list[SettlementLine]]:
    """The counter-entry of an old settlement that the old system tells differently now."""
    old.reversed_at, old.reason = now(), _("The old system tells it differently now.")
    return _negated(old, paid=-old.paid, settled_at=old.settled_at, settled_on=old.settled_on, origin=old.origin)
