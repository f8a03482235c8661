"""An old system's finished orders, settled and paid as it says."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from decimal import Decimal
from operator import attrgetter
from typing import Any

from django.db.models import F
from django.utils.timezone import now
from django.utils.translation import gettext as _

from core.actor import Actor, allow
from core.figures import touch_many
from core.imports import Load, parts_of
from core.logbook import record
from core.rows import atomic, lock
from finance.actions.settling import negated
from finance.models import Settlement, SettlementLine
from service import actions as service
from service.models import Party, Share, Visit


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
    owner = dict(Visit.objects.filter(pk__in=visits).values_list("pk", "customer"))
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
            due_on=load.place.business_date(settled_at),
            customer_id=owner.get(key[0]) if key[1] == Party.Kind.CUSTOMER else None,
            amount=amount,
            gross=amount,
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
_LINE = ("kind", "code", "name", "quantity", "unit", "price", "vat_percent", "net", "cost")


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
    return negated(old, paid=-old.paid, settled_at=old.settled_at, settled_on=old.settled_on, origin=old.origin)
