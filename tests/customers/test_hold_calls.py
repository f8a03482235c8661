"""An open complaint holds the calls after service of that person in the whole company; told by the complaints room."""

from datetime import date, timedelta
from typing import Any

import pytest

from core.actor import CLOCK
from core.figures import touch
from core.rows import Refused
from customers import actions, figures
from customers.models import Call, CallHold, Customer
from tests.conftest import at
from tests.customers.conftest import TUESDAY

DAY = timedelta(days=1)


def hold(care: Any, **more: Any) -> int:
    given = {"store": care.cast.store, "case_id": 7, "about": "CP-7 空调不凉", "address": "/complaints/7/"}
    given |= {"customer": care.customer, "phone": "", "moment": at(TUESDAY, 16), "by": CLOCK}
    return actions.hold_calls(**(given | more))


@pytest.mark.duty("K-05")
def test_the_open_calls_wait_and_those_planned_meanwhile_too(care, client):
    first = care.planned()
    assert (hold(care), hold(care)) == (1, 0)
    second = care.planned()
    first.refresh_from_db()
    assert first.is_held and second.is_held and first.address == "/complaints/7/"
    assert CallHold.objects.count() == 1
    moment = first.not_before
    with pytest.raises(Refused):
        actions.call(first, outcome="busy", by=care.cast.by("care_agent"), moment=moment)
    with pytest.raises(Refused):
        actions.agree_time(first, agreed_at=at(TUESDAY + 5 * DAY, 10), by=care.cast.by("care_agent"), moment=moment)
    actions.assign_calls(by=CLOCK)
    held = Call.objects.held()
    assert held.count() == 2
    assert not held.late().exists() and not held.callable_now().exists() and not held.callable_later().exists()
    client.force_login(care.cast.care_agent, backend="allauth.account.auth_backends.AuthenticationBackend")
    queue = client.get("/calls/?tab=held").content.decode()
    assert 'href="/complaints/7/"' in queue and "CP-7" in queue
    page = client.get(f"/calls/{first.pk}/").content.decode()
    assert 'href="/complaints/7/"' in page and 'name="outcome"' not in page


def test_by_the_phone_when_the_person_is_not_known_and_never_across_companies(care):
    call = care.planned()
    assert hold(care, customer=None, phone="13999999999", case_id=1) == 0
    assert hold(care, store=care.cast.foreign, case_id=2) == 0
    assert hold(care, customer=None, phone=call.phone, store=care.cast.sister, case_id=3) == 1, "the whole company"
    other = Customer.objects.create(company=care.cast.store.company, name="别人", phone="13700000001")
    assert not care.planned(customer=other).is_held


@pytest.mark.duty("K-05")
def test_released_it_goes_on_at_the_next_hours_and_its_time_begins_anew(care):
    call = care.planned()
    hold(care)
    care.plan(at(TUESDAY + 4 * DAY, 19))
    call.refresh_from_db()
    assert call.not_before == at(TUESDAY + DAY, 9), "a call that waits is not moved"
    moment = at(TUESDAY + 6 * DAY, 10)
    assert actions.release_calls(7, moment=moment, by=CLOCK) == 1
    assert actions.release_calls(7, moment=moment, by=CLOCK) == 0
    call.refresh_from_db()
    assert (call.is_held, call.about, call.address) == (False, "", "")
    assert (call.not_before, call.due_on) == (at(TUESDAY + 7 * DAY, 9), TUESDAY + 9 * DAY)
    assert call.original_due_on == TUESDAY + 3 * DAY and not call.is_planned_late
    actions.call(call, outcome="reached", answer="satisfied", by=care.cast.by("care_agent"), moment=call.not_before)
    found = {one.code: (one.numerator, one.denominator) for one in figures.compute([(care.cast.store.pk, TUESDAY)])}
    assert found["calls_in_time_agents"] == (1, 1), "the wait is not held against the agents"


def test_while_it_waits_it_is_not_the_agents_to_make(care):
    care.planned()
    hold(care)
    found = {one.code: (one.numerator, one.denominator) for one in figures.compute([(care.cast.store.pk, TUESDAY)])}
    assert found["calls_attempted"] == (0, 1) and found.get("calls_in_time_agents", (0, 0))[1] == 0


