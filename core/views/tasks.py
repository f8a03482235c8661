"""Pages of tasks: one list for each person, and one task with what can be done with it."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from core import actions
from core.events import events_of
from core.filters import TaskFilter
from core.forms import AddTaskForm, DropTaskForm, EditTaskForm, FinishTaskForm, HandOnTaskForm
from core.lists import list_page
from core.models import Task
from core.notices import task_said
from core.tables import TASK_TONES, TaskTable
from core.web import HouseRequest, back, current_store, door, page, verb_page

BY_DUE = {"due_at": ("due_at", "id"), "-due_at": ("-due_at", "-id"), "-id": ("-id",)}
NEWEST = {"-id": ("-id",), "due_at": ("due_at", "id"), "-due_at": ("-due_at", "-id")}


def _tabs(request: HouseRequest) -> dict[str, tuple[str, Any]]:
    rows, me = Task.objects.visible_to(request.actor).with_names(), request.user.pk
    tabs = {
        "mine": (_("Mine"), rows.open().mine(me)),
        "late": (_("Late"), rows.late()),
        "given": (_("Given by me"), rows.open().filter(asked_by=me).exclude(assignee=me)),
        "store": (_("Whole store"), rows.open()),
        "done": (_("Done"), rows.exclude(status=Task.Status.OPEN)),
        "all": (_("All"), rows),
    }
    if not request.actor.may("core.see_every_task"):
        del tabs["store"]
    return tabs


@door("core.see_tasks", methods=("GET",))
def tasks(request: HouseRequest) -> HttpResponse:
    """One's tasks by their due time, what is late, what one gave to others; leaders see the whole store's."""
    tabs = _tabs(request)
    tab = request.GET.get("tab", "")
    tab = tab if tab in tabs else "mine"
    return list_page(
        request,
        rows=tabs[tab][1],
        table_class=TaskTable,
        filterset_class=TaskFilter,
        orderings=NEWEST if tab in {"done", "all"} else BY_DUE,
        heading=_("Tasks"),
        name="tasks",
        tabs=[{"label": label, "url": f"?tab={key}", "active": key == tab} for key, (label, _r) in tabs.items()],
        new_url=reverse("add_task") if request.actor.may("core.add_task") else "",
        new_label=_("Give a task"),
        empty={"icon": "list-check", "title": _("No task here")},
    )


def _task(request: HouseRequest, pk: int) -> Task:
    return get_object_or_404(Task.objects.visible_to(request.actor).with_names(), pk=pk)


@door("core.see_tasks", methods=("GET",))
def task(request: HouseRequest, pk: int) -> HttpResponse:
    """One task: what, for whom, by when, about which document; and the steps it can take."""
    found, actor = _task(request, pk), request.actor
    concerned = actor.pk in {found.assignee_id, found.asked_by_id} or actor.may("core.see_every_task", found.store)
    context = {
        "task": found,
        "said": task_said(found),
        "tone": TASK_TONES[Task.Status(found.status)],
        "form": FinishTaskForm(by=actor),
        "may_move": concerned and actor.may("core.finish_task", found.store),
        "may_edit": concerned and actor.may("core.add_task", found.store) and not found.code,
        "is_open": found.status == Task.Status.OPEN,
        "events": events_of(found),
    }
    return page(request, "core/task.html", context)


@door("core.add_task")
def add_task(request: HouseRequest) -> HttpResponse:
    """Something to do for a colleague, or for oneself."""
    initial = {"store": current_store(request), "assignee": request.user.pk}
    return verb_page(
        request,
        AddTaskForm(request.POST or None, by=request.actor, initial=initial),
        actions.add_task,
        heading=_("Give a task"),
        cancel=reverse("tasks"),
        done=_("The task is given."),
    )


@door("core.add_task")
def edit_task(request: HouseRequest, pk: int) -> HttpResponse:
    """What is to be done, and by when."""
    found = _task(request, pk)
    return verb_page(
        request,
        EditTaskForm(request.POST or None, by=request.actor, initial=EditTaskForm.known(found)),
        actions.edit_task,
        found,
        heading=_("Change the task"),
        pretitle=task_said(found),
        submit=_("Save"),
        extra="core/_version.html",
        version=request.POST.get("version") or found.version,
        done=_("The task is changed."),
    )


@door("core.finish_task")
def finish_task(request: HouseRequest, pk: int) -> HttpResponse:
    """It is done; whoever asked is told."""
    found = _task(request, pk)
    return verb_page(
        request,
        FinishTaskForm(request.POST if request.method == "POST" else None, by=request.actor),
        actions.finish_task,
        found,
        heading=_("Done"),
        pretitle=task_said(found),
        target=reverse("tasks"),
        cancel=found.get_absolute_url(),
        done=_("The task is done."),
    )


@door("core.finish_task")
def hand_on_task(request: HouseRequest, pk: int) -> HttpResponse:
    """Somebody else does it."""
    found = _task(request, pk)
    return verb_page(
        request,
        HandOnTaskForm(request.POST or None, by=request.actor),
        actions.hand_on_task,
        found,
        heading=_("Hand on"),
        pretitle=task_said(found),
        target=reverse("tasks"),
        cancel=found.get_absolute_url(),
        done=_("The task is handed on."),
    )


@door("core.finish_task", methods=("POST",))
def reopen_task(request: HouseRequest, pk: int) -> HttpResponse:
    """It is not done after all."""
    return back(request, _("The task is open again."), actions.reopen_task(_task(request, pk), by=request.actor))


@door("core.finish_task")
def drop_task(request: HouseRequest, pk: int) -> HttpResponse:
    """It is given up, with the reason."""
    found = _task(request, pk)
    return verb_page(
        request,
        DropTaskForm(request.POST or None, by=request.actor),
        actions.drop_task,
        found,
        heading=_("Drop the task"),
        pretitle=task_said(found),
        danger=True,
        cancel=found.get_absolute_url(),
        target=reverse("tasks"),
        done=_("The task is dropped."),
    )
