"""Work on a job: added, dispatched, started, finished, checked."""

from collections.abc import Iterable

from django.db.models import Max
from django.utils.timezone import now
from django.utils.translation import gettext as _

from core.actions import notify
from core.actor import Actor, allow
from core.logbook import record
from core.models import Employee, Trade
from core.roles import Role
from core.rows import Refused, atomic, lock, move
from service.actions.derive import derive, derive_visit, open_order
from service.actions.guarantee import check_comeback
from service.actions.holds import refuse_held
from service.models import Job, Line, Order


@atomic
def add_job(
    order: Order, *, words: str, kind: str, trade: str = "", comeback_of: Job | None = None, by: Actor
) -> Order:
    """Add something the customer asks for, or extra work that was found; it asks consent for its own lines only.

    A comeback within the guarantee names the job that it redoes.
    """
    allow(by, "service.add_job", order.store)
    order = open_order(order)
    last = order.jobs.aggregate(last=Max("position"))["last"] or 0
    job = Job(order=order, position=last + 1, words=words, kind=kind, trade=trade or Trade.MECHANIC)
    if comeback_of:
        check_comeback(order, comeback_of)
        job.comeback_of, job.kind = comeback_of, Job.Kind.COMEBACK
        job.trade, job.scope = comeback_of.trade, comeback_of.scope
    job.save()
    derive_visit(order.visit)
    order.refresh_from_db()
    record("order.job_added", order, by=by, about=[order.visit], words=words, kind=job.kind)
    return order


def _working(job: Job, verb: str, by: Actor) -> tuple[Order, Job]:
    allow(by, verb, job.order.store)
    return open_order(job.order), lock(job)


def _check_crew(order: Order, trade: str, technician: Employee, helpers: list[Employee]) -> None:
    """Everybody of the team works in this store as a technician, and in the job's trade."""
    for field, people in (("technician", [technician]), ("helpers", helpers)):
        for person in people:
            here = person.postings.filter(store=order.store_id, role=Role.TECHNICIAN, is_active=True)
            trades = set(here.values_list("trade", flat=True))
            if not person.is_active or not trades:
                raise Refused(_("This person is no technician of this store."), field=field)
            if not trades & {"", trade}:
                raise Refused(
                    _("%(name)s does not work in this trade: %(trade)s.")
                    % {"name": person, "trade": Trade(trade).label},
                    field=field,
                )


@atomic
def dispatch(
    job: Job, *, technician: Employee, helpers: Iterable[Employee] = (), trade: str | None = None, by: Actor
) -> Order:
    """Give a job to a technician or a team, or to another one; only what the customer has agreed to is dispatched."""
    order, job = _working(job, "service.dispatch", by)
    job.trade = trade or job.trade
    team = [one for one in helpers if one.pk != technician.pk]
    _check_crew(order, job.trade, technician, team)
    if not Line.objects.charged().filter(job=job).exists():
        raise Refused(_("The customer has not agreed to any line of this job yet."))
    if job.status != Job.Status.IN_WORK:  # work that has begun goes on in other hands
        refuse_held(job)
        move(job, Job.Status.DISPATCHED)
    before, job.technician, job.dispatched_at = job.technician, technician, now()
    job.save(update_fields=["status", "trade", "technician", "dispatched_at"])
    job.helpers.set(team)
    derive(order)
    record(
        "order.dispatched",
        order,
        by=by,
        about=[order.visit],
        job=job.words,
        technician=[str(before), str(technician)] if before and before != technician else str(technician),
        team=[str(one) for one in team],
    )
    told = [one for one in (technician, *team) if one.pk != by.pk]
    notify(told, "job_dispatched", order.get_absolute_url(), job=job.words)
    return order


def _team_of(job: Job) -> set[int | None]:
    return {job.technician_id, *job.helpers.values_list("pk", flat=True)}


def _own(job: Job, by: Actor) -> None:
    if by.pk not in _team_of(job) and not by.may("service.dispatch", job.order.store):
        raise Refused(_("This job is on somebody else's list."))


@atomic
def start(job: Job, *, by: Actor) -> Order:
    """The technician begins to work on the job."""
    order, job = _working(job, "service.start", by)
    _own(job, by)
    refuse_held(job)
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
    refuse_held(job)
    move(job, Job.Status.CHECKING)
    job.cause, job.remedy, job.finished_at = cause, remedy, now()
    job.save(update_fields=["status", "cause", "remedy", "finished_at"])
    derive(order)
    record("order.job_finished", order, by=by, about=[order.visit], job=job.words, cause=cause, remedy=remedy)
    return order


# Extents that leave the store only with an inspector and a completion certificate (rule 12 of the market rules).
CERTIFIED = (Job.Scope.SECOND, Job.Scope.ASSEMBLY)


@atomic
def check(job: Job, *, passed: bool, remark: str, certificate: str = "", by: Actor) -> Order:
    """Quality check: passed, or back to the technician with a remark; a failure is counted."""
    order, job = _working(job, "service.check", by)
    if by.pk in _team_of(job):
        raise Refused(_("Nobody checks their own work."))
    if not passed and not remark:
        raise Refused(_("Please say what has to be done again."), field="remark")
    if job.status != Job.Status.CHECKING:
        raise Refused(_("This job is not waiting for a check."))
    if passed:
        refuse_held(job)
        if job.scope in CERTIFIED and not certificate.strip():
            raise Refused(
                _("%(scope)s passes only with the number of its completion certificate.")
                % {"scope": job.get_scope_display()},
                field="certificate",
            )
    move(job, Job.Status.DONE if passed else Job.Status.IN_WORK)
    job.check_remark, job.inspector_id = remark, by.pk
    if passed:
        job.checked_at, job.certificate = now(), certificate.strip()
    else:
        job.check_failures += 1
    job.save(update_fields=["status", "check_remark", "inspector", "checked_at", "check_failures", "certificate"])
    derive(order)
    record("order.checked", order, by=by, about=[order.visit], job=job.words, passed=passed, remark=remark)
    if not passed:
        notify([job.technician_id], "check_failed", order.get_absolute_url(), job=job.words)
    return order
