"""Waking the clock: a nudge after commit so that a sweep runs sooner; losing it loses nothing."""

import logging

from celery import current_app
from django.db import transaction

log = logging.getLogger(__name__)


def _send(task: str) -> None:
    try:
        current_app.send_task(task, retry=False)
    except Exception as problem:  # the sweep comes anyway; a dead Redis must not hurt the desk
        log.warning("could not wake %s: %s", task, problem)


def wake(task: str) -> None:
    """Let a sweep run soon after this transaction commits (`"customers.tasks.plan_calls"`)."""
    transaction.on_commit(lambda: _send(task), robust=True)
