"""Repair orders: opened, a second one in the same visit, declined work of before taken up again."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Max
from django.utils.timezone import now
from django.utils.translation import gettext as _

from core.actions import notify
from core.actor import Actor, allow
from core.logbook import record
from core.numbers import next_number
from core.rows import Refused, atomic, lock
from service.actions.catalogue import put_menu
from service.actions.derive import derive_visit, open_order
from service.actions.guarantee import check_comeback
from service.actions.lines import write_lines
from service.models import Job, Line, Menu, Order, Visit


def write_order(
    visit: Visit,
    *,
    jobs: list[dict[str, Any]],
    menus: list[Menu],
    again: list[Line],
    comebacks: list[Job],
    oem_number: str = "",
    claimed_on: date | None = None,
    by: Actor,
) -> Order:
    """A repair order with its jobs: in the customer's words, of menus, work put off before, comebacks; told."""
    if not (jobs or menus or again or comebacks):
        raise Refused(_("Say what the customer asks for: tap a menu or write it down."), field="jobs")
    moment = now()
    today = visit.store.business_date(moment)
    order = Order(
        store=visit.store, visit=visit, opened_at=moment, opened_on=today, oem_number="".join(oem_number.split())
    )
    order.number = next_number(visit.store, "RO", today)
    order.save()
    Job.objects.bulk_create([Job(order=order, position=i, **row) for i, row in enumerate(jobs, 1)])
    for earlier in comebacks:
        _redo(order, earlier, claimed_on)
    for menu in menus:
        put_menu(order, menu, by=by)
    _take_up(order, again, by=by)
    return order


def _redo(order: Order, earlier: Job, claimed_on: date | None) -> None:
    """The same fault again within the guarantee: a comeback that names the job it redoes."""
    check_comeback(order, earlier, claimed_on)
    last = order.jobs.aggregate(last=Max("position"))["last"] or 0
    copied = {name: getattr(earlier, name) for name in ("words", "trade", "scope")}
    Job.objects.create(order=order, position=last + 1, kind=Job.Kind.COMEBACK, comeback_of=earlier, **copied)


@atomic
def add_order(
    visit: Visit,
    *,
    jobs: Iterable[dict[str, Any]] = (),
    menus: Iterable[Menu] = (),
    again: Iterable[Line] = (),
    comebacks: Iterable[Job] = (),
    oem_number: str = "",
    by: Actor,
) -> Order:
    """Open a second repair order in the same visit, for what is to be billed or reported apart."""
    allow(by, "service.add_order", visit.store)
    visit = lock(visit)
    if visit.status != Visit.Status.RECEIVED:
        raise Refused(_("Another order can be opened only while the car is being worked on."))
    order = write_order(
        visit,
        jobs=list(jobs),
        menus=list(menus),
        again=lock_again(visit, again),
        comebacks=list(comebacks),
        oem_number=oem_number,
        by=by,
    )
    derive_visit(visit)
    order.refresh_from_db()
    record("order.opened", order, by=by, about=[visit, visit.vehicle, visit.customer], number=order.number)
    return order


@atomic
def redo_job(visit: Visit, job: Job, *, claimed_on: date, by: Actor) -> Order:
    """A job is done again free of charge, its guarantee having run when it was claimed: a further order of the visit
    with the labour of then, which the store pays; told by a complaint. Parts are added as they turn out to be needed.
    """
    visit = lock(visit)
    if visit.status != Visit.Status.RECEIVED:
        raise Refused(_("Another order can be opened only while the car is being worked on."))
    if Job.objects.filter(order__visit=visit, comeback_of=job).exclude(status=Job.Status.DROPPED).exists():
        raise Refused(_("This job is being redone already."))
    order = write_order(visit, jobs=[], menus=[], again=[], comebacks=[job], claimed_on=claimed_on, by=by)
    labour = job.lines.charged().filter(kind=Line.Kind.LABOUR).select_related("item").order_by("pk")
    write_lines(order, order.jobs.get(), [_as_today(order, line) for line in labour], by=by)
    derive_visit(visit)
    order.refresh_from_db()
    about = [visit, visit.vehicle, visit.customer]
    record("order.opened", order, by=by, about=about, number=order.number, comeback_of=job.words)
    if visit.advisor_id != by.pk:
        notify([visit.advisor_id], "rework_opened", order.get_absolute_url(), plate=visit.vehicle.plate, job=job.words)
    return order


