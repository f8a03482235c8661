"""Work on a job: added, dispatched, started, finished, checked."""

from django.db.models import Max
from django.utils.timezone import now
from django.utils.translation import gettext as _

from core.actor import Actor, allow
from core.logbook import record
from core.models import Employee
from core.roles import Role
from core.rows import Refused, atomic, lock, move
from service.actions.derive import derive, derive_visit
from service.actions.lines import open_order
from service.models import Job, Line, Order


@atomic
def add_job(order: Order, *, words: str, kind: str, by: Actor) -> Order:
    """Add something the customer asks for, or extra work that was found; it asks consent for its own lines only."""
    allow(by, "service.add_job", order.store)
    order = open_order(order)
    last = order.jobs.aggregate(last=Max("position"))["last"] or 0
    Job.objects.create(order=order, position=last + 1, words=words, kind=kind)
    derive_visit(order.visit)
    order.refresh_from_db()
    record("order.job_added", order, by=by, about=[order.visit], words=words, kind=kind)
    return order


def _working(job: Job, verb: str, by: Actor) -> tuple[Order, Job]:
    allow(by, verb, job.order.store)
    return open_order(job.order), lock(job)


@atomic
def dispatch(job: Job, *, technician: Employee, by: Actor) -> Order:
    """Give a job to a technician; only what the customer has agreed to is dispatched."""
    order, job = _working(job, "service.dispatch", by)
    here = technician.postings.filter(store=order.store_id, role=Role.TECHNICIAN, is_active=True)
    if not technician.is_active or not here.exists():
        raise Refused(_("This person is no technician of this store."), field="technician")
    if not Line.objects.charged().filter(job=job).exists():
        raise Refused(_("The customer has not agreed to any line of this job yet."))
    move(job, Job.Status.DISPATCHED)
    job.technician, job.dispatched_at = technician, now()
    job.save(update_fields=["status", "technician", "dispatched_at"])
    derive(order)
    record("order.dispatched", order, by=by, about=[order.visit], job=job.words, technician=str(technician))
    return order


def _own(job: Job, by: Actor) -> None:
    if job.technician_id != by.pk and not by.may("service.dispatch", job.order.store):
        raise Refused(_("This job is on somebody else's list."))


@atomic
def start(job: Job, *, by: Actor) -> Order:
    """The technician begins to work on the job."""
    order, job = _working(job, "service.start", by)
    _own(job, by)
    move(job, Job.Status.IN_WORK)
    job.started_at = job.started_at or now()
    job.save(update_fields=["status", "started_at"])
    derive(order)
    record("order.job_started", order, by=by, about=[order.visit], job=job.words)
    return order


@atomic
def finish(job: Job, *, cause: str, remedy: str, by: Actor) -> Order:
    """The technician is done and says what the cause was and what was done about it."""
    order, job = _working(job, "service.finish", by)
    _own(job, by)
    move(job, Job.Status.CHECKING)
    job.cause, job.remedy, job.finished_at = cause, remedy, now()
    job.save(update_fields=["status", "cause", "remedy", "finished_at"])
    derive(order)
    record("order.job_finished", order, by=by, about=[order.visit], job=job.words, cause=cause, remedy=remedy)
    return order


@atomic
def check(job: Job, *, passed: bool, remark: str, by: Actor) -> Order:
    """Quality check: passed, or back to the technician with a remark; a failure is counted."""
    order, job = _working(job, "service.check", by)
    if job.technician_id == by.pk:
        raise Refused(_("Nobody checks their own work."))
    if not passed and not remark:
        raise Refused(_("Please say what has to be done again."), field="remark")
    if job.status != Job.Status.CHECKING:
        raise Refused(_("This job is not waiting for a check."))
    move(job, Job.Status.DONE if passed else Job.Status.IN_WORK)
    job.check_remark, job.inspector_id = remark, by.pk
    if passed:
        job.checked_at = now()
    else:
        job.check_failures += 1
    job.save(update_fields=["status", "check_remark", "inspector", "checked_at", "check_failures"])
    derive(order)
    record("order.checked", order, by=by, about=[order.visit], job=job.words, passed=passed, remark=remark)
    return order
