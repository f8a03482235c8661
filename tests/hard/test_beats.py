"""Row 12 of the acceptance table: three beats at once over 500 slots make exactly 500; missed ones are made up once."""

import threading
from datetime import timedelta

import pytest
from django.db import connection

from core.models import Slot
from core.slots import run_slots
from tests.conftest import at
from tests.customers.conftest import TUESDAY
from tests.hard.conftest import race
from tests.plumbing.databases import as_owner

# faults and races one after the other on one worker, so that they disturb only themselves
pytestmark = [pytest.mark.hard, pytest.mark.django_db(transaction=True)]

MINUTE = timedelta(minutes=1)
BEGIN = at(TUESDAY, 0)


def test_three_beats_over_five_hundred_slots(db):
    done = []

    def beats(_n):
        for n in range(500):
            run_slots("job", MINUTE, done.append, BEGIN + n * MINUTE)

    assert race(3, beats) == [None] * 3
    assert done == [BEGIN + n * MINUTE for n in range(500)], "each once, in order"
    assert Slot.objects.filter(done_at__isnull=False).count() == 500


def test_after_six_hours_without_a_beat_three_of_them_make_up_what_was_missed():
    done = []
    run_slots("job", MINUTE, done.append, BEGIN)
    late = BEGIN + timedelta(hours=6)
    made = race(3, lambda _n: run_slots("job", MINUTE, done.append, late))
    assert sum(made) == 360
    assert done == [BEGIN + n * MINUTE for n in range(361)]


def test_a_beat_that_dies_in_its_slot_leaves_it_to_the_next():
    done = []

    def dies(moment):
        Slot.objects.create(job="written by the work", at=moment)
        raise SystemExit

    run_slots("job", MINUTE, done.append, BEGIN)
    with pytest.raises(SystemExit):
        run_slots("job", MINUTE, dies, BEGIN + 2 * MINUTE)
    assert not Slot.objects.filter(job="written by the work").exists(), "the slot is done whole or not at all"
    assert run_slots("job", MINUTE, done.append, BEGIN + 2 * MINUTE) == 2
    assert done == [BEGIN, BEGIN + MINUTE, BEGIN + 2 * MINUTE]


def test_control_beats_that_only_look_do_slots_more_than_once():
    """Without lock and unique row: whoever looks sees that the slot is not done yet."""
    table = "scratch_slots"
    with as_owner(connection.settings_dict["NAME"]) as cursor:
        cursor.execute(f"CREATE TABLE {table} (at timestamptz NOT NULL)")
        cursor.execute(f"GRANT SELECT, INSERT ON {table} TO PUBLIC")
    looked = threading.Barrier(3, timeout=20)

    def naive(_n):
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT 1 FROM {table} WHERE at = %s", [BEGIN])
            found = cursor.fetchone()
            looked.wait()
            if not found:
                cursor.execute(f"INSERT INTO {table} VALUES (%s)", [BEGIN])

    try:
        race(3, naive)
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT count(*) FROM {table}")
            assert cursor.fetchone() == (3,)
    finally:
        with as_owner(connection.settings_dict["NAME"]) as cursor:
            cursor.execute(f"DROP TABLE {table}")
