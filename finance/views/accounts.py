"""Pages of credit accounts (记账协议)."""

from datetime import date, timedelta
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.dateparse import parse_date
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from core.lists import list_page, spreadsheet
from core.prints import pdf_answer
from core.web import HouseRequest, door, page, verb_page
from customers.models import Customer
from finance import actions
from finance.figures import Statement, statement_of
from finance.filters import AgreementFilter
from finance.forms import AddAgreementForm, EditAgreementForm, EndAgreementForm, PayAccountForm, RefundForm
from finance.models import AccountReceipt, CreditAgreement
from finance.prints import account_statement
from finance.tables import AgreementTable, state_of_agreement


def _agreement(request: HouseRequest, pk: int) -> CreditAgreement:
    return get_object_or_404(CreditAgreement.objects.visible_to(request.actor).with_names(), pk=pk)


@door("finance.see_agreements", methods=("GET",))
def agreements(request: HouseRequest) -> HttpResponse:
    """Credit accounts: limit, what is owed, what is free."""
    may_keep = request.actor.may("finance.keep_agreements")
    return list_page(
        request,
        rows=CreditAgreement.objects.visible_to(request.actor).with_names(),
        table_class=AgreementTable,
        filterset_class=AgreementFilter,
        orderings={"-id": ("-id",)},
        heading=_("Credit accounts"),
        name="credit-accounts",
        new_url="/agreements/add/" if may_keep else "",
        new_label=_("New agreement"),
        empty={"icon": "wallet", "title": _("No credit account was agreed")},
    )


@door("finance.keep_agreements")
def add_agreement(request: HouseRequest) -> HttpResponse:
    """Agree with a customer that they pay later."""
    customer = Customer.objects.visible_to(request.actor).filter(pk=_number(request.GET.get("customer"))).first()
    form = AddAgreementForm(request.POST or None, by=request.actor, initial={"customer": customer and customer.pk})
    return verb_page(
        request,
        form,
        actions.add_agreement,
        heading=_("New agreement"),
        pretitle=_("Credit accounts"),
        done=_("The credit account is agreed."),
        cancel="/agreements/",
    )


def _number(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 18 else 0


@door("finance.keep_agreements")
def edit_agreement(request: HouseRequest, pk: int) -> HttpResponse:
    """Change limit, days or number of an agreement."""
    found = _agreement(request, pk)
    form = EditAgreementForm(request.POST or None, by=request.actor, initial=EditAgreementForm.known(found))
    return verb_page(
        request,
        form,
        actions.edit_agreement,
        found,
        heading=_("Change the agreement"),
        pretitle=str(found),
        extra="customers/_version.html",
        version=found.version,
        done=_("Changed."),
    )


@door("finance.keep_agreements")
def end_agreement(request: HouseRequest, pk: int) -> HttpResponse:
    """End an agreement; what is owed is still to be paid."""
    found = _agreement(request, pk)
    form = EndAgreementForm(request.POST or None, by=request.actor)
    return verb_page(
        request,
        form,
        actions.end_agreement,
        found,
        heading=_("End the agreement"),
        pretitle=str(found),
        text=_("Nothing more goes on the account; what is owed is still to be paid."),
        danger=True,
        done=_("The agreement has ended."),
    )


def _span(request: HouseRequest) -> tuple[date, date]:
    """The days of a statement: those asked for, else the last three months."""
    today = localdate()
    asked = {}
    for name in ("from", "to"):
        try:
            asked[name] = parse_date(request.GET.get(name, ""))
        except ValueError:
            asked[name] = None
    return asked["from"] or today - timedelta(days=90), asked["to"] or today


@door("finance.see_agreements", methods=("GET",))
def agreement(request: HouseRequest, pk: int) -> HttpResponse:
    """A credit account with its statement: what was put on it, what was paid off, the balance after each."""
    found = _agreement(request, pk)
    first, last = _span(request)
    statement = statement_of(found, first, last)
    kind = request.GET.get("export", "")
    if kind in {"csv", "xlsx"}:
        return _exported(found, statement, kind)
    actor = request.actor
    tone, state = state_of_agreement(found)
    may_keep = not found.ended_at and actor.scope("finance.keep_agreements").holds_company(found.company_id)
    context = {
        "agreement": found,
        "statement": statement,
        "first": first,
        "last": last,
        "tone": tone,
        "state": state,
        "may_keep": may_keep,
        "may_pay": found.balance > 0 and actor.scope("finance.pay_account").holds_company(found.company_id),
        "may_refund": actor.scope("finance.refund").holds_company(found.company_id),
    }
    return page(request, "finance/agreement.html", context)


def _exported(found: CreditAgreement, statement: Statement, kind: str) -> HttpResponse:
    head: list[Any] = [_("When"), _("Document"), _("What"), _("Put on account"), _("Paid off"), _("Owed")]
    rows: list[list[Any]] = [[statement.first, "", _("Balance before"), None, None, statement.before]]
    rows += [[one.at, one.number, one.what, one.charged, one.paid, one.balance] for one in statement.rows]
    return spreadsheet(f"statement-{found.number}", kind, list(map(str, head)), rows)


@door("finance.see_agreements", methods=("GET",))
def print_statement(request: HouseRequest, pk: int) -> HttpResponse:
    """The statement (对账单) of a credit account as a PDF."""
    found = _agreement(request, pk)
    statement = statement_of(found, *_span(request))
    return pdf_answer("account-statement", account_statement(found, statement), f"{found.number} {statement.last}")


@door("finance.pay_account")
def pay_account(request: HouseRequest, pk: int) -> HttpResponse:
    """Take money with which a customer pays off the credit account."""
    found = _agreement(request, pk)
    form = PayAccountForm(request.POST or None, by=request.actor, initial={"amount": found.balance})
    stores: Any = form.fields["store"]
    stores.queryset = stores.queryset.filter(company=found.company_id)
    return verb_page(
        request,
        form,
        actions.pay_account,
        found,
        heading=_("Take payment"),
        pretitle=str(found),
        done=_("Paid."),
    )


@door("finance.refund")
def return_receipt(request: HouseRequest, pk: int) -> HttpResponse:
    """Give a receipt of a credit account back that was taken by mistake."""
    rows = AccountReceipt.objects.visible_to(request.actor).select_related("store", "agreement__customer")
    receipt = get_object_or_404(rows, pk=pk)
    form = RefundForm(request.POST or None, by=request.actor)
    return verb_page(
        request,
        form,
        actions.return_receipt,
        receipt,
        heading=_("Give the receipt back"),
        pretitle=f"{receipt} · {receipt.agreement}",
        target=receipt.agreement,
        danger=True,
        done=_("Refunded by a counter-entry."),
    )
