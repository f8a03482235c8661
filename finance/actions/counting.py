"""Counting the cash desk (F-28): what a cashier took on a day, what is there, and a second person who confirms it."""

from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Max, Sum
from django.utils.timezone import now
from django.utils.translation import gettext as _

from core.actor import Actor, allow
from core.logbook import record
from core.models import Store
from core.rows import Refused, atomic, lock
from finance.actions.ledger import employee_of
from finance.models import AccountReceipt, CashCount, Deposit, Payment

ZERO = Decimal(0)


def expected_of(store: Store, cashier: int, day: date) -> dict[str, Decimal]:
    """What a cashier took on a day less what was given back, by means: payments, deposits, receipts of accounts."""
    found = dict.fromkeys(Payment.MONEY, ZERO)
    for model in (Payment, Deposit, AccountReceipt):
        rows = model.objects.filter(store=store, taken_by=cashier, business_date=day, method__in=Payment.MONEY)
        for method, total in rows.order_by().values_list("method").annotate(total=Sum("amount")):
            found[method] += total
    return found


@atomic
def count_cash(*, store: Store, business_date: date, remark: str = "", by: Actor, **counted: Decimal) -> CashCount:
    """Count what one took on a day, means by means; a difference is explained. After a correction one counts again."""
    allow(by, "finance.count_cash", store)
    if business_date > store.business_date(now()):
        raise Refused(_("This day lies in the future."), field="business_date")
    cashier = employee_of(by)
    if cashier is None:
        raise Refused(_("Only somebody who took money counts it."))
    expected = expected_of(store, cashier, business_date)
    there = {method: counted.get(method) or ZERO for method in expected}
    wrong = {method: there[method] - expected[method] for method in expected if there[method] != expected[method]}
    if wrong and not remark.strip():
        raise Refused(_("Please explain the difference."), field="remark", code="difference")
    same = CashCount.objects.filter(store=store, business_date=business_date, cashier=cashier)
    one = CashCount.objects.create(
        store=store,
        business_date=business_date,
        cashier_id=cashier,
        number=(same.aggregate(last=Max("number"))["last"] or 0) + 1,
        expected={method: str(amount) for method, amount in expected.items()},
        counted={method: str(amount) for method, amount in there.items()},
        difference=sum(wrong.values(), ZERO),
        remark=remark,
        counted_at=now(),
    )
    told: dict[str, Any] = {"counted": sum(there.values(), ZERO), "difference": one.difference, "remark": remark}
    record("cash.counted", one, by=by, business_date=business_date, count=one.number, **told)
    return one


@atomic
def confirm_cash_count(count: CashCount, *, by: Actor) -> CashCount:
    """A second person has looked: the count and the money agree, or the explanation is accepted. Nobody their own."""
    allow(by, "finance.confirm_cash_count", count.store)
    count = lock(count)
    if count.cashier_id == by.pk:
        raise Refused(_("Nobody confirms their own count."))
    if count.confirmed_at:
        raise Refused(_("This count is confirmed already."))
    newer = CashCount.objects.filter(
        store=count.store_id, business_date=count.business_date, cashier=count.cashier_id, number__gt=count.number
    )
    if newer.exists():
        raise Refused(_("It was counted again since. Confirm the newest count."))
    count.confirmed_by_id, count.confirmed_at = by.pk, now()
    count.save(update_fields=["confirmed_by", "confirmed_at"])
    record("cash.confirmed", count, by=by, difference=count.difference)
    return count
