"""Tasks: what one person has to do by a time, given by a colleague or by the house."""

from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.utils.timezone import now
from django.utils.translation import gettext as _

from core.actions.notices import notify, plain
from core.actor import CLOCK, Actor, allow
from core.logbook import record
from core.models import Employee, Posting, Store, Task
from core.notices import task_said
from core.roles import VERBS
from core.rows import Refused, atomic, lock, move

DOING = sorted(role for role, verbs in VERBS.items() if "core.finish_task" in verbs)


@atomic
def give_task(
    store: Store,
    assignee: Employee | int,
    code: str,
    *,
    due_at: datetime,
    row: Any = None,
    address: str = "",
    is_linked: bool = True,
    by: Actor,
    **params: Any,
) -> Task:
    """Give somebody a task in the house's name, about a document or none; told, and twice is once.

    `is_linked` off: the document's own page is not for the eyes of the one who has the task.
    """
    given: dict[str, Any] = {
        "code": code,
        "assignee_id": assignee.pk if isinstance(assignee, Employee) else assignee,
        "kind": row.kind_name() if row is not None else "",
        "object_id": row.pk if row is not None else None,
        "status": Task.Status.OPEN,
    }
    if row is None:
        given["address"] = address
    elif is_linked and not address and hasattr(row, "get_absolute_url"):
        address = row.get_absolute_url()
    fresh = {"store": store, "params": plain(params), "due_at": due_at, "address": address}
    task, is_new = Task.objects.get_or_create(**given, defaults=fresh)
    if is_new:
        values = {"code": code, "assignee": str(task.assignee), "due_at": due_at, "params": params}
        record("task.given", task, by=by, about=[row], **values)
    return task


@atomic
def end_tasks(code: str, row: Any, outcome: str = "", by: Actor = CLOCK) -> int:
    """Close the open tasks of one kind about a document, because what they asked for has happened; told."""
    rows = Task.objects.open().filter(code=code, kind=row.kind_name(), object_id=row.pk)
    tasks = list(rows.order_by("id").select_for_update(no_key=True, of=("self",)).select_related("store"))
    for task in tasks:
        _close(task, Task.Status.DONE, outcome)
        record("task.finished", task, by=by, about=[row], outcome=outcome)
    return len(tasks)


def _close(task: Task, status: str, outcome: str) -> None:
    move(task, status)
    task.done_at, task.outcome, task.version = now(), outcome, task.version + 1
    task.save(update_fields=["status", "done_at", "outcome", "version"])


def colleagues(stores: Any) -> Any:
    """Who may be given a task in these stores: open accounts with a role there that does tasks."""
    ids = stores.order_by().values("pk")
    posted = Posting.objects.filter(is_active=True, role__in=DOING, store__in=ids)
    wide = Posting.objects.filter(is_active=True, role__in=DOING, company__in=stores.order_by().values("company"))
    people = Employee.objects.filter(is_active=True, kind=Employee.Kind.PERSON)
    return (people.filter(pk__in=posted.values("employee")) | people.filter(pk__in=wide.values("employee"))).order_by(
        "name", "pk"
    )


def _check_assignee(assignee: Employee, store: Store) -> None:
    if not colleagues(Store.objects.filter(pk=store.pk)).filter(pk=assignee.pk).exists():
        raise Refused(_("This person does no tasks in this store."), field="assignee")


def _check_due(due_at: datetime) -> None:
    if due_at <= now():
        raise Refused(_("The due time lies in the past."), field="due_at")


def _concerned(task: Task, by: Actor, verb: str) -> None:
    """Whose task it is, who gave it, and who leads the store; nobody else moves it."""
    is_own = by.pk is not None and by.pk in {task.assignee_id, task.asked_by_id}
    if not by.may(verb, task.store) or not (is_own or by.may("core.see_every_task", task.store)):
        raise PermissionDenied(_("This task is not yours to change."))


def _tell(task: Task, by: Actor) -> None:
    if task.assignee_id != by.pk:
        notify([task.assignee_id], "task_given", task.get_absolute_url(), name=by.name, title=task_said(task))


