"""The clock plans the follow-up call of every noted visit: when, to whom, and never twice."""

from datetime import date, time, timedelta

import pytest

from core.calendar import lay_frames
from core.models import Entry, Frame, HolidayYear, PublicHoliday, TouchedDay, WeekFrame
from customers import actions
from customers.models import Call
from tests.conftest import at
from tests.customers.conftest import TUESDAY

DAY = timedelta(days=1)


@pytest.mark.duty("C-27")
def test_a_call_is_due_within_three_days_and_planned_for_the_next_day_at_the_earliest(care):
    call = care.planned()
    assert call.due_on == call.original_due_on == TUESDAY + 3 * DAY
    assert (call.not_before, call.not_after) == (at(TUESDAY + DAY, 9), at(TUESDAY + DAY, 12))
    assert (call.status, call.is_planned_late, call.is_provisional) == ("planned", False, False)
    assert (call.name, call.phone) == ("刘建国", "13800006621")


def test_the_days_of_a_store_are_its_own(care):
    care.cast.store.follow_up_days = 5
    care.cast.store.save()
    assert care.planned().due_on == TUESDAY + 5 * DAY


def test_planning_twice_plans_nothing_twice(care):
    care.note()
    assert (care.plan(), care.plan()) == (1, 0)
    assert Call.objects.count() == 1
    line = Entry.objects.get(verb="calls.planned")
    assert (line.kind, line.object_id, line.by_kind) == ("store", care.cast.store.pk, "clock")
    assert TouchedDay.objects.filter(store=care.cast.store, day=TUESDAY).exists()


@pytest.mark.duty("C-24")
def test_never_in_the_lunch_break(care):
    note = care.note(at(TUESDAY - DAY, 16))
    care.plan(at(TUESDAY, 12, 10))
    assert note.calls.get().not_before == at(TUESDAY, 13, 30)


@pytest.mark.duty("C-24")
def test_never_outside_the_customers_own_hours(care):
    care.customer.call_from, care.customer.call_until = time(11), time(14)
    care.customer.save()
    call = care.planned()
    assert (call.not_before, call.not_after) == (at(TUESDAY + DAY, 11), at(TUESDAY + DAY, 12))
    care.plan(at(TUESDAY + DAY, 12, 1))
    call.refresh_from_db()
    assert (call.not_before, call.not_after) == (at(TUESDAY + DAY, 13, 30), at(TUESDAY + DAY, 14))


def test_hours_that_no_frame_has_leave_the_visit_on_the_list_of_what_cannot_be_planned(care):
    care.customer.call_from, care.customer.call_until = time(20), time(21)
    care.customer.save()
    note = care.note()
    assert care.plan() == 0
    assert list(type(note).objects.without_call()) == [note]


@pytest.fixture
def spring_festival(care):
    """Nobody calls from the 11th to the 15th."""
    calling = care.cast.store.calling
    WeekFrame.objects.filter(calendar=calling, day=WeekFrame.HOLIDAY).delete()
    for n in range(1, 6):
        PublicHoliday.objects.create(day=TUESDAY + n * DAY, name="春节", is_off=True)
    lay_frames(calling, TUESDAY, TUESDAY + 20 * DAY)
    return TUESDAY + 6 * DAY


@pytest.mark.duty("C-27")
def test_where_no_frame_lies_in_time_the_next_one_is_taken_and_nobody_is_blamed(care, spring_festival):
    call = care.planned()
    assert call.not_before == at(spring_festival, 9)
    assert call.due_on == TUESDAY + 3 * DAY
    assert call.is_planned_late


def test_a_store_that_calls_on_holidays_calls_in_time(care, spring_festival):
    calling = care.cast.store.calling
    WeekFrame.objects.create(calendar=calling, day=WeekFrame.HOLIDAY, starts=time(10), ends=time(11))
    lay_frames(calling, TUESDAY, TUESDAY + 20 * DAY)
    call = care.planned()
    assert call.not_before == at(TUESDAY + DAY, 10)
    assert not call.is_planned_late


def test_a_call_that_the_agent_missed_rolls_on_and_stays_the_agents(care):
    call = care.planned()
    care.plan(at(TUESDAY + 5 * DAY, 8))
    call.refresh_from_db()
    assert call.not_before == at(TUESDAY + 5 * DAY, 9)
    assert (call.due_on, call.is_planned_late) == (TUESDAY + 3 * DAY, False)


def test_who_does_not_want_calls_gets_none(care):
    care.customer.do_not_call = True
    care.customer.save()
    note = care.note()
    assert care.plan() == 0
    note.refresh_from_db()
    assert (note.call_pending, Call.objects.count()) == (False, 0)


