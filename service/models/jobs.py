"""Jobs (作业项): one thing the customer asked for."""

from datetime import date
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

from core.models import Trade
from core.rows import HouseModel, Rows
from service.models.visits import Visit


class JobRows(Rows):
    """Reads of jobs."""

    def to_dispatch(self) -> Self:
        """Jobs with consent that no technician has."""
        return self.filter(status=Job.Status.TO_DISPATCH)

    def of_technician(self, employee_id: int | None) -> Self:
        """Jobs on a technician's list, also those of a team that they work in."""
        helped = Job.helpers.through.objects.filter(employee=employee_id).values("job")
        return self.filter(
            Q(technician=employee_id) | Q(pk__in=helped),
            status__in=[Job.Status.DISPATCHED, Job.Status.IN_WORK, Job.Status.CHECKING],
        )

    def to_check(self) -> Self:
        """Jobs that wait for the quality inspector."""
        return self.filter(status=Job.Status.CHECKING)

    def guaranteed(self, day: date, mileage: int | None = None) -> Self:
        """Jobs whose repair guarantee runs on a day and, where it is known, at a mileage; the first reached ends it."""
        found = self.filter(status=Job.Status.DONE, guaranteed_until__gte=day)
        return found if mileage is None else found.filter(Q(guaranteed_km=None) | Q(guaranteed_km__gte=mileage))

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

    class Scope(models.TextChoices):
        """How large a repair is: the repair guarantee and the completion certificate follow from it (rules 12, 13)."""

        SMALL = "small", _("Small repair or basic maintenance")
        SECOND = "second", _("Second-level maintenance")
        ASSEMBLY = "assembly", _("Assembly or whole car")

    HAS_ATTACHMENTS = True

    order = models.ForeignKey("service.Order", models.PROTECT, related_name="jobs")
    position = models.PositiveSmallIntegerField(default=1)
    words = models.CharField(_("customer's words"), max_length=2000)
    kind = models.CharField(_("kind"), max_length=12, choices=Kind, default=Kind.REPAIR)
    cause = models.CharField(_("cause"), max_length=2000, blank=True)
    remedy = models.CharField(_("remedy"), max_length=2000, blank=True)
    status = models.CharField(_("status"), max_length=12, choices=Status, default=Status.OPEN)
    trade = models.CharField(_("trade"), max_length=10, choices=Trade, default=Trade.MECHANIC)
    scope = models.CharField(
        _("extent of the repair"), max_length=10, choices=Scope, default=Scope.SMALL, help_text=_("Rule 13")
    )
    menu = models.ForeignKey(
        "service.Menu", models.PROTECT, null=True, blank=True, related_name="jobs", verbose_name=_("menu")
    )
    technician = models.ForeignKey(
        "core.Employee", models.PROTECT, null=True, blank=True, related_name="jobs", verbose_name=_("technician")
    )
    helpers = models.ManyToManyField("core.Employee", related_name="+", blank=True, verbose_name=_("team"))
    added_at = models.DateTimeField(_("added"), null=True, blank=True, default=now)
    dispatched_at = models.DateTimeField(null=True, blank=True)
    started_at = models.DateTimeField(_("started"), null=True, blank=True)
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)
    checked_at = models.DateTimeField(_("checked"), null=True, blank=True)
    inspector = models.ForeignKey("core.Employee", models.PROTECT, null=True, blank=True, related_name="+")
    check_failures = models.PositiveSmallIntegerField(_("failed checks"), default=0)
    check_remark = models.CharField(_("remark of the check"), max_length=400, blank=True)
    certificate = models.CharField(_("completion certificate"), max_length=40, blank=True)
    guaranteed_until = models.DateField(_("guaranteed until"), null=True, blank=True)
    guaranteed_km = models.PositiveIntegerField(_("guaranteed until km"), null=True, blank=True)
    comeback_of = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="comebacks", verbose_name=_("rework of")
    )

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
