"""Why a car is still here (为什么还在店): what each waits for, since when, who acts next, whether its promise holds.

Reads only, in four queries whatever the number of cars.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db import models
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

from core.roles import Role
from service.models.holds import Hold
from service.models.hours import NONE, Hours, hours_of
from service.models.jobs import Job
from service.models.sold import Sold, left_of, rows_of, sold_hours
from service.models.visits import Visit

SLACK = timedelta(minutes=30)  # less than this before the promise is amber
QUARTER = timedelta(minutes=15)


class Wait(models.TextChoices):
    """What a car in the store waits for, in the order of its way from the gate in to the gate out."""

    GREETING = "greeting", _("To greet")
    RECEPTION = "reception", _("To receive")
    ESTIMATE = "estimate", _("To estimate")
    CONSENT = "consent", _("Customer's consent")
    DISPATCH = "dispatch", _("To dispatch")
    PARTS = "parts", _("Parts")
    ASSESSMENT = "assessment", _("Loss assessment")
    MANUFACTURER = "manufacturer", _("Manufacturer")
    SUBLET = "sublet", _("Sublet")
    WORK = "work", _("In work")
    CHECK = "check", _("To check")
    WASH = "wash", _("To wash")
    TELLING = "telling", _("Telling the customer")
    EXPLAINING = "explaining", _("Explaining the bill")
    SETTLING = "settling", _("Settling")
    PAYMENT = "payment", _("Payment")
    HANDOVER = "handover", _("To hand over")
    GATE = "gate", _("To leave the gate")


# Of several things that a car waits for at once, the first of these counts: what only others can end comes first.
RANK = [Wait.CONSENT, Wait.PARTS, Wait.ASSESSMENT, Wait.MANUFACTURER, Wait.SUBLET, Wait.ESTIMATE, Wait.DISPATCH,
        Wait.WORK, Wait.CHECK]  # fmt: skip
_RANK = {wait: place for place, wait in enumerate(RANK)}
_OF_HOLD = {kind: Wait(kind.value) for kind in Hold.Kind}
# Who acts next; where it is the car's own advisor or technician, their name takes the role's place.
NEXT = {
    Wait.GREETING: Role.GREETER,
    Wait.RECEPTION: Role.ADVISOR,
    Wait.ESTIMATE: Role.ADVISOR,
    Wait.CONSENT: Role.ADVISOR,
    Wait.DISPATCH: Role.CONTROLLER,
    Wait.PARTS: Role.PARTS_CLERK,
    Wait.ASSESSMENT: Role.ADVISOR,
    Wait.MANUFACTURER: Role.WARRANTY_CLERK,
    Wait.SUBLET: Role.CONTROLLER,
    Wait.WORK: Role.TECHNICIAN,
    Wait.CHECK: Role.INSPECTOR,
    Wait.WASH: Role.INSPECTOR,
    Wait.TELLING: Role.ADVISOR,
    Wait.EXPLAINING: Role.ADVISOR,
    Wait.SETTLING: Role.ADVISOR,
    Wait.PAYMENT: Role.CASHIER,
    Wait.HANDOVER: Role.ADVISOR,
    Wait.GATE: Role.GUARD,
}
DELAYS = {
    Wait.CONSENT: Visit.Delay.CONSENT,
    Wait.PARTS: Visit.Delay.PARTS,
    Wait.ASSESSMENT: Visit.Delay.OUTSIDE,
    Wait.MANUFACTURER: Visit.Delay.OUTSIDE,
    Wait.SUBLET: Visit.Delay.OUTSIDE,
    Wait.ESTIMATE: Visit.Delay.EXTRA,
}


@dataclass(slots=True)
class Task:
    """One job of a car that is not over: what it waits for, since when, who does it, how much is left to do."""

    wait: Wait
    since: datetime | None
    who: str = ""
    left: timedelta = NONE
    expected: datetime | None = None


@dataclass(slots=True)
class Standing:
    """A car on the wall."""

    visit: int
    store: int
    plate: str
    title: str
    customer: str
    advisor_id: int | None
    advisor: str
    waits: bool
    key_tag: str
    parking: str
    arrived_at: datetime
    promised_at: datetime | None
    promised_first: datetime | None
    promise_told_at: datetime | None
    promise_alarmed: datetime | None
    wait: Wait = Wait.GREETING
    since: datetime | None = None
    who: str = ""
    also: list[Task] = field(default_factory=list)
    failed: bool = False
    expected: datetime | None = None
    suggested: datetime | None = None
    level: str = ""  # late: broken; red: it will not hold; amber: less than half an hour to spare

    @property
    def delay(self) -> str:
        """The reason that a new time would have."""
        if self.failed and self.wait in {Wait.WORK, Wait.CHECK}:
            return Visit.Delay.REWORK
        return DELAYS.get(self.wait, Visit.Delay.WORKSHOP)


_VISIT = ("pk store vehicle__plate vehicle__vin vehicle__brand vehicle__model customer__name advisor advisor__name "
          "waits key_tag parking arrived_at promised_at promised_first promise_told_at promise_alarmed status "
          "greeted_at received_at wants_wash washed_at ready_at explained_at settled_at cleared_at handed_over_at "
          "store__opening store__reception_minutes").split()  # fmt: skip
_JOB = ("pk order__visit status technician__name technician added_at dispatched_at started_at finished_at checked_at "
        "check_failures").split()  # fmt: skip
_OVER = {Job.Status.DONE, Job.Status.DROPPED}


class _Facts:
    """What is known of the cars, read once for all of them."""

    def __init__(self, rows: list[dict[str, Any]], moment: datetime) -> None:
        ids = [row["pk"] for row in rows]
        self.moment = moment
        self.roles = {wait: str(role.label) for wait, role in NEXT.items()}
        self.hours = hours_of({row["store__opening"] for row in rows}, moment)
        self.jobs = _jobs(ids)
        self.sold = sold_hours(jobs_of=ids)


def standings(visits: models.QuerySet[Visit], moment: datetime | None = None) -> list[Standing]:
    """Each of these cars that is in the store, the most pressing first: who waits, then what is late or will be."""
    there: Any = visits
    rows = [dict(zip(_VISIT, row, strict=True)) for row in there.in_store().order_by().values_list(*_VISIT)]
    facts = _Facts(rows, moment or now())
    return sorted((_stand(row, facts) for row in rows), key=_urgency)


def _stand(row: dict[str, Any], facts: _Facts) -> Standing:
    car, hours = _car(row), facts.hours[row["store__opening"]]
    jobs = facts.jobs.get(row["pk"], [])
    tasks = [task for job in jobs for task in _tasks(job, facts.sold.get(job["pk"]), hours, facts.moment)]
    _place(car, row, jobs, tasks, facts)
    if row["status"] == Visit.Status.RECEIVED:
        car.failed = any(job["check_failures"] and job["status"] == Job.Status.IN_WORK for job in jobs)
        at_work = [job for job in jobs if job["status"] in _AT_WORK]
        workers = {person for job in at_work for person in (job["technician"], *job["team"])}
        _foresee(car, tasks, len(workers), hours, facts.moment)
    elif car.wait == Wait.GREETING and facts.moment - row["arrived_at"] > timedelta(
        minutes=row["store__reception_minutes"]
    ):
        car.level = "late"
    return car


_AT_WORK = {Job.Status.DISPATCHED, Job.Status.IN_WORK}
_LEVELS = {"late": 0, "red": 1, "amber": 2, "": 3}


def _urgency(car: Standing) -> tuple[Any, ...]:
    return (not car.waits, _LEVELS[car.level], car.promised_at is None, car.promised_at or car.arrived_at, car.visit)


def _car(row: dict[str, Any]) -> Standing:
    title = f"{row['vehicle__brand']} {row['vehicle__model']}".strip()
    return Standing(
        visit=row["pk"],
        store=row["store"],
        plate=row["vehicle__plate"] or row["vehicle__vin"][-8:],
        title=title,
        customer=row["customer__name"] or "",
        advisor_id=row["advisor"],
        advisor=row["advisor__name"] or "",
        **{name: row[name] for name in ("waits key_tag parking arrived_at promised_at promised_first "
                                        "promise_told_at promise_alarmed").split()},
    )  # fmt: skip


def _jobs(visits: list[int]) -> dict[int, list[dict[str, Any]]]:
    found: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for job in rows_of(Job.objects.filter(order__visit__in=visits).order_by("position", "pk"), _JOB):
        found[job["order__visit"]].append(job)
    return found


def _tasks(job: dict[str, Any], sold: Sold | None, hours: Hours, moment: datetime) -> list[Task]:
    status, held = job["status"], job["holds"]
    if status in _OVER and not held:
        return []
    left = left_of(status, job["started_at"], sold.hours if sold else NONE, hours, moment)
    tasks = [Task(_OF_HOLD[Hold.Kind(kind)], since, expected=expected) for kind, since, expected in held]
    is_stopped = any(kind != Hold.Kind.CONSENT for kind, _since, _expected in held)
    if status == Job.Status.OPEN and not held:
        tasks.append(Task(Wait.CONSENT if sold and sold.asked else Wait.ESTIMATE, job["added_at"]))
    elif status == Job.Status.TO_DISPATCH and not is_stopped:
        tasks.append(Task(Wait.DISPATCH, sold.agreed_at if sold else job["added_at"]))
    elif status in _AT_WORK and not is_stopped:
        since = job["started_at"] if status == Job.Status.IN_WORK else job["dispatched_at"]
        tasks.append(Task(Wait.WORK, since, job["technician__name"] or ""))
    elif status == Job.Status.CHECKING:
        tasks.append(Task(Wait.CHECK, job["finished_at"]))
    if tasks:
        tasks[0].left = left
    return tasks


def _place(car: Standing, row: dict[str, Any], jobs: list[dict[str, Any]], tasks: list[Task], facts: _Facts) -> None:
    """What the car waits for: before reception the people at the door, then its jobs, then the way out."""
    if row["status"] == Visit.Status.RECEIVED and tasks:
        tasks.sort(key=lambda task: (_RANK[task.wait], task.since or car.arrived_at))
        first = tasks[0]
        car.wait, car.since, car.who = first.wait, first.since or row["received_at"], first.who
        car.also = [task for task in tasks[1:] if task.wait != first.wait]
    else:
        is_charged = any(job["pk"] in facts.sold and facts.sold[job["pk"]].charged for job in jobs)
        checked_at = max((job["checked_at"] for job in jobs if job["checked_at"]), default=None)
        car.wait, car.since = _on_the_way(row, is_charged, checked_at)
    car.who = car.who or (car.advisor if NEXT[car.wait] == Role.ADVISOR else "") or facts.roles[car.wait]


def _on_the_way(row: dict[str, Any], is_charged: bool, checked_at: Any) -> tuple[Wait, datetime]:
    if row["status"] == Visit.Status.ARRIVED:
        return (Wait.RECEPTION, row["greeted_at"]) if row["greeted_at"] else (Wait.GREETING, row["arrived_at"])
    if row["status"] == Visit.Status.RECEIVED:
        since = checked_at or row["received_at"]
        if row["wants_wash"] and not row["washed_at"]:
            return Wait.WASH, since
        return Wait.TELLING, row["washed_at"] or since
    if row["status"] == Visit.Status.HANDED_OVER:
        return Wait.GATE, row["handed_over_at"]
    if row["settled_at"]:
        return (Wait.HANDOVER, row["cleared_at"]) if row["cleared_at"] else (Wait.PAYMENT, row["settled_at"])
    if is_charged and not row["explained_at"]:
        return Wait.EXPLAINING, row["ready_at"]
    return Wait.SETTLING, row["explained_at"] or row["ready_at"]


def _foresee(car: Standing, tasks: list[Task], workers: int, hours: Hours, moment: datetime) -> None:
    """When the car will be finished, laid over opening hours, and whether that keeps the promise."""
    start = max([moment, *(task.expected for task in tasks if task.expected)])
    left = sum((task.left for task in tasks), NONE)
    car.expected = hours.after(start, left / max(workers, 1))
    spare = hours.after(car.expected, SLACK)
    day = spare.replace(minute=0, second=0, microsecond=0)
    car.suggested = day + -(-(spare - day) // QUARTER) * QUARTER
    if car.promised_at is None:
        return
    if car.promised_at < moment:
        car.level = "late"
    elif car.expected > car.promised_at:
        car.level = "red"
    elif car.promised_at - car.expected < SLACK:
        car.level = "amber"
