"""What is derived from jobs and lines and stored: an order's status and amount, a visit's kind, holds for consent."""

from decimal import Decimal

from django.db.models import Sum
from django.utils.timezone import now
from django.utils.translation import gettext as _

from core.figures import touch
from core.rows import Refused, lock
from service.models import Hold, Job, Line, Order, Visit

_RANK = list(Visit.Kind.values)
_FROM_VISIT: dict[str, str] = {
    Visit.Status.LEFT: Order.Status.CLOSED,
    Visit.Status.HANDED_OVER: Order.Status.HANDED_OVER,
    Visit.Status.READY: Order.Status.READY,
}


def open_order(order: Order) -> Order:
    """The order under lock, with its visit locked before it; refused once the car is ready."""
    visit = lock(order.visit)
    order = lock(order)
    order.visit = visit
    if visit.status != Visit.Status.RECEIVED:
        raise Refused(_("The car is ready or gone; nothing can be added to or changed in this order."))
    return order


def status_of(order: Order) -> str:
    """The status of an order: the visit's once the car is ready, before that what its jobs and lines say."""
    jobs = {job.status for job in order.jobs.all()}
    if jobs and jobs <= {Job.Status.DROPPED}:
        return Order.Status.DROPPED
    if order.visit.settled_at and order.visit.status == Visit.Status.READY:
        return Order.Status.SETTLED
    if order.visit.status in _FROM_VISIT:
        return _FROM_VISIT[order.visit.status]
    if jobs & {Job.Status.DISPATCHED, Job.Status.IN_WORK}:
        return Order.Status.IN_WORK
    if Job.Status.TO_DISPATCH in jobs:
        return Order.Status.TO_DISPATCH
    if Line.objects.open().filter(job__order=order).exists():
        return Order.Status.ESTIMATED
    if Job.Status.CHECKING in jobs:
        return Order.Status.CHECKING
    if Job.Status.OPEN in jobs or not jobs:
        return Order.Status.RECEIVED
    return Order.Status.DONE


def derive(order: Order) -> Order:
    """Store what follows from an order's jobs and lines."""
    derive_holds(order)
    order.status = status_of(order)
    counted = Line.objects.filter(job__order=order, consent__in=[Line.Consent.ASKED, Line.Consent.AUTHORISED])
    order.amount = counted.aggregate(total=Sum("amount"))["total"] or Decimal(0)
    order.version += 1
    order.save(update_fields=["status", "amount", "version"])
    return order


def derive_holds(order: Order) -> None:
    """A job waits for consent from its first open line to the last answer; a job that is over waits for nothing."""
    jobs = dict(Job.objects.filter(order=order).values_list("pk", "status"))
    over = {pk for pk, status in jobs.items() if status in {Job.Status.DONE, Job.Status.DROPPED}}
    asked = set(Line.objects.open().filter(job__order=order).values_list("job", flat=True))
    held = Hold.objects.open().filter(job__order=order).values_list("pk", "job", "kind")
    waiting, ended = set(), []
    for pk, job, kind in held:
        is_consent = kind == Hold.Kind.CONSENT
        if (is_consent and job not in asked) or (not is_consent and job in over):
            ended.append(pk)
        elif is_consent:
            waiting.add(job)
    moment = now()
    if ended:
        Hold.objects.filter(pk__in=ended).update(ended_at=moment)
    Hold.objects.bulk_create(
        Hold(job_id=job, kind=Hold.Kind.CONSENT, started_at=moment) for job in sorted(asked - waiting)
    )


def derive_visit(visit: Visit) -> None:
    """The same for every order of a visit, and the visit's kind: the highest-ranked one of its jobs."""
    for order in Order.objects.filter(visit=visit).order_by("pk"):
        order.visit = visit
        derive(order)
    kinds = Job.objects.filter(order__visit=visit).exclude(status=Job.Status.DROPPED).values_list("kind", flat=True)
    kind = min(kinds, key=_RANK.index, default=visit.kind)
    if kind != visit.kind:
        visit.kind = kind
        visit.save(update_fields=["kind"])
        touch(visit.store_id, visit.arrived_on)
