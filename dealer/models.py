"""The dealership as a whole: its monthly reports."""

from typing import Any, Self

from django.db import models
from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.models import Queued
from core.models.queued import QueuedRows


class ReportRows(QueuedRows):
    """Reads of monthly reports."""

    def frozen(self) -> Self:
        """Reports that are built and so never change."""
        return self.filter(frozen_at__isnull=False)

    def newest(self) -> Self:
        """The newest version of each store and month."""
        newer = MonthlyReport.objects.filter(
            store=OuterRef("store"), month=OuterRef("month"), report_version__gt=OuterRef("report_version")
        )
        return self.filter(~Exists(newer))

    def with_names(self) -> Self:
        """With the store and its company, for lists."""
        return self.select_related("store__company")


class MonthlyReport(Queued):
    """A store's monthly report: frozen once built; a later correction makes a new version, never an edit."""

    READ = "dealer.see_reports"

    store = models.ForeignKey("core.Store", models.PROTECT, related_name="reports")
    month = models.DateField(_("month"), help_text=_("The first day of the month."))
    report_version = models.PositiveSmallIntegerField(_("version"), default=1)
    reason = models.CharField(_("why it was built again"), max_length=400, blank=True)
    facts = models.JSONField(default=dict, help_text="the numbers as they were when the report was frozen")
    digest = models.CharField(max_length=64, blank=True, help_text="hash of the facts")
    frozen_at = models.DateTimeField(_("frozen"), null=True, blank=True)

    objects = ReportRows.as_manager()  # type: ignore[misc]

    class Meta:
        verbose_name = _("monthly report")
        constraints = [
            models.UniqueConstraint(
                fields=["store", "month", "report_version"],
                name="report_version_once",
                violation_error_message=_("This version of the report is already there."),
            ),
            models.CheckConstraint(condition=models.Q(month__day=1), name="report_month_first_day"),
        ]
        indexes = [models.Index(fields=["store", "-month", "-id"], name="report_by_month")]

    def __str__(self) -> str:
        return f"{self.store} {self.month:%Y-%m} v{self.report_version}"

    def get_absolute_url(self) -> str:
        return reverse("report", args=[self.pk])

    @property
    def title(self) -> str:
        """Store code, month and version, as it stands in file names and on the document."""
        return f"{self.store.code}-{self.month:%Y-%m}-v{self.report_version}"

    def versions(self) -> Any:
        """Every version of this store's month, the newest first."""
        return MonthlyReport.objects.filter(store=self.store_id, month=self.month).order_by("-report_version")
