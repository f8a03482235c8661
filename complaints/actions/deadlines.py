"""Deadlines: how far time reaches in the calendar it is counted in: opening hours, official working days, the wall
clock (K-02, rule 38).

Own targets run while the store is open; what a law or a regulator sets runs in official working days, the day of the
start not counted; what others count by the wall clock runs day and night. Nothing is guessed: what reaches into a year
without official holidays is provisional and says so.
"""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import Any, Protocol
from zoneinfo import ZoneInfo

from django.db.models import Max, Min

from complaints.models import Target
from core.calendar import frames_of, official_years
from core.models import Frame, PublicHoliday, Store

DAY = timedelta(days=1)
NOTHING = timedelta()
MOST_CLOSED = 62  # days: a store without any hours for so long has none, and time runs round the clock
LAST = time(23, 59, 59)  # a deadline in days ends with its day


class Measure(Protocol):
    """A way to count time: how far an amount of it reaches, and how much of it lies between two moments."""

    def amount(self, number: int) -> Any: ...
    def share(self, amount: Any, percent: int) -> Any: ...
    def advance(self, start: datetime, amount: Any) -> datetime: ...
    def between(self, start: datetime, end: datetime) -> Any: ...
    def is_provisional(self, start: datetime, end: datetime) -> bool: ...


class RoundTheClock:
    """Hours, or minutes, by the wall clock."""

    def __init__(self, one: timedelta = timedelta(hours=1)) -> None:
        self.one = one

    def amount(self, number: int) -> timedelta:
        """So many of them."""
        return self.one * number

    def share(self, amount: timedelta, percent: int) -> timedelta:
        """A part of an amount."""
        return amount * percent / 100

    def advance(self, start: datetime, amount: timedelta) -> datetime:
        """The moment so much later."""
        return start + amount

    def between(self, start: datetime, end: datetime) -> timedelta:
        """How much lies between two moments."""
        return max(end - start, NOTHING)

    def is_provisional(self, start: datetime, end: datetime) -> bool:
        """Never: no holiday stops the wall clock."""
        return False


class OpenHours:
    """Minutes in which a store is open: the frames laid as rows, and its week where none are laid."""

    def __init__(self, store: Store) -> None:
        self.calendar, self.zone = store.opening, ZoneInfo(store.time_zone)
        found = Frame.objects.filter(calendar=self.calendar).aggregate(first=Min("day"), last=Max("day"))
        self.laid: tuple[date, date] = (found["first"] or date.max, found["last"] or date.min)
        self._days: dict[date, list[Frame]] = {}

    def _read(self, day: date) -> None:
        first = day.replace(day=1)
        after = (first + 31 * DAY).replace(day=1)
        days = [first + n * DAY for n in range((after - first).days)]
        self._days |= {one: [] for one in days}
        rows = Frame.objects.filter(calendar=self.calendar, day__range=(days[0], days[-1]))
        inside = [one for one in days if self.laid[0] <= one <= self.laid[1]]
        outside = [one for one in days if one not in set(inside)]
        for frame in [*(rows if inside else ()), *(frames_of(self.calendar, outside) if outside else ())]:
            self._days[frame.day].append(frame)

    def on(self, day: date) -> list[Frame]:
        """The hours of one day, the earliest first."""
        if day not in self._days:
            self._read(day)
        return sorted(self._days[day], key=lambda one: one.starts_at)

    def amount(self, number: int) -> timedelta:
        """So many minutes."""
        return timedelta(minutes=number)

    def share(self, amount: timedelta, percent: int) -> timedelta:
        """A part of an amount."""
        return amount * percent / 100

    def advance(self, start: datetime, amount: timedelta) -> datetime:
        """The moment at which the store was open so much longer."""
        day, left, closed = start.astimezone(self.zone).date(), amount, 0
        if left <= NOTHING:
            return start
        while closed < MOST_CLOSED:
            frames = self.on(day)
            closed = 0 if frames else closed + 1
            for frame in frames:
                begin = max(start, frame.starts_at)
                if begin + left <= frame.ends_at:
                    return begin + left
                left -= max(frame.ends_at - begin, NOTHING)
            day += DAY
        return start + amount

    def between(self, start: datetime, end: datetime) -> timedelta:
        """How long the store was open between two moments."""
        found, day, last = NOTHING, start.astimezone(self.zone).date(), end.astimezone(self.zone).date()
        while day <= last:
            for frame in self.on(day):
                found += max(min(end, frame.ends_at) - max(start, frame.starts_at), NOTHING)
            day += DAY
        return found

    def is_provisional(self, start: datetime, end: datetime) -> bool:
        """Whether the hours between two moments lie in a year whose holidays are not official yet."""
        day, last = start.astimezone(self.zone).date(), end.astimezone(self.zone).date()
        return any(frame.is_provisional for n in range((last - day).days + 1) for frame in self.on(day + n * DAY))


