"""Pages of invoices (发票)."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from core.events import events_of
from core.lists import list_page
from core.web import HouseRequest, door, page, verb_page
from finance import actions
from finance.filters import InvoiceFilter
from finance.forms import AskInvoiceForm, DropInvoiceForm, IssueInvoiceForm, ReverseInvoiceForm
from finance.models import Invoice, Settlement
from finance.tables import InvoiceTable, state_of_invoice


def _invoice(request: HouseRequest, pk: int) -> Invoice:
    return get_object_or_404(Invoice.objects.visible_to(request.actor).with_names(), pk=pk)


@door("finance.ask_invoice")
def ask_invoice(request: HouseRequest, pk: int) -> HttpResponse:
    """Ask for the invoice of a settlement; title and number are those of the payer's last one."""
    rows = Settlement.objects.visible_to(request.actor).with_names()
    found = get_object_or_404(rows, pk=pk)
    form = AskInvoiceForm(request.POST or None, by=request.actor, initial=_known(found))
    return verb_page(
        request,
        form,
        actions.ask_invoice,
        found,
        heading=_("Ask for the invoice"),
        pretitle=f"{found} · {found.payer_name}",
        text=_("Items and amount are those of the settlement list and cannot be changed."),
        target=found,
        done=_("The invoice is asked for."),
    )


def _known(found: Settlement) -> dict[str, Any]:
    """To whom the payer's last invoice was made out, or else the payer's own name."""
    whose = (
        {"settlement__party": found.party_id} if found.party_id else {"settlement__customer": found.customer_id or 0}
    )
    last = Invoice.objects.filter(store__company=found.store.company_id, **whose).order_by("-pk").first()
    if last is None:
        return {"title": found.payer_name}
    return {name: getattr(last, name) for name in ("kind", "title", "tax_number", "email")}


@door("finance.see_invoices", methods=("GET",))
def invoices(request: HouseRequest) -> HttpResponse:
    """Invoices: to issue, to reverse in red, all."""
    rows = Invoice.objects.visible_to(request.actor).with_names()
    views = {
        "to_issue": (_("To issue"), rows.to_issue()),
        "red_due": (_("Red invoice due"), rows.red_due()),
        "issued": (_("Invoice issued"), rows.filter(status=Invoice.Status.ISSUED)),
        "all": (_("All"), rows),
    }
    tab = request.GET.get("tab", "to_issue")
    due = rows.red_due().count()
    return list_page(
        request,
        rows=views.get(tab, views["to_issue"])[1],
        table_class=InvoiceTable,
        filterset_class=InvoiceFilter,
        orderings={"-asked_at": ("-asked_at", "-id"), "asked_at": ("asked_at", "id")},
        heading=_("Invoices"),
        name="invoices",
        tabs=[
            {
                "label": one[0],
                "url": f"?tab={key}",
                "active": key == tab,
                "count": due or "" if key == "red_due" else "",
            }
            for key, one in views.items()
        ],
        empty={
            "icon": "file-text",
            "title": _("No invoice is waiting"),
            "text": _("They are asked for on a settlement."),
        },
    )


@door("finance.see_invoices", methods=("GET",))
def invoice(request: HouseRequest, pk: int) -> HttpResponse:
    """One invoice: to whom, how much, where it stands."""
    found = _invoice(request, pk)
    actor, status = request.actor, found.status
    tone, state = state_of_invoice(found)
    context = {
        "invoice": found,
        "tone": tone,
        "state": state,
        "events": events_of(found),
        "may_issue": status == Invoice.Status.ASKED and actor.may("finance.issue_invoice", found.store),
        "may_drop": status == Invoice.Status.ASKED and actor.may("finance.ask_invoice", found.store),
        "may_reverse": status == Invoice.Status.ISSUED and actor.may("finance.reverse_invoice", found.store),
    }
    return page(request, "finance/invoice.html", context)


@door("finance.issue_invoice")
def issue_invoice(request: HouseRequest, pk: int) -> HttpResponse:
    """Note the invoice as the tax system issued it."""
    found = _invoice(request, pk)
    form = IssueInvoiceForm(request.POST or None, by=request.actor)
    return verb_page(
        request, form, actions.issue_invoice, found, heading=_("Note as issued"), pretitle=str(found), done=_("Noted.")
    )


@door("finance.reverse_invoice")
def reverse_invoice(request: HouseRequest, pk: int) -> HttpResponse:
    """Note the red invoice that takes an issued one back."""
    found = _invoice(request, pk)
    form = ReverseInvoiceForm(request.POST or None, by=request.actor)
    return verb_page(
        request,
        form,
        actions.reverse_invoice,
        found,
        heading=_("Reverse in red"),
        pretitle=str(found),
        danger=True,
        done=_("Reversed in red."),
    )


@door("finance.ask_invoice")
def drop_invoice(request: HouseRequest, pk: int) -> HttpResponse:
    """The invoice is not wanted after all."""
    found = _invoice(request, pk)
    form = DropInvoiceForm(request.POST or None, by=request.actor)
    return verb_page(
        request,
        form,
        actions.drop_invoice,
        found,
        heading=_("Not wanted"),
        pretitle=str(found),
        danger=True,
        done=_("Dropped."),
    )