def test_two_complaints_hold_until_both_are_settled(care):
    call = care.planned()
    hold(care)
    hold(care, case_id=8)
    assert actions.release_calls(7, moment=at(TUESDAY + DAY, 10), by=CLOCK) == 0
    call.refresh_from_db()
    assert call.is_held
    assert actions.release_calls(8, moment=at(TUESDAY + DAY, 10), by=CLOCK) == 1
    assert actions.release_calls(99, moment=at(TUESDAY + DAY, 10), by=CLOCK) == 0
    hold(care)
    call.refresh_from_db()
    assert call.is_held, "a case that opens again holds anew"


def case_call(care: Any, **more: Any) -> Call | None:
    given = {"store": care.cast.store, "case_id": 7, "about": "CP-7 空调不凉", "address": "/complaints/7/"}
    given |= {"since": TUESDAY, "customer": care.customer, "vehicle": care.car, "barred": []}
    return actions.plan_case_call(**(given | more), moment=at(TUESDAY, 16), by=CLOCK)


@pytest.mark.duty("K-05")
def test_a_call_after_a_complaint_stands_in_the_queue_like_any_other(care, client):
    hold(care)
    made = case_call(care)
    assert (made.rule, made.note, made.is_held, made.due_on) == ("closing", None, False, TUESDAY + 3 * DAY)
    assert (made.not_before, made.name, made.phone) == (at(TUESDAY + DAY, 9), "刘建国", "13800006621")
    assert case_call(care).pk == made.pk, "twice is once"
    actions.assign_calls(by=CLOCK)
    made.refresh_from_db()
    assert made.agent == care.cast.care_agent
    client.force_login(care.cast.care_agent, backend="allauth.account.auth_backends.AuthenticationBackend")
    assert "CP-7" in client.get("/calls/?tab=all").content.decode()
    assert "CP-7" in client.get("/calls/?tab=all&rule=closing&left_from=2026-03-10&left_to=2026-03-10").content.decode()
    assert "CP-7" not in client.get("/calls/?tab=all&left_from=2026-03-11").content.decode()
    assert "CP-7" in client.get("/calls/?tab=all&q=A8K721").content.decode()
    page = client.get(f"/calls/{made.pk}/").content.decode()
    assert 'href="/complaints/7/"' in page and "沪A" in page
    assert client.get(f"/customers/{care.customer.pk}/?tab=contacts").status_code == 200
    care.plan(at(TUESDAY + DAY, 18, 30))
    made.refresh_from_db()
    assert made.not_before == at(TUESDAY + 2 * DAY, 9), "it rolls on like any other"
    with pytest.raises(Refused):
        actions.call(made, outcome="busy", by=care.cast.by("care_agent"), moment=at(TUESDAY, 17))
    actions.call(made, outcome="reached", answer="average", by=care.cast.by("care_agent"), moment=made.not_before)
    touch(care.cast.store.pk, TUESDAY)
    found = {one.code: (one.numerator, one.denominator) for one in figures.compute([(care.cast.store.pk, TUESDAY)])}
    assert found["calls_reached"] == (1, 1) and found["calls_satisfied"] == (0, 1)


def test_by_rest_it_has_a_case_and_no_note(care, client):
    from core.actor import CONSOLE
    from tests.service.conftest import make_token

    made = case_call(care, barred=[3])
    token = make_token(name="t", by=CONSOLE, employee=care.cast.care_agent).text
    body = client.get(f"/api/v1/calls/{made.pk}/", headers={"Authorization": f"Bearer {token}"}).json()
    assert (body["note"], body["case_id"], body["since"], body["rule"]) == (None, 7, "2026-03-10", "closing")
    assert body["vehicle"]["id"] == care.car.pk and body["is_held"] is False


def test_nobody_is_called_who_wants_no_calls_unless_it_was_agreed(care):
    care.customer.do_not_call = True
    care.customer.save()
    assert case_call(care) is None
    assert case_call(care, is_wanted=True) is not None
    assert case_call(care, customer=None, case_id=9) is None, "nor where no phone is known"


def test_a_complaint_that_ends_otherwise_drops_its_call(care):
    made = case_call(care)
    actions.drop_case_call(7, by=CLOCK)
    actions.drop_case_call(7, by=CLOCK)
    made.refresh_from_db()
    assert made.status == "dropped" and made.closed_at


def test_agents_of_what_is_barred_do_not_call(care):
    made = case_call(care, barred=[care.cast.care_agent.pk])
    actions.assign_calls(by=CLOCK)
    made.refresh_from_db()
    assert made.agent == care.cast.care_manager, "no call is lost: the care manager makes it"
    assert made.since == date(2026, 3, 10)
    with pytest.raises(Refused):
        actions.reassign(made, agent=care.cast.care_agent, by=care.cast.by("care_manager"))
