"""The page of a car in the store: where it stands, what comes next, its orders with jobs and lines."""

from typing import Any

from django.db.models import Prefetch
from django.http import HttpResponse
from django.urls import reverse
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from core.actor import Actor
from core.events import events_of
from core.web import HouseRequest, page
from service.models import Job, Line, Order, Visit
from service.tables import CONSENT_TONES, JOB_TONES, ORDER_TONES, VISIT_TONES


def orders_of(visit: Visit) -> list[Order]:
    """The orders of a visit with everything the page shows, in five queries whatever their number."""
    jobs = Job.objects.select_related("technician", "inspector").prefetch_related("lines__shares__party")
    return list(visit.orders.prefetch_related(Prefetch("jobs", jobs)).order_by("pk"))


def steps_of(visit: Visit, orders: list[Order]) -> list[dict[str, Any]]:
    """Where the car stands on its way from reception to the gate."""
    jobs = [job for order in orders for job in order.jobs.all() if job.status != Job.Status.DROPPED]
    lines = [line for job in jobs for line in job.lines.all()]
    agreed = bool(lines) and all(line.consent != Line.Consent.ASKED for line in lines)
    worked = bool(jobs) and all(job.status in {Job.Status.CHECKING, Job.Status.DONE} for job in jobs)
    checked = bool(jobs) and all(job.status == Job.Status.DONE for job in jobs)
    gone = visit.status in {Visit.Status.READY, Visit.Status.HANDED_OVER, Visit.Status.LEFT}
    skipped = gone and visit.exit not in {"", Visit.Exit.SERVED}
    found: list[tuple[str, bool, Any]] = [
        (_("Received"), visit.status != Visit.Status.ARRIVED, visit.received_at),
        (_("Consent"), agreed or gone, None),
        (_("Work"), worked or gone, None),
        (_("Check"), checked or gone, None),
        (_("Ready"), bool(visit.ready_at), visit.ready_at),
        (_("Settled"), bool(visit.settled_at), visit.settled_at),
        (_("Handed over"), bool(visit.handed_over_at), visit.handed_over_at),
        (_("Out"), bool(visit.left_at), visit.left_at),
    ]
    current = next((i for i, (_l, is_done, _a) in enumerate(found) if not is_done), len(found))
    return [
        {
            "label": label,
            "state": "stopped"
            if skipped and 1 <= i <= 3
            else "done"
            if is_done and i <= current
            else "now"
            if i == current
            else "todo",
            "at": localtime(at).strftime("%H:%M") if at else "",
        }
        for i, (label, is_done, at) in enumerate(found)
    ]


def next_step(visit: Visit, orders: list[Order], actor: Actor) -> dict[str, str] | None:
    """The one thing to do next that this person may do, offered as the page's main button."""
    store = visit.store

    def step(verb: str, label: str, name: str, pk: int) -> dict[str, str] | None:
        return {"label": label, "url": reverse(name, args=[pk])} if actor.may(verb, store) else None

    if visit.status == Visit.Status.ARRIVED:
        return step("service.receive", _("Receive the car"), "receive", visit.pk)
    if visit.status == Visit.Status.READY and not visit.settled_at:
        return step("finance.settle", _("Settle"), "settle", visit.pk)
    if visit.status == Visit.Status.READY:
        return step("service.hand_over", _("Hand over"), "hand_over", visit.pk)
    if visit.status != Visit.Status.RECEIVED:
        return None
    jobs = [job for order in orders for job in order.jobs.all() if job.status != Job.Status.DROPPED]
    for job in jobs:
        if not job.lines.all() and job.status == Job.Status.OPEN:
            return step("service.add_lines", _("Estimate"), "add_lines", job.pk)
    for order in orders:
        waiting = [x for j in order.jobs.all() for x in j.lines.all() if x.consent == Line.Consent.ASKED]
        if waiting and (found := step("service.authorise", _("Customer's answer"), "authorise", order.pk)):
            return found
    for job in jobs:
        if found := job_step(job, actor, store):
            return {"label": found["label"], "url": found["url"]}
    if jobs and all(job.status == Job.Status.DONE for job in jobs):
        return step("service.ready", _("Ready, customer told"), "ready", visit.pk)
    return None


_JOB_STEPS = {
    Job.Status.TO_DISPATCH: ("service.dispatch", "dispatch"),
    Job.Status.DISPATCHED: ("service.start", "start"),
    Job.Status.IN_WORK: ("service.finish", "finish"),
    Job.Status.CHECKING: ("service.check", "check"),
}


def job_step(job: Job, actor: Actor, store: Any) -> dict[str, str] | None:
    """The next thing to do with a job, if this person may do it."""
    labels = {"dispatch": _("Dispatch"), "start": _("Start"), "finish": _("Finish"), "check": _("Quality check")}
    verb, name = _JOB_STEPS.get(Job.Status(job.status), ("", ""))
    if not verb or not actor.may(verb, store):
        return None
    if name in {"start", "finish"} and job.technician_id != actor.pk and not actor.may("service.dispatch", store):
        return None
    if name == "check" and job.technician_id == actor.pk:
        return None
    return {"label": labels[name], "url": reverse(name, args=[job.pk]), "name": name}


def car_page(request: HouseRequest, visit: Visit, focus: Order | None = None) -> HttpResponse:
    """The page of a visit; an order's own page is the same with that order's number on top."""
    actor: Actor = request.actor
    orders = orders_of(visit) if actor.may("service.see_orders", visit.store) else []
    shown: list[Any] = orders
    for order in shown:
        order.tone = ORDER_TONES.get(order.status, "blue")
        for job in order.jobs.all():
            job.tone = JOB_TONES.get(job.status, "blue")
            job.step = job_step(job, actor, visit.store) if visit.status == Visit.Status.RECEIVED else None
            for line in job.lines.all():
                line.tone = CONSENT_TONES.get(line.consent, "blue")
    context = {
        "visit": visit,
        "orders": orders,
        "focus": focus or (orders[0] if orders else None),
        "steps": steps_of(visit, orders),
        "next": next_step(visit, orders, actor),
        "tone": VISIT_TONES[Visit.Status(visit.status)],
        "may": {verb: actor.may(f"service.{verb}", visit.store) for verb in _OFFERED},
        "open": visit.status == Visit.Status.RECEIVED,
        "may_see_customer": actor.may("customers.see_customers", visit.store),
        "may_see_money": actor.may("finance.see_settlements", visit.store),
        "events": events_of(visit),
    }
    return page(request, "service/visit.html", context)


_OFFERED = ("add_job", "add_lines", "remove_line", "share_line", "authorise", "promise", "exit", "print", "hand_over")
