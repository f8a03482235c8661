"""The car is received, and what was noted at reception is changed later."""

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.utils.timezone import now
from django.utils.translation import gettext as _

from core.actions import keep_files
from core.actor import Actor, allow
from core.figures import touch
from core.logbook import record
from core.models import Attachment, Employee
from core.rows import Refused, atomic, lock, move
from core.uploads import CleanFile
from customers import actions as customers
from customers.models import Customer
from customers.shapes import tidy_phone
from service.actions.derive import derive_visit
from service.actions.orders import lock_again, write_order
from service.models import Job, Line, Menu, Visit

# What the driver says at the counter, and what may be put right later.
NOTED = (
    "driver_name",
    "driver_phone",
    "spending_limit",
    "payer",
    "waits",
    "key_tag",
    "parking",
    "wants_wash",
    "wants_old_parts",
    "mileage",
)


@atomic
def receive(
    visit: Visit,
    *,
    promised_at: datetime,
    jobs: Iterable[dict[str, Any]] = (),
    menus: Iterable[Menu] = (),
    again: Iterable[Line] = (),
    comebacks: Iterable[Job] = (),
    photos: Iterable[CleanFile] = (),
    oem_number: str = "",
    mileage_remark: str | None = None,
    is_quick: bool = False,
    by: Actor,
    **noted: Any,
) -> Visit:
    """Receive the car: who drove it, what it is here for, when it will be ready. Opens the repair order (委托书).

    What was noted of driver, payer, keys and wishes comes as the visit's own fields (`NOTED`).
    """
    allow(by, "service.receive", visit.store)
    visit = _taken_in(visit, promised_at, noted, mileage_remark, is_quick, by)
    order = write_order(
        visit,
        jobs=list(jobs),
        menus=list(menus),
        again=lock_again(visit, again),
        comebacks=list(comebacks),
        oem_number=oem_number,
        by=by,
    )
    keep_files(visit, photos, purpose=Attachment.Purpose.DAMAGE, by=by)
    derive_visit(visit)
    touch(visit.store_id, visit.arrived_on)
    told = {"order": order.number, "promised_at": promised_at, "words": [job.words for job in order.jobs.all()]}
    record("visit.received", visit, by=by, about=[visit.vehicle, visit.customer, order], **told)
    return visit


def _taken_in(
    visit: Visit, promised_at: datetime, noted: dict[str, Any], mileage_remark: str | None, is_quick: bool, by: Actor
) -> Visit:
    """The visit with what was noted at the counter, its promise, and the advisor who received it."""
    visit = lock(visit)
    move(visit, Visit.Status.RECEIVED)
    moment = now()
    if promised_at <= moment:
        raise Refused(_("The promised time must lie in the future."), field="promised_at")
    _note(visit, noted)
    visit.promised_first = visit.promised_at = promised_at
    visit.received_at, visit.greeted_at, visit.is_quick = moment, visit.greeted_at or moment, is_quick
    visit.advisor = Employee.objects.filter(pk=by.pk or 0).first()
    visit.version += 1
    visit.save()
    if visit.mileage is not None:
        customers.note_mileage(visit.vehicle, visit.mileage, remark=mileage_remark)
    return visit


def _note(visit: Visit, noted: dict[str, Any]) -> dict[str, list[Any]]:
    """Put what was noted on the visit, tidied; say what changed. Without a driver it is the owner who drove."""
    unknown = noted.keys() - set(NOTED)
    if unknown:
        raise TypeError(f"no such thing is noted at reception: {sorted(unknown)}")
    owner, payer = visit.customer, noted.get("payer")
    if payer and payer.company_id != visit.store.company_id:
        raise Refused(_("The customer must be one of the store's company."), field="payer")
    name = noted.get("driver_name", visit.driver_name).strip()
    phone = tidy_phone(noted.get("driver_phone", visit.driver_phone))
    if not name and owner:
        name, phone = owner.name, phone or owner.phone
    values = noted | {
        "driver_name": name,
        "driver_phone": phone,
        "payer": None if _is_owner(visit, payer) else noted.get("payer", visit.payer),
        "key_tag": noted.get("key_tag", visit.key_tag).strip(),
        "parking": noted.get("parking", visit.parking).strip(),
    }
    changed = {}
    for field, value in values.items():
        before = getattr(visit, field)
        if before != value:
            changed[field] = [_told(before), _told(value)]
            setattr(visit, field, value)
    return changed


def _is_owner(visit: Visit, payer: Customer | None) -> bool:
    return bool(payer and payer.pk == visit.customer_id)


def _told(value: Any) -> Any:
    return str(value) if isinstance(value, Customer | Decimal) else value


@atomic
def edit_visit(visit: Visit, *, mileage_remark: str | None = None, by: Actor, **noted: Any) -> Visit:
    """Put right what was noted at reception: driver, payer, spending limit, keys, parking place, wishes."""
    allow(by, "service.edit_visit", visit.store)
    visit = lock(visit)
    if visit.status == Visit.Status.LEFT:
        raise Refused(_("The car has left; its visit is closed."))
    payer = visit.payer_id
    changed = _note(visit, noted)
    if visit.settled_at and visit.payer_id != payer:
        raise Refused(_("The visit is settled. Reverse the settlement before another one pays."), field="payer")
    if not changed:
        return visit
    visit.version += 1
    visit.save(update_fields=[*changed, "version"])
    if "mileage" in changed and visit.mileage is not None:
        customers.note_mileage(visit.vehicle, visit.mileage, remark=mileage_remark)
    record("visit.edited", visit, by=by, about=[visit.vehicle, visit.customer, visit.payer], **changed)
    return visit
