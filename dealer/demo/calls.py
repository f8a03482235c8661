"""What care made of the past visits: notes, calls within the rules, attempts and answers.

The rules are those of customers.actions.calls: from the day after the car left, due within three days, only in a frame
in which the customer may be disturbed, never by somebody who worked on the car. What is still ahead is left to the
planner; a few late calls stay open.
"""

from bisect import bisect_right
from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from random import Random

from core.calendar import frames_of
from core.models import Calendar
from customers.models import Call, CallAttempt, VisitNote
from dealer.demo import menu
from dealer.demo.calendar import days_of
from dealer.demo.garage import SHANGHAI, Garage
from dealer.demo.history import Past
from dealer.demo.sheets import Sheet

IN_TIME = timedelta(days=3)
LATE_DAYS = range(5, 12)  # how long ago the cars of today's late calls left
LATE_EACH = 3  # late calls left open in a store
Span = tuple[datetime, datetime]


@dataclass
class Made:
    """A call of the past, before it is a row."""

    status: str
    due_on: date
    frame: Span
    agent: int
    none_in_time: bool
    tries: list[tuple[datetime, str, int | None]] = field(default_factory=list)
    answer: str = ""
    reason: str = ""
    suggestion: str = ""
    is_agreed: bool = False


class Hours:
    """The calling frames of the past, found by day."""

    def __init__(self, calendar: Calendar, first: date, today: date) -> None:
        frames = frames_of(calendar, days_of(first, today + timedelta(days=14)))
        self.spans = [(f.starts_at.astimezone(SHANGHAI), f.ends_at.astimezone(SHANGHAI)) for f in frames]
        self.days = [start.date() for start, _end in self.spans]

    def after(self, day: date, wanted: tuple[str | None, str | None], count: int) -> list[Span]:
        """The next frames after a day, cut to the hours in which the customer may be disturbed."""
        found: list[Span] = []
        for start, end in self.spans[bisect_right(self.days, day) :]:
            if wanted[0] and wanted[1]:
                start = max(start, _at(start, wanted[0]))
                end = min(end, _at(end, wanted[1]))
            if end - start > timedelta(minutes=10):
                found.append((start, end))
                if len(found) == count:
                    break
        return found


def _at(day: datetime, clock: str) -> datetime:
    hour, minute = clock.split(":")
    return day.replace(hour=int(hour), minute=int(minute))


