"""Corrective actions (改进对策): who changes what by when, and whether it helped (K-15)."""

import logging
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.timezone import now
from django.utils.translation import gettext as _

from complaints.actions.escalations import person_of
from complaints.models import Complaint, Correction
from core.actions import colleagues, end_tasks, give_task, notify
from core.actor import CLOCK, Actor, allow
from core.logbook import record
from core.models import Employee, Store
from core.roles import Role
from core.rows import Refused, atomic, lock, move

log = logging.getLogger(__name__)
KEEP, DO, CHECK = "complaints.add_correction", "complaints.do_correction", "complaints.check_correction"
EVENING = time(18, 0)
CHECK_DAYS = 14  # after it is done, when nobody named a day, one looks whether it helped
MOST = 500  # reminded of in one run; the rest is for the next
Status = Correction.Status
TASKS = ("correction_due", "correction_check")


def _evening(correction: Correction, day: date) -> datetime:
    return datetime.combine(day, EVENING, ZoneInfo(correction.store.time_zone))


def _check_day(store: Store, day: date | None, field: str) -> None:
    if day is not None and day < store.business_date(now()):
        raise Refused(_("This day has passed already."), field=field)


def _check_owner(store: Store, owner: Employee) -> None:
    if not colleagues(Store.objects.filter(pk=store.pk)).filter(pk=owner.pk).exists():
        raise Refused(_("This person does no tasks in this store."), field="owner")


def _about(correction: Correction) -> list[Any]:
    return [correction.complaint]


def _save(correction: Correction, *fields: str) -> None:
    correction.version += 1
    correction.save(update_fields=["version", *fields])


def _give(correction: Correction, by: Actor) -> None:
    """The owner has it among their tasks, and hears of it from whoever gave it."""
    told: dict[str, Any] = {"words": correction.words[:200]}
    due_at = _evening(correction, correction.due_on)
    give_task(correction.store, correction.owner, "correction_due", due_at=due_at, row=correction, by=by, **told)
    if correction.owner_id != by.pk:
        address = correction.get_absolute_url()
        notify([correction.owner_id], "correction_given", address, name=by.name, due_on=correction.due_on, **told)


def _checker_of(correction: Correction) -> Employee | None:
    """Who looks whether it helped: whoever leads customer care there, and never its owner."""
    for role in (Role.CARE_MANAGER, Role.SERVICE_MANAGER, Role.GENERAL_MANAGER):
        person = person_of(correction.store, role)
        if person and person.pk != correction.owner_id:
            return person
    return None


def plan_correction(
    store: Store,
    *,
    words: str,
    owner: Employee,
    due_on: date,
    department: str = "",
    check_on: date | None = None,
    complaint: Complaint | None = None,
    by: Actor,
) -> Correction:
    """Write a corrective action down and give it to its owner; told by the verbs that it comes of."""
    _check_owner(store, owner)
    _check_day(store, due_on, "due_on")
    if check_on is not None and check_on < due_on:
        raise Refused(_("The effect is looked at after it is done."), field="check_on")
    given = {"words": words.strip(), "owner": owner, "due_on": due_on, "department": department, "check_on": check_on}
    added_by = by.pk if by.kind in {"employee", "integration"} else None
    correction = Correction.objects.create(
        store=store, complaint=complaint, added_at=now(), added_by_id=added_by, **given
    )
    told = {"words": correction.words, "owner": str(owner), "due_on": due_on}
    record("correction.added", correction, by=by, about=_about(correction), **told)
    _give(correction, by)
    return correction


@atomic
def add_correction(
    *,
    store: Store,
    words: str,
    owner: Employee,
    due_on: date,
    department: str = "",
    check_on: date | None = None,
    complaint: Complaint | None = None,
    by: Actor,
) -> Correction:
    """Say what is changed so that it does not happen again, by whom and until when; out of a case, or free."""
    allow(by, KEEP, store)
    if complaint is not None and complaint.origin:
        raise Refused(_("This case was loaded from elsewhere: it is history and is not worked on."), field="complaint")
    if complaint is not None and complaint.store_id != store.pk:
        raise Refused(_("This case is one of another store."), field="complaint")
    given: dict[str, Any] = {"department": department, "check_on": check_on, "complaint": complaint}
    return plan_correction(store, words=words, owner=owner, due_on=due_on, **given, by=by)


def _open(correction: Correction) -> Correction:
    correction = lock(correction)
    if correction.status != Status.OPEN:
        raise Refused(_("It is done or dropped already."), code="wrong_status")
    return correction


@atomic
def edit_correction(
    correction: Correction,
    *,
    words: str,
    owner: Employee,
    due_on: date,
    department: str = "",
    check_on: date | None = None,
    by: Actor,
) -> Correction:
    """Change what is to be done, by whom or until when, while it is open; a new owner has it as a task."""
    allow(by, KEEP, correction.store)
    correction = _open(correction)
    if owner.pk != correction.owner_id:
        _check_owner(correction.store, owner)
    if due_on != correction.due_on:
        _check_day(correction.store, due_on, "due_on")
    if check_on is not None and check_on < due_on:
        raise Refused(_("The effect is looked at after it is done."), field="check_on")
    given = {"words": words.strip(), "owner": owner, "due_on": due_on, "department": department, "check_on": check_on}
    before = {name: getattr(correction, name) for name in given}
    changed = {name: [str(before[name] or ""), str(new or "")] for name, new in given.items() if before[name] != new}
    if not changed:
        return correction
    for name, value in given.items():
        setattr(correction, name, value)
    correction.reminded_at = None
    _save(correction, *given, "reminded_at")
    record("correction.edited", correction, by=by, about=_about(correction), **changed)
    if changed.keys() & {"owner", "due_on", "words"}:
        end_tasks("correction_due", correction, by=by)
        _give(correction, by)
    return correction


