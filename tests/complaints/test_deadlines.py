"""Deadlines: opening hours, official working days and the wall clock, against a calendar counted day by day."""

import json
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from complaints.actions.deadlines import MOST_CLOSED, OpenHours, RoundTheClock, WorkingDays, reach
from core.calendar import lay_frames
from core.models import Calendar, HolidayYear, PublicHoliday, WeekFrame
from tests.conftest import at

DAY = timedelta(days=1)
MONDAY = date(2026, 3, 9)
# the notice for 2024: weekdays off, and working days at weekends
OFF_2024 = "0101 0212 0213 0214 0215 0216 0404 0405 0501 0502 0503 0610 0916 0917 1001 1002 1003 1004 1007"
WORK_2024 = "0204 0218 0407 0428 0511 0914 0929 1012"


def test_the_wall_clock_runs_day_and_night():
    clock = RoundTheClock()
    assert clock.advance(at(MONDAY, 23), clock.amount(2)) == at(MONDAY + DAY, 1)
    assert clock.between(at(MONDAY, 23), at(MONDAY + DAY, 1)) == clock.amount(2)
    assert clock.share(clock.amount(10), 80) == clock.amount(8)


def test_a_pause_moves_an_end_only_when_it_began_before_it():
    clock, start = RoundTheClock(), at(MONDAY, 8)
    assert reach(clock, start, clock.amount(2)) == at(MONDAY, 10)
    assert reach(clock, start, clock.amount(2), [(at(MONDAY, 9), at(MONDAY, 12))]) == at(MONDAY, 13)
    assert reach(clock, start, clock.amount(2), [(at(MONDAY, 11), at(MONDAY, 12))]) == at(MONDAY, 10)
    both = [(at(MONDAY, 12), at(MONDAY, 13)), (at(MONDAY, 9), at(MONDAY, 11))]
    assert reach(clock, start, clock.amount(2), both) == at(MONDAY, 12), "the second begins when it is over"


@pytest.fixture
def shop(cast):
    """HD01 opens 8:30 to 12 and 13:00 to 17:30, at weekends 9 to 16, on official holidays 10 to 12."""
    calendar = Calendar.objects.create(name="店")
    hours = {day: [(time(8, 30), time(12)), (time(13), time(17, 30))] for day in range(5)}
    hours |= {5: [(time(9), time(16))], 6: [(time(9), time(16))], WeekFrame.HOLIDAY: [(time(10), time(12))]}
    for day, spans in hours.items():
        for starts, ends in spans:
            WeekFrame.objects.create(calendar=calendar, day=day, starts=starts, ends=ends)
    cast.store.opening = calendar
    cast.store.save()
    HolidayYear.objects.get_or_create(year=MONDAY.year, defaults={"source": "test"})
    return cast.store


@pytest.mark.duty("K-02")
def test_opening_hours_leave_out_the_night_lunch_and_holidays(shop):
    PublicHoliday.objects.create(day=MONDAY + 2 * DAY, name="节", is_off=True)
    hours = OpenHours(shop)
    assert hours.advance(at(MONDAY, 11, 30), hours.amount(60)) == at(MONDAY, 13, 30)
    assert hours.advance(at(MONDAY, 17, 0), hours.amount(60)) == at(MONDAY + DAY, 9, 0)
    assert hours.advance(at(MONDAY, 22), hours.amount(30)) == at(MONDAY + DAY, 9, 0)
    assert hours.advance(at(MONDAY + DAY, 17, 30), hours.amount(60)) == at(MONDAY + 2 * DAY, 11, 0), "holiday hours"
    assert hours.between(at(MONDAY, 11), at(MONDAY, 14)) == timedelta(hours=2)
    assert hours.between(at(MONDAY, 18), at(MONDAY + DAY, 8)) == timedelta()


def test_what_lies_beyond_the_laid_frames_is_read_from_the_week(shop):
    computed = OpenHours(shop).advance(at(MONDAY, 8), timedelta(hours=100))
    lay_frames(shop.opening, MONDAY, MONDAY + 4 * DAY)
    partly = OpenHours(shop)
    assert partly.advance(at(MONDAY, 8), timedelta(hours=100)) == computed
    shop.opening.frames.filter(day=MONDAY + DAY).delete()  # closed on this one day, as a row says
    assert OpenHours(shop).advance(at(MONDAY, 17), timedelta(hours=1)) == at(MONDAY + 2 * DAY, 9, 0)


def test_a_store_without_hours_counts_round_the_clock(shop):
    shop.opening.week.all().delete()
    assert OpenHours(shop).advance(at(MONDAY, 8), timedelta(hours=30)) == at(MONDAY + DAY, 14)
    assert MOST_CLOSED > 31


