"""Bringing in the finished orders of an old system, set-based: history as the old system tells it.

An old order is what the old system calls by one id. Its visit has left, its work is done and agreed to; nothing of it
wants a step here, and no call is owed for it. When the old system's row changes, the old order here follows.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from operator import itemgetter
from typing import Any

from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from core.actor import Actor
from core.figures import touch_many
from core.imports import Load, Row, parts_of
from core.models import Store, VatRate
from core.rows import atomic
from core.taxes import cents, net_of, vat_percents
from customers import actions as customers
from customers.models import Customer, Vehicle, VisitNote
from service.models import Job, Line, Order, Party, Share, Visit

_BY_NAME = itemgetter(0, 1, 2)
_RANK = list(Visit.Kind.values)


@dataclass(frozen=True)
class PastLine:
    """A line of an old order: what it was, what it came to, and what it cost."""

    kind: str
    name: str
    amount: Decimal
    quantity: Decimal = Decimal(1)
    code: str = ""
    cost: Decimal = Decimal(0)


@dataclass
class PastOrder:
    """An old order as its row tells it, with times in the store's own zone."""

    row: Row
    arrived_at: datetime
    left_at: datetime
    kind: str
    words: str
    cause: str
    remedy: str
    payer: str
    reason: str
    lines: list[PastLine]
    car: Vehicle | None = None
    customer_id: int | None = None
    present: Order | None = None

    @property
    def amount(self) -> Decimal:
        """What its lines come to."""
        return sum((line.amount for line in self.lines), Decimal(0))


@dataclass
class _Stay:
    """The orders of the file that belong to one visit, and the orders of that visit that are not in the file."""

    visit: Visit
    orders: list[PastOrder]
    others: list[Order]
    is_changed: bool = False


@atomic
def load_past_orders(load: Load, orders: Sequence[PastOrder], *, by: Actor) -> list[int]:
    """Write down old orders with their visits, jobs, lines and shares, and note the visits for care; told by finance.

    Says which visits are new or changed, so that finance can settle them.
    """
    store = load.place
    cars = customers.cars_for(load, [one.row for one in orders])
    parties = _Parties(store)
    rate = vat_percents(store.company, VatRate.Supply.REPAIR)
    known = _customers(load, orders)
    fit = []
    for one in orders:
        car = cars.get(one.row.line)
        if car is None:
            continue
        one.car = car
        given = one.row["customer"]
        if given and given not in known:
            load.reject(one.row, "customer", _("No customer of this source has this id. Load the customers first."))
        elif rate(one.arrived_at.date()) is None:
            sentence = _("No VAT rate is on file for %(day)s. Ask finance to add it.")
            load.reject(one.row, "arrived", sentence % {"day": one.arrived_at.date()})
        else:
            one.customer_id = known[given] if given else None
            fit.append(one)
    touched: list[int] = []
    for part in _whole_visits(fit):
        touched += _Writer(load, parties, rate).write(part)
    mileages: dict[int, int] = {}
    for one in fit:
        if one.car and one.row["mileage"]:
            mileages[one.car.pk] = max(one.row["mileage"], mileages.get(one.car.pk, 0))
    customers.note_mileages(mileages)
    return touched


def _customers(load: Load, orders: Iterable[PastOrder]) -> dict[str, int]:
    ids = sorted({one.row["customer"] for one in orders if one.row["customer"]})
    found: dict[str, int] = {}
    for part in parts_of(ids):
        rows = Customer.objects.filter(company=load.place.company_id, source=load.source, source_id__in=part)
        # a record that was merged into another one stands for that other one
        found |= dict(rows.values_list("source_id", Coalesce("merged_into", "pk")))
    return found


