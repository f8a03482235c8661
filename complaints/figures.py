"""The figures of complaints: what came in, by what, how it ended, how long it took and what it cost (K-04, K-14)."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Count, F, Q, QuerySet, Sum
from django.db.models.functions import TruncMonth
from django.utils.translation import gettext_lazy as _

from complaints.models import STAGES, Clock, Complaint, Opinion
from core.figures import Definition, Pair, Tally, Totals, totals
from core.models import Department, Figure, Store

DEFINITIONS = [
    Definition("complaints", _("Complaints"), _("Complaints taken in, by the day they came; loaded cases left out.")),
    Definition("enquiries", _("Enquiries and suggestions"), _("Enquiries and suggestions taken in, by that day.")),
    Definition(
        "cases_by_class",
        _("Cases by class of problem"),
        _("Complaints by the class of their main problem, loaded cases among them, by the day they came."),
    ),
    Definition(
        "cases_by_brand", _("Cases by brand"), _("Complaints by brand, loaded cases among them, by the day they came.")
    ),
    Definition("cases_ended", _("Complaints ended"), _("Complaints by how they ended, by the day they were closed.")),
    Definition(
        "cases_in_time",
        _("Ended in agreed time"),
        _("Complaints closed by the time agreed with the customer ÷ closed complaints with an agreed time."),
    ),
    Definition(
        "cases_handovers", _("Hand-overs a case"), _("Times a case changed its keeper ÷ complaints closed on that day.")
    ),
    Definition("cases_cost", _("Cost a case"), _("What settling cost the house ÷ complaints closed on that day.")),
    Definition(
        "case_hours",
        _("Hours a stage"),
        _("Opening hours spent in a stage ÷ stages that ended, by the day the case was closed; pauses left out."),
    ),
    Definition("cases_reopened", _("Reopened"), _("Closed complaints that had been opened again ÷ complaints closed.")),
    Definition(
        "cases_open_now", _("Open complaints"), _("Complaints that are being worked on now."), is_additive=False
    ),
]
UNKNOWN = "?"  # a case whose problem is of no class
COMPLAINTS = Q(nature=Complaint.Nature.COMPLAINT)


def closed_complaints() -> QuerySet[Complaint]:
    """Complaints of this house that were closed; merged and loaded ones out."""
    return Complaint.objects.ours().filter(COMPLAINTS, status=Complaint.Status.CLOSED)


def _came_in(tally: Tally) -> None:
    came = Complaint.objects.filter(store__in=tally.stores, received_on__in=tally.days).order_by()
    ours = came.ours().exclude(status=Complaint.Status.MERGED)
    for store, day, nature, n in ours.values_list("store", "received_on", "nature").annotate(n=Count("id")):
        code = "complaints" if nature == Complaint.Nature.COMPLAINT else "enquiries"
        tally.add(store, day, code, n, dimension="" if code == "complaints" else nature)
    every = came.filter(COMPLAINTS).exclude(status=Complaint.Status.MERGED)
    by_class = every.values_list("store", "received_on", "problem__problem_class__letter").annotate(n=Count("id"))
    for store, day, letter, n in by_class:
        tally.add(store, day, "cases_by_class", n, dimension=letter or UNKNOWN)
    for store, day, brand, n in every.values_list("store", "received_on", "brand").annotate(n=Count("id")):
        tally.add(store, day, "cases_by_brand", n, dimension=brand or UNKNOWN)


def _ended(tally: Tally) -> None:
    closed = closed_complaints().filter(store__in=tally.stores, closed_on__in=tally.days).order_by()
    agreed = Q(agreed_until__isnull=False)
    counted = closed.values_list("store", "closed_on", "result").annotate(
        n=Count("id"),
        agreed=Count("id", filter=agreed),
        in_time=Count("id", filter=agreed & Q(closed_at__lte=F("agreed_until"))),
        again=Count("id", filter=Q(reopened__gt=0)),
        handovers=Sum("handovers"),
        cost=Sum("cost"),
    )
    for store, day, result, n, with_time, in_time, again, handovers, cost in counted:
        tally.add(store, day, "cases_ended", n, dimension=result)
        tally.add(store, day, "cases_in_time", in_time, with_time)
        tally.add(store, day, "cases_reopened", again, n)
        tally.add(store, day, "cases_handovers", handovers, n)
        tally.add(store, day, "cases_cost", cost, n)
    stages = Clock.objects.filter(complaint__in=closed, due__in=STAGES, spent_minutes__isnull=False).order_by()
    spent = stages.values_list("complaint__store", "complaint__closed_on", "due")
    for store, day, stage, minutes, n in spent.annotate(minutes=Sum("spent_minutes"), n=Count("id")):
        tally.add(store, day, "case_hours", minutes / 60, n, dimension=stage)


def compute(pairs: list[Pair]) -> list[Figure]:
    """Complaints by the day they came and by the day they were closed: five queries for any number of days."""
    tally = Tally(pairs)
    _came_in(tally)
    _ended(tally)
    return tally.figures()


# The page of figures: read by month, so that four years of a hundred thousand cases are a few thousand numbers


@dataclass(frozen=True)
class Reading:
    """What the figures say of some stores and days: by month, all together, and of the same span before."""

    months: dict[date, Totals]
    now: Totals
    before: Totals | None
    brands: list[tuple[str, int]]


SMALL = [one.code for one in DEFINITIONS if one.is_additive and one.code != "cases_by_brand"] + ["visits"]
OWN = "complaints"


def _sum_up(parts: Iterable[dict[tuple[str, str], tuple[Decimal, Decimal]]]) -> Totals:
    sums: dict[tuple[str, str], list[Decimal]] = defaultdict(lambda: [Decimal(0), Decimal(0)])
    for part in parts:
        for key, (n, d) in part.items():
            sums[key][0] += n
            sums[key][1] += d
    return Totals({key: (n, d) for key, (n, d) in sums.items()})


def read(stores: Iterable[Store], first: date, last: date, before: tuple[date, date] | None = None) -> Reading:
    """The figures of cases of these stores and days, in three queries."""
    rows = Figure.objects.filter(store__in=[one.pk for one in stores], employee=None).order_by()
    these = rows.filter(day__range=(first, last))
    found: dict[date, dict[tuple[str, str], tuple[Decimal, Decimal]]] = defaultdict(dict)
    by_month = these.filter(code__in=SMALL).annotate(month=TruncMonth("day")).values_list("month", "code", "dimension")
    for month, code, dimension, n, d in by_month.annotate(n=Sum("numerator"), d=Sum("denominator")):
        found[month][code, dimension] = (n, d)
    brands = these.filter(code="cases_by_brand").values_list("dimension").annotate(n=Sum("numerator"))
    earlier = None
    if before and rows.filter(day__lte=before[0]).exists():  # a span that began before the first figure is no measure
        earlier = totals(rows.filter(day__range=before, code__in=SMALL))
    months = {month: Totals(sums) for month, sums in sorted(found.items())}
    ranked = sorted(((brand, int(n)) for brand, n in brands), key=lambda one: (-one[1], one[0]))
    return Reading(months, _sum_up(found.values()), earlier, ranked)


def loaded_of(sums: Totals) -> int:
    """Complaints that were loaded from elsewhere: all that a class was counted for, without the house's own."""
    return int(sums.amount("cases_by_class") - sums.amount(OWN))


