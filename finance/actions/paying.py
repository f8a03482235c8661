"""Money in and out: payments by any means, refunds by counter-entry."""

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.utils.timezone import now
from django.utils.translation import gettext as _

from core import actions as core
from core.actor import Actor, allow
from core.figures import touch
from core.logbook import record
from core.numbers import next_number
from core.rows import Refused, atomic, lock
from finance.actions.accounts import charge
from finance.actions.clearing import clear_gate, hold_gate
from finance.actions.deposits import use_deposits
from finance.actions.ledger import account_of, employee_of, post
from finance.actions.requests import drop_requests
from finance.models import Account, CreditAgreement, Deposit, Payment, Settlement
from service.models import Party, Visit


@atomic
def pay(
    settlement: Settlement,
    *,
    amount: Decimal,
    method: str,
    more: Iterable[dict[str, Any]] = (),
    given: Decimal | None = None,
    reference: str = "",
    by: Actor,
) -> Settlement:
    """Take money for a settlement, all of it or a part, by one means or several; with the last of it the gate is free.
    Of cash that was `given` the change goes back."""
    allow(by, "finance.pay", settlement.store)
    visit = lock(settlement.visit)  # before the settlement, as a refund does
    settlement = lock(settlement)
    means = [{"amount": amount, "method": method, "reference": reference}, *more]
    _check_open(settlement)
    if sum(one["amount"] for one in means) > settlement.due:
        raise Refused(_("Only %(due)s is still to pay.") % {"due": settlement.due}, field="amount")
    _check_change(means, given)
    moment = now()
    take(settlement, means, moment, by)
    touch(settlement.store_id, settlement.store.business_date(moment))
    clear_gate(visit)
    return settlement


def _check_open(settlement: Settlement) -> None:
    if not settlement.stands:
        raise Refused(_("This settlement is reversed; nothing is paid on it."))
    if settlement.due <= 0:
        raise Refused(_("This settlement is already paid."))


def _check_change(means: list[dict[str, Any]], given: Decimal | None) -> None:
    if given is None:
        return
    cash = sum((one["amount"] for one in means if one["method"] == Payment.Method.CASH), Decimal(0))
    if not cash:
        raise Refused(_("Change is given back on cash only."), field="given")
    if given < cash:
        raise Refused(_("This is less cash than is to be paid: %(cash)s.") % {"cash": cash}, field="given")


# Deposits are locked first, then the credit account, and numbers are taken last, in every verb alike.
_RANK = {Payment.Method.DEPOSIT: 0, Payment.Method.ACCOUNT: 1}


def take(settlement: Settlement, means: Iterable[dict[str, Any]], moment: datetime, by: Actor) -> None:
    """Write down the means of a payment on a locked settlement, and what they move: deposits, a credit account."""
    day = settlement.store.business_date(moment)
    parts: list[dict[str, Any]] = []
    for one in sorted(means, key=lambda one: _RANK.get(one["method"], 2)):
        if one["method"] == Payment.Method.DEPOSIT:
            used = use_deposits(settlement, one["amount"])
            parts += [one | {"deposit": deposit, "amount": part} for deposit, part in used]
        elif one["method"] == Payment.Method.ACCOUNT:
            parts.append(one | {"agreement": charge(settlement, one["amount"], day)})
        else:
            parts.append(one)
    settlement.paid += sum((one["amount"] for one in parts), Decimal(0))
    settlement.save(update_fields=["paid"])
    about = [settlement.visit, settlement.visit.customer]
    for one in parts:
        payment = _write(settlement, one, moment, day, by)
        if payment.method != Payment.Method.WRITE_OFF:  # told on a line of its own
            told = {name: one[name] for name in ("amount", "method", "reference") if one.get(name)}
            record("settlement.paid", settlement, by=by, about=about, payment=payment.number, **told)
    if not settlement.due:
        drop_requests(settlement, _("Paid."), by)
        core.end_tasks("payment_promised", settlement, by=by)


def _write(settlement: Settlement, means: dict[str, Any], moment: datetime, day: date, by: Actor) -> Payment:
    payment = Payment.objects.create(
        store=settlement.store,
        settlement=settlement,
        number=next_number(settlement.store, "PM", day),
        taken_by_id=employee_of(by),
        at=moment,
        business_date=day,
        **means,
    )
    _post(payment, settlement)
    return payment


def _post(payment: Payment, settlement: Settlement) -> None:
    sides = [(account_of(payment.method), payment.amount), (Account.RECEIVABLE, -payment.amount)]
    post(payment.store, payment.business_date, payment.at, payment.number, *sides, settlement=settlement)


@atomic
def refund(payment: Payment, *, reason: str, by: Actor) -> Settlement:
    """Give a payment back by a counter-entry; the payment itself is never changed, and the gate may close again."""
    allow(by, "finance.refund", payment.store)
    visit = lock(payment.settlement.visit)  # before the settlement, so that no gate pass is issued meanwhile
    settlement = lock(payment.settlement)
    if payment.refunds_number:
        raise Refused(_("This is a refund itself."))
    if Payment.objects.filter(refunds_number=payment.number).exists():
        raise Refused(_("This payment was already refunded."))
    is_own = settlement.payer == Party.Kind.CUSTOMER
    if is_own and visit.status == Visit.Status.LEFT and not by.may("finance.reverse_settlement", payment.store):
        raise Refused(_("The car has left. Only a manager of finance gives the customer's money back now."))
    give_back(payment, settlement, reason, by)
    hold_gate(visit, reason, by)
    return settlement


def give_back(payment: Payment, settlement: Settlement, reason: str, by: Actor) -> None:
    """The counter-entry of a payment on a locked settlement: money goes out, a deposit or a credit account is as it was
    before; what was written off is owed again."""
    if payment.method == Payment.Method.WRITE_OFF:
        allow(by, "finance.write_off", payment.store)
    moment = now()
    day: date = settlement.store.business_date(moment)
    _undo_means(payment)
    settlement.paid -= payment.amount
    settlement.save(update_fields=["paid"])
    counter = Payment.objects.create(
        store=payment.store,
        settlement=settlement,
        number=next_number(payment.store, "PM", day),
        method=payment.method,
        amount=-payment.amount,
        deposit_id=payment.deposit_id,
        agreement_id=payment.agreement_id,
        taken_by_id=employee_of(by),
        at=moment,
        business_date=day,
        refunds_number=payment.number,
        reason=reason,
    )
    _post(counter, settlement)
    about = [settlement.visit, settlement.visit.customer]
    record(
        "settlement.refunded",
        settlement,
        by=by,
        about=about,
        payment=payment.number,
        refund=counter.number,
        amount=payment.amount,
        method=payment.method,
        reason=reason,
    )
    touch(payment.store_id, day)


def lock_means(payments: Iterable[Payment]) -> None:
    """Lock what several refunds will put right, in the order in which payments lock it."""
    found = list(payments)
    for model, name in ((Deposit, "deposit_id"), (CreditAgreement, "agreement_id")):
        pks = {getattr(one, name) for one in found} - {None}
        list(model.objects.filter(pk__in=pks).order_by("pk").select_for_update(no_key=True, of=("self",)))


def _undo_means(payment: Payment) -> None:
    if payment.deposit:
        deposit = lock(payment.deposit)
        deposit.used -= payment.amount
        deposit.save(update_fields=["used"])
    if payment.agreement:
        agreement = lock(payment.agreement)
        if agreement.balance < payment.amount:
            raise Refused(_("The credit account was paid off meanwhile. Give that receipt back first."))
        agreement.balance -= payment.amount
        agreement.save(update_fields=["balance"])
