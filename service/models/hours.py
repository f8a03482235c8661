"""Opening hours as spans on a line, so that hours of work are laid around lunch, night and holidays."""

from bisect import bisect_right
from collections.abc import Iterable
from datetime import datetime, timedelta

from core.models import Frame

NONE = timedelta()
BACK, AHEAD = timedelta(days=10), timedelta(days=45)  # how far the frames are read


class Hours:
    """When a store is open. Without any frame it counts as always open, and so does the time after the last one."""

    def __init__(self, spans: Iterable[tuple[datetime, datetime]]) -> None:
        self.starts: list[datetime] = []
        self.ends: list[datetime] = []
        self.until: list[timedelta] = []  # open time up to the end of each span
        told = NONE
        for start, end in sorted(spans):
            told += end - start
            self.starts.append(start)
            self.ends.append(end)
            self.until.append(told)

    def _at(self, moment: datetime) -> timedelta:
        """Open time from the first span to a moment."""
        place = bisect_right(self.starts, moment) - 1
        if place < 0:
            return NONE
        if moment >= self.ends[place]:
            rest = moment - self.ends[place] if place == len(self.ends) - 1 else NONE
            return self.until[place] + rest
        return self.until[place] - (self.ends[place] - moment)

    def between(self, start: datetime, end: datetime) -> timedelta:
        """How much of a stretch of time the store is open."""
        if not self.starts:
            return max(end - start, NONE)
        return max(self._at(end) - self._at(start), NONE)

    def after(self, moment: datetime, length: timedelta) -> datetime:
        """When this much open time has passed since a moment; no time at all has passed at once."""
        if length <= NONE:
            return moment
        if not self.starts:
            return moment + length
        goal = self._at(moment) + length
        place = bisect_right(self.until, goal)
        if place and self.until[place - 1] == goal:
            return self.ends[place - 1]
        if place == len(self.until):
            return self.ends[-1] + (goal - self.until[-1])
        return self.ends[place] - (self.until[place] - goal)


def hours_of(calendars: Iterable[int], moment: datetime) -> dict[int, Hours]:
    """The opening hours of some calendars around a moment, in one query."""
    spans: dict[int, list[tuple[datetime, datetime]]] = {pk: [] for pk in calendars}
    frames = Frame.objects.filter(
        calendar__in=list(spans), ends_at__gt=moment - BACK, starts_at__lt=moment + AHEAD
    ).order_by()
    for calendar, start, end in frames.values_list("calendar", "starts_at", "ends_at"):
        spans[calendar].append((start, end))
    return {pk: Hours(own) for pk, own in spans.items()}
