"""The figures table: declaring figures, touching days, computing them again, reading totals.

A figure keeps its numerator and its denominator. An additive one may be summed over days and stores and stands in the
table; a snapshot (cars in the store now, receivables) may not, and is counted from its rows when somebody asks.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db import connection
from django.db.models import Count, QuerySet, Sum

from core.models import Figure, Store, TouchedDay
from core.rows import atomic

Pair = tuple[int, date]
Compute = Callable[[list[Pair]], list[Figure]]


@dataclass(frozen=True)
class Definition:
    """What a figure is: its name, how it is counted (numerator ÷ denominator, by which day), whether it adds up."""

    code: str
    label: Any
    counted: Any
    is_additive: bool = True


def month_end(month: date) -> date:
    """The last day of a month, given its first."""
    return (month + timedelta(days=31)).replace(day=1) - timedelta(days=1)


def touch(store_id: int, day: date) -> None:
    """Note that something of this day changed, so that its figures are computed again."""
    touch_many([(store_id, day)])


def touch_many(pairs: Iterable[Pair]) -> None:
    """The same for many days at once (imports).

    Every change adds a row of its own: nobody waits for the one who counts, and a change that commits while a day is
    being counted leaves a row that the counter has not seen.
    """
    TouchedDay.objects.bulk_create([TouchedDay(store_id=s, day=d) for s, d in sorted(set(pairs))], batch_size=5000)


@atomic
def recompute(most: int, compute: Compute) -> int:
    """Compute the figures of the touched days again, at most so many, whole or not at all; say how many days it was."""
    days = (
        # the newest first, so that a load of old years does not keep today waiting
        TouchedDay.objects.values("store_id", "day")
        .annotate(n=Count("id"))
        .order_by("-day", "store_id")
        .values_list("store_id", "day")[:most]
    )
    return len(_count_again(sorted(set(days)), compute))


@atomic
def recompute_days(store: Store, first: date, last: date, compute: Compute) -> int:
    """The same for the touched days of one store in a span, before its report is built."""
    days = TouchedDay.objects.filter(store=store, day__range=(first, last)).values_list("store_id", "day")
    _lock([store.pk])
    return len(_count_again(sorted(set(days)), compute))


def _lock(stores: Iterable[int]) -> None:
    # one counter a store at a time, in sorted order; no row is locked, so nobody at a desk waits for the counting
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtext('figures'), store::int) FROM unnest(%s::bigint[]) AS store",
            [sorted(set(stores))],
        )


def _count_again(pairs: list[Pair], compute: Compute) -> list[Pair]:
    if not pairs:
        return []
    _lock(s for s, _d in pairs)
    by_store: dict[int, list[date]] = defaultdict(list)
    for store_id, day in pairs:
        by_store[store_id].append(day)
    for store_id, days in by_store.items():
        # before the counting: what is touched from here on stays for the next round
        TouchedDay.objects.filter(store=store_id, day__in=days).delete()
        Figure.objects.filter(store=store_id, day__in=days).delete()
    Figure.objects.bulk_create(compute(pairs), batch_size=5000)
    return pairs


class Tally:
    """Collects the figures of many days in any order; what is zero is not kept."""

    def __init__(self, pairs: Iterable[Pair]) -> None:
        self.wanted = set(pairs)
        self.stores = sorted({s for s, _d in self.wanted})
        self.days = sorted({d for _s, d in self.wanted})
        self._found: dict[tuple[int, date, str, str], list[Decimal]] = {}

    def add(
        self, store_id: int, day: date, code: str, numerator: Any, denominator: Any = 0, dimension: str = ""
    ) -> None:
        """Add to one figure of one day, if the day is asked for."""
        if (store_id, day) not in self.wanted:
            return
        one = self._found.setdefault((store_id, day, code, dimension), [Decimal(0), Decimal(0)])
        one[0] += Decimal(numerator or 0)
        one[1] += Decimal(denominator or 0)

    def figures(self) -> list[Figure]:
        """The rows for the table."""
        return [
            Figure(store_id=s, day=d, code=code, dimension=dimension, numerator=n, denominator=m)
            for (s, d, code, dimension), (n, m) in sorted(self._found.items())
            if n or m
        ]


class Totals:
    """Sums over a selection of figures: read once, asked often."""

    def __init__(self, sums: Mapping[tuple[str, str], tuple[Decimal, Decimal]]) -> None:
        self._sums = sums

    def amount(self, code: str, dimension: str | None = None) -> Decimal:
        """The numerator of a figure, of one dimension or of all."""
        return sum((n for n, _d in self._of(code, dimension)), Decimal(0))

    def weight(self, code: str, dimension: str | None = None) -> Decimal:
        """The denominator of a figure, of one dimension or of all."""
        return sum((d for _n, d in self._of(code, dimension)), Decimal(0))

    def pair(self, code: str) -> tuple[Decimal, Decimal]:
        """Numerator and denominator over all dimensions."""
        found = self._of(code, None)
        return sum((n for n, _d in found), Decimal(0)), sum((d for _n, d in found), Decimal(0))

    def ratio(self, code: str) -> Decimal | None:
        """Numerator ÷ denominator; nothing to divide by is None and shows as a dash, never as 0 or 100 %."""
        n, d = self.pair(code)
        return n / d if d else None

    def dimensions(self, code: str) -> dict[str, Decimal]:
        """The numerators by dimension."""
        return {dimension: n for (c, dimension), (n, _d) in sorted(self._sums.items()) if c == code}

    def _of(self, code: str, dimension: str | None) -> list[tuple[Decimal, Decimal]]:
        return [pair for (c, d), pair in self._sums.items() if c == code and dimension in (None, d)]


def totals(figures: QuerySet[Figure]) -> Totals:
    """The sums of all additive figures of a selection, in one query."""
    rows = figures.order_by().values_list("code", "dimension").annotate(n=Sum("numerator"), d=Sum("denominator"))
    return Totals({(code, dimension): (n, d) for code, dimension, n, d in rows})


def by_day(figures: QuerySet[Figure]) -> dict[date, Totals]:
    """The same for every day that has figures, in one query."""
    rows = figures.order_by().values_list("day", "code", "dimension")
    found: dict[date, dict[tuple[str, str], tuple[Decimal, Decimal]]] = defaultdict(dict)
    for day, code, dimension, n, d in rows.annotate(n=Sum("numerator"), d=Sum("denominator")):
        found[day][code, dimension] = (n, d)
    return {day: Totals(sums) for day, sums in sorted(found.items())}


def total(figures: QuerySet[Figure], code: str, **where: Any) -> tuple[Decimal, Decimal]:
    """Numerator and denominator of an additive figure over all rows of a selection."""
    return totals(figures.filter(code=code, **where)).pair(code)
