"""Clocks of cases: started with a stage, ended with it, standing still while the customer is waited for (K-02).

Warranty law (order 43, art. 28; rule 21): a complaint about a car that was sold within the last two years and has run
no more than 50,000 km (rule 17) starts the 10 and 20 working days on the day it comes in; so does one whose
investigation finds the car itself at fault, counted from the day it came in, unless the car is known to be older. They
end when an investigation finds that service and not the car is meant. The answer counts as given when the customer is
answered, told the options or accepts one; the settlement when the remedy is carried out. A case that is opened again
has the same legal end: the law does not start anew.
"""

from datetime import datetime, timedelta
from typing import Any

from django.db.models import F, Q
from django.utils.timezone import now

from complaints.actions.deadlines import Measure, Measures, reach
from complaints.actions.holds import follow_calls
from complaints.models import STAGES, Clock, Complaint, Due, OutsideCase, Step, Target
from core.actions import end_tasks
from core.models import HolidayYear
from core.rows import atomic, lock

LEGAL = (Due.LEGAL_ANSWER, Due.LEGAL_END)
PAUSED = (*STAGES, Due.AGREED)  # nobody outside waits because the house does
WARRANTY_YEARS, WARRANTY_KM = 2, 50_000
FRESH = timedelta(days=1)  # holidays loaded since then may have moved clocks
Status, Route = Complaint.Status, Complaint.Route


def target_of(complaint: Complaint, due: str, severity: str = "", moment: datetime | None = None) -> Target | None:
    """How long something may take in a case that starts now; None when no dated rule is in force."""
    day = complaint.store.business_date(moment or now())
    here = Q(company=None) | Q(company=complaint.store.company_id)
    rows = Target.objects.filter(here, Q(until=None) | Q(until__gte=day), due=due, since__lte=day)
    rows = rows.filter(severity__in={"", severity})
    return rows.order_by("-severity", F("company").desc(nulls_last=True), "-since", "-id").first()


def first_percent(due: str) -> int:
    """The part of the time at which somebody is told first."""
    steps = Step.objects.filter(is_active=True, due__in=["", due]).order_by("percent").values_list("percent", "due")
    own = [percent for percent, of in steps if of]
    return own[0] if own else steps[0][0] if steps else 100


def start_clock(
    complaint: Complaint,
    due: str,
    *,
    severity: str = "",
    outside: OutsideCase | None = None,
    due_at: datetime | None = None,
    moment: datetime,
) -> Clock | None:
    """Start a clock by the target in force, or until a moment that was agreed or stands in a letter; told.

    None when neither is known. One that runs keeps running; a moment given anew moves its end.
    """
    running = complaint.clocks.filter(due=due, outside=outside, ended_at=None).first()
    if running is not None:
        return _move_end(running, due_at) if due_at else running
    target = None if due_at else target_of(complaint, due, severity, moment)
    if target is None and due_at is None:
        return None
    unit = target.unit if target else Target.Unit.HOURS
    clock = Clock(complaint=complaint, outside=outside, due=due, started_at=moment, unit=unit)
    clock.amount = target.amount if target else max(1, round((due_at - moment) / timedelta(hours=1)))  # type: ignore[operator]
    measure = Measures().of(complaint.store, unit)
    _count(clock, measure, due_at)
    clock.first_due_at = clock.due_at
    clock.save()
    return clock


def _count(clock: Clock, measure: Measure, due_at: datetime | None = None) -> None:
    """Lay down when a clock is over and when it is warned of."""
    clock.due_at = due_at or reach(measure, clock.started_at, measure.amount(clock.amount), pauses_of(clock))
    clock.warn_at = min(moment_of(clock, first_percent(clock.due), measure), clock.due_at)
    clock.is_provisional = measure.is_provisional(clock.started_at, clock.due_at)