@atomic
def add_task(*, store: Store, assignee: Employee, title: str, due_at: datetime, remark: str = "", by: Actor) -> Task:
    """Give a colleague of a store, or oneself, something to do by a time; the colleague is told."""
    allow(by, "core.add_task", store)
    _check_assignee(assignee, store)
    _check_due(due_at)
    task = Task.objects.create(
        store=store, assignee=assignee, title=title, due_at=due_at, remark=remark, asked_by_id=by.pk
    )
    record("task.added", task, by=by, title=title, assignee=str(assignee), due_at=due_at, remark=remark)
    _tell(task, by)
    return task


@atomic
def edit_task(task: Task, *, title: str, due_at: datetime, remark: str = "", by: Actor) -> Task:
    """Change what is to be done or until when, while it is open; what the house gave keeps its words."""
    allow(by, "core.add_task", task.store)
    task = lock(task)
    _concerned(task, by, "core.add_task")
    if task.code:
        raise Refused(_("The house gave this task. Finish it, hand it on or drop it."))
    if task.status != Task.Status.OPEN:
        raise Refused(_("Only an open task can be changed."), code="wrong_status")
    if due_at != task.due_at:
        _check_due(due_at)
    both: dict[str, Any] = {"title": [task.title, title], "due_at": [task.due_at, due_at]}
    both |= {"remark": [task.remark, remark]}
    changed = {name: pair for name, pair in both.items() if pair[0] != pair[1]}
    task.title, task.due_at, task.remark, task.version = title, due_at, remark, task.version + 1
    task.save(update_fields=["title", "due_at", "remark", "version"])
    record("task.edited", task, by=by, **changed)
    return task


@atomic
def finish_task(task: Task, *, outcome: str = "", by: Actor) -> Task:
    """Say that it is done, and what came of it; whoever asked for it is told."""
    allow(by, "core.finish_task", task.store)
    task = lock(task)
    _concerned(task, by, "core.finish_task")
    _close(task, Task.Status.DONE, outcome)
    record("task.finished", task, by=by, outcome=outcome)
    if task.asked_by_id and task.asked_by_id != by.pk:
        notify([task.asked_by_id], "task_done", task.get_absolute_url(), name=by.name, title=task.title)
    return task


@atomic
def hand_on_task(task: Task, *, assignee: Employee, remark: str = "", by: Actor) -> Task:
    """Give a task to somebody else, who is told."""
    allow(by, "core.finish_task", task.store)
    task = lock(task)
    _concerned(task, by, "core.finish_task")
    if task.status != Task.Status.OPEN:
        raise Refused(_("Only an open task can be handed on."), code="wrong_status")
    if assignee.pk == task.assignee_id:
        raise Refused(_("It is this person's task already."), field="assignee")
    _check_assignee(assignee, task.store)
    before, task.assignee = str(task.assignee), assignee
    task.remark, task.version = remark or task.remark, task.version + 1
    task.save(update_fields=["assignee", "remark", "version"])
    record("task.handed_on", task, by=by, assignee=[before, str(assignee)], remark=remark)
    _tell(task, by)
    return task


@atomic
def reopen_task(task: Task, *, by: Actor) -> Task:
    """Open a task again that was not done after all, or was dropped too early."""
    allow(by, "core.finish_task", task.store)
    task = lock(task)
    _concerned(task, by, "core.finish_task")
    move(task, Task.Status.OPEN)
    task.done_at, task.version = None, task.version + 1
    task.save(update_fields=["status", "done_at", "version"])
    record("task.reopened", task, by=by)
    _tell(task, by)
    return task


@atomic
def drop_task(task: Task, *, reason: str, by: Actor) -> Task:
    """Give a task up, with the reason; it stays to be seen."""
    allow(by, "core.finish_task", task.store)
    task = lock(task)
    _concerned(task, by, "core.finish_task")
    _close(task, Task.Status.DROPPED, reason)
    record("task.dropped", task, by=by, reason=reason)
    return task
