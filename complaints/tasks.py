"""The clock of the complaints room."""

from celery import shared_task

from complaints import actions
from core.slots import sweep


@shared_task
def escalate() -> None:
    """Warn and escalate: each step of a clock once."""
    sweep("complaints.escalate", actions.escalate)


@shared_task
def recount_clocks() -> None:
    """Count clocks again that reach into a year whose holidays were not official, or have changed."""
    sweep("complaints.recount_clocks", actions.recount_clocks)


@shared_task
def plan_closing_calls() -> None:
    """Plan the calls that carried out remedies are owed."""
    sweep("complaints.plan_closing_calls", actions.plan_closing_calls)


@shared_task
def follow_answers() -> None:
    """Go on with cases whose closing call came to an end."""
    sweep("complaints.follow_answers", actions.follow_answers)


@shared_task
def remind_checks() -> None:
    """Ask for the check after closing on its day."""
    sweep("complaints.remind_checks", actions.remind_checks)


@shared_task
def follow_accountabilities() -> None:
    """Note what was decided on accountabilities."""
    sweep("complaints.follow_accountabilities", actions.follow_accountabilities)


@shared_task
def link_reworks() -> None:
    """Link the reworks that were opened at reception."""
    sweep("complaints.link_reworks", actions.link_reworks)


@shared_task
def remind_promises() -> None:
    """Tell of promises whose time has passed."""
    sweep("complaints.remind_promises", actions.remind_promises)


@shared_task
def remind_corrections() -> None:
    """Tell of corrective actions that are late."""
    sweep("complaints.remind_corrections", actions.remind_corrections)
