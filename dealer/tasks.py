"""The clock's door of the dealership as a whole."""

from celery import shared_task

from core.actor import CLOCK
from core.slots import sweep
from dealer import actions


@shared_task
def refresh_figures() -> None:
    """Count the figures of the days that were touched."""
    sweep("dealer.refresh_figures", lambda: actions.refresh_figures())


@shared_task
def order_reports() -> None:
    """Order the monthly reports of the months that are over."""
    sweep("dealer.order_reports", lambda: actions.order_reports(by=CLOCK))


@shared_task
def build_reports() -> None:
    """Build the reports that are due."""
    sweep("dealer.build_reports", lambda: actions.build_reports(by=CLOCK))
