"""What a customer asks and only a manager may answer (A6: the service manager decides customers' questions)."""

from decimal import Decimal
from typing import Any

from core import actions as core
from core.actor import Actor, allow
from core.logbook import record
from core.models import Approval, Matter
from core.rows import atomic, lock
from service.models import Visit

VERB = "service.ask_manager"


@atomic
def ask_manager(visit: Visit, *, question: str, by: Actor) -> Approval:
    """Put a customer's question before the manager, who answers it with yes or no and the reason, on record."""
    allow(by, VERB, visit.store)
    visit = lock(visit)
    facts: list[tuple[str, Any]] = [("plate", str(visit.vehicle)), ("customer", str(visit.customer or ""))]
    if visit.customer and visit.customer.level:
        facts.append(("level", visit.customer.get_level_display()))
    approval = core.ask_approval(
        visit,
        store=visit.store,
        matter=Matter.QUESTION,
        verb=VERB,
        amount=Decimal(0),
        worth=Decimal(0),
        reason=question,
        title=str(visit),
        address=visit.get_absolute_url(),
        facts=facts,
        is_bound=False,
        by=by,
    )
    record("visit.manager_asked", visit, by=by, about=[visit.vehicle, visit.customer], reason=question)
    return approval