class Care:
    """Makes the calls of the past."""

    def __init__(self, rng: Random, garage: Garage, hours: Hours, moment: datetime) -> None:
        self.rng, self.garage, self.hours, self.moment = rng, garage, hours, moment
        self.today = moment.astimezone(SHANGHAI).date()
        self.late: Counter[int] = Counter()

    def decide(self, pasts: list[Past]) -> None:
        """Make the call of every visit; who does not want calls is noted on the customer."""
        self.made: list[tuple[Past, bool, Made | None]] = []
        for past in sorted(pasts, key=lambda one: one.times["left"]):
            wanted = not past.declined and not past.car.owner.do_not_call
            self.made.append((past, wanted, self._make(past) if wanted else None))

    def write(self) -> int:
        """Write a note for every visit, and its call where one was made."""
        notes = Sheet(
            VisitNote,
            *"store_id visit_id vehicle_id customer_id driver_name driver_phone kind what worth left_at".split(),
            *"left_on call_pending was_member satisfaction".split(),
        )
        workers = Sheet(VisitNote.workers.through, "visitnote_id", "employee_id")
        calls = Sheet(
            Call,
            *"note_id store_id customer_id name phone is_member rank due_on original_due_on not_before".split(),
            *"not_after is_planned_late is_agreed status agent_id attempts first_attempt_at closed_at".split(),
            *"answer reason suggestion".split(),
        )
        tries = Sheet(CallAttempt, *"call_id at by_id outcome seconds".split())
        for past, wanted, made in self.made:
            owner = past.car.owner
            note = notes.add(
                past.store.pk,
                past.pk,
                past.car.pk,
                owner.pk,
                *past.driver,
                past.kind,
                "；".join(task.package.words for task in past.tasks) if not past.declined else "",
                past.worth,
                past.times["left"],
                past.left_on,
                wanted and made is None,
                owner.is_member,
                past.satisfaction,
            )
            team = {past.advisor} | (set() if past.declined else {task.technician for task in past.tasks})
            for worker in sorted(team):
                workers.add(note, worker)
            if made:
                self._add(calls, tries, note, past, made)
        return sum(sheet.write() for sheet in (notes, workers, calls, tries))

    def _add(self, calls: Sheet, tries: Sheet, note: int, past: Past, made: Made) -> None:
        is_closed = made.status != Call.Status.ASSIGNED
        original = past.left_on + IN_TIME
        member = past.car.owner.is_member
        call = calls.add(
            note,
            past.store.pk,
            past.car.owner.pk,
            *past.driver,
            member,
            f"{0 if member else 1}{made.due_on:%Y%m%d}",
            made.due_on,
            original,
            *made.frame,
            made.none_in_time,
            made.is_agreed,
            made.status,
            made.agent,
            len(made.tries),
            made.tries[0][0] if made.tries else None,
            made.tries[-1][0] if is_closed else None,
            made.answer,
            made.reason,
            made.suggestion,
        )
        for at, outcome, seconds in made.tries:
            tries.add(call, at, made.agent, outcome, seconds)

    def _make(self, past: Past) -> Made | None:
        """The call of a visit as far as it was made by now; None when the planner is still to plan it."""
        rng = self.rng
        owner = past.car.owner
        left, due_on = past.left_on, past.left_on + IN_TIME
        spans = self.hours.after(left, owner.person.hours, 24)
        in_time = [span for span in spans if span[0].date() <= due_on]
        agent = rng.choice(self.garage.crews[past.store.code].care).pk
        start = rng.choices(range(3), [62, 28, 10])[0]
        if not in_time:
            start = 0
        elif rng.random() < 0.02:
            start = len(in_time)  # the agent was late
        else:
            start = min(start, len(in_time) - 1)
        made = Made(Call.Status.ASSIGNED, due_on, spans[start], agent, not in_time)
        if (self.today - left).days in LATE_DAYS and self.late[past.store.pk] < LATE_EACH:
            return self._leave_late(past, made, spans)
        plan = self._outcomes(owner.is_member)
        for n, (outcome, seconds) in enumerate(plan):
            span = spans[start + n]
            earliest = made.tries[-1][0] if made.tries else span[0]
            at = span[0] + (span[1] - span[0]) * rng.random()
            at = max(at, earliest)
            if at > self.moment:
                return made if made.tries else None
            made.frame = span
            made.tries.append((at, outcome, seconds))
            if outcome == CallAttempt.Outcome.ANOTHER_TIME:
                made.is_agreed = True
                made.due_on = max(due_on, spans[start + n + 1][0].date())
        self._close(past, made)
        return made

    def _leave_late(self, past: Past, made: Made, spans: list[Span]) -> Made | None:
        """A call that slipped: one was tried once, the others never."""
        self.late[past.store.pk] += 1
        if self.late[past.store.pk] == LATE_EACH:
            start, end = made.frame = spans[0]
            made.tries.append((start + (end - start) * self.rng.random(), "no_answer", None))
            return made
        return None

    def _outcomes(self, is_member: bool) -> list[tuple[str, int | None]]:
        rng = self.rng
        chance = rng.random()
        if chance < (0.97 if is_member else 0.755):
            before = rng.choices([0, 1, 2], [80, 15, 5])[0]
            misses = self._misses(before)
            if before == 1 and rng.random() < 0.25:
                misses = [("another_time", rng.randint(15, 40))]
            return [*misses, ("reached", rng.randint(45, 260))]
        if not is_member and chance > 0.992:
            return [("refused", rng.randint(8, 30))]
        return self._misses(3)

    def _misses(self, count: int) -> list[tuple[str, int | None]]:
        return [(self.rng.choice(["no_answer", "no_answer", "busy"]), None) for _n in range(count)]

    def _close(self, past: Past, made: Made) -> None:
        rng = self.rng
        last = made.tries[-1][1]
        if last == "reached":
            made.status = Call.Status.REACHED
            slow = past.times["ready"] > past.times["promised"]
            weights = [70, 20, 10] if slow else [94.5, 4, 1.5]
            made.answer = rng.choices(["satisfied", "average", "dissatisfied"], weights)[0]
            if made.answer == "dissatisfied":
                made.reason = menu.REASONS_OF_DISSATISFACTION[1 if slow else rng.choice([0, 2, 3, 4, 5])]
            if rng.random() < 0.06:
                made.suggestion = rng.choice(menu.SUGGESTIONS)
        elif last == "refused":
            made.status = Call.Status.DROPPED
            past.car.owner.do_not_call = True
        else:
            made.status = Call.Status.GIVEN_UP