def _every(stores: Iterable[Store], first: date, last: date) -> QuerySet[Complaint]:
    rows = counted(Complaint.objects.order_by(), "every")
    return rows.filter(store__in=[one.pk for one in stores], received_on__range=(first, last))


def series_of(stores: Iterable[Store], first: date, last: date, brand: str) -> list[tuple[str, int]]:
    """Complaints of one brand by series, the most first; loaded ones among them."""
    rows = _every(stores, first, last).filter(brand="" if brand == UNKNOWN else brand)
    return [(name or UNKNOWN, n) for name, n in rows.values_list("series").annotate(n=Count("id")).order_by("-n")]


def problems_of(stores: Iterable[Store], first: date, last: date, letter: str) -> list[tuple[int, str, str, int]]:
    """Complaints of one class by their main problem, the most first; loaded ones among them: id, code, name, count."""
    rows = _every(stores, first, last).filter(problem__problem_class__letter=letter)
    return list(rows.values_list("problem", "problem__code", "problem__name_zh").annotate(n=Count("id")).order_by("-n"))


def tones_of(stores: Iterable[Store], first: date, last: date) -> dict[str, dict[int, int]]:
    """What loaded suggestions say, topic by topic: how many in which tone; the topic spoken of most first."""
    rows = Opinion.objects.filter(complaint__store__in=[one.pk for one in stores]).order_by()
    rows = rows.filter(complaint__received_on__range=(first, last))
    found: dict[str, dict[int, int]] = defaultdict(dict)
    for topic, tone, n in rows.values_list("topic", "tone").annotate(n=Count("id")):
        found[topic][tone] = n
    return dict(sorted(found.items(), key=lambda one: (-sum(one[1].values()), one[0])))


