"""The start page: for each role what waits for it now, and the next step of each."""

from collections.abc import Callable
from datetime import datetime, time, timedelta
from typing import Any

from django.db.models import Prefetch, Q
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.timezone import localdate, make_aware
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from core.models import Approval, Task
from core.notices import amount_said, task_said
from core.templatetags.ui import money, plate, when
from core.web import HouseRequest, page
from customers.models import Call, VisitNote
from finance.models import GatePass, Settlement
from finance.tables import state_of
from service.models import Job, Order, Visit
from service.tables import JOB_TONES, ORDER_TONES, VISIT_TONES

MOST = 12  # rows a pile

Pile = dict[str, Any]


def _car(visit: Visit) -> dict[str, Any]:
    """A car as every pile shows it."""
    vehicle = visit.vehicle
    return {
        "url": visit.get_absolute_url(),
        "title": plate(vehicle.plate) if vehicle.plate else str(vehicle),
        "hint": " · ".join(filter(None, [vehicle.title, str(visit.customer or "")])),
        "badge": visit.get_status_display(),
        "tone": VISIT_TONES[visit.status],  # type: ignore[index]
        "at": when(visit.promised_at) if visit.promised_at else when(visit.arrived_at),
        "late": visit.is_late,
        "waits": visit.waits and not visit.left_at,
    }


def _step(label: str, name: str, pk: int, *, post: bool = False) -> dict[str, Any]:
    return {"label": label, "url": f"{reverse(name, args=[pk])}?next=/", "post": post}


def _my_tasks(request: HouseRequest) -> Pile:
    """What one person has to do: approvals to decide first, then what is late, then what is due today."""
    me, tomorrow = request.user.pk, make_aware(datetime.combine(localdate() + timedelta(days=1), time()))
    asked = Approval.objects.visible_to(request.actor).to_decide_by(me).with_names().order_by("asked_at", "id")
    decide, done = _("Decide"), _("Done")
    rows: list[dict[str, Any]] = [
        {
            "url": one.get_absolute_url(),
            "title": one.title,
            "hint": " · ".join([str(one.asked_by), one.reason]),
            "badge": " ".join(filter(None, [one.get_matter_display(), amount_said(one)])),
            "tone": "orange",
            "at": when(one.asked_at),
            "step": {"label": decide, "url": one.get_absolute_url()},
        }
        for one in asked[:MOST]
    ]
    tasks = Task.objects.visible_to(request.actor).open().mine(me).filter(due_at__lt=tomorrow).with_names()
    finishes = request.actor.may("core.finish_task")
    for one in tasks.order_by("due_at", "id")[:MOST]:
        rows.append(
            {
                "url": one.get_absolute_url(),
                "title": task_said(one),
                "hint": " · ".join(filter(None, [str(one.asked_by or ""), one.remark])),
                "badge": _("Task"),
                "tone": "blue",
                "at": when(one.due_at),
                "late": one.is_late,
                "step": _step(done, "finish_task", one.pk) if finishes else None,
            }
        )
    return {
        "icon": "list-check",
        "title": _("My tasks"),
        "rows": rows,
        "url": reverse("tasks"),
        "empty": _("Nothing is due today."),
    }


# What an order's status means for the advisor: the words, and the step that is theirs to take.
def _waits_for(visit: Visit, owing: set[int]) -> tuple[str, dict[str, Any] | None]:
    if visit.status == Visit.Status.ARRIVED:
        return _("Waits for reception"), _step(_("Receive the car"), "receive", visit.pk)
    if visit.status == Visit.Status.HANDED_OVER:
        return _("Waits for the gate"), None
    if visit.status == Visit.Status.READY:
        if not visit.settled_at:
            return _("Waits to be settled"), _step(_("Settle"), "settle", visit.pk)
        if visit.pk in owing:
            return _("Waits for the customer's payment"), None
        return _("Waits to be handed over"), _step(_("Hand over"), "hand_over", visit.pk)
    orders = {order.status: order for order in visit.orders.all()}
    if order := orders.get(Order.Status.ESTIMATED):
        return _("Waits for the customer's answer"), _step(_("Customer's answer"), "authorise", order.pk)
    if order := orders.get(Order.Status.RECEIVED):
        return _("Waits for the estimate"), {"label": _("Estimate"), "url": order.get_absolute_url()}
    for status, words in (
        (Order.Status.TO_DISPATCH, _("Waits for a technician")),
        (Order.Status.IN_WORK, _("In the workshop")),
        (Order.Status.CHECKING, _("Waits for the quality check")),
    ):
        if status in orders:
            return words, None
    return _("Work done: tell the customer"), _step(_("Ready, customer told"), "ready", visit.pk)


