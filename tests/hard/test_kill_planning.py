"""Planning 2,000 calls while the worker is killed again and again: exactly 2,000, none lost, none doubled."""

import random
import threading
import time
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.utils.timezone import now

from customers.models import Call, VisitNote
from tests.hard.conftest import FULL, race
from tests.plumbing.databases import as_owner

# faults and races one after the other on one worker, so that they disturb only themselves
pytestmark = [pytest.mark.hard, pytest.mark.django_db(transaction=True)]

STORES, EACH = 40, 50
NOTES = STORES * EACH


@pytest.fixture
def waiting(cast: Any, car: Any) -> int:
    """2,000 visits of this afternoon in 40 stores, each owed a call."""
    from core.models import Store

    store = cast.store
    stores = Store.objects.bulk_create(
        Store(
            company=store.company,
            code=f"K{n:03}",
            name=f"店{n}",
            live_from=store.live_from,
            opening=store.opening,
            calling=store.calling,
            labour_rate=store.labour_rate,
        )
        for n in range(STORES)
    )
    left = now() - timedelta(minutes=30)
    VisitNote.objects.bulk_create(
        VisitNote(
            store=one,
            visit_id=n * EACH + m + 1,
            vehicle=car,
            customer=car.owner,
            kind="repair",
            left_at=left,
            left_on=one.business_date(left),
        )
        for n, one in enumerate(stores)
        for m in range(EACH)
    )
    return NOTES


def exact() -> None:
    """Each note has its one call; nothing is open, nothing twice."""
    assert Call.objects.count() == NOTES
    assert Call.objects.values("note").distinct().count() == NOTES
    assert not VisitNote.objects.filter(call_pending=True).exists()
    told = sum(
        line["values"]["planned"] for line in _details("calls.planned")
    )  # the logbook tells of exactly what is there, though its writer was killed again and again
    assert told == NOTES


def _details(verb: str) -> Iterator[dict[str, Any]]:
    from core.models import Detail, Entry

    ids = Entry.objects.filter(verb=verb).values("pk")
    yield from Detail.objects.filter(pk__in=ids).values("values")


def wait_for(reached: Any, seconds: float) -> bool:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if reached():
            return True
        time.sleep(0.05)
    return False


def live_and_die(worker: Any, dice: random.Random, seconds: float) -> int:
    """One life of the worker: it starts, plans some more, and is killed at a random moment of it."""
    before = Call.objects.count()
    worker.start()
    assert wait_for(lambda: Call.objects.count() > before, 40), worker.said()
    time.sleep(dice.uniform(0, seconds))
    worker.kill()
    return Call.objects.count()


SEEDS = range(1, 6) if FULL else [1]


@pytest.mark.parametrize("dice", SEEDS, indirect=True)
def test_ten_kills_during_the_planning(waiting, worker, dice):
    at_death = [live_and_die(worker, dice, 0.8) for _ in range(10)]
    in_the_middle = [count for count in at_death if 0 < count < NOTES]
    assert len(in_the_middle) >= 9, f"the kills came too late: {at_death}"
    worker.start()
    assert wait_for(lambda: Call.objects.count() == NOTES, 60), worker.said()
    assert wait_for(lambda: not VisitNote.objects.filter(call_pending=True).exists(), 5)
    worker.kill()
    exact()


@pytest.mark.parametrize("dice", SEEDS, indirect=True)
def test_worker_and_broker_both_die(waiting, worker, own_valkey, dice):
    """Row 7 of the acceptance table, small: kills of the worker, and twice the broker with all it held."""
    worker.environment["REDIS_URL"] = own_valkey.url
    for _ in range(2):
        live_and_die(worker, dice, 0.5)
        before = Call.objects.count()
        worker.start()
        assert wait_for(lambda before=before: Call.objects.count() > before, 40), worker.said()
        time.sleep(dice.uniform(0, 0.5))
        own_valkey.kill()  # the worker lives on and has to find the new one by itself
        time.sleep(dice.uniform(0, 0.5))
        own_valkey.start()
        before = Call.objects.count()
        if before < NOTES:
            assert wait_for(lambda before=before: Call.objects.count() > before, 40), worker.said()
        worker.kill()
    assert Call.objects.count() < NOTES, "the accidents came too late"
    worker.start()
    assert wait_for(lambda: Call.objects.count() == NOTES, 60), worker.said()
    assert wait_for(lambda: not VisitNote.objects.filter(call_pending=True).exists(), 5)
    worker.kill()
    exact()


def test_control_a_planner_without_the_unique_row_doubles(waiting):
    """What the constraint and ON CONFLICT are for: look first, write after, on a table that lets it."""
    table = "scratch_calls"
    with as_owner(connection.settings_dict["NAME"]) as cursor:
        cursor.execute(f"CREATE TABLE {table} (note_id bigint NOT NULL)")
        cursor.execute(f"GRANT SELECT, INSERT ON {table} TO PUBLIC")
    looked = threading.Barrier(4, timeout=20)

    def naive(_n: int) -> None:
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT id FROM customers_visitnote n WHERE call_pending AND NOT EXISTS "
                f"(SELECT 1 FROM {table} WHERE note_id = n.id) LIMIT 100"
            )
            found = cursor.fetchall()
            looked.wait()
            cursor.executemany(f"INSERT INTO {table} VALUES (%s)", found)

    try:
        assert race(4, naive) == [None] * 4
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT count(*), count(DISTINCT note_id) FROM {table}")
            written, notes = cursor.fetchone()
        assert (written, notes) == (400, 100)
    finally:
        with as_owner(connection.settings_dict["NAME"]) as cursor:
            cursor.execute(f"DROP TABLE {table}")


def test_eight_planners_at_once(waiting):
    """The same race with the real planner: together they plan each call once."""
    from core.actor import CLOCK
    from customers import actions

    planned = race(8, lambda _n: actions.plan_calls(by=CLOCK))
    assert sum(planned) == NOTES
    exact()
