"""The one search box: cars in the house, customers, vehicles, orders and settlements by number.

Own cars in the house come first, then who was here last; what the letters end exactly comes before mere fragments.
"""

from collections.abc import Callable, Iterable
from datetime import datetime
from itertools import groupby
from typing import Any

from django.db.models import Max, Q
from django.http import HttpResponse
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from core.templatetags.ui import mask_phone, mask_vin, money, plate, when
from core.web import HouseRequest, current_store, page
from customers.models import Customer, PlateSpan, Vehicle, VisitNote
from customers.models.finding import bare, in_plate, words_of
from customers.shapes import is_vin, kind_of_plate
from finance.models import Settlement
from finance.tables import state_of
from service.models import Order, Visit
from service.tables import ORDER_TONES, VISIT_TONES

MOST = 6  # hits a group
CANDIDATES = 200  # of which the last here are shown
SHORTEST = 2  # letters below which everything would be found
SHORTEST_NUMBER = 4
SHORTEST_START = 8  # of a number that is typed from its beginning

Hits = list[dict[str, Any]]


def marked(shown: str, text: str, person: Customer | None = None) -> SafeString:
    """A hit with the letters that were looked for marked in it, whatever dots and spaces stand between them."""
    places: set[int] = set()
    at = [i for i, c in enumerate(shown) if c not in " ·-"]
    plain = "".join(shown[i] for i in at).upper()
    for word in words_of(text):
        piece = word.upper().replace("·", "").replace("-", "")
        if piece and (begin := plain.rfind(piece)) >= 0:
            places |= set(range(at[begin], at[begin + len(piece) - 1] + 1))
        elif person is not None and len(word) > 1 and person.initials.startswith(word.lower()):
            places |= set(at[: len(word)])
    runs = groupby(enumerate(shown), key=lambda one: one[0] in places)
    said = [(is_in, "".join(c for _i, c in run)) for is_in, run in runs]
    return format_html_join("", "{}", ((format_html("<mark>{}</mark>", one) if is_in else one,) for is_in, one in said))


def _visits(request: HouseRequest, text: str) -> Hits:
    """Cars in the house; those of the store one works in first."""
    digits = bare(text)
    here = Q(vehicle__in=Vehicle.objects.found_by(text))
    if digits.isdecimal() and len(digits) >= SHORTEST_NUMBER:
        here |= Q(driver_phone__endswith=digits)
    rows = Visit.objects.visible_to(request.actor).in_store().filter(here).with_names()
    store = current_store(request)
    found = list(rows.order_by("-arrived_at", "-id")[:CANDIDATES])
    found.sort(key=lambda one: (store is None or one.store_id != store.pk, not _ends(one.vehicle, digits)))
    many = request.actor.scope("service.see_visits").everywhere or len({one.store_id for one in found}) > 1
    return [
        {
            "url": one.get_absolute_url(),
            "icon": "car-garage",
            "title": marked(plate(one.vehicle.plate) if one.vehicle.plate else str(one.vehicle), text),
            "hint": _line(
                one.vehicle.title,
                marked(str(one.customer or ""), text, one.customer),
                str(one.store) if many else "",
                when(one.arrived_at),
            ),
            "badge": one.get_status_display(),
            "tone": VISIT_TONES[one.status],  # type: ignore[index]
        }
        for one in found[:MOST]
    ]


def _line(*parts: str) -> list[str]:
    return [one for one in parts if one]


def _ends(vehicle: Vehicle, piece: str) -> bool:
    return bool(piece) and (vehicle.plate.endswith(piece) or vehicle.vin.endswith(piece))


def _best(rows: Any, text: str, whose: str) -> list[Any]:
    """What the text names exactly, then what merely holds it; of each, who was here last."""
    found: list[Any] = []
    for kind in ("ending_with", "found_by"):
        more = list(getattr(rows, kind)(text).exclude(pk__in=[one.pk for one in found]).order_by("-id")[:CANDIDATES])
        notes = VisitNote.objects.filter(**{f"{whose}__in": [one.pk for one in more]}).order_by()
        last: dict[int, datetime] = dict(notes.values_list(whose).annotate(Max("left_at")))
        found += sorted(more, key=lambda one: last[one.pk].timestamp() if one.pk in last else 0, reverse=True)
        if len(found) >= MOST:
            break
    return found[:MOST]


