"""Deposits (订金): taken, used up by payments, given back."""

from decimal import Decimal

from django.utils.timezone import now
from django.utils.translation import gettext as _

from core.actor import Actor, allow
from core.figures import touch
from core.logbook import record
from core.models import Store
from core.numbers import next_number
from core.rows import Refused, atomic, lock
from customers.models import Customer
from finance.actions.ledger import account_of, employee_of, post
from finance.models import Account, Deposit, Payment, Settlement
from service.models import Party, Visit


@atomic
def take_deposit(
    customer: Customer,
    *,
    store: Store,
    amount: Decimal,
    method: str,
    reason: str,
    reference: str = "",
    by: Actor,
) -> Deposit:
    """Take money before anything is settled: for parts that are ordered, for a long repair."""
    allow(by, "finance.take_deposit", store)
    if customer.company_id != store.company_id:
        raise Refused(_("This store does not serve this customer."), field="store")
    deposit = _write(store, customer, None, amount, _checked(store, method, by), reason, reference, None, by)
    _record_taken(deposit, by)
    return deposit


@atomic
def take_visit_deposit(
    visit: Visit, *, amount: Decimal, method: str, reason: str, reference: str = "", by: Actor
) -> Deposit:
    """Take a deposit for the work of a visit, of whoever pays the customer's part."""
    allow(by, "finance.take_deposit", visit.store)
    visit = lock(visit)
    customer = visit.payer or visit.customer
    if customer is None:
        raise Refused(_("Nobody is named who pays for this car. Name the customer first."))
    if visit.settled_at:
        raise Refused(_("This visit is settled; take a payment instead."))
    deposit = _write(
        visit.store, customer, visit, amount, _checked(visit.store, method, by), reason, reference, None, by
    )
    _record_taken(deposit, by)
    return deposit


def _checked(store: Store, method: str, by: Actor) -> str:
    if method not in Payment.MONEY:
        raise Refused(_("A deposit is taken in money."), field="method")
    if method == Payment.Method.CASH and not by.may("finance.count_cash", store):
        raise Refused(_("Cash is taken at the cash desk, where it is counted in the evening."), field="method")
    return method


def _record_taken(deposit: Deposit, by: Actor) -> None:
    told = {"number": deposit.number, "amount": deposit.amount, "method": deposit.method, "reason": deposit.reason}
    record("deposit.taken", deposit, by=by, about=[deposit.customer, deposit.visit], **told)


def _write(
    store: Store,
    customer: Customer,
    visit: Visit | None,
    amount: Decimal,
    method: str,
    reason: str,
    reference: str,
    returns: Deposit | None,
    by: Actor,
) -> Deposit:
    """A deposit, or its counter-entry with a negative amount, and what it posts."""
    moment = now()
    day = store.business_date(moment)
    deposit = Deposit.objects.create(
        store=store,
        customer=customer,
        visit=visit,
        number=next_number(store, "DP", day),
        method=method,
        amount=amount,
        returns=returns,
        reason=reason,
        reference=reference,
        taken_by_id=employee_of(by),
        at=moment,
        business_date=day,
    )
    sides = [(account_of(method), amount), (Account.DEPOSITS, -amount)]
    post(store, day, moment, deposit.number, *sides, customer=customer.pk)
    touch(store.pk, day)
    return deposit


@atomic
def return_deposit(
    deposit: Deposit, *, amount: Decimal, method: str, reason: str, reference: str = "", by: Actor
) -> Deposit:
    """Give a deposit, or what is left of it, back by a counter-entry."""
    allow(by, "finance.return_deposit", deposit.store)
    deposit = lock(deposit)
    if deposit.returns_id:
        raise Refused(_("This is a deposit that was given back."))
    if deposit.rest <= 0:
        raise Refused(_("Nothing is left of this deposit."))
    if amount > deposit.rest:
        raise Refused(_("Only %(rest)s is left of this deposit.") % {"rest": deposit.rest}, field="amount")
    if method not in Payment.MONEY:
        raise Refused(_("A deposit is given back in money."), field="method")
    deposit.returned += amount
    deposit.save(update_fields=["returned"])
    counter = _write(deposit.store, deposit.customer, deposit.visit, -amount, method, reason, reference, deposit, by)
    about = [deposit.customer, deposit.visit]
    record(
        "deposit.returned",
        deposit,
        by=by,
        about=about,
        number=counter.number,
        amount=amount,
        method=method,
        reason=reason,
    )
    return deposit


def deposits_for(settlement: Settlement) -> list[Deposit]:
    """The customer's deposits in the store that can pay a settlement: those of the visit first, then the oldest."""
    if settlement.payer != Party.Kind.CUSTOMER:
        return []
    customers = {settlement.customer_id, settlement.visit.customer_id} - {None}
    rows = Deposit.objects.with_rest().filter(store=settlement.store_id, customer__in=customers)
    return sorted(rows, key=lambda one: (one.visit_id != settlement.visit_id, one.pk))


def use_deposits(settlement: Settlement, amount: Decimal) -> list[tuple[Deposit, Decimal]]:
    """Take an amount out of the customer's deposits, under lock, so that nothing is used twice."""
    found = {one.pk: one for one in deposits_for(settlement)}
    held = Deposit.objects.filter(pk__in=found).order_by("pk").select_for_update(no_key=True)
    fresh = {one.pk: one for one in held}
    used = []
    rest = amount
    for pk in found:
        part = min(rest, fresh[pk].rest)
        if part > 0:
            fresh[pk].used += part
            fresh[pk].save(update_fields=["used"])
            used.append((fresh[pk], part))
            rest -= part
    if rest:
        left = amount - rest
        raise Refused(_("Only %(rest)s is left of this customer's deposits.") % {"rest": left}, field="amount")
    return used
