"""What the dispatcher looks at: jobs to give out, and technicians with the hours they still have today.

Reads only. Hours that have passed do not count, absence does not count, and the hours of one trade are no hours of
another.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Q

from core.models import Absence, Posting, Store
from core.roles import Role
from service.models.holds import Hold
from service.models.hours import NONE, Hours, hours_of
from service.models.jobs import Job
from service.models.sold import left_of, rows_of, sold_hours
from service.models.visits import Visit


@dataclass(slots=True)
class Work:
    """A job of the list: the car, what is asked for, its sold hours, and what it waits for."""

    pk: int
    order: int
    words: str
    kind: str
    trade: str
    plate: str
    title: str
    waits: bool
    promised_at: datetime | None
    status: str
    left: timedelta
    failed: int = 0
    missing: list[tuple[str, datetime, datetime | None]] = field(default_factory=list)  # kind of wait, since, expected


@dataclass(slots=True)
class Bench:
    """A technician today: hours from now to closing less absence, less the work given and not done."""

    pk: int
    name: str
    trade: str
    present: timedelta
    given: timedelta
    works: list[Work] = field(default_factory=list)
    back_at: datetime | None = None  # absent now: until when

    @property
    def free(self) -> timedelta:
        """What is left for more work today."""
        return max(self.present - self.given, NONE)

    @property
    def load(self) -> int:
        """The work given in percent of the hours that are left today; more than all of them is 100."""
        if self.present <= NONE:
            return 100 if self.given else 0
        return min(round(100 * self.given / self.present), 100)


_ROW = ("pk order words kind trade order__visit__vehicle__plate order__visit__vehicle__vin "
        "order__visit__vehicle__brand order__visit__vehicle__model order__visit__waits order__visit__promised_at "
        "status started_at technician check_failures order__visit").split()  # fmt: skip


class Workload:
    """The dispatcher's list of one store at one moment, in five queries whatever the number of cars."""

    def __init__(self, store: Store, moment: datetime) -> None:
        self.store, self.moment = store, moment
        self.hours: Hours = hours_of([store.opening_id], moment)[store.opening_id]
        zone = ZoneInfo(store.time_zone)
        self.day_ends = datetime.combine(moment.astimezone(zone).date() + timedelta(days=1), time(), zone)
        here = Q(order__store=store, order__visit__status=Visit.Status.RECEIVED)
        people = list(
            Posting.objects.filter(store=store, role=Role.TECHNICIAN, is_active=True, employee__is_active=True)
            .order_by("employee__name", "employee")
            .values_list("employee", "employee__name", "trade")
        )
        ids = [pk for pk, _name, _trade in people]
        given = Q(status__in=[Job.Status.DISPATCHED, Job.Status.IN_WORK])
        wanted = here & Q(status=Job.Status.TO_DISPATCH) | given & Q(technician__in=ids) | given & here
        rows = rows_of(Job.objects.filter(wanted).order_by("order", "position", "pk"), _ROW)
        self.sold = sold_hours(jobs=[row["pk"] for row in rows])
        self.jobs = self._to_dispatch(rows)
        self.benches = self._benches(people, rows)

    def _work(self, row: dict[str, Any]) -> Work:
        sold = self.sold.get(row["pk"])
        left = left_of(row["status"], row["started_at"], sold.hours if sold else NONE, self.hours, self.moment)
        title = f"{row['order__visit__vehicle__brand']} {row['order__visit__vehicle__model']}".strip()
        return Work(
            pk=row["pk"],
            order=row["order"],
            words=row["words"],
            kind=row["kind"],
            trade=row["trade"],
            plate=row["order__visit__vehicle__plate"] or row["order__visit__vehicle__vin"][-8:],
            title=title,
            waits=row["order__visit__waits"],
            promised_at=row["order__visit__promised_at"],
            status=row["status"],
            left=left,
            failed=row["check_failures"],
            missing=[one for one in row["holds"] if one[0] != Hold.Kind.CONSENT],
        )

    def _to_dispatch(self, rows: list[dict[str, Any]]) -> list[Work]:
        """Jobs to give out: what can be given out first, of these waiting customers, then by promise."""
        found = [self._work(row) for row in rows if row["status"] == Job.Status.TO_DISPATCH]
        last = self.day_ends + timedelta(days=3650)
        return sorted(found, key=lambda one: (bool(one.missing), not one.waits, one.promised_at or last, one.pk))

    def _benches(self, people: list[tuple[int, str, str]], rows: list[dict[str, Any]]) -> list[Bench]:
        away = _absences([pk for pk, _name, _trade in people], self.moment, self.day_ends)
        given: dict[int, list[tuple[Work, int]]] = defaultdict(list)
        for row in rows:
            if row["status"] != Job.Status.TO_DISPATCH:
                team = {row["technician"], *row["team"]}
                for person in team:
                    given[person].append((self._work(row), len(team)))
        benches: dict[int, Bench] = {}
        for pk, name, trade in people:
            if pk in benches:  # posted for two trades: works in both
                benches[pk].trade = ""
                continue
            works = given.get(pk, [])
            benches[pk] = Bench(
                pk=pk,
                name=name,
                trade=trade,
                present=self._present(away.get(pk, [])),
                given=sum((work.left / size for work, size in works), NONE),
                works=[work for work, _size in works],
                back_at=max((end for start, end in away.get(pk, []) if start <= self.moment), default=None),
            )
        return list(benches.values())

    @property
    def is_closed(self) -> bool:
        """Whether the store's hours of today are over, for everybody."""
        return self.hours.between(self.moment, self.day_ends) <= NONE

    def _present(self, away: list[tuple[datetime, datetime]]) -> timedelta:
        """Opening hours from now to the end of the day in which somebody is there."""
        present, at = NONE, self.moment
        for start, end in sorted(away):
            if start > at:
                present += self.hours.between(at, min(start, self.day_ends))
            at = max(at, end)
        return present + (self.hours.between(at, self.day_ends) if at < self.day_ends else NONE)


def _absences(people: list[int], start: datetime, end: datetime) -> dict[int, list[tuple[datetime, datetime]]]:
    found: dict[int, list[tuple[datetime, datetime]]] = defaultdict(list)
    rows = Absence.objects.filter(
        employee__in=people, cancelled_at__isnull=True, ends_at__gt=start, starts_at__lt=end
    ).order_by()
    for person, away, back in rows.values_list("employee", "starts_at", "ends_at"):
        found[person].append((away, back))
    return found
