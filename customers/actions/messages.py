"""Telling customers."""

from django.utils.timezone import now
from django.utils.translation import gettext as _

from core.actor import Actor, allow
from core.logbook import record
from core.models import Store
from core.rows import Refused, atomic, lock
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


@atomic
def mark_told(message: Message, *, by: Actor) -> Message:
    """Note that somebody told the customer by hand what no provider could send."""
    allow(by, "customers.mark_told", message.store)
    message = lock(message)
    if message.done_at:
        raise Refused(_("The customer has already been told."))
    message.done_at, message.by_hand = now(), True
    message.params |= {"told_by": by.name}
    message.save(update_fields=["done_at", "by_hand", "params"])
    record("message.told", message, by=by, about=[message.customer], code=message.code)
    return message
