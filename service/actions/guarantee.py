"""The repair guarantee (质量保证期): it starts when the car leaves; a comeback within it names the job it redoes."""

from datetime import date, timedelta

from django.utils.translation import gettext as _

from core.rows import Refused
from service.models import GuaranteeRule, Job, Order, Visit


def rules_on(day: date) -> dict[str, GuaranteeRule]:
    """The rule in force on a day for each extent of repair."""
    return {rule.scope: rule for rule in GuaranteeRule.objects.filter(since__lte=day).order_by("since")}


def start_guarantee(visit: Visit) -> None:
    """Give every job that was done its guarantee, in days and kilometres from gate-out, first reached; told."""
    left_on = visit.left_on
    if left_on is None:
        return
    rules = rules_on(left_on)
    jobs = list(Job.objects.filter(order__visit=visit, status=Job.Status.DONE))
    for job in jobs:
        rule = rules.get(job.scope)
        if rule and job.kind not in {Job.Kind.PDI, Job.Kind.INTERNAL}:
            job.guaranteed_until = left_on + timedelta(days=rule.days)
            job.guaranteed_km = visit.mileage + rule.km if visit.mileage is not None else None
    Job.objects.bulk_update(jobs, ["guaranteed_until", "guaranteed_km"])


def check_comeback(order: Order, earlier: Job, claimed_on: date | None = None) -> None:
    """A comeback redoes a job of this very car whose guarantee runs, or ran on the day when the customer claimed it;
    told by whoever adds the job."""
    visit = order.visit
    found = Job.objects.guaranteed(claimed_on) if claimed_on else Job.objects.guaranteed(order.opened_on, visit.mileage)
    running = found.filter(order__visit__vehicle=visit.vehicle_id)
    if not running.filter(pk=earlier.pk).exclude(order__visit=visit).exists():
        raise Refused(_("No guarantee of this car runs for that job."), field="comeback_of")
