"""Writing down what a customer said about being contacted: a row for each word, none of them ever changed."""

from collections.abc import Iterable

from django.utils.timezone import now

from core.actor import Actor
from customers.models import ContactConsent, Customer
from customers.models.consents import CALLS


def say(customer: Customer, matter: tuple[str, str], is_given: bool, *, via: str, by: Actor, remark: str = "") -> None:
    """Write down one word of a customer; told by whoever heard it."""
    purpose, channel = matter
    ContactConsent.objects.create(
        customer=customer,
        purpose=purpose,
        channel=channel,
        is_given=is_given,
        at=now(),
        via=via,
        by_name=by.name,
        remark=remark,
    )


def say_of_many(customers: Iterable[Customer], *, by: Actor) -> None:
    """Write down for many customers at once whether they want calls, as an old system says; told by a load."""
    moment = now()
    ContactConsent.objects.bulk_create(
        [
            ContactConsent(
                customer=one,
                purpose=CALLS[0],
                channel=CALLS[1],
                is_given=not one.do_not_call,
                at=moment,
                via=ContactConsent.Via.LOAD,
                by_name=by.name,
            )
            for one in customers
        ],
        batch_size=1000,
    )
