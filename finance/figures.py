"""The money's figures: revenue by payer and by labour or parts, order value, discounts, money taken, receivables."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any, NamedTuple

from django.db.models import Count, F, QuerySet, Sum
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from core.figures import Definition, Pair, Tally
from core.models import Figure
from finance.models import (
    Account,
    AccountReceipt,
    CreditAgreement,
    Deposit,
    LedgerEntry,
    Payment,
    Settlement,
    SettlementLine,
)
from service.models import Line

DEFINITIONS = [
    Definition(
        "revenue",
        _("Revenue"),
        _(
            "Amounts of the settlement lists in force, tax included, by settlement date, payer and labour or "
            "parts. A reversed list leaves the day it stood on."
        ),
    ),
    Definition("revenue_net", _("Net revenue"), _("The same without VAT.")),
    Definition("cost", _("Cost"), _("Cost of the lines on those settlement lists.")),
    Definition(
        "order_value",
        _("Average order value"),
        _("Net revenue ÷ orders on a settlement list in force, by settlement date, all kinds and payers."),
    ),
    Definition(
        "discounts",
        _("Discounts"),
        _(
            "What was taken off the customers' settlement lists in force, rounding included, ÷ what their lines come "
            "to before it, by settlement date."
        ),
    ),
    Definition(
        "money_in",
        _("Money taken"),
        _(
            "Cash, card, WeChat Pay, Alipay and transfers less what was given back, by business date and means: "
            "payments, deposits, receipts of credit accounts. What only moves a claim is no money."
        ),
    ),
    Definition(
        "receivables",
        _("Receivables"),
        _("What is still to pay on settlement lists in force, at this moment."),
        is_additive=False,
    ),
]


def compute(pairs: list[Pair]) -> list[Figure]:
    """Revenue, cost, orders, discounts, money taken: a fixed number of queries for any number of days."""
    tally = Tally(pairs)
    settled = Settlement.objects.standing().filter(store__in=tally.stores, settled_on__in=tally.days).order_by()
    lines = SettlementLine.objects.filter(settlement__in=settled).order_by()
    by_day = lines.values_list("settlement__store", "settlement__settled_on")
    for store, day, payer, kind, amount, net, cost in by_day.values_list(
        "settlement__store", "settlement__settled_on", "settlement__payer", "kind"
    ).annotate(a=Sum("amount"), n=Sum("net"), c=Sum("cost")):
        _add(tally, store, day, f"{payer}:{kind}", amount, net, cost)
    # an old system may tell the sum of a list and not its lines
    for store, day, payer, amount, net, cost, n in (
        settled.filter(lines__isnull=True)
        .values_list("store", "settled_on", "payer")
        .annotate(a=Sum("amount"), n=Sum("net"), c=Sum("cost"), lists=Count("visit", distinct=True))
    ):
        _add(tally, store, day, f"{payer}:{Line.Kind.OTHER}", amount, net, cost)
        tally.add(store, day, "order_value", 0, n)
    order = Coalesce(F("order_id"), -F("settlement__visit"))
    for store, day, orders in by_day.annotate(orders=Count(order, distinct=True)):
        tally.add(store, day, "order_value", 0, orders)
    own = settled.of_customer().values_list("store", "settled_on")
    for store, day, cut, gross in own.annotate(cut=Sum(F("discount") + F("rounding")), whole=Sum("gross")):
        tally.add(store, day, "discounts", cut, gross)
    for model in (Payment, Deposit, AccountReceipt):
        rows: Any = model.objects.filter(store__in=tally.stores, business_date__in=tally.days, method__in=Payment.MONEY)
        taken = rows.order_by().values_list("store", "business_date", "method").annotate(sum=Sum("amount"))
        for store, day, method, amount in taken:
            tally.add(store, day, "money_in", amount, dimension=method)
    return tally.figures()


def _add(tally: Tally, store: int, day: object, dimension: str, amount: Decimal, net: Decimal, cost: Decimal) -> None:
    tally.add(store, day, "revenue", amount, dimension=dimension)  # type: ignore[arg-type]
    tally.add(store, day, "revenue_net", net, dimension=dimension)  # type: ignore[arg-type]
    tally.add(store, day, "cost", cost, dimension=dimension)  # type: ignore[arg-type]
    tally.add(store, day, "order_value", net)  # type: ignore[arg-type]


def receivables(rows: QuerySet[Settlement]) -> dict[str, Decimal]:
    """What is still to pay on these lists now, by payer."""
    due = rows.to_pay().order_by().values_list("payer").annotate(due=Sum(F("amount") - F("paid")))  # type: ignore[attr-defined]
    return dict(due)


class Balance(NamedTuple):
    """One account of a trial balance."""

    account: str
    label: str
    debit: Decimal
    credit: Decimal

    @property
    def balance(self) -> Decimal:
        """What is on it: above zero on the debit side."""
        return self.debit - self.credit


class TrialBalance(NamedTuple):
    """The accounts of the ledger over a span, and their sums, which are equal."""

    rows: list[Balance]
    debit: Decimal
    credit: Decimal


def trial_balance(entries: QuerySet[LedgerEntry]) -> TrialBalance:
    """What was posted on each account, of these entries (发生额及余额)."""
    sums = entries.order_by().values_list("account").annotate(debit=Sum("debit"), credit=Sum("credit"))
    found = {account: (debit, credit) for account, debit, credit in sums}
    rows = [Balance(one.value, str(one.label), *found[one.value]) for one in Account if one.value in found]
    return TrialBalance(rows, *(sum((pair[side] for pair in found.values()), Decimal(0)) for side in (0, 1)))


class Movement(NamedTuple):
    """One line of the statement of a credit account."""

    at: datetime
    number: str
    what: str
    charged: Decimal | None
    paid: Decimal | None
    balance: Decimal
    receipt: AccountReceipt | None
    settlement: Settlement | None
    is_returned: bool = False


class Statement(NamedTuple):
    """A credit account over a span: what was owed before, what moved, what is owed after."""

    first: date
    last: date
    before: Decimal
    rows: list[Movement]
    after: Decimal


def statement_of(agreement: CreditAgreement, first: date, last: date) -> Statement:
    """The statement (对账单) of a credit account: charges and receipts in their order, with the balance after each."""
    charges = Payment.objects.filter(agreement=agreement).select_related("settlement__visit__vehicle")
    receipts = AccountReceipt.objects.filter(agreement=agreement).select_related("counter_entry")
    zero = Decimal(0)
    before = (charges.filter(business_date__lt=first).aggregate(sum=Sum("amount"))["sum"] or zero) - (
        receipts.filter(business_date__lt=first).aggregate(sum=Sum("amount"))["sum"] or zero
    )
    moved: list[tuple[datetime, int, Any]] = [
        (one.at, one.pk, one) for rows in (charges, receipts) for one in rows.filter(business_date__range=(first, last))
    ]
    found, balance = [], before
    for at, _pk, one in sorted(moved, key=lambda row: row[:2]):
        is_charge = isinstance(one, Payment)
        balance += one.amount if is_charge else -one.amount
        found.append(
            Movement(
                at,
                one.number,
                f"{one.settlement} {one.settlement.visit.vehicle}" if is_charge else str(one.get_method_display()),
                one.amount if is_charge else None,
                None if is_charge else one.amount,
                balance,
                None if is_charge else one,
                one.settlement if is_charge else None,
                not is_charge and hasattr(one, "counter_entry"),
            )
        )
    return Statement(first, last, before, found, balance)
