"""When the demo's stores are open and when they call, and the official holidays of 2025 and 2026.

The holidays are facts from the notices of the State Council's General Office (国务院办公厅关于部分节假日安排的通知).
2027 is left out on purpose: no notice is out yet, so calls due in January 2027 are provisional and screens say so.
"""

from datetime import date, time, timedelta

from core.calendar import AHEAD, lay_frames
from core.models import Calendar, Frame, HolidayYear, PublicHoliday, WeekFrame

BEHIND = 70  # days of past frames that screens, planning and the cases of last month look back to
SOURCES = {
    2025: "https://www.gov.cn/zhengce/zhengceku/202411/content_6986383.htm",
    2026: "https://www.gov.cn/zhengce/zhengceku/202511/content_7047091.htm",
}
# name, first and last day off, make-up working days
HOLIDAYS = [
    ("元旦", date(2025, 1, 1), date(2025, 1, 1), []),
    ("春节", date(2025, 1, 28), date(2025, 2, 4), [date(2025, 1, 26), date(2025, 2, 8)]),
    ("清明节", date(2025, 4, 4), date(2025, 4, 6), []),
    ("劳动节", date(2025, 5, 1), date(2025, 5, 5), [date(2025, 4, 27)]),
    ("端午节", date(2025, 5, 31), date(2025, 6, 2), []),
    ("国庆节、中秋节", date(2025, 10, 1), date(2025, 10, 8), [date(2025, 9, 28), date(2025, 10, 11)]),
    ("元旦", date(2026, 1, 1), date(2026, 1, 3), [date(2026, 1, 4)]),
    ("春节", date(2026, 2, 15), date(2026, 2, 23), [date(2026, 2, 14), date(2026, 2, 28)]),
    ("清明节", date(2026, 4, 4), date(2026, 4, 6), []),
    ("劳动节", date(2026, 5, 1), date(2026, 5, 5), [date(2026, 5, 9)]),
    ("端午节", date(2026, 6, 19), date(2026, 6, 21), []),
    ("中秋节", date(2026, 9, 25), date(2026, 9, 27), []),
    ("国庆节", date(2026, 10, 1), date(2026, 10, 7), [date(2026, 9, 20), date(2026, 10, 10)]),
]
# the first three days of Spring Festival (初一 to 初三): the only days on which the stores are shut
SHUT = {first + timedelta(days=n) for first in (date(2025, 1, 29), date(2026, 2, 17)) for n in range(3)}

HALF_DAYS = [(time(8, 30), time(12)), (time(13), time(18))]
CALLING_HALVES = [(time(9, 30), time(11, 30)), (time(14), time(17, 30))]
MONDAY_TO_SATURDAY, EVERY_DAY = range(6), range(8)  # day 7 is an official holiday


def days_of(first: date, last: date) -> list[date]:
    """All days from the first to the last."""
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


def lay_holidays() -> None:
    """Put the official holidays of 2025 and 2026 on file."""
    rows = []
    for name, first, last, make_up in HOLIDAYS:
        rows += [PublicHoliday(day=day, name=name, is_off=True) for day in days_of(first, last)]
        rows += [PublicHoliday(day=day, name=name, is_off=False) for day in make_up]
    PublicHoliday.objects.bulk_create(rows)
    HolidayYear.objects.bulk_create([HolidayYear(year=year, source=source) for year, source in SOURCES.items()])


def lay_calendars(today: date) -> tuple[Calendar, Calendar]:
    """The stores' opening hours, weekends and most holidays included, and the hours in which they call."""
    opening, calling = Calendar.objects.bulk_create([Calendar(name="营业时间"), Calendar(name="回访时间")])
    WeekFrame.objects.bulk_create(
        WeekFrame(calendar=calendar, day=day, starts=starts, ends=ends)
        for calendar, days, frames in (
            (opening, EVERY_DAY, HALF_DAYS),
            (calling, MONDAY_TO_SATURDAY, CALLING_HALVES),
        )
        for day in days
        for starts, ends in frames
    )
    for calendar in (opening, calling):
        lay_frames(calendar, today - timedelta(days=BEHIND), today + timedelta(days=AHEAD))
    Frame.objects.filter(calendar=opening, day__in=SHUT).delete()
    return opening, calling
