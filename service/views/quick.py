"""The quick lane's page: one screen, one signature."""

from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from core.models import Store
from core.web import HouseRequest, current_store, door, verb_page
from customers.models import Vehicle
from service import actions
from service.forms import QuickForm
from service.models import Visit
from service.views.arrival import known_cars, only_store
from service.views.reception import car_facts, menus_for, promises, tick


def _chosen(request: HouseRequest, store: Store | None) -> Vehicle | None:
    """The car that was tapped: one of the company's, or one that stands in the yard."""
    pk, visit = request.GET.get("vehicle", ""), request.GET.get("visit", "")
    if visit.isdecimal() and len(visit) < 19:
        row = Visit.objects.visible_to(request.actor).with_names().filter(pk=visit).first()
        return row.vehicle if row else None
    if store is None or not pk.isdecimal() or len(pk) > 18:
        return None
    return Vehicle.objects.filter(company=store.company_id, pk=pk).select_related("owner").first()


@door("service.receive_quick")
def receive_quick(request: HouseRequest) -> HttpResponse:
    """Arrival, reception, menus and consent in one go."""
    store = current_store(request)
    vehicle = _chosen(request, store)
    owner = vehicle.owner if vehicle else None
    first: dict[str, Any] = {"store": store, "waits": True}
    if vehicle:
        first |= {"plate": vehicle.plate, "vin": vehicle.vin, "mileage": vehicle.mileage}
    if owner:
        first |= {"driver_name": owner.name, "driver_phone": owner.phone, "consent_by": owner.name}
    form = QuickForm(request.POST or None, by=request.actor, initial=first)
    only_store(form)
    facts: dict[str, Any] = {"notes": [], "again": [], "guarantees": [], "menus": []}
    if store and vehicle:
        facts = car_facts(vehicle, store, request.actor)
    if store:
        facts["menus"] = menus_for(vehicle, store, request.actor, quick=True)
    return verb_page(
        request,
        form,
        actions.receive_quick,
        heading=_("Quick lane"),
        submit=_("Signed: open the order"),
        done=_("The car is received, agreed and on its way to the workshop."),
        template="service/quick.html#known" if request.htmx and request.method == "GET" else "service/quick.html",
        cancel=reverse("arrive"),
        vehicle=vehicle,
        known=[] if vehicle else known_cars(request, store, request.GET.get("q", "")),
        q=request.GET.get("q", ""),
        promises=promises(store) if store else None,
        **tick(form, facts),
    )