def moment_of(clock: Clock, percent: int, measure: Measure) -> datetime:
    """When this part of a clock's time is over; more than all of it is so much later than it was due."""
    if percent == 100:
        return clock.due_at
    pauses = pauses_of(clock)
    amount = measure.amount(clock.amount)
    if clock.unit == Target.Unit.HOURS:  # agreed moments are not whole hours
        stood = sum((min(end, clock.due_at) - began for began, end in pauses if began < clock.due_at), timedelta())
        amount = clock.due_at - clock.started_at - stood
    return reach(measure, clock.started_at, measure.share(amount, percent), pauses)


def _move_end(clock: Clock, due_at: datetime) -> Clock:
    clock.unit, clock.amount = Target.Unit.HOURS, max(1, round((due_at - clock.started_at) / timedelta(hours=1)))
    _count(clock, Measures().of(clock.complaint.store, clock.unit), due_at)
    clock.save(update_fields=["unit", "amount", "due_at", "warn_at", "is_provisional"])
    return clock


def retime_stage(complaint: Complaint) -> None:
    """Let the clock of the present stage follow another severity, counted from its own beginning; told.

    What was agreed or ordered for a moment stays: the instruction of a decision is no target.
    """
    clock = complaint.clocks.filter(due=complaint.status, ended_at=None).exclude(due=Due.CARRYING_OUT).first()
    target = target_of(complaint, clock.due, complaint.severity, clock.started_at) if clock else None
    if clock is None or target is None or (target.unit, target.amount) == (clock.unit, clock.amount):
        return
    clock.unit, clock.amount = target.unit, target.amount
    _count(clock, Measures().of(complaint.store, clock.unit))
    clock.save(update_fields=["unit", "amount", "due_at", "warn_at", "is_provisional"])


def pauses_of(clock: Clock) -> list[tuple[datetime, datetime]]:
    """The pauses that a clock stood still in and that are over."""
    if clock.due not in PAUSED:
        return []
    return [
        (max(one.started_at, clock.started_at), one.ended_at)
        for one in clock.complaint.pauses.all()
        if one.ended_at and one.ended_at > clock.started_at
    ]


def end_clock(complaint: Complaint, due: str, *, outside: OutsideCase | None = None, moment: datetime) -> None:
    """End a clock because what it ran for has happened; told. One that does not run is left alone."""
    _end(complaint.clocks.filter(due=due, outside=outside, ended_at=None), complaint, moment)


def _end(clocks: Any, complaint: Complaint, moment: datetime) -> None:
    hours = None
    for clock in clocks:
        hours = hours or Measures().of(complaint.store, Target.Unit.STORE_MINUTES)
        pauses = [*pauses_of(clock), *([(clock.paused_at, moment)] if clock.paused_at else [])]
        spent = hours.between(clock.started_at, moment) - sum(
            (hours.between(*pause) for pause in pauses), start=timedelta()
        )
        clock.ended_at, clock.paused_at = max(moment, clock.started_at), None
        clock.spent_minutes = max(round(spent / timedelta(minutes=1)), 0)
        clock.save(update_fields=["ended_at", "paused_at", "spent_minutes"])
        if clock.escalations.exists():
            end_tasks("case_late", complaint)


def note_answer(complaint: Complaint, moment: datetime) -> None:
    """The customer has been answered or told: the legal time for an answer is over; told."""
    end_clock(complaint, Due.LEGAL_ANSWER, moment=moment)


def switch_stage(complaint: Complaint, moment: datetime) -> None:
    """End the clock of the stage before and start that of the stage a case has entered; told by `enter`.

    Who goes on with a case does not wait any more: a pause ends with its stage.
    """
    if complaint.origin:
        return
    resume_clocks(complaint, moment)
    status = complaint.status
    clocks = complaint.clocks.filter(ended_at=None)
    _end(clocks.filter(due__in=STAGES).exclude(due=status), complaint, moment)
    if status in (Status.CALLING, Status.CLOSED, Status.MERGED):
        _end(clocks.filter(due__in=[*LEGAL, Due.AGREED]), complaint, moment)
    follow_calls(complaint, moment)
    if complaint.is_open:
        start_clock(complaint, status, severity=complaint.severity, moment=moment)
        _follow_law(complaint, moment)


