"""The public page of a store, the receipt of a case, the poster for the desk, and the piece of a case's page."""

from typing import Any

import segno
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from complaints import actions
from complaints.actions.public import is_followed
from complaints.forms.public import ComplainForm
from complaints.models import Complaint
from complaints.models.pages import page_address, store_of_page, visitor
from complaints.views.follow import case_of_link, nothing_here, speak
from core.actor import Actor
from core.models import Store
from core.web import HouseRequest, answer, current_store, door, open_page, submit
from core.web.limits import client_ip, is_too_often

HOUR = 3600


def qr(address: str) -> str:
    """An address as a picture to scan."""
    return str(segno.make(address, error="m").svg_data_uri(scale=5, border=2))


def _took(actor: Actor, complaint: Complaint) -> bool:
    """Whether this very person took the case in; two colleagues may share a name."""
    return actor.pk is not None and complaint.channels.filter(by=actor.pk).exists()


def shown(request: HouseRequest, complaint: Complaint) -> dict[str, Any]:
    """The customer's address of a case, for those who tell customers and for who took it in at the counter."""
    actor = request.actor
    may = is_followed(complaint) and (
        actor.may("complaints.tell_customer", complaint.store)
        or (actor.may("complaints.register", complaint.store) and _took(actor, complaint))
    )
    return {
        "public_address": complaint.address if may else "",
        "public_qr": qr(complaint.address) if may else "",
        "public_receipt": reverse("case_receipt", args=[complaint.token]) if may else "",
    }


@open_page("complaints.complain", most=600)
def complain(request: HouseRequest, token: str) -> HttpResponse:
    """Anybody tells a store something, without an account: a complaint, a question, a suggestion."""
    speak(request)
    store = store_of_page(token)
    if store is None:
        return nothing_here(request)
    if request.method != "POST":
        return _form_page(request, store, ComplainForm())
    if request.user.is_authenticated:
        raise PermissionDenied(_("You are signed in as an employee. Take the case in at the desk."))
    if is_too_often(f"complain-tried:{client_ip(request)}", 60, HOUR // 6):
        return answer(request, 429, _("Too many requests. Wait a moment."))
    form = ComplainForm(request.POST, request.FILES)
    request.actor = visitor(store, request.POST.get("name", "").strip()[:80])
    if form.is_valid() and _too_often(request, form.cleaned_data["phone"]):
        form.add_error(None, _("That is a great deal in one hour. Please call us instead, or try again later."))
        return _form_page(request, store, form, status=429)
    made = submit(request, form, actions.complain, store)
    return redirect("case_receipt", token=made.token) if made else _form_page(request, store, form, status=422)


def _too_often(request: HouseRequest, phone: str) -> bool:
    """Twenty cases an hour from one place, which may be the store's own network, and five under one number."""
    by_place = is_too_often(f"complain:{client_ip(request)}", 20, HOUR)
    return bool(phone and is_too_often(f"complain:{phone}", 5, HOUR)) or by_place


def _form_page(request: HouseRequest, store: Store, form: ComplainForm, status: int = 200) -> HttpResponse:
    return render(request, "complaints/complain.html", {"store": store, "form": form}, status=status)


@open_page("complaints.follow", methods=("GET",))
def case_receipt(request: HouseRequest, token: str) -> HttpResponse:
    """The receipt: the number of the case and the address by which it is followed, to keep or to print."""
    speak(request)
    case = case_of_link(token)
    if case is None:
        return nothing_here(request)
    context = {"case": case, "store": case.store, "address": case.address, "qr": qr(case.address)}
    return render(request, "complaints/receipt.html", context)


@door("complaints.see_complaints", methods=("GET",))
def poster(request: HouseRequest) -> HttpResponse:
    """The QR code of a store's public page, to be printed and put on the desk."""
    stores = Store.objects.for_verb(request.actor, "complaints.see_complaints")
    wanted = request.GET.get("store", "")
    chosen = current_store(request)
    if wanted.isdecimal() and len(wanted) < 10:
        chosen = get_object_or_404(stores, pk=int(wanted))
    if chosen is None or not stores.filter(pk=chosen.pk).exists():
        chosen = stores.first()
    store = get_object_or_404(stores, pk=chosen.pk if chosen else 0)
    address = page_address(store)
    context = {"store": store, "address": address, "qr": qr(address), "stores": list(stores[:30])}
    return render(request, "complaints/poster.html", context)
