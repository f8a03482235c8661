"""Pages of money and the gate: settling, paying, gate passes, the guard's list."""

from collections.abc import Iterable
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _

from core.actor import allow
from core.lists import list_page
from core.prints import pdf_answer
from core.templatetags.ui import money, plate
from core.web import HouseRequest, door, page, verb_page
from finance import actions
from finance.filters import GatePassFilter, SettlementFilter
from finance.forms import LetOutForm, PayForm, RefundForm, ReverseSettlementForm
from finance.models import GatePass, Payment, Settlement
from finance.prints import gate_pass as gate_pass_print
from finance.prints import settlement_list
from finance.tables import GatePassTable, SettlementTable, state_of
from service.forms import NoFieldsForm
from service.models import Line, Party, Share, Visit


def _visit(request: HouseRequest, pk: int) -> Visit:
    return get_object_or_404(Visit.objects.visible_to(request.actor).with_names(), pk=pk)


def _settlement(request: HouseRequest, pk: int) -> Settlement:
    return get_object_or_404(Settlement.objects.visible_to(request.actor).with_names(), pk=pk)


def _may_pass(visit: Visit, actor: Any) -> bool:
    """Whether the cashier's next step is the gate pass: handed over, nothing owed by the customer, no pass yet."""
    if visit.status != Visit.Status.HANDED_OVER or not actor.may("finance.issue_gate_pass", visit.store):
        return False
    owed = Settlement.objects.to_pay().of_customer().filter(visit=visit)
    return not owed.exists() and not GatePass.objects.filter(visit=visit, cancelled_at=None).exists()


@door("finance.settle")
def settle(request: HouseRequest, pk: int) -> HttpResponse:
    """Settle a visit: shows what each payer will owe before it is final (rule 11 of the market rules)."""
    visit = _visit(request, pk)
    form = NoFieldsForm(request.POST or None, by=request.actor)
    shares = Share.objects.filter(line__in=Line.objects.charged().filter(job__order__visit=visit))
    shares = shares.select_related("line", "party").order_by("payer", "party", "line")
    return verb_page(
        request,
        form,
        actions.settle,
        visit,
        heading=_("Settle"),
        pretitle=plate(str(visit)),
        template="finance/settle.html",
        done=_("Settled."),
        payers=_by_payer(shares),
        total=sum(share.amount for share in shares),
    )


def _by_payer(shares: Iterable[Share]) -> list[dict[str, Any]]:
    """The shares in piles, one a payer, each with what it comes to; the customer's first."""
    piles: dict[tuple[bool, str], list[Share]] = {}
    for share in shares:
        is_other = share.payer != Party.Kind.CUSTOMER
        piles.setdefault((is_other, str(share.party or share.get_payer_display())), []).append(share)
    return [
        {"name": name, "shares": pile, "amount": sum(one.amount for one in pile)}
        for (_is_other, name), pile in sorted(piles.items(), key=lambda one: one[0])
    ]


@door("finance.see_settlements", methods=("GET",))
def visit_money(request: HouseRequest, pk: int) -> HttpResponse:
    """A visit's settlements and gate pass: a piece of the car's page, or a page of its own without JavaScript."""
    visit = _visit(request, pk)
    actor = request.actor
    settlements: list[Any] = list(Settlement.objects.standing().filter(visit=visit).with_names().order_by("id"))
    for one in settlements:
        one.tone, one.state = state_of(one)
    owed = any(one.due > 0 for one in settlements if one.payer == "customer")
    handed_over = visit.status == Visit.Status.HANDED_OVER
    gate_pass = GatePass.objects.filter(visit=visit, cancelled_at__isnull=True).first()
    context = {
        "visit": visit,
        "settlements": settlements,
        "gate_pass": gate_pass,
        "may_settle": visit.status == Visit.Status.READY
        and not visit.settled_at
        and actor.may("finance.settle", visit.store),
        "may_pay": actor.may("finance.pay", visit.store),
        "may_pass": handed_over and not owed and not gate_pass and actor.may("finance.issue_gate_pass", visit.store),
        "may_see_pass": actor.may("finance.see_gate_passes", visit.store),
    }
    return page(request, "finance/visit_money.html#money" if request.htmx else "finance/visit_money.html", context)


@door("finance.see_settlements", methods=("GET",))
def settlements(request: HouseRequest) -> HttpResponse:
    """Settlement lists: what is to be paid now, what others owe, everything."""
    rows = Settlement.objects.visible_to(request.actor).with_names()
    views = {
        "to_pay": (_("Customer pays"), rows.to_pay().of_customer()),
        "receivables": (_("Receivables"), rows.receivables()),
        "all": (_("All"), rows),
    }
    tab = request.GET.get("tab", "to_pay")
    return list_page(
        request,
        rows=views.get(tab, views["to_pay"])[1],
        table_class=SettlementTable,
        filterset_class=SettlementFilter,
        orderings={"-settled_at": ("-settled_at", "-id"), "settled_at": ("settled_at", "id")},
        heading=_("Settlement"),
        name="settlements",
        tabs=[{"label": one[0], "url": f"?tab={key}", "active": key == tab} for key, one in views.items()],
        empty={"icon": "receipt", "title": _("Nothing to pay here")},
    )


