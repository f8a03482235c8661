"""Pages of money in and out."""

from decimal import Decimal
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.timezone import now
from django.utils.translation import gettext as _

from core.templatetags.ui import money
from core.web import HouseRequest, back, door, page, submit, verb_page
from finance import actions
from finance.actions.deposits import deposits_for
from finance.forms import PayForm, ReceiveFromPartyForm, RefundForm
from finance.models import CreditAgreement, Payment, Settlement
from service.models import Party, Visit


def _settlement(request: HouseRequest, pk: int) -> Settlement:
    return get_object_or_404(Settlement.objects.visible_to(request.actor).with_names(), pk=pk)


def _offer(found: Settlement, agreement: CreditAgreement | None, deposit: Decimal) -> dict[str, Any]:
    """What stands in the form at first: the customer's deposits and then the rest, or the credit account."""
    first = min(deposit, found.due)
    if not first:
        on_account = agreement is not None and agreement.free >= found.due
        return {"amount": found.due, "method": Payment.Method.ACCOUNT if on_account else None}
    rest = found.due - first
    more = [{"amount": rest, "method": Payment.Method.WECHAT}] if rest else []
    return {"amount": first, "method": Payment.Method.DEPOSIT, "more": more}


@door("finance.pay")
def pay(request: HouseRequest, pk: int) -> HttpResponse:
    """Take money for a settlement, by one means or several; deposits of the customer are offered."""
    found = _settlement(request, pk)
    deposits = deposits_for(found)
    left = sum((one.rest for one in deposits), Decimal(0))
    rows = CreditAgreement.objects.in_force(found.store.business_date(now())).filter(customer=found.customer_id or 0)
    agreement = rows.filter(company=found.store.company_id).first()
    form = PayForm(request.POST or None, by=request.actor, initial=_offer(found, agreement, left))
    absent = ({"deposit"} if not left else set()) | ({"account"} if agreement is None else set())
    method: Any = form.fields["method"]
    method.choices = [(value, label) for value, label in method.choices if value not in absent]
    paid = submit(request, form, actions.pay, found)
    if paid is not None:
        return back(request, _said(form.cleaned_data, paid), found)
    context = {
        "heading": _("Take payment"),
        "pretitle": f"{found} · {found.payer_name}",
        "form": form,
        "row": found,
        "settlement": found,
        "deposits": deposits,
        "agreement": agreement,
        "submit": _("Take payment"),
        "cancel": found.get_absolute_url(),
    }
    return page(request, "finance/pay.html", context)


@door("finance.pay", methods=("GET",))
def pay_visit(request: HouseRequest, pk: int) -> HttpResponse:
    """The way from a car to what its customer still pays; back to the car where that is nothing."""
    visit = get_object_or_404(Visit.objects.visible_to(request.actor), pk=pk)
    own = Settlement.objects.visible_to(request.actor).filter(visit=visit).to_pay().of_customer().first()
    return redirect("pay", own.pk) if own else redirect(visit)


def _said(told: dict[str, Any], settlement: Settlement) -> str:
    """What was done, with the change that goes back to the customer."""
    if told.get("given"):
        means = [told, *told["more"]]
        change = told["given"] - sum(one["amount"] for one in means if one["method"] == Payment.Method.CASH)
        return _("Paid. Change: %(change)s") % {"change": money(change)}
    if settlement.due > 0:
        return _("Paid. %(due)s is still to pay.") % {"due": money(settlement.due)}
    return _("Paid.")


@door("finance.refund")
def refund(request: HouseRequest, pk: int) -> HttpResponse:
    """Give a payment back by a counter-entry."""
    rows = Payment.objects.visible_to(request.actor).select_related("store", "settlement__visit")
    payment = get_object_or_404(rows, pk=pk)
    form = RefundForm(request.POST or None, by=request.actor)
    return verb_page(
        request,
        form,
        actions.refund,
        payment,
        heading=_("Refund"),
        pretitle=f"{payment} · {money(payment.amount)} · {payment.get_method_display()}",
        text=_where(payment),
        target=payment.settlement,
        danger=True,
        done=_("Refunded by a counter-entry."),
    )


def _where(payment: Payment) -> str:
    """Where the money goes, in words that the cashier can say."""
    if payment.method == Payment.Method.DEPOSIT:
        return _("The amount goes back to the deposit %(number)s.") % {"number": payment.deposit}
    if payment.method == Payment.Method.ACCOUNT:
        return _("The amount goes off the credit account.")
    if payment.method == Payment.Method.WRITE_OFF:
        return _("What was written off is owed again.")
    return _("The money goes back the way it came: %(method)s.") % {"method": payment.get_method_display()}


@door("finance.pay")
def receive_from_party(request: HouseRequest, pk: int) -> HttpResponse:
    """One payment of an insurer or manufacturer for several settlements."""
    party = get_object_or_404(Party.objects.visible_to(request.actor), pk=pk)
    rows = Settlement.objects.visible_to(request.actor).to_pay().filter(party=party).with_names()
    open_ones: list[Any] = list(rows.order_by("due_on", "id")[:200])
    form = ReceiveFromPartyForm(request.POST or None, by=request.actor)
    settlements: Any = form.fields["settlements"]
    settlements.queryset = rows
    chosen = set(map(str, form["settlements"].value() or []))
    for one in open_ones:
        one.is_chosen = str(one.pk) in chosen
    return verb_page(
        request,
        form,
        actions.receive_from_party,
        party,
        heading=_("Payment of %(party)s") % {"party": party},
        template="finance/receive_from_party.html",
        target=f"/settlements/?tab=receivables&party={party.pk}",
        done=_("Paid."),
        open_ones=open_ones,
        total=sum(one.due for one in open_ones),
    )