def _my_cars(request: HouseRequest) -> Pile:
    """An advisor's own cars and those that nobody has received yet, the broken promises first."""
    rows = Visit.objects.visible_to(request.actor).in_store().filter(Q(advisor=request.user.pk) | Q(advisor=None))
    orders = Prefetch("orders", Order.objects.order_by("pk"))
    # without a promise a car has just arrived: it comes first
    found = list(rows.with_names().prefetch_related(orders).order_by("promised_at", "arrived_at")[: MOST * 2])
    found.sort(key=lambda one: (not one.is_late, one.promised_at is not None, one.promised_at or one.arrived_at))
    owed = Settlement.objects.holding_gate().filter(visit__in=[one.pk for one in found])
    owing = set(owed.values_list("visit", flat=True))
    cars = []
    for visit in found:
        words, step = _waits_for(visit, owing)
        tone = "orange" if step else "blue"
        cars.append(_car(visit) | {"badge": words, "tone": tone, "step": step, "waiting_customer": visit.waits})
    url = reverse("visits") + "?tab=mine"
    late = sum(one.is_late for one in found)
    waiting = sum(one.waits for one in found)
    return {
        "icon": "car",
        "title": _("My cars"),
        "rows": cars,
        "url": url,
        "marks": [
            {"tone": "red", "text": _("%(n)s late") % {"n": late}} if late else None,
            {
                "tone": "orange",
                "text": ngettext("%(n)s customer waits", "%(n)s customers wait", waiting) % {"n": waiting},
            }
            if waiting
            else None,
        ],
        "empty": _("No car is yours at the moment."),
    }


def _arrivals(request: HouseRequest) -> Pile:
    """Cars that arrived and wait for an advisor."""
    rows = Visit.objects.visible_to(request.actor).filter(status=Visit.Status.ARRIVED).with_names()
    return {
        "icon": "car-garage",
        "title": _("Waiting for reception"),
        "rows": [_car(one) for one in rows.order_by("arrived_at")[:MOST]],
        "url": reverse("visits"),
        "empty": _("No car waits for reception."),
    }


def _jobs(rows: Any, request: HouseRequest, step: Callable[[Job], dict[str, Any] | None]) -> list[dict[str, Any]]:
    found = []
    open_ones = rows.visible_to(request.actor).with_names().filter(order__visit__status=Visit.Status.RECEIVED)
    for job in open_ones.select_related("order__visit__customer").order_by("order__visit__promised_at", "id")[:MOST]:
        found.append(
            _car(job.order.visit)
            | {
                "hint": f"{job.words} · {job.get_kind_display()}",
                "url": job.order.get_absolute_url(),
                "badge": job.get_status_display(),
                "tone": JOB_TONES[job.status],
                "step": step(job),
            }
        )
    return found


def _my_jobs(request: HouseRequest) -> Pile:
    """A technician's list, with buttons large enough for gloves."""

    def step(job: Job) -> dict[str, Any] | None:
        if job.status == Job.Status.DISPATCHED:
            return _step(_("Start"), "start", job.pk, post=True)
        return _step(_("Finish"), "finish", job.pk) if job.status == Job.Status.IN_WORK else None

    return {
        "icon": "tool",
        "title": _("My jobs"),
        "rows": _jobs(Job.objects.of_technician(request.user.pk), request, step),
        "url": reverse("workshop") + "?tab=mine",
        "large": True,
        "empty": _("No job is on your list."),
    }