def _customers(request: HouseRequest, text: str) -> Hits:
    rows = Customer.objects.visible_to(request.actor)
    return [
        {
            "url": one.get_absolute_url(),
            "icon": "building" if one.kind == Customer.Kind.FIRM else "user",
            "title": marked(str(one), text, one),
            "hint": _line(marked(mask_phone(one.phone), text) if one.phone else "", one.city),
            "badge": one.get_level_display() if one.level else "",
            "tone": "yellow",
        }
        for one in _best(rows, text, "customer")
    ]


def _vehicles(request: HouseRequest, text: str) -> Hits:
    rows = _best(Vehicle.objects.visible_to(request.actor).select_related("owner"), text, "vehicle")
    worn = _worn(rows, text)
    return [
        {
            "url": one.get_absolute_url(),
            "icon": "car",
            "title": marked(plate(one.plate) if one.plate else str(one), text),
            "hint": _line(
                marked(worn.get(one.pk, ""), text),
                one.title,
                marked(str(one.owner or ""), text, one.owner),
                marked(mask_vin(one.vin), text) if one.vin else "",
            ),
        }
        for one in rows
    ]


def _worn(cars: Iterable[Vehicle], text: str) -> dict[int, str]:
    """Of cars that wear another plate today: the old one that was looked for, and until when they wore it."""
    words = words_of(text)
    if len(words) != 1:
        return {}
    others = [car.pk for car in cars if bare(words[0]) not in car.plate]
    spans = PlateSpan.objects.past().filter(in_plate(words[0]), vehicle__in=others).order_by("until", "id")
    said = _("wore %(plate)s until %(day)s")
    return {one.vehicle_id: said % {"plate": plate(one.plate), "day": when(one.until)} for one in spans}


def _numbered(rows: Any, text: str, *order: str) -> list[Any]:
    """Documents whose number ends with the text, or begins with it when nearly all of it is typed."""
    piece = text.upper().replace(" ", "")
    if len(piece) < SHORTEST_NUMBER or not piece.isascii():
        return []
    found = Q(number__reverse__startswith=piece[::-1])
    if len(piece) >= SHORTEST_START:
        found |= Q(number__startswith=piece)
    return list(rows.filter(found).with_names().order_by(*order)[:MOST])


def _orders(request: HouseRequest, text: str) -> Hits:
    rows = _numbered(Order.objects.visible_to(request.actor), text, "-opened_at", "-id")
    return [
        {
            "url": one.get_absolute_url(),
            "icon": "clipboard-list",
            "title": marked(str(one), text),
            "hint": _line(plate(one.visit.vehicle.plate), money(one.amount)),
            "badge": one.get_status_display(),
            "tone": ORDER_TONES[one.status],
        }
        for one in rows
    ]


def _settlements(request: HouseRequest, text: str) -> Hits:
    rows = _numbered(Settlement.objects.visible_to(request.actor), text, "-settled_at", "-id")
    hits = []
    for one in rows:
        tone, state = state_of(one)
        hits.append(
            {
                "url": one.get_absolute_url(),
                "icon": "receipt",
                "title": marked(str(one), text),
                "hint": _line(plate(one.visit.vehicle.plate), one.payer_name, money(one.amount)),
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


def _to_do(request: HouseRequest, text: str) -> dict[str, str]:
    """What to do about somebody who is not here yet."""
    piece = bare(text)
    if piece and request.actor.may("service.arrive") and kind_of_plate(piece):
        return {"url": f"{reverse('arrive')}?plate={piece}", "label": _("Receive this car")}
    if request.actor.may("service.arrive") and is_vin(piece):
        return {"url": f"{reverse('arrive')}?vin={piece}", "label": _("Receive this car")}
    if request.actor.may("customers.add_customer"):
        return {"url": reverse("add_customer"), "label": _("Add a customer")}
    return {}


@require_safe
def search(request: HouseRequest) -> HttpResponse:
    """What a few letters find, among the rows this reader may see and nothing else."""
    text = " ".join(request.GET.get("q", "").split())[:60].replace("\0", "")
    groups = []
    if len(text) >= SHORTEST:
        for verb, label, find in _groups():
            if request.actor.may(verb) and (hits := find(request, text)):
                groups.append({"label": label, "hits": hits})
    context = {"q": text, "groups": groups, "is_short": len(text) < SHORTEST, "todo": _to_do(request, text)}
    return page(request, "core/search.html#hits" if request.htmx else "core/search.html", context)
