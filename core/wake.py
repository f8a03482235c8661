"""Waking the clock: a nudge after commit so that a sweep runs sooner; losing it loses nothing."""

import logging
import time

from celery import current_app
from django.db import connection

log = logging.getLogger(__name__)
QUIET = 30.0  # seconds for which a broker that did not answer is not asked again, so that no request waits for it
_quiet_until = 0.0


def _send(task: str) -> None:
    global _quiet_until
    if time.monotonic() < _quiet_until:
        return
    try:
        current_app.send_task(task, retry=False)
    except Exception as problem:  # the sweep comes anyway; a dead Redis must not hurt the desk
        _quiet_until = time.monotonic() + QUIET
        log.warning("could not wake %s: %s", task, problem)


def wake(task: str) -> None:
    """Let a sweep run soon after this transaction commits (`"customers.tasks.plan_calls"`)."""
    connection.on_commit(lambda: _send(task), robust=True)
