"""Promised times: another one is promised, and the advisor is warned before one breaks."""

from datetime import datetime

from django.db.models import F, Q
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext as _

from core.actions import notify
from core.actor import CLOCK, Actor, allow
from core.logbook import record
from core.rows import Refused, atomic, lock
from customers import actions as customers
from customers.models import Message
from service.models import Visit
from service.models.wall import standings


@atomic
def promise(
    visit: Visit, *, promised_at: datetime, channel: str, delay: str = "", reason: str = "", by: Actor
) -> Visit:
    """Promise another time, tell the customer and keep why; the first promise is kept beside it."""
    allow(by, "service.promise", visit.store)
    visit = lock(visit)
    if visit.status != Visit.Status.RECEIVED:
        raise Refused(_("A new time can be promised only while the car is being worked on."))
    if promised_at <= now():
        raise Refused(_("The promised time must lie in the future."), field="promised_at")
    before, visit.promised_at = visit.promised_at, promised_at
    visit.delay_reason = delay or visit.delay_reason
    visit.promise_told_at = now()
    visit.version += 1
    visit.save(update_fields=["promised_at", "delay_reason", "promise_told_at", "version"])
    phone = visit.driver_phone or (visit.customer.phone if visit.customer else "")
    until = promised_at.isoformat()
    customers.tell(
        visit.store,
        visit.customer,
        phone,
        Message.Code.NEW_PROMISE,
        channel,
        by=by,
        row=visit,
        plate=visit.vehicle.plate,
        promised_at=until,
    )
    record(
        "visit.promised",
        visit,
        by=by,
        about=[visit.vehicle, visit.customer],
        promised_at=[before, promised_at],
        delay=delay,
        reason=reason,
    )
    return visit


@atomic
def alarm_promises(moment: datetime | None = None) -> int:
    """Tell each advisor once of a promise that will not hold, before it breaks; told by the clock, says how many."""
    under_promise = Visit.objects.filter(status=Visit.Status.RECEIVED, promised_at__isnull=False)
    told = 0
    for car in standings(under_promise, moment):
        if car.level not in {"red", "late"} or car.promise_alarmed == car.promised_at or not car.advisor_id:
            continue
        rows = Visit.objects.filter(pk=car.visit, promised_at=car.promised_at)
        fresh = rows.filter(Q(promise_alarmed__isnull=True) | ~Q(promise_alarmed=F("promised_at")))
        if fresh.update(promise_alarmed=F("promised_at")):  # of two clocks only one gets here
            notify([car.advisor_id], "promise_near", reverse("visit", args=[car.visit]), plate=car.plate)
            visit = Visit.objects.select_related("store", "vehicle", "customer").get(pk=car.visit)
            about = [visit.vehicle, visit.customer]
            record("visit.promise_alarmed", visit, by=CLOCK, about=about, promised_at=car.promised_at)
            told += 1
    return told
