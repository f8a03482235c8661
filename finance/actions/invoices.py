"""Invoices (发票): asked for, issued in the tax system, reversed in red. A settlement list is none."""

import re
from datetime import date, timedelta

from django.utils.timezone import now
from django.utils.translation import gettext as _

from core import actions as core
from core.actor import Actor, allow
from core.logbook import record
from core.models import Employee, Posting
from core.roles import Role
from core.rows import Refused, atomic, lock, move
from finance.actions.ledger import employee_of
from finance.models import Invoice, Settlement

TAX_NUMBER = re.compile(r"[0-9A-Z]{15,20}")
RED_DUE = "red_invoice_due"


def tidy_tax_number(text: str) -> str:
    """A tax number (统一社会信用代码 or 纳税人识别号) as it is stored: capitals and digits alone."""
    return re.sub(r"[\s\-]", "", text).upper()


@atomic
def ask_invoice(
    settlement: Settlement, *, kind: str, title: str, tax_number: str = "", email: str = "", by: Actor
) -> Invoice:
    """Ask for the invoice of a settlement; its amount is the settlement's and nobody edits it (rule 10)."""
    allow(by, "finance.ask_invoice", settlement.store)
    settlement = lock(settlement)
    if not settlement.stands:
        raise Refused(_("This settlement is reversed; it gets no invoice."))
    if settlement.amount <= 0:
        raise Refused(_("There is nothing to invoice."))
    tax_number = tidy_tax_number(tax_number)
    if tax_number and not TAX_NUMBER.fullmatch(tax_number):
        raise Refused(_("A tax number has 15 to 20 letters and digits."), field="tax_number")
    if kind == Invoice.Kind.SPECIAL and not tax_number:
        raise Refused(_("A special VAT invoice needs the tax number."), field="tax_number")
    invoice = Invoice.objects.create(
        store=settlement.store,
        settlement=settlement,
        kind=kind,
        title=title,
        tax_number=tax_number,
        email=email,
        amount=settlement.amount,
        net=settlement.net,
        asked_at=now(),
    )
    about = [settlement, settlement.visit, settlement.visit.customer]
    record("invoice.asked", invoice, by=by, about=about, amount=invoice.amount, name=title, invoice_kind=kind)
    return invoice


@atomic
def issue_invoice(invoice: Invoice, *, number: str, issued_on: date, by: Actor) -> Invoice:
    """Note the invoice as the tax system issued it, with its number."""
    allow(by, "finance.issue_invoice", invoice.store)
    settlement = lock(invoice.settlement)  # before the invoice, as a reversal does
    invoice = lock(invoice)
    if not settlement.stands:
        raise Refused(_("This settlement is reversed; it gets no invoice."))
    _check_day(invoice, issued_on, settlement.settled_on, "issued_on")
    move(invoice, Invoice.Status.ISSUED)
    invoice.number, invoice.issued_on, invoice.issued_by_id = number.strip(), issued_on, employee_of(by)
    invoice.save(update_fields=["status", "number", "issued_on", "issued_by"])
    record("invoice.issued", invoice, by=by, about=[settlement], number=invoice.number, issued_on=issued_on)
    return invoice


def _check_day(invoice: Invoice, day: date, first: date, field: str) -> None:
    if day > invoice.store.business_date(now()):
        raise Refused(_("This day lies in the future."), field=field)
    if day < first:
        raise Refused(_("This day is before %(day)s.") % {"day": first.isoformat()}, field=field)


@atomic
def reverse_invoice(invoice: Invoice, *, red_number: str, red_on: date, reason: str, by: Actor) -> Invoice:
    """Note that an issued invoice was reversed in red (红冲); a right one may then be asked for."""
    allow(by, "finance.reverse_invoice", invoice.store)
    invoice = lock(invoice)
    if invoice.issued_on:
        _check_day(invoice, red_on, invoice.issued_on, "red_on")
    if red_number.strip() == invoice.number:
        raise Refused(_("The red invoice has a number of its own."), field="red_number")
    move(invoice, Invoice.Status.RED)
    invoice.red_number, invoice.red_on, invoice.reason = red_number.strip(), red_on, reason
    invoice.save(update_fields=["status", "red_number", "red_on", "reason"])
    core.end_tasks(RED_DUE, invoice, by=by)
    about = [invoice.settlement]
    record("invoice.reversed", invoice, by=by, about=about, number=red_number, reason=reason, red_on=red_on)
    return invoice


@atomic
def drop_invoice(invoice: Invoice, *, reason: str, by: Actor) -> Invoice:
    """The invoice is not wanted after all, or was asked for wrongly; it was not issued yet."""
    allow(by, "finance.ask_invoice", invoice.store)
    invoice = lock(invoice)
    _drop(invoice, reason, by)
    return invoice


def _drop(invoice: Invoice, reason: str, by: Actor) -> None:
    move(invoice, Invoice.Status.DROPPED)
    invoice.reason = reason
    invoice.save(update_fields=["status", "reason"])
    record("invoice.dropped", invoice, by=by, about=[invoice.settlement], reason=reason)


def on_reversal(settlement: Settlement, by: Actor) -> None:
    """A settlement is reversed: an invoice that was only asked for is dropped, an issued one has to be reversed in red,
    and somebody is told to."""
    live = Invoice.objects.filter(settlement=settlement, status__in=[Invoice.Status.ASKED, Invoice.Status.ISSUED])
    for invoice in live.select_for_update(no_key=True, of=("self",)).order_by("pk"):
        if invoice.status == Invoice.Status.ASKED:
            _drop(invoice, _("The settlement was reversed."), by)
            continue
        due_at = now() + timedelta(days=1)
        for who in _whose(invoice):
            core.give_task(invoice.store, who, RED_DUE, due_at=due_at, row=invoice, by=by, number=invoice.number)


def _whose(invoice: Invoice) -> list[int]:
    """Who reverses it in red: whoever issued it, or else the cashiers of the store."""
    people = Employee.objects.filter(is_active=True)
    if invoice.issued_by_id and people.filter(pk=invoice.issued_by_id).exists():
        return [invoice.issued_by_id]
    posted = Posting.objects.filter(store=invoice.store_id, role=Role.CASHIER, is_active=True).values("employee")
    return list(people.filter(pk__in=posted).order_by("pk").values_list("pk", flat=True))
