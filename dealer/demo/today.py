"""Today's cars, taken through the actions as far as each scene says, so that every screen is alive at any hour.

Afterwards their time stamps are moved back over the day (`_move_back`); the logbook and payments stay as they are.
"""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from django.db.models import Case, QuerySet, Value, When
from django.utils.timezone import now

from core.actor import Actor
from core.models import Employee, Store
from core.roles import Role
from core.web import actor_of
from customers.models import VisitNote
from dealer.demo import menu
from dealer.demo.cars import MODELS, Plates
from dealer.demo.garage import SHANGHAI, Car, Garage, moment
from dealer.demo.history import CLOSING
from dealer.demo.people import Crew, Place, invent_name, invent_phone
from dealer.demo.prices import Payers, menu_lines, price
from finance import actions as finance
from finance.actions.drafting import draft
from finance.models import CreditAgreement, GatePass, Settlement
from service import actions as service
from service.models import Hold, Job, Line, Order, Visit

OPENS = 8 * 60 + 30
# scene, minutes ago that the car arrived, minutes from now that it is promised for, kind, customer waits
SCENES: list[tuple[str, int, int, str, bool]] = [
    ("arrived", 4, 0, "", False),
    ("working", 150, 95, "maintenance", True),
    ("estimated", 35, 170, "repair", False),
    ("passed", 236, 20, "maintenance", False),
    ("checking", 180, 40, "maintenance", False),
    ("failed", 215, 30, "repair", False),
    ("late", 228, -25, "repair", True),
    ("extra", 165, 120, "maintenance", False),
    ("settled", 205, 15, "warranty", False),
    ("to_dispatch", 55, 190, "maintenance", False),
    ("ready", 195, 25, "maintenance", True),
    ("declined", 80, 120, "repair", False),
    ("paid", 222, 15, "repair", False),
    ("received", 14, 130, "maintenance", True),
    ("insured", 120, 2900, "accident", False),
    ("left", 240, 60, "maintenance", False),
    ("new", 9, 0, "", False),
    ("done", 188, 35, "repair", False),
    ("explained", 176, 45, "repair", False),
]
# how far into its time here a car comes to each step
STEPS = {
    "arrived": 0.0,
    "greeted": 0.02,
    "received": 0.035,
    "estimated": 0.06,
    "consent": 0.1,
    "dispatched": 0.16,
    "started": 0.2,
    "finished": 0.66,
    "extra": 0.5,
    "checked": 0.74,
    "washed": 0.77,
    "ready": 0.8,
    "explained": 0.85,
    "settled": 0.87,
    "handed_over": 0.93,
    "passed": 0.95,
    "left": 0.98,
}


