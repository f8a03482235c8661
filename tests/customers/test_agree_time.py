"""Another time for a call, agreed with the customer; the first due date stays visible."""

from datetime import timedelta

import pytest
from django.utils.timezone import localtime, now

from core.models import Entry
from core.rows import Refused
from customers import actions
from tests.conftest import at
from tests.customers.conftest import TUESDAY

DAY = timedelta(days=1)


@pytest.mark.duty("C-27")
def test_the_agreed_time_moves_the_due_date_and_keeps_the_first_one(care):
    asked = at(TUESDAY + 6 * DAY, 19, 30)
    by = care.cast.by("care_agent")
    call = actions.agree_time(care.assigned(), agreed_at=asked, by=by, moment=at(TUESDAY + DAY, 9))
    assert (call.not_before, call.due_on, call.original_due_on) == (asked, asked.date(), TUESDAY + 3 * DAY)
    assert call.is_agreed
    with pytest.raises(Refused):
        actions.call(call, outcome="no_answer", by=by, moment=at(TUESDAY + DAY, 10))
    made = actions.call(call, outcome="reached", answer="satisfied", by=by, moment=asked + timedelta(minutes=3))
    assert made.status == "reached", "the customer asked for this evening hour"
    assert Entry.objects.filter(verb="call.time_agreed").count() == 1


def test_an_earlier_time_keeps_the_due_date(care):
    by = care.cast.by("care_agent")
    call = actions.agree_time(care.assigned(), agreed_at=at(TUESDAY + 2 * DAY, 15), by=by, moment=at(TUESDAY + DAY, 9))
    assert call.due_on == call.original_due_on == TUESDAY + 3 * DAY


def test_the_past_is_refused(care):
    with pytest.raises(Refused) as told:
        actions.agree_time(
            care.assigned(), agreed_at=at(TUESDAY, 9), by=care.cast.by("care_agent"), moment=at(TUESDAY, 10)
        )
    assert told.value.field == "agreed_at"


def test_an_agreed_time_that_was_missed_rolls_on(care):
    by = care.cast.by("care_agent")
    asked = at(TUESDAY + 2 * DAY, 20)
    call = actions.agree_time(care.assigned(), agreed_at=asked, by=by, moment=at(TUESDAY + DAY, 9))
    care.plan(asked + timedelta(hours=1, minutes=1))
    call.refresh_from_db()
    assert (call.not_before, call.is_agreed) == (at(TUESDAY + 3 * DAY, 9), False)


def test_in_the_browser(care, client):
    call = care.assigned()
    client.force_login(care.cast.care_agent)
    path = f"/calls/{call.pk}/agree-time/"
    assert client.get(path).status_code == 200
    assert client.post(path, {"agreed_at": "2020-01-01T10:00"}).status_code == 422
    asked = localtime(now() + 2 * DAY).replace(second=0, microsecond=0)
    answer = client.post(path, {"agreed_at": asked.strftime("%Y-%m-%dT%H:%M")})
    assert (answer.status_code, answer.url) == (302, f"/calls/{call.pk}/")
    call.refresh_from_db()
    assert call.not_before == asked
    client.force_login(care.cast.monitor)
    assert client.get(path).status_code == 403
