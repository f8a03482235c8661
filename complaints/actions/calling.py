"""The closing call: planned by the clock after the remedy, its answer looked at by the clock (K-05)."""

import logging
from collections.abc import Callable
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.timezone import localdate, now

from complaints.actions.ending import OPENED, open_again
from complaints.actions.escalations import person_of
from complaints.actions.stages import about, save
from complaints.models import Complaint
from core.actions import give_task, notify
from core.actor import CLOCK, Actor
from core.figures import touch
from core.logbook import record
from core.models import Employee, Task
from core.roles import Role
from core.rows import atomic, lock
from customers import actions as customers
from customers.models import Call

log = logging.getLogger(__name__)
EVENING = time(18, 0)
DAY = timedelta(days=1)
MOST = 2000  # cases looked at in one run; the rest is for the next
Status = Complaint.Status


def barred_from_call(complaint: Complaint) -> list[int]:
    """Who does not make the closing call: whoever answers for what was complained of, and the keeper, who would hear
    of their own work; only where nobody else makes calls does the keeper, so that the call is not lost."""
    blamed = complaint.accountabilities.filter(status__in=["proposed", "approved"]).values_list("employee", flat=True)
    answering = {pk for pk in (complaint.responsible_id, *blamed) if pk}
    others = set(customers.callers_of(complaint.store)) - answering - {complaint.keeper_id}
    return sorted(answering | {complaint.keeper_id} if others and complaint.keeper_id else answering)


def call_of(complaint: Complaint, moment: datetime, *, is_wanted: bool = False, by: Actor = CLOCK) -> Call | None:
    """The closing call of a case, made by nobody who answers for it or keeps it; None when none can be."""
    store, mended = complaint.store, complaint.carried_out_at or moment
    return customers.plan_case_call(
        store=store,
        case_id=complaint.pk,
        about=f"{complaint.number} {complaint.words[:60]}".strip(),
        address=complaint.get_absolute_url(),
        since=store.business_date(mended),
        customer=complaint.customer,
        name=complaint.name,
        phone=complaint.phone,
        vehicle=complaint.vehicle,
        barred=barred_from_call(complaint),
        is_wanted=is_wanted,
        moment=moment,
        by=by,
    )


def keeper_of(complaint: Complaint) -> Employee | None:
    """Who goes on with a case: its keeper, or the care manager when nobody keeps it any more."""
    if complaint.keeper and complaint.keeper.is_active:
        return complaint.keeper
    return person_of(complaint.store, Role.CARE_MANAGER) or person_of(complaint.store, Role.GENERAL_MANAGER)


def _tell(complaint: Complaint, code: str, due_at: datetime, **more: Any) -> None:
    """Give whoever goes on with a case a task, and a word of it."""
    person = keeper_of(complaint)
    if person is None:
        return
    told: dict[str, Any] = {"number": str(complaint), "name": complaint.who, **more}
    notify([person], code, complaint.get_absolute_url(), **told)
    give_task(complaint.store, person, code, due_at=due_at, row=complaint, by=CLOCK, **told)


def _each(rows: QuerySet[Complaint], work: Callable[[Complaint, datetime], bool], moment: datetime) -> int:
    """Do it case by case; one that fails must not stop the others, but it must be heard of."""
    done, problems = 0, []
    for complaint in list(rows.select_related("store").order_by("pk")[:MOST]):
        try:
            done += work(complaint, moment)
        except Exception as problem:
            log.exception("complaint %s", complaint.pk)
            problems.append(problem)
    if problems:
        raise problems[0]
    return done


@atomic
def _plan(complaint: Complaint, moment: datetime) -> bool:
    complaint = lock(complaint)
    if not complaint.call_pending or complaint.status != Status.CALLING:
        return False
    customer = complaint.customer
    unwanted = bool(customer and customer.do_not_call)
    if unwanted or not (complaint.phone or (customer and customer.phone)):
        complaint.call_pending = False
        save(complaint, "call_pending")
        _tell(complaint, "case_call_failed", moment + DAY)
        record("complaint.call_not_planned", complaint, by=CLOCK, about=about(complaint), unwanted=unwanted)
        return False
    made = call_of(complaint, moment)
    if made is None:  # no hours are laid yet: the next run tries again
        return False
    complaint.closing_call, complaint.answered_at, complaint.call_pending = made, None, False
    save(complaint, "closing_call", "answered_at", "call_pending")
    record("complaint.call_planned", complaint, by=CLOCK, about=about(complaint), again=False)
    return True


def plan_closing_calls(moment: datetime | None = None) -> int:
    """Plan the call after the remedy for each case that owes one; told by the clock, twice is once."""
    rows = Complaint.objects.ours().filter(call_pending=True, status=Status.CALLING)
    return _each(rows, _plan, moment or now())


@atomic
def _follow(complaint: Complaint, moment: datetime) -> bool:
    complaint = lock(complaint)
    made = complaint.closing_call
    if complaint.status != Status.CALLING or complaint.answered_at or made is None or made.is_open:
        return False
    complaint.answered_at = moment
    if made.answer == Call.Answer.DISSATISFIED:
        open_again(complaint)
        save(complaint, *OPENED)
        touch(complaint.store_id, complaint.received_on)
        _tell(complaint, "case_dissatisfied", moment + DAY, words=made.reason)
        record("complaint.reopened", complaint, by=CLOCK, about=about(complaint), reason=made.reason)
        return True
    save(complaint, "answered_at")
    _tell(complaint, "case_close" if made.answer else "case_call_failed", moment + DAY)
    values = {"answer": made.answer, "outcome": made.status}
    record("complaint.call_answered", complaint, by=CLOCK, about=about(complaint), **values)
    return True


def follow_answers(moment: datetime | None = None) -> int:
    """Read the closing calls that came to an end: dissatisfied, the case goes on; else its keeper closes it, or finds
    another way to the customer; told by the clock."""
    rows = Complaint.objects.ours().filter(status=Status.CALLING, answered_at=None, call_pending=False)
    rows = rows.exclude(closing_call=None).exclude(closing_call__status__in=Call.OPEN)
    return _each(rows, _follow, moment or now())


@atomic
def _remind(complaint: Complaint, moment: datetime) -> bool:
    complaint = lock(complaint)
    if complaint.status != Status.CLOSED or complaint.checked_at or complaint.check_due_on is None:
        return False
    due_at = datetime.combine(complaint.check_due_on, EVENING, ZoneInfo(complaint.store.time_zone))
    _tell(complaint, "case_check", due_at)
    return True


def remind_checks(moment: datetime | None = None) -> int:
    """Ask the keeper of each closed complaint on its day to look whether it is still settled; told by the clock."""
    at = moment or now()
    asked = Task.objects.filter(
        code="case_check",
        kind=Complaint.kind_name(),
        object_id=OuterRef("pk"),
        due_at__date__gte=OuterRef("check_due_on"),
    )
    rows = Complaint.objects.ours().filter(status=Status.CLOSED, checked_at=None, check_due_on__lte=localdate(at))
    return _each(rows.filter(~Exists(asked)), _remind, at)