class Today:
    """Today in one store."""

    def __init__(self, rng: Random, place: Place, crew: Crew, cars: Iterator[Car], payers: Payers) -> None:
        self.rng, self.place, self.crew, self.cars, self.payers = rng, place, crew, cars, payers
        self.store: Store = crew.store
        self.actors = {role: actor_of(people[0], "browser") for role, people in crew.people.items()}
        self.advisors = [actor_of(person, "browser") for person in crew[Role.ADVISOR]]
        self.turn = 0

    def by(self, *roles: Role) -> Actor:
        """The first of these roles that the store has."""
        return next(self.actors[role] for role in roles if role in self.actors)

    def play(self) -> int:
        """Bring in today's cars, as many as the store is busy; say how many."""
        for n, (scene, ago, promised, kind, waits) in enumerate(SCENES[: self.place.in_store]):
            self.turn = n
            visit = self._new_car() if scene == "new" else self._arrive(next(self.cars))
            if kind:
                self._take(visit, scene, promised, kind, waits)
            _move_back(visit, ago, promised)
        return min(self.place.in_store, len(SCENES))

    @property
    def advisor(self) -> Actor:
        """The advisors take turns."""
        return self.advisors[self.turn % len(self.advisors)]

    # From the gate in

    def _arrive(self, car: Car) -> Visit:
        self.car = car
        return service.arrive(store=self.store, plate=car.plate, vin=car.vin, by=self.by(Role.GREETER))

    def _new_car(self) -> Visit:
        rng = self.rng
        model = next(one for one in MODELS if one.brand == self.place.brand)
        plates = Plates(rng)
        return service.arrive(
            store=self.store,
            plate=plates.plate(self.place, model),
            vin=plates.vin(model, 2023),
            brand=model.brand,
            model=model.name,
            customer_name=invent_name(rng),
            phone=invent_phone(rng),
            by=self.by(Role.GREETER),
        )

    def _take(self, visit: Visit, scene: str, promised: int, kind: str, waits: bool) -> None:
        self._receive(visit, promised, kind, waits)
        if scene == "received":
            return
        order = self._estimate(visit)
        if scene == "estimated":
            return
        if scene == "declined":
            service.exit_visit(visit, exit="declined", reason=menu.EXIT_REASONS[0], by=self.advisor)
            return
        self._authorise(order)
        if scene != "to_dispatch":
            self._work(order, scene)
        steps: list[tuple[str, Callable[[Visit], Any]]] = [
            ("ready", self._ready),
            ("explained", lambda one: service.explain(one, by=self.advisor)),
            ("settled", lambda one: self._settle(one, scene)),
            ("paid", self._pay),
            ("passed", self._pass),
            ("left", self._let_out),
        ]
        names = [name for name, _step in steps]
        for _name, step in steps[: names.index(scene) + 1] if scene in names else []:
            step(visit)
        if scene == "explained":
            self._ask_discount(visit)

    def _receive(self, visit: Visit, promised: int, kind: str, waits: bool) -> None:
        rng = self.rng
        power = self.car.model.power
        choice = [
            one for one in menu.BY_KIND[kind] if one.power in ("any", "electric" if power == "electric" else "fuel")
        ]
        self.packages = [(kind, rng.choice(choice))]
        if kind == "maintenance" and self.turn % 3 == 0:
            self.packages.append(("repair", rng.choice(menu.EXTRAS[:3])))
        driver = self.car.driver
        service.receive(
            visit,
            jobs=[{"words": package.words, "kind": one} for one, package in self.packages],
            promised_at=_promise(promised, waits),
            driver_name=driver[0],
            driver_phone=driver[1],
            waits=waits,
            key_tag=f"{'ABC'[self.turn % 3]}{self.turn + 1:02d}",
            parking=f"{'东西'[self.turn % 2]}-{self.turn + 1:02d}",
            wants_wash=self.turn % 4 == 1,
            wants_old_parts=self.turn % 5 == 2,
            mileage=self.car.drive(now().astimezone(SHANGHAI).date()),
            by=self.by(Role.ACCIDENT_SPECIALIST, Role.ADVISOR) if kind == "accident" else self.advisor,
        )

    def _lines(self, package: menu.Package, kind: str) -> list[dict[str, Any]]:
        payer, party, reason = "customer", None, "repair"
        if kind == "warranty":
            payer, party, reason = "manufacturer", self.payers.manufacturer(self.store), "warranty"
        elif kind == "accident":
            payer, party, reason = "insurer", self.payers.named(self.store, "insurer", menu.INSURERS[0]), "accident"
        return [
            {
                "kind": p.kind,
                "code": p.code,
                "name": p.name,
                "quantity": p.quantity,
                "unit": p.unit,
                "price": p.price,
                "cost": p.cost,
                "payer": payer,
                "party": party,
                "reason": reason,
            }
            for p in (price(one, self.store.labour_rate, self.car.model.dearness) for one in menu_lines(package))
        ]

    def _estimate(self, visit: Visit) -> Order:
        order = visit.orders.get()
        for job, (kind, package) in zip(order.jobs.order_by("position"), self.packages, strict=True):
            service.add_lines(job, lines=self._lines(package, kind), by=self.advisor)
            if kind == "warranty":
                self._split_with_manufacturer(job)
        return order

    def _split_with_manufacturer(self, job: Job) -> None:
        """Just past the warranty: the manufacturer takes most of the dearest line, the customer the rest."""
        line = job.lines.order_by("-amount")[0]
        maker = self.payers.manufacturer(self.store)
        most = (line.amount * Decimal("0.7")).quantize(Decimal(1))
        service.share_line(
            line,
            shares=[
                {"payer": "manufacturer", "party": maker, "reason": "goodwill", "amount": most},
                {"payer": "customer", "party": None, "reason": "repair", "amount": None},
            ],
            by=self.by(Role.WARRANTY_CLERK, Role.ADVISOR),
        )

    def _authorise(self, order: Order) -> None:
        lines = Line.objects.open().filter(job__order=order)
        order.visit.refresh_from_db()
        service.authorise(
            order,
            answers=[{"line": line.pk, "answer": Line.Consent.AUTHORISED} for line in lines],
            via=Line.Via.SIGNATURE,
            consent_by=order.visit.driver_name,
            by=self.advisor,
        )

    # In the workshop

    def _work(self, order: Order, scene: str) -> None:
        technicians = self.crew[Role.TECHNICIAN]
        kinds = dict(enumerate(self.packages))
        for n, job in enumerate(order.jobs.order_by("position")):
            technician: Employee = technicians[(self.turn + n) % len(technicians)]
            worker, package = actor_of(technician, "browser"), kinds[n][1]
            service.dispatch(job, technician=technician, by=self.by(Role.CONTROLLER))
            service.start(job, by=worker)
            if scene in ("working", "late", "insured", "extra"):
                continue
            service.finish(job, cause=package.cause, remedy=package.remedy, by=worker)
            if scene == "checking":
                continue
            inspector = self.by(Role.INSPECTOR)
            if scene == "failed":
                service.check(job, passed=False, remark=menu.FAILED_CHECKS[2], by=inspector)
                continue
            service.check(job, passed=True, remark="", by=inspector)
        if scene == "extra":
            self._find_more(order)
        if scene == "late":
            expected = now() + timedelta(minutes=50)
            by = self.by(Role.PARTS_CLERK, Role.CONTROLLER)
            service.hold(order.jobs.earliest("position"), kind="parts", expected_at=expected, remark="调货在途", by=by)

    def _find_more(self, order: Order) -> None:
        package = menu.EXTRAS[2]
        service.add_job(order, words=package.words, kind="repair", by=self.advisor)
        job = order.jobs.order_by("position").last()
        if job:
            service.add_lines(job, lines=self._lines(package, "repair"), by=self.by(Role.PARTS_CLERK))
            service.send_link(order, channel="wechat", hours=24, by=self.advisor)

    # Out again

    def _ready(self, visit: Visit) -> None:
        visit.refresh_from_db()
        if visit.wants_wash:
            service.wash(visit, done=True, by=self.by(Role.INSPECTOR, Role.ADVISOR))
        service.ready(visit, channel="phone" if self.turn % 2 else "counter", by=self.advisor)

    def _settle(self, visit: Visit, scene: str) -> None:
        """A regular customer gets three percent off and whole yuan; one who left pays by the credit account."""
        own = next((one.settlement for one in draft(visit) if one.settlement.customer), None)
        if scene == "left" and own and own.customer and Role.FINANCE_MANAGER in self.actors:
            since = now().astimezone(SHANGHAI).date() - timedelta(days=90)
            terms: dict[str, Any] = {"limit": Decimal(10_000), "terms_days": 30, "since": since}
            number = f"JZ-{since:%Y}-002"
            finance.add_agreement(customer=own.customer, number=number, **terms, by=self.by(Role.FINANCE_MANAGER))
        if scene != "paid" or own is None:
            finance.settle(visit, by=self.advisor)
            return
        discount = (own.gross * 3 / 100).quantize(Decimal(1))
        rounding = (own.gross - discount) % 1
        finance.settle(visit, discount=discount, rounding=rounding, discount_reason="老客户", by=self.advisor)

    def _ask_discount(self, visit: Visit) -> None:
        """Twelve percent are more than an advisor takes off alone: a manager is asked and has not decided yet."""
        own = next((one.settlement for one in draft(visit) if one.settlement.customer), None)
        if own:
            discount = (own.gross * 12 / 100).quantize(Decimal(1))
            finance.ask_discount(
                visit, discount=discount, discount_reason="返修等待时间长，客户要求补偿", by=self.advisor
            )

    def _pay(self, visit: Visit) -> None:
        for one in Settlement.objects.to_pay().of_customer().filter(visit=visit):
            method = "account" if CreditAgreement.objects.filter(customer=one.customer_id).exists() else "wechat"
            finance.pay(one, amount=one.due, method=method, by=self.by(Role.CASHIER))

    def _pass(self, visit: Visit) -> None:
        steps: Any = dict.fromkeys(service.delivery_steps(visit), True)
        service.hand_over(visit, **steps, by=self.advisor)
        finance.issue_gate_pass(visit, by=self.by(Role.CASHIER))

    def _let_out(self, visit: Visit) -> None:
        gate_pass = GatePass.objects.get(visit=visit)
        seen = visit.vehicle.plate or visit.vehicle.vin
        finance.let_out(gate_pass, plate_seen=seen, by=self.by(Role.GUARD))


