"""Customer care's figures: follow-up calls and how far members are covered, by the day the car left.

A call without a visit counts on the day that what was complained of was mended; one that is held because a complaint is
open is owed all the same, but not by the agents.
"""

from django.db.models import Count, DateField, Exists, F, Func, OuterRef, Q, QuerySet
from django.db.models.functions import Cast
from django.utils.translation import gettext_lazy as _

from core.figures import Definition, Pair, Tally
from core.models import Figure
from customers.models import Call, VisitNote

DEFINITIONS = [
    Definition(
        "calls_attempted",
        _("Calls attempted"),
        _("Calls with at least one attempt ÷ calls due, by the day the car left."),
    ),
    Definition(
        "calls_reached", _("Calls reached"), _("Calls that reached the customer ÷ calls due, by the day the car left.")
    ),
    Definition(
        "calls_in_time",
        _("Reached in time"),
        _(
            "Calls that reached the customer by the last day in time ÷ calls due. A call for which no "
            "permitted hour lay in time counts as late."
        ),
    ),
    Definition(
        "calls_in_time_agents",
        _("Reached in time by the agents"),
        _(
            "The same without the calls for which no permitted hour lay in time, and without those that an open "
            "complaint holds: these are not held against the agents."
        ),
    ),
    Definition("calls_satisfied", _("Satisfied"), _("Customers who are satisfied ÷ customers who answered.")),
    Definition("calls_answered", _("Answered"), _("Customers who answered ÷ customers called.")),
    Definition(
        "members_called",
        _("Member coverage"),
        _(
            "Visits of members with a completed call ÷ visits of members, by the day the car left; PDI and "
            "internal ones out."
        ),
    ),
    Definition(
        "calls_due_now",
        _("Calls to make"),
        _("Open calls whose last day in time is today or earlier."),
        is_additive=False,
    ),
]

_CLOSED_ON = Cast(
    Func(F("closed_at"), F("store__time_zone"), template="(%(expressions)s)", arg_joiner=" AT TIME ZONE "), DateField()
)
REACHED = Q(status=Call.Status.REACHED)
IN_TIME = REACHED & Q(closed_on__lte=F("due_on"), is_planned_late=False)
ANSWERED = REACHED & ~Q(answer="")
KINDS_OUT = ("pdi", "internal")  # kinds of visit, told by service as words


COUNTED = [
    ("due", _("Due")),
    ("attempted", _("Attempted")),
    ("reached", _("Reached")),
    ("in_time", _("Reached in time")),
    ("late", _("Not reached in time")),
    ("answered", _("Answered")),
    ("satisfied", _("Satisfied")),
]


def calls_of(code: str, rows: QuerySet) -> QuerySet:
    """The very calls that a figure counts; `due` and any other word are all of them."""
    rows = rows.annotate(closed_on=_CLOSED_ON)
    return {
        "attempted": rows.filter(attempts__gt=0),
        "reached": rows.filter(REACHED),
        "in_time": rows.filter(IN_TIME),
        "late": rows.exclude(pk__in=Call.objects.annotate(closed_on=_CLOSED_ON).filter(IN_TIME).values("pk")),
        "satisfied": rows.filter(ANSWERED, answer=Call.Answer.SATISFIED),
        "answered": rows.filter(ANSWERED),
    }.get(code, rows)


def member_visits() -> QuerySet[VisitNote]:
    """Visits of members that are owed a call. History from before the store went live is not news."""
    planned = Exists(Call.objects.filter(note=OuterRef("pk")))
    return VisitNote.objects.filter(
        Q(origin="") | planned, was_member=True, left_on__gte=F("store__live_from")
    ).exclude(kind__in=KINDS_OUT)


def with_a_call(rows: QuerySet[VisitNote]) -> QuerySet[VisitNote]:
    """Those of them whose call was completed."""
    return rows.filter(Exists(Call.objects.filter(REACHED, note=OuterRef("pk"))))


def _counted(calls: QuerySet[Call], day: str) -> QuerySet:
    return (
        calls.order_by()
        .annotate(closed_on=_CLOSED_ON)
        .values_list("store", day)
        .annotate(
            due=Count("id"),
            fair=Count("id", filter=Q(is_planned_late=False, is_held=False)),
            attempted=Count("id", filter=Q(attempts__gt=0)),
            reached=Count("id", filter=REACHED),
            in_time=Count("id", filter=IN_TIME),
            answered=Count("id", filter=ANSWERED),
            satisfied=Count("id", filter=ANSWERED & Q(answer=Call.Answer.SATISFIED)),
        )
    )


def compute(pairs: list[Pair]) -> list[Figure]:
    """Calls and member coverage by their day: four queries for any number of days."""
    tally = Tally(pairs)
    after_visits = Call.objects.filter(note__store__in=tally.stores, note__left_on__in=tally.days)
    after_cases = Call.objects.filter(note=None, store__in=tally.stores, since__in=tally.days)
    counts = [*_counted(after_visits, "note__left_on"), *_counted(after_cases, "since")]
    for store, day, due, fair, attempted, reached, in_time, answered, satisfied in counts:
        tally.add(store, day, "calls_attempted", attempted, due)
        tally.add(store, day, "calls_reached", reached, due)
        tally.add(store, day, "calls_in_time", in_time, due)
        tally.add(store, day, "calls_in_time_agents", in_time, fair)
        tally.add(store, day, "calls_satisfied", satisfied, answered)
        tally.add(store, day, "calls_answered", answered, attempted)
    notes = member_visits().filter(store__in=tally.stores, left_on__in=tally.days).order_by()
    for store, day, n in notes.values_list("store", "left_on").annotate(n=Count("id")):
        tally.add(store, day, "members_called", 0, n)
    for store, day, n in with_a_call(notes).values_list("store", "left_on").annotate(n=Count("id")):
        tally.add(store, day, "members_called", n)
    return tally.figures()
