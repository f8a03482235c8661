"""How the amount of a settled line came about, in words: the same on the screen and on paper."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from core.taxes import cents
from core.templatetags.ui import money
from finance.models import SettlementLine
from service.models import Line


def _plain(value: Decimal) -> str:
    return f"{value.normalize():f}"


def _share(part: Decimal, whole: Decimal) -> str:
    """What a payer takes of a line: in percent where that gives the amount to the cent, else of which amount."""
    percent = (part * 100 / whole).quantize(Decimal("0.01"))
    if cents(whole * percent / 100) == part:
        told = {"percent": _plain(percent), "whole": money(whole), "part": money(part)}
        return _("%(percent)s%% share of %(whole)s: %(part)s") % told
    return _("share of %(whole)s: %(part)s") % {"whole": money(whole), "part": money(part)}


def _taken(line: SettlementLine, whole: Decimal | None) -> list[str]:
    """Quantity times price, and what of it this payer takes; nothing where that is all."""
    product = cents(line.quantity * line.price)
    whole = product if whole is None else whole
    parts = [f"{_plain(line.quantity)} × {money(line.price)} = {money(product)}"]
    if whole != product:
        parts.append(_("price of the menu: %(amount)s") % {"amount": money(whole)})
    if line.before != whole and whole:
        parts.append(_share(line.before, whole))
    return parts if line.before != product else []


def _cut(line: SettlementLine) -> list[str]:
    said = []
    if line.discount:
        said.append(_("discount %(amount)s") % {"amount": money(-line.discount)})
    if line.rounding:
        said.append(_("rounded down %(amount)s") % {"amount": money(-line.rounding)})
    return said


def with_sums(lines: Iterable[SettlementLine]) -> list[Any]:
    """Lines of a settlement, each with `taken`: how its amount before discount came about where quantity times price
    is not all, and `made`: the same with what was taken off."""
    found: list[Any] = list(lines)
    wholes = dict(Line.objects.filter(pk__in=[one.line_id for one in found]).values_list("pk", "amount"))
    for line in found:
        whole = wholes.get(line.line_id)
        taken, cut = _taken(line, -whole if whole is not None and line.quantity < 0 else whole), _cut(line)
        product = f"{_plain(line.quantity)} × {money(line.price)} = {money(line.before)}"
        line.parts = [*(taken or [product]), *cut] if cut else taken
        line.taken, line.made = " · ".join(taken), " · ".join(line.parts)
    return found
