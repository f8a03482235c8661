"""Pages of customers."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext as _

from core.events import events_of
from core.lists import list_page
from core.logbook import note_read
from core.web import HouseRequest, current_store, door, page, verb_page
from customers import actions
from customers.filters import CustomerFilter
from customers.forms import AddCustomerForm, CustomerField, EditCustomerForm
from customers.models import Customer, Merge, Vehicle, VisitNote
from customers.models.consents import words_of_customer
from customers.tables import LEVEL_TONES, CustomerTable

MOST_CARS = 20


def the_customer(request: HttpRequest, pk: int) -> Customer:
    """One customer whom the reader may see, or 404."""
    rows = Customer.objects.visible_to(request.actor).select_related("keeper", "company")  # type: ignore[attr-defined]
    return get_object_or_404(rows, pk=pk)


@door("customers.see_customers", methods=("GET",))
def customers(request: HttpRequest) -> HttpResponse:
    """The customers of the company."""
    rows = Customer.objects.visible_to(request.actor).select_related("keeper")  # type: ignore[attr-defined]
    may = request.actor.may  # type: ignore[attr-defined]
    return list_page(
        request,
        rows=rows.prefetch_related("vehicles"),
        table_class=CustomerTable,
        filterset_class=CustomerFilter,
        orderings={"-id": ("-id",), "name": ("name", "id"), "-name": ("-name", "-id")},
        heading=_("Customers"),
        name="customers",
        new_url=reverse("add_customer") if may("customers.add_customer") else "",
        new_label=_("Add a customer"),
        template="customers/customers.html",
        may_merge=may("customers.merge"),
        empty={
            "icon": "users",
            "title": _("No customers yet"),
            "text": _("They come with their cars, or from a file."),
        },
    )


@door("customers.see_customers", methods=("GET",))
def customer(request: HouseRequest, pk: int) -> HttpResponse:
    """Everything about a customer: who they are, cars, visits and orders, money, calls, messages, what happened."""
    try:
        found = the_customer(request, pk)
    except Http404:
        merged = get_object_or_404(Customer.objects.merged_for(request.actor), pk=pk)
        return redirect("customer", merged.merged_into_id)
    note_read(found, by=request.actor)
    tab, may = request.GET.get("tab", ""), _may(request, found)
    tabs = _tabs(may)
    tab = tab if tab in {key for key, _label in tabs} else ""
    store = current_store(request)
    context = {
        "customer": found,
        "tab": tab,
        "tabs": [
            {"label": label, "url": f"?tab={key}" if key else found.get_absolute_url(), "active": key == tab}
            for key, label in tabs
        ],
        "may": may,
        "tone": LEVEL_TONES.get(found.level, "secondary"),  # type: ignore[call-overload]
        "is_quiet": found.is_quiet_at(now(), store.time_zone if store else "Asia/Shanghai"),
        "words": words_of_customer(found),
        "last_merge": Merge.objects.filter(of="customer", kept_id=found.pk, undone_at=None).order_by("-pk").first(),
        **_shown(found, tab, may),
    }
    return page(request, "customers/customer.html", context)


def _may(request: HouseRequest, found: Customer) -> dict[str, bool]:
    may = request.actor.may
    return {
        "edit": may("customers.edit_customer"),
        "consent": may("customers.note_consent"),
        "merge": may("customers.merge"),
        "add_vehicle": may("customers.add_vehicle"),
        "see_calls": may("customers.see_calls"),
        "see_messages": may("customers.see_messages"),
        "see_money": may("finance.see_settlements"),
        "see_files": may("core.see_attachments"),
        "see_complaints": may("complaints.see_complaints"),
    }


def _tabs(may: dict[str, bool]) -> list[tuple[str, str]]:
    tabs = [("", _("Overview"))]
    if may["see_money"]:
        tabs.append(("money", _("Money")))
    if may["see_calls"] or may["see_messages"]:
        tabs.append(("contacts", _("Calls and messages")))
    tabs.append(("history", _("What happened")))
    if may["see_files"]:
        tabs.append(("files", _("Photos and papers")))
    return tabs


def _shown(found: Customer, tab: str, may: dict[str, bool]) -> dict[str, Any]:
    """What a tab shows; nothing is read that it does not."""
    if tab == "history":
        both = [found, *found.merged.all()]
        events = sorted((one for row in both for one in events_of(row, 40)), key=lambda one: one["at"], reverse=True)
        return {"events": events[:60]}
    calls = found.calls.with_names()
    if tab == "contacts":
        messages = found.messages.select_related("store", "customer").order_by("-id")[:20]
        return {
            "calls": calls.order_by("-id")[:20] if may["see_calls"] else [],
            "words_sent": messages if may["see_messages"] else [],
        }
    if tab == "":
        cars = list(found.vehicles.living().order_by("-id")[:MOST_CARS])
        _with_last_visits(cars)
        return {"vehicles": cars, "open_call": calls.open().order_by("due_on", "id").first()}
    return {}


def _with_last_visits(cars: list[Vehicle]) -> None:
    """When each car was here last and for what: one query for all of them."""
    newest = VisitNote.objects.filter(vehicle__in=cars).order_by("vehicle", "-left_at").distinct("vehicle")
    last = {one.vehicle_id: one for one in newest}
    for car in cars:
        car.last_visit = last.get(car.pk)  # type: ignore[attr-defined]


@door("customers.add_customer")
def add_customer(request: HttpRequest) -> HttpResponse:
    """A new customer."""
    form = AddCustomerForm(request.POST or None, by=request.actor)  # type: ignore[attr-defined]
    return verb_page(
        request,
        form,
        actions.add_customer,
        heading=_("Add a customer"),
        done=_("The customer is added."),
        cancel=reverse("customers"),
    )


@door("customers.edit_customer")
def edit_customer(request: HttpRequest, pk: int) -> HttpResponse:
    """Change what is known of a customer."""
    found = the_customer(request, pk)
    form = EditCustomerForm(request.POST or None, by=request.actor, initial=EditCustomerForm.known(found))  # type: ignore[attr-defined]
    return verb_page(
        request,
        form,
        actions.edit_customer,
        found,
        heading=_("Change %(name)s") % {"name": found},
        submit=_("Save"),
        done=_("The change is saved."),
        extra="customers/_version.html",
        version=request.POST.get("version", "") or found.version,
    )


@door("customers.see_customers", methods=("GET",))
def find_customer(request: HttpRequest) -> HttpResponse:
    """Customers by a piece of the name, the tail of the phone or pinyin initials, as choices of a form's field."""
    name = request.GET.get("field", "owner")
    text = request.GET.get(f"{name}_q", "").strip()[:60]
    rows = Customer.objects.visible_to(request.actor).found_by(text).order_by("name", "pk")  # type: ignore[attr-defined]
    hits = rows[: CustomerField.MOST] if len(text) > 1 or (text and not text.isascii()) else []
    return render(request, "customers/_hits.html", {"hits": hits, "name": name, "typed": text})
