"""The gate looks only at the customer's share: free when that is paid or let go on credit."""

from core.actor import Actor
from finance.actions.gate import cancel_gate_passes
from finance.models import Settlement
from service import actions as service
from service.models import Visit


def clear_gate(visit: Visit) -> Visit:
    """Tell the visit whether the gate is free; its row is locked. Once the car has left there is no gate to hold it."""
    if visit.status == Visit.Status.LEFT:
        return visit
    is_held = Settlement.objects.holding_gate().filter(visit=visit).exists()
    return service.mark_cleared(visit, bool(visit.settled_at) and not is_held)


def hold_gate(visit: Visit, reason: str, by: Actor) -> None:
    """The same after money went back: a pass that was issued is good no more when the share is open again."""
    visit = clear_gate(visit)
    if not visit.cleared_at and visit.status != Visit.Status.LEFT:
        cancel_gate_passes(visit, reason, by)
