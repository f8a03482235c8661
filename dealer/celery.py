"""The alarm clock: Celery only wakes the sweeps; what is due stands in rows of Postgres."""

import os
from typing import Any

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dealer.settings")

from django.conf import settings  # the settings module must be named first

app = Celery("dealer")
app.conf.update(
    broker_url=settings.REDIS_URL,
    result_backend=None,
    task_ignore_result=True,
    task_serializer="json",
    accept_content=["json"],
    timezone=settings.TIME_ZONE,
    broker_transport_options={
        "visibility_timeout": 900,
        "unacked_restore_interval": 10,
        "unacked_restore_throttle": 1,
        "socket_timeout": 10,
        "socket_connect_timeout": 1,
        "socket_keepalive": True,
        "retry_on_timeout": True,
        "health_check_interval": 10,
        "global_keyprefix": "as:",
        "max_retries": 0,
    },
    broker_connection_retry_on_startup=True,
    broker_connection_max_retries=None,
    task_acks_late=True,
    task_reject_on_worker_lost=False,
    worker_prefetch_multiplier=1,
    worker_max_tasks_per_child=500,
    worker_max_memory_per_child=300_000,
    task_time_limit=300,
    task_soft_time_limit=240,
    worker_cancel_long_running_tasks_on_connection_loss=True,
    task_publish_retry=False,
    beat_schedule_filename=str(settings.VAR / "beat-schedule"),
)
app.autodiscover_tasks()


def every(seconds: float, task: str) -> dict[str, Any]:
    """Ring that often; a ring that nobody heard in time is thrown away, since the next one does its work."""
    return {"task": task, "schedule": seconds, "options": {"expires": seconds * 0.9}}


# What is due stands in rows, so it does no harm to ring too often, twice or late. Daily and hourly work rings every
# five minutes and looks up its slots.
app.conf.beat_schedule = {
    "plan-calls": every(60, "customers.tasks.plan_calls"),
    "assign-calls": every(60, "customers.tasks.assign_calls"),
    "refresh-figures": every(60, "dealer.tasks.refresh_figures"),
    "build-reports": every(30, "dealer.tasks.build_reports"),
    "order-reports": every(300, "dealer.tasks.order_reports"),
    "lay-frames": every(300, "core.tasks.lay_frames"),
    "forget-keys": every(300, "core.tasks.forget_keys"),
}
