"""Goodwill of the store: how much is given, and whether somebody may give it alone."""

from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal

from django.db.models import Sum
from django.utils.timezone import now
from django.utils.translation import gettext as _

from core.actions import authority, use_approval
from core.actor import Actor
from core.models import Matter
from core.rows import Refused
from service.models import Job, Line, Order, Party, Share

VERB = "service.share_line"


def given_before(order: Order) -> Decimal:
    """What the store gave this customer out of goodwill on the visits of the last twelve months."""
    rows = Share.objects.filter(
        payer=Party.Kind.STORE,
        reason=Share.Reason.GOODWILL,
        line__consent=Line.Consent.AUTHORISED,
        line__job__order__visit__customer=order.visit.customer_id,
        line__job__order__visit__arrived_at__gte=now() - timedelta(days=365),
    ).exclude(line__job__order__visit=order.visit_id)
    return (rows.aggregate(total=Sum("amount"))["total"] if order.visit.customer_id else None) or Decimal(0)


def given_elsewhere(order: Order, but: Sequence[Line]) -> Decimal:
    """What the store gives on this visit already, on other lines."""
    rows = Share.objects.filter(
        line__in=Line.objects.standing().filter(job__order__visit=order.visit_id),
        payer=Party.Kind.STORE,
        reason=Share.Reason.GOODWILL,
    ).exclude(line__in=[line.pk for line in but])
    return rows.aggregate(total=Sum("amount"))["total"] or Decimal(0)


def may_give(order: Order, job: Job, here: Decimal, lines: Sequence[Line], by: Actor) -> None:
    """Goodwill of the store beyond one's authority needs a manager's word; less than before never does."""
    before = Share.objects.filter(
        line__in=[line.pk for line in lines], payer=Party.Kind.STORE, reason=Share.Reason.GOODWILL
    )
    if here <= (before.aggregate(total=Sum("amount"))["total"] or Decimal(0)):
        return
    total = here + given_elsewhere(order, lines)
    limit = authority(by, Matter.GOODWILL, order.store)
    if limit is None or total <= limit:
        return
    if use_approval(job, verb=VERB, matter=Matter.GOODWILL, amount=total, by=by) is None:
        raise Refused(
            _(
                "The store would give %(total)s on this visit; your role may give %(limit)s. "
                "Ask a manager: choose the payers for the whole job and press “Ask for approval”."
            )
            % {"total": total, "limit": limit},
            code="needs_approval",
        )
