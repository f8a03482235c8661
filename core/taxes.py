"""VAT: entered prices include it, the net is derived from the rate of the day, rounded per line."""

from collections.abc import Callable
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from django.utils.translation import gettext as _

from core.models import Company, VatRate
from core.rows import Refused

CENT = Decimal("0.01")


def cents(amount: Decimal) -> Decimal:
    """An amount rounded to fen, half up."""
    return amount.quantize(CENT, ROUND_HALF_UP)


def vat_percent(company: Company, supply: str, day: date) -> Decimal:
    """The VAT rate in percent in force on a day for a company's kind of taxpayer (增值税法 art. 10, as dated data)."""
    rate = VatRate.objects.filter(supply=supply, taxpayer=company.taxpayer, since__lte=day).order_by("-since").first()
    if rate is None:
        raise Refused(_("No VAT rate is on file for %(day)s. Ask finance to add it.") % {"day": day})
    return rate.percent


def vat_percents(company: Company, supply: str) -> Callable[[date], Decimal | None]:
    """The same for many days at once (imports); None for a day before the first rate on file."""
    rates = list(VatRate.objects.filter(supply=supply, taxpayer=company.taxpayer).order_by("-since"))
    return lambda day: next((rate.percent for rate in rates if rate.since <= day), None)


def net_of(amount: Decimal, percent: Decimal) -> Decimal:
    """The net part of a tax-inclusive amount."""
    return cents(amount / (1 + percent / 100))
