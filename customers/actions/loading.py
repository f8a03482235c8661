"""Bringing in the customers and cars of an old system, set-based: a record is what the old system calls by one id."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import Max, QuerySet
from django.utils.translation import gettext as _

from core.actor import Actor, allow
from core.imports import Load, Row, fill, parts_of
from core.logbook import record
from core.models import Company, Entry
from core.rows import atomic, lock
from customers.actions.history import keep_history
from customers.actions.words import say_of_many
from customers.models import Customer, MileageReading, Vehicle, VisitNote
from customers.shapes import check_digit, has_right_check_digit, initials_of, kind_of_plate

CAR = ("plate", "vin", "brand", "model", "year", "mileage", "sold_on", "warranty_from")


def _touched_by_hand(kind: str, things: Iterable[Any]) -> set[int]:
    """Which of these records somebody has changed here: the logbook has a line of their own for them."""
    found = Entry.objects.filter(kind=kind, object_id__in=[one.pk for one in things])
    return set(found.values_list("object_id", flat=True))


def _by_id(rows: QuerySet, company: Company, source: str, ids: Iterable[str]) -> dict[str, Any]:
    """The records of these ids of the old system; where one was merged into another, that other one."""
    found = rows.filter(company=company, source=source, source_id__in=set(ids)).select_related("merged_into")
    one_each: dict[int, Any] = {}
    known = [(row.source_id, row.merged_into or row) for row in found]
    return {source_id: one_each.setdefault(one.pk, one) for source_id, one in known}


def _save(model: Any, new: list[Any], changed: dict[int, Any], fields: set[str]) -> None:
    for one in changed.values():
        one.version += 1
    if fields & {"plate", "vin"}:
        # a plate may move from one of these cars to another, and Postgres compares after every single row
        bare = {"plate": "", "vin": "", "plate_kind": Vehicle.PlateKind.NONE, "is_incomplete": True}
        model.objects.filter(pk__in=changed).update(**bare)
        fields |= bare.keys()
    if changed:
        model.objects.bulk_update(changed.values(), sorted(fields | {"version"}), batch_size=1000)
    model.objects.bulk_create(new, batch_size=1000)


@atomic
def load_customers(load: Load, rows: Sequence[Row], *, by: Actor) -> None:
    """Load an old system's customers into the store's company; without name or phone a record is kept as incomplete."""
    allow(by, "customers.load", load.place)
    company = lock(load.place.company)  # one load at a time
    for part in parts_of(rows):
        known = _by_id(Customer.objects.all(), company, load.source, (row["id"] for row in part))
        by_hand = _touched_by_hand("customer", known.values())
        new, said = [], []
        changed, fields = {}, {"is_incomplete"}
        for row in part:
            customer = known.get(row["id"])
            if customer is None:
                customer = Customer(company=company, source=load.source, source_id=row["id"])
                new.append(customer)
                load.created += 1
            names = fill(customer, _of_customer(row), by_hand=customer.pk in by_hand)
            customer.is_incomplete = not (customer.name and customer.phone)
            if "name" in names:
                customer.initials = initials_of(customer.name)
                names.append("initials")
            if "do_not_call" in names:
                said.append(customer)
            if customer.pk and names:
                changed[customer.pk] = customer
                fields.update(names)
                load.updated += 1
            elif customer.pk:
                load.unchanged += 1
        _save(Customer, new, changed, fields)
        say_of_many(said, by=by)
    record("customers.loaded", load.place, by=by, **load.counts())


def _of_customer(row: Row) -> dict[str, Any]:
    values = {name: row[name] for name in ("name", "kind", "level", "city", "remark", "do_not_call")}
    phone, _slash, others = (row["phone"] or "").partition("/")
    if others:  # a second number is kept, though the record has room for one
        values["remark"] = "；".join(one for one in (values["remark"], others) if one)
    return values | {"phone": phone or None}


class _Cars:
    """The cars of a company that a part of the file may mean: by the old system's id, by VIN, by plate."""

    def __init__(self, company: Company, source: str, rows: Sequence[Row], id_field: str) -> None:
        self.company, self.source = company, source
        cars = Vehicle.objects.living().select_related("owner")
        ids = {row[id_field] or row["vin"] or row["plate"] for row in rows} - {None}
        self.by_id = _by_id(Vehicle.objects.select_related("owner"), company, source, ids)
        vins, plates = ({row[name] for row in rows if row[name]} for name in ("vin", "plate"))
        self.by_vin = {car.vin: car for car in cars.filter(company=company, vin__in=vins)}
        self.by_plate = {car.plate: car for car in cars.filter(company=company, plate__in=plates)}
        every = [*self.by_id.values(), *self.by_vin.values(), *self.by_plate.values()]
        self.by_hand = _touched_by_hand("vehicle", every)
        # one object a car, however it was found
        one = {car.pk: car for car in every}
        for index in (self.by_id, self.by_vin, self.by_plate):
            for name, car in index.items():
                index[name] = one[car.pk]

    def keep(self, car: Vehicle) -> None:
        """Let later rows of the file find this car too."""
        self.by_id[car.source_id] = car
        if car.vin:
            self.by_vin[car.vin] = car
        if car.plate:
            self.by_plate[car.plate] = car


