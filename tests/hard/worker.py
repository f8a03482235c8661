"""The application's worker with pauses put into the planning, so that a kill finds it at work. For tests only.

Read from the environment: PLAN_PAUSE (seconds), HARD_QUEUE (a queue of one's own on a shared broker).
"""

import os
import time

import django
from celery import shared_task

django.setup()

from core.actor import CLOCK  # noqa: E402  (Celery loads this module before it sets Django up)
from core.slots import sweep  # noqa: E402
from customers import actions  # noqa: E402
from dealer.celery import app  # noqa: E402

PAUSE = float(os.environ["PLAN_PAUSE"])
app.conf.task_default_queue = os.environ["HARD_QUEUE"]


@shared_task(name="tests.hard.plan_calls")
def plan_calls() -> None:
    """As customers.tasks.plan_calls, but slower."""
    sweep("customers.plan_calls", lambda: actions.plan_calls(by=CLOCK, pause=lambda: time.sleep(PAUSE)))


app.conf.beat_schedule = {"plan-calls": {"task": "tests.hard.plan_calls", "schedule": 0.5, "options": {"expires": 5}}}
