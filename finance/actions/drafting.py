"""What a visit's settlement lists would be: worked out before anything is settled, and again when it is."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from decimal import Decimal
from itertools import accumulate
from typing import NamedTuple

from django.utils.translation import gettext as _

from core.rows import Refused
from core.taxes import cents, net_of
from finance.models import CreditAgreement, Settlement, SettlementLine
from service.models import Line, Party, Share, Visit

ZERO = Decimal(0)


class Rate(NamedTuple):
    """What stands under one VAT rate."""

    percent: Decimal
    net: Decimal
    vat: Decimal
    amount: Decimal


class Bill(NamedTuple):
    """One payer's settlement list with its lines, kept or not."""

    settlement: Settlement
    lines: list[SettlementLine]

    @property
    def rates(self) -> list[Rate]:
        """Its VAT, apart by rate."""
        return by_rate(self.lines)


def by_rate(lines: Iterable[SettlementLine]) -> list[Rate]:
    """VAT apart by rate, the highest first; of old lines the rate is told by their amounts."""
    sums: dict[Decimal, list[Decimal]] = defaultdict(lambda: [ZERO, ZERO])
    for line in lines:
        percent = line.vat_percent
        if percent is None:
            percent = ((line.amount / line.net - 1) * 100).quantize(Decimal("0.1")) if line.net else ZERO
        sums[percent][0] += line.net
        sums[percent][1] += line.amount
    return [Rate(percent, net, amount - net, amount) for percent, (net, amount) in sorted(sums.items(), reverse=True)]


def spread(total: Decimal, over: Sequence[Decimal]) -> list[Decimal]:
    """A sum spread over amounts by their size, to the cent: the last takes the rest, and none takes more than it is."""
    whole = sum(over, ZERO)
    if not whole:
        return [ZERO for _one in over]
    marks = [cents(total * upto / whole) for upto in accumulate(over)]
    return [mark - before for mark, before in zip(marks, [ZERO, *marks[:-1]], strict=True)]


def draft(visit: Visit, discount: Decimal = ZERO, rounding: Decimal = ZERO) -> list[Bill]:
    """One settlement list (结算单) for each payer of the lines that were agreed and done; the customer's first, with
    what is taken off it."""
    shares = (
        Share.objects.filter(line__in=Line.objects.charged().filter(job__order__visit=visit))
        .select_related("line__job", "party")
        .prefetch_related("line__shares")
        .order_by("line__job__order", "line__job__position", "line", "id")
    )
    piles: dict[tuple[str, int | None], list[SettlementLine]] = defaultdict(list)
    parties: dict[int | None, Party | None] = {}
    taken: dict[tuple[int, str], Decimal] = defaultdict(Decimal)
    for share in shares:
        piles[share.payer, share.party_id].append(_line(share, _parts(share, taken)))
        parties[share.party_id] = share.party
    order = sorted(piles, key=lambda one: (one[0] != Party.Kind.CUSTOMER, one[0], one[1] or 0))
    bills = [_bill(visit, payer, parties[party], piles[payer, party]) for payer, party in order]
    if discount or rounding:
        own = next((one for one in bills if one.settlement.payer == Party.Kind.CUSTOMER), None)
        if own is None:
            raise Refused(_("The customer pays nothing here that could be discounted."), field="discount")
        _take_off(own, discount, rounding)
    return bills


def _parts(share: Share, taken: dict[tuple[int, str], Decimal]) -> dict[str, Decimal]:
    """A share's part of the line's net and cost; the last share of a line takes the rest, so that no fen is lost."""
    line = share.line
    is_last = share.pk == list(line.shares.all())[-1].pk
    parts = {}
    for name, whole in (("net", line.net), ("cost", line.cost)):
        part = cents(whole * share.amount / line.amount) if line.amount else ZERO
        parts[name] = whole - taken[line.pk, name] if is_last else part
        taken[line.pk, name] += parts[name]
    return parts


_COPIED = ("kind", "code", "name", "quantity", "unit", "price", "vat_percent")


def _line(share: Share, parts: dict[str, Decimal]) -> SettlementLine:
    copied = {name: getattr(share.line, name) for name in _COPIED}
    line = SettlementLine(line_id=share.line_id, order_id=share.line.job.order_id, **copied, **parts)
    line.reason, line.amount = share.reason, share.amount
    return line


def _bill(visit: Visit, payer: str, party: Party | None, lines: list[SettlementLine]) -> Bill:
    settlement = Settlement(store=visit.store, visit=visit, payer=payer, party=party)
    if payer == Party.Kind.CUSTOMER:
        settlement.customer = visit.payer or visit.customer
    _add_up(settlement, lines)
    settlement.gross = settlement.amount
    return Bill(settlement, lines)


def _add_up(settlement: Settlement, lines: list[SettlementLine]) -> None:
    settlement.amount = sum((line.amount for line in lines), ZERO)
    settlement.net = sum((line.net for line in lines), ZERO)
    settlement.cost = sum((line.cost for line in lines), ZERO)


def _take_off(bill: Bill, discount: Decimal, rounding: Decimal) -> None:
    """Discount and rounding go off the lines, so that the tax under each rate is that of what is really paid."""
    settlement, lines = bill
    if discount + rounding > settlement.gross:
        told = {"gross": settlement.gross}
        raise Refused(_("The customer pays only %(gross)s; no more can be taken off.") % told, field="discount")
    for name, total in (("discount", discount), ("rounding", rounding)):
        for line, part in zip(lines, spread(total, [one.amount for one in lines]), strict=True):
            setattr(line, name, part)
            line.amount -= part
    for line in lines:
        if (line.discount or line.rounding) and line.vat_percent is not None:
            line.net = net_of(line.amount, line.vat_percent)
    settlement.discount, settlement.rounding = discount, rounding
    _add_up(settlement, lines)


def due_on(settlement: Settlement, day: date) -> date:
    """When it is to be paid: by a customer at once, or by the terms of the credit account; by others by theirs."""
    if settlement.party:
        return day + timedelta(days=settlement.party.terms_days)
    agreement = CreditAgreement.objects.in_force(day).filter(customer=settlement.customer_id or 0).first()
    return day + timedelta(days=agreement.terms_days) if agreement else day
