"""Pages of vehicles."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from core.events import events_of
from core.lists import list_page
from core.logbook import note_read
from core.templatetags.ui import plate
from core.web import door, page, verb_page
from customers import actions
from customers.filters import VehicleFilter
from customers.forms import AddVehicleForm, EditVehicleForm
from customers.models import Customer, Vehicle
from customers.shapes import has_right_check_digit
from customers.tables import VehicleTable


def _vehicle(request: HttpRequest, pk: int) -> Vehicle:
    rows = Vehicle.objects.visible_to(request.actor).select_related("owner", "company")  # type: ignore[attr-defined]
    return get_object_or_404(rows, pk=pk)


@door("customers.see_vehicles", methods=("GET",))
def vehicles(request: HttpRequest) -> HttpResponse:
    """The cars of the company."""
    may_add = request.actor.may("customers.add_vehicle")  # type: ignore[attr-defined]
    return list_page(
        request,
        rows=Vehicle.objects.visible_to(request.actor).select_related("owner"),  # type: ignore[attr-defined]
        table_class=VehicleTable,
        filterset_class=VehicleFilter,
        orderings={"-id": ("-id",), "plate": ("plate", "id"), "-plate": ("-plate", "-id")},
        heading=_("Vehicles"),
        name="vehicles",
        new_url=reverse("add_vehicle") if may_add else "",
        new_label=_("Add a vehicle"),
        empty={"icon": "car", "title": _("No vehicles yet"), "text": _("They come in at the gate, or from a file.")},
    )


@door("customers.see_vehicles", methods=("GET",))
def vehicle(request: HttpRequest, pk: int) -> HttpResponse:
    """Everything about a car on one page."""
    found = _vehicle(request, pk)
    actor = request.actor  # type: ignore[attr-defined]
    note_read(found, by=actor)
    context = {
        "vehicle": found,
        "vin_is_odd": bool(found.vin) and not has_right_check_digit(found.vin),
        "notes": found.visit_notes.select_related("customer", "store").order_by("-left_at")[:12],
        "events": events_of(found, 20),
        "may_edit": actor.may("customers.edit_vehicle"),
        "may_see_customers": actor.may("customers.see_customers"),
    }
    return page(request, "customers/vehicle.html", context)


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
    found = _vehicle(request, pk)
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
