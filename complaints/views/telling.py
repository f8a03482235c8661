"""What is said in a case later, ways by which it comes again, tries to reach the customer, cases that belong to it."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _

from complaints import actions
from complaints.forms import AddChannelForm, AddWordForm, CaseField, LinkCaseForm, NoteAttemptForm, UnlinkCaseForm
from complaints.models import Complaint
from complaints.prints import receipt, registration
from complaints.tables import CASE_TONES
from complaints.views.cases import case_of
from core.actor import allow
from core.prints import pdf_answer
from core.web import HouseRequest, door, page, shown_once, verb_page
from customers.models import Customer, Vehicle
from service.models import Visit

MOST = 10  # cases that a piece of another page shows


@door("complaints.add_word")
def add_word(request: HouseRequest, pk: int) -> HttpResponse:
    """Write a note into a case."""
    form = AddWordForm(request.POST or None, request.FILES or None, by=request.actor)
    found = case_of(request, pk)
    return verb_page(
        request, form, actions.add_word, found, heading=_("Add a note"), pretitle=str(found), done=_("It is noted.")
    )


@door("complaints.add_channel")
def add_channel(request: HouseRequest, pk: int) -> HttpResponse:
    """The same case came in by another way too."""
    form = AddChannelForm(request.POST or None, request.FILES or None, by=request.actor)
    found = case_of(request, pk)
    return verb_page(
        request,
        form,
        actions.add_channel,
        found,
        heading=_("It came in by another way too"),
        pretitle=str(found),
        submit=_("Note it"),
        done=_("It is noted."),
    )


@door("complaints.note_attempt")
def note_attempt(request: HouseRequest, pk: int) -> HttpResponse:
    """A try to reach the customer."""
    form = NoteAttemptForm(request.POST or None, by=request.actor)
    found = case_of(request, pk)
    return verb_page(
        request,
        form,
        actions.note_attempt,
        found,
        heading=_("Note a try to reach the customer"),
        pretitle=str(found),
        submit=_("Note it"),
        done=_("It is noted."),
    )


@door("complaints.link_case")
def link_case(request: HouseRequest, pk: int) -> HttpResponse:
    """Two cases belong together."""
    found = case_of(request, pk)
    first = {"other": request.GET.get("other"), "relation": request.GET.get("relation")}
    form = LinkCaseForm(request.POST or None, by=request.actor, initial={k: v for k, v in first.items() if v})
    return verb_page(
        request,
        form,
        actions.link_case,
        found,
        heading=_("Link with another case"),
        pretitle=str(found),
        submit=_("Link cases"),
        done=_("The two cases are linked."),
    )


@door("complaints.link_case")
def unlink_case(request: HouseRequest, pk: int) -> HttpResponse:
    """Two cases go their own ways again."""
    found = case_of(request, pk)
    other = found.same_as or found.repeat_of
    return verb_page(
        request,
        UnlinkCaseForm(request.POST or None, by=request.actor),
        actions.unlink_case,
        found,
        heading=_("Separate the two cases"),
        pretitle=str(found),
        text=_("This case and %(other)s go their own ways again.") % {"other": other} if other else "",
        done=_("The cases are separate again."),
    )


@door("complaints.see_complaints", methods=("GET",))
def find_case(request: HouseRequest) -> HttpResponse:
    """Cases by number, name, phone, plate or a word, as choices of a form's field."""
    name = request.GET.get("field", "other")[:40]
    text = request.GET.get(f"{name}_q", "").strip()[:60]
    rows = Complaint.objects.visible_to(request.actor).ours().found_by(text).with_names()
    hits = rows.order_by(*CaseField.ORDER)[: CaseField.MOST] if len(text) > 1 else []
    return render(request, "complaints/_hits.html", {"hits": hits, "name": name, "typed": text})


@door("complaints.see_complaints", methods=("GET",))
def customer_complaints(request: HouseRequest, pk: int) -> HttpResponse:
    """The cases of a customer: a piece of the customer's page, or a page of its own without JavaScript."""
    customer = get_object_or_404(Customer.objects.visible_to(request.actor), pk=pk)
    return _of(request, customer, customer=customer)


@door("complaints.see_complaints", methods=("GET",))
def vehicle_complaints(request: HouseRequest, pk: int) -> HttpResponse:
    """The cases about a car: a piece of the car's page."""
    vehicle = get_object_or_404(Vehicle.objects.visible_to(request.actor), pk=pk)
    return _of(request, vehicle, vehicle=vehicle)


@door("complaints.see_complaints", methods=("GET",))
def visit_complaints(request: HouseRequest, pk: int) -> HttpResponse:
    """The cases about the orders of a visit: a piece of the order's page, nothing where there are none."""
    visit = get_object_or_404(Visit.objects.visible_to(request.actor).with_names(), pk=pk)
    rows = Complaint.objects.visible_to(request.actor).filter(order__visit=visit).select_related("order")
    found: list[Any] = list(rows.order_by("-received_at", "-id")[:MOST])
    for one in found:
        one.tone = CASE_TONES[Complaint.Status(one.status)]
    template = "complaints/visit_complaints.html"
    return page(request, f"{template}#piece" if request.htmx else template, {"visit": visit, "rows": found})


def _of(request: HouseRequest, row: Customer | Vehicle, **whose: object) -> HttpResponse:
    rows = Complaint.objects.visible_to(request.actor).filter(**whose).with_names().order_by("-received_at", "-id")
    found = list(rows[: MOST + 1])
    context = {
        "row": row,
        "name": next(iter(whose)),
        "rows": found[:MOST],
        "has_more": len(found) > MOST,
        "may_register": request.actor.may("complaints.register"),
    }
    return page(request, "complaints/_of.html#piece" if request.htmx else "complaints/_of.html", context)


@door("complaints.print", methods=("GET",))
def print_registration(request: HouseRequest, pk: int) -> HttpResponse:
    """《顾客投诉登记表》 as a PDF."""
    found = _numbered(request, pk)
    return pdf_answer("complaint-registration", registration(found), str(found))


@door("complaints.print", methods=("GET",))
def print_receipt(request: HouseRequest, pk: int) -> HttpResponse:
    """The customer's receipt (受理回执) with the address of the case, as a PDF."""
    found = _numbered(request, pk)
    return shown_once(pdf_answer("complaint-receipt", receipt(found), f"{found}-receipt"))


def _numbered(request: HouseRequest, pk: int) -> Complaint:
    """A case that was made here: a loaded one has no number, and there is nothing to print of it."""
    found = case_of(request, pk)
    allow(request.actor, "complaints.print", found.store)
    if not found.number:
        raise Http404
    return found
