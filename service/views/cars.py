"""The page of a car in the store: where it stands, what comes next, its orders with jobs and lines."""

from typing import Any

from django.db.models import Prefetch
from django.http import HttpResponse
from django.urls import reverse
from django.utils.timezone import localdate, localtime, now
from django.utils.translation import gettext as _

from core.actor import Actor
from core.events import events_of
from core.web import HouseRequest, page
from service.forms import HandOverForm
from service.models import ConsentLink, Hold, Job, Line, Order, Visit
from service.tables import CONSENT_TONES, JOB_TONES, ORDER_TONES, VISIT_TONES


def orders_of(visit: Visit) -> list[Order]:
    """The orders of a visit with everything the page shows, in eight queries whatever their number."""
    jobs = Job.objects.select_related("technician", "inspector", "comeback_of__order", "menu").prefetch_related(
        "lines__shares__party", "helpers", "holds"
    )
    links = Prefetch("links", ConsentLink.objects.order_by("-id"))
    return list(visit.orders.prefetch_related(Prefetch("jobs", jobs), links).order_by("pk"))


def _done_jobs(jobs: list[Job]) -> tuple[bool, bool]:
    """Whether all work is done, and whether it is checked too."""
    worked = bool(jobs) and all(job.status in {Job.Status.CHECKING, Job.Status.DONE} for job in jobs)
    return worked, bool(jobs) and all(job.status == Job.Status.DONE for job in jobs)


