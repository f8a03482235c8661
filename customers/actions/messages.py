"""Telling customers."""

from django.utils.timezone import now

from core.actor import Actor
from core.models import Store
from core.rows import atomic
from customers.models import Customer, Message


@atomic
def tell(
    store: Store, customer: Customer | None, phone: str, code: str, channel: str, *, by: Actor, **params: str
) -> Message:
    """Put a message to a customer into the outbox; told by service. What was said by phone or in person is done."""
    by_hand = channel in {Message.Channel.PHONE, Message.Channel.COUNTER}
    return Message.objects.create(
        store=store,
        customer=customer,
        phone=phone,
        code=code,
        channel=channel,
        params=params | {"told_by": by.name},
        by_hand=by_hand,
        done_at=now() if by_hand else None,
    )
