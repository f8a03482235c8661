"""The money's figures: revenue by payer and by labour or parts, order value, receivables."""

from decimal import Decimal

from django.db.models import Count, F, QuerySet, Sum
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from core.figures import Definition, Pair, Tally
from core.models import Figure
from finance.models import Settlement, SettlementLine
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
        "receivables",
        _("Receivables"),
        _("What is still to pay on settlement lists in force, at this moment."),
        is_additive=False,
    ),
]


def compute(pairs: list[Pair]) -> list[Figure]:
    """Revenue, cost and orders by settlement date: three queries for any number of days."""
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
