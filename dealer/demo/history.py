"""Eighteen months of visits up to yesterday, made as whole tables: nothing of it goes through the actions.

What the actions would have written stands here once more, so the invariants are checked in tests/dealer/test_demo.py.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from random import Random

from core.models import Store
from core.roles import Role
from dealer.demo import menu
from dealer.demo.calendar import SHUT
from dealer.demo.garage import Car, Diary, Garage, moment
from dealer.demo.people import PLACES, Crew
from dealer.demo.prices import Part, Payers, Priced, fitting, menu_lines, price, split
from service.models import Visit

RANK = list(Visit.Kind.values)
FIRST_CAR, NOON, AFTERNOON, LAST_CAR, CLOSING = 8 * 60 + 32, 11 * 60 + 40, 13 * 60 + 5, 16 * 60 + 40, 18 * 60
MOST_LINES = 6  # of an order
KEPT = {"HD01": 0.9, "HD02": 0.92, "YH01": 0.875}  # how much of its first promises a store keeps


@dataclass
class Item:
    """A line of a past order with the customer's answer and its payers."""

    priced: Priced
    consent: str
    parts: list[Part]


@dataclass
class Task:
    """A job of a past order."""

    package: menu.Package
    kind: str
    technician: int
    items: list[Item]
    failures: int


@dataclass
class Past:
    """A visit of the past with everything that hangs on it, before it is rows."""

    store: Store
    car: Car
    day: date
    kind: str
    tasks: list[Task]
    advisor: int
    inspector: int
    times: dict[str, datetime]
    waits: bool
    mileage: int
    driver: tuple[str, str]
    declined: str = ""
    satisfaction: int | None = None
    pk: int = 0
    order: int = 0
    worth: Decimal = Decimal(0)
    piles: dict[tuple[str, int | None], list[tuple[int, Item, Part]]] = field(default_factory=lambda: defaultdict(list))

    @property
    def left_on(self) -> date:
        """The day the car left."""
        return self.times["left"].date()


