"""Free rework: repair quality is made good under the repair guarantee, now or when the car comes (S-27, rules 13, 14).

The guarantee must have run on the day when the complaint came in; what comes later takes nothing away. A car that is
being worked on gets a further order at once. For any other the job to be redone is noted with the case: the keeper sees
to it that the car comes, its reception page says so, and whoever opens the rework there has opened this one.
"""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any, NamedTuple

from django.db.models import F
from django.utils.timezone import now
from django.utils.translation import gettext as _

from complaints.actions.remedies import check_stage
from complaints.actions.stages import about, open_case, save
from complaints.models import Complaint
from core.actions import end_tasks, give_task
from core.actor import CLOCK, Actor, allow
from core.logbook import record
from core.rows import Refused, atomic, lock
from core.templatetags.ui import when
from customers.models import Vehicle
from service import actions as service
from service.models import Job, Order, Visit

Status = Complaint.Status
STAGES = (Status.INVESTIGATING, Status.PROPOSING, Status.DECIDING, Status.CARRYING_OUT)
COMES_WITHIN = timedelta(days=3)  # rule 14: the workshop has three days to show another cause
OVER = (Order.Status.DROPPED, Order.Status.CLOSED)  # a rework order after which another may be opened
MOST_REPAIRS = 2  # rule 14: the same fault still there after them is another workshop's, at this one's expense


class Repair(NamedTuple):
    """A job that was done on the car of a case: whether it is redone free of charge, and how often it was repaired."""

    job: Job
    why_not: str
    times: int

    @property
    def is_too_often(self) -> bool:
        """Whether the same fault was repaired as often as it may be (rule 14)."""
        return self.times >= MOST_REPAIRS


def visit_of(complaint: Complaint) -> Visit | None:
    """The visit of a case's car, when it is in the store."""
    if complaint.vehicle_id is None:
        return None
    return Visit.objects.in_store().filter(vehicle=complaint.vehicle_id, store=complaint.store_id).first()


def why_not(complaint: Complaint, job: Job, visit: Visit | None) -> str:
    """Why no repair guarantee of a job runs for a case; empty when it does."""
    car: Vehicle | None = complaint.vehicle
    mileage = visit.mileage if visit and visit.mileage is not None else car.mileage if car else None
    if job.guaranteed_until is None:
        return _("This job has no repair guarantee.")
    if job.guaranteed_until < complaint.received_on:
        return _("Its repair guarantee ended on %(day)s.") % {"day": when(job.guaranteed_until)}
    if mileage is not None and job.guaranteed_km is not None and mileage > job.guaranteed_km:
        return _("Its repair guarantee ended at %(km)s km.") % {"km": job.guaranteed_km}
    return ""


def repairs_of(complaint: Complaint, jobs: Iterable[Job] | None = None) -> list[Repair]:
    """The jobs that were done on the car of a case; of one that was redone only its rework, which has a guarantee of
    its own (rule 13)."""
    if complaint.vehicle_id is None:
        return []
    done = Job.objects.filter(order__visit__vehicle=complaint.vehicle_id, status=Job.Status.DONE)
    done = done.exclude(kind__in=[Job.Kind.PDI, Job.Kind.INTERNAL])
    before = dict(done.values_list("pk", "comeback_of"))
    visit = visit_of(complaint)
    if jobs is None:
        rows = done.filter(order__visit__left_at__isnull=False).select_related("order__store", "technician")
        jobs = rows.exclude(pk__in=[pk for pk in before.values() if pk]).order_by(
            F("guaranteed_until").desc(nulls_last=True), "-pk"
        )[:20]
    return [Repair(job, why_not(complaint, job, visit), _times(job.pk, before)) for job in jobs]


def _times(pk: int, before: dict[int, Any]) -> int:
    """How often a fault was repaired: the first job, and every rework of it that was done."""
    first = pk
    while before.get(first) in before:
        first = before[first]
    found, wave = 0, {first}
    while wave:
        found += len(wave)
        wave = {one for one, of in before.items() if of in wave}
    return found


def owed() -> Any:
    """Open cases whose free rework is noted and not opened yet."""
    return Complaint.objects.ours().open().filter(rework_of__isnull=False, rework__isnull=True)


