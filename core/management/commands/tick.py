"""Do everything that is due, once: the clock from cron, when neither Redis nor a worker is there."""

import time
from typing import Any

from celery import current_app
from django.core.management.base import BaseCommand, CommandError


class Command(BaseCommand):
    """Every sweep of the schedule in this process; what is not due does nothing."""

    help = "Do everything that is due, once (for cron: * * * * * python manage.py tick)."

    def handle(self, *args: Any, **options: Any) -> None:
        current_app.loader.import_default_modules()
        failed = []
        for name in dict.fromkeys(one["task"] for one in current_app.conf.beat_schedule.values()):
            began = time.monotonic()
            task = current_app.tasks.get(name)
            try:
                if task is None:
                    raise CommandError("there is no such task")
                task()
            except Exception as problem:  # one sweep that fails must not stop the others
                failed.append(name)
                self.stderr.write(f"{name}: {type(problem).__name__}: {problem}")
            else:
                self.stdout.write(f"{name}: done in {time.monotonic() - began:.2f} s")
        if failed:
            raise CommandError(f"failed: {', '.join(failed)}")
