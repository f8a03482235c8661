"""The demo's customers and cars before they are rows, and who comes when: the life of each car, day by day."""

import heapq
import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta, timezone
from random import Random

from core.models import Store
from customers.models import Customer, Vehicle
from customers.shapes import initials_of, kind_of_plate
from dealer.demo.calendar import HOLIDAYS, SHUT, days_of
from dealer.demo.cars import Model, Plates, invent_model, invent_sale
from dealer.demo.people import PLACES, Crew, Person, Place, invent_customer, invent_name, invent_phone
from dealer.demo.sheets import Sheet

SHANGHAI = timezone(timedelta(hours=8))  # China has kept one time without summer time since 1991
VISITS_A_YEAR = 2.7  # of a car
INTERVAL = 135  # days between two visits, on average
EARLY = 20  # days that a car comes before it is due when the store has room
WEEKDAYS = (1.0, 0.9, 0.86, 0.9, 1.0, 1.24, 1.12)
SEASON = (1.12, 0.78, 0.94, 1.0, 0.98, 1.02, 1.08, 1.06, 1.05, 0.95, 1.0, 1.04)  # before festivals more, after less
_OFF = {day for _name, first, last, _more in HOLIDAYS for day in days_of(first, last)}


def moment(day: date, minutes: float) -> datetime:
    """A moment of a day in the demo's time zone, given in minutes after midnight."""
    return datetime.combine(day, time(), SHANGHAI) + timedelta(minutes=minutes)


@dataclass
class Owner:
    """A customer of the demo."""

    pk: int
    company_id: int
    person: Person
    since: date
    do_not_call: bool = False

    @property
    def is_member(self) -> bool:
        """Whether every visit of this customer is called."""
        return bool(self.person.level)


@dataclass
class Car:
    """A car of the demo and where it is in its life."""

    pk: int
    place: Place
    owner: Owner
    model: Model
    vin: str
    plate: str
    sold_on: date
    km_a_day: float
    driver: tuple[str, str] = ("", "")  # who mostly brings it, when it is not the owner
    mileage: int = 0
    last_left: date | None = None
    comes_back: bool = False

    @property
    def is_own_brand(self) -> bool:
        """Whether the store sells this brand, so that the manufacturer pays for warranty and recalls here."""
        return self.model.brand == self.place.brand

    def drive(self, day: date) -> int:
        """The mileage on a day: it only grows."""
        self.mileage = max(self.mileage + 3, int((day - self.sold_on).days * self.km_a_day) + 12)
        return self.mileage


@dataclass
class Garage:
    """All customers and cars of the demo."""

    stores: dict[str, Store]
    crews: dict[str, Crew]
    owners: list[Owner] = field(default_factory=list)
    cars: dict[str, list[Car]] = field(default_factory=dict)

    def fill(self, rng: Random, count: int, today: date) -> "Garage":
        """Invent the customers and their cars: one each, some two, firms up to five."""
        owner_sheet, car_sheet = Sheet(Customer, *_CUSTOMER), Sheet(Vehicle, *_VEHICLE)
        self.owner_sheet, self.car_sheet = owner_sheet, car_sheet
        plates = Plates(rng)
        next_owner, next_car = owner_sheet.first, car_sheet.first
        for place in PLACES:
            store = self.stores[place.code]
            cars = self.cars[place.code] = []
            phone = ""
            for _n in range(max(3, round(count * place.weight / 100))):
                person = invent_customer(rng, place, phone)
                phone = person.phone
                owner = Owner(next_owner, store.company_id, person, today)
                next_owner += 1
                self.owners.append(owner)
                is_firm = person.kind == Customer.Kind.FIRM
                owned = rng.choice([1, 2, 2, 3, 4]) if is_firm else rng.choices([1, 2], [90, 10])[0]
                for _m in range(owned):
                    cars.append(self._invent_car(rng, plates, next_car, place, owner, today))
                    next_car += 1
                owner.since = min(car.sold_on for car in cars[-owned:])
        return self

    def _invent_car(self, rng: Random, plates: Plates, pk: int, place: Place, owner: Owner, today: date) -> Car:
        model = invent_model(rng, place)
        sold_on = invent_sale(rng, model, today)
        is_firm = owner.person.kind == Customer.Kind.FIRM
        driver = (invent_name(rng), invent_phone(rng)) if is_firm or rng.random() < 0.12 else ("", "")
        has_plate = (today - sold_on).days > 60 or rng.random() < 0.7
        return Car(
            pk,
            place,
            owner,
            model,
            plates.vin(model, sold_on.year),
            plates.plate(place, model) if has_plate else "",
            sold_on,
            rng.uniform(60, 140) if is_firm else rng.uniform(18, 62),
            driver,
        )

    def write(self, keepers: Random) -> int:
        """Write customers and cars, when all that happened to them is known."""
        for owner in self.owners:
            person = owner.person
            keeper = None
            if owner.is_member and keepers.random() < 0.6:
                code = next(c for c, store in self.stores.items() if store.company_id == owner.company_id)
                keeper = keepers.choice(self.crews[code].care).pk
            self.owner_sheet.add(
                owner.company_id,
                person.kind,
                person.name,
                initials_of(person.name),
                person.phone,
                person.level,
                *person.hours,
                owner.do_not_call,
                keeper,
                person.area,
                moment(owner.since, 600),
            )
        for cars in self.cars.values():
            for car in cars:
                self.car_sheet.add(
                    car.owner.company_id,
                    car.owner.pk,
                    car.vin,
                    car.plate,
                    kind_of_plate(car.plate),
                    car.model.brand,
                    car.model.name,
                    car.sold_on.year,
                    car.mileage or None,
                    car.sold_on,
                    car.sold_on,
                    moment(car.sold_on, 620),
                )
        return self.owner_sheet.write() + self.car_sheet.write()


