"""The official holidays come in: working hours follow them, and calls of a provisional year are planned again."""

import json
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from django.core.management import CommandError

from core.actor import CLOCK
from core.calendar import lay_frames
from core.models import Calendar, Entry, Frame, HolidayYear, PublicHoliday, WeekFrame
from customers import actions
from customers.models import Call, VisitNote
from tests.dealer.test_load import load, write

ZONE = ZoneInfo("Asia/Shanghai")
DAYS = [("元旦", "2027-01-01", True), ("元旦", "2027-01-02", True), ("元旦", "2027-01-03", True),
        ("元旦", "2027-01-09", False), ("劳动节", "2027-05-01", True), ("国庆节", "2027-10-01", True)]  # fmt: skip


def notice(path, days, year=2027):
    """A notice as holiday-cn writes it."""
    told = {
        "year": year,
        "papers": ["https://www.gov.cn/x"],
        "days": [dict(zip(("name", "date", "isOffDay"), d, strict=True)) for d in days],
    }
    return write(path, json.dumps(told, ensure_ascii=False))


@pytest.fixture
def new_year(cast, car):
    """A car left on 2026-12-30; 2027 is not official, and on holidays nobody calls."""
    HolidayYear.objects.all().delete()
    HolidayYear.objects.create(year=2026, source="test")
    WeekFrame.objects.filter(day=WeekFrame.HOLIDAY).delete()
    for calendar in Calendar.objects.all():
        lay_frames(calendar, date(2026, 12, 25), date(2027, 1, 20))
    moment = datetime(2026, 12, 31, 19, tzinfo=ZONE)
    VisitNote.objects.create(
        store=cast.store,
        visit_id=1,
        vehicle=car,
        customer=car.owner,
        kind="repair",
        left_at=moment,
        left_on=date(2026, 12, 31),
    )
    actions.plan_calls(by=CLOCK, moment=moment)
    return Call.objects.get()


@pytest.mark.duty("C-27")
@pytest.mark.duty("C-24")
def test_calls_on_what_became_a_holiday_are_planned_again(new_year, tmp_path):
    assert new_year.is_provisional and new_year.not_before.astimezone(ZONE).date() == date(2027, 1, 1)
    said = load("holidays", notice(tmp_path / "2027.json", DAYS))
    assert said[-1] == "created 6, updated 0, unchanged 0, rejected 0"
    assert "1 calls were planned again" in said[0]
    new_year.refresh_from_db()
    assert new_year.not_before.astimezone(ZONE).date() == date(2027, 1, 4)  # the first day on which somebody may call
    assert new_year.is_provisional is False and new_year.is_planned_late  # none lay in time; not against the agent
    assert new_year.due_on == date(2027, 1, 3)
    assert not Frame.objects.filter(day=date(2027, 1, 1)).exists()
    assert Frame.objects.filter(day=date(2027, 1, 9), is_provisional=False).exists()  # a working Saturday
    year = HolidayYear.objects.get(year=2027)
    assert year.source == "https://www.gov.cn/x"
    assert Entry.objects.filter(verb="holidays.loaded", object_id=year.pk).count() == 1


def test_again_changes_nothing_and_a_corrected_notice_takes_days_back(new_year, tmp_path):
    path = notice(tmp_path / "2027.json", DAYS)
    load("holidays", path)
    frames = list(Frame.objects.order_by("id").values_list("id", flat=True))
    assert load("holidays", path)[-1] == "created 0, updated 0, unchanged 6, rejected 0"
    assert list(Frame.objects.order_by("id").values_list("id", flat=True)) == frames
    corrected = [*DAYS[:3], ("元旦", "2027-01-10", False), ("劳动节", "2027-05-01", True), ("国庆", "2027-10-01", True)]
    said = load("holidays", notice(path, corrected))
    assert said[-1] == "created 1, updated 1, unchanged 4, rejected 0"
    assert said[0].startswith("1 days of 2027 are no longer in the notice")
    assert not PublicHoliday.objects.filter(day=date(2027, 1, 9)).exists()


def test_a_dry_run_keeps_nothing(new_year, tmp_path):
    assert load("holidays", notice(tmp_path / "2027.json", DAYS), "--dry-run")[-1].startswith("created 6")
    new_year.refresh_from_db()
    assert not PublicHoliday.objects.exists() and new_year.is_provisional


@pytest.mark.parametrize("days", [[], DAYS[:4], [*DAYS[:5], ("国庆节", "2027-10-01", False)]])
def test_what_is_no_whole_notice_makes_no_official_year(new_year, tmp_path, days):
    said = load("holidays", notice(tmp_path / "2027.json", days))
    assert said[-1] == "created 0, updated 0, unchanged 0, rejected 0"
    assert "2027" in said[0]
    assert not HolidayYear.objects.filter(year=2027).exists() and not PublicHoliday.objects.exists()


def test_the_notice_typed_into_a_table(new_year, tmp_path):
    rows = "".join(f"{day},{name},{'休' if off else '班'}\n" for name, day, off in DAYS)
    said = load("holidays", write(tmp_path / "a.csv", "日期,名称,类型\n" + rows + "2027-01-01,元旦,休\n", "gb18030"))
    assert said[-1] == "created 6, updated 0, unchanged 0, rejected 1"
    assert HolidayYear.objects.filter(year=2027).exists()


def test_the_notice_as_a_calendar_file(new_year, tmp_path):
    events = "".join(
        f"BEGIN:VEVENT\r\nSUMMARY:{name}\r\nDTSTART;VALUE=DATE:{first}\r\nDTEND;VALUE=DATE:{until}\r\nEND:VEVENT\r\n"
        for name, first, until in [
            ("元旦假期", "20270101", "20270104"),
            ("上班(补元旦假期)", "20270109", "20270110"),
            ("劳动\r\n 节假期", "20270501", "20270502"),
            ("国庆节假期", "20271001", "20271002"),
        ]
    )
    load("holidays", write(tmp_path / "a.ics", f"BEGIN:VCALENDAR\r\n{events}END:VCALENDAR\r\n", "utf-8-sig"))
    found = PublicHoliday.objects.order_by("day").values_list("name", "day", "is_off")
    assert [(name, str(day), off) for name, day, off in found] == DAYS


@pytest.mark.parametrize(
    "text",
    [
        '{"year": 2027}',
        '{"year": 1, "days": []}',
        "{",
        '{"year": 2027, "days": [{"date": "x"}]}',
        "[1]",
        "{" * 5000,
        '{"a":' * 5000,
        "BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART:20270101\nDTEND:20280101\nSUMMARY:x\nEND:VEVENT\n",
        "x",
    ],
)
def test_a_file_that_is_no_notice_is_refused(cast, tmp_path, text):
    with pytest.raises(CommandError):
        load("holidays", write(tmp_path / "a.json", text))
    assert not PublicHoliday.objects.exists()
