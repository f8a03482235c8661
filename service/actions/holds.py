"""A job waits for something outside the technician's hands, and goes on again."""

from datetime import datetime

from django.utils.timezone import now
from django.utils.translation import gettext as _

from core.actor import Actor, allow
from core.logbook import record
from core.rows import Refused, atomic, lock
from service.actions.derive import open_order
from service.models import Hold, Job, Order


@atomic
def hold(job: Job, *, kind: str, expected_at: datetime | None = None, remark: str = "", by: Actor) -> Order:
    """Say that a job waits for parts, an assessment, the manufacturer or a sublet, and until when it is expected."""
    allow(by, "service.hold", job.order.store)
    order = open_order(job.order)
    job = lock(job)
    if kind == Hold.Kind.CONSENT:
        raise Refused(_("The wait for consent begins and ends by itself."), field="kind")
    if job.status in {Job.Status.DONE, Job.Status.DROPPED}:
        raise Refused(_("This job is over; it waits for nothing."))
    moment = now()
    if expected_at and expected_at <= moment:
        raise Refused(_("What is expected must lie in the future."), field="expected_at")
    if Hold.objects.open().filter(job=job, kind=kind).exists():
        raise Refused(_("The job already waits for this."), field="kind")
    Hold.objects.create(job=job, kind=kind, started_at=moment, expected_at=expected_at, remark=remark)
    record(
        "order.held",
        order,
        by=by,
        about=[order.visit],
        job=job.words,
        waits_for=kind,
        expected_at=expected_at,
        remark=remark,
    )
    return order


@atomic
def resume(held: Hold, *, by: Actor) -> Order:
    """What the job waited for is here: the wait ends and its minutes stay on record."""
    allow(by, "service.hold", held.job.order.store)
    order = open_order(held.job.order)
    held = lock(held)
    if held.kind == Hold.Kind.CONSENT:
        raise Refused(_("The wait for consent begins and ends by itself."))
    if held.ended_at:
        raise Refused(_("This wait is over already."))
    held.ended_at = now()
    held.save(update_fields=["ended_at"])
    record("order.resumed", order, by=by, about=[order.visit], job=held.job.words, waits_for=held.kind)
    return order


def refuse_held(job: Job) -> None:
    """A job that waits for more than consent to other lines is not given out, begun or finished."""
    held = Hold.objects.open().filter(job=job).exclude(kind=Hold.Kind.CONSENT).first()
    if held:
        raise Refused(_("This job is on hold: %(kind)s. End the wait first.") % {"kind": held.get_kind_display()})
