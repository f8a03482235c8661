"""The dealership's figures: what all rooms count, gathered; and the facts of a month for its report."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from complaints import figures as complaints
from core.figures import Definition, Pair, Totals, by_day, totals
from core.models import Figure, Store
from customers import figures as customers
from finance import figures as finance
from service import figures as service

DEFINITIONS: dict[str, Definition] = {
    one.code: one
    for one in [*service.DEFINITIONS, *finance.DEFINITIONS, *customers.DEFINITIONS, *complaints.DEFINITIONS]
}
SPLIT = ("labour", "part", "other")


def compute(pairs: list[Pair]) -> list[Figure]:
    """All figures of these days of these stores, by a fixed number of queries whatever the number of days."""
    return [*service.compute(pairs), *finance.compute(pairs), *customers.compute(pairs), *complaints.compute(pairs)]


def last_day(month: date) -> date:
    """The last day of a month, given its first."""
    return (month + timedelta(days=31)).replace(day=1) - timedelta(days=1)


def _pair(sums: Totals, code: str) -> list[int]:
    return [int(one) for one in sums.pair(code)]


def _money(amount: Decimal) -> str:
    return str(amount.quantize(Decimal("0.01")))


def by_payer(sums: Totals, code: str) -> dict[str, dict[str, Decimal]]:
    """A money figure as a table: payer by labour, parts and the rest."""
    found: dict[str, dict[str, Decimal]] = {}
    for dimension, amount in sums.dimensions(code).items():
        payer, _colon, kind = dimension.partition(":")
        found.setdefault(payer, dict.fromkeys(SPLIT, Decimal(0)))[kind] += amount
    return found


def by_kind(sums: Totals, code: str) -> dict[str, Decimal]:
    """A money figure by labour, parts and the rest."""
    found = dict.fromkeys(SPLIT, Decimal(0))
    for dimension, amount in sums.dimensions(code).items():
        found[dimension.partition(":")[2]] += amount
    return found


def facts_of(store: Store, month: date) -> dict[str, Any]:
    """The numbers of a store's month for its report: counts as integers, money as text, ratios as their two parts."""
    rows = Figure.objects.filter(store=store, day__range=(month, last_day(month)))
    sums = totals(rows)
    kinds = {kind: int(n) for kind, n in sums.dimensions("visits").items()}
    net, orders = sums.pair("order_value")
    called, member_visits = _pair(sums, "members_called")
    points, rated = _pair(sums, "rating")
    return {
        "store": {"code": store.code, "name": store.name, "company": store.company.name},
        "month": f"{month:%Y-%m}",
        "visits": {"total": sum(kinds.values()), "kinds": kinds},
        "revenue": {
            "payers": {
                payer: {kind: _money(amount) for kind, amount in split.items()}
                for payer, split in by_payer(sums, "revenue").items()
            },
            "total": _money(sums.amount("revenue")),
            "net": _money(sums.amount("revenue_net")),
            "cost": _money(sums.amount("cost")),
        },
        "order_value": {"net": _money(net), "orders": int(orders)},
        "on_time": {"last": _pair(sums, "on_time"), "first": _pair(sums, "on_time_first")},
        "calls": {
            "due": _pair(sums, "calls_attempted")[1],
            "attempted": _pair(sums, "calls_attempted")[0],
            "reached": _pair(sums, "calls_reached")[0],
            "in_time": _pair(sums, "calls_in_time")[0],
            "in_time_agents": _pair(sums, "calls_in_time_agents"),
            "satisfied": _pair(sums, "calls_satisfied"),
        },
        "members": {"called": called, "visits": member_visits, "gap": member_visits - called},
        "rating": {"points": points, "rated": rated},
        "days": [
            {
                "day": day.isoformat(),
                "visits": int(one.amount("visits")),
                "revenue": {kind: _money(amount) for kind, amount in by_kind(one, "revenue").items()},
            }
            for day, one in by_day(rows).items()
        ],
    }