# The way down from a number to its rows

CLOSED = COMPLAINTS & Q(origin="", status=Complaint.Status.CLOSED)
COUNTED: dict[str, tuple[Any, Q]] = {
    "came": (_("Complaints taken in here"), COMPLAINTS & Q(origin="") & ~Q(status=Complaint.Status.MERGED)),
    "other": (_("Enquiries and suggestions taken in here"), ~COMPLAINTS & Q(origin="") & ~Q(status="merged")),
    "every": (_("Complaints, loaded ones among them"), COMPLAINTS & ~Q(status=Complaint.Status.MERGED)),
    "loaded": (_("Loaded complaints"), COMPLAINTS & ~Q(origin="") & ~Q(status=Complaint.Status.MERGED)),
    "open": (_("Open complaints"), COMPLAINTS & Q(origin="", status__in=Complaint.OPEN)),
    "closed": (_("Closed complaints"), CLOSED),
    "agreed": (_("Closed with an agreed time"), CLOSED & Q(agreed_until__isnull=False)),
    "in_time": (_("Closed in the agreed time"), CLOSED & Q(closed_at__lte=F("agreed_until"))),
    "reopened": (_("Closed after they were opened again"), CLOSED & Q(reopened__gt=0)),
}


def counted(rows: QuerySet[Complaint], what: str) -> QuerySet[Complaint]:
    """The very rows behind a figure."""
    return rows.filter(COUNTED[what][1])


# The month's sheet (顾客投诉分类统计表, K-14)

PARTS = ("problem_class", "department", "cause", "result")


def sheet_of(store: Store, first: date, last: date) -> dict[str, Any]:
    """A store's complaints of a month as they stand now, by class, department, cause and result together."""
    came = Complaint.objects.filter(store=store, received_on__range=(first, last)).order_by()
    names = ("problem__problem_class__letter", "problem__problem_class__name_zh", "department", "cause", "result")
    rows = counted(came, "came").values_list(*names).annotate(n=Count("id"))
    found = [
        {"problem_class": letter or "", "name": name or "", "department": department, "cause": cause, "result": result}
        | {"n": n}
        for letter, name, department, cause, result, n in rows
    ]
    found.sort(key=lambda one: (-one["n"], one["problem_class"], one["department"], one["cause"], one["result"]))
    return {"rows": found, "total": sum(one["n"] for one in found), "other": counted(came, "other").count()}


def said_of(part: str, row: dict[str, Any]) -> str:
    """What one column of a row of the sheet says, in the reader's language."""
    value = row[part]
    if part == "problem_class":
        return f"{value} {row['name']}" if value else str(_("no class yet"))
    if not value:
        return str(_("still open") if part == "result" else _("not known yet"))
    choices: dict[str, Any] = {"department": Department, "cause": Complaint.Cause, "result": Complaint.Result}
    return str(choices[part](value).label)


def margins_of(sheet: dict[str, Any]) -> dict[str, list[dict[str, Any]]]:
    """The sheet along each of its columns alone: what, how many, which share; the most first."""
    found: dict[str, list[dict[str, Any]]] = {}
    for part in PARTS:
        sums: dict[str, dict[str, Any]] = {}
        for row in sheet["rows"]:
            one = sums.setdefault(row[part], {"value": row[part], "label": said_of(part, row), "n": 0})
            one["n"] += row["n"]
        ranked = sorted(sums.values(), key=lambda one: (-one["n"], one["value"]))
        found[part] = [one | {"share": Decimal(one["n"]) / sheet["total"]} for one in ranked]
    return found
