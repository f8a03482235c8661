"""Ways out of a visit other than being served: the car can always be handed back."""

from decimal import Decimal

from django.db.models import Max
from django.utils.timezone import now
from django.utils.translation import gettext as _

from core.actor import Actor, allow
from core.figures import touch
from core.logbook import record
from core.numbers import next_number
from core.rows import Refused, atomic, lock, move
from service.actions.consent import move_consent
from service.actions.derive import derive_visit
from service.actions.lines import write_lines
from service.models import Job, Line, Order, Visit

DIAGNOSIS = "诊断费"  # a word of the document, like the work's own names
# What becomes of a line that nobody answered: the work that a car still needs is kept, to be offered again.
_UNANSWERED = {
    Visit.Exit.DECLINED: Line.Consent.DECLINED,
    Visit.Exit.TAKEN_AWAY: Line.Consent.DEFERRED,
    Visit.Exit.CANCELLED: Line.Consent.DROPPED,
}


@atomic
def exit_visit(
    visit: Visit,
    *,
    exit: str,
    reason: str,
    diagnosis_fee: Decimal | None = None,
    via: str = "",
    consent_by: str = "",
    by: Actor,
) -> Visit:
    """Let the car go without the work, or with a part of it: what is not done is dropped, what is done is settled.

    The diagnosis may have its price; like every other line it needs somebody who agreed to it.
    """
    allow(by, "service.exit", visit.store)
    visit = lock(visit)
    if visit.status not in {Visit.Status.ARRIVED, Visit.Status.RECEIVED}:
        raise Refused(_("The car is ready or gone already."))
    _drop_rest(visit, _UNANSWERED[Visit.Exit(exit)])
    if diagnosis_fee:
        _charge_diagnosis(visit, diagnosis_fee, via, consent_by.strip() or visit.driver_name, by)
    move(visit, Visit.Status.READY)
    visit.exit, visit.exit_reason, visit.ready_at = exit, reason, now()
    visit.version += 1
    visit.save(update_fields=["status", "exit", "exit_reason", "ready_at", "version"])
    derive_visit(visit)
    touch(visit.store_id, visit.arrived_on)
    fee = {"amount": diagnosis_fee} if diagnosis_fee else {}
    concerned = [visit.vehicle, visit.customer, *visit.orders.all()]
    record("visit.exited", visit, by=by, about=concerned, exit=exit, reason=reason, **fee)
    return visit


def _drop_rest(visit: Visit, unanswered: str) -> None:
    """Only what is done and checked stays on the bill."""
    jobs = list(Job.objects.filter(order__visit=visit).select_for_update(no_key=True).order_by("pk"))
    done = {job.pk for job in jobs if job.status == Job.Status.DONE}
    for line in Line.objects.filter(job__in=jobs).select_for_update(no_key=True).order_by("pk"):
        if line.consent == Line.Consent.ASKED:
            move_consent(line, unanswered)
        elif line.consent == Line.Consent.AUTHORISED and line.job_id not in done:
            move_consent(line, Line.Consent.DROPPED)
        else:
            continue
        line.save(update_fields=["consent"])
    for job in jobs:
        if job.pk not in done and job.status != Job.Status.DROPPED:
            move(job, Job.Status.DROPPED)
            job.save(update_fields=["status"])


def _charge_diagnosis(visit: Visit, fee: Decimal, via: str, consent_by: str, by: Actor) -> None:
    """A line of its own, agreed to and done; a car that nobody received gets an order for it."""
    if not (via and consent_by):
        raise Refused(_("Write who agreed to the diagnosis fee, and how."), field="consent_by")
    moment = now()
    order = Order.objects.filter(visit=visit).order_by("pk").first()
    if order is None:
        today = visit.store.business_date(moment)
        number = next_number(visit.store, "RO", today)
        order = Order.objects.create(store=visit.store, visit=visit, number=number, opened_at=moment, opened_on=today)
    last = order.jobs.aggregate(last=Max("position"))["last"] or 0
    job = Job.objects.create(
        order=order, position=last + 1, words=DIAGNOSIS, status=Job.Status.DONE, finished_at=moment, checked_at=moment
    )
    line = {"kind": Line.Kind.LABOUR, "name": DIAGNOSIS, "quantity": Decimal(1), "unit": "次", "price": fee}
    (row,) = write_lines(order, job, [line], by=by)
    row.consent, row.consent_via, row.consent_by, row.consent_at = Line.Consent.AUTHORISED, via, consent_by, moment
    row.save(update_fields=["consent", "consent_via", "consent_by", "consent_at"])
