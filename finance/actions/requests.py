"""What was asked of a manager about a settlement: whether it still waits, and what becomes of it when it is moot."""

from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from core import actions as core
from core.actor import Actor
from core.logbook import record
from core.models import Approval
from core.rows import Refused, lock, move
from finance.models import Settlement

RELEASE, WRITE_OFF = "finance.release", "finance.write_off"


def requests_of(settlement: Settlement, *verbs: str) -> Any:
    """What was asked about a settlement."""
    rows = Approval.objects.filter(kind=settlement.kind_name(), object_id=settlement.pk)
    return rows.filter(verb__in=verbs or (RELEASE, WRITE_OFF))


def drop_requests(settlement: Settlement, reason: str, by: Actor) -> None:
    """What nobody needs to decide any more leaves the manager's inbox, and cannot be used later."""
    live = requests_of(settlement).filter(status__in=[Approval.Status.ASKED, Approval.Status.GRANTED])
    for one in live.select_for_update(no_key=True, of=("self",)).order_by("pk"):
        move(one, Approval.Status.WITHDRAWN)
        one.save(update_fields=["status"])
        record("approval.withdrawn", one, by=by, about=[settlement], reason=reason)


def within(settlement: Settlement, verb: str, matter: str, amount: Decimal, reason: str, by: Actor) -> Approval | None:
    """The leave to do it: one's own authority, which also decides what a colleague asked, or a manager's approval."""
    limit = core.authority(by, matter, settlement.store)
    if limit is None or amount <= limit:
        asked = requests_of(settlement, verb).open().order_by("pk").first()
        if asked is None:
            return None
        if asked.asked_by_id == by.pk:
            raise Refused(_("You asked for this yourself, so somebody else decides it."))
        if lock(asked).amount >= amount:
            core.decide(asked, granted=True, reason=reason, by=by)
    approval = core.use_approval(settlement, verb=verb, matter=matter, amount=amount, by=by)
    if approval is None and limit is not None and amount > limit:
        told = {"limit": limit}
        raise Refused(_("You may decide up to %(limit)s alone. Ask for approval.") % told, code="beyond_authority")
    return approval