def test_opening_hours_agree_with_a_count_minute_by_minute(shop):
    PublicHoliday.objects.create(day=MONDAY + 3 * DAY, name="节", is_off=True)
    PublicHoliday.objects.create(day=MONDAY + 5 * DAY, name="班", is_off=False)
    hours = OpenHours(shop)
    open_minutes = []
    for n in range(20):
        day = MONDAY + n * DAY
        pattern = 7 if n == 3 else 0 if n == 5 else day.weekday()
        for one in shop.opening.week.filter(day=pattern):
            first, last = at(day, one.starts.hour, one.starts.minute), at(day, one.ends.hour, one.ends.minute)
            while first < last:
                open_minutes.append(first)
                first += timedelta(minutes=1)
    for start in range(0, 24 * 60, 47):
        begin = at(MONDAY, 0) + timedelta(minutes=start)
        later = [one for one in open_minutes if one >= begin]
        for amount in (1, 45, 240, 480, 1440):
            assert hours.advance(begin, hours.amount(amount)) == later[amount - 1] + timedelta(minutes=1)
            end = begin + timedelta(hours=min(amount, 300))
            assert hours.between(begin, end) == timedelta(minutes=sum(one < end for one in later))


@pytest.mark.duty("K-02")
def test_working_days_do_not_count_the_first_and_end_with_the_last(cast):
    days = WorkingDays(cast.store)
    zone = ZoneInfo(cast.store.time_zone)
    friday = date(2026, 3, 13)
    assert days.advance(at(friday, 9), 1) == datetime.combine(friday + 3 * DAY, time(23, 59, 59), zone)
    assert days.between(at(friday, 9), at(friday + 3 * DAY, 9)) == 1
    assert days.share(10, 80) == 8


def test_a_year_without_official_holidays_makes_a_deadline_provisional(cast):
    HolidayYear.objects.all().delete()
    HolidayYear.objects.create(year=2026, source="test")
    days = WorkingDays(cast.store)
    inside, over = at(date(2026, 12, 1), 9), at(date(2026, 12, 28), 9)
    assert not days.is_provisional(inside, days.advance(inside, 10))
    assert days.is_provisional(over, days.advance(over, 10))
    hours = OpenHours(cast.store)
    assert not hours.is_provisional(inside, hours.advance(inside, hours.amount(480)))
    assert hours.is_provisional(over, hours.advance(over, hours.amount(6 * 1440)))


def is_working(day: date, special: dict[date, bool]) -> bool:
    """Our own word: what the notices say, else Monday to Friday."""
    return not special[day] if day in special else day.weekday() < 5


@pytest.mark.shared
@pytest.mark.duty("K-02")
def test_every_deadline_of_2024_to_2026_agrees_with_a_calendar_counted_day_by_day(cast, shared):
    """The notices as published for 2025 and 2026, that for 2024 as the package chinesecalendar has it."""
    special = {datetime.strptime(f"2024{one}", "%Y%m%d").date(): True for one in OFF_2024.split()}
    special |= {datetime.strptime(f"2024{one}", "%Y%m%d").date(): False for one in WORK_2024.split()}
    for year in (2025, 2026):
        notice = json.loads((shared / "holidays" / f"holiday-cn_{year}.json").read_text("utf-8"))
        special |= {date.fromisoformat(one["date"]): one["isOffDay"] for one in notice["days"]}
    HolidayYear.objects.all().delete()
    HolidayYear.objects.bulk_create(HolidayYear(year=year, source="test") for year in (2024, 2025, 2026))
    PublicHoliday.objects.bulk_create(PublicHoliday(day=day, name="x", is_off=off) for day, off in special.items())
    days, wrong, counted = WorkingDays(cast.store), [], 0
    day = date(2024, 1, 1)
    while day.year < 2027:
        found, left = day, 0
        ends = {}
        while left < 45:
            found += DAY
            left += is_working(found, special)
            if is_working(found, special):
                ends[left] = found
        for amount in (1, 7, 10, 20, 45):
            counted += 1
            end = days.advance(at(day, 10), amount)
            expected = at(ends[amount], 23, 59) + timedelta(seconds=59)
            is_provisional = days.is_provisional(at(day, 10), end)
            if end != expected or is_provisional != (ends[amount].year > 2026):
                wrong.append((day, amount, end, expected))
            if days.between(at(day, 10), end) != amount:
                wrong.append((day, amount, "between"))
        day += DAY
    assert wrong == []
    assert counted == 1096 * 5
