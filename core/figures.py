"""The figures table: touching days, computing them again, reading totals."""

from collections.abc import Callable, Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet, Sum

from core.models import Figure, Store, TouchedDay
from core.rows import atomic


def touch(store_id: int, day: date) -> None:
    """Note that something of this day changed, so that its figures are computed again."""
    TouchedDay.objects.bulk_create([TouchedDay(store_id=store_id, day=day)], ignore_conflicts=True)


def touch_many(pairs: Iterable[tuple[int, date]]) -> None:
    """The same for many days at once (imports)."""
    TouchedDay.objects.bulk_create(
        [TouchedDay(store_id=s, day=d) for s, d in sorted(set(pairs))], ignore_conflicts=True, batch_size=5000
    )


@atomic
def recompute(most: int, compute: Callable[[list[tuple[int, date]]], list[Figure]]) -> int:
    """Compute the figures of the touched days again, at most so many, whole or not at all; say how many days it was."""
    rows = list(TouchedDay.objects.select_for_update(skip_locked=True).order_by("id")[:most])
    if not rows:
        return 0
    TouchedDay.objects.filter(pk__in=[one.pk for one in rows]).delete()
    pairs = sorted({(one.store_id, one.day) for one in rows})
    list(Store.objects.select_for_update(no_key=True).filter(pk__in={s for s, _d in pairs}).order_by("pk").values("pk"))
    for store_id in {s for s, _d in pairs}:
        Figure.objects.filter(store=store_id, day__in=[d for s, d in pairs if s == store_id]).delete()
    Figure.objects.bulk_create(compute(pairs), batch_size=5000)
    return len(pairs)


def total(figures: QuerySet[Figure], code: str, **where: Any) -> tuple[Decimal, Decimal]:
    """Numerator and denominator of an additive figure over all rows of a selection."""
    found = figures.filter(code=code, **where).aggregate(n=Sum("numerator"), d=Sum("denominator"))
    return found["n"] or Decimal(0), found["d"] or Decimal(0)
