"""The clock without Redis: cron does everything that is due, and no request waits for a broker that is gone."""

import os
import subprocess
import sys
import time

import pytest
from django.db import connection, transaction

from core import wake as waking
from core.models import Frame, Heartbeat
from customers.models import Call
from ops import places

NOBODY = "redis://127.0.0.1:1/0"


@pytest.mark.django_db(transaction=True)
def test_cron_plans_and_assigns_with_redis_dead(care, environment):
    from django.utils.timezone import now

    call_of = care.note(now())
    Frame.objects.all().delete()
    for _twice in range(2):  # what one sweep makes, the next one finds
        done = subprocess.run(
            [sys.executable, "manage.py", "tick"],
            cwd=places.ROOT,
            env=environment | {"REDIS_URL": NOBODY, "DJANGO_SETTINGS_MODULE": "dealer.settings"},
            capture_output=True,
            text=True,
            timeout=90,
        )
        assert done.returncode == 0, done.stderr
        assert "core.tasks.lay_frames: done" in done.stdout
    call = Call.objects.get(note=call_of)
    assert (call.status, call.agent) == ("assigned", care.cast.care_agent)
    assert {"customers.plan_calls", "customers.assign_calls", "core.lay_frames"} <= set(
        Heartbeat.objects.values_list("job", flat=True)
    )


SCRIPT = """
import time, django
django.setup()
from celery import current_app
from django.db import connection
from core import wake as waking
from core.rows import atomic
current_app.conf.beat_schedule
took = []
for _ in range(5):
    began = time.perf_counter()
    with atomic():
        waking.wake("customers.tasks.plan_calls")
        waking.wake("customers.tasks.assign_calls")
    took.append(time.perf_counter() - began)
print(max(took[1:]), took[0])
"""


@pytest.mark.django_db(transaction=True)
def test_with_redis_down_no_request_waits_for_it(environment):
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT],
        cwd=places.ROOT,
        env=environment | {"REDIS_URL": NOBODY, "DJANGO_SETTINGS_MODULE": "dealer.settings", "PYTHONPATH": "."},
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    later, _first_with_its_imports = map(float, done.stdout.split()[-2:])
    assert later < 0.3


@pytest.mark.django_db(transaction=True)
def test_a_silent_broker_is_asked_once_and_then_left_alone(monkeypatch):
    asked = []

    def silent(task):
        asked.append(task)
        raise OSError("no answer")

    monkeypatch.setattr(waking, "_quiet_until", 0.0)
    monkeypatch.setattr(waking.current_app, "send_task", lambda task, **_more: silent(task), raising=False)
    for _ in range(3):
        with transaction.atomic():
            waking.wake("customers.tasks.plan_calls")
    assert len(asked) == 1
    assert waking._quiet_until > time.monotonic()


def test_a_wake_of_a_transaction_that_failed_is_never_sent(db):
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        waking.wake("customers.tasks.plan_calls")
        raise ZeroDivisionError
    assert not connection.run_on_commit
    assert os.environ["REDIS_URL"]
