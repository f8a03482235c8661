"""The bill of a visit as it will be, and how it came about: what was agreed first, what was added, what fell away."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import Prefetch

from service.models.jobs import Job
from service.models.lines import Line, LineRows, Party, Share
from service.models.visits import Visit

NOTHING = Decimal(0)


@dataclass
class Bill:
    """What will stand on the settlement lists, by job and by payer, in yuan, tax included."""

    jobs: list[Any] = field(default_factory=list)  # each with `billed`, `left_out` and `amount`
    payers: list[tuple[str, bool, Decimal]] = field(default_factory=list)  # name, whether it is the customer, amount
    total: Decimal = NOTHING
    net: Decimal = NOTHING
    own: Decimal = NOTHING
    first: Decimal = NOTHING
    first_at: datetime | None = None
    added: Decimal = NOTHING
    fallen: Decimal = NOTHING

    @property
    def vat(self) -> Decimal:
        """The tax within the total."""
        return self.total - self.net


def bill_of(visit: Visit) -> Bill:
    """The bill of a visit, in three queries; what was agreed in one breath with the first yes is the estimate."""
    shares = Prefetch("shares", Share.objects.select_related("party"))
    rows = Job.objects.filter(order__visit=visit).select_related("order", "technician").order_by("order", "position")
    jobs: list[Any] = list(rows.prefetch_related(Prefetch("lines", Line.objects.prefetch_related(shares))))
    bill, payers = Bill(), defaultdict[tuple[str, str], Decimal](Decimal)
    answered = [line.consent_at for job in jobs for line in job.lines.all() if line.consent_at]
    bill.first_at = min(answered, default=None)
    for job in jobs:
        lines: list[Any] = list(job.lines.all())
        job.billed = [line for line in lines if line.consent == Line.Consent.AUTHORISED]
        job.left_out = [line for line in lines if line.consent != Line.Consent.AUTHORISED]
        job.amount = sum((line.amount for line in job.billed), NOTHING)
        for line in job.billed:
            line.is_added = bool(line.consent_at and bill.first_at and line.consent_at > bill.first_at)
            bill.total, bill.net = bill.total + line.amount, bill.net + line.net
            bill.added += line.amount if line.is_added else NOTHING
            for share in line.shares.all():
                payers[share.payer, str(share.party or "")] += share.amount
        # agreed once, and dropped since: the customer said yes, and yet it is not on the bill
        bill.fallen += sum(
            (x.amount for x in job.left_out if x.consent == Line.Consent.DROPPED and x.consent_at), NOTHING
        )
        if job.billed or job.left_out:
            bill.jobs.append(job)
    bill.first = bill.total - bill.added + bill.fallen
    bill.own = sum((amount for (kind, _party), amount in payers.items() if kind == Party.Kind.CUSTOMER), NOTHING)
    customer = str(visit.payer or visit.customer or Party.Kind.CUSTOMER.label)
    named = [(party or customer, kind == Party.Kind.CUSTOMER, amount) for (kind, party), amount in payers.items()]
    bill.payers = sorted(named, key=lambda one: (not one[1], one[0]))
    return bill


def charged_of(visit: Visit) -> LineRows:
    """The lines of a visit that somebody pays for."""
    return Line.objects.charged().filter(job__order__visit=visit)


def delivery_steps(visit: Visit) -> list[str]:
    """What belongs to handing this very car over: nothing is said of old parts or a wash that nobody wanted."""
    charged = charged_of(visit)
    kinds = set(charged.values_list("kind", flat=True).distinct())
    due = {
        "explained": True,
        "operation_explained": bool(kinds),
        "old_parts_shown": visit.wants_old_parts and Line.Kind.PART in kinds,
        "car_clean": visit.wants_wash and bool(kinds),
        "belongings_back": True,
    }
    return [name for name, is_due in due.items() if is_due]