def _promise(minutes: int, waits: bool) -> datetime:
    """A promised time on a quarter of an hour, in the future as reception demands; not at night."""
    when = (now() + timedelta(minutes=max(minutes, 20))).astimezone(SHANGHAI).replace(second=0, microsecond=0)
    when += timedelta(minutes=-when.minute % 15)
    if minutes > 60 and not waits and not OPENS <= when.hour * 60 + when.minute <= CLOSING:
        return moment(when.date() + timedelta(days=when.hour >= 12), 11 * 60)
    return when


def _squeeze(present: datetime) -> float:
    """How much of four hours lies between opening and now: early in the day everything moves closer together."""
    clock = present.astimezone(SHANGHAI)
    since_midnight = clock.hour * 60 + clock.minute
    return min(240, max(since_midnight - OPENS, min(45, since_midnight))) / 240


def _stamp(rows: QuerySet[Any], **stamps: datetime) -> None:
    """Move those stamps of some rows that are set."""
    rows.update(
        **{name: Case(When(**{f"{name}__isnull": False}, then=Value(at)), default=None) for name, at in stamps.items()}
    )


def _move_back(visit: Visit, ago: int, promised: int) -> None:
    """Spread a visit's time stamps over its part of the day: the one place where the demo moves time."""
    present = now()
    squeeze = _squeeze(present)
    stay = timedelta(minutes=ago) * squeeze
    at = {name: present - stay * (1 - share) for name, share in STEPS.items()}
    visits = Visit.objects.filter(pk=visit.pk)
    _stamp(
        visits,
        arrived_at=at["arrived"],
        greeted_at=at["greeted"],
        received_at=at["received"],
        washed_at=at["washed"],
        ready_at=at["ready"],
        told_at=at["ready"],
        explained_at=at["explained"],
        settled_at=at["settled"],
        cleared_at=at["settled"],
        handed_over_at=at["handed_over"],
        left_at=at["left"],
    )
    if promised < 0:
        missed = present + timedelta(minutes=promised) * squeeze
        _stamp(visits, promised_first=missed, promised_at=missed)
    _stamp(Order.objects.filter(visit=visit), opened_at=at["received"])
    _stamp(Line.objects.filter(job__order__visit=visit), consent_at=at["consent"])
    _stamp(
        Job.objects.filter(order__visit=visit),
        dispatched_at=at["dispatched"],
        started_at=at["started"],
        finished_at=at["finished"],
        checked_at=at["checked"],
    )
    jobs = Job.objects.filter(order__visit=visit)
    begun = jobs.exclude(status=Job.Status.OPEN).exists()
    late = jobs.filter(status=Job.Status.OPEN) if begun else jobs.none()  # what was found while the work went on
    jobs.exclude(pk__in=late).update(added_at=at["received"])
    late.update(added_at=at["extra"])
    holds = Hold.objects.filter(job__order__visit=visit)
    holds.filter(ended_at__isnull=False).update(started_at=at["estimated"], ended_at=at["consent"])
    holds.open().update(started_at=at["extra"] if begun else at["estimated"])
    _stamp(Settlement.objects.filter(visit=visit), settled_at=at["settled"])
    _stamp(GatePass.objects.filter(visit=visit), issued_at=at["passed"], used_at=at["left"])
    _stamp(VisitNote.objects.filter(visit_id=visit.pk), left_at=at["left"])


def play_today(rng: Random, garage: Garage, payers: Payers, places: list[Place]) -> int:
    """Today in every store."""
    today = now().astimezone(SHANGHAI).date()
    count = 0
    for place in places:
        cars = [
            car
            for car in garage.cars[place.code]
            if car.is_own_brand
            and (today - car.sold_on).days > 60
            and (not car.last_left or (today - car.last_left).days > 20)
        ]
        rng.shuffle(cars)
        young = [car for car in cars if car.plate]
        count += Today(rng, place, garage.crews[place.code], iter(young), payers).play()
    return count