@atomic
def load_vehicles(load: Load, rows: Sequence[Row], *, by: Actor) -> None:
    """Load an old system's cars into the store's company, each with its owner; a doubtful VIN is kept with a remark."""
    allow(by, "customers.load", load.place)
    company = lock(load.place.company)
    doubtful = 0
    for part in parts_of(rows):
        cars = _Cars(company, load.source, part, "id")
        owners = _by_id(Customer.objects.all(), company, load.source, {row["owner"] for row in part} - {None})
        new: list[Vehicle] = []
        changed, fields = {}, {"is_incomplete"}
        for row in part:
            if row["owner"] and row["owner"] not in owners:
                load.reject(row, "owner", _("No customer of this source has this id. Load the customers first."))
                continue
            car = _car_meant(load, row, cars)
            if car is None:
                continue
            if car.pk is None:
                new.append(car)
                load.created += 1
            values = {name: row[name] for name in CAR} | {"owner": owners.get(row["owner"])}
            if car.pk and not car.source:  # entered by hand before the load: from now on it has its old id too
                values |= {"source": load.source, "source_id": row["id"]}
            names = _fill_car(car, values, by_hand=car.pk in cars.by_hand)
            doubtful += "vin_remark" in names
            cars.keep(car)
            if car.pk and names:
                changed[car.pk] = car
                fields.update(names)
                load.updated += 1
            elif car.pk:
                load.unchanged += 1
        _save(Vehicle, new, changed, fields)
        keep_history([*new, *changed.values()], source=MileageReading.Source.LOAD)
    _say_doubtful(load, doubtful)
    record("vehicles.loaded", load.place, by=by, **load.counts())


def _car_meant(load: Load, row: Row, cars: _Cars) -> Vehicle | None:
    """The car of a row, known or new; None after a rejection because its VIN or plate belongs to another car."""
    car = cars.by_id.get(row["id"])
    for name, found in (("vin", cars.by_vin.get(row["vin"])), ("plate", cars.by_plate.get(row["plate"]))):
        if found is None or found is car or getattr(found, name) != row[name]:
            continue
        if car is None and not found.source and (name == "vin" or not (found.vin and row["vin"])):
            car = found  # entered by hand before the load
            continue
        sentence = (
            _("Another car has this VIN: “%(id)s” of “%(source)s”.")
            if name == "vin"
            else _("Another car wears this plate: “%(id)s” of “%(source)s”.")
        )
        load.reject(row, name, sentence % {"id": found.source_id or found, "source": found.source or "–"})
        return None
    return car or Vehicle(company=cars.company, source=cars.source, source_id=row["id"])


