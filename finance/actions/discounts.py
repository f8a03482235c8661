"""Discounts and rounding (抹零): how far somebody goes alone, and asking for more."""

from datetime import timedelta
from decimal import ROUND_CEILING, Decimal
from typing import Any

from django.db.models import F, Sum
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext as _

from core import actions as core
from core.actor import Actor, allow
from core.logbook import record
from core.models import Approval, Matter, Store
from core.rows import Refused, atomic, lock
from finance.actions.drafting import ZERO, draft
from finance.models import Settlement
from service.models import Party, Visit

VERB = "finance.discount"


def percent_of(part: Decimal, whole: Decimal) -> Decimal:
    """A discount in percent of what the lines come to, never understated."""
    return (part * 100 / whole).quantize(Decimal("0.01"), ROUND_CEILING) if whole else ZERO


def is_within(by: Actor, store: Store, settlement: Settlement) -> bool:
    """Whether somebody may take this much off alone."""
    percent, yuan = (core.authority(by, matter, store) for matter in (Matter.DISCOUNT, Matter.ROUNDING))
    is_small = percent is None or settlement.discount * 100 <= percent * settlement.gross
    return is_small and (yuan is None or settlement.rounding <= yuan)


def agreed(visit: Visit, settlement: Settlement, by: Actor) -> Approval | None:
    """The approval with which this much is taken off; None when nobody has to be asked."""
    allow(by, VERB, visit.store)
    if settlement.discount and not settlement.discount_reason.strip():
        raise Refused(_("Please say why the discount is given."), field="discount_reason")
    if is_within(by, visit.store, settlement):
        return None
    cut = settlement.discount + settlement.rounding
    percent = percent_of(cut, settlement.gross)
    approval = core.use_approval(visit, verb=VERB, matter=Matter.DISCOUNT, amount=percent, by=by)
    if approval is None or approval.worth < cut:
        told = {"percent": percent}
        raise Refused(
            _("%(percent)s %% is more than you may take off alone. Ask for approval.") % told,
            field="discount" if settlement.discount else "rounding",
            code="beyond_authority",
        )
    return approval


@atomic
def ask_discount(
    visit: Visit, *, discount: Decimal = ZERO, rounding: Decimal = ZERO, discount_reason: str = "", by: Actor
) -> Approval:
    """Ask a manager for a discount that is beyond one's own authority; they see what it costs (F-31)."""
    allow(by, VERB, visit.store)
    visit = lock(visit)
    if visit.status != Visit.Status.READY or visit.settled_at:
        raise Refused(_("Only a car that is ready can be settled, and only once."))
    if not visit.explained_at:
        raise Refused(_("Explain the bill first; the discount is asked for what the customer has seen."))
    if not discount + rounding:
        raise Refused(_("Say how much is to be taken off."), field="discount")
    if not discount_reason.strip():
        raise Refused(_("Please say why the discount is given."), field="discount_reason")
    bill = next(one for one in draft(visit, discount, rounding) if one.settlement.payer == Party.Kind.CUSTOMER)
    approval = core.ask_approval(
        visit,
        store=visit.store,
        matter=Matter.DISCOUNT,
        verb=VERB,
        amount=percent_of(discount + rounding, bill.settlement.gross),
        worth=discount + rounding,
        reason=discount_reason,
        title=f"{visit} · {bill.settlement.customer or ''}".rstrip(" ·"),
        address=reverse("settle", args=[visit.pk]),
        facts=_facts(bill.settlement),
        by=by,
    )
    about = [visit.vehicle, visit.customer]
    record("visit.discount_asked", visit, by=by, about=about, amount=discount + rounding, reason=discount_reason)
    return approval


def _facts(settlement: Settlement) -> list[tuple[str, Any]]:
    """What the one who decides should know: what the discount leaves of the margin."""
    cut = settlement.discount + settlement.rounding
    year = settlement.store.business_date(now()) - timedelta(days=365)
    before = Settlement.objects.discounted().filter(customer=settlement.customer_id or 0, settled_on__gte=year)
    given = before.aggregate(sum=Sum(F("discount") + F("rounding")))["sum"]
    return [
        ("customer", str(settlement.customer or "")),
        ("level", settlement.customer.get_level_display() if settlement.customer and settlement.customer.level else ""),
        ("total", settlement.gross),
        ("total_after", settlement.amount),
        ("percent", percent_of(cut, settlement.gross)),
        ("cost", settlement.cost),
        ("margin", settlement.margin),
        ("given_before", given),
    ]


def asked_discount(visit: Visit) -> Approval | None:
    """The newest approval of a discount on this visit as it is now: waiting, granted or refused, for its pages."""
    rows = Approval.objects.filter(verb=VERB, kind=visit.kind_name(), object_id=visit.pk)
    told = [Approval.Status.ASKED, Approval.Status.GRANTED, Approval.Status.REFUSED]
    return rows.filter(object_version=visit.version, status__in=told).with_names().order_by("-pk").first()
