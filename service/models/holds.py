"""Why a job does not go on: holds with a start time."""

from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from core.rows import HouseModel, Rows


class HoldRows(Rows):
    """Reads of holds."""

    def open(self) -> Self:
        """Those that still hold a job up."""
        return self.filter(ended_at__isnull=True)


class Hold(HouseModel):
    """A job waits for something outside the technician's hands: since when, for what, until when it is expected.

    A hold for consent is opened and ended by the house as lines are offered and answered; the others by people.
    """

    READ = "service.see_orders"
    STORE = "job__order__store"

    class Kind(models.TextChoices):
        CONSENT = "consent", _("Waiting for consent")
        PARTS = "parts", _("Waiting for parts")
        ASSESSMENT = "assessment", _("Waiting for the loss assessment")
        MANUFACTURER = "manufacturer", _("Waiting for the manufacturer")
        SUBLET = "sublet", _("Sublet, out of the house")

    job = models.ForeignKey("service.Job", models.PROTECT, related_name="holds")
    kind = models.CharField(_("waits for"), max_length=12, choices=Kind)
    started_at = models.DateTimeField(_("since"))
    expected_at = models.DateTimeField(_("expected"), null=True, blank=True)
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)
    remark = models.CharField(_("remark"), max_length=200, blank=True)

    objects = HoldRows.as_manager()

    class Meta:
        ordering = ["started_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["job", "kind"],
                condition=Q(ended_at__isnull=True),
                name="hold_once",
                violation_error_message=_("The job already waits for this."),
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) | Q(ended_at__gte=F("started_at")), name="hold_forward"
            ),
        ]
        indexes = [
            models.Index(fields=["job", "-id"], name="hold_of_job"),
            models.Index(fields=["kind", "started_at"], condition=Q(ended_at__isnull=True), name="hold_open"),
        ]

    def __str__(self) -> str:
        return self.get_kind_display()
