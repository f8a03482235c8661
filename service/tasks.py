"""The workshop's clock."""

from celery import shared_task

from core.slots import sweep
from service import actions


@shared_task
def promise_near() -> None:
    """Warn advisors of promises that will not hold."""
    sweep("service.promise_near", actions.alarm_promises)
