"""A visit from the gate in to the gate out."""

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.utils.timezone import now
from django.utils.translation import gettext as _

from core.actor import Actor, allow
from core.figures import touch
from core.logbook import record
from core.models import Employee, Store
from core.numbers import next_number
from core.rows import Refused, atomic, lock, move
from customers import actions as customers
from customers.models import Message, Vehicle
from customers.shapes import tidy_phone, tidy_plate, tidy_vin
from service.actions.derive import derive_visit
from service.models import Job, Line, Order, Visit


def _find_vehicle(store: Store, plate: str, vin: str) -> Vehicle | None:
    cars = Vehicle.objects.filter(company=store.company_id)
    if vin:
        found = cars.filter(vin=vin).first()
        if found:
            return found
    return cars.filter(plate=plate).first() if plate else None


@atomic
def arrive(
    *,
    store: Store,
    plate: str = "",
    vin: str = "",
    vin_remark: str = "",
    brand: str = "",
    model: str = "",
    customer_name: str = "",
    phone: str = "",
    by: Actor,
) -> Visit:
    """Note that a car has arrived: the waiting clock starts. An unknown car and its customer are added on the way."""
    allow(by, "service.arrive", store)
    vehicle = _find_vehicle(store, tidy_plate(plate), tidy_vin(vin))
    if vehicle is None:
        if not customer_name.strip():
            raise Refused(_("This car is new here. Please enter the customer's name and phone."), field="customer_name")
        vehicle = customers.attach_vehicle(
            company=store.company,
            owner=customers.meet_customer(store.company, customer_name, phone, by=by),
            by=by,
            plate=plate,
            vin=vin,
            vin_remark=vin_remark,
            brand=brand,
            model=model,
        )
    elif vehicle.owner_id is None and customer_name.strip():
        vehicle = customers.note_owner(
            vehicle, customers.meet_customer(store.company, customer_name, phone, by=by), by=by
        )
    if Visit.objects.in_store().filter(vehicle=vehicle).exists():
        raise Refused(_("This car is already in the store."), field="plate")
    moment = now()
    visit = Visit.objects.create(
        store=store,
        vehicle=vehicle,
        customer=vehicle.owner,
        arrived_at=moment,
        arrived_on=store.business_date(moment),
    )
    touch(store.pk, visit.arrived_on)
    record("visit.arrived", visit, by=by, about=[vehicle, vehicle.owner], plate=vehicle.plate)
    return visit


@atomic
def receive(
    visit: Visit,
    *,
    jobs: Iterable[dict[str, Any]],
    promised_at: datetime,
    driver_name: str = "",
    driver_phone: str = "",
    waits: bool = False,
    key_tag: str = "",
    mileage: int | None = None,
    oem_number: str = "",
    by: Actor,
) -> Visit:
    """Receive the car: who drove it, what it is here for, when it will be ready. Opens the repair order (委托书)."""
    allow(by, "service.receive", visit.store)
    visit = lock(visit)
    move(visit, Visit.Status.RECEIVED)
    moment = now()
    if promised_at <= moment:
        raise Refused(_("The promised time must lie in the future."), field="promised_at")
    owner = visit.customer
    visit.driver_name = driver_name.strip() or (owner.name if owner else "")
    visit.driver_phone = tidy_phone(driver_phone) or (owner.phone if owner and not driver_name.strip() else "")
    visit.waits, visit.key_tag, visit.mileage = waits, key_tag.strip(), mileage
    visit.promised_first = visit.promised_at = promised_at
    visit.received_at = moment
    visit.advisor = Employee.objects.filter(pk=by.pk or 0).first()
    visit.version += 1
    visit.save()
    if mileage is not None:
        customers.note_mileage(visit.vehicle, mileage)
    today = visit.store.business_date(moment)
    order = Order(store=visit.store, visit=visit, opened_at=moment, opened_on=today, oem_number=oem_number)
    rows = list(jobs)
    order.number = next_number(visit.store, "RO", today)
    order.save()
    Job.objects.bulk_create([Job(order=order, position=i, **row) for i, row in enumerate(rows, 1)])
    derive_visit(visit)
    touch(visit.store_id, visit.arrived_on)
    record(
        "visit.received",
        visit,
        by=by,
        about=[visit.vehicle, owner, order],
        order=order.number,
        promised_at=promised_at,
        words=[row["words"] for row in rows],
    )
    return visit


@atomic
def promise(visit: Visit, *, promised_at: datetime, channel: str, reason: str, by: Actor) -> Visit:
    """Promise another time and tell the customer; the first promise is kept beside it."""
    allow(by, "service.promise", visit.store)
    visit = lock(visit)
    if visit.status != Visit.Status.RECEIVED:
        raise Refused(_("A new time can be promised only while the car is being worked on."))
    if promised_at <= now():
        raise Refused(_("The promised time must lie in the future."), field="promised_at")
    before, visit.promised_at = visit.promised_at, promised_at
    visit.version += 1
    visit.save(update_fields=["promised_at", "version"])
    phone = visit.driver_phone or (visit.customer.phone if visit.customer else "")
    until = promised_at.isoformat()
    customers.tell(visit.store, visit.customer, phone, Message.Code.NEW_PROMISE, channel, by=by, promised_at=until)
    record(
        "visit.promised",
        visit,
        by=by,
        about=[visit.vehicle, visit.customer],
        promised_at=[before, promised_at],
        reason=reason,
    )
    return visit


