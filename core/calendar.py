"""The working calendar: its frames laid as rows, so that Python and SQL read the same, and which years are official."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils.timezone import localdate

from core.models import Calendar, Frame, HolidayYear, PublicHoliday, WeekFrame
from core.rows import atomic

AHEAD = 120  # days of frames kept in stock from today on


def official_years() -> set[int]:
    """The years whose official holiday notice is loaded."""
    return set(HolidayYear.objects.values_list("year", flat=True))


def provisional_until(day: date) -> int | None:
    """The first year up to and with this day's whose holidays are not official yet, or None when all are known."""
    known = official_years()
    return next((year for year in range(localdate().year, day.year + 1) if year not in known), None)


def missing_year(moment: datetime | None = None) -> int | None:
    """The year within the stock of frames for which no official holidays are loaded, to be said on screen."""
    return provisional_until(localdate(moment) + timedelta(days=AHEAD))


def frames_of(calendar: Calendar, days: Iterable[date]) -> list[Frame]:
    """The frames a calendar has on these days: holiday hours on official days off, Monday's on make-up working days.

    A day of a year without official data gets its ordinary weekly hours, marked as provisional; nothing is guessed.
    """
    zone = ZoneInfo(calendar.time_zone)
    week: dict[int, list[WeekFrame]] = {}
    for one in calendar.week.all():
        week.setdefault(one.day, []).append(one)
    days = list(days)
    special = {one.day: one for one in PublicHoliday.objects.filter(day__in=days)}
    known = official_years()
    found = []
    for day in days:
        holiday = special.get(day)
        pattern = day.weekday() if holiday is None else WeekFrame.HOLIDAY if holiday.is_off else 0
        for one in week.get(pattern, []):
            found.append(
                Frame(
                    calendar=calendar,
                    day=day,
                    starts_at=datetime.combine(day, one.starts, zone),
                    ends_at=datetime.combine(day, one.ends, zone),
                    is_provisional=day.year not in known,
                )
            )
    return found


@atomic
def lay_frames(calendar: Calendar, first: date, last: date) -> int:
    """Lay the frames of a calendar from the first to the last day anew and say how many there are."""
    Calendar.objects.select_for_update(no_key=True).get(pk=calendar.pk)
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    Frame.objects.filter(calendar=calendar, day__range=(first, last)).delete()
    return len(Frame.objects.bulk_create(frames_of(calendar, days)))


def lay_stock(moment: datetime | None = None) -> int:
    """Lay the frames of every calendar for the days ahead that have none yet."""
    laid = 0
    today = localdate(moment)
    last = today + timedelta(days=AHEAD)
    for calendar in Calendar.objects.order_by("pk"):
        newest = Frame.objects.filter(calendar=calendar).order_by("-day").values_list("day", flat=True).first()
        first = max(today, newest + timedelta(days=1)) if newest else today
        if first <= last:
            laid += lay_frames(calendar, first, last)
    return laid