def _whole_visits(orders: Sequence[PastOrder], most: int = 2000) -> Iterable[list[PastOrder]]:
    """The orders in parts; those of one visit stay together."""
    groups: dict[Any, list[PastOrder]] = defaultdict(list)
    for one in orders:
        groups[("visit", one.row["visit"]) if one.row["visit"] else ("line", one.row.line)].append(one)
    part: list[PastOrder] = []
    for group in groups.values():
        part += group
        if len(part) >= most:
            yield part
            part = []
    if part:
        yield part


class _Parties:
    """Who pays when it is not the customer: one party a kind, made when the first row needs it."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.known: dict[str, int] = {}
        for party in Party.objects.filter(company=store.company_id).order_by("-pk"):
            self.known[party.kind] = party.pk

    def of(self, payer: str) -> int | None:
        """The party that stands for this kind of payer; none for the customer."""
        if payer == Party.Kind.CUSTOMER:
            return None
        if payer not in self.known:
            name = str(Party.Kind(payer).label)
            self.known[payer] = Party.objects.create(company=self.store.company, kind=payer, name=name).pk
        return self.known[payer]


class _Writer:
    """Writes one part of the file, a table at a time."""

    def __init__(self, load: Load, parties: _Parties, rate: Any) -> None:
        self.load, self.store, self.parties, self.rate = load, load.place, parties, rate
        self.days: set[tuple[int, Any]] = set()

    def write(self, orders: list[PastOrder]) -> list[int]:
        """The visits that are new or changed."""
        stays = self._stays(orders)
        for stay in stays:
            self._judge(stay)
        changed = [stay for stay in stays if stay.is_changed]
        visits = [stay.visit for stay in changed]
        old = [visit for visit in visits if visit.pk]
        Visit.objects.bulk_create([visit for visit in visits if not visit.pk], batch_size=1000)
        Visit.objects.bulk_update(old, [*_OF_VISIT, *_FOLLOWS, "version"], batch_size=1000)
        self._write_orders([(stay.visit, one) for stay in changed for one in stay.orders])
        self._note(changed)
        touch_many(self.days)
        return [visit.pk for visit in visits]

    def _stays(self, orders: list[PastOrder]) -> list[_Stay]:
        """The orders by visit: a known order stays in its visit, a new one joins the visit of its fellows."""
        known: dict[str, Order] = {}
        rows = Order.objects.filter(store=self.store, source=self.load.source).select_related("visit")
        for old in rows.filter(source_id__in=[one.row["id"] for one in orders]).prefetch_related("jobs__lines__shares"):
            known[old.source_id] = old
        fellows: dict[str, Visit] = {}
        by_visit: dict[Any, _Stay] = {}
        for one in sorted(orders, key=lambda one: one.row["id"] not in known):
            one.present = known.get(one.row["id"])
            name = one.row["visit"]
            visit = one.present.visit if one.present else fellows.get(name) if name else None
            visit = visit or Visit(store=self.store, origin=self.load.source)
            if name:
                fellows.setdefault(name, visit)
            by_visit.setdefault(visit.pk or id(visit), _Stay(visit, [], [])).orders.append(one)
        here = {one.present.pk for one in orders if one.present}
        rest = Order.objects.filter(visit__in=[pk for pk in by_visit if _is_known(by_visit[pk].visit)])
        for old in rest.exclude(pk__in=here).prefetch_related("jobs__lines"):
            by_visit[old.visit_id].others.append(old)
        for stay in by_visit.values():
            stay.orders.sort(key=lambda one: one.row.line)
        return list(by_visit.values())

    def _judge(self, stay: _Stay) -> None:
        """Reject what cannot be one visit, bring the visit up to date, and count."""
        visit, first = stay.visit, stay.orders[0]
        fit = []
        for one in stay.orders:
            if one.car != first.car:
                self.load.reject(one.row, "visit", _("Another row of this visit names another car."))
            else:
                fit.append(one)
        stay.orders = fit
        wanted = self._visit_of(stay)
        is_moved = any(getattr(visit, name) != value for name, value in wanted.items())
        before = {visit.arrived_on, visit.left_on} if _is_known(visit) else set()
        for name, value in wanted.items():
            setattr(visit, name, value)
        for one in fit:
            if one.present is None:
                self.load.created += 1
                stay.is_changed = True
            elif is_moved or self._told(one) != _present(one.present):
                self.load.updated += 1
                stay.is_changed = True
            else:
                self.load.unchanged += 1
        stay.is_changed |= is_moved
        if stay.is_changed:
            self._follow(stay)
            self.days |= {(self.store.pk, day) for day in before | {visit.arrived_on, visit.left_on} if day}

    def _visit_of(self, stay: _Stay) -> dict[str, Any]:
        orders, visit = stay.orders, stay.visit
        arrived, left = min(one.arrived_at for one in orders), max(one.left_at for one in orders)
        kinds = [one.kind for one in orders] + [job.kind for old in stay.others for job in old.jobs.all()]
        if stay.others:
            arrived, left = min(arrived, visit.arrived_at), max(left, visit.left_at or left)
        told = [one.customer_id for one in orders if one.customer_id]
        # when a row does not say whose visit it was, the car's owner of today is the best answer, but only once
        owner = visit.customer_id if _is_known(visit) else orders[0].car and orders[0].car.owner_id
        ratings = [one.row["satisfaction"] for one in orders if one.row["satisfaction"]]
        mileages = [one.row["mileage"] for one in orders if one.row["mileage"] is not None]
        return {
            "vehicle_id": orders[0].car and orders[0].car.pk,
            "customer_id": told[0] if told else owner,
            "kind": min(kinds, key=_RANK.index),
            "arrived_at": arrived,
            "left_at": left,
            "mileage": max(mileages) if mileages else visit.mileage,
            "satisfaction": ratings[-1] if ratings else visit.satisfaction,
        }

    def _follow(self, stay: _Stay) -> None:
        """What follows from the visit being history: every step of it is done."""
        visit = stay.visit
        visit.status, visit.exit = Visit.Status.LEFT, Visit.Exit.SERVED
        visit.arrived_on = self.store.business_date(visit.arrived_at)
        assert visit.left_at is not None  # noqa: S101
        visit.left_on = self.store.business_date(visit.left_at)
        visit.received_at = visit.arrived_at
        visit.ready_at = visit.handed_over_at = visit.left_at
        amount = sum([*(one.amount for one in stay.orders), *(old.amount for old in stay.others)], Decimal(0))
        visit.settled_at = visit.left_at if amount else None
        visit.version += 1 if _is_known(visit) else 0

    def _told(self, one: PastOrder) -> tuple[Any, ...]:
        """An old order as its row tells it, in the form in which it is compared with what is here."""
        rate = self.rate(one.arrived_at.date())
        party = self.parties.of(one.payer)
        lines = [
            (x.kind, x.code, x.name, x.quantity, x.amount, rate, x.cost, one.payer, party, one.reason)
            for x in one.lines
        ]
        oem = one.row["oem_number"] or ""
        return oem, one.arrived_at, one.left_at, one.kind, one.words, one.cause, one.remedy, sorted(lines, key=_BY_NAME)

    def _write_orders(self, pairs: list[tuple[Visit, PastOrder]]) -> None:
        new_orders: list[Order] = []
        old_orders: list[Order] = []
        new_jobs: list[Job] = []
        old_jobs: list[Job] = []
        again = []
        for visit, one in pairs:
            order = one.present or Order(store=self.store, source=self.load.source, source_id=one.row["id"])
            job = next(iter(order.jobs.all())) if one.present else Job(order=order)
            if one.present and self._told(one) == _present(one.present):
                continue
            order.visit, order.status, order.amount = visit, Order.Status.CLOSED, one.amount
            order.opened_at, order.opened_on = one.arrived_at, self.store.business_date(one.arrived_at)
            order.oem_number = one.row["oem_number"] or ""
            order.version += 1 if one.present else 0
            job.words, job.kind, job.cause, job.remedy = one.words, one.kind, one.cause, one.remedy
            job.status, job.finished_at = Job.Status.DONE, one.left_at
            (old_orders if one.present else new_orders).append(order)
            (old_jobs if one.present else new_jobs).append(job)
            again.append((job, one))
        Order.objects.bulk_create(new_orders, batch_size=1000)
        Job.objects.bulk_create(new_jobs, batch_size=1000)
        Order.objects.bulk_update(
            old_orders, ["amount", "opened_at", "opened_on", "oem_number", "version"], batch_size=1000
        )
        Job.objects.bulk_update(old_jobs, ["words", "kind", "cause", "remedy", "finished_at"], batch_size=1000)
        Line.objects.filter(job__in=[job.pk for job in old_jobs]).delete()
        self._write_lines(again)

    def _write_lines(self, pairs: list[tuple[Job, PastOrder]]) -> None:
        lines, shares = [], []
        for job, one in pairs:
            percent = self.rate(one.arrived_at.date())
            party = self.parties.of(one.payer)
            for x in one.lines:
                line = Line(
                    job=job,
                    kind=x.kind,
                    code=x.code,
                    name=x.name,
                    quantity=x.quantity,
                    unit="h" if x.kind == Line.Kind.LABOUR and x.quantity != 1 else "",
                    price=cents(x.amount / x.quantity),
                    amount=x.amount,
                    vat_percent=percent,
                    net=net_of(x.amount, percent),
                    cost=x.cost,
                    consent=Line.Consent.AUTHORISED,  # what was done and paid was agreed to
                    consent_at=one.arrived_at,
                )
                lines.append(line)
                shares.append(Share(line=line, payer=one.payer, party_id=party, reason=one.reason, amount=x.amount))
        Line.objects.bulk_create(lines, batch_size=1000)
        Share.objects.bulk_create(shares, batch_size=1000)

    def _note(self, stays: list[_Stay]) -> None:
        notes = []
        for stay in stays:
            visit = stay.visit
            assert visit.left_at and visit.left_on  # noqa: S101
            worth = sum(
                (net_of(x.amount, self.rate(one.arrived_at.date())) for one in stay.orders for x in one.lines),
                Decimal(0),
            )
            worth += sum((x.net for old in stay.others for job in old.jobs.all() for x in job.lines.all()), Decimal(0))
            words = [one.words for one in stay.orders] + [job.words for o in stay.others for job in o.jobs.all()]
            notes.append(
                VisitNote(
                    store=self.store,
                    visit_id=visit.pk,
                    vehicle_id=visit.vehicle_id,
                    customer_id=visit.customer_id,
                    kind=visit.kind,
                    what="；".join(words)[:400],
                    worth=worth,
                    left_at=visit.left_at,
                    left_on=visit.left_on,
                    satisfaction=visit.satisfaction,
                    origin=self.load.source,
                )
            )
        customers.note_past_visits(notes)


_OF_VISIT = ("vehicle", "customer", "kind", "arrived_at", "left_at", "mileage", "satisfaction")
_FOLLOWS = ("arrived_on", "left_on", "received_at", "ready_at", "handed_over_at", "settled_at")


def _is_known(visit: Visit) -> bool:
    return visit.pk is not None


def _present(order: Order) -> tuple[Any, ...]:
    """An old order as it stands here, in the form in which it is compared with its row."""
    job = next(iter(order.jobs.all()))
    lines = [
        (x.kind, x.code, x.name, x.quantity, x.amount, x.vat_percent, x.cost, s.payer, s.party_id, s.reason)
        for x in job.lines.all()
        for s in x.shares.all()
    ]
    return (
        order.oem_number,
        order.opened_at,
        job.finished_at,
        job.kind,
        job.words,
        job.cause,
        job.remedy,
        sorted(lines, key=_BY_NAME),
    )