def _to_dispatch(request: HouseRequest) -> Pile:
    """Jobs with consent that no technician has."""
    return {
        "icon": "user-check",
        "title": _("To dispatch"),
        "rows": _jobs(Job.objects.to_dispatch(), request, lambda job: _step(_("Dispatch"), "dispatch", job.pk)),
        "url": reverse("workshop") + "?tab=to_dispatch",
        "empty": _("Every job has its technician."),
    }


def _to_check(request: HouseRequest) -> Pile:
    """Jobs that wait for the quality check; one's own are somebody else's to check."""
    rows = Job.objects.to_check().exclude(technician=request.user.pk)
    return {
        "icon": "shield-check",
        "title": _("To check"),
        "rows": _jobs(rows, request, lambda job: _step(_("Quality check"), "check", job.pk)),
        "url": reverse("workshop") + "?tab=to_check",
        "empty": _("Nothing waits for the quality check."),
    }


def _late(request: HouseRequest) -> Pile:
    """Broken promises: the customer hears of them before they ask."""
    rows = Visit.objects.visible_to(request.actor).late().with_names().order_by("promised_at")[:MOST]
    return {
        "icon": "alert-triangle",
        "title": _("Late"),
        "rows": [_car(one) | {"step": _step(_("Promise another time"), "promise", one.pk)} for one in rows],
        "url": reverse("visits") + "?tab=late",
        "empty": _("No promise is broken."),
    }


def _to_settle(request: HouseRequest) -> Pile:
    """Cars that are ready and not settled."""
    rows = Visit.objects.visible_to(request.actor).filter(status=Visit.Status.READY, settled_at=None).with_names()
    found = rows.order_by("ready_at")[:MOST]
    return {
        "icon": "receipt",
        "title": _("To settle"),
        "rows": [_car(one) | {"step": _step(_("Settle"), "settle", one.pk), "at": when(one.ready_at)} for one in found],
        "url": reverse("orders") + "?tab=to_settle",
        "empty": _("Every ready car is settled."),
    }


def _to_pay(request: HouseRequest) -> Pile:
    """What customers still have to pay before they drive home."""
    rows = Settlement.objects.visible_to(request.actor).holding_gate().exclude(visit__status=Visit.Status.LEFT)
    cars = []
    for one in rows.with_names().order_by("settled_at")[:MOST]:
        tone, word = state_of(one)
        more = {"badge": word, "tone": tone, "at": money(one.due), "url": one.get_absolute_url(), "late": False}
        cars.append(_car(one.visit) | more | {"step": _step(_("Take payment"), "pay", one.pk)})
    return {
        "icon": "cash",
        "title": _("To pay"),
        "rows": cars,
        "url": reverse("settlements"),
        "empty": _("No customer has anything to pay."),
    }


def _to_let_go(request: HouseRequest) -> Pile:
    """Cars handed over that have no gate pass yet."""
    rows = Visit.objects.visible_to(request.actor).filter(status=Visit.Status.HANDED_OVER)
    rows = rows.exclude(pk__in=GatePass.objects.filter(cancelled_at=None).values("visit")).with_names()
    found = rows.order_by("handed_over_at")[:MOST]
    step = _("Issue the gate pass")
    return {
        "icon": "barrier-block",
        "title": _("Gate passes to issue"),
        "rows": [_car(one) | {"step": _step(step, "issue_gate_pass", one.pk)} for one in found],
        "url": reverse("gate"),
        "empty": _("Every car that is handed over has its pass."),
    }


