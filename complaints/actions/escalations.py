"""Warnings and escalation: each step of a clock once, to one named person, never a storm (K-02, K-17).

Steps that are reached are written down, one row each; whoever is told is told by a row of a queue, so that one which
cannot be told holds up no other. After an outage only the highest step reached is told; the lower ones are noted.
"""

import logging
import time
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef
from django.utils.timezone import now

from complaints.actions.clocks import moment_of
from complaints.actions.deadlines import Measures
from complaints.models import Clock, Complaint, Escalation, Step
from core.actions import give_task, notify
from core.actor import CLOCK
from core.logbook import record
from core.models import Employee, Posting, Store
from core.roles import Role
from core.rows import atomic, lock
from core.wake import wake

log = logging.getLogger(__name__)
MOST = 5000  # clocks looked at in one run: those that ran out first
LONGEST = 60  # seconds that one run may take; what is left is for the next
UP = (Role.CARE_MANAGER, Role.SERVICE_MANAGER, Role.GENERAL_MANAGER, Role.GROUP_MANAGER)  # where a role is not filled


def person_of(store: Store, role: str) -> Employee | None:
    """The one who has a role for a store: there, else in its company, else in the group."""
    people = Posting.objects.held_in(store, store.company_id).filter(
        role=role, employee__is_active=True, employee__kind=Employee.Kind.PERSON
    )
    found = list(people.select_related("employee").order_by("employee"))
    found.sort(key=lambda one: 0 if one.store_id else 1 if one.company_id else 2)
    return found[0].employee if found else None


def _whom(complaint: Complaint, role: str) -> Employee | None:
    """Whom a step names: the keeper, or who has the role; where nobody has it, the next one up."""
    if not role and complaint.keeper and complaint.keeper.is_active:
        return complaint.keeper
    wanted = [role or Role.CARE_MANAGER]
    wanted += UP[UP.index(Role(wanted[0])) + 1 :] if wanted[0] in UP else UP
    return next((found for one in wanted if (found := person_of(complaint.store, one))), None)


class Steps:
    """The steps of escalation, read once while a run lasts: those of a clock's own kind, else those of every clock."""

    def __init__(self) -> None:
        self._all = list(Step.objects.filter(is_active=True).order_by("level", "pk"))

    def of(self, due: str) -> list[Step]:
        """The steps of a clock, the lowest first."""
        own = [one for one in self._all if one.due == due]
        return own or [one for one in self._all if not one.due]

    def last(self) -> int:
        """The highest level of all."""
        return max((one.level for one in self._all), default=0)


def _reached(clock: Clock, steps: Iterable[Step], measures: Measures, moment: datetime) -> list[tuple[Step, datetime]]:
    """The steps that a clock has come to and that nobody took yet, and since when."""
    measure = measures.of(clock.complaint.store, clock.unit)
    taken = {one.level for one in clock.escalations.all()}
    due = [(one, moment_of(clock, one.percent, measure)) for one in steps if one.level not in taken]
    return [(one, at) for one, at in due if at <= moment]


@atomic
def _take_steps(clock: Clock, steps: Iterable[Step], measures: Measures, moment: datetime) -> int:
    """Write down the steps that a clock has reached and nobody took; the highest of them is to be told."""
    clock = lock(clock)
    if clock.ended_at or clock.paused_at:
        return 0
    complaint, taken = clock.complaint, clock.escalations.values_list("level", flat=True)
    reached = _reached(clock, steps, measures, moment)
    named = [(one, at, person) for one, at in reached if (person := _whom(complaint, one.role))]
    for one, at, person in named:
        is_told = one is named[-1][0] and one.level > max(taken, default=0)
        Escalation.objects.create(
            clock=clock,
            level=one.level,
            to=person,
            reached_at=at,
            at=moment,
            is_told=is_told,
            done_at=None if is_told else moment,
        )
    return len(named)


def take_steps(moment: datetime) -> int:
    """Look at every clock that has come so far that somebody is told; one that fails does not stop the others."""
    steps, measures, taken, problems = Steps(), Measures(), 0, []
    over = Escalation.objects.filter(clock=OuterRef("pk"), level__gte=steps.last())
    rows = Clock.objects.running().filter(~Exists(over), warn_at__lte=moment)
    rows = rows.select_related("complaint__store__opening").prefetch_related("complaint__pauses", "escalations")
    for clock in rows.order_by("warn_at", "pk")[:MOST]:
        try:
            if _reached(clock, steps.of(clock.due), measures, moment):  # before any lock: most wait for their next step
                taken += _take_steps(clock, steps.of(clock.due), measures, moment)
        except Exception as problem:
            log.exception("clock %s", clock.pk)
            problems.append(problem)
    if problems:
        raise problems[0]
    return taken


@atomic
def _tell(step: Escalation) -> None:
    """Tell the one who is named, in the app and as a task; once, for whoever finishes it first."""
    if not step.finish():
        return
    clock, complaint = step.clock, step.clock.complaint
    if clock.ended_at:
        return
    told: dict[str, Any] = {"number": str(complaint), "end_at": clock.due_at, "name": complaint.who}
    code = "case_late" if clock.due_at <= step.at else "case_near"
    notify([step.to_id], code, complaint.get_absolute_url(), **told)
    give_task(complaint.store, step.to_id, "case_late", due_at=clock.due_at, row=complaint, by=CLOCK, **told)
    values = {"level": step.level, "to": str(step.to), "due": clock.due, "due_at": clock.due_at}
    record("complaint.escalated", complaint, by=CLOCK, about=[complaint.customer], **values)


def tell_next() -> bool:
    """Tell the step that waits longest; one that cannot be told is tried five times and then left for a person."""
    claimed = Escalation.objects.claim()
    if not isinstance(claimed, Escalation):
        return False
    try:
        _tell(Escalation.objects.select_related("clock__complaint__store", "to").get(pk=claimed.pk))
    except Exception as problem:
        log.exception("escalation %s", claimed.pk)
        claimed.stumble(problem)
    return True


def escalate(moment: datetime | None = None) -> int:
    """Take the steps that are due and tell each of them once; told by the clock, says how many were taken."""
    began = time.monotonic()
    try:
        taken = take_steps(moment or now())
    finally:
        while time.monotonic() - began < LONGEST and tell_next():
            pass
    if time.monotonic() - began >= LONGEST:
        wake("complaints.tasks.escalate")
    return taken
