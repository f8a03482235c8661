"""The ground's clock."""

from datetime import timedelta

from celery import shared_task

from core import actions
from core.calendar import lay_stock
from core.slots import DAY, run_slots


@shared_task
def lay_frames() -> None:
    """Keep the working hours of the coming months in stock, once a day."""
    run_slots("core.lay_frames", DAY, lay_stock)


@shared_task
def sweep_files() -> None:
    """Delete files that no document speaks of, once a day."""
    run_slots("core.sweep_files", DAY, actions.sweep_files)


@shared_task
def forget_keys() -> None:
    """Forget the answers kept for retries once nobody retries any more, every hour."""
    run_slots("core.forget_keys", timedelta(hours=1), actions.forget_keys)


@shared_task
def forget_notices() -> None:
    """Forget what somebody should have known half a year ago, once a day."""
    run_slots("core.forget_notices", DAY, actions.forget_notices)