def steps_of(visit: Visit, orders: list[Order]) -> list[dict[str, Any]]:
    """Where the car stands on its way from reception to the gate; what nobody wanted is no step of it."""
    jobs = [job for order in orders for job in order.jobs.all() if job.status != Job.Status.DROPPED]
    lines = [line for job in jobs for line in job.lines.all()]
    # once work has begun, extra work asks for its own lines and does not move the whole car back
    begun = any(job.status not in {Job.Status.OPEN, Job.Status.TO_DISPATCH} for job in jobs)
    agreed = begun or (bool(lines) and all(line.consent != Line.Consent.ASKED for line in lines))
    worked, checked = _done_jobs(jobs)
    gone = visit.status in {Visit.Status.READY, Visit.Status.HANDED_OVER, Visit.Status.LEFT}
    skipped = gone and visit.exit not in {"", Visit.Exit.SERVED}
    is_charged = any(line.consent == Line.Consent.AUTHORISED for line in lines)
    found: list[tuple[str, bool, Any]] = [
        (_("Received"), visit.status != Visit.Status.ARRIVED, visit.received_at),
        (_("Consent"), agreed or gone, None),
        (_("Work"), worked or gone, None),
        (_("Check"), checked or gone, None),
    ]
    if visit.wants_wash or visit.washed_at:
        found.append((_("Wash"), bool(visit.washed_at) or gone, visit.washed_at))
    found.append((_("Ready"), bool(visit.ready_at), visit.ready_at))
    if is_charged or not gone:
        found.append((_("Explained"), bool(visit.explained_at or visit.settled_at), visit.explained_at))
    found += [
        (_("Settled"), bool(visit.settled_at), visit.settled_at),
        (_("Paying"), bool(visit.cleared_at or visit.left_at), visit.cleared_at),
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


Step = dict[str, str]


def _step(actor: Actor, store: Any, verb: str, label: str, name: str, pk: int) -> Step | None:
    return {"label": label, "url": reverse(name, args=[pk])} if actor.may(verb, store) else None


def next_step(visit: Visit, orders: list[Order], actor: Actor) -> Step | None:
    """The one thing to do next that this person may do, offered as the page's main button."""
    store = visit.store
    if visit.status == Visit.Status.ARRIVED:
        return _step(actor, store, "service.receive", _("Receive the car"), "receive", visit.pk)
    if visit.status == Visit.Status.RECEIVED:
        return _next_work(visit, orders, actor)
    if visit.status == Visit.Status.READY:
        return _next_way_out(visit, orders, actor)
    if visit.status == Visit.Status.HANDED_OVER and not visit.cleared_at:
        return _step(actor, store, "finance.pay", _("Take payment"), "pay_visit", visit.pk)
    return None


def _next_work(visit: Visit, orders: list[Order], actor: Actor) -> Step | None:
    store = visit.store
    jobs = [job for order in orders for job in order.jobs.all() if job.status != Job.Status.DROPPED]
    for job in jobs:
        if not job.lines.all() and job.status == Job.Status.OPEN:
            found = _step(actor, store, "service.add_lines", _("Estimate"), "add_lines", job.pk)
            if found:
                return found
    for order in orders:
        waiting = [x for j in order.jobs.all() for x in j.lines.all() if x.consent == Line.Consent.ASKED]
        found = _step(actor, store, "service.authorise", _("Customer's answer"), "authorise", order.pk)
        if waiting and found:
            return found
    for job in jobs:
        if found := job_step(job, actor, store):
            return {"label": found["label"], "url": found["url"]}
    open_lines = any(x.consent == Line.Consent.ASKED for job in jobs for x in job.lines.all())
    if not jobs or open_lines or not _done_jobs(jobs)[1]:
        return None
    if visit.wants_wash and not visit.washed_at:
        return _step(actor, store, "service.wash", _("Wash"), "wash", visit.pk)
    return _step(actor, store, "service.ready", _("Ready, customer told"), "ready", visit.pk)


def _next_way_out(visit: Visit, orders: list[Order], actor: Actor) -> Step | None:
    store = visit.store
    lines = [line for order in orders for job in order.jobs.all() for line in job.lines.all()]
    is_charged = any(line.consent == Line.Consent.AUTHORISED for line in lines)
    if is_charged and not visit.explained_at and not visit.settled_at:
        return _step(actor, store, "service.explain", _("Explain the bill"), "explain", visit.pk)
    if not visit.settled_at:
        return _step(actor, store, "finance.settle", _("Settle"), "settle", visit.pk)
    if not visit.cleared_at:
        return _step(actor, store, "finance.pay", _("Take payment"), "pay_visit", visit.pk)
    return _step(actor, store, "service.hand_over", _("Hand over"), "hand_over", visit.pk)


def other_step(visit: Visit, actor: Actor) -> Step | None:
    """What may be done out of turn: keys and papers go over while the payment is still open."""
    if visit.status != Visit.Status.READY or not visit.settled_at or visit.cleared_at:
        return None
    return _step(actor, visit.store, "service.hand_over", _("Hand over"), "hand_over", visit.pk)


_JOB_STEPS = {
    Job.Status.TO_DISPATCH: ("service.dispatch", "dispatch"),
    Job.Status.DISPATCHED: ("service.start", "start"),
    Job.Status.IN_WORK: ("service.finish", "finish"),
    Job.Status.CHECKING: ("service.check", "check"),
}


def open_holds(job: Job) -> list[Hold]:
    """What holds a job up now; the holds come with the job."""
    return [one for one in job.holds.all() if one.ended_at is None]


def job_step(job: Job, actor: Actor, store: Any) -> Step | None:
    """The next thing to do with a job, if this person may do it and the job waits for nothing else."""
    labels = {"dispatch": _("Dispatch"), "start": _("Start"), "finish": _("Finish"), "check": _("Quality check")}
    verb, name = _JOB_STEPS.get(Job.Status(job.status), ("", ""))
    if not verb or not actor.may(verb, store):
        return None
    if any(one.kind != Hold.Kind.CONSENT for one in open_holds(job)):
        return None
    team = {job.technician_id, *(one.pk for one in job.helpers.all())}
    if name in {"start", "finish"} and actor.pk not in team and not actor.may("service.dispatch", store):
        return None
    if name == "check" and actor.pk in team:
        return None
    return {"label": labels[name], "url": reverse(name, args=[job.pk]), "name": name}


def _dress(job: Any, actor: Actor, visit: Visit, moment: Any) -> None:
    """What the page shows of a job besides its own fields."""
    job.tone = JOB_TONES.get(job.status, "blue")
    job.step = job_step(job, actor, visit.store) if visit.status == Visit.Status.RECEIVED else None
    job.waits, job.waited = [], []
    for one in job.holds.all():
        one.lasted = (one.ended_at or moment) - one.started_at
        (job.waited if one.ended_at else job.waits).append(one)
    may_move = visit.status == Visit.Status.RECEIVED and actor.may("service.dispatch", visit.store)
    job.may_reassign = may_move and job.status in {Job.Status.DISPATCHED, Job.Status.IN_WORK}
    job.may_hold = visit.status == Visit.Status.RECEIVED and job.status not in {Job.Status.DONE, Job.Status.DROPPED}
    job.is_guaranteed = bool(job.guaranteed_until and job.guaranteed_until >= localdate())
    for line in job.lines.all():
        line.tone = CONSENT_TONES.get(line.consent, "blue")


def car_page(request: HouseRequest, visit: Visit, focus: Order | None = None) -> HttpResponse:
    """The page of a visit; an order's own page is the same with that order's number on top."""
    actor: Actor = request.actor
    orders = orders_of(visit) if actor.may("service.see_orders", visit.store) else []
    moment = now()
    shown: list[Any] = orders
    for order in shown:
        order.tone = ORDER_TONES.get(order.status, "blue")
        order.link = next(iter(order.links.all()), None)
        order.asks = any(x.consent == Line.Consent.ASKED for job in order.jobs.all() for x in job.lines.all())
        for job in order.jobs.all():
            _dress(job, actor, visit, moment)
    context = {
        "visit": visit,
        "orders": orders,
        "focus": focus or (orders[0] if orders else None),
        "steps": steps_of(visit, orders),
        "next": next_step(visit, orders, actor),
        "other": other_step(visit, actor),
        "tone": VISIT_TONES[Visit.Status(visit.status)],
        "may": {verb: actor.may(f"service.{verb}", visit.store) for verb in _OFFERED},
        "open": visit.status == Visit.Status.RECEIVED,
        "can_wash": visit.wants_wash and not visit.washed_at and visit.status in {"received", "ready"},
        "may_see_customer": actor.may("customers.see_customers", visit.store),
        "may_see_money": actor.may("finance.see_settlements", visit.store),
        "may_see_complaints": actor.may("complaints.see_complaints", visit.store),
        "may_complain": actor.may("complaints.register", visit.store),
        "may_see_files": actor.may("core.see_attachments", visit.store),
        "delivered": [
            str(field.label) for name, field in HandOverForm.base_fields.items() if name in visit.handed_over
        ],
        "events": events_of(visit),
    }
    return page(request, "service/visit.html", context)


_OFFERED = ("add_job", "add_lines", "remove_line", "share_line", "authorise", "send_link", "promise", "exit", "print",
            "hand_over", "hold", "wash", "edit_visit", "add_order", "add_menu", "greet", "ask_manager")  # fmt: skip