def test_without_a_phone_the_call_waits_and_is_planned_once_there_is_one(care):
    care.customer.phone = ""
    care.customer.save()
    note = care.note()
    assert care.plan() == 0
    assert list(type(note).objects.without_call()) == [note]
    care.customer.phone = "13800006621"
    care.customer.save()
    assert care.plan(at(TUESDAY + 7 * DAY, 9, 30)) == 1
    call = note.calls.get()
    assert call.due_on == TUESDAY + 3 * DAY
    assert call.is_planned_late, "the number came too late, which is not the agent's fault"


def test_the_drivers_phone_comes_before_the_owners(care):
    call = care.planned(driver_name="陈静", driver_phone="13900001234")
    assert (call.name, call.phone) == ("陈静", "13900001234")


def test_a_drivers_phone_without_a_name_does_not_borrow_the_owners(care):
    assert care.planned(driver_phone="13900001234").name == ""
    assert care.planned(driver_phone=care.customer.phone).name == "刘建国"


def test_history_never_floods_the_list(care):
    store = care.cast.store
    store.live_from = TUESDAY
    store.save()
    care.note(at(TUESDAY - DAY, 16))
    care.note(origin="old-system")
    live = care.note()
    assert care.plan() == 1
    assert Call.objects.get().note == live
    assert not live.__class__.objects.without_call().exists()


def test_every_visit_of_a_member_is_owed_a_call_and_members_come_first(care):
    other = care.planned()
    members = [care.planned(was_member=True) for _ in range(3)]
    assert list(Call.objects.in_queue_order()) == [*members, other]
    assert all(call.is_member for call in members)


def test_a_year_without_official_holidays_is_provisional_and_planned_anew_once_they_are_known(care):
    calling, last = care.cast.store.calling, date(TUESDAY.year, 12, 31)
    HolidayYear.objects.filter(year=last.year + 1).delete()
    lay_frames(calling, last - 3 * DAY, last + 10 * DAY)
    note = care.note(at(last, 16))
    care.plan(at(last, 17))
    call = note.calls.get()
    assert (call.not_before, call.is_provisional) == (at(last + DAY, 9), True)

    WeekFrame.objects.filter(calendar=calling, day=WeekFrame.HOLIDAY).delete()
    for n in range(1, 3):
        PublicHoliday.objects.create(day=last + n * DAY, name="元旦", is_off=True)
    HolidayYear.objects.create(year=last.year + 1, source="notice")
    by = care.cast.by("care_manager")
    first, end = date(last.year + 1, 1, 1), date(last.year + 1, 12, 31)
    assert actions.replan_calls(first, end, by=by, moment=at(last, 18)) == 1
    call.refresh_from_db()
    assert (call.not_before, call.is_provisional) == (at(last + 3 * DAY, 9), False)
    assert not call.is_planned_late
    assert not Frame.objects.filter(calendar=calling, day__gt=last, is_provisional=True).exists()
    assert actions.replan_calls(first, end, by=by, moment=at(last, 18)) == 0


def test_an_agreed_time_is_not_planned_anew(care):
    call = care.planned()
    agreed = {"not_before": at(TUESDAY + 2 * DAY, 15), "not_after": at(TUESDAY + 2 * DAY, 16)}
    Call.objects.filter(pk=call.pk).update(is_provisional=True, is_agreed=True, **agreed)
    assert (
        actions.replan_calls(TUESDAY, TUESDAY + 9 * DAY, by=care.cast.by("care_manager"), moment=at(TUESDAY, 18)) == 0
    )


def test_each_store_plans_by_its_own_calendar(care):
    from core.models import Calendar

    sister = care.cast.sister
    evening = Calendar.objects.create(name="晚间回访")
    for day in range(8):
        WeekFrame.objects.create(calendar=evening, day=day, starts=time(19), ends=time(20))
    lay_frames(evening, TUESDAY, TUESDAY + 5 * DAY)
    sister.calling = evening
    sister.save()
    here, there = care.note(), care.note(store=sister)
    assert care.plan() == 2
    assert here.calls.get().not_before == at(TUESDAY + DAY, 9)
    assert there.calls.get().not_before == at(TUESDAY + DAY, 19)


def test_a_store_that_cannot_be_planned_does_not_stop_the_others_and_is_heard_of(care):
    from django.db import DatabaseError

    care.note()
    there = care.note(store=care.cast.sister)
    care.cast.store.time_zone = "Mars/Olympus"
    care.cast.store.save()
    with pytest.raises(DatabaseError):
        care.plan()
    assert Call.objects.get().note == there
