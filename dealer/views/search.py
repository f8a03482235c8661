"""The one search box: cars in the store, customers, vehicles, orders and settlements by number."""

from collections.abc import Callable
from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from core.templatetags.ui import mask_phone, mask_vin, money, plate, when
from core.web import HouseRequest, page
from customers.models import Customer, Vehicle
from finance.models import Settlement
from finance.tables import state_of
from service.models import Order, Visit
from service.tables import ORDER_TONES, VISIT_TONES

MOST = 6  # hits a group
SHORTEST = 2  # letters below which everything would be found
SHORTEST_NUMBER = 4

Hits = list[dict[str, Any]]


def _visits(request: HouseRequest, text: str) -> Hits:
    found = Vehicle.objects.found_by(text)
    rows = Visit.objects.visible_to(request.actor).in_store().filter(vehicle__in=found).with_names()
    return [
        {
            "url": one.get_absolute_url(),
            "icon": "car-garage",
            "title": plate(one.vehicle.plate) if one.vehicle.plate else str(one.vehicle),
            "hint": " · ".join(filter(None, [one.vehicle.title, str(one.customer or ""), when(one.arrived_at)])),
            "badge": one.get_status_display(),
            "tone": VISIT_TONES[one.status],  # type: ignore[index]
        }
        for one in rows.order_by("-arrived_at", "-id")[:MOST]
    ]


def _customers(request: HouseRequest, text: str) -> Hits:
    rows = Customer.objects.visible_to(request.actor).found_by(text).order_by("-id")[:MOST]
    return [
        {
            "url": one.get_absolute_url(),
            "icon": "building" if one.kind == Customer.Kind.FIRM else "user",
            "title": str(one),
            "hint": " · ".join(filter(None, [mask_phone(one.phone), one.city])),
            "badge": one.get_level_display() if one.level else "",
            "tone": "yellow",
        }
        for one in rows
    ]


def _vehicles(request: HouseRequest, text: str) -> Hits:
    rows = Vehicle.objects.visible_to(request.actor).found_by(text).select_related("owner").order_by("-id")[:MOST]
    return [
        {
            "url": one.get_absolute_url(),
            "icon": "car",
            "title": plate(one.plate) if one.plate else str(one),
            "hint": " · ".join(filter(None, [one.title, str(one.owner or ""), mask_vin(one.vin) if one.vin else ""])),
        }
        for one in rows
    ]


def _orders(request: HouseRequest, text: str) -> Hits:
    if len(text) < SHORTEST_NUMBER:
        return []
    rows = Order.objects.visible_to(request.actor).filter(number__endswith=text.upper()).with_names()
    return [
        {
            "url": one.get_absolute_url(),
            "icon": "clipboard-list",
            "title": str(one),
            "hint": f"{plate(one.visit.vehicle.plate)} · {money(one.amount)}",
            "badge": one.get_status_display(),
            "tone": ORDER_TONES[one.status],  # type: ignore[index]
        }
        for one in rows.order_by("-opened_at", "-id")[:MOST]
    ]


def _settlements(request: HouseRequest, text: str) -> Hits:
    if len(text) < SHORTEST_NUMBER:
        return []
    rows = Settlement.objects.visible_to(request.actor).filter(number__endswith=text.upper()).with_names()
    hits = []
    for one in rows.order_by("-settled_at", "-id")[:MOST]:
        tone, state = state_of(one)
        hint = f"{plate(one.visit.vehicle.plate)} · {one.payer_name} · {money(one.amount)}"
        hits.append(
            {
                "url": one.get_absolute_url(),
                "icon": "receipt",
                "title": str(one),
                "hint": hint,
                "badge": state,
                "tone": tone,
            }
        )
    return hits


def _groups() -> list[tuple[str, str, Callable[[HouseRequest, str], Hits]]]:
    return [
        ("service.see_visits", _("Cars in the store"), _visits),
        ("customers.see_customers", _("Customers"), _customers),
        ("customers.see_vehicles", _("Vehicles"), _vehicles),
        ("service.see_orders", _("Repair orders"), _orders),
        ("finance.see_settlements", _("Settlement"), _settlements),
    ]


@require_safe
def search(request: HouseRequest) -> HttpResponse:
    """What a few letters find, among the rows this reader may see and nothing else."""
    text = " ".join(request.GET.get("q", "").split())[:60].replace("\0", "")
    groups = []
    if len(text) >= SHORTEST:
        for verb, label, find in _groups():
            if request.actor.may(verb) and (hits := find(request, text)):
                groups.append({"label": label, "hits": hits})
    return page(request, "core/search.html#hits" if request.htmx else "core/search.html", {"q": text, "groups": groups})