@atomic
def edit_order(order: Order, *, oem_number: str, by: Actor) -> Order:
    """Note the manufacturer's own number of an order (厂家DMS工单号)."""
    allow(by, "service.edit_visit", order.store)
    order = lock(order)
    before, order.oem_number = order.oem_number, "".join(oem_number.split())
    if before == order.oem_number:
        return order
    order.version += 1
    order.save(update_fields=["oem_number", "version"])
    record("order.edited", order, by=by, about=[order.visit], oem_number=[before, order.oem_number])
    return order


@atomic
def take_up_again(order: Order, *, lines: Iterable[Line], by: Actor) -> Order:
    """Offer work again that the customer declined or put off on an earlier visit, at today's prices."""
    allow(by, "service.add_lines", order.store)
    order = open_order(order)
    rows = lock_again(order.visit, lines)
    if not rows:
        raise Refused(_("Choose at least one line."), field="lines")
    jobs = _take_up(order, rows, by=by)
    derive_visit(order.visit)
    order.refresh_from_db()
    amount = sum((line.amount for job in jobs for line in job.lines.all()), Decimal(0))
    earlier = Order.objects.filter(jobs__lines__in=rows).distinct()
    told = {"words": [job.words for job in jobs], "amount": amount}
    record("order.taken_up", order, by=by, about=[order.visit, *earlier], **told)
    return order


def lock_again(visit: Visit, lines: Iterable[Line]) -> list[Line]:
    """Work of earlier visits that can be offered again, under lock; what somebody else took up meanwhile is refused."""
    wanted = {line.pk for line in lines}
    if not wanted:
        return []
    free = set(Line.objects.to_offer_again(visit.vehicle_id).filter(pk__in=wanted).values_list("pk", flat=True))
    rows = list(
        Line.objects.filter(pk__in=free, taken_up_again__isnull=True)
        .exclude(job__order__visit=visit)
        .select_related("job", "item")
        .select_for_update(no_key=True, of=("self",))
        .order_by("pk")
    )
    if len(rows) != len(wanted):
        raise Refused(_("This work is already offered again, or was never put off."), field="again")
    return rows


def _take_up(order: Order, rows: list[Line], *, by: Actor) -> list[Job]:
    """The lines of earlier visits as jobs of this order: the same words, today's prices, the customer pays."""
    last = order.jobs.aggregate(last=Max("position"))["last"] or 0
    by_job: dict[int, list[Line]] = {}
    for line in rows:
        by_job.setdefault(line.job_id, []).append(line)
    jobs = []
    for n, lines in enumerate(by_job.values(), 1):
        before = lines[0].job
        job = Job.objects.create(
            order=order,
            position=last + n,
            words=before.words,
            kind=before.kind,
            trade=before.trade,
            scope=before.scope,
        )
        written = write_lines(order, job, [_as_today(order, line) for line in lines], by=by)
        for old, new in zip(lines, written, strict=True):
            old.taken_up_again = new
            old.save(update_fields=["taken_up_again"])
        jobs.append(job)
    return jobs


def _as_today(order: Order, line: Line) -> dict[str, Any]:
    item = line.item if line.item and line.item.is_active else None
    copied = {name: getattr(line, name) for name in ("kind", "code", "name", "quantity", "unit")}
    return copied | {
        "item": item,
        "price": line.price_today(order.store.labour_rate),
        "cost": None if item else line.cost,
    }
