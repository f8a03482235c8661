"""What is derived from jobs and lines and stored for lists: an order's status and amount, a visit's kind."""

from decimal import Decimal

from django.db.models import Sum

from core.figures import touch
from service.models import Job, Line, Order, Visit

_RANK = list(Visit.Kind.values)
_FROM_VISIT: dict[str, str] = {
    Visit.Status.LEFT: Order.Status.CLOSED,
    Visit.Status.HANDED_OVER: Order.Status.HANDED_OVER,
    Visit.Status.READY: Order.Status.READY,
}


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
    order.status = status_of(order)
    counted = Line.objects.filter(job__order=order, consent__in=[Line.Consent.ASKED, Line.Consent.AUTHORISED])
    order.amount = counted.aggregate(total=Sum("amount"))["total"] or Decimal(0)
    order.version += 1
    order.save(update_fields=["status", "amount", "version"])
    return order


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
