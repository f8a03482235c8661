"""Pages of deposits (订金)."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from core.events import events_of
from core.lists import list_page
from core.templatetags.ui import plate
from core.web import HouseRequest, door, page, verb_page
from customers.models import Customer
from finance import actions
from finance.filters import DepositFilter
from finance.forms import ReturnDepositForm, TakeDepositForm, VisitDepositForm
from finance.models import Deposit
from finance.tables import DepositTable
from service.models import Visit


@door("finance.take_deposit")
def take_visit_deposit(request: HouseRequest, pk: int) -> HttpResponse:
    """Take a deposit for the work of a visit, such as for a part that is ordered."""
    visit = get_object_or_404(Visit.objects.visible_to(request.actor).with_names().select_related("payer"), pk=pk)
    customer = visit.payer or visit.customer
    form = VisitDepositForm(request.POST or None, by=request.actor)
    if customer is None:
        form.fields.clear()
    return verb_page(
        request,
        form,
        actions.take_visit_deposit,
        visit,
        heading=_("Take a deposit"),
        pretitle=f"{plate(str(visit))} · {customer or '–'}",
        target=visit,
        done=_("The deposit is taken."),
    )


@door("finance.take_deposit")
def take_deposit(request: HouseRequest, pk: int) -> HttpResponse:
    """Take a deposit of a customer before there is a visit."""
    customer = get_object_or_404(Customer.objects.visible_to(request.actor), pk=pk)
    form = TakeDepositForm(request.POST or None, by=request.actor)
    return verb_page(
        request,
        form,
        actions.take_deposit,
        customer,
        heading=_("Take a deposit"),
        pretitle=str(customer),
        done=_("The deposit is taken."),
    )


@door("finance.see_settlements", methods=("GET",))
def deposits(request: HouseRequest) -> HttpResponse:
    """Deposits: those of which something is left, and all."""
    rows = Deposit.objects.visible_to(request.actor).with_names()
    views = {"left": (_("Something left"), rows.with_rest()), "all": (_("All"), rows)}
    tab = request.GET.get("tab", "left")
    return list_page(
        request,
        rows=views.get(tab, views["left"])[1],
        table_class=DepositTable,
        filterset_class=DepositFilter,
        orderings={"-at": ("-at", "-id"), "at": ("at", "id")},
        heading=_("Deposits"),
        name="deposits",
        tabs=[{"label": one[0], "url": f"?tab={key}", "active": key == tab} for key, one in views.items()],
        empty={"icon": "wallet", "title": _("No deposit is open"), "text": _("They are taken on the car's page.")},
    )


@door("finance.see_settlements", methods=("GET",))
def deposit(request: HouseRequest, pk: int) -> HttpResponse:
    """One deposit: what it paid, what was given back, what is left."""
    rows = Deposit.objects.visible_to(request.actor).with_names().select_related("taken_by", "returns")
    found = get_object_or_404(rows, pk=pk)
    context = {
        "deposit": found,
        "payments": found.payments.select_related("settlement").order_by("pk"),
        "returned": found.counter_entries.order_by("pk"),
        "events": events_of(found),
        "may_return": not found.returns_id
        and found.rest > 0
        and request.actor.may("finance.return_deposit", found.store),
    }
    return page(request, "finance/deposit.html", context)


@door("finance.return_deposit")
def return_deposit(request: HouseRequest, pk: int) -> HttpResponse:
    """Give back what is left of a deposit, or a part of it."""
    found = get_object_or_404(Deposit.objects.visible_to(request.actor).with_names(), pk=pk)
    known = {"amount": found.rest, "method": found.method}
    form = ReturnDepositForm(request.POST or None, by=request.actor, initial=known)
    return verb_page(
        request,
        form,
        actions.return_deposit,
        found,
        heading=_("Give the deposit back"),
        pretitle=f"{found} · {found.customer}",
        danger=True,
        done=_("Given back by a counter-entry."),
    )
