"""Pages of the cars in the store and of their arrival, one by one or a whole fleet."""

import uuid
from typing import Any

from django.forms import HiddenInput
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.lists import list_page
from core.models import Store
from core.templatetags.ui import plate
from core.web import HouseRequest, back, current_store, door, page, submit, toast, verb_page
from customers.models import Vehicle
from service import actions
from service.filters import VisitFilter
from service.forms import ArriveFleetForm, ArriveForm, NoFieldsForm
from service.models import Visit
from service.tables import VisitTable, tap
from service.views.cars import car_page

ORDERINGS = {"-arrived_at": ("-arrived_at", "-id"), "arrived_at": ("arrived_at", "id")}


def visit_of(request: HouseRequest, pk: int) -> Visit:
    """A visit that this reader may see."""
    return get_object_or_404(Visit.objects.visible_to(request.actor).with_names(), pk=pk)


@door("service.see_visits", methods=("GET",))
def visits(request: HouseRequest) -> HttpResponse:
    """Cars in the store; the tabs show what a service advisor asks first."""
    rows = Visit.objects.visible_to(request.actor).with_names().with_stage()
    tab = request.GET.get("tab", "in")
    views = {
        "in": (_("In the store"), rows.in_store()),
        "mine": (_("Mine"), rows.in_store().of_advisor(request.user.pk)),
        "arrived": (_("To receive"), rows.filter(status=Visit.Status.ARRIVED)),
        "waiting": (_("Customer waits"), rows.waiting()),
        "late": (_("Late"), rows.late()),
        "all": (_("All"), rows),
    }
    may_arrive = request.actor.may("service.arrive")

    def prepare(found: list[Any]) -> None:
        for one in found:
            one.step = _first_step(request, one)

    return list_page(
        request,
        rows=views.get(tab, views["in"])[1],
        table_class=VisitTable,
        filterset_class=VisitFilter,
        orderings=ORDERINGS,
        heading=_("Cars in the store"),
        name="visits",
        prepare=prepare,
        new_url=reverse("arrive") if may_arrive else "",
        new_label=_("Receive a car"),
        tabs=[{"label": one[0], "url": f"?tab={key}", "active": key == tab} for key, one in views.items()],
        empty={
            "icon": "car-garage",
            "title": _("No car here"),
            "text": _("Cars show up here as soon as somebody registers their arrival."),
            "url": reverse("arrive") if may_arrive else "",
            "label": _("Receive a car"),
        },
    )


def _first_step(request: HouseRequest, visit: Visit) -> Any:
    """Greeting with one tap, or reception, while the customer still stands in the yard."""
    if visit.status != Visit.Status.ARRIVED:
        return ""
    if request.actor.may("service.receive", visit.store):
        return tap(request, reverse("receive", args=[visit.pk]), _("Receive the car"), is_link=True)
    if visit.greeted_at is None and request.actor.may("service.greet", visit.store):
        return tap(request, f"{reverse('greet', args=[visit.pk])}?next={reverse('visits')}", _("Greeted"))
    return ""


@door("service.see_visits", methods=("GET",))
def visit(request: HouseRequest, pk: int) -> HttpResponse:
    """The page of a car in the store."""
    return car_page(request, visit_of(request, pk))


def known_cars(request: HouseRequest, store: Store | None, text: str) -> list[Any]:
    """Cars of the store's company that fit what was typed so far, each with its visit when it is here already."""
    if store is None or len(text.strip()) < 2:
        return []
    cars = Vehicle.objects.filter(company=store.company_id).found_by(text)
    found: list[Any] = list(cars.select_related("owner").order_by("-id")[:8])
    inside = Visit.objects.visible_to(request.actor).in_store().filter(vehicle__in=[one.pk for one in found])
    visits = {one.vehicle_id: one for one in inside}
    for one in found:
        one.inside = visits.get(one.pk)
    return found


def only_store(form: Any) -> None:
    """Where there is one store only, nobody is asked which."""
    choice: Any = form.fields["store"]
    if len(choice.queryset[:2]) == 1:
        choice.widget = HiddenInput()


@door("service.arrive")
def arrive(request: HouseRequest) -> HttpResponse:
    """A car at the gate: found by plate, VIN, phone or name, or added with its customer."""
    store = current_store(request)
    first = {"store": store, "plate": request.GET.get("plate", ""), "vin": request.GET.get("vin", "")}
    form = ArriveForm(request.POST or None, by=request.actor, initial=first)
    only_store(form)
    made = submit(request, form, actions.arrive)
    if made and request.actor.may("service.receive", made.store):
        return back(request, _("The car has arrived."), reverse("receive", args=[made.pk]))
    if made:
        return back(request, _("The car has arrived."), made)
    text = request.GET.get("q", "") or request.GET.get("plate", "")
    context = {
        "form": form,
        "store": store,
        "known": known_cars(request, store, text),
        "q": request.GET.get("q", ""),
        "may_receive": request.actor.may("service.receive", store) if store else False,
        "may_quick": request.actor.may("service.receive_quick", store) if store else False,
    }
    is_piece = request.htmx and not form.is_bound  # what is known of a plate while it is typed
    return page(request, "service/arrive.html#known" if is_piece else "service/arrive.html", context)


@door("service.arrive")
def arrive_fleet(request: HouseRequest) -> HttpResponse:
    """Several cars of one firm; those that cannot be let in stay on the page with what is wrong."""
    form = ArriveFleetForm(request.POST or None, by=request.actor, initial={"store": current_store(request)})
    only_store(form)
    found = submit(request, form, actions.arrive_fleet)
    context: dict[str, Any] = {"heading": _("Several cars of a fleet"), "form": form, "cancel": reverse("arrive")}
    if found is None:
        return page(request, "service/arrive_fleet.html", context)
    count = len(found.visits)
    told = ngettext("%(n)s car is in.", "%(n)s cars are in.", count) % {"n": count}
    if not found.refused:
        return back(request, told, f"{reverse('visits')}?tab=arrived")
    cars: Any = form.fields["cars"].widget
    for i, field, sentence in found.refused:
        cars.forms[i].add_error(field if field in cars.forms[i].fields else None, sentence)
    cars.forms = [cars.forms[i] for i, _field, _sentence in found.refused]
    # 200 and a new token: the good ones are in, and the rest is another request
    toast(request, told)
    return render(request, "service/arrive_fleet.html", context | {"done": found.visits, "token": uuid.uuid4()})


@door("service.greet")
def greet(request: HouseRequest, pk: int) -> HttpResponse:
    """The first word to the customer was said."""
    visit = visit_of(request, pk)
    form = NoFieldsForm(request.POST or None, by=request.actor)
    return verb_page(
        request,
        form,
        actions.greet,
        visit,
        heading=_("Customer greeted"),
        pretitle=plate(str(visit.vehicle)),
        template="core/confirm.html",
        done=_("The customer is greeted."),
    )
