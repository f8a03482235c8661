"""Pages of vehicles."""

from itertools import pairwise
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from core.events import events_of
from core.lists import list_page
from core.logbook import note_read
from core.templatetags.ui import plate
from core.web import HouseRequest, door, page, verb_page
from customers import actions
from customers.filters import VehicleFilter
from customers.forms import AddVehicleForm, EditVehicleForm, VehicleField
from customers.models import Customer, Merge, Vehicle
from customers.shapes import has_right_check_digit
from customers.tables import VehicleTable


def the_vehicle(request: HttpRequest, pk: int) -> Vehicle:
    """One car that the reader may see, or 404."""
    rows = Vehicle.objects.visible_to(request.actor).select_related("owner", "company")  # type: ignore[attr-defined]
    return get_object_or_404(rows, pk=pk)


@door("customers.see_vehicles", methods=("GET",))
def vehicles(request: HttpRequest) -> HttpResponse:
    """The cars of the company."""
    may = request.actor.may  # type: ignore[attr-defined]
    return list_page(
        request,
        rows=Vehicle.objects.visible_to(request.actor).select_related("owner"),  # type: ignore[attr-defined]
        table_class=VehicleTable,
        filterset_class=VehicleFilter,
        orderings={"-id": ("-id",), "plate": ("plate", "id"), "-plate": ("-plate", "-id")},
        heading=_("Vehicles"),
        name="vehicles",
        new_url=reverse("add_vehicle") if may("customers.add_vehicle") else "",
        new_label=_("Add a vehicle"),
        template="customers/vehicles.html",
        may_merge=may("customers.merge"),
        empty={"icon": "car", "title": _("No vehicles yet"), "text": _("They come in at the gate, or from a file.")},
    )


@door("customers.see_vehicles", methods=("GET",))
def vehicle(request: HouseRequest, pk: int) -> HttpResponse:
    """Everything about a car: its data, visits and orders, plates, owners and mileages, what happened."""
    try:
        found = the_vehicle(request, pk)
    except Http404:
        merged = get_object_or_404(Vehicle.objects.merged_for(request.actor), pk=pk)
        return redirect("vehicle", merged.merged_into_id)
    note_read(found, by=request.actor)
    may = request.actor.may
    tabs = [("", _("Overview")), ("past", _("Plates, owners, mileage")), ("history", _("What happened"))]
    if may("core.see_attachments"):
        tabs.append(("files", _("Photos and papers")))
    tab = request.GET.get("tab", "")
    tab = tab if tab in dict(tabs) else ""
    context = {
        "vehicle": found,
        "tab": tab,
        "tabs": [
            {"label": label, "url": f"?tab={key}" if key else found.get_absolute_url(), "active": key == tab}
            for key, label in tabs
        ],
        "vin_is_odd": bool(found.vin) and not has_right_check_digit(found.vin),
        "in_doubt": found.readings.filter(is_doubtful=True).order_by("-at", "-id").first(),
        "worn": found.plates.past().newest_first().first(),
        "may_edit": may("customers.edit_vehicle"),
        "may_merge": may("customers.merge"),
        "may_see_complaints": may("complaints.see_complaints"),
        "may_see_customers": may("customers.see_customers"),
        "last_merge": Merge.objects.filter(of="vehicle", kept_id=found.pk, undone_at=None).order_by("-pk").first(),
        **_shown(found, tab),
    }
    return page(request, "customers/vehicle.html", context)


def _shown(found: Vehicle, tab: str) -> dict[str, Any]:
    """What a tab shows; nothing is read that it does not."""
    if tab == "past":
        readings = list(found.readings.order_by("-at", "-id")[:30])
        for newer, older in pairwise(readings):
            newer.more = newer.km - older.km  # type: ignore[attr-defined]
        return {
            "plates": found.plates.newest_first(),
            "owners": found.owners.select_related("customer").newest_first(),
            "readings": readings,
        }
    if tab == "history":
        both = [found, *found.merged.all()]
        events = sorted((one for row in both for one in events_of(row, 40)), key=lambda one: one["at"], reverse=True)
        return {"events": events[:60]}
    return {}


@door("customers.add_vehicle")
def add_vehicle(request: HttpRequest) -> HttpResponse:
    """A new car; from a customer's page its owner is already chosen."""
    owner = Customer.objects.visible_to(request.actor).filter(pk=request.GET.get("owner", "0")[:18] or 0).first()  # type: ignore[attr-defined]
    initial = {"owner": owner.pk, "company": owner.company_id} if owner else {}
    form = AddVehicleForm(request.POST or None, by=request.actor, initial=initial)  # type: ignore[attr-defined]
    return verb_page(
        request,
        form,
        actions.add_vehicle,
        heading=_("Add a vehicle"),
        done=_("The vehicle is added."),
        cancel=reverse("vehicles"),
    )


@door("customers.edit_vehicle")
def edit_vehicle(request: HttpRequest, pk: int) -> HttpResponse:
    """Change what is known of a car."""
    found = the_vehicle(request, pk)
    form = EditVehicleForm(request.POST or None, by=request.actor, initial=EditVehicleForm.known(found))  # type: ignore[attr-defined]
    return verb_page(
        request,
        form,
        actions.edit_vehicle,
        found,
        heading=_("Change %(name)s") % {"name": plate(found.plate) if found.plate else found},
        submit=_("Save"),
        done=_("The change is saved."),
        extra="customers/_version.html",
        version=request.POST.get("version", "") or found.version,
    )


@door("customers.see_vehicles", methods=("GET",))
def find_vehicle(request: HttpRequest) -> HttpResponse:
    """Cars by a piece of the plate, the tail of the VIN or their owner, as choices of a form's field."""
    name = request.GET.get("field", "other")
    text = request.GET.get(f"{name}_q", "").strip()[:60]
    rows = Vehicle.objects.visible_to(request.actor).found_by(text).select_related("owner")  # type: ignore[attr-defined]
    hits = rows.order_by("-id")[: VehicleField.MOST] if len(text) > 1 else []
    return render(request, "customers/_hits.html", {"hits": hits, "name": name, "typed": text, "cars": True})
