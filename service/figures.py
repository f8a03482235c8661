"""The workshop's figures: cars in, cars ready on time, ratings of old systems."""

from datetime import date, datetime, time, timedelta

from django.db.models import Count, F, Q, QuerySet, Sum
from django.utils.timezone import make_aware
from django.utils.translation import gettext_lazy as _

from core.figures import Definition, Pair, Tally
from core.models import Figure
from customers import figures as care
from service.models import Order, Visit

DEFINITIONS = [
    Definition(
        "visits",
        _("Cars in"),
        _(
            "Visits by the day the car arrived, each once under its highest-ranked kind; without cancelled, "
            "PDI and internal ones. Comebacks are shown as a kind of their own."
        ),
    ),
    Definition(
        "on_time",
        _("On time"),
        _(
            "Cars ready, with the customer told, by the last promise ÷ cars made ready under a promise, by the "
            "day they were ready."
        ),
    ),
    Definition(
        "on_time_first",
        _("On time, first promise"),
        _("The same against the first promise."),
    ),
    Definition(
        "rating",
        _("Rating of the visit"),
        _("Sum of the ratings from 1 to 5 ÷ rated visits, by the day the car arrived."),
    ),
    Definition("in_store", _("Cars in the store"), _("Cars that have not left, at this moment."), is_additive=False),
    Definition(
        "to_settle",
        _("To settle"),
        _("Orders whose car is ready and that are not settled yet, at this moment."),
        is_additive=False,
    ),
]

ON_TIME = Q(ready_at__lte=F("promised_at"), told_at__lte=F("promised_at"))
ON_TIME_FIRST = Q(ready_at__lte=F("promised_first"), told_at__lte=F("promised_first"))


COUNTED = [
    ("visits", _("Cars in")),
    ("ready", _("Made ready under a promise")),
    ("on_time", _("On time")),
    ("late", _("Not on time")),
    ("members", _("Visits of members")),
    ("members_called", _("Members called")),
    ("members_not_called", _("Members not called")),
]


def rows_of(code: str, rows: QuerySet, first: date | None = None, last: date | None = None) -> QuerySet:
    """The very visits that a figure counts, or those that it misses (`late`, `members_not_called`)."""
    if code.startswith("members"):
        notes, called = care.member_visits(), care.with_a_call(care.member_visits())
        notes = {"members_called": called, "members_not_called": notes.exclude(pk__in=called.values("pk"))}.get(
            code, notes
        )
        return _between(rows.filter(pk__in=notes.values("visit_id")), "left_on", first, last)
    if code == "visits":
        return _between(rows.counted(), "arrived_on", first, last)  # type: ignore[attr-defined]
    made = _between(rows.promised_and_ready().with_ready_on(), "ready_on", first, last)  # type: ignore[attr-defined]
    kept = {"on_time": ON_TIME, "on_time_first": ON_TIME_FIRST, "late": ~ON_TIME}
    return made.filter(kept[code]) if code in kept else made


def _between(rows: QuerySet, field: str, first: date | None, last: date | None) -> QuerySet:
    if first:
        rows = rows.filter(**{f"{field}__gte": first})
    return rows.filter(**{f"{field}__lte": last}) if last else rows


def compute(pairs: list[Pair]) -> list[Figure]:
    """Cars in by kind, on time against both promises, ratings: three queries for any number of days."""
    tally = Tally(pairs)
    arrived = Visit.objects.filter(store__in=tally.stores, arrived_on__in=tally.days).order_by()
    for store, day, kind, n in (
        rows_of("visits", arrived).values_list("store", "arrived_on", "kind").annotate(n=Count("id"))
    ):
        tally.add(store, day, "visits", n, dimension=kind)
    rated = arrived.filter(satisfaction__isnull=False).values_list("store", "arrived_on")
    for store, day, points, n in rated.annotate(points=Sum("satisfaction"), n=Count("id")):
        tally.add(store, day, "rating", points, n)
    # a day wider on both sides, since each store has its own midnight
    span = (_midnight(tally.days[0]) - timedelta(days=1), _midnight(tally.days[-1]) + timedelta(days=2))
    ready = rows_of("ready", Visit.objects.filter(store__in=tally.stores, ready_at__range=span)).order_by()
    for store, day, kept, first, n in (
        ready.filter(ready_on__in=tally.days)
        .values_list("store", "ready_on")
        .annotate(
            kept=Count("id", filter=ON_TIME),
            first=Count("id", filter=ON_TIME_FIRST),
            n=Count("id"),
        )
    ):
        tally.add(store, day, "on_time", kept, n)
        tally.add(store, day, "on_time_first", first, n)
    return tally.figures()


def _midnight(day: date) -> datetime:
    return make_aware(datetime.combine(day, time()))


def in_store(rows: QuerySet) -> int:
    """How many of these cars are in the store now."""
    return int(rows.in_store().count())  # type: ignore[attr-defined]


def to_settle(rows: QuerySet[Order]) -> int:
    """How many of these orders wait to be settled now."""
    return rows.to_settle().count()  # type: ignore[attr-defined]
