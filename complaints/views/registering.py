"""Taking a case in: the registration form, and what the house knows of the complainant while one types."""

from typing import Any

from django.db.models import Q
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from complaints import actions
from complaints.forms import RegisterForm
from complaints.models import Channel, Complaint
from core.web import HouseRequest, back, current_store, door, page, submit
from customers.models import Call, Customer, Vehicle
from customers.models.finding import bare, in_phone, in_plate, in_vin
from service.models import Order

OUTSIDE = (Channel.Way.REGULATOR, Channel.Way.OEM, Channel.Way.PRESS)
MOST = 5  # cars, people, orders and cases that are offered while one types


def _id(text: Any) -> int:
    return int(text) if isinstance(text, str) and text.isdecimal() and len(text) < 19 else 0


def _given(request: HouseRequest) -> dict[str, Any]:
    """What a page that leads here brings along: a call, an order, a customer or a car that one may see."""
    found: dict[str, Any] = {}
    for name, model in (("call", Call), ("order", Order), ("customer", Customer), ("vehicle", Vehicle)):
        rows: Any = model.objects.visible_to(request.actor)
        found[name] = rows.filter(pk=_id(request.GET.get(name))).first()
    call, order = found["call"], found["order"]
    store = (call or order).store if call or order else current_store(request)
    vehicle = found["vehicle"] or (order.visit.vehicle if order else None) or (call.car if call else None)
    customer = found["customer"] or (call.customer if call else order.visit.customer if order else None)
    customer = customer or (vehicle.owner if vehicle else None)
    way = Channel.Way.CALL if call else Channel.Way.ORDER if order else Channel.Way.PHONE
    first = {name: one.pk for name, one in (found | {"vehicle": vehicle, "customer": customer}).items() if one}
    whose = call or customer
    first |= {"name": whose.name, "phone": whose.phone} if whose else {}
    words = {"words": call.reason or call.suggestion} if call else {}
    return first | words | {"store": store.pk if store else None, "way": way}


def known_of(request: HouseRequest, data: Any) -> dict[str, Any]:
    """What the house knows of somebody whose phone and plate are being typed: people, cars, orders, cases."""
    actor = request.actor
    phone, plate = str(data.get("phone") or "")[:20], bare(str(data.get("plate") or "")[:24])
    chosen = {name: _id(str(data.get(name) or "")) for name in ("customer", "vehicle", "order", "call")}
    typed = in_phone(phone) if len(bare(phone)) > 3 else Q(pk__in=[])
    people = list(Customer.objects.visible_to(actor).filter(typed | Q(pk=chosen["customer"])).order_by("-id")[:MOST])
    here = Q(owner__in=people) | Q(pk=chosen["vehicle"])
    if len(plate) > 2:
        here = in_plate(plate) | in_vin(plate) | Q(pk=chosen["vehicle"])
    cars = list(Vehicle.objects.visible_to(actor).filter(here).select_related("owner").order_by("-id")[:MOST])
    orders = Order.objects.visible_to(actor).filter(Q(visit__vehicle__in=cars) | Q(pk=chosen["order"]))
    cases = Complaint.objects.visible_to(actor).ours().exclude(status=Complaint.Status.MERGED)
    whose = Q(customer__in=people) | Q(vehicle__in=cars)
    if phone:
        whose |= Q(phone=bare(phone))
    if len(cars) == 1:
        chosen["vehicle"] = chosen["vehicle"] or cars[0].pk
    if len(people) == 1:
        chosen["customer"] = chosen["customer"] or people[0].pk
    return {
        "people": people,
        "cars": cars,
        "orders": list(orders.with_names().order_by("-opened_at", "-id")[:MOST]),
        "cases": list(cases.filter(whose).with_names().order_by("-received_at", "-id")[:MOST]),
        "call": Call.objects.visible_to(actor).filter(pk=chosen["call"]).first(),
        "chosen": chosen,
    }


@door("complaints.register", methods=("GET",))
def known_complainant(request: HouseRequest) -> HttpResponse:
    """The same as a piece, while one types."""
    return render(request, "complaints/_known.html", {"known": known_of(request, request.GET)})


@door("complaints.register")
def register_complaint(request: HouseRequest) -> HttpResponse:
    """《顾客投诉登记表》: who, which car, what, how it came in."""
    first = _given(request)
    form = RegisterForm(request.POST or None, request.FILES or None, by=request.actor, initial=first)
    if made := submit(request, form, actions.register):
        return _registered(request, made, form.cleaned_data["way"])
    known = known_of(request, request.POST or first | {name: str(pk) for name, pk in first.items()})
    return page(request, "complaints/register.html", {"form": form, "known": known})


def _registered(request: HouseRequest, made: Complaint, way: str) -> HttpResponse:
    if way in OUTSIDE and request.actor.may("complaints.keep_outside", made.store):
        return HttpResponseRedirect(reverse("note_outside", args=[made.pk]))
    return back(request, _("%(number)s is registered.") % {"number": made}, made)
