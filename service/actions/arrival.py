"""A car comes in: one or several of a fleet, and the first word to the customer."""

from collections.abc import Iterable
from typing import Any, NamedTuple

from django.db import DatabaseError
from django.utils.timezone import now
from django.utils.translation import gettext as _

from core.actor import Actor, allow
from core.figures import touch
from core.logbook import record
from core.models import Store
from core.rows import Refused, atomic, lock, refused_by_database
from customers import actions as customers
from customers.models import Customer, Vehicle
from customers.shapes import tidy_plate, tidy_vin
from service.models import Visit


def find_vehicle(store: Store, plate: str, vin: str) -> Vehicle | None:
    """The car of the store's company that has this VIN, or wears this plate."""
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
    vehicle = find_vehicle(store, tidy_plate(plate), tidy_vin(vin))
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
    return _let_in(store, vehicle, by=by)


def _let_in(store: Store, vehicle: Vehicle, *, payer: Customer | None = None, by: Actor) -> Visit:
    """A car that is known by now stands in the yard; `payer` pays when it is not the owner."""
    if Visit.objects.in_store().filter(vehicle=vehicle).exists():
        raise Refused(_("This car is already in the store."), field="plate")
    moment = now()
    visit = Visit.objects.create(
        store=store,
        vehicle=vehicle,
        customer=vehicle.owner,
        payer=payer if payer and payer.pk != vehicle.owner_id else None,
        arrived_at=moment,
        arrived_on=store.business_date(moment),
    )
    touch(store.pk, visit.arrived_on)
    record("visit.arrived", visit, by=by, about=[vehicle, vehicle.owner], plate=vehicle.plate)
    return visit


@atomic
def greet(visit: Visit, *, by: Actor) -> Visit:
    """The first word to the customer was said: the waiting clock of the reception stops."""
    allow(by, "service.greet", visit.store)
    visit = lock(visit)
    if visit.greeted_at or visit.status != Visit.Status.ARRIVED:
        raise Refused(_("Somebody has greeted this customer already."))
    visit.greeted_at = now()
    visit.version += 1
    visit.save(update_fields=["greeted_at", "version"])
    touch(visit.store_id, visit.arrived_on)
    record("visit.greeted", visit, by=by, about=[visit.vehicle, visit.customer])
    return visit


class Fleet(NamedTuple):
    """What became of the cars of a fleet: those that are in, and those that were not, by row, field and sentence."""

    visits: list[Visit]
    refused: list[tuple[int, str, str]]


@atomic
def arrive_fleet(
    *,
    store: Store,
    cars: Iterable[dict[str, Any]],
    customer: Customer | None = None,
    customer_name: str = "",
    phone: str = "",
    by: Actor,
) -> Fleet:
    """Several cars of one firm arrive in one go. A car that cannot be let in does not keep the others outside."""
    allow(by, "service.arrive", store)
    if customer and customer.company_id != store.company_id:
        raise Refused(_("The customer must be one of the store's company."), field="customer")
    if customer is None and not customer_name.strip():
        raise Refused(_("Choose the firm, or enter its name and phone."), field="customer")
    firm = customer or customers.meet_customer(store.company, customer_name, phone, by=by)
    visits: list[Visit] = []
    refused: list[tuple[int, str, str]] = []
    for i, one in enumerate(cars):
        try:
            with atomic():
                visits.append(_let_in(store, _of_fleet(store, firm, one, by), payer=firm, by=by))
        except Refused as problem:
            refused.append((i, problem.field or "plate", " ".join(problem.messages)))
        except DatabaseError as problem:
            known = refused_by_database(problem)
            if known is None or known[0] == 503:
                raise
            refused.append((i, "plate", known[1]))
    if not visits:
        told = dict.fromkeys(sentence for _i, _field, sentence in refused)
        raise Refused(" ".join(told) or _("Enter at least one car."), field="cars")
    return Fleet(visits, refused)


def _of_fleet(store: Store, firm: Customer, one: dict[str, Any], by: Actor) -> Vehicle:
    vehicle = find_vehicle(store, tidy_plate(one["plate"]), tidy_vin(one["vin"]))
    if vehicle is None:
        vehicle = customers.attach_vehicle(company=store.company, owner=firm, by=by, **one)
    elif vehicle.owner_id is None:
        vehicle = customers.note_owner(vehicle, firm, by=by)
    return vehicle
