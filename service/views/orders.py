"""Pages of repair orders: the list, the customer's answer, the printed order."""

from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _

from core.actor import allow
from core.lists import list_page
from core.prints import pdf_answer
from core.templatetags.ui import money
from core.web import HouseRequest, door, verb_page
from service import actions
from service.filters import OrderFilter
from service.forms import AddJobForm, AuthoriseForm, EditOrderForm
from service.models import Line, Order
from service.prints import repair_order
from service.tables import OrderTable
from service.views.cars import car_page
from service.views.estimates import order_of

ORDERINGS = {"-opened_at": ("-opened_at", "-id"), "opened_at": ("opened_at", "id")}


@door("service.see_orders", methods=("GET",))
def orders(request: HouseRequest) -> HttpResponse:
    """Repair orders; the tabs are an advisor's questions."""
    rows = Order.objects.visible_to(request.actor).with_names()
    actor = request.actor
    views = {
        "mine": (_("Mine"), rows.open().of_advisor(request.user.pk)),
        "waiting": (_("Customer waits"), rows.waiting()),
        "late": (_("Late"), rows.late()),
        "parts": (_("Waiting for parts"), rows.waiting_for_parts()),
        "to_settle": (_("To settle"), rows.to_settle()),
        "open": (_("Open"), rows.open()),
        "all": (_("All"), rows),
    }
    # an advisor asks for their own first; whoever looks after all of them sees all of them
    own = actor.may("service.receive") and not actor.may("dealer.see_dashboard")
    tab = request.GET.get("tab", "mine" if own else "open")
    return list_page(
        request,
        rows=views.get(tab, views["open"])[1],
        table_class=OrderTable,
        filterset_class=OrderFilter,
        orderings=ORDERINGS,
        heading=_("Repair orders"),
        name="orders",
        tabs=[{"label": one[0], "url": f"?tab={key}", "active": key == tab} for key, one in views.items()],
        empty={"icon": "clipboard-list", "title": _("No order here")},
    )


@door("service.see_orders", methods=("GET",))
def order(request: HouseRequest, pk: int) -> HttpResponse:
    """One repair order, on the page of its car."""
    found = order_of(request, pk)
    visit = type(found.visit).objects.with_names().get(pk=found.visit_id)
    return car_page(request, visit, found)


@door("service.add_job")
def add_job(request: HouseRequest, pk: int) -> HttpResponse:
    """Add something the customer asks for, or extra work."""
    order = order_of(request, pk)
    form = AddJobForm(request.POST or None, by=request.actor)
    form.only_of(order.visit)
    return verb_page(
        request, form, actions.add_job, order, heading=_("Add a job"), pretitle=str(order), done=_("The job is added.")
    )


@door("service.authorise")
def authorise(request: HouseRequest, pk: int) -> HttpResponse:
    """The customer's answer, line by line."""
    order = order_of(request, pk)
    lines: list[Any] = list(
        Line.objects.open().filter(job__order=order).with_own_amount().order_by("job__position", "id")
    )
    driver = order.visit.driver_name or (order.visit.customer.name if order.visit.customer else "")
    first = {
        "answers": [
            {
                "line": line.pk,
                "answer": Line.Consent.AUTHORISED,
                "label": f"{i}. {line.name} · {money(line.own_amount)} · {line.job.words}",
            }
            for i, line in enumerate(lines, 1)
        ],
        "consent_by": driver,
    }
    form = AuthoriseForm(request.POST or None, by=request.actor, initial=first)
    return verb_page(
        request,
        form,
        actions.authorise,
        order,
        heading=_("Customer's answer"),
        pretitle=str(order),
        done=_("The answers are on record."),
        template="service/authorise.html",
        lines=lines,
        total=sum(line.amount for line in lines),
        own=sum(line.own_amount for line in lines),
    )


@door("service.edit_visit")
def edit_order(request: HouseRequest, pk: int) -> HttpResponse:
    """The manufacturer's own number of an order."""
    order = order_of(request, pk)
    form = EditOrderForm(request.POST or None, by=request.actor, initial={"oem_number": order.oem_number})
    return verb_page(
        request,
        form,
        actions.edit_order,
        order,
        heading=_("Manufacturer's order number"),
        pretitle=str(order),
        submit=_("Save"),
        done=_("The change is saved."),
        extra="customers/_version.html",
        version=request.POST.get("version", "") or order.version,
    )


@door("service.print", methods=("GET",))
def print_order(request: HouseRequest, pk: int) -> HttpResponse:
    """The repair order (委托书) as a PDF that says what the screen says."""
    order = order_of(request, pk)
    allow(request.actor, "service.print", order.store)
    return pdf_answer("repair-order", repair_order(order), str(order))