@atomic
def do_correction(correction: Correction, *, done_words: str, by: Actor) -> Correction:
    """Say what was done; somebody else looks later whether it helped."""
    allow(by, DO, correction.store)
    correction = _open(correction)
    if correction.owner_id != by.pk:
        raise Refused(_("Its owner says that it is done. Give it to somebody else first."))
    moment = now()
    today = correction.store.business_date(moment)
    move(correction, Status.DONE)
    correction.done_at, correction.done_words = moment, done_words.strip()
    correction.check_on = max(correction.check_on or today + timedelta(days=CHECK_DAYS), today)
    _save(correction, "status", "done_at", "done_words", "check_on")
    record("correction.done", correction, by=by, about=_about(correction), words=correction.done_words)
    end_tasks("correction_due", correction, outcome=correction.done_words[:400], by=by)
    if (checker := _checker_of(correction)) is not None:
        due_at, words = _evening(correction, correction.check_on), correction.words[:200]
        give_task(correction.store, checker, "correction_check", due_at=due_at, row=correction, by=by, words=words)
    return correction


@atomic
def check_correction(
    correction: Correction, *, is_effective: bool, check_words: str, due_on: date | None = None, by: Actor
) -> Correction:
    """Look whether it helped: effective, or its owner has it again until a new day; nobody checks their own."""
    allow(by, CHECK, correction.store)
    correction = lock(correction)
    if correction.owner_id == by.pk:
        raise Refused(_("Nobody checks what they did themselves; somebody else looks whether it helped."))
    if correction.status != Status.DONE:
        raise Refused(_("Only what is done is checked."), code="wrong_status")
    if not is_effective and due_on is None:
        raise Refused(_("Say until when it is done again."), field="due_on")
    _check_day(correction.store, None if is_effective else due_on, "due_on")
    move(correction, Status.EFFECTIVE if is_effective else Status.OPEN)
    correction.checked_at, correction.checked_by_id = now(), by.pk
    correction.check_words = check_words.strip()
    if not is_effective and due_on is not None:
        correction.due_on, correction.reminded_at, correction.check_on = due_on, None, None
    _save(correction, "status", "checked_at", "checked_by", "check_words", "due_on", "reminded_at", "check_on")
    told: dict[str, Any] = {"by": by, "about": _about(correction), "words": correction.check_words}
    if is_effective:
        record("correction.effective", correction, **told)
    else:
        record("correction.not_effective", correction, **told)
    end_tasks("correction_check", correction, outcome=correction.check_words[:400], by=by)
    if not is_effective:
        _give(correction, by)
    return correction


@atomic
def drop_correction(correction: Correction, *, reason: str, by: Actor) -> Correction:
    """Give a corrective action up, with the reason; it stays to be seen."""
    allow(by, KEEP, correction.store)
    correction = lock(correction)
    move(correction, Status.DROPPED)
    correction.check_words = reason.strip()
    _save(correction, "status", "check_words")
    record("correction.dropped", correction, by=by, about=_about(correction), reason=reason)
    for code in TASKS:
        end_tasks(code, correction, outcome=reason[:400], by=by)
    if correction.owner_id != by.pk:
        told = {"words": correction.words[:200], "reason": reason}
        notify([correction.owner_id], "correction_dropped", correction.get_absolute_url(), name=by.name, **told)
    return correction


@atomic
def _remind(correction: Correction, moment: datetime) -> bool:
    correction = lock(correction)
    today = correction.store.business_date(moment)
    if correction.status != Status.OPEN or correction.reminded_at or correction.due_on >= today:
        return False
    correction.reminded_at = moment
    correction.save(update_fields=["reminded_at"])
    told = {"words": correction.words[:200], "name": correction.owner.name, "due_on": correction.due_on}
    people = {correction.owner_id, correction.added_by_id}
    if lead := person_of(correction.store, Role.CARE_MANAGER):
        people.add(lead.pk)
    notify(people, "correction_late", correction.get_absolute_url(), **told)
    record("correction.reminded", correction, by=CLOCK, about=_about(correction), due_on=correction.due_on)
    return True


def remind_corrections(moment: datetime | None = None) -> int:
    """Tell the owner, whoever gave it and the care manager of what is late: once for each day that was set; told by
    the clock."""
    at = moment or now()
    rows = Correction.objects.filter(status=Status.OPEN, reminded_at=None, due_on__lte=at.date())
    done, problems = 0, []
    for one in list(rows.select_related("store").order_by("due_on", "pk")[:MOST]):
        try:
            done += _remind(one, at)
        except Exception as problem:  # one that fails must not stop the others, but it must be heard of
            log.exception("correction %s", one.pk)
            problems.append(problem)
    if problems:
        raise problems[0]
    return done
