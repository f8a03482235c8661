"""Eighteen months of visits up to yesterday, made as whole tables: nothing of it goes through the actions.

What the actions would have written stands here once more, so the invariants are checked in tests/dealer/test_demo.py.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Any, NamedTuple

from core.figures import touch_many
from core.models import Counter, Store
from core.roles import Role
from core.taxes import cents, net_of
from dealer.demo import menu
from dealer.demo.calendar import SHUT
from dealer.demo.garage import Car, Diary, Garage, moment
from dealer.demo.people import PLACES, Crew
from dealer.demo.sheets import Sheet
from finance.models import GatePass, Payment, Settlement, SettlementLine
from service.models import Job, Line, Order, Party, Share, Visit

VAT = Decimal("13.0")
RANK = list(Visit.Kind.values)
FIRST_CAR, NOON, AFTERNOON, LAST_CAR, CLOSING = 8 * 60 + 32, 11 * 60 + 40, 13 * 60 + 5, 16 * 60 + 40, 18 * 60
MOST_LINES = 6  # of an order
KEPT = {"HD01": 0.9, "HD02": 0.92, "YH01": 0.875}  # how much of its first promises a store keeps
METHODS = ["wechat", "alipay", "card", "transfer", "cash"]


class Priced(NamedTuple):
    """A line of the price list, priced for a store and a car."""

    kind: str
    code: str
    name: str
    unit: str
    quantity: Decimal
    price: Decimal
    amount: Decimal
    net: Decimal
    cost: Decimal


class Part(NamedTuple):
    """What one payer takes of a line."""

    payer: str
    party: int | None
    reason: str
    amount: Decimal
    net: Decimal
    cost: Decimal


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


def price(line: Any, rate: Decimal, dearness: float) -> Priced:
    """A line of the menu at a store's labour rate, or at the price of the car's parts."""
    kind, code, name, unit, quantity, listed, ratio = line
    amount_of = Decimal(quantity)
    if kind == Line.Kind.LABOUR:
        each = rate
        amount = cents(amount_of * each)
        cost = cents(amount_of * menu.LABOUR_COST)
    else:
        each = Decimal(round(listed * dearness))
        amount = cents(amount_of * each)
        cost = cents(amount * Decimal(str(ratio)) / Decimal("1.13"))
    return Priced(kind, code, name, unit, amount_of, each, amount, net_of(amount, VAT), cost)


def menu_lines(package: menu.Package) -> list[Any]:
    """Labour and parts of a package in one shape."""
    labour = [(Line.Kind.LABOUR.value, code, name, "h", hours, 0, 0) for code, name, hours in package.labour]
    parts = [(Line.Kind.PART.value, *part) for part in package.parts]
    return labour + parts


def fitting(kind: str, power: str) -> list[menu.Package]:
    """What of the menu a car of this power can need."""
    own = "electric" if power == "electric" else "fuel"
    return [one for one in menu.BY_KIND[kind] if one.power in ("any", own)]


class Payers:
    """The parties of each company, and how a line is shared among those who pay."""

    def __init__(self, stores: Iterable[Store]) -> None:
        rows: dict[tuple[int, str, str], Party] = {}
        for store in stores:
            wanted = [(Party.Kind.INSURER, name) for name in menu.INSURERS]
            wanted += [(Party.Kind.MANUFACTURER, menu.MANUFACTURERS[store.code])]
            wanted += [(Party.Kind.STORE, menu.GOODWILL), (Party.Kind.EXTENDED, menu.EXTENDED)]
            for kind, name in wanted:
                rows[store.company_id, kind, name] = Party(company_id=store.company_id, kind=kind, name=name)
        Party.objects.bulk_create(rows.values())
        self.rows = rows

    def named(self, store: Store, kind: str, name: str) -> Party:
        """A party by its name."""
        return self.rows[store.company_id, kind, name]

    def manufacturer(self, store: Store) -> Party:
        """Who pays for warranty and recalls in a store."""
        return self.named(store, Party.Kind.MANUFACTURER, menu.MANUFACTURERS[store.code])

    def of_job(self, rng: Random, store: Store, car: Car, kind: str) -> list[tuple[str, int | None, str, Decimal]]:
        """Payer, party, reason and share (the last takes the rest) for all lines of a job."""
        customer = ("customer", None)
        if kind in ("first", "warranty", "recall"):
            maker = self.manufacturer(store)
            reason = "recall" if kind == "recall" else "warranty"
            if kind == "warranty" and rng.random() < 0.15:
                share = Decimal(rng.choice(["0.5", "0.7", "0.8"]))
                return [("manufacturer", maker.pk, "goodwill", share), (*customer, "repair", Decimal(0))]
            return [("manufacturer", maker.pk, reason, Decimal(0))]
        if kind == "comeback":
            return [("store", self.named(store, Party.Kind.STORE, menu.GOODWILL).pk, "goodwill", Decimal(0))]
        if kind == "accident" and rng.random() > 0.08:
            insurer = self.named(store, Party.Kind.INSURER, menu.INSURERS[car.pk % len(menu.INSURERS)])
            if rng.random() < 0.18:
                share = Decimal(rng.choice(["0.8", "0.85", "0.9"]))
                return [("insurer", insurer.pk, "accident", share), (*customer, "accident", Decimal(0))]
            return [("insurer", insurer.pk, "accident", Decimal(0))]
        if kind == "repair":
            chance = rng.random()
            if chance < 0.02:
                own = self.named(store, Party.Kind.STORE, menu.GOODWILL)
                return [("store", own.pk, "goodwill", Decimal("0.5")), (*customer, "repair", Decimal(0))]
            if chance < 0.05 and car.mileage > 60_000:
                return [
                    (
                        "extended",
                        self.named(store, Party.Kind.EXTENDED, menu.EXTENDED).pk,
                        "extended",
                        Decimal(0),
                    )
                ]
        return [(*customer, "accident" if kind == "accident" else "repair", Decimal(0))]


def split(priced: Priced, payers: Sequence[tuple[str, int | None, str, Decimal]]) -> list[Part]:
    """A line shared among its payers; the last takes the rest, so that no fen is lost."""
    left = [priced.amount, priced.net, priced.cost]
    parts = []
    for n, (payer, party, reason, share) in enumerate(payers):
        if n == len(payers) - 1:
            amount, net, cost = left
        else:
            amount = cents(priced.amount * share)
            net = cents(priced.net * amount / priced.amount) if priced.amount else Decimal(0)
            cost = cents(priced.cost * amount / priced.amount) if priced.amount else Decimal(0)
        left = [left[0] - amount, left[1] - net, left[2] - cost]
        parts.append(Part(payer, party, reason, amount, net, cost))
    return parts


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


class Numbers:
    """Document numbers in the order of time, and the counters to go on from."""

    def __init__(self) -> None:
        self.last: dict[tuple[int, str, str], int] = defaultdict(int)

    def next(self, store: Store, kind: str, day: date) -> str:
        """The next number of a store for a kind of document in a month."""
        month = f"{day:%y%m}"
        self.last[store.pk, kind, month] = last = self.last[store.pk, kind, month] + 1
        return f"{store.code}-{kind}-{month}-{last:05d}"

    def write(self) -> None:
        """Set the counters, so that the next number given out goes on from here."""
        Counter.objects.bulk_create(
            Counter(store_id=store, kind=kind, month=month, last=last)
            for (store, kind, month), last in self.last.items()
        )


def write(pasts: list[Past], today: date, rng: Random) -> int:
    """Write visits, orders, settlements, payments and gate passes; say how many rows that was."""
    numbers = Numbers()
    rows = _write_visits(pasts)
    rows += _write_orders(pasts, numbers)
    rows += _write_work(pasts, rng)
    rows += _write_money(pasts, numbers, today, rng)
    numbers.write()
    days = {
        (past.store.pk, past.times[name].date()) for past in pasts for name in ("arrived", "ready", "settled", "left")
    }
    touch_many(days)
    return rows


def _write_visits(pasts: list[Past]) -> int:
    sheet = Sheet(
        Visit,
        *"store_id vehicle_id customer_id driver_name driver_phone advisor_id status exit exit_reason kind".split(),
        *"waits mileage arrived_at arrived_on received_at promised_first promised_at ready_at told_at".split(),
        *"settled_at handed_over_at left_at left_on satisfaction version".split(),
    )
    for past in pasts:
        t = past.times
        past.pk = sheet.add(
            past.store.pk,
            past.car.pk,
            past.car.owner.pk,
            *past.driver,
            past.advisor,
            "left",
            "declined" if past.declined else "served",
            past.declined,
            past.kind,
            past.waits,
            past.mileage,
            t["arrived"],
            past.day,
            t["received"],
            t["first"],
            t["promised"],
            t["ready"],
            t.get("told"),
            t["settled"],
            t["handed_over"],
            t["left"],
            past.left_on,
            past.satisfaction,
            6,
        )
    return sheet.write()


def _write_orders(pasts: list[Past], numbers: Numbers) -> int:
    sheet = Sheet(Order, *"store_id visit_id number opened_at opened_on oem_number status amount version".split())
    for past in sorted(pasts, key=lambda one: one.times["received"]):
        charged = [i for t in past.tasks for i in t.items if i.consent == "authorised"]
        by_maker = any(part.payer == "manufacturer" for item in charged for part in item.parts)
        opened = past.times["received"]
        past.order = sheet.add(
            past.store.pk,
            past.pk,
            numbers.next(past.store, "RO", opened.date()),
            opened,
            opened.date(),
            f"WC{opened:%y%m}{past.pk % 100_000:05d}" if by_maker else "",
            "dropped" if past.declined else "closed",
            sum((item.priced.amount for item in charged), Decimal(0)),
            9,
        )
    return sheet.write()


def _write_work(pasts: list[Past], rng: Random) -> int:
    jobs = Sheet(
        Job,
        *"order_id position words kind cause remedy status technician_id dispatched_at started_at finished_at".split(),
        *"checked_at inspector_id check_failures".split(),
    )
    lines = Sheet(
        Line,
        *"job_id kind code name quantity unit price amount vat_percent net cost".split(),
        *"consent consent_via consent_by consent_at".split(),
    )
    shares = Sheet(Share, *"line_id payer party_id reason amount".split())
    for past in pasts:
        start, span = past.times["received"], past.times["ready"] - past.times["received"]
        for position, task in enumerate(past.tasks, 1):
            package = task.package
            done: tuple[Any, ...] = ("", "", "dropped", None, None, None, None, None, None, 0)
            if not past.declined:
                slot = 0.3 + 0.5 * (position - 1) / len(past.tasks)
                stamps = (start + span * 0.2, start + span * slot, start + span * (slot + 0.2), start + span * 0.95)
                done = (package.cause, package.remedy, "done", task.technician, *stamps, past.inspector, task.failures)
            job = jobs.add(past.order, position, package.words, task.kind, *done)
            via = rng.choices(["signature", "phone", "wechat"], [86, 7, 7])[0]
            for item in task.items:
                p = item.priced
                consent = (item.consent, via, past.driver[0], start + span * 0.12)
                line = lines.add(
                    job, p.kind, p.code, p.name, p.quantity, p.unit, p.price, p.amount, VAT, p.net, p.cost, *consent
                )
                for part in item.parts:
                    shares.add(line, part.payer, part.party, part.reason, part.amount)
                    if item.consent == "authorised":
                        past.piles[part.payer, part.party].append((line, item, part))
                        past.worth += part.net
    return jobs.write() + lines.write() + shares.write()


def _pays_at(payer: str, past: Past, today: date, rng: Random) -> datetime | None:
    """When a payer pays: the customer and the store at once, manufacturers and insurers weeks later, a few not yet."""
    if payer in ("customer", "store"):
        return past.times["paid"]
    if rng.random() < 0.02 and (today - past.day).days < 130:
        return None
    wait = rng.randint(9, 34) if payer == "manufacturer" else rng.randint(5, 27)
    day = past.times["settled"].date() + timedelta(days=wait)
    return moment(day, rng.uniform(600, 1000)) if day < today else None


def _write_money(pasts: list[Past], numbers: Numbers, today: date, rng: Random) -> int:
    settlements = Sheet(
        Settlement,
        *"store_id visit_id number payer party_id amount net cost paid settled_at settled_on".split(),
    )
    lines = Sheet(
        SettlementLine,
        *"settlement_id line_id order_id kind reason code name quantity unit price amount net cost".split(),
    )
    payments = Sheet(Payment, *"store_id settlement_id number method amount at business_date".split())
    passes = Sheet(GatePass, *"store_id visit_id number issued_at used_at".split())
    paid: list[tuple[datetime, Store, int, str, Decimal]] = []
    for past in sorted(pasts, key=lambda one: one.times["settled"]):
        at, store = past.times["settled"], past.store
        for payer, party in sorted(past.piles, key=lambda one: (one[0] != "customer", one[0], one[1] or 0)):
            pile = past.piles[payer, party]
            amount = sum((part.amount for _line, _item, part in pile), Decimal(0))
            pays_at = _pays_at(payer, past, today, rng) if amount else None
            settlement = settlements.add(
                store.pk,
                past.pk,
                numbers.next(store, "ST", at.date()),
                payer,
                party,
                amount,
                sum((part.net for _line, _item, part in pile), Decimal(0)),
                sum((part.cost for _line, _item, part in pile), Decimal(0)),
                amount if pays_at else Decimal(0),
                at,
                at.date(),
            )
            for line, item, part in pile:
                p = item.priced
                lines.add(
                    settlement,
                    line,
                    past.order,
                    p.kind,
                    part.reason,
                    p.code,
                    p.name,
                    p.quantity,
                    p.unit,
                    p.price,
                    part.amount,
                    part.net,
                    part.cost,
                )
            if pays_at:
                method = rng.choices(METHODS, [46, 22, 18, 10, 4])[0] if payer == "customer" else "transfer"
                paid.append((pays_at, store, settlement, method, amount))
    for at, store, settlement, method, amount in sorted(paid, key=lambda one: (one[0], one[2])):
        payments.add(store.pk, settlement, numbers.next(store, "PM", at.date()), method, amount, at, at.date())
    for past in sorted(pasts, key=lambda one: one.times["passed"]):
        at = past.times["passed"]
        passes.add(past.store.pk, past.pk, numbers.next(past.store, "GP", at.date()), at, past.times["left"])
    return settlements.write() + lines.write() + payments.write() + passes.write()
