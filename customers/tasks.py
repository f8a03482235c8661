"""The clock of customer care."""

from celery import shared_task

from core.actor import CLOCK
from core.slots import sweep
from customers import actions


@shared_task
def plan_calls() -> None:
    """Plan the calls that noted visits are owed, and move on those whose hours passed."""
    sweep("customers.plan_calls", lambda: actions.plan_calls(by=CLOCK))


@shared_task
def assign_calls() -> None:
    """Give planned calls to the agents of their stores."""
    sweep("customers.assign_calls", lambda: actions.assign_calls(by=CLOCK))
