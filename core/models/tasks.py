"""What a person has to do, and what a person should know: tasks and notices."""

from typing import Self

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

from core.actor import Actor
from core.rows import HouseModel, Rows


class TaskRows(Rows):
    """Reads of tasks."""

    def visible_to(self, actor: Actor) -> Self:
        """One's own, those one gave to others, and everybody's in the stores that one leads."""
        scope = actor.scope("core.see_every_task")
        if scope.everywhere:
            return self
        own = Q(assignee=actor.pk) | Q(asked_by=actor.pk)
        return self.filter(own | Q(store__in=scope.stores) | Q(store__company__in=scope.companies))

    def open(self) -> Self:
        """Those not done and not withdrawn."""
        return self.filter(status=Task.Status.OPEN)

    def late(self) -> Self:
        """Open ones past their due time."""
        return self.open().filter(due_at__lt=now())

    def mine(self, person: int | None) -> Self:
        """The tasks of one person."""
        return self.filter(assignee=person or 0)

    def with_names(self) -> Self:
        """With people, for lists."""
        return self.select_related("store", "assignee", "asked_by")


class Task(HouseModel):
    """One thing one person has to do by a time, about one document or none; there is one list of them per person."""

    READ = "core.see_tasks"

    class Status(models.TextChoices):
        OPEN = "open", _("Open")
        DONE = "done", _("Done")
        DROPPED = "dropped", _("Dropped")

    MOVES = {Status.OPEN: {Status.DONE, Status.DROPPED}, Status.DONE: {Status.OPEN}, Status.DROPPED: {Status.OPEN}}

    store = models.ForeignKey("core.Store", models.PROTECT, related_name="tasks")
    title = models.CharField(_("what is to be done"), max_length=200, blank=True)
    code = models.CharField(max_length=40, blank=True, help_text="of a task the house gives; translated when read")
    params = models.JSONField(default=dict)
    remark = models.CharField(_("remark"), max_length=400, blank=True)
    assignee = models.ForeignKey("core.Employee", models.PROTECT, related_name="tasks", verbose_name=_("whose it is"))
    asked_by = models.ForeignKey(
        "core.Employee", models.PROTECT, null=True, blank=True, related_name="tasks_given", verbose_name=_("asked by")
    )
    due_at = models.DateTimeField(_("due"))
    status = models.CharField(_("status"), max_length=8, choices=Status, default=Status.OPEN)
    done_at = models.DateTimeField(_("done"), null=True, blank=True)
    outcome = models.CharField(_("outcome"), max_length=400, blank=True)
    kind = models.CharField(max_length=40, blank=True)
    object_id = models.BigIntegerField(null=True, blank=True)
    address = models.CharField(max_length=200, blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = TaskRows.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(title="") | ~Q(code=""),
                name="task_says_what",
                violation_error_message=_("Please say what is to be done."),
            ),
            models.UniqueConstraint(
                fields=["code", "assignee", "kind", "object_id"],
                condition=Q(status="open") & ~Q(code=""),
                name="task_given_once",
                violation_error_message=_("This person already has this task."),
            ),
        ]
        indexes = [
            models.Index(fields=["assignee", "status", "due_at", "id"], name="task_of_person"),
            models.Index(fields=["asked_by", "-id"], name="task_given"),
            models.Index(fields=["store", "status", "due_at", "id"], name="task_of_store"),
            models.Index(fields=["kind", "object_id"], name="task_of_document"),
            models.Index(fields=["due_at", "id"], name="task_by_due"),
        ]

    def __str__(self) -> str:
        return self.title or self.code

    def get_absolute_url(self) -> str:
        return reverse("task", args=[self.pk])

    @property
    def is_late(self) -> bool:
        """Whether it is open and past its due time."""
        return self.status == self.Status.OPEN and self.due_at < now()


class NoticeRows(Rows):
    """Reads of notices."""

    def visible_to(self, actor: Actor) -> Self:
        """One's own."""
        return self.filter(employee=actor.pk or 0)

    def unread(self) -> Self:
        """Those not looked at."""
        return self.filter(read_at__isnull=True)


class Notice(HouseModel):
    """A word to one employee, kept as code and parameters and translated when it is read."""

    READ = "core.see_notices"

    employee = models.ForeignKey("core.Employee", models.CASCADE, related_name="notices")
    code = models.CharField(max_length=40)
    params = models.JSONField(default=dict)
    address = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField(_("at"))
    read_at = models.DateTimeField(_("read"), null=True, blank=True)

    objects = NoticeRows.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["employee", "-id"], name="notice_of_employee"),
            models.Index(fields=["employee"], condition=Q(read_at__isnull=True), name="notice_unread"),
        ]

    def __str__(self) -> str:
        return self.code