class Years:
    """Makes the visits of the past."""

    def __init__(self, rng: Random, garage: Garage, payers: Payers, first: date, today: date) -> None:
        self.rng, self.garage, self.payers, self.first, self.today = rng, garage, payers, first, today
        self.yesterday = today - timedelta(days=1)
        self.prices: dict[tuple[str, float, int], list[Priced]] = {}

    def visits(self) -> list[Past]:
        """All visits of all stores, by arrival."""
        found = []
        for place in PLACES:
            store, crew = self.garage.stores[place.code], self.garage.crews[place.code]
            diary = Diary(self.rng, self.garage.cars[place.code], self.first, self.yesterday)
            for day, cars in diary:
                for car in cars:
                    past = self._visit(store, crew, car, day)
                    found.append(past)
                    diary.again(car, past.left_on)
        found.sort(key=lambda past: past.times["arrived"])
        return found

    def _kind(self, car: Car, day: date) -> str:
        rng = self.rng
        age, own = (day - car.sold_on).days, car.is_own_brand
        if car.comes_back and car.last_left:
            return "comeback"
        if own and car.mileage == 0 and age < 165:
            return "first"
        kinds = {"maintenance": 54, "repair": 24, "accident": 10, "warranty": 0, "recall": 3 if own else 0}
        if own and age < 1100:
            kinds["warranty"] = 13
        kind = rng.choices(list(kinds), list(kinds.values()))[0]
        return "maintenance" if kind == "accident" and day == self.yesterday else kind

    def _tasks(self, store: Store, crew: Crew, car: Car, kind: str) -> list[Task]:
        rng = self.rng
        kinds = [kind]
        if kind in ("maintenance", "repair", "warranty") and rng.random() < 0.34:
            kinds.append("repair")
        if kind in ("accident", "recall", "warranty") and rng.random() < 0.14:
            kinds.append("maintenance")
        if len(kinds) == 2 and rng.random() < 0.1:
            kinds.append("repair")
        tasks: list[Task] = []
        used: set[str] = set()
        for one in kinds:
            room = MOST_LINES - sum(len(task.items) for task in tasks)
            choice = [p for p in fitting(one, car.model.power) if p.words not in used and len(menu_lines(p)) <= room]
            if not choice:
                continue
            package = rng.choices(choice, [p.weight for p in choice])[0]
            used.add(package.words)
            payers = self.payers.of_job(rng, store, car, one)
            items = [Item(p, "authorised", split(p, payers)) for p in self._priced(store, car, package)]
            tasks.append(
                Task(package, one, rng.choice(crew[Role.TECHNICIAN]).pk, items, 1 if rng.random() < 0.03 else 0)
            )
        lines = sum(len(task.items) for task in tasks)
        if kind in ("maintenance", "repair") and lines < MOST_LINES and rng.random() < 0.24:
            finding = price(rng.choice(menu.FINDINGS), store.labour_rate, car.model.dearness)
            answer = rng.choices(["authorised", "deferred", "declined"], [45, 30, 25])[0]
            codes = {item.priced.code for task in tasks for item in task.items}
            if finding.code not in codes:
                own = [("customer", None, "repair", Decimal(0))]
                tasks[0].items.append(Item(finding, answer, split(finding, own)))
        return tasks

    def _priced(self, store: Store, car: Car, package: menu.Package) -> list[Priced]:
        key = (store.code, car.model.dearness, id(package))
        if key not in self.prices:
            self.prices[key] = [price(one, store.labour_rate, car.model.dearness) for one in menu_lines(package)]
        return self.prices[key]

    def _visit(self, store: Store, crew: Crew, car: Car, day: date) -> Past:
        rng = self.rng
        kind = self._kind(car, day)
        tasks = self._tasks(store, crew, car, kind)
        declined = rng.choice(menu.EXIT_REASONS) if kind == "repair" and rng.random() < 0.07 else ""
        if declined:
            tasks = tasks[:1]
            tasks[0].failures = 0
            for item in tasks[0].items:
                item.consent = "declined"
        hours = sum(float(i.priced.quantity) for t in tasks for i in t.items if i.priced.kind == "labour")
        waits = kind != "accident" and hours < 2.6 and rng.random() < 0.42
        advisors = crew[Role.ADVISOR]
        if kind == "accident" and crew[Role.ACCIDENT_SPECIALIST] and rng.random() < 0.6:
            advisors = crew[Role.ACCIDENT_SPECIALIST]
        owner = car.owner.person
        return Past(
            store,
            car,
            day,
            min((task.kind for task in tasks), key=RANK.index),
            tasks,
            rng.choice(advisors).pk,
            crew[Role.INSPECTOR][0].pk,
            self._times(day, hours, kind, waits, "" if declined else store.code),
            waits,
            car.drive(day),
            car.driver if car.driver[0] and rng.random() < 0.8 else (owner.name, owner.phone),
            declined,
            None if declined or rng.random() > 0.55 else rng.choices([5, 4, 3, 2, 1], [66, 25, 6, 2, 1])[0],
        )

    # When

    def _next_open(self, day: date) -> date:
        day += timedelta(days=1)
        while day in SHUT:
            day += timedelta(days=1)
        return day

    def _in_hours(self, when: datetime, opens: float = 9 * 60) -> datetime:
        if when.hour * 60 + when.minute <= CLOSING + 25 and when.hour >= 8:
            return when
        day = self._next_open(when.date()) if when.hour >= 8 else when.date()
        return moment(day, opens + self.rng.uniform(0, 110))

    def _times(self, day: date, hours: float, kind: str, waits: bool, store: str) -> dict[str, datetime]:
        rng = self.rng
        spans = [(FIRST_CAR, 630, 46), (630, NOON, 20), (AFTERNOON, 900, 24), (900, LAST_CAR, 10)]
        start, end, _weight = rng.choices(spans, [one[2] for one in spans])[0]
        arrived = moment(day, rng.uniform(start, end))
        received = arrived + timedelta(minutes=rng.choices([2, 3, 4, 6, 9, 14], [15, 30, 25, 15, 10, 5])[0])
        if not store:
            return self._declined(arrived, received)
        work = 28 + hours * 62 + (0 if waits else rng.uniform(10, 60))
        if kind == "accident":
            days = min(max(0, round(hours / 3) + rng.randint(0, 2)), (self.yesterday - day).days)
            promised = moment(day + timedelta(days=days), 16 * 60) if days else received + timedelta(minutes=work)
            if promised.date() in SHUT:
                promised = moment(self._next_open(promised.date()), 11 * 60)
        else:
            promised = received + timedelta(minutes=work * rng.uniform(1.15, 1.5))
        if promised.hour * 60 + promised.minute > CLOSING - 15:
            promised = moment(self._next_open(promised.date()), 11 * 60)
        promised = _quarter(promised)
        told_after = timedelta(minutes=rng.randint(1, 9))
        first, chance = promised, rng.random()
        span = (promised - received).total_seconds() / 60
        if chance < KEPT[store]:
            ready = promised - timedelta(minutes=rng.uniform(10, max(11, span * 0.4)))
        elif chance < KEPT[store] + 0.03:  # another time was agreed in between, and kept
            ready = promised + timedelta(minutes=rng.uniform(5, 70))
            promised = _quarter(ready + told_after + timedelta(minutes=10))
        else:
            ready = promised + timedelta(minutes=rng.uniform(6, 130))
        ready = max(self._in_hours(ready), received + timedelta(minutes=20))
        last = moment(self.yesterday, 17 * 60)
        if ready > last:
            ready = max(min(ready, last), received + timedelta(minutes=20))
            promised = max(promised, ready)
            first = promised
        told = ready + told_after
        until = rng.uniform(4, 20) if waits else rng.uniform(12, 230)
        settled = self._in_hours(told + timedelta(minutes=until))
        if settled.date() >= self.today:
            settled = told + timedelta(minutes=rng.uniform(4, 30))
        return self._leave(
            {
                "arrived": arrived,
                "received": received,
                "first": first,
                "promised": promised,
                "ready": ready,
                "told": told,
                "settled": settled,
            }
        )

    def _declined(self, arrived: datetime, received: datetime) -> dict[str, datetime]:
        ready = received + timedelta(minutes=self.rng.uniform(25, 60))
        promised = _quarter(received + timedelta(hours=2))
        settled = ready + timedelta(minutes=4)
        times = {"arrived": arrived, "received": received, "first": promised, "promised": promised, "ready": ready}
        return self._leave(times | {"settled": settled})

    def _leave(self, times: dict[str, datetime]) -> dict[str, datetime]:
        after = times["settled"]
        for name, least, most in (("paid", 2, 9), ("handed_over", 2, 8), ("passed", 1, 4), ("left", 2, 9)):
            after = after + timedelta(minutes=self.rng.uniform(least, most))
            times[name] = after
        return times


def _quarter(when: datetime) -> datetime:
    rounded = when.replace(second=0, microsecond=0)
    return rounded + timedelta(minutes=-rounded.minute % 15)
