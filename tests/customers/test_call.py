"""A care agent makes a call and writes it down: in which hours, by whom, how completely, and how often."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied

from core.models import Entry, Frame
from core.rows import Refused
from customers import actions
from customers.models import Call, CallAttempt
from tests.conftest import at
from tests.customers.conftest import TUESDAY

DAY = timedelta(days=1)
MORNING = at(TUESDAY + DAY, 10)


def make(care, call, who="care_agent", moment=MORNING, **given):
    given = {"outcome": "reached", "answer": "satisfied"} | given
    return actions.call(call, **given, by=care.cast.by(who), moment=moment)


def refused(care, call, **given):
    with pytest.raises(Refused) as told:
        make(care, call, **given)
    assert not CallAttempt.objects.exists()
    return told.value.field


def test_a_call_that_came_through_is_closed_with_its_answer(care):
    call = make(care, care.assigned(), suggestion=" 休息区加个充电器 ", seconds=95)
    assert (call.status, call.answer, call.suggestion) == ("reached", "satisfied", "休息区加个充电器")
    assert (call.attempts, call.first_attempt_at, call.closed_at) == (1, MORNING, MORNING)
    tried = CallAttempt.objects.get()
    assert (tried.by, tried.outcome, tried.seconds) == (care.cast.care_agent, "reached", 95)
    line = Entry.objects.get(verb="call.made")
    assert (line.kind, line.object_id, line.by_id) == ("call", call.pk, care.cast.care_agent.pk)
    with pytest.raises(Refused):
        make(care, call)


@pytest.mark.duty("C-24")
@pytest.mark.parametrize(
    "moment",
    [
        at(TUESDAY + DAY, 8, 59),
        at(TUESDAY + DAY, 12, 45),
        at(TUESDAY + DAY, 18, 31),
        at(TUESDAY + DAY, 23),
        at(TUESDAY, 17),
    ],
    ids=["before nine", "lunch", "evening", "night", "the day the car left"],
)
def test_nobody_is_called_in_rest_hours(care, moment):
    refused(care, care.assigned(), moment=moment)


@pytest.mark.duty("C-24")
def test_the_customers_own_hours_count_too(care):
    from datetime import time

    care.customer.call_from, care.customer.call_until = time(14), time(15)
    care.customer.save()
    call = care.assigned()
    refused(care, call, moment=at(TUESDAY + DAY, 10))
    refused(care, call, moment=at(TUESDAY + DAY, 15, 31))
    assert make(care, call, moment=at(TUESDAY + DAY, 15, 20)).status == "reached", "written down a little later"


@pytest.mark.duty("C-26")
@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"answer": ""}, "answer"),
        ({"answer": "dissatisfied"}, "reason"),
        ({"answer": "dissatisfied", "reason": "   "}, "reason"),
        ({"outcome": "another_time", "answer": ""}, "agreed_at"),
        ({"outcome": "no_answer", "answer": "satisfied"}, "outcome"),
    ],
)
def test_an_incomplete_record_is_refused_beside_the_field(care, given, field):
    assert refused(care, care.assigned(), **given) == field


@pytest.mark.duty("C-26")
def test_the_database_refuses_an_incomplete_record_too(care):
    from django.db import IntegrityError, transaction

    call = care.assigned()
    for wrong in ({"status": "reached"}, {"status": "reached", "answer": "dissatisfied"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Call.objects.filter(pk=call.pk).update(**wrong)


def test_after_so_many_attempts_the_call_is_given_up(care):
    call = care.assigned()
    for n, hour in enumerate((9, 11, 14), 1):
        call = make(care, call, outcome="no_answer", answer="", moment=at(TUESDAY + DAY, hour, 5))
        assert call.attempts == n
    assert call.status == "given_up"
    assert call.closed_at == at(TUESDAY + DAY, 14, 5)


def test_who_did_not_answer_is_left_alone_for_a_while(care):
    call = make(care, care.assigned(), outcome="no_answer", answer="", moment=at(TUESDAY + DAY, 9, 30))
    assert call.not_before == at(TUESDAY + DAY, 11, 30)
    call = make(care, call, outcome="busy", answer="", moment=at(TUESDAY + DAY, 11, 50))
    assert call.not_before == at(TUESDAY + DAY, 13, 30), "a quarter of an hour later is lunch"
    assert call.status == "assigned"


def test_who_refuses_is_never_called_again(care):
    first, second = care.assigned(), care.assigned()
    call = make(care, first, outcome="refused", answer="")
    assert call.status == "dropped"
    second.refresh_from_db()
    care.customer.refresh_from_db()
    assert (second.status, care.customer.do_not_call, care.customer.version) == ("dropped", True, 2)
    care.note()
    assert care.plan() == 0
    assert {one.verb for one in Entry.objects.filter(kind__in=["call", "customer"])} >= {
        "call.made",
        "call.dropped",
        "customer.calls_refused",
    }


def test_another_time_is_agreed_in_the_call(care):
    asked = at(TUESDAY + 5 * DAY, 20)
    call = make(care, care.assigned(), outcome="another_time", answer="", agreed_at=asked)
    assert (call.not_before, call.is_agreed, call.due_on) == (asked, True, TUESDAY + 5 * DAY)
    assert call.original_due_on == TUESDAY + 3 * DAY


def test_who_worked_on_the_car_does_not_call(care):
    call = care.assigned()
    call.note.workers.add(care.cast.care_agent)
    refused(care, call)
    assert make(care, call, who="care_manager").status == "reached"


def test_only_care_makes_calls(care):
    call = care.assigned()
    for who in ("cashier", "advisor", "monitor", "stranger"):
        with pytest.raises(PermissionDenied):
            make(care, call, who=who)


def test_a_stranger_finds_neither_list_nor_call(care, client):
    from core.roles import Role
    from tests.conftest import make_person

    call = care.assigned()
    stranger = make_person("far", "远航回访", Role.CARE_AGENT, care.cast.foreign)
    client.force_login(stranger)
    assert call.phone not in client.get("/calls/?tab=open").content.decode()
    assert client.get(f"/calls/{call.pk}/").status_code == 404
    assert client.post(f"/calls/{call.pk}/", {"outcome": "no_answer"}).status_code == 404


@pytest.fixture
def today(care):
    """A call of today whose customer may be disturbed right now, whatever the clock says."""
    from django.utils.timezone import now

    call = care.assigned()
    Call.objects.filter(pk=call.pk).update(
        not_before=now() - timedelta(minutes=5), not_after=now() + timedelta(minutes=55), is_agreed=True
    )
    call.refresh_from_db()
    return call


def test_the_page_shows_whom_what_to_say_and_the_number_to_dial(care, client, today):
    client.force_login(care.cast.care_agent)
    page = client.get(f"/calls/{today.pk}/").content.decode()
    for piece in ("刘建国", "tel:13800006621", "更换制动片", "沪A·8K721", care.cast.store.name, 'name="outcome"'):
        assert piece in page
    queue = client.get("/calls/").content.decode()
    assert f"/calls/{today.pk}/" in queue
    assert "tel:13800006621" in queue


@pytest.mark.duty("C-24")
def test_in_rest_hours_the_number_is_no_link(care, client, today):
    from django.utils.timezone import now

    Call.objects.filter(pk=today.pk).update(
        not_before=now() + timedelta(hours=1), not_after=now() + timedelta(hours=2), is_agreed=False
    )
    client.force_login(care.cast.care_agent)
    for path, number in ((f"/calls/{today.pk}/", "13800006621"), ("/calls/?tab=later", "138 •••• 6621")):
        page = client.get(path).content.decode()
        assert number in page
        assert "tel:" not in page
    Frame.objects.all().delete()
    sent = client.post(f"/calls/{today.pk}/", {"outcome": "no_answer", "form_token": "a"})
    assert sent.status_code == 422


def test_in_the_browser_the_record_is_kept_and_the_next_call_comes(care, client, today):
    other = care.assigned()
    Call.objects.filter(pk=other.pk).update(not_before=today.not_before, not_after=today.not_after, is_agreed=True)
    client.force_login(care.cast.care_agent)
    sent = client.post(f"/calls/{today.pk}/", {"outcome": "reached", "answer": "", "reason": "刹车还响"})
    assert sent.status_code == 422
    assert "刹车还响" in sent.content.decode(), "nothing typed is lost"
    given = {"outcome": "reached", "answer": "satisfied", "form_token": "k1"}
    for _twice in range(2):
        answer = client.post(f"/calls/{today.pk}/", given)
        assert (answer.status_code, answer["Location"]) == (302, f"/calls/{other.pk}/")
    assert CallAttempt.objects.count() == 1
    answer = client.post(
        f"/calls/{other.pk}/", given | {"answer": "dissatisfied", "reason": "等太久", "form_token": "k2"}
    )
    assert answer.url == f"/calls/{other.pk}/", "whoever is not satisfied is looked at once more"


def test_who_may_not_call_sees_the_page_without_its_form(care, client, today):
    client.force_login(care.cast.monitor)
    page = client.get(f"/calls/{today.pk}/").content.decode()
    assert 'name="outcome"' not in page
    client.post(f"/calls/{today.pk}/", {"outcome": "no_answer"})
    assert not CallAttempt.objects.exists()


def test_the_tabs_of_the_queue(care, client, today):
    client.force_login(care.cast.care_agent)
    late = care.assigned()
    shown = {
        tab: f"/calls/{late.pk}/" in client.get(f"/calls/?tab={tab}").content.decode()
        for tab in ("now", "later", "late", "open", "done")
    }
    assert shown == {"now": False, "later": True, "late": True, "open": True, "done": False}


def test_what_cannot_be_planned_has_a_tab_that_says_why(care, client):
    care.customer.phone = ""
    care.customer.save()
    care.note()
    care.plan()
    client.force_login(care.cast.care_agent)
    assert "tab=unplanned" in client.get("/calls/").content.decode()
    page = client.get("/calls/?tab=unplanned").content.decode()
    assert f"/customers/{care.customer.pk}/" in page
