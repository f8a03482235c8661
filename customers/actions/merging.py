"""Making two records of one person or one car into one, and taking it back as long as nothing new has happened."""

import json
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _

from core.actor import Actor, allow_company
from core.logbook import record
from core.rows import Refused, Stale, atomic
from customers.actions.history import keep_history
from customers.actions.moving import check_unchanged, lock_both, move_all, move_back
from customers.models import Apart, ContactConsent, Customer, Merge, OwnerSpan, PlateSpan, Vehicle
from customers.models.consents import CALLS
from customers.shapes import initials_of

# what is chosen between two records, and the columns that go with it
CHOICES_OF_CUSTOMER: dict[str, tuple[str, ...]] = {
    "name": ("name",),
    "kind": ("kind",),
    "phone": ("phone",),
    "email": ("email",),
    "level": ("level",),
    "language": ("language",),
    "call_hours": ("call_from", "call_until"),
    "quiet_hours": ("quiet_from", "quiet_until"),
    "keeper": ("keeper_id",),
    "city": ("city",),
    "tax_number": ("tax_number",),
}
CHOICES_OF_VEHICLE: dict[str, tuple[str, ...]] = {
    "plate": ("plate", "plate_kind"),
    "owner": ("owner_id",),
    "brand": ("brand",),
    "model": ("model",),
    "year": ("year",),
    "mileage": ("mileage",),
    "sold_on": ("sold_on",),
    "warranty_from": ("warranty_from",),
}
KEPT, LOST = Merge.Side.KEPT.value, Merge.Side.LOST.value


def _both(kept: Any, other: Any, by: Actor) -> tuple[Any, Any]:
    """Both records under lock, or why they cannot become one."""
    if other.pk == kept.pk:
        raise Refused(_("This is the same record. Choose the other one."), field="other")
    if other.company_id != kept.company_id:
        raise Refused(_("The two records belong to different companies."), field="other")
    expected = getattr(kept, "expected_version", None)
    kept, lost = lock_both(kept, other)
    if expected is not None and expected != kept.version:
        raise Stale
    if kept.merged_into_id or lost.merged_into_id:
        raise Refused(_("This record is already merged into another one."))
    return kept, lost


def _chosen(kept: Any, lost: Any, groups: dict[str, tuple[str, ...]], chosen: dict[str, str]) -> dict[str, Any]:
    """The values of the lost record that were chosen, or that the kept one has none of."""
    values: dict[str, Any] = {}
    for name, columns in groups.items():
        mine, theirs = ([getattr(one, column) for column in columns] for one in (kept, lost))
        takes_theirs = chosen.get(name) == LOST if chosen.get(name) else mine[0] in (None, "")
        if takes_theirs and mine != theirs:
            values |= dict(zip(columns, theirs, strict=True))
    return values


def _change(row: Any, values: dict[str, Any]) -> dict[str, list[Any]]:
    """Write the values; says what stood there before and what stands there now, as it is kept with the merge."""
    changed = {name: [getattr(row, name), value] for name, value in values.items() if getattr(row, name) != value}
    for name, (_before, value) in changed.items():
        setattr(row, name, value)
    row.version += 1
    row.save(update_fields=[*changed, "version"])
    return dict(json.loads(json.dumps(changed, cls=DjangoJSONEncoder)))


def _write_down(kept: Any, lost: Any, moved: dict[str, Any], values: dict[str, Any], *, by: Actor) -> Merge:
    return Merge.objects.create(
        company_id=kept.company_id,
        of=kept.kind_name(),
        kept_id=kept.pk,
        lost_id=lost.pk,
        moved=moved,
        values=values,
        kept_version=kept.version,
        at=now(),
        by_name=by.name,
    )


@atomic
def merge_customer(customer: Customer, *, other: Customer, by: Actor, **chosen: str) -> Customer:
    """Make another record of the same person part of this one: what belongs to it moves here, its address leads here.

    A refusal of either record holds; remarks are joined.
    """
    allow_company(by, "customers.merge", customer.company_id)
    kept, lost = _both(customer, other, by)
    values = _chosen(kept, lost, CHOICES_OF_CUSTOMER, chosen)
    if "name" in values:
        values["initials"] = initials_of(values["name"])
    if lost.remark and lost.remark not in kept.remark:
        values["remark"] = "\n".join(filter(None, [kept.remark, lost.remark]))
    values["do_not_call"] = kept.do_not_call or lost.do_not_call
    name, phone = values.get("name", kept.name), values.get("phone", kept.phone)
    values["is_incomplete"] = not (name and phone)
    moved = move_all(lost, kept)
    words = _take_words(lost, kept)
    before = {LOST: _change(lost, {"merged_into_id": kept.pk}), KEPT: _change(kept, values), "words": words}
    _write_down(kept, lost, moved, before, by=by)
    record("customer.merged", kept, by=by, about=[lost], name=[str(lost), str(kept)], phone=[lost.phone, kept.phone])
    return kept


def _take_words(lost: Customer, kept: Customer) -> list[list[Any]]:
    """The lost record's words on being contacted, where they are newer; says what counted before."""
    mine, theirs = (
        {(one.purpose, one.channel): one for one in ContactConsent.objects.filter(customer=customer).in_force()}
        for customer in (kept, lost)
    )
    taken = []
    for matter, word in theirs.items():
        own = mine.get(matter)
        if own and own.at >= word.at:
            continue
        taken.append([*matter, own.is_given if own else None])
        word.pk, word.customer, word._state.adding = None, kept, True
        word.via = ContactConsent.Via.MERGE
        word.save(force_insert=True)
    return taken


