"""Visits as care hears of them, on days of their own: nothing here looks at the wall clock."""

import itertools
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from tests.conftest import Cast, at, make_person

TUESDAY = date(2026, 3, 10)


class Care:
    """Notes visits of Hongda and plans their calls at a moment of one's choice."""

    def __init__(self, cast: Cast, car: Any) -> None:
        from core.calendar import lay_frames
        from core.models import HolidayYear

        HolidayYear.objects.get_or_create(year=TUESDAY.year, defaults={"source": "test"})
        self.cast, self.car, self.customer = cast, car, car.owner
        self._ids = itertools.count(1)
        lay_frames(cast.store.calling, TUESDAY - timedelta(days=2), TUESDAY + timedelta(days=20))

    def note(self, left: datetime | None = None, *, store: Any = None, workers: Any = (), **more: Any) -> Any:
        from customers.models import VisitNote

        store, left = store or self.cast.store, left or at(TUESDAY, 16)
        given = {
            "customer": self.customer,
            "driver_name": "",
            "driver_phone": "",
            "kind": "repair",
            "what": "更换制动片",
        }
        note = VisitNote.objects.create(
            store=store,
            visit_id=next(self._ids),
            vehicle=self.car,
            left_at=left,
            left_on=store.business_date(left),
            **given | more,
        )
        note.workers.set(workers)
        return note

    def plan(self, moment: datetime | None = None) -> int:
        from core.actor import CLOCK
        from customers import actions

        return actions.plan_calls(by=CLOCK, moment=moment or at(TUESDAY, 16, 5))

    def planned(self, left: datetime | None = None, **more: Any) -> Any:
        """A call, planned for a visit."""
        from customers.models import Call

        note = self.note(left, **more)
        self.plan()
        return Call.objects.get(note=note)

    def assigned(self, **more: Any) -> Any:
        """A call, planned and assigned to the care agent of the cast."""
        from core.actor import CLOCK
        from customers import actions

        call = self.planned(**more)
        actions.assign_calls(by=CLOCK)
        call.refresh_from_db()
        return call

    def agent(self, name: str, store: Any = None) -> Any:
        """One more care agent."""
        from core.roles import Role

        return make_person(name, name, Role.CARE_AGENT, store or self.cast.store)


@pytest.fixture
def care(cast: Cast, car: Any) -> Care:
    """Customer care of Hongda."""
    return Care(cast, car)
