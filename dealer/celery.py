"""The alarm clock: Celery only wakes the sweeps; what is due stands in rows of Postgres."""

import os
from typing import Any

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dealer.settings")

app = Celery("dealer")
app.config_from_object("django.conf:settings", namespace="CELERY")  # read at first use, not at import
app.autodiscover_tasks()


def every(seconds: float, task: str) -> dict[str, Any]:
    """Ring that often; a ring that nobody heard in time is thrown away, since the next one does its work."""
    return {"task": task, "schedule": seconds, "options": {"expires": seconds * 0.9}}


# What is due stands in rows, so it does no harm to ring too often, twice or late. Daily and hourly work rings every
# five minutes and looks up its slots.
app.conf.beat_schedule = {
    "plan-calls": every(60, "customers.tasks.plan_calls"),
    "assign-calls": every(60, "customers.tasks.assign_calls"),
    "send-messages": every(30, "customers.tasks.send_messages"),
    "promise-near": every(60, "service.tasks.promise_near"),
    "escalate": every(60, "complaints.tasks.escalate"),
    "recount-clocks": every(300, "complaints.tasks.recount_clocks"),
    "plan-closing-calls": every(60, "complaints.tasks.plan_closing_calls"),
    "follow-answers": every(60, "complaints.tasks.follow_answers"),
    "remind-checks": every(300, "complaints.tasks.remind_checks"),
    "remind-corrections": every(300, "complaints.tasks.remind_corrections"),
    "remind-promises": every(60, "complaints.tasks.remind_promises"),
    "follow-accountabilities": every(60, "complaints.tasks.follow_accountabilities"),
    "link-reworks": every(60, "complaints.tasks.link_reworks"),
    "refresh-figures": every(60, "dealer.tasks.refresh_figures"),
    "build-reports": every(30, "dealer.tasks.build_reports"),
    "order-reports": every(300, "dealer.tasks.order_reports"),
    "lay-frames": every(300, "core.tasks.lay_frames"),
    "sweep-files": every(300, "core.tasks.sweep_files"),
    "forget-keys": every(300, "core.tasks.forget_keys"),
    "forget-notices": every(300, "core.tasks.forget_notices"),
}
