"""The quick lane (快修): arrival, reception, menus and consent under one signature."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from core.actor import Actor, allow
from core.logbook import record
from core.models import Store
from core.rows import Refused, atomic
from core.uploads import CleanFile
from customers.shapes import tidy_plate, tidy_vin
from service.actions.arrival import arrive, find_vehicle
from service.actions.consent import authorise
from service.actions.reception import receive
from service.models import Line, Menu, Order, Visit


@atomic
def receive_quick(
    *,
    store: Store,
    promised_at: datetime,
    menus: Iterable[Menu] = (),
    again: Iterable[Line] = (),
    consent_by: str,
    signature: CleanFile | None = None,
    plate: str = "",
    vin: str = "",
    vin_remark: str = "",
    brand: str = "",
    model: str = "",
    customer_name: str = "",
    phone: str = "",
    by: Actor,
    **noted: Any,
) -> Visit:
    """Take a car through the quick lane: arrival when it is not in yet, reception, menus, consent to all their lines.

    Without a picture of the signature the customer has signed the printed paper.
    """
    allow(by, "service.receive_quick", store)
    if not consent_by.strip():
        raise Refused(_("Write the name of the person who signs."), field="consent_by")
    car = {"plate": plate, "vin": vin, "vin_remark": vin_remark, "brand": brand, "model": model}
    visit = _arrived(store, plate, vin) or arrive(store=store, **car, customer_name=customer_name, phone=phone, by=by)
    visit = receive(visit, promised_at=promised_at, menus=menus, again=again, is_quick=True, by=by, **noted)
    _agreed(visit.orders.get(), consent_by.strip(), signature, by)
    visit.refresh_from_db()
    record("visit.received_quick", visit, by=by, about=[visit.vehicle, visit.customer], consent_by=consent_by)
    return visit


def _agreed(order: Order, consent_by: str, signature: CleanFile | None, by: Actor) -> None:
    """Every line of the order is agreed to under the one signature."""
    lines = Line.objects.filter(job__order=order)
    authorise(
        order,
        answers=[{"line": line.pk, "answer": Line.Consent.AUTHORISED} for line in lines],
        via=Line.Via.SIGNATURE if signature else Line.Via.PAPER,
        consent_by=consent_by,
        signature=signature,
        by=by,
    )


def _arrived(store: Store, plate: str, vin: str) -> Visit | None:
    """The visit of a car that stands in this store's yard and that nobody has received."""
    vehicle = find_vehicle(store, tidy_plate(plate), tidy_vin(vin))
    rows = Visit.objects.filter(store=store, status=Visit.Status.ARRIVED)
    return rows.filter(vehicle=vehicle).first() if vehicle else None
