"""What service tells customer care when a car has left."""

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal

from core.actor import Actor
from core.figures import touch
from core.models import Store
from core.rows import atomic
from core.wake import wake
from customers.models import Customer, Vehicle, VisitNote


@atomic
def note_visit(
    *,
    store: Store,
    visit_id: int,
    vehicle: Vehicle,
    customer: Customer | None,
    driver_name: str,
    driver_phone: str,
    kind: str,
    what: str,
    worth: Decimal,
    left_at: datetime,
    wants_call: bool,
    workers: Iterable[int],
    by: Actor,
) -> VisitNote:
    """Note a finished visit so that care can plan the follow-up call; told by service, written on the visit's line."""
    note = VisitNote.objects.create(
        store=store,
        visit_id=visit_id,
        vehicle=vehicle,
        customer=customer,
        driver_name=driver_name,
        driver_phone=driver_phone,
        kind=kind,
        what=what[:400],
        worth=worth,
        left_at=left_at,
        left_on=store.business_date(left_at),
        call_pending=wants_call,
        was_member=bool(customer and customer.is_member),
    )
    note.workers.set(sorted(set(workers)))
    touch(store.pk, note.left_on)
    wake("customers.tasks.plan_calls")
    return note
