"""Telling customers: into the outbox, out by a gateway, by hand, and once more after it was given up."""

import uuid
from collections.abc import Callable
from typing import Any

from django.utils.timezone import now
from django.utils.translation import gettext as _

from core.actor import Actor, allow
from core.logbook import record
from core.models import Store
from core.rows import Refused, atomic, lock
from core.wake import wake
from customers.adapters import GatewayProblem
from customers.models import Customer, Message, may_contact

Channel = Message.Channel
BY_HAND = {Channel.PHONE, Channel.COUNTER}  # said at that moment, not sent


@atomic
def tell(
    store: Store,
    customer: Customer | None,
    phone: str,
    code: str,
    channel: str,
    *,
    by: Actor,
    dedupe: str = "",
    purpose: str = Message.Purpose.SERVICE,
    row: Any = None,
    **params: str,
) -> Message:
    """Put a message to a customer into the outbox; told by service. What was said by phone or in person is done.

    `dedupe` names the occasion: told twice under one name it is one message. `row` is the document it is about.
    Who refused a channel is not written to by it; in quiet hours it waits for their end.
    """
    key = dedupe or uuid.uuid4().hex
    if dedupe and (known := Message.objects.filter(dedupe=key).first()):
        return known
    by_hand, moment = channel in BY_HAND, now()
    if customer and not by_hand and not may_contact(customer, purpose, channel):
        raise Refused(_("The customer does not want to be told this way. Choose another one."), field="channel")
    message, is_new = Message.objects.get_or_create(
        dedupe=key,
        defaults={
            "store": store,
            "customer": customer,
            "phone": phone,
            "code": code,
            "purpose": purpose,
            "channel": channel,
            "params": params | {"told_by": by.name},
            "by_hand": by_hand,
            "due_at": customer.after_quiet(moment, store.time_zone) if customer else moment,
            "done_at": moment if by_hand else None,
            **_about(row),
        },
    )
    if is_new and message.has_gateway and message.due_at <= moment:
        wake("customers.tasks.send_messages")
    return message


def _about(row: Any) -> dict[str, Any]:
    """The document that a message is about, and the address of its page."""
    if row is None:
        return {}
    address = row.get_absolute_url() if hasattr(row, "get_absolute_url") else ""
    return {"kind": row.kind_name(), "object_id": row.pk, "address": address}


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


@atomic
def retry_message(message: Message, *, by: Actor) -> Message:
    """Give a message that was given up to its gateway once more."""
    allow(by, "customers.mark_told", message.store)
    message = lock(message)
    if message.done_at or not message.failed_at:
        raise Refused(_("Only what was given up can be sent once more."))
    if not message.has_gateway:
        raise Refused(_("No provider is set for this channel. Tell the customer by hand."))
    _still_wanted(message)
    message.failed_at, message.claimed_until, message.attempts, message.last_error = None, None, 0, ""
    message.due_at = _due(message)
    message.save(update_fields=["failed_at", "claimed_until", "attempts", "last_error", "due_at"])
    record("message.retried", message, by=by, about=[message.customer], code=message.code)
    wake("customers.tasks.send_messages")
    return message


def _still_wanted(message: Message) -> None:
    customer = message.customer
    if customer and not may_contact(customer, message.purpose, message.channel):
        raise Refused(_("The customer does not want to be told this way. Choose another one."))


def _due(message: Message) -> Any:
    """Now, or when the customer's quiet hours are over."""
    moment = now()
    return message.customer.after_quiet(moment, message.store.time_zone) if message.customer else moment


def send_next(send: Callable[..., None], *, by: Actor) -> bool:
    """Send the message that is due next, with no transaction open while the gateway is asked; False when none is.

    The attempt is on record before the call, so that one that kills its worker is not tried for ever.
    """
    claimed = Message.objects.to_send().claim()
    if not isinstance(claimed, Message):
        return False
    message = Message.objects.select_related("store", "customer").get(pk=claimed.pk)
    if not _may_go(message, by=by):
        return True
    try:
        send(
            channel=message.channel,
            to=message.phone,
            code=message.code,
            text=message.text,
            dedupe=message.dedupe or f"message-{message.pk}",
        )
    except GatewayProblem as problem:
        _failed(message, problem, for_good=problem.for_good, by=by)
    else:
        _sent(message, by=by)
    return True


@atomic
def _may_go(message: Message, *, by: Actor) -> bool:
    """Whether consent and hours still allow it; what waits for the end of quiet hours has not used up an attempt."""
    customer = message.customer
    if customer is None:
        return True
    if not may_contact(customer, message.purpose, message.channel):
        _failed(message, Refused("no consent"), for_good=True, by=by)
        return False
    due = _due(message)
    if due > now():
        mine = Message.objects.filter(pk=message.pk, claim_token=message.claim_token)
        mine.update(due_at=due, claimed_until=None, attempts=message.attempts - 1)
        return False
    return True


@atomic
def _sent(message: Message, *, by: Actor) -> None:
    if message.finish():
        record("message.sent", message, by=by, about=[message.customer], code=message.code)


@atomic
def _failed(message: Message, problem: Exception, *, for_good: bool, by: Actor) -> None:
    """Try again a little later, or give it up and leave it to somebody who tells by hand."""
    message.stumble(problem)
    mine = Message.objects.filter(pk=message.pk, claim_token=message.claim_token, done_at__isnull=True)
    if for_good:
        mine.update(failed_at=now())
    if mine.filter(failed_at__isnull=False).exists():
        record("message.given_up", message, by=by, about=[message.customer], code=message.code)