@door("finance.see_settlements", methods=("GET",))
def settlement(request: HouseRequest, pk: int) -> HttpResponse:
    """One settlement list with its lines and payments."""
    found = _settlement(request, pk)
    actor = request.actor
    payments: list[Any] = list(found.payments.all())
    refunded = {one.refunds_number for one in payments}
    stands = not found.reversed_at and not found.reverses_id
    for one in payments:
        one.may_refund = actor.may("finance.refund", found.store) and one.amount > 0 and one.number not in refunded
    tone, state = state_of(found)
    context = {
        "settlement": found,
        "may_pass": _may_pass(found.visit, actor),
        "lines": found.lines.all(),
        "payments": payments,
        "tone": tone,
        "state": state,
        "may_pay": stands and found.due > 0 and actor.may("finance.pay", found.store),
        "may_reverse": stands and not found.paid and actor.may("finance.reverse_settlement", found.store),
        "may_print": actor.may("service.print", found.store),
    }
    return page(request, "finance/settlement.html", context)


@door("finance.pay")
def pay(request: HouseRequest, pk: int) -> HttpResponse:
    """Take money for a settlement."""
    found = _settlement(request, pk)
    form = PayForm(request.POST or None, by=request.actor, initial={"amount": found.due})
    return verb_page(
        request,
        form,
        actions.pay,
        found,
        heading=_("Take payment"),
        pretitle=f"{found} · {found.payer_name}",
        done=_("Paid."),
    )


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
        pretitle=f"{payment} · {money(payment.amount)}",
        target=payment.settlement,
        danger=True,
        done=_("Refunded by a counter-entry."),
    )


@door("finance.reverse_settlement")
def reverse_settlement(request: HouseRequest, pk: int) -> HttpResponse:
    """Reverse the settlements of a visit, so that it can be settled anew."""
    found = _settlement(request, pk)
    form = ReverseSettlementForm(request.POST or None, by=request.actor)
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
    )


@door("finance.issue_gate_pass")
def issue_gate_pass(request: HouseRequest, pk: int) -> HttpResponse:
    """Issue the gate pass."""
    visit = _visit(request, pk)
    form = NoFieldsForm(request.POST or None, by=request.actor)
    return verb_page(
        request,
        form,
        actions.issue_gate_pass,
        visit,
        heading=_("Issue the gate pass"),
        pretitle=plate(str(visit)),
        template="core/confirm.html",
        done=_("The gate pass is issued."),
    )


@door("finance.see_gate_passes", methods=("GET",))
def gate(request: HouseRequest) -> HttpResponse:
    """The guard's list: cars that may leave."""
    rows = GatePass.objects.visible_to(request.actor).with_names()
    views = {"waiting": (_("May leave"), rows.waiting()), "all": (_("All"), rows)}
    tab = request.GET.get("tab", "waiting")
    return list_page(
        request,
        rows=views.get(tab, views["waiting"])[1],
        table_class=GatePassTable,
        filterset_class=GatePassFilter,
        orderings={"-issued_at": ("-issued_at", "-id"), "issued_at": ("issued_at", "id")},
        heading=_("Gate"),
        name="gate-passes",
        tabs=[{"label": one[0], "url": f"?tab={key}", "active": key == tab} for key, one in views.items()],
        empty={"icon": "barrier-block", "title": _("No car may leave now"), "text": _("Paid cars show up here.")},
    )


@door("finance.see_gate_passes", methods=("GET",))
def gate_pass(request: HouseRequest, pk: int) -> HttpResponse:
    """One gate pass; the guard compares the plate here."""
    found = _gate_pass(request, pk)
    if request.actor.may("finance.let_out", found.store) and not found.used_at and not found.cancelled_at:
        return redirect("let_out", pk=found.pk)
    return page(request, "finance/gate_pass.html", {"gate_pass": found})


def _gate_pass(request: HouseRequest, pk: int) -> GatePass:
    return get_object_or_404(GatePass.objects.visible_to(request.actor).with_names(), pk=pk)


@door("finance.let_out")
def let_out(request: HouseRequest, pk: int) -> HttpResponse:
    """The guard compares the plate and lets the car out."""
    found = _gate_pass(request, pk)
    form = LetOutForm(request.POST or None, by=request.actor)
    return verb_page(
        request,
        form,
        actions.let_out,
        found,
        heading=_("Let the car out"),
        template="finance/let_out.html",
        target="/gate/",
        done=_("The car is out."),
    )


@door("service.print", methods=("GET",))
def print_settlement(request: HouseRequest, pk: int) -> HttpResponse:
    """The settlement list (结算单) as a PDF."""
    found = _settlement(request, pk)
    allow(request.actor, "service.print", found.store)
    return pdf_answer("settlement-list", settlement_list(found), str(found))


@door("finance.see_gate_passes", methods=("GET",))
def print_gate_pass(request: HouseRequest, pk: int) -> HttpResponse:
    """The gate pass (出门证) as a PDF."""
    found = _gate_pass(request, pk)
    return pdf_answer("gate-pass", gate_pass_print(found), str(found))
