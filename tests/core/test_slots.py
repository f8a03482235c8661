"""Periodic work by slots: each once, missed ones made up in order, a failed one tried again; heartbeats and health."""

from datetime import timedelta

import pytest

from core.models import Heartbeat, KeyedRequest, Slot
from core.slots import DAY, beat, run_slots, sweep
from tests.conftest import at
from tests.customers.conftest import TUESDAY

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


def test_a_new_job_begins_with_the_present_slot(db):
    done = []
    assert run_slots("job", HOUR, done.append, at(TUESDAY, 9, 20)) == 1
    assert done == [at(TUESDAY, 9)]
    assert run_slots("job", HOUR, done.append, at(TUESDAY, 9, 59)) == 0


def test_missed_slots_are_made_up_once_in_order():
    done = []
    run_slots("job", HOUR, done.append, at(TUESDAY, 9))
    assert run_slots("job", HOUR, done.append, at(TUESDAY, 15, 5)) == 6
    assert done == [at(TUESDAY, hour) for hour in range(9, 16)]
    assert Slot.objects.filter(done_at__isnull=False).count() == 7


def test_days_begin_at_home_and_not_in_utc():
    done = []
    run_slots("job", DAY, done.append, at(TUESDAY, 0, 1))
    run_slots("job", DAY, done.append, at(TUESDAY, 23, 59))
    assert done == [at(TUESDAY, 0)]


def test_a_slot_that_failed_holds_the_later_ones_and_is_tried_again():
    done = []
    run_slots("job", HOUR, done.append, at(TUESDAY, 9))

    def stumble(moment):
        if moment == at(TUESDAY, 11):
            raise RuntimeError("the disk is full")
        done.append(moment)

    with pytest.raises(RuntimeError):
        run_slots("job", HOUR, stumble, at(TUESDAY, 12))
    assert done == [at(TUESDAY, 9), at(TUESDAY, 10)]
    assert run_slots("job", HOUR, done.append, at(TUESDAY, 12)) == 2
    assert done == [at(TUESDAY, hour) for hour in range(9, 13)]


def test_jobs_do_not_wait_for_each_other():
    done = []
    run_slots("one", HOUR, done.append, at(TUESDAY, 9))
    run_slots("other", HOUR, done.append, at(TUESDAY, 9))
    assert len(done) == 2


def test_a_sweep_leaves_a_heartbeat_only_when_it_came_to_its_end():
    with pytest.raises(ZeroDivisionError):
        sweep("job", lambda: 1 / 0)
    assert not Heartbeat.objects.exists()
    sweep("job", lambda: None)
    first = Heartbeat.objects.get().at
    sweep("job", lambda: None)
    assert Heartbeat.objects.get().at > first


def test_readyz_is_red_when_nothing_swept_for_three_minutes(client):
    from django.utils.timezone import now

    assert client.get("/readyz").status_code == 503
    beat("job", now() - timedelta(minutes=4))
    assert client.get("/readyz").status_code == 503
    beat("other")
    assert client.get("/readyz").status_code == 200
    assert client.get("/livez").status_code == 200


def test_answers_for_retries_are_forgotten_after_a_week():
    from core.actions import forget_keys

    for key, days in (("old", 8), ("young", 6)):
        kept = KeyedRequest.objects.create(asker="employee:1:browser", key=key, fingerprint="x")
        KeyedRequest.objects.filter(pk=kept.pk).update(created_at=at(TUESDAY, 9) - timedelta(days=days))
    assert forget_keys(at(TUESDAY, 9)) == 1
    assert KeyedRequest.objects.get().key == "young"
