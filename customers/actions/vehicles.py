"""Adding, attaching and editing vehicles."""

from typing import Any

from django.utils.timezone import now
from django.utils.translation import gettext as _

from core.actor import Actor, allow_company
from core.logbook import record
from core.models import Company
from core.rows import Refused, atomic, lock
from customers.actions.history import keep_history
from customers.models import Customer, MileageReading, Vehicle
from customers.shapes import check_digit, has_right_check_digit, is_vin, kind_of_plate, tidy_plate, tidy_vin


def checked(values: dict[str, Any]) -> dict[str, Any]:
    """Plate and VIN in their stored form, or a sentence beside the field that is wrong."""
    plate, vin = tidy_plate(values.get("plate", "")), tidy_vin(values.get("vin", ""))
    kind = kind_of_plate(plate)
    if kind is None:
        raise Refused(
            _("“%(plate)s” is not a licence plate. Check the province, the letter and the length.") % {"plate": plate},
            field="plate",
        )
    if vin and not is_vin(vin):
        raise Refused(_("A VIN has 17 characters, letters and digits without I, O and Q."), field="vin")
    if not plate and not vin:
        raise Refused(_("Without a plate the VIN is needed."), field="vin")
    if kind == Vehicle.PlateKind.TEMPORARY and not vin:
        raise Refused(_("A car with a temporary plate needs its VIN."), field="vin")
    right = not vin or has_right_check_digit(vin)
    if not right and not values.get("vin_remark"):
        raise Refused(
            _(
                "The ninth character of this VIN should be %(digit)s. Compare it with the car; "
                "if it is right as typed, say why."
            )
            % {"digit": check_digit(vin)},
            field="vin_remark",
        )
    remark = "" if right else values["vin_remark"]
    return values | {"plate": plate, "vin": vin, "plate_kind": kind, "vin_remark": remark}


def _same_company(company: Company, owner: Customer | None) -> None:
    if owner and owner.company_id != company.pk:
        raise Refused(_("The owner must be a customer of the same company."), field="owner")


def _free_plate(company: Company, plate: str, but: int | None, moves: bool, by: Actor) -> None:
    """An old plate may move to a new car, when the one at the desk says so."""
    if not plate:
        return
    worn = Vehicle.objects.filter(company=company, plate=plate).exclude(pk=but or 0).first()
    if worn is None:
        return
    if not moves:
        raise Refused(
            _("Another car wears this plate. Tick “the plate moved to this car” if it did."), field="plate_moved"
        )
    worn = lock(worn)
    keep_history([worn])
    worn.plate, worn.plate_kind, worn.version = "", Vehicle.PlateKind.NONE, worn.version + 1
    worn.is_incomplete = worn.is_incomplete or not worn.vin
    worn.save(update_fields=["plate", "plate_kind", "is_incomplete", "version"])
    keep_history([worn])
    record("vehicle.plate_taken_off", worn, by=by, plate=[plate, ""])


@atomic
def add_vehicle(
    *, company: Company, owner: Customer | None, plate_moved: bool = False, by: Actor, **values: Any
) -> Vehicle:
    """Add a car to a company's cars. A VIN that another company knows is simply added here and reveals nothing."""
    allow_company(by, "customers.add_vehicle", company.pk)
    _same_company(company, owner)
    return attach_vehicle(company=company, owner=owner, plate_moved=plate_moved, by=by, **values)


@atomic
def attach_vehicle(
    *, company: Company, owner: Customer | None, plate_moved: bool = False, by: Actor, **values: Any
) -> Vehicle:
    """Give the company a record of a car that came to its door; told by reception."""
    values = checked(values)
    _free_plate(company, values["plate"], None, plate_moved, by)
    values.pop("mileage_remark", None)  # nothing was read before
    vehicle = Vehicle.objects.create(company=company, owner=owner, **values)
    keep_history([vehicle])
    record("vehicle.added", vehicle, by=by, about=[owner], plate=vehicle.plate, vin=vehicle.vin)
    return vehicle


@atomic
def edit_vehicle(
    vehicle: Vehicle, *, owner: Customer | None, plate_moved: bool = False, by: Actor, **values: Any
) -> Vehicle:
    """Change what is known of a car: a new plate, a new owner, a VIN read at last."""
    allow_company(by, "customers.edit_vehicle", vehicle.company_id)
    vehicle = lock(vehicle)
    _same_company(vehicle.company, owner)
    values = checked(values) | {"owner": owner}
    why_lower = values.pop("mileage_remark", "")
    _plausible(vehicle, values.get("mileage"), why_lower)
    _free_plate(vehicle.company, values["plate"], vehicle.pk, plate_moved, by)
    keep_history([vehicle])
    changed = {}
    for name, value in values.items():
        if getattr(vehicle, name) != value:
            changed[name] = [str(getattr(vehicle, name) or ""), str(value or "")]
            setattr(vehicle, name, value)
    if not changed:
        return vehicle
    vehicle.is_incomplete = False
    vehicle.version += 1
    vehicle.save(update_fields=[*changed, "is_incomplete", "version"])
    keep_history([vehicle], remark=why_lower if "mileage" in changed else "")
    if "mileage" in changed and why_lower:
        changed["reason"] = why_lower
    record("vehicle.edited", vehicle, by=by, about=[owner], **changed)
    return vehicle


def _plausible(vehicle: Vehicle, mileage: int | None, why: str | None) -> None:
    """A mileage below the last one wants a reason, such as a replaced odometer."""
    if mileage is not None and vehicle.mileage is not None and mileage < vehicle.mileage and not why:
        raise Refused(
            _("The last mileage was %(km)s km. If the lower one is right, say why: the odometer was replaced?")
            % {"km": vehicle.mileage},
            field="mileage_remark",
        )


def note_owner(vehicle: Vehicle, owner: Customer, *, by: Actor) -> Vehicle:
    """A car that was nobody's so far has an owner now; told by reception."""
    vehicle = lock(vehicle)
    if vehicle.owner_id is None:
        vehicle.owner, vehicle.version = owner, vehicle.version + 1
        vehicle.save(update_fields=["owner", "version"])
        keep_history([vehicle])
        record("vehicle.edited", vehicle, by=by, about=[owner], owner=["", str(owner)])
    return vehicle


@atomic
def note_mileage(vehicle: Vehicle, mileage: int, *, remark: str | None = None) -> Vehicle:
    """Write down the mileage read at reception; told by service.

    One below the last wants a reason: with `remark=""` it is asked for, with a reason the lower one counts from now
    on. Who cannot ask (`remark=None`) leaves a reading in doubt, which the car's page shows, and the old one counts.
    """
    vehicle = lock(vehicle)
    if remark is not None:
        _plausible(vehicle, mileage, remark)
    is_lower = vehicle.mileage is not None and mileage < vehicle.mileage
    is_doubtful = is_lower and not remark
    MileageReading.objects.create(
        vehicle=vehicle,
        at=now(),
        km=mileage,
        source=MileageReading.Source.RECEPTION,
        is_doubtful=is_doubtful,
        remark=remark or "" if is_lower else "",
    )
    if not is_doubtful and vehicle.mileage != mileage:
        vehicle.mileage = mileage
        vehicle.save(update_fields=["mileage"])
    return vehicle