def _my_calls(request: HouseRequest) -> Pile:
    """An agent's calls of today, members first."""
    today = localdate()
    rows = Call.objects.visible_to(request.actor).open().mine(request.user.pk)
    rows = rows.filter(Q(due_on__lte=today) | Q(pk__in=Call.objects.callable_now().values("pk")), is_held=False)
    notes = Prefetch("note", VisitNote.objects.select_related("vehicle"))
    found = [
        {
            "url": one.get_absolute_url(),
            "title": str(one),
            "hint": " · ".join(filter(None, [plate(one.car.plate) if one.car else "", one.what])),
            "badge": _("Member") if one.is_member else one.get_status_display(),
            "tone": "yellow" if one.is_member else "blue",
            "at": _("due %(day)s") % {"day": when(one.due_on)},
            "late": one.due_on < today,
            "step": {"label": _("Call"), "url": one.get_absolute_url()},
        }
        for one in rows.prefetch_related(notes, "vehicle").in_queue_order()[:MOST]
    ]
    return {
        "icon": "phone-call",
        "title": _("My calls today"),
        "rows": found,
        "url": reverse("calls"),
        "empty": _("No call is due today."),
    }


def _in_store(request: HouseRequest) -> Pile:
    """The cars in the store, for whoever only looks."""
    rows = Visit.objects.visible_to(request.actor).in_store().with_names().order_by("-arrived_at", "-id")[:MOST]
    return {
        "icon": "car",
        "title": _("Cars in the store"),
        "rows": [_car(one) for one in rows],
        "url": reverse("visits"),
        "empty": _("No car is in the store."),
    }


def _to_estimate(request: HouseRequest) -> Pile:
    """Jobs whose parts and labour nobody has written down."""
    rows = Job.objects.filter(status=Job.Status.OPEN, lines=None)
    return {
        "icon": "package",
        "title": _("To estimate"),
        "rows": _jobs(rows, request, lambda job: _step(_("Estimate"), "add_lines", job.pk)),
        "url": reverse("orders"),
        "empty": _("Every job has its lines."),
    }


def _orders(request: HouseRequest) -> Pile:
    """Open orders, for those who decide who pays."""
    rows = Order.objects.visible_to(request.actor).open().with_names().order_by("-opened_at", "-id")[:MOST]
    return {
        "icon": "clipboard-list",
        "title": _("Open orders"),
        "rows": [
            _car(one.visit)
            | {
                "url": one.get_absolute_url(),
                "badge": one.get_status_display(),
                "tone": ORDER_TONES[one.status],  # type: ignore[index]
            }
            for one in rows
        ],
        "url": reverse("orders"),
        "empty": _("No order is open."),
    }


# Which verb shows which pile; the second verb, when held, makes the pile superfluous.
PILES: list[tuple[str, str, Callable[[HouseRequest], Pile]]] = [
    ("service.receive", "", _my_cars),
    ("service.arrive", "service.receive", _arrivals),
    ("service.start", "service.dispatch", _my_jobs),
    ("service.dispatch", "", _to_dispatch),
    ("service.check", "", _to_check),
    ("service.promise", "service.receive", _late),
    ("service.add_lines", "service.receive", _to_estimate),
    ("finance.pay", "", _to_pay),
    ("finance.pay", "", _to_settle),
    ("finance.issue_gate_pass", "", _to_let_go),
    ("customers.call", "", _my_calls),
]


@require_safe
def home(request: HouseRequest) -> HttpResponse:
    """Everybody starts at what waits for them. Where nothing does, managers start at the dashboard; the guard always
    starts at the gate."""
    actor = request.actor
    mine = _my_tasks(request)
    if actor.may("dealer.see_reports"):
        return page(request, "dealer/home.html", {"piles": [mine]}) if mine["rows"] else redirect("dashboard")
    if actor.may("finance.let_out") and not actor.may("service.see_visits"):
        return redirect("gate")
    piles = [make(request) for verb, but, make in PILES if actor.may(verb) and not (but and actor.may(but))]
    if not piles and actor.may("service.see_orders"):
        piles = [_orders(request)]
    elif not piles and actor.may("service.see_visits"):
        piles = [_in_store(request)]
    piles.insert(0, mine)
    may = {"may_arrive": actor.may("service.arrive"), "may_quick": actor.may("service.receive_quick")}
    return page(request, "dealer/home.html", {"piles": piles} | may)
