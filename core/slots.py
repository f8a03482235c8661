"""Periodic work: its due times are rows, so that three clocks at once do each one once and missed ones are made up."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import connection
from django.utils.timezone import now

from core.models import Heartbeat, Slot
from core.rows import atomic

DAY = timedelta(days=1)
MOST = 2000  # slots laid at once: more than a day of minutes
_ANCHOR = datetime(2020, 1, 1, tzinfo=ZoneInfo(settings.TIME_ZONE)).astimezone(UTC)  # days begin at home, not in UTC


def beat(job: str, moment: datetime | None = None) -> None:
    """Note that a sweep came to its end; `/readyz` reads the newest of these."""
    Heartbeat.objects.bulk_create(
        [Heartbeat(job=job, at=moment or now())], update_conflicts=True, unique_fields=["job"], update_fields=["at"]
    )


def sweep(job: str, work: Callable[[], Any]) -> None:
    """Do what is due now, whoever rang, and note that it was looked after."""
    work()
    beat(job)


def _floor(moment: datetime, every: timedelta) -> datetime:
    return moment - (moment - _ANCHOR) % every


def _lay(job: str, every: timedelta, moment: datetime) -> None:
    """Lay the slots since the last one; a job that is new here starts with the present one."""
    last = _floor(moment, every)
    newest = Slot.objects.filter(job=job).order_by("-at").values_list("at", flat=True).first()
    first = newest + every if newest else last
    due = [first + every * n for n in range(min((last - first) // every + 1, MOST))]
    Slot.objects.bulk_create([Slot(job=job, at=at) for at in due], ignore_conflicts=True)


@atomic
def _do_next(job: str, work: Callable[[datetime], Any]) -> bool:
    with connection.cursor() as cursor:  # one clock at a time, or a later slot would be done before an earlier one
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [f"slots:{job}"])
    slot = Slot.objects.filter(job=job, done_at__isnull=True).order_by("at").first()
    if slot is None:
        return False
    work(slot.at)
    slot.done_at = now()
    slot.save(update_fields=["done_at"])
    return True


def run_slots(job: str, every: timedelta, work: Callable[[datetime], Any], moment: datetime | None = None) -> int:
    """Do every due slot of a job that nobody has done, the oldest first, each whole or not at all; say how many."""
    moment = moment or now()
    _lay(job, every, moment)
    done = 0
    while _do_next(job, work):
        done += 1
    beat(job, moment)
    return done