class WorkingDays:
    """Official working days: weekdays without days off, and make-up working days; the day of the start not counted."""

    def __init__(self, store: Store) -> None:
        self.zone = ZoneInfo(store.time_zone)
        self.known = official_years()
        self._special: dict[int, dict[date, bool]] = {}

    def is_working(self, day: date) -> bool:
        """Whether offices work on this day."""
        if day.year not in self._special:
            rows = PublicHoliday.objects.filter(day__year=day.year)
            self._special[day.year] = dict(rows.values_list("day", "is_off"))
        is_off = self._special[day.year].get(day)
        return day.weekday() < 5 if is_off is None else not is_off

    def amount(self, number: int) -> int:
        """So many days."""
        return number

    def share(self, amount: int, percent: int) -> int:
        """The whole days of a part of an amount."""
        return amount * percent // 100

    def advance(self, start: datetime, amount: int) -> datetime:
        """The end of the so-manieth working day after the day of the start."""
        day, left = start.astimezone(self.zone).date(), amount
        while left > 0:
            day += DAY
            left -= self.is_working(day)
        return datetime.combine(day, LAST, self.zone)

    def between(self, start: datetime, end: datetime) -> int:
        """How many working days lie after the day of the start, up to and with the day of the end."""
        day, last = start.astimezone(self.zone).date(), end.astimezone(self.zone).date()
        return sum(self.is_working(day + n * DAY) for n in range(1, (last - day).days + 1))

    def is_provisional(self, start: datetime, end: datetime) -> bool:
        """Whether it reaches into a year whose holidays are not official yet."""
        first, last = start.astimezone(self.zone).date(), end.astimezone(self.zone).date()
        return any(year not in self.known for year in range((first + DAY).year, last.year + 1))


class Measures:
    """The ways to count time, each read once while a run lasts."""

    def __init__(self) -> None:
        self._found: dict[tuple[str, int], Measure] = {}

    def of(self, store: Store, unit: str) -> Measure:
        """The way in which a unit is counted in a store."""
        key = (unit, store.pk)
        if key not in self._found:
            self._found[key] = self._made(store, unit)
        return self._found[key]

    def _made(self, store: Store, unit: str) -> Measure:
        if unit == Target.Unit.STORE_MINUTES:
            return OpenHours(store)
        if unit == Target.Unit.WORKING_DAYS:
            return WorkingDays(store)
        return RoundTheClock(timedelta(minutes=1) if unit == Target.Unit.MINUTES else timedelta(hours=1))


def reach(measure: Measure, start: datetime, amount: Any, pauses: Iterable[tuple[datetime, datetime]] = ()) -> datetime:
    """When an amount of time is over that began at a moment and stood still in the pauses."""
    end = measure.advance(start, amount)
    for began, ended in sorted(pauses):
        if began < end:
            amount += measure.between(max(began, start), ended)
            end = measure.advance(start, amount)
    return end