def _follow_law(complaint: Complaint, moment: datetime) -> None:
    """Start, end or wake the clocks of warranty law as far as a case has come."""
    if complaint.told_at or complaint.replied_at or complaint.accepted_at:
        note_answer(complaint, moment)
    if complaint.status == Status.CALLING:
        return
    if complaint.route in (Route.ATTITUDE, Route.PROCESS):
        _end(complaint.clocks.filter(due__in=LEGAL, ended_at=None), complaint, moment)
    elif complaint.nature == Complaint.Nature.COMPLAINT and is_under_warranty(complaint):
        _wake_law(complaint)


def _wake_law(complaint: Complaint) -> None:
    is_answered = bool(complaint.told_at or complaint.replied_at or complaint.accepted_at)
    for due in LEGAL[1:] if is_answered else LEGAL:
        ended = complaint.clocks.filter(due=due).order_by("-id").first()
        if ended is None:
            start_clock(complaint, due, moment=complaint.received_at)
        elif ended.ended_at and due == Due.LEGAL_END:
            ended.ended_at = ended.spent_minutes = None
            ended.save(update_fields=["ended_at", "spent_minutes"])


def is_under_warranty(complaint: Complaint) -> bool:
    """Whether the legal time for car products (三包) runs in a case: see the head of this page."""
    car, day = complaint.vehicle, complaint.received_on
    found_at_fault = complaint.route == Route.PRODUCT
    if car is None or car.sold_on is None:
        return found_at_fault
    try:
        until = car.sold_on.replace(year=car.sold_on.year + WARRANTY_YEARS)
    except ValueError:  # sold on 29 February
        until = car.sold_on.replace(year=car.sold_on.year + WARRANTY_YEARS, month=3, day=1)
    return day <= until and (car.mileage or 0) <= WARRANTY_KM


def resume_clocks(complaint: Complaint, moment: datetime) -> bool:
    """End the pause of a case, if there is one, and move what stood still; told."""
    waited = complaint.pauses.filter(ended_at=None).first()
    if waited is None:
        return False
    waited.ended_at = moment
    waited.save(update_fields=["ended_at"])
    measures = Measures()
    for clock in complaint.clocks.filter(ended_at=None, paused_at__isnull=False):
        measure, began = measures.of(complaint.store, clock.unit), clock.paused_at or moment
        for name in ("due_at", "warn_at"):
            if began < getattr(clock, name):
                setattr(clock, name, measure.advance(getattr(clock, name), measure.between(began, moment)))
        clock.paused_at = None
        clock.is_provisional = measure.is_provisional(clock.started_at, clock.due_at)
        clock.save(update_fields=["due_at", "warn_at", "is_provisional", "paused_at"])
    return True


@atomic
def _recount(clock: Clock, measures: Measures) -> bool:
    clock = lock(clock)
    if clock.ended_at or clock.paused_at:
        return False
    before = (clock.due_at, clock.warn_at, clock.is_provisional)
    fixed = clock.due_at if clock.unit == Target.Unit.HOURS else None
    _count(clock, measures.of(clock.complaint.store, clock.unit), fixed)
    if (clock.due_at, clock.warn_at, clock.is_provisional) == before:
        return False
    if not clock.complaint.pauses.exists():
        clock.first_due_at = clock.due_at
    clock.save(update_fields=["due_at", "warn_at", "is_provisional", "first_due_at"])
    return True


def recount_clocks(moment: datetime | None = None) -> int:
    """Count provisional clocks again, and every running one when official holidays were just loaded; by the clock."""
    fresh = HolidayYear.objects.filter(loaded_at__gt=(moment or now()) - FRESH).order_by("-loaded_at").first()
    wanted = Q(is_provisional=True)
    if fresh:
        wanted |= Q(started_at__lt=fresh.loaded_at)
    measures = Measures()
    rows = Clock.objects.running().filter(wanted).exclude(unit=Target.Unit.HOURS)
    return sum(_recount(one, measures) for one in rows.select_related("complaint__store__opening").order_by("pk"))
