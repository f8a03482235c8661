"""Row 16: whatever is done, through whichever door, is told in the logbook: who, where, which document, from what to
what.

Every form and every REST path is found in the URL conf and pressed once on a house in the middle of a day. All rows
that were written are read from Postgres, traced to their document, and each document has its line in the one act.
"""

import random
from typing import Any

import pytest
from django.db import transaction

from core.models import Entry
from customers.actions.history import keep_history
from customers.models import Vehicle
from tests.hard.changes import watching
from tests.hard.pressing import PARTS, Press, pressable
from tests.hard.telling import is_sealed, untold
from tests.hard.world import day
from tests.test_access import api_forms

pytestmark = [pytest.mark.hard, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def watch(cast: Any):
    with watching() as one:
        yield one


def test_what_nobody_told_would_be_found(cast, car, watch):
    """The control: a row written past its action, told of another one, told without what changed; one taken away."""
    with transaction.atomic():
        watch.begin()
        car.owner.name = "刘爱国"
        car.owner.save()
        changes = watch.changes()
    assert [(one.row.pk, one.columns) for one in changes] == [(car.owner_id, {"name"})]
    assert list(untold([], changes, set())) != []
    line = Entry(verb="customer.edited", kind="customer", object_id=car.owner_id)
    assert list(untold([line], changes, set())) == []
    assert list(untold([Entry(verb="customer.edited", kind="customer", object_id=0)], changes, set())) != []
    assert not is_sealed(line, None)
    assert list(untold([], [], {"service_line"})) != []


@pytest.mark.parametrize("part", PARTS)
def test_whatever_is_pressed_is_told(cast, watch, part):
    dice = random.Random(16)
    day(cast, dice)
    keep_history(Vehicle.objects.all(), source="edit")
    form_of = {(one.path, one.method): form_class for one, form_class in api_forms()}
    wrong, done, not_done = [], [], []
    for one in pressable(part):
        press = Press(cast, one, dice, form_of.get((one.path, one.method)), watch)
        if press.is_done():
            done.append(one)
        else:
            not_done.append(f"{one.method} {one.path} ({one.name}): {press.refused[:4]}")
        wrong += press.wrong
    print(f"{len(done)} pressed, {len(not_done)} not: " + "\n".join(not_done))
    assert not wrong, "\n".join(wrong)
    assert len(done) >= 2 * len(not_done), "\n".join(not_done)