_CUSTOMER = (
    "company_id kind name initials phone level call_from call_until do_not_call keeper_id city created_at".split()
)
_VEHICLE = "company_id owner_id vin plate plate_kind brand model year mileage sold_on warranty_from created_at".split()


def poisson(rng: Random, mean: float) -> int:
    """How many come when so many come on average."""
    bound, found, product = math.exp(-mean), 0, rng.random()
    while product > bound:
        found += 1
        product *= rng.random()
    return found


def factor(day: date) -> float:
    """How busy a day is against an average one: weekday, season, holidays."""
    return WEEKDAYS[day.weekday()] * SEASON[day.month - 1] * (0.62 if day in _OFF else 1.0)


class Diary:
    """Which cars of a store come on which day: the ones due soonest, as many as the day is busy."""

    def __init__(self, rng: Random, cars: list[Car], first: date, last: date) -> None:
        self.rng, self.first, self.last = rng, first, last
        self.cars = cars
        self.place_in = {car.pk: n for n, car in enumerate(cars)}
        self.mean = len(cars) * VISITS_A_YEAR / 365 / (1 + (last - first).days / 365 * 0.04)
        self.heap: list[tuple[int, int]] = []
        self.back: list[tuple[int, int]] = []  # comebacks, which do not wait for room
        for n, car in enumerate(cars):
            age = (first - car.sold_on).days
            if age > 120:
                due = first.toordinal() + rng.randrange(INTERVAL)
            else:
                due = max(car.sold_on.toordinal() + rng.randint(70, 130), first.toordinal() + rng.randrange(30))
            self.heap.append((due, n))
        heapq.heapify(self.heap)

    def __iter__(self) -> Iterator[tuple[date, list[Car]]]:
        for day in days_of(self.first, self.last):
            if day in SHUT:
                continue
            grown = 1 + (day - self.first).days / 365 * 0.08
            coming = []
            while self.back and self.back[0][0] <= day.toordinal():
                coming.append(self.cars[heapq.heappop(self.back)[1]])
            for _n in range(poisson(self.rng, self.mean * grown * factor(day))):
                if not self.heap or self.heap[0][0] > day.toordinal() + EARLY:
                    break
                car = self.cars[heapq.heappop(self.heap)[1]]
                coming.append(car)
            yield day, coming

    def again(self, car: Car, left: date) -> None:
        """Say when a car is due next: after a repair now and then soon again, and some never come back."""
        car.last_left = left
        chance = self.rng.random()
        if chance < 0.035:
            return
        car.comes_back = chance > 0.975
        days = self.rng.randint(3, 15) if car.comes_back else max(EARLY + 5, round(self.rng.gauss(INTERVAL, 38)))
        heapq.heappush(self.back if car.comes_back else self.heap, (left.toordinal() + days, self.place_in[car.pk]))
