"""Gate passes: issued, cancelled, used, and the car noted back."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import Sum
from django.utils.timezone import now
from django.utils.translation import gettext as _

from core import actions as core
from core.actor import Actor, allow
from core.logbook import record
from core.models import Approval, Matter, Store
from core.numbers import next_number
from core.rows import Refused, atomic, lock
from customers import actions as customers
from customers.shapes import is_vin, kind_of_plate, tidy_plate, tidy_vin
from finance.models import GatePass, Settlement
from service import actions as service
from service.models import Visit

NOTHING = Decimal(0)  # what a car at the gate costs the store; its authority is one to have or not


def _about(gate_pass: GatePass) -> list[Any]:
    visit = gate_pass.visit
    return [visit, visit.vehicle, visit.customer] if visit else []


def _issue(store: Store, kind: str, by: Actor, **given: Any) -> GatePass:
    """A pass with its number, and the line of the logbook that says who issued it."""
    moment = now()
    number = next_number(store, "GP", store.business_date(moment))
    one = GatePass.objects.create(store=store, kind=kind, number=number, issued_at=moment, **given)
    told = {name: given[name] for name in ("driver_name", "reason", "plate", "vin") if given.get(name)}
    record("gate_pass.issued", one, by=by, about=_about(one), number=number, pass_kind=kind, **told)
    return one


def _cancel(gate_pass: GatePass, reason: str, by: Actor) -> None:
    gate_pass.cancelled_at = now()
    gate_pass.save(update_fields=["cancelled_at"])
    asked = Approval.objects.filter(kind=gate_pass.kind_name(), object_id=gate_pass.pk, asked_by=by.pk)
    for one in asked.filter(status__in=[Approval.Status.ASKED, Approval.Status.GRANTED]):
        core.withdraw_approval(one, by=by)
    record("gate_pass.cancelled", gate_pass, by=by, about=_about(gate_pass), reason=reason)


def cancel_gate_passes(visit: Visit, reason: str, by: Actor) -> None:
    """The car may not leave on a pass that was issued before; its visit is locked, so the guard waits."""
    for one in GatePass.objects.waiting().filter(visit=visit).select_for_update(no_key=True):
        _cancel(one, reason, by)


@atomic
def cancel_gate_pass(gate_pass: GatePass, *, reason: str, by: Actor) -> GatePass:
    """Take a pass back that was not used: the car stays, or leaves another way."""
    allow(by, gate_pass.issued_by, gate_pass.store)
    if gate_pass.visit:
        lock(gate_pass.visit)
    gate_pass = lock(gate_pass)
    if gate_pass.cancelled_at:
        raise Refused(_("This gate pass was cancelled already."))
    if gate_pass.used_at:
        raise Refused(_("This gate pass was already used."))
    _cancel(gate_pass, reason, by)
    return gate_pass


def is_clear(visit: Visit) -> bool:
    """Whether the customer's own share is paid or let go on credit; what others owe never holds the gate."""
    if visit.cleared_at:
        return True
    return bool(visit.settled_at) and not Settlement.objects.holding_gate().filter(visit=visit).exists()


@atomic
def issue_gate_pass(visit: Visit, *, by: Actor) -> GatePass:
    """Issue the gate pass (出门证): the car is handed over and the customer owes nothing more."""
    allow(by, "finance.issue_gate_pass", visit.store)
    visit = lock(visit)
    if visit.status != Visit.Status.HANDED_OVER:
        raise Refused(_("The car is not handed over yet."))
    if not is_clear(visit):
        raise Refused(_("The customer's share is not paid yet."))
    passes = GatePass.objects.filter(visit=visit)
    if passes.filter(kind=GatePass.Kind.SERVICE, cancelled_at__isnull=True).exists():
        raise Refused(_("This car already has a gate pass."))
    if passes.outside().exists():
        raise Refused(_("The car is outside on another pass. Note it back first."))
    cancel_gate_passes(visit, _("The car leaves after service."), by)
    return _issue(visit.store, GatePass.Kind.SERVICE, by, visit=visit)


@atomic
def issue_test_pass(
    visit: Visit, *, kind: str, driver_name: str, expected_at: datetime, reason: str = "", by: Actor
) -> GatePass:
    """Let a car out for a road test or to a sublet: one of us drives, and says when it will be back."""
    allow(by, "finance.issue_test_pass", visit.store)
    visit = lock(visit)
    if visit.status in {Visit.Status.HANDED_OVER, Visit.Status.LEFT}:
        raise Refused(_("The car is handed over already; it leaves with the gate pass after service."))
    if expected_at <= now():
        raise Refused(_("The time at which it will be back must lie in the future."), field="expected_at")
    if kind == GatePass.Kind.SUBLET and not reason.strip():
        raise Refused(_("Say to whom the car goes and what for."), field="reason")
    open_ones = GatePass.objects.filter(visit=visit).open().filter(kind__in=GatePass.COMES_BACK)
    if open_ones.exists():
        raise Refused(_("This car is already out, or has a pass to go out."))
    return _issue(visit.store, kind, by, visit=visit, driver_name=driver_name, reason=reason, expected_at=expected_at)