@atomic
def open_rework(complaint: Complaint, *, job: Job, by: Actor) -> Complaint:
    """Redo a job free of charge under its guarantee: as a further order where the car is being worked on, else noted
    until it is here."""
    allow(by, "complaints.open_rework", complaint.store)
    complaint = open_case(complaint)
    check_stage(complaint, *STAGES)
    if complaint.rework and complaint.rework.status not in OVER:
        raise Refused(_("The free rework is open already: %(order)s.") % {"order": complaint.rework})
    if job.order.visit.vehicle_id != complaint.vehicle_id:
        raise Refused(_("This job was done on another car."), field="job")
    if job.comebacks.filter(status=Job.Status.DONE).exists():
        raise Refused(
            _("This job was redone already. Choose its rework, which has a guarantee of its own."), field="job"
        )
    visit, is_owed = visit_of(complaint), complaint.rework_of_id == job.pk and complaint.rework_id is None
    reason = "" if is_owed else why_not(complaint, job, visit)
    if reason:
        told = {"why": reason}
        sentence = _("%(why)s Goodwill stays possible: put the repair among the options.") % told
        raise Refused(sentence, field="job")
    complaint.rework_of, complaint.rework = job, None
    if order := _opened(complaint):
        return _link(complaint, order, by)
    if visit and visit.status == Visit.Status.RECEIVED:
        return _link(complaint, service.redo_job(visit, job, claimed_on=complaint.received_on, by=by), by)
    if is_owed:
        raise Refused(_("This rework is noted already. It is opened when the car has been received."))
    return _note(complaint, job, by)


def _opened(complaint: Complaint) -> Order | None:
    """The order in which somebody has already opened the rework, at reception or later."""
    since = Order.objects.filter(opened_at__gte=complaint.received_at).exclude(status=Order.Status.DROPPED)
    return since.filter(jobs__comeback_of=complaint.rework_of_id).order_by("pk").first()


def _link(complaint: Complaint, order: Order, by: Actor) -> Complaint:
    complaint.rework = order
    save(complaint, "rework", "rework_of")
    end_tasks("rework_owed", complaint, outcome=str(order), by=by)
    told = {"number": order.number, "job": complaint.rework_of.words if complaint.rework_of else ""}
    record("complaint.rework_opened", complaint, by=by, about=[*about(complaint), order], **told)
    return complaint


def _note(complaint: Complaint, job: Job, by: Actor) -> Complaint:
    save(complaint, "rework", "rework_of")
    plate = complaint.vehicle.plate if complaint.vehicle else ""
    keeper = complaint.keeper_id or by.pk
    if keeper:
        due_at = now() + COMES_WITHIN
        end_tasks("rework_owed", complaint, by=by)  # another job was noted before
        told: dict[str, Any] = {"plate": plate, "job": job.words}
        give_task(complaint.store, keeper, "rework_owed", due_at=due_at, row=complaint, by=by, **told)
    record("complaint.rework_noted", complaint, by=by, about=about(complaint), job=job.words, order=job.order.number)
    return complaint


@atomic
def drop_rework(complaint: Complaint, *, reason: str, by: Actor) -> Complaint:
    """A rework that is owed is not done after all: the customer does not want it, or another cause was shown."""
    allow(by, "complaints.open_rework", complaint.store)
    complaint = open_case(complaint)
    if complaint.rework_of is None or complaint.rework_id:
        raise Refused(_("No rework is owed. One that is open is dropped in its repair order."))
    job, complaint.rework_of = complaint.rework_of, None
    save(complaint, "rework_of")
    end_tasks("rework_owed", complaint, outcome=reason, by=by)
    record("complaint.rework_dropped", complaint, by=by, about=about(complaint), job=job.words, reason=reason)
    return complaint


@atomic
def _link_one(complaint: Complaint) -> bool:
    complaint = lock(complaint)
    order = _opened(complaint) if complaint.rework_of_id and complaint.rework_id is None else None
    if order is None:
        return False
    _link(complaint, order, CLOCK)
    return True


def link_reworks() -> int:
    """Link owed reworks with the orders in which the reception has opened them; by the clock."""
    opened = owed().filter(
        rework_of__comebacks__order__opened_at__gte=F("received_at"),
        rework_of__comebacks__status__in=[one for one in Job.Status.values if one != Job.Status.DROPPED],
    )
    return sum(_link_one(one) for one in opened.distinct().order_by("pk")[:200])