def _fill_car(car: Vehicle, values: dict[str, Any], *, by_hand: bool) -> list[str]:
    if car.mileage and (values.get("mileage") or 0) <= car.mileage:
        values["mileage"] = None  # a lower one was read earlier
    names = fill(car, values, by_hand=by_hand)
    if by_hand and values.get("mileage") and car.mileage != values["mileage"]:
        car.mileage = values["mileage"]
        names.append("mileage")
    if "plate" in names:
        car.plate_kind = kind_of_plate(car.plate) or Vehicle.PlateKind.OTHER
        if car.plate_kind == Vehicle.PlateKind.TEMPORARY and not car.vin:
            car.plate_kind = Vehicle.PlateKind.OTHER  # an old system's record is kept as it is
        names.append("plate_kind")
    if "vin" in names:
        right = has_right_check_digit(car.vin)
        remark = "" if right else _("check digit should be %(digit)s (load)") % {"digit": check_digit(car.vin)}
        if car.vin_remark != remark:
            car.vin_remark = remark
            names.append("vin_remark")
    car.is_incomplete = not (car.plate or car.vin)
    return names


def _say_doubtful(load: Load, count: int) -> None:
    if count:
        load.say(
            _("%(count)s cars have a VIN whose check digit is wrong; a remark with each car says so.")
            % {"count": count}
        )


def cars_for(load: Load, rows: Sequence[Row]) -> dict[int, Vehicle]:
    """The car of each row of old orders, by its line; told by service. A car known only by VIN or plate is added."""
    company = load.place.company
    found: dict[int, Vehicle] = {}
    added = doubtful = 0
    for part in parts_of(rows):
        cars = _Cars(company, load.source, part, "vehicle")
        new = []
        for row in part:
            old_id = row["vehicle"] or row["vin"] or row["plate"]
            car = cars.by_id.get(old_id) or cars.by_vin.get(row["vin"]) or cars.by_plate.get(row["plate"])
            if car is None and not (row["vin"] or row["plate"]):
                sentence = (
                    _("No car of this source has this id. Load the vehicles first.")
                    if old_id
                    else _("The row names no car: neither an id, nor a VIN, nor a plate.")
                )
                load.reject(row, "vehicle", sentence)
                continue
            if car is None:
                car = Vehicle(company=company, source=load.source, source_id=old_id)
                doubtful += "vin_remark" in _fill_car(car, {"vin": row["vin"], "plate": row["plate"]}, by_hand=False)
                new.append(car)
                cars.keep(car)
            found[row.line] = car
        Vehicle.objects.bulk_create(new, batch_size=1000)
        keep_history(new, source=MileageReading.Source.LOAD)
        added += len(new)
    if added:
        load.say(_("%(count)s cars were added on the way.") % {"count": added})
    _say_doubtful(load, doubtful)
    return found


def note_mileages(highest: dict[int, int]) -> None:
    """Keep the highest mileage read at any of the loaded visits; told by service."""
    for part in parts_of(sorted(highest)):
        lower = [car for car in Vehicle.objects.filter(pk__in=part) if (car.mileage or -1) < highest[car.pk]]
        for car in lower:
            car.mileage = highest[car.pk]
        Vehicle.objects.bulk_update(lower, ["mileage"], batch_size=1000)
        left = VisitNote.objects.filter(vehicle__in=lower).order_by().values_list("vehicle").annotate(Max("left_at"))
        keep_history(lower, source=MileageReading.Source.LOAD, read_at=dict(left))


def note_past_visits(notes: Iterable[VisitNote]) -> None:
    """Note the visits of an old system as history, which no call is owed for; told by service."""
    kept = list(notes)
    for note in kept:
        note.call_pending = False
    VisitNote.objects.bulk_create(
        kept,
        batch_size=1000,
        update_conflicts=True,
        unique_fields=["visit_id"],
        update_fields=["vehicle", "customer", "kind", "what", "worth", "left_at", "left_on", "satisfaction"],
    )