@atomic
def issue_other_pass(
    *, store: Store, kind: str, driver_name: str, reason: str, plate: str = "", vin: str = "", by: Actor
) -> GatePass:
    """Let a car out that was not in for service: sold, or on its way to another place; who may not, asks first."""
    allow(by, "finance.issue_other_pass", store)
    plate, vin = tidy_plate(plate), tidy_vin(vin)
    if kind_of_plate(plate) is None:
        raise Refused(_("This is not a licence plate. Leave it empty for a car without one."), field="plate")
    if vin and not is_vin(vin):
        raise Refused(_("A VIN has 17 characters, letters and digits without I, O and Q."), field="vin")
    if not plate and not vin:
        raise Refused(_("Name the plate or the VIN of the car."), field="plate")
    _not_in_for_service(store, plate, vin)
    one = _issue(store, kind, by, plate=plate, vin=vin, driver_name=driver_name, reason=reason)
    limit = core.authority(by, Matter.GATE, store)
    if limit is not None and limit <= NOTHING:
        core.ask_approval(
            one,
            store=store,
            matter=Matter.GATE,
            verb="finance.issue_other_pass",
            amount=NOTHING,
            worth=NOTHING,
            reason=reason,
            title=f"{one.worn} · {one.get_kind_display()}",
            address=one.get_absolute_url(),
            facts=[["plate", plate], ["vin", vin], ["driver", driver_name]],
            by=by,
        )
    return one


def _not_in_for_service(store: Store, plate: str, vin: str) -> None:
    """A customer's car leaves by its settlement and no other way; and one car has one pass."""
    here = Visit.objects.in_store().filter(store=store)
    waiting = GatePass.objects.waiting().filter(store=store, visit__isnull=True)
    for name, value in (("plate", plate), ("vin", vin)):
        if value and here.filter(**{f"vehicle__{name}": value}).exists():
            raise Refused(_("This car is in for service; it leaves with the gate pass after service."), field=name)
        if value and waiting.filter(**{name: value}).exists():
            raise Refused(_("This car already has a gate pass."), field=name)


@atomic
def let_out(gate_pass: GatePass, *, plate_seen: str, by: Actor) -> GatePass:
    """The guard compares the plate and lets the car out; after service the visit ends with it."""
    allow(by, "finance.let_out", gate_pass.store)
    visit = lock(gate_pass.visit) if gate_pass.visit else None
    gate_pass = lock(gate_pass)
    _is_good(gate_pass, visit)
    seen = tidy_plate(plate_seen)
    if len(seen) < 4 or not gate_pass.worn.endswith(seen):
        raise Refused(_("This is not the plate on the pass. Stop the car and call the cashier."), field="plate_seen")
    _use_approval(gate_pass, by)
    gate_pass.used_at = now()
    gate_pass.save(update_fields=["used_at"])
    if visit and gate_pass.kind == GatePass.Kind.SERVICE:
        worth = Settlement.objects.standing().filter(visit=visit).aggregate(total=Sum("net"))["total"] or Decimal(0)
        gate_pass.visit = service.close_visit(visit, worth=worth, by=by)
    record("gate_pass.used", gate_pass, by=by, about=_about(gate_pass), plate_seen=seen)
    return gate_pass


def _is_good(gate_pass: GatePass, visit: Visit | None) -> None:
    if gate_pass.cancelled_at:
        raise Refused(_("This gate pass was cancelled. Send the driver back to the cashier."))
    if gate_pass.used_at:
        raise Refused(_("This gate pass was already used."))
    gone = {Visit.Status.HANDED_OVER, Visit.Status.LEFT}
    if visit and gate_pass.kind in GatePass.COMES_BACK and visit.status in gone:
        raise Refused(_("The car is handed over already; it leaves with the gate pass after service."))


def _use_approval(gate_pass: GatePass, by: Actor) -> None:
    """A car without a visit leaves on the manager's word, where the one who wrote the pass needed it."""
    asked = Approval.objects.filter(kind=gate_pass.kind_name(), object_id=gate_pass.pk).order_by("-pk").first()
    if asked is None:
        return
    verb = "finance.issue_other_pass"
    if core.use_approval(gate_pass, verb=verb, matter=Matter.GATE, amount=NOTHING, by=by) is None:
        if asked.status == Approval.Status.ASKED:
            raise Refused(_("The manager has not agreed to this pass yet. Keep the car inside."))
        raise Refused(_("The manager did not agree to this pass. Keep the car inside."))


@atomic
def note_back(gate_pass: GatePass, *, mileage: int | None = None, by: Actor) -> GatePass:
    """Note that a car is back from the road test or the sublet, with its mileage where it was read."""
    allow(by, "finance.note_back", gate_pass.store)
    visit = lock(gate_pass.visit) if gate_pass.visit else None
    gate_pass = lock(gate_pass)
    if gate_pass.kind not in GatePass.COMES_BACK or visit is None:
        raise Refused(_("A car on this pass does not come back."))
    if not gate_pass.used_at:
        raise Refused(_("This car has not left yet."))
    if gate_pass.back_at:
        raise Refused(_("This car is back already."))
    if mileage is not None and visit.mileage is not None and mileage < visit.mileage:
        raise Refused(_("It came in with %(mileage)s km; read it again.") % {"mileage": visit.mileage}, field="mileage")
    gate_pass.back_at = now()
    gate_pass.save(update_fields=["back_at"])
    if mileage is not None:
        customers.note_mileage(visit.vehicle, mileage)
    record("gate_pass.back", gate_pass, by=by, about=_about(gate_pass), mileage=mileage)
    return gate_pass
