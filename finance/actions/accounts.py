"""Credit accounts (记账协议): agreed with a limit, charged by payments, paid off by receipts."""

from datetime import date
from decimal import Decimal

from django.utils.timezone import now
from django.utils.translation import gettext as _

from core.actor import Actor, allow, allow_company
from core.figures import touch
from core.logbook import record
from core.models import Store
from core.numbers import next_number
from core.rows import Refused, atomic, lock
from customers.models import Customer
from finance.actions.ledger import account_of, employee_of, post
from finance.models import Account, AccountReceipt, CreditAgreement, Payment, Settlement

KEPT = ("number", "limit", "terms_days", "since", "until")


def _check_span(since: date, until: date | None) -> None:
    if until and until < since:
        raise Refused(_("The agreement must end after it begins."), field="until")


@atomic
def add_agreement(
    *,
    customer: Customer,
    number: str,
    limit: Decimal,
    terms_days: int,
    since: date,
    until: date | None = None,
    by: Actor,
) -> CreditAgreement:
    """Agree with a customer that they pay later, up to a limit, within so many days."""
    allow_company(by, "finance.keep_agreements", customer.company_id)
    _check_span(since, until)
    agreement = CreditAgreement.objects.create(
        company_id=customer.company_id,
        customer=customer,
        number=number,
        limit=limit,
        terms_days=terms_days,
        since=since,
        until=until,
    )
    record("agreement.added", agreement, by=by, about=[customer], number=number, limit=limit, terms_days=terms_days)
    return agreement


@atomic
def edit_agreement(
    agreement: CreditAgreement,
    *,
    number: str,
    limit: Decimal,
    terms_days: int,
    since: date,
    until: date | None = None,
    by: Actor,
) -> CreditAgreement:
    """Change an agreement; what is owed already stays owed, also above a lower limit."""
    allow_company(by, "finance.keep_agreements", agreement.company_id)
    agreement = lock(agreement)
    if agreement.ended_at:
        raise Refused(_("This agreement has ended. Make a new one."))
    _check_span(since, until)
    told = {"number": number, "limit": limit, "terms_days": terms_days, "since": since, "until": until}
    changed = {name: [getattr(agreement, name), value] for name, value in told.items()}
    for name, value in told.items():
        setattr(agreement, name, value)
    agreement.version += 1
    agreement.save(update_fields=[*KEPT, "version"])
    changed = {name: both for name, both in changed.items() if both[0] != both[1]}
    record("agreement.edited", agreement, by=by, about=[agreement.customer], **changed)
    return agreement


@atomic
def end_agreement(agreement: CreditAgreement, *, reason: str, by: Actor) -> CreditAgreement:
    """End an agreement: nothing more goes on the account, what is owed is still to be paid."""
    allow_company(by, "finance.keep_agreements", agreement.company_id)
    agreement = lock(agreement)
    if agreement.ended_at:
        raise Refused(_("This agreement has ended already."))
    agreement.ended_at = now()
    agreement.version += 1
    agreement.save(update_fields=["ended_at", "version"])
    record("agreement.ended", agreement, by=by, about=[agreement.customer], number=agreement.number, reason=reason)
    return agreement


def charge(settlement: Settlement, amount: Decimal, day: date) -> CreditAgreement:
    """Put an amount on the customer's credit account, within its limit and its days; the account is locked."""
    rows = CreditAgreement.objects.in_force(day).filter(
        customer=settlement.customer_id or 0, company=settlement.store.company_id
    )
    found = rows.first()
    if found is None:
        raise Refused(_("This payer has no credit account."), field="method")
    agreement = lock(found)
    if agreement.ended_at:
        raise Refused(_("This agreement has ended already."), field="method")
    if amount > agreement.free:
        told = {"free": agreement.free}
        raise Refused(_("Only %(free)s is free on this credit account.") % told, field="amount")
    agreement.balance += amount
    agreement.save(update_fields=["balance"])
    return agreement


@atomic
def pay_account(
    agreement: CreditAgreement, *, store: Store, amount: Decimal, method: str, reference: str = "", by: Actor
) -> CreditAgreement:
    """Take money with which a customer pays off the credit account."""
    allow(by, "finance.pay_account", store)
    if store.company_id != agreement.company_id:
        raise Refused(_("This agreement is another company's."), field="store")
    if method not in Payment.MONEY:
        raise Refused(_("A credit account is paid off in money."), field="method")
    agreement = lock(agreement)
    if amount > agreement.balance:
        told = {"balance": agreement.balance}
        raise Refused(_("Only %(balance)s is owed on this credit account.") % told, field="amount")
    receipt = _write(agreement, store, amount, method, reference, "", None, by)
    record(
        "agreement.paid",
        agreement,
        by=by,
        about=[agreement.customer],
        number=receipt.number,
        amount=amount,
        method=method,
    )
    return agreement


@atomic
def return_receipt(receipt: AccountReceipt, *, reason: str, by: Actor) -> CreditAgreement:
    """Give a receipt of a credit account back by a counter-entry, when it was taken by mistake; it is owed again."""
    allow(by, "finance.refund", receipt.store)
    agreement = lock(receipt.agreement)
    if receipt.returns_id:
        raise Refused(_("This is a refund itself."))
    if AccountReceipt.objects.filter(returns=receipt).exists():
        raise Refused(_("This payment was already refunded."))
    counter = _write(agreement, receipt.store, -receipt.amount, receipt.method, "", reason, receipt, by)
    record(
        "agreement.refunded",
        agreement,
        by=by,
        about=[agreement.customer],
        number=counter.number,
        amount=receipt.amount,
        reason=reason,
    )
    return agreement


def _write(
    agreement: CreditAgreement,
    store: Store,
    amount: Decimal,
    method: str,
    reference: str,
    reason: str,
    returns: AccountReceipt | None,
    by: Actor,
) -> AccountReceipt:
    """A receipt, or its counter-entry with a negative amount, on a locked account, and what it posts."""
    moment = now()
    day = store.business_date(moment)
    agreement.balance -= amount
    agreement.save(update_fields=["balance"])
    receipt = AccountReceipt.objects.create(
        store=store,
        agreement=agreement,
        number=next_number(store, "CR", day),
        method=method,
        amount=amount,
        taken_by_id=employee_of(by),
        at=moment,
        business_date=day,
        returns=returns,
        reason=reason,
        reference=reference,
    )
    sides = [(account_of(method), amount), (Account.CREDIT_ACCOUNT, -amount)]
    post(store, day, moment, receipt.number, *sides, customer=agreement.customer_id)
    touch(store.pk, day)
    return receipt
