"""Estimate, line by line; the customer's answer is in consent.py."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from core.actor import Actor, allow
from core.logbook import record
from core.models import VatRate
from core.rows import Refused, atomic, lock
from core.taxes import cents, net_of, vat_percent
from service.actions.derive import derive, open_order
from service.actions.goodwill import may_give
from service.actions.parties import own_party
from service.models import Job, Line, Order, Party, Share


def of_company(order: Order, row: Any, field: str, sentence: str = "") -> None:
    """Refuse a payer or an item that belongs to another company."""
    if row and row.company_id != order.store.company_id:
        raise Refused(sentence or _("This payer belongs to another company."), field=field)


@atomic
def add_lines(job: Job, *, lines: Iterable[dict[str, Any]], by: Actor) -> Order:
    """Estimate a job: labour and parts at tax-inclusive prices; each waits for the customer's consent."""
    allow(by, "service.add_lines", job.order.store)
    order = open_order(job.order)
    job = lock(job)
    if job.status == Job.Status.DROPPED:
        raise Refused(_("This job is not carried out. Add a new job instead."))
    rows = write_lines(order, job, lines, by=by)
    derive(order)
    record(
        "order.estimated",
        order,
        by=by,
        about=[order.visit],
        lines=[[x.name, str(x.amount)] for x in rows],
        job=job.words,
    )
    return order


def write_lines(order: Order, job: Job, lines: Iterable[dict[str, Any]], *, by: Actor) -> list[Line]:
    """Lines with their payers as part of a job, the order being locked; told by what estimates.

    A price that is not given is the item's, and for labour the store's rate; `amount` is told only where a price of
    the whole was spread over its lines. Of rework under the guarantee the store pays what would be the customer's.
    """
    rates: dict[str, Decimal] = {}
    house = own_party(order.store, by=by) if job.comeback_of_id else None
    rows, shares = [], []
    for one in lines:
        given = dict(one)
        payer, party = given.pop("payer", Party.Kind.CUSTOMER), given.pop("party", None)
        reason, supply = given.pop("reason", Share.Reason.REPAIR), given.pop("supply", None) or VatRate.Supply.REPAIR
        if house and payer == Party.Kind.CUSTOMER:
            payer, party, reason = house.kind, house, Share.Reason.INTERNAL
        of_company(order, party, "lines")
        line = _line(order, job, given)
        supply = line.item.supply if line.item else supply
        if supply not in rates:
            rates[supply] = vat_percent(order.store.company, supply, order.opened_on)
        line.vat_percent = rates[supply]
        line.net = net_of(line.amount, line.vat_percent)
        rows.append(line)
        shares.append(Share(line=line, payer=payer, party=party, reason=reason, amount=line.amount))
    own = [s.amount for s in shares if s.payer == Party.Kind.STORE and s.reason == Share.Reason.GOODWILL]
    may_give(order, job, sum(own, Decimal(0)), [], by)
    Line.objects.bulk_create(rows)
    Share.objects.bulk_create(shares)
    return rows


def _line(order: Order, job: Job, given: dict[str, Any]) -> Line:
    item = given.get("item")
    of_company(order, item, "lines", _("This item stands in another company's catalogue."))
    amount, price = given.pop("amount", None), given.get("price")
    if price is None and given["kind"] == Line.Kind.LABOUR and (item is None or item.price is None):
        given["price"] = order.store.labour_rate
    elif price is None and item is not None:
        given["price"] = item.price
    elif price is None:
        raise Refused(_("“%(line)s” needs a price.") % {"line": given["name"]}, field="lines")
    if given.get("cost") is None:
        given["cost"] = cents(item.cost * given["quantity"]) if item else Decimal(0)
    line = Line(job=job, amount=cents(given["quantity"] * given["price"]) if amount is None else amount, **given)
    line.unit = line.unit or ("h" if line.kind == Line.Kind.LABOUR else "")
    return line


@atomic
def remove_line(line: Line, *, by: Actor) -> Order:
    """Take a line out of the estimate again, as long as the customer has not agreed to it."""
    order = line.job.order
    allow(by, "service.remove_line", order.store)
    order = open_order(order)
    line = lock(line)
    if line.consent != Line.Consent.ASKED:
        raise Refused(_("The customer has already answered this line; it stays on record."))
    what = [line.name, str(line.amount)]
    line.delete()
    derive(order)
    record("order.line_removed", order, by=by, about=[order.visit], line=what)
    return order
