"""Ways out of a visit other than being served: the car can always be handed back."""

from django.utils.timezone import now
from django.utils.translation import gettext as _

from core.actor import Actor, allow
from core.figures import touch
from core.logbook import record
from core.rows import Refused, atomic, lock, move
from service.actions.derive import derive_visit
from service.actions.lines import move_consent
from service.models import Job, Line, Visit


@atomic
def exit_visit(visit: Visit, *, exit: str, reason: str, by: Actor) -> Visit:
    """Let the car go without the work, or with a part of it: what is not done is dropped, what is done is settled."""
    allow(by, "service.exit", visit.store)
    visit = lock(visit)
    if visit.status not in {Visit.Status.ARRIVED, Visit.Status.RECEIVED}:
        raise Refused(_("The car is ready or gone already."))
    jobs = list(Job.objects.filter(order__visit=visit).select_for_update(no_key=True).order_by("pk"))
    done = {job.pk for job in jobs if job.status == Job.Status.DONE}
    for line in Line.objects.filter(job__in=jobs).select_for_update(no_key=True).order_by("pk"):
        dropped = line.consent == Line.Consent.AUTHORISED and line.job_id not in done
        if dropped or line.consent == Line.Consent.ASKED:
            move_consent(line, Line.Consent.DROPPED)
            line.save(update_fields=["consent"])
    for job in jobs:
        if job.pk not in done and job.status != Job.Status.DROPPED:
            move(job, Job.Status.DROPPED)
            job.save(update_fields=["status"])
    move(visit, Visit.Status.READY)
    visit.exit, visit.exit_reason, visit.ready_at = exit, reason, now()
    visit.version += 1
    visit.save(update_fields=["status", "exit", "exit_reason", "ready_at", "version"])
    derive_visit(visit)
    touch(visit.store_id, visit.arrived_on)
    record("visit.exited", visit, by=by, about=[visit.vehicle, visit.customer], exit=exit, reason=reason)
    return visit
