"""Jobs (作业项): one thing the customer asked for."""

from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from core.rows import HouseModel, Rows
from service.models.visits import Visit


class JobRows(Rows):
    """Reads of jobs."""

    def to_dispatch(self) -> Self:
        """Jobs with consent that no technician has."""
        return self.filter(status=Job.Status.TO_DISPATCH)

    def of_technician(self, employee_id: int | None) -> Self:
        """Jobs on a technician's list."""
        return self.filter(
            technician=employee_id, status__in=[Job.Status.DISPATCHED, Job.Status.IN_WORK, Job.Status.CHECKING]
        )

    def to_check(self) -> Self:
        """Jobs that wait for the quality inspector."""
        return self.filter(status=Job.Status.CHECKING)

    def with_names(self) -> Self:
        """With order, car and technician, for lists."""
        return self.select_related("order__visit__vehicle", "order__store", "technician")


class Job(HouseModel):
    """One thing the customer asked for: their words, the cause and the remedy, who works on it, who checked it."""

    READ = "service.see_orders"
    STORE = "order__store"

    class Status(models.TextChoices):
        OPEN = "open", _("Open")
        TO_DISPATCH = "to_dispatch", _("To dispatch")
        DISPATCHED = "dispatched", _("Dispatched")
        IN_WORK = "in_work", _("In work")
        CHECKING = "checking", _("Quality check")
        DONE = "done", _("Done")
        DROPPED = "dropped", _("Not carried out")

    MOVES = {
        Status.OPEN: {Status.TO_DISPATCH, Status.DROPPED},
        Status.TO_DISPATCH: {Status.DISPATCHED, Status.DROPPED, Status.OPEN},
        Status.DISPATCHED: {Status.IN_WORK, Status.DISPATCHED, Status.TO_DISPATCH, Status.DROPPED},
        Status.IN_WORK: {Status.CHECKING, Status.DROPPED},
        Status.CHECKING: {Status.DONE, Status.IN_WORK, Status.DROPPED},
        Status.DONE: {Status.TO_DISPATCH},
        Status.DROPPED: {Status.TO_DISPATCH},
    }
    Kind = Visit.Kind

    order = models.ForeignKey("service.Order", models.PROTECT, related_name="jobs")
    position = models.PositiveSmallIntegerField(default=1)
    words = models.CharField(_("customer's words"), max_length=2000)
    kind = models.CharField(_("kind"), max_length=12, choices=Kind, default=Kind.REPAIR)
    cause = models.CharField(_("cause"), max_length=2000, blank=True)
    remedy = models.CharField(_("remedy"), max_length=2000, blank=True)
    status = models.CharField(_("status"), max_length=12, choices=Status, default=Status.OPEN)
    technician = models.ForeignKey(
        "core.Employee", models.PROTECT, null=True, blank=True, related_name="jobs", verbose_name=_("technician")
    )
    dispatched_at = models.DateTimeField(null=True, blank=True)
    started_at = models.DateTimeField(_("started"), null=True, blank=True)
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)
    checked_at = models.DateTimeField(_("checked"), null=True, blank=True)
    inspector = models.ForeignKey("core.Employee", models.PROTECT, null=True, blank=True, related_name="+")
    check_failures = models.PositiveSmallIntegerField(_("failed checks"), default=0)
    check_remark = models.CharField(_("remark of the check"), max_length=400, blank=True)

    objects = JobRows.as_manager()

    class Meta:
        ordering = ["position", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["order", "position"], name="job_position_once", deferrable=models.Deferrable.DEFERRED
            )
        ]
        indexes = [models.Index(fields=["technician", "status"], name="job_of_technician")]

    def __str__(self) -> str:
        return self.words
