"""Pages of repair orders: the list, the customer's answer, who pays, the printed order."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from core.actor import allow
from core.lists import list_page
from core.prints import pdf_answer
from core.templatetags.ui import money
from core.web import HouseRequest, door, verb_page
from service import actions
from service.filters import OrderFilter
from service.forms import AddJobForm, AuthoriseForm, NoFieldsForm, ShareLineForm
from service.models import Line, Order
from service.prints import repair_order
from service.tables import OrderTable
from service.views.cars import car_page

ORDERINGS = {"-opened_at": ("-opened_at", "-id"), "opened_at": ("opened_at", "id")}


def _order(request: HouseRequest, pk: int) -> Order:
    return get_object_or_404(Order.objects.visible_to(request.actor).with_names(), pk=pk)


def _line(request: HouseRequest, pk: int) -> Line:
    rows = Line.objects.visible_to(request.actor).select_related("job__order__store", "job__order__visit")
    return get_object_or_404(rows, pk=pk)


@door("service.see_orders", methods=("GET",))
def orders(request: HouseRequest) -> HttpResponse:
    """Repair orders; the tabs are an advisor's questions."""
    rows = Order.objects.visible_to(request.actor).with_names()
    tab = request.GET.get("tab", "open")
    views = {
        "open": (_("Open"), rows.open()),
        "mine": (_("Mine"), rows.open().of_advisor(request.user.pk)),
        "waiting": (_("Customer waits"), rows.waiting()),
        "late": (_("Late"), rows.late()),
        "to_settle": (_("To settle"), rows.to_settle()),
        "all": (_("All"), rows),
    }
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
    found = _order(request, pk)
    visit = type(found.visit).objects.with_names().get(pk=found.visit_id)
    return car_page(request, visit, found)


@door("service.add_job")
def add_job(request: HouseRequest, pk: int) -> HttpResponse:
    """Add something the customer asks for, or extra work."""
    order = _order(request, pk)
    form = AddJobForm(request.POST or None, by=request.actor)
    return verb_page(
        request, form, actions.add_job, order, heading=_("Add a job"), pretitle=str(order), done=_("The job is added.")
    )


@door("service.authorise")
def authorise(request: HouseRequest, pk: int) -> HttpResponse:
    """The customer's answer, line by line."""
    order = _order(request, pk)
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


@door("service.share_line")
def share_line(request: HouseRequest, pk: int) -> HttpResponse:
    """Who pays for a line."""
    line = _line(request, pk)
    shares = [
        {"payer": s.payer, "party": s.party_id, "reason": s.reason, "amount": s.amount} for s in line.shares.all()
    ]
    form = ShareLineForm(request.POST or None, by=request.actor, initial={"shares": shares})
    return verb_page(
        request,
        form,
        actions.share_line,
        line,
        heading=_("Who pays"),
        pretitle=f"{line.name} · {money(line.amount)}",
        target=line.job.order.get_absolute_url(),
        done=_("The payers are noted."),
    )


@door("service.remove_line")
def remove_line(request: HouseRequest, pk: int) -> HttpResponse:
    """Take a line out of the estimate again."""
    line = _line(request, pk)
    form = NoFieldsForm(request.POST or None, by=request.actor)
    return verb_page(
        request,
        form,
        actions.remove_line,
        line,
        heading=_("Take the line out"),
        pretitle=f"{line.name} · {money(line.amount)}",
        template="core/confirm.html",
        target=line.job.order.get_absolute_url(),
        danger=True,
        done=_("The line is out of the estimate."),
    )


@door("service.print", methods=("GET",))
def print_order(request: HouseRequest, pk: int) -> HttpResponse:
    """The repair order (委托书) as a PDF that says what the screen says."""
    order = _order(request, pk)
    allow(request.actor, "service.print", order.store)
    return pdf_answer("repair-order", repair_order(order), str(order))