@atomic
def ready(visit: Visit, *, channel: str, by: Actor) -> Visit:
    """All work is done and checked: the car is ready and the customer has been told."""
    allow(by, "service.ready", visit.store)
    visit = lock(visit)
    unfinished = Job.objects.filter(order__visit=visit).exclude(status__in=[Job.Status.DONE, Job.Status.DROPPED])
    if unfinished.exists() or Line.objects.open().filter(job__order__visit=visit).exists():
        raise Refused(_("There is still work open. Finish and check every job, and get an answer for every line."))
    move(visit, Visit.Status.READY)
    visit.ready_at = visit.told_at = now()
    visit.version += 1
    visit.save(update_fields=["status", "ready_at", "told_at", "version"])
    phone = visit.driver_phone or (visit.customer.phone if visit.customer else "")
    customers.tell(
        visit.store, visit.customer, phone, Message.Code.CAR_READY, channel, by=by, plate=visit.vehicle.plate
    )
    derive_visit(visit)
    touch(visit.store_id, visit.store.business_date(visit.ready_at))
    record("visit.ready", visit, by=by, about=[visit.vehicle, visit.customer], channel=channel)
    return visit


def mark_settled(visit: Visit) -> Visit:
    """The visit is settled with every payer; told by finance, written on the settlement's line."""
    visit = lock(visit)
    if visit.status != Visit.Status.READY or visit.settled_at:
        raise Refused(_("Only a car that is ready can be settled, and only once."))
    visit.settled_at = now()
    visit.version += 1
    visit.save(update_fields=["settled_at", "version"])
    derive_visit(visit)
    return visit


def unmark_settled(visit: Visit) -> Visit:
    """A settlement of this visit was reversed, so it is to be settled again; told by finance."""
    visit = lock(visit)
    if visit.status not in {Visit.Status.READY, Visit.Status.HANDED_OVER}:
        raise Refused(_("The car has left; its settlements are corrected by finance's credit notes."))
    if visit.status == Visit.Status.HANDED_OVER:
        move(visit, Visit.Status.READY)
        visit.handed_over_at = None
    visit.settled_at = None
    visit.version += 1
    visit.save(update_fields=["status", "settled_at", "handed_over_at", "version"])
    derive_visit(visit)
    return visit


@atomic
def hand_over(visit: Visit, *, explained: bool, old_parts_shown: bool = False, by: Actor) -> Visit:
    """Hand the car over: the work and the bill were explained, the keys are with the customer."""
    allow(by, "service.hand_over", visit.store)
    visit = lock(visit)
    if not visit.settled_at:
        raise Refused(_("The visit is not settled yet. Settle it first, also when there is nothing to pay."))
    if not explained:
        raise Refused(
            _("Explain the work and the bill first; the car is not handed over without it."), field="explained"
        )
    move(visit, Visit.Status.HANDED_OVER)
    visit.handed_over_at = now()
    visit.version += 1
    visit.save(update_fields=["status", "handed_over_at", "version"])
    derive_visit(visit)
    record("visit.handed_over", visit, by=by, about=[visit.vehicle, visit.customer], old_parts_shown=old_parts_shown)
    return visit


def close_visit(visit: Visit, *, worth: Decimal, by: Actor) -> Visit:
    """The car is out of the gate: the visit ends and care is told of it; told by finance at the gate."""
    visit = lock(visit)
    move(visit, Visit.Status.LEFT)
    visit.left_at = now()
    visit.left_on = visit.store.business_date(visit.left_at)
    visit.exit = visit.exit or Visit.Exit.SERVED
    visit.version += 1
    visit.save(update_fields=["status", "left_at", "left_on", "exit", "version"])
    derive_visit(visit)
    jobs = Job.objects.filter(order__visit=visit).exclude(status=Job.Status.DROPPED)
    workers = {pk for pk in [visit.advisor_id, *jobs.values_list("technician", flat=True)] if pk}
    customers.note_visit(
        store=visit.store,
        visit_id=visit.pk,
        vehicle=visit.vehicle,
        customer=visit.customer,
        driver_name=visit.driver_name,
        driver_phone=visit.driver_phone,
        kind=visit.kind,
        what="；".join(jobs.order_by("position").values_list("words", flat=True)),
        worth=worth,
        left_at=visit.left_at,
        wants_call=visit.exit == Visit.Exit.SERVED and visit.kind not in {Visit.Kind.PDI, Visit.Kind.INTERNAL},
        workers=workers,
        by=by,
    )
    touch(visit.store_id, visit.arrived_on)
    touch(visit.store_id, visit.left_on)
    return visit
