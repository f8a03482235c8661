"""Pages of the settlement lists: all of them, one of them, on paper; and the discounts on them."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from core.actor import allow
from core.documents import may_see_cost
from core.lists import list_page
from core.models import Approval
from core.notices import with_deciders
from core.prints import pdf_answer
from core.web import HouseRequest, door, page
from finance.actions.drafting import by_rate
from finance.actions.requests import RELEASE, requests_of
from finance.filters import DiscountFilter, SettlementFilter
from finance.models import GatePass, Invoice, Settlement
from finance.prints import settlement_list, with_sums
from finance.tables import DiscountTable, SettlementTable, state_of, state_of_invoice
from service.models import Party, Visit

NEWEST = {"-settled_at": ("-settled_at", "-id"), "settled_at": ("settled_at", "id")}
# what was asked of a manager and still says something about an open settlement
TOLD = (Approval.Status.ASKED, Approval.Status.GRANTED, Approval.Status.REFUSED)
BY_DUE = {"due_on": ("due_on", "id"), "-due_on": ("-due_on", "-id")}


@door("finance.see_settlements", methods=("GET",))
def settlements(request: HouseRequest) -> HttpResponse:
    """Settlement lists: what is to be paid now, what is overdue, what others owe, everything."""
    rows = Settlement.objects.visible_to(request.actor).with_names()
    late = rows.overdue(localdate())
    mine = late.filter(visit__advisor=request.actor.pk)
    views = {
        "to_pay": (_("Customer pays"), rows.to_pay().of_customer()),
        "mine": (_("My overdue"), mine),
        "overdue": (_("Overdue"), late),
        "receivables": (_("Others owe"), rows.receivables()),
        "open": (_("All still to pay"), rows.to_pay()),
        "all": (_("All"), rows),
    }
    if not request.actor.may("service.receive"):
        views.pop("mine")  # nobody looks after cars who does not receive them
    tab = request.GET.get("tab", "to_pay")
    orderings = BY_DUE | NEWEST if tab in {"mine", "overdue", "receivables", "open"} else NEWEST | BY_DUE
    counts = {"mine": mine.count() or ""} if "mine" in views else {}
    return list_page(
        request,
        rows=views.get(tab, views["to_pay"])[1],
        table_class=SettlementTable,
        filterset_class=SettlementFilter,
        orderings=orderings,
        heading=_("Settlement"),
        name="settlements",
        tabs=[
            {"label": one[0], "url": f"?tab={key}", "active": key == tab, "count": counts.get(key, "")}
            for key, one in views.items()
        ],
        empty={"icon": "receipt", "title": _("Nothing to pay here")},
    )


@door("finance.see_settlements", methods=("GET",))
def settlement(request: HouseRequest, pk: int) -> HttpResponse:
    """One settlement list with its lines, payments, reminders and invoice, and what can be done with it now."""
    found = get_object_or_404(Settlement.objects.visible_to(request.actor).with_names(), pk=pk)
    actor, lines = request.actor, with_sums(found.lines.all())
    payments: list[Any] = list(found.payments.select_related("taken_by"))
    refunded = {one.refunds_number for one in payments}
    for one in payments:
        one.may_refund = actor.may("finance.refund", found.store) and one.amount > 0 and one.number not in refunded
    invoices: list[Any] = list(found.invoices.select_related("settlement").order_by("-pk"))
    for invoice in invoices:
        invoice.tone, invoice.state = state_of_invoice(invoice)
    tone, state = state_of(found)
    context = {
        "settlement": found,
        "lines": lines,
        "has_cut": any(line.discount or line.rounding for line in lines),
        "rates": by_rate(lines),
        "payments": payments,
        "invoices": invoices,
        "dunnings": found.dunnings.all(),
        "tone": tone,
        "state": state,
        "may_see_cost": may_see_cost(actor, found.store),
    }
    return page(request, "finance/settlement.html", context | _steps(found, actor, invoices))


def _steps(found: Settlement, actor: Any, invoices: list[Invoice]) -> dict[str, Any]:
    """What somebody may do with a settlement as it stands."""

    def may(verb: str) -> bool:
        return bool(actor.may(f"finance.{verb}", found.store))

    is_open = found.stands and found.due > 0
    is_own = is_open and found.payer == Party.Kind.CUSTOMER
    asked = requests_of(found).filter(status__in=TOLD).with_names().order_by("-pk").first() if is_open else None
    is_granted = asked is not None and asked.status == Approval.Status.GRANTED and asked.verb == RELEASE
    waits = asked is not None and asked.status != Approval.Status.REFUSED
    live = any(one.status in {Invoice.Status.ASKED, Invoice.Status.ISSUED} for one in invoices)
    return {
        "asked": with_deciders(asked),
        "may_pay": is_open and may("pay"),
        "may_pass": may_pass(found.visit, actor),
        "may_reverse": found.stands and found.visit.status != Visit.Status.LEFT and may("reverse_settlement"),
        "may_refuse": is_own and not found.released_at and not waits and may("refuse_payment"),
        "may_release": is_own and not found.released_at and may("release"),
        "may_let_go": is_own and not found.released_at and is_granted and may("refuse_payment"),
        "may_write_off": is_open and may("write_off"),
        "may_dun": is_open and found.due_on < localdate() and may("dun"),
        "may_receive": is_open and found.party_id and may("pay"),
        "may_ask_invoice": found.stands and found.amount > 0 and not live and may("ask_invoice"),
        "may_print": actor.may("finance.print_settlement", found.store),
    }


def may_pass(visit: Visit, actor: Any) -> bool:
    """Whether the cashier's next step is the gate pass: handed over, the gate free, no pass yet."""
    if visit.status != Visit.Status.HANDED_OVER or not actor.may("finance.issue_gate_pass", visit.store):
        return False
    held = Settlement.objects.holding_gate().filter(visit=visit)
    return not held.exists() and not GatePass.objects.filter(visit=visit, kind="service", cancelled_at=None).exists()


@door("finance.print_settlement", methods=("GET",))
def print_settlement(request: HouseRequest, pk: int) -> HttpResponse:
    """The settlement list (结算单) as a PDF."""
    found = get_object_or_404(Settlement.objects.visible_to(request.actor).with_names(), pk=pk)
    allow(request.actor, "finance.print_settlement", found.store)
    return pdf_answer("settlement-list", settlement_list(found), str(found))


@door("finance.see_ledger", methods=("GET",))
def discounts(request: HouseRequest) -> HttpResponse:
    """Who gave how much away, what it left of the margin, and who agreed to it (F-31)."""
    rows = Settlement.objects.visible_to(request.actor).discounted().with_names()
    actor = request.actor

    def without_costs(found: list[Any]) -> None:
        for one in found:
            one.shows_cost = may_see_cost(actor, one.store)

    return list_page(
        request,
        rows=rows.select_related("settled_by", "approval__decided_by"),
        table_class=DiscountTable,
        filterset_class=DiscountFilter,
        orderings=NEWEST,
        heading=_("Discounts"),
        name="discounts",
        prepare=without_costs,
        empty={"icon": "tag", "title": _("Nothing was taken off")},
    )
