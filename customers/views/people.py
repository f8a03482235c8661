"""Pages of customers."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _

from core.events import events_of
from core.lists import list_page
from core.logbook import note_read
from core.web import door, page, verb_page
from customers import actions
from customers.filters import CustomerFilter
from customers.forms import AddCustomerForm, CustomerField, EditCustomerForm
from customers.models import Customer
from customers.tables import CustomerTable


def _customer(request: HttpRequest, pk: int) -> Customer:
    rows = Customer.objects.visible_to(request.actor).select_related("keeper", "company")  # type: ignore[attr-defined]
    return get_object_or_404(rows, pk=pk)


@door("customers.see_customers", methods=("GET",))
def customers(request: HttpRequest) -> HttpResponse:
    """The customers of the company."""
    rows = Customer.objects.visible_to(request.actor).select_related("keeper")  # type: ignore[attr-defined]
    may_add = request.actor.may("customers.add_customer")  # type: ignore[attr-defined]
    return list_page(
        request,
        rows=rows.prefetch_related("vehicles"),
        table_class=CustomerTable,
        filterset_class=CustomerFilter,
        orderings={"-id": ("-id",), "name": ("name", "id"), "-name": ("-name", "-id")},
        heading=_("Customers"),
        name="customers",
        new_url=reverse("add_customer") if may_add else "",
        new_label=_("Add a customer"),
        empty={
            "icon": "users",
            "title": _("No customers yet"),
            "text": _("They come with their cars, or from a file."),
        },
    )


@door("customers.see_customers", methods=("GET",))
def customer(request: HttpRequest, pk: int) -> HttpResponse:
    """Everything about a customer on one page: data, cars, visits, calls, and what happened."""
    found = _customer(request, pk)
    actor = request.actor  # type: ignore[attr-defined]
    note_read(found, by=actor)
    context = {
        "customer": found,
        "vehicles": found.vehicles.order_by("-id")[:20],
        "notes": found.visit_notes.select_related("vehicle", "store").order_by("-left_at")[:12],
        "calls": found.calls.select_related("note__vehicle", "agent").order_by("-id")[:12],
        "events": events_of(found, 20),
        "may_edit": actor.may("customers.edit_customer"),
        "may_add_vehicle": actor.may("customers.add_vehicle"),
        "may_see_calls": actor.may("customers.see_calls"),
    }
    return page(request, "customers/customer.html", context)


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
    found = _customer(request, pk)
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
    """Customers by a piece of the name or the tail of the phone, as choices of a form's field."""
    name = request.GET.get("field", "owner")
    text = request.GET.get(f"{name}_q", "").strip()[:60]
    rows = Customer.objects.visible_to(request.actor).found_by(text).order_by("name", "pk")  # type: ignore[attr-defined]
    hits = rows[: CustomerField.MOST] if len(text) > 1 or (text and not text.isascii()) else []
    return render(request, "customers/_hits.html", {"hits": hits, "name": name, "typed": text})
