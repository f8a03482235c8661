"""The dealership as a whole: its monthly reports."""

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.models import Queued


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

    class Meta:
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
