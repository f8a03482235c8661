"""The clock of customer care."""

import time

from celery import shared_task

from core.actor import CLOCK
from core.slots import sweep
from core.wake import wake
from customers import actions, adapters

LONGEST = 60  # seconds that one run may take; what is left is for the next


@shared_task
def plan_calls() -> None:
    """Plan the calls that noted visits are owed, and move on those whose hours passed."""
    sweep("customers.plan_calls", lambda: actions.plan_calls(by=CLOCK))


@shared_task
def assign_calls() -> None:
    """Give planned calls to the agents of their stores."""
    sweep("customers.assign_calls", lambda: actions.assign_calls(by=CLOCK))


@shared_task
def send_messages() -> None:
    """Give the messages that are due to their gateways, one after the other."""
    sweep("customers.send_messages", _send_messages)


def _send_messages() -> None:
    began = time.monotonic()
    while actions.send_next(adapters.send, by=CLOCK):
        if time.monotonic() - began > LONGEST:
            wake("customers.tasks.send_messages")
            return
