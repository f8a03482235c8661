"""The clock's door of the dealership as a whole."""

from celery import shared_task

from core.actor import CLOCK
from core.logbook import begin_act
from dealer import actions


@shared_task
def refresh_figures() -> None:
    """Count the figures of the days that were touched."""
    actions.refresh_figures()


@shared_task
def order_reports() -> None:
    """Order the monthly reports of the months that are over."""
    begin_act()
    actions.order_reports(by=CLOCK)


@shared_task
def build_reports() -> None:
    """Build the reports that are due."""
    begin_act()
    actions.build_reports(by=CLOCK)
