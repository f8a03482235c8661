"""The alarm clock: Celery only wakes the sweeps; what is due stands in rows of Postgres."""

import os

from celery import Celery
from celery.schedules import crontab

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dealer.settings")

from django.conf import settings  # noqa: E402  (the settings module must be named first)

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
app.conf.beat_schedule = {
    "plan-calls": {"task": "customers.tasks.plan_calls", "schedule": 60.0},
    "assign-calls": {"task": "customers.tasks.assign_calls", "schedule": 60.0},
    "lay-frames": {"task": "core.tasks.lay_frames", "schedule": crontab(hour=1, minute=10)},
    "refresh-figures": {"task": "dealer.tasks.refresh_figures", "schedule": 60.0},
    "order-reports": {"task": "dealer.tasks.order_reports", "schedule": crontab(minute=20)},
    "build-reports": {"task": "dealer.tasks.build_reports", "schedule": 30.0},
}
