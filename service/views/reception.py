"""Pages of the reception: the walk-round, and what was noted at it put right."""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.http import HttpResponse
from django.utils.timezone import localtime, now
from django.utils.translation import gettext as _

from core.actor import Actor
from core.models import Frame, Store
from core.taxes import cents
from core.templatetags.ui import plate, when
from core.web import HouseRequest, door, verb_page
from customers.models import Vehicle, VisitNote
from service import actions
from service.forms import AddOrderForm, EditVisitForm, ReceiveForm
from service.models import Job, Line, Menu, Visit
from service.models.catalogue import suits
from service.views.arrival import visit_of

EVENING, MORNING = (17, 30), (10, 0)  # when a car is usually fetched: today before closing, tomorrow after opening


def car_facts(vehicle: Vehicle, store: Store, actor: Actor) -> dict[str, Any]:
    """What the house knows of a car, as far as these eyes may see it: last visits, guarantees, work put off, menus."""
    kinds = dict(Visit.Kind.choices)
    notes: list[Any] = list(VisitNote.objects.filter(vehicle=vehicle).order_by("-left_at")[:5])
    for note in notes:
        note.kind_name = kinds.get(note.kind, note.kind)
    again = put_off(Line.objects.visible_to(actor).to_offer_again(vehicle), store)
    guarantees = Job.objects.visible_to(actor).filter(order__visit__vehicle=vehicle)
    today = store.business_date(now())
    return {
        "notes": notes,
        "again": again,
        "again_worth": sum((line.today for line in again), Decimal(0)),
        "guarantees": list(
            guarantees.guaranteed(today, vehicle.mileage).select_related("order").order_by("-guaranteed_until")[:10]
        ),
        "menus": menus_for(vehicle, store, actor),
    }


def put_off(rows: Any, store: Store) -> list[Any]:
    """Work put off earlier, each line with what it comes to at today's price in this store."""
    found = list(rows[:60])
    for line in found:
        line.today = cents(line.quantity * line.price_today(store.labour_rate))
    return found


def menus_for(vehicle: Vehicle | None, store: Store, actor: Actor, *, quick: bool = False) -> list[dict[str, Any]]:
    """The menus that fit a car, with price and hours in this store; those for its mileage and the quick lane first."""
    rows = Menu.objects.filter(company=store.company_id).active().visible_to(actor).with_items()
    brand, model, mileage = (vehicle.brand, vehicle.model, vehicle.mileage) if vehicle else ("", "", None)
    found = [
        {
            "menu": menu,
            "price": menu.price_at(store.labour_rate),
            "hours": menu.hours,
            "is_due": menu.is_due_at(mileage) and (menu.is_quick or not quick),
        }
        for menu in rows.order_by("code")
        if suits(menu, brand, model)
    ][:60]
    return sorted(found, key=lambda one: not one["is_due"])


def promises(store: Store) -> dict[str, Any]:
    """Times to promise with one tap: from now on, this evening, the next morning on which the store is open."""
    moment = localtime(now())
    evening = moment.replace(hour=EVENING[0], minute=EVENING[1], second=0, microsecond=0)
    found: list[dict[str, Any]] = [
        {"label": _("+30 min"), "minutes": 30},
        {"label": _("+1 h"), "minutes": 60},
        {"label": _("+2 h"), "minutes": 120},
    ]
    if evening > moment + timedelta(minutes=30):
        found.append({"label": when(evening), "at": _stamp(evening)})
    frame = Frame.objects.filter(calendar=store.opening_id, day__gt=moment.date()).order_by("starts_at").first()
    if frame:
        opens = localtime(frame.starts_at)
        morning = opens.replace(hour=MORNING[0], minute=MORNING[1])
        fetched = max(opens, morning) if morning < localtime(frame.ends_at) else opens
        found.append({"label": when(fetched), "at": _stamp(fetched)})
    return {"now": moment.strftime("%Y-%m-%dT%H:%M:%S"), "choices": found}


def _stamp(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M")


def chosen(form: Any, name: str) -> set[str]:
    """The ids that are ticked in a field that the page draws itself."""
    return {str(one) for one in form[name].value() or []} if name in form.fields else set()


def ticked(request: HouseRequest) -> list[int]:
    """The comebacks that the address asks for: whoever comes from a rework that is owed finds it ticked."""
    return [int(pk) for pk in request.GET.getlist("comebacks")[:10] if pk.isascii() and pk.isdecimal() and len(pk) < 19]


def tick(form: Any, facts: dict[str, Any]) -> dict[str, Any]:
    """The facts with what is ticked marked as such."""
    found = {name: chosen(form, name) for name in ("menus", "again", "comebacks")}
    for one in facts["menus"]:
        one["checked"] = str(one["menu"].pk) in found["menus"]
    facts["more_menus"] = any(not one["is_due"] and not one["checked"] for one in facts["menus"])
    for name, rows in (("again", facts["again"]), ("comebacks", facts["guarantees"])):
        for row in rows:
            row.checked = str(row.pk) in found[name]
    return facts


@door("service.receive")
def receive(request: HouseRequest, pk: int) -> HttpResponse:
    """The walk-round: who drove, what for, until when; what is known of the car stands beside it."""
    visit = visit_of(request, pk)
    owner = visit.customer
    first = {
        "driver_name": owner.name if owner else "",
        "driver_phone": owner.phone if owner else "",
        "payer": visit.payer_id,
        "mileage": visit.vehicle.mileage,
        "comebacks": ticked(request),
    }
    form = ReceiveForm(request.POST or None, request.FILES or None, by=request.actor, initial=first)
    return verb_page(
        request,
        form,
        actions.receive,
        visit,
        heading=_("Receive the car"),
        pretitle=plate(str(visit.vehicle)),
        done=_("The car is received and the repair order is open."),
        template="service/receive.html",
        visit=visit,
        may_see_complaints=request.actor.may("complaints.see_complaints", visit.store),
        owed_ticked="".join(f"{'&' if i else '?'}ticked={pk}" for i, pk in enumerate(ticked(request))),
        promises=promises(visit.store),
        **tick(form, car_facts(visit.vehicle, visit.store, request.actor)),
    )


@door("service.edit_visit")
def edit_visit(request: HouseRequest, pk: int) -> HttpResponse:
    """Put right what was noted at reception."""
    visit = visit_of(request, pk)
    form = EditVisitForm(request.POST or None, by=request.actor, initial=EditVisitForm.known(visit))
    return verb_page(
        request,
        form,
        actions.edit_visit,
        visit,
        heading=_("Put the reception right"),
        pretitle=plate(str(visit.vehicle)),
        submit=_("Save"),
        done=_("The change is saved."),
        template="service/visit_edit.html",
        version=request.POST.get("version", "") or visit.version,
    )


@door("service.add_order")
def add_order(request: HouseRequest, pk: int) -> HttpResponse:
    """A second repair order in the same visit."""
    visit = visit_of(request, pk)
    form = AddOrderForm(request.POST or None, by=request.actor, initial={"comebacks": ticked(request)})
    return verb_page(
        request,
        form,
        actions.add_order,
        visit,
        heading=_("Another repair order"),
        pretitle=plate(str(visit.vehicle)),
        done=_("The repair order is open."),
        template="service/add_order.html",
        visit=visit,
        **tick(form, car_facts(visit.vehicle, visit.store, request.actor)),
    )
