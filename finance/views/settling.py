"""Pages of settling: what each payer will owe, what is taken off, and taking a settlement back."""

from decimal import Decimal
from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _

from core import actions as core
from core.documents import may_see_cost
from core.models import Approval, Matter
from core.notices import asked_said, with_deciders
from core.rows import Refused
from core.templatetags.ui import plate
from core.web import HouseRequest, door, page, verb_page
from finance import actions
from finance.actions.discounts import asked_discount, is_within, percent_of
from finance.actions.drafting import ZERO, Bill, draft
from finance.forms import AskDiscountForm, ReverseSettlementForm, SettleForm
from finance.models import Payment, Settlement
from finance.prints import with_sums
from service.models import Party, Visit


def _visit(request: HouseRequest, pk: int) -> Visit:
    return get_object_or_404(Visit.objects.visible_to(request.actor).with_names(), pk=pk)


def _settlement(request: HouseRequest, pk: int) -> Settlement:
    return get_object_or_404(Settlement.objects.visible_to(request.actor).with_names(), pk=pk)


def _typed(form: forms.Form, name: str) -> Decimal:
    """What stands in a field of money, readable or not yet."""
    try:
        return Decimal(form.fields[name].clean(form[name].value() or 0) or 0)
    except forms.ValidationError:
        return ZERO


def _bills(visit: Visit, form: forms.Form) -> dict[str, Any]:
    """What each payer would owe with what is taken off, and who may take that much off."""
    discount, rounding = _typed(form, "discount"), _typed(form, "rounding")
    problem = ""
    try:
        bills = draft(visit, discount, rounding)
    except Refused as refused:
        bills, problem = draft(visit), " ".join(refused.messages)
    own = next((one for one in bills if one.settlement.payer == Party.Kind.CUSTOMER), None)
    with_sums(line for bill in bills for line in bill.lines)
    return {
        "bills": bills,
        "own": own,
        "problem": problem,
        "missing": _missing(visit, bills),
        "total": sum(one.settlement.amount for one in bills),
        "cut": discount + rounding,
        "percent": percent_of(discount + rounding, own.settlement.gross) if own else ZERO,
        "down_to_yuan": _down_to_yuan(own, rounding) if own else ZERO,
    }


def _missing(visit: Visit, bills: list[Bill]) -> dict[str, str] | None:
    """What has to come before this visit is settled, and the way there; None when it can be settled now."""
    here = {"url": visit.get_absolute_url(), "label": _("To the car")}
    if visit.settled_at:
        return here | {"text": _("This visit is settled already.")}
    if visit.status == Visit.Status.ARRIVED:
        way = {"url": reverse("receive", args=[visit.pk]), "label": _("Receive the car")}
        return way | {"text": _("The car is not received yet.")}
    if visit.status != Visit.Status.READY:
        return here | {"text": _("The car is not ready yet: finish and check its jobs, then tell the customer.")}
    if bills and not visit.explained_at:
        way = {"url": reverse("explain", args=[visit.pk]), "label": _("Explain the bill")}
        return way | {"text": _("The bill is not explained yet: go through it with the customer before it is settled.")}
    return None


def _down_to_yuan(own: Bill, rounding: Decimal) -> Decimal:
    """What is rounded off to come to whole yuan after the discount."""
    before = own.settlement.gross - own.settlement.discount
    return before - before.to_integral_value(rounding="ROUND_DOWN")


def _leave(visit: Visit, bills: dict[str, Any], by: Any) -> dict[str, Any]:
    """How far one goes alone here, and what a manager has granted or is asked."""
    own, asked = bills["own"], with_deciders(asked_discount(visit))
    may = by.may("finance.discount", visit.store)
    is_granted = asked is not None and asked.status == Approval.Status.GRANTED and asked.worth >= bills["cut"]
    return {
        "may_discount": may and own is not None,
        "most_percent": core.authority(by, Matter.DISCOUNT, visit.store) if may else ZERO,
        "most_rounding": core.authority(by, Matter.ROUNDING, visit.store) if may else ZERO,
        "beyond": bool(own and bills["cut"]) and not is_granted and not is_within(by, visit.store, own.settlement),
        "asked": asked,
        "may_see_cost": may_see_cost(by, visit.store),
    }


@door("finance.settle")
def settle(request: HouseRequest, pk: int) -> HttpResponse:
    """Settle a visit: shows what each payer will owe before it is final (rule 11 of the market rules)."""
    visit = _visit(request, pk)
    asked = asked_discount(visit)
    is_live = asked is not None and asked.status != Approval.Status.REFUSED
    known = {"discount": asked.worth, "discount_reason": asked.reason} if asked and is_live else {}
    known |= {name: request.GET[name] for name in ("discount", "rounding") if name in request.GET}
    form = SettleForm(request.POST or None, by=request.actor, initial=known)
    if "preview" in request.POST:
        return _preview(request, visit)
    bills = _bills(visit, form)
    context = {"row": visit, "form": form, **bills, **_leave(visit, bills, request.actor)}
    if request.htmx and request.method == "GET":
        return page(request, "finance/settle.html#bill", context)
    more = {name: value for name, value in context.items() if name not in {"row", "form"}}
    return verb_page(
        request,
        form,
        actions.settle,
        visit,
        heading=_("Settle"),
        pretitle=plate(str(visit)),
        template="finance/settle.html",
        done=_("Settled."),
        **more,
    )


def _preview(request: HouseRequest, visit: Visit) -> HttpResponse:
    """What it would come to, without JavaScript: the same page, nothing settled."""
    data = request.POST.copy()
    form = SettleForm(data, by=request.actor)
    if request.POST["preview"] == "yuan" and (bills := _bills(visit, form))["own"]:
        data["rounding"] = str(bills["down_to_yuan"])
        form = SettleForm(data, by=request.actor)
    bills = _bills(visit, form)
    context = {"heading": _("Settle"), "pretitle": plate(str(visit)), "submit": _("Settle"), "is_preview": True}
    context |= {"row": visit, "form": form, "cancel": visit.get_absolute_url()}
    # refused on purpose: the form's one key is still good for the settling itself
    return render(request, "finance/settle.html", context | bills | _leave(visit, bills, request.actor), status=422)


@door("finance.discount")
def ask_discount(request: HouseRequest, pk: int) -> HttpResponse:
    """Ask a manager for a discount that is beyond one's own authority."""
    visit = _visit(request, pk)
    form = AskDiscountForm(request.POST or None, by=request.actor)
    return verb_page(
        request,
        form,
        actions.ask_discount,
        visit,
        heading=_("Ask for a discount"),
        pretitle=plate(str(visit)),
        target=visit,
        done=asked_said,
    )


@door("finance.reverse_settlement")
def reverse_settlement(request: HouseRequest, pk: int) -> HttpResponse:
    """Reverse the settlements of a visit, so that it can be settled anew; what was paid goes back with it."""
    found = _settlement(request, pk)
    form = ReverseSettlementForm(request.POST or None, by=request.actor)
    paid = Payment.objects.standing().filter(settlement__in=Settlement.objects.standing().filter(visit=found.visit_id))
    payments = list(paid.select_related("settlement__party", "settlement__customer"))
    if not payments:
        form.fields["refund"].widget = forms.HiddenInput()
    return verb_page(
        request,
        form,
        actions.reverse_settlement,
        found,
        heading=_("Reverse the settlement"),
        pretitle=str(found),
        text=_("All settlements of this visit are reversed by counter-entries; the visit can then be settled anew."),
        danger=True,
        done=_("Reversed."),
        aside="finance/_given_back.html" if payments else "",
        payments=payments,
    )
