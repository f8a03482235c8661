"""A car on its way out: washed, ready, explained, settled, handed over, out of the gate."""

from decimal import Decimal

from django.utils.timezone import now
from django.utils.translation import gettext as _

from core.actions import keep_files
from core.actor import Actor, allow
from core.figures import touch
from core.logbook import record
from core.models import Attachment
from core.rows import Refused, atomic, lock, move
from core.uploads import CleanFile
from customers import actions as customers
from customers.models import Message
from service.actions.derive import derive_visit
from service.actions.guarantee import start_guarantee
from service.models import Job, Line, Visit
from service.models.bill import charged_of, delivery_steps


@atomic
def wash(visit: Visit, *, done: bool, reason: str = "", by: Actor) -> Visit:
    """The car is washed, or goes out without the wash that was wanted, and why."""
    allow(by, "service.wash", visit.store)
    visit = lock(visit)
    if visit.status not in {Visit.Status.RECEIVED, Visit.Status.READY}:
        raise Refused(_("Only a car that is received and not handed over is washed."))
    if not done:
        return _waive_wash(visit, reason, by)
    if visit.washed_at:
        raise Refused(_("The car is washed already."))
    visit.washed_at, visit.wants_wash = now(), True
    visit.version += 1
    visit.save(update_fields=["washed_at", "wants_wash", "version"])
    record("visit.washed", visit, by=by, about=[visit.vehicle])
    return visit


def _waive_wash(visit: Visit, reason: str, by: Actor) -> Visit:
    if not visit.wants_wash or visit.washed_at:
        raise Refused(_("There is no wash to leave out."))
    if not reason.strip():
        raise Refused(_("Please say why the car goes out unwashed."), field="reason")
    visit.wants_wash = False
    visit.version += 1
    visit.save(update_fields=["wants_wash", "version"])
    record("visit.wash_left_out", visit, by=by, about=[visit.vehicle, visit.customer], reason=reason)
    return visit


@atomic
def ready(visit: Visit, *, channel: str, by: Actor) -> Visit:
    """All work is done and checked and the wash is done or left out: the car is ready and the customer was told."""
    allow(by, "service.ready", visit.store)
    visit = lock(visit)
    unfinished = Job.objects.filter(order__visit=visit).exclude(status__in=[Job.Status.DONE, Job.Status.DROPPED])
    if unfinished.exists() or Line.objects.open().filter(job__order__visit=visit).exists():
        raise Refused(_("There is still work open. Finish and check every job, and get an answer for every line."))
    if visit.wants_wash and not visit.washed_at:
        raise Refused(_("The customer wants the car washed. Wash it first, or leave the wash out with a reason."))
    move(visit, Visit.Status.READY)
    visit.ready_at = visit.told_at = now()
    visit.version += 1
    visit.save(update_fields=["status", "ready_at", "told_at", "version"])
    phone = visit.driver_phone or (visit.customer.phone if visit.customer else "")
    customers.tell(
        visit.store, visit.customer, phone, Message.Code.CAR_READY, channel, by=by, row=visit, plate=visit.vehicle.plate
    )
    derive_visit(visit)
    touch(visit.store_id, visit.store.business_date(visit.ready_at))
    record("visit.ready", visit, by=by, about=[visit.vehicle, visit.customer], channel=channel)
    return visit


@atomic
def explain(visit: Visit, *, signature: CleanFile | None = None, by: Actor) -> Visit:
    """Explain the bill as it will be (预结算说明), before anything is settled; the customer may sign it."""
    allow(by, "service.explain", visit.store)
    visit = lock(visit)
    if visit.status != Visit.Status.READY or visit.settled_at:
        raise Refused(_("The bill is explained when the car is ready and before it is settled."))
    visit.explained_at = now()
    visit.version += 1
    visit.save(update_fields=["explained_at", "version"])
    if signature:
        keep_files(visit, [signature], purpose=Attachment.Purpose.SIGNATURE, by=by, remark=_("Bill explained"))
    record("visit.explained", visit, by=by, about=[visit.vehicle, visit.customer])
    return visit


def mark_settled(visit: Visit) -> Visit:
    """The visit is settled with every payer; told by finance, written on the settlement's line."""
    visit = lock(visit)
    if visit.status != Visit.Status.READY or visit.settled_at:
        raise Refused(_("Only a car that is ready can be settled, and only once."))
    if not visit.explained_at and charged_of(visit).exists():
        raise Refused(_("Explain the bill to the customer first (rule 11: list, prices and total before payment)."))
    visit.settled_at = now()
    visit.version += 1
    visit.save(update_fields=["settled_at", "version"])
    derive_visit(visit)
    return visit


def mark_cleared(visit: Visit, cleared: bool) -> Visit:
    """The customer's share is paid or let go on credit, or not any more; told by finance, written on its own line."""
    visit = lock(visit)
    if cleared == bool(visit.cleared_at):
        return visit
    visit.cleared_at = now() if cleared else None
    visit.version += 1
    visit.save(update_fields=["cleared_at", "version"])
    return visit


def unmark_settled(visit: Visit) -> Visit:
    """A settlement of this visit was reversed, so it is to be settled again; told by finance."""
    visit = lock(visit)
    if visit.status not in {Visit.Status.READY, Visit.Status.HANDED_OVER}:
        raise Refused(_("The car has left; its settlements are corrected by finance's credit notes."))
    if visit.status == Visit.Status.HANDED_OVER:
        move(visit, Visit.Status.READY)
        visit.handed_over_at = None
    visit.settled_at = visit.cleared_at = None
    visit.version += 1
    visit.save(update_fields=["status", "settled_at", "cleared_at", "handed_over_at", "version"])
    derive_visit(visit)
    return visit


@atomic
def hand_over(
    visit: Visit,
    *,
    explained: bool = False,
    operation_explained: bool = False,
    old_parts_shown: bool = False,
    car_clean: bool = False,
    belongings_back: bool = False,
    by: Actor,
) -> Visit:
    """Hand the car over; it is not delivered with an open step, and what was done is kept on the visit."""
    allow(by, "service.hand_over", visit.store)
    visit = lock(visit)
    if not visit.settled_at:
        raise Refused(_("The visit is not settled yet. Settle it first, also when there is nothing to pay."))
    done = {
        "explained": explained,
        "operation_explained": operation_explained,
        "old_parts_shown": old_parts_shown,
        "car_clean": car_clean,
        "belongings_back": belongings_back,
    }
    missing = [name for name in delivery_steps(visit) if not done[name]]
    if missing:
        raise Refused(_("This step of the delivery is still open; the car stays until it is done."), field=missing[0])
    move(visit, Visit.Status.HANDED_OVER)
    visit.handed_over_at = now()
    visit.handed_over = [name for name, is_done in done.items() if is_done]
    visit.version += 1
    visit.save(update_fields=["status", "handed_over_at", "handed_over", "version"])
    derive_visit(visit)
    record("visit.handed_over", visit, by=by, about=[visit.vehicle, visit.customer], steps=visit.handed_over)
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
    start_guarantee(visit)
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
