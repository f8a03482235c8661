"""Pages of a visit: the cars in the store, arrival, reception, ready, hand-over, ways out."""

from typing import Any

from django.forms import HiddenInput
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from core.lists import list_page
from core.models import Store
from core.templatetags.ui import plate
from core.web import HouseRequest, back, current_store, door, page, submit, verb_page
from customers.models import Vehicle
from service import actions
from service.filters import VisitFilter
from service.forms import ArriveForm, ExitForm, HandOverForm, PromiseForm, ReadyForm, ReceiveForm
from service.models import Visit
from service.tables import VisitTable
from service.views.cars import car_page

ORDERINGS = {"-arrived_at": ("-arrived_at", "-id"), "arrived_at": ("arrived_at", "id")}


def _visit(request: HouseRequest, pk: int) -> Visit:
    return get_object_or_404(Visit.objects.visible_to(request.actor).with_names(), pk=pk)


@door("service.see_visits", methods=("GET",))
def visits(request: HouseRequest) -> HttpResponse:
    """Cars in the store; the tabs show what a service advisor asks first."""
    rows = Visit.objects.visible_to(request.actor).with_names().with_stage()
    tab = request.GET.get("tab", "in")
    views = {
        "in": (_("In the store"), rows.in_store()),
        "mine": (_("Mine"), rows.in_store().of_advisor(request.user.pk)),
        "waiting": (_("Customer waits"), rows.waiting()),
        "late": (_("Late"), rows.late()),
        "all": (_("All"), rows),
    }
    chosen = views.get(tab, views["in"])[1]
    may_arrive = request.actor.may("service.arrive")
    return list_page(
        request,
        rows=chosen,
        table_class=VisitTable,
        filterset_class=VisitFilter,
        orderings=ORDERINGS,
        heading=_("Cars in the store"),
        name="visits",
        tabs=[{"label": one[0], "url": f"?tab={key}", "active": key == tab} for key, one in views.items()],
        new_url=reverse("arrive") if may_arrive else "",
        new_label=_("Receive a car"),
        empty={"icon": "car", "title": _("No car here"), "text": _("Cars show up as soon as they arrive.")},
    )


@door("service.see_visits", methods=("GET",))
def visit(request: HouseRequest, pk: int) -> HttpResponse:
    """The page of a car in the store."""
    return car_page(request, _visit(request, pk))


def _known(request: HouseRequest, store: Store | None) -> list[Vehicle]:
    """Cars of the store's company that fit what was typed so far."""
    text = request.GET.get("q", "") or request.GET.get("plate", "")
    if store is None or len(text.strip()) < 2:
        return []
    cars = Vehicle.objects.filter(company=store.company_id).found_by(text)
    found: list[Any] = list(cars.select_related("owner").order_by("-id")[:8])
    inside = Visit.objects.visible_to(request.actor).in_store().filter(vehicle__in=[one.pk for one in found])
    visits = {one.vehicle_id: one for one in inside}
    for one in found:
        one.inside = visits.get(one.pk)
    return found


@door("service.arrive")
def arrive(request: HouseRequest) -> HttpResponse:
    """A car at the gate: found by plate, VIN or phone, or added with its customer."""
    store = current_store(request)
    first = {"store": store, "plate": request.GET.get("plate", ""), "vin": request.GET.get("vin", "")}
    form = ArriveForm(request.POST or None, by=request.actor, initial=first)
    choice: Any = form.fields["store"]
    if len(choice.queryset[:2]) == 1:  # nothing to choose
        choice.widget = HiddenInput()
    made = submit(request, form, actions.arrive)
    if made and request.actor.may("service.receive", made.store):
        return back(request, _("The car has arrived."), reverse("receive", args=[made.pk]))
    if made:
        return back(request, _("The car has arrived."), made)
    context = {"form": form, "known": _known(request, store), "q": request.GET.get("q", "")}
    return page(request, "service/arrive.html#known" if request.htmx else "service/arrive.html", context)


@door("service.receive")
def receive(request: HouseRequest, pk: int) -> HttpResponse:
    """The walk-round: who drove, what for, until when."""
    visit = _visit(request, pk)
    owner = visit.customer
    first = {
        "driver_name": owner.name if owner else "",
        "driver_phone": owner.phone if owner else "",
        "mileage": visit.vehicle.mileage,
    }
    form = ReceiveForm(request.POST or None, by=request.actor, initial=first)
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
    )


@door("service.promise")
def promise(request: HouseRequest, pk: int) -> HttpResponse:
    """Promise another time and tell the customer."""
    visit = _visit(request, pk)
    form = PromiseForm(request.POST or None, by=request.actor, initial={"promised_at": visit.promised_at})
    return verb_page(
        request,
        form,
        actions.promise,
        visit,
        heading=_("Promise another time"),
        pretitle=plate(str(visit)),
        done=_("Promised."),
    )


@door("service.ready")
def ready(request: HouseRequest, pk: int) -> HttpResponse:
    """The car is ready and the customer has been told."""
    visit = _visit(request, pk)
    form = ReadyForm(request.POST or None, by=request.actor)
    return verb_page(
        request,
        form,
        actions.ready,
        visit,
        heading=_("Ready, customer told"),
        pretitle=plate(str(visit)),
        text=_("No message provider is set up: a message waits in the outbox until somebody tells the customer."),
        done=_("The car is ready."),
    )


@door("service.hand_over")
def hand_over(request: HouseRequest, pk: int) -> HttpResponse:
    """Hand the car over."""
    visit = _visit(request, pk)
    form = HandOverForm(request.POST or None, by=request.actor)
    return verb_page(
        request,
        form,
        actions.hand_over,
        visit,
        heading=_("Hand over"),
        pretitle=plate(str(visit)),
        done=_("Handed over."),
        aside="service/_money.html" if request.actor.may("finance.see_settlements", visit.store) else "",
    )


@door("service.exit")
def exit_visit(request: HouseRequest, pk: int) -> HttpResponse:
    """Let the car go without the work, or with a part of it."""
    visit = _visit(request, pk)
    form = ExitForm(request.POST or None, by=request.actor)
    return verb_page(
        request,
        form,
        actions.exit_visit,
        visit,
        heading=_("Leaves without the work"),
        pretitle=plate(str(visit)),
        text=_("Work that is done and checked stays on the bill; everything else is dropped."),
        danger=True,
        done=_("The car can be handed back."),
    )