@atomic
def merge_vehicle(vehicle: Vehicle, *, other: Vehicle, by: Actor, **chosen: str) -> Vehicle:
    """Make another record of the same car part of this one. Two VINs are two cars."""
    allow_company(by, "customers.merge", vehicle.company_id)
    kept, lost = _both(vehicle, other, by)
    if kept.vin and lost.vin:
        raise Refused(_("Both records have a VIN, so they are two cars."), field="other")
    keep_history([kept, lost])
    values = _chosen(kept, lost, CHOICES_OF_VEHICLE, chosen)
    if lost.vin:
        values |= {"vin": lost.vin, "vin_remark": lost.vin_remark}
    plate, vin = values.get("plate", kept.plate), values.get("vin", kept.vin)
    values["is_incomplete"] = not (plate or vin)
    owner = values.get("owner_id", kept.owner_id)
    bare: dict[str, Any] = {
        "plate": "",
        "plate_kind": Vehicle.PlateKind.NONE,
        "vin": "",
        "vin_remark": "",
        "owner_id": None,
    }
    bare |= {"is_incomplete": True, "merged_into_id": kept.pk}
    before = {LOST: _change(lost, bare), KEPT: _change(kept, values)}
    closed = _close_spans(kept, lost, plate, owner)
    moved = move_all(lost, kept)
    keep_history([kept])
    _write_down(kept, lost, moved, before | {"closed": closed}, by=by)
    record("vehicle.merged", kept, by=by, about=[lost], plate=kept.plate, vin=kept.vin)
    return kept


def _close_spans(kept: Vehicle, lost: Vehicle, plate: str, owner: int | None) -> dict[str, list[int]]:
    """Of two open plates and two open owners only the one that counts stays open; says which were closed."""
    closed = {}
    for model, name, value in ((PlateSpan, "plate", plate), (OwnerSpan, "customer_id", owner)):
        spans: Any = model.objects.filter(vehicle__in=[kept, lost], until__isnull=True)
        both = sorted(spans, key=lambda span: span.vehicle_id != kept.pk)
        stays = next((span for span in both if getattr(span, name) == value), None)
        closed[model.kind_name()] = [span.pk for span in both if span is not stays]
        for span in both:
            if span is not stays:
                span.until = max(localdate(), span.since)
                span.save(update_fields=["until"])
    return closed


@atomic
def undo_merge(kept: Any, *, by: Actor) -> Any:
    """Take the last merge into this record back: what came with the other one goes with it again."""
    allow_company(by, "customers.merge", kept.company_id)
    merges = Merge.objects.filter(of=kept.kind_name(), kept_id=kept.pk, undone_at__isnull=True)
    merge = merges.select_for_update(no_key=True).order_by("-pk").first()
    if merge is None:
        raise Refused(_("Nothing was merged into this record."))
    kept, lost = lock_both(kept, type(kept)(pk=merge.lost_id))
    now_there = json.loads(
        json.dumps({name: getattr(kept, name) for name in merge.values[KEPT]}, cls=DjangoJSONEncoder)
    )
    if kept.version != merge.kept_version or now_there != {n: after for n, (_b, after) in merge.values[KEPT].items()}:
        raise Refused(_("This record was changed since, so the two stay one."))
    check_unchanged(merge.moved, kept, merge.at)
    move_back(merge.moved, kept, lost)
    _restore(merge, kept, lost)
    merge.undone_at = now()
    merge.save(update_fields=["undone_at"])
    if isinstance(kept, Vehicle):
        record("vehicle.merge_undone", kept, by=by, about=[lost], plate=[kept.plate, lost.plate])
    else:
        record("customer.merge_undone", kept, by=by, about=[lost], name=[str(kept), str(lost)])
    return kept


def _restore(merge: Merge, kept: Any, lost: Any) -> None:
    """What stood on both before; the kept one first, since it gives plate and VIN back."""
    for row, changed in ((kept, merge.values[KEPT]), (lost, merge.values[LOST])):
        fields = {field.attname: field for field in row._meta.concrete_fields}
        _change(row, {name: fields[name].to_python(before) for name, (before, _after) in changed.items()})
    spans = {one.kind_name(): one for one in (PlateSpan, OwnerSpan)}
    for kind, ids in merge.values.get("closed", {}).items():
        model: Any = spans[kind]
        model.objects.filter(pk__in=ids).update(until=None)
    moment = now()
    ContactConsent.objects.bulk_create(
        ContactConsent(
            customer=kept,
            purpose=purpose,
            channel=channel,
            is_given=purpose == ContactConsent.Purpose.SERVICE if before is None else before,
            at=moment,
            via=ContactConsent.Via.MERGE,
            by_name=merge.by_name,
        )
        for purpose, channel, before in merge.values.get("words", [])
        if (purpose, channel) != CALLS or not kept.do_not_call
    )


@atomic
def keep_apart(one: Any, *, other: Any, by: Actor) -> Any:
    """Note that two records that look alike are two people or two cars, so that nobody is asked again."""
    allow_company(by, "customers.merge", one.company_id)
    if other.pk == one.pk or other.company_id != one.company_id:
        raise Refused(_("Choose another record of the same company."), field="other")
    first, second = sorted([one.pk, other.pk])
    _apart, is_new = Apart.objects.get_or_create(
        of=one.kind_name(),
        first_id=first,
        second_id=second,
        defaults={"company_id": one.company_id, "at": now(), "by_name": by.name},
    )
    if is_new and isinstance(one, Vehicle):
        record("vehicle.kept_apart", one, by=by, about=[other], plate=other.plate)
    elif is_new:
        record("customer.kept_apart", one, by=by, about=[other], name=str(other))
    return one
