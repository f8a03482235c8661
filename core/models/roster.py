"""Who is not at work: what the dispatcher must not count on."""

from typing import Self

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

from core.rows import HouseModel, Rows


class Trade(models.TextChoices):
    """What a technician does; hours of one trade are no hours of another."""

    MECHANIC = "mechanic", _("Mechanics and electrics")
    BODY = "body", _("Body work")
    PAINT = "paint", _("Paint")
    DETAIL = "detail", _("Wash and detailing")


class AbsenceRows(Rows):
    """Reads of absences."""

    def valid(self) -> Self:
        """Those not taken back."""
        return self.filter(cancelled_at__isnull=True)

    def ahead(self) -> Self:
        """Those that last, or are to come."""
        return self.valid().filter(ends_at__gt=now())


class Absence(HouseModel):
    """Hours or days in which an employee is not there: leave, illness, a course."""

    READ = "core.see_roster"

    store = models.ForeignKey("core.Store", models.PROTECT, related_name="absences")
    employee = models.ForeignKey("core.Employee", models.PROTECT, related_name="absences", verbose_name=_("employee"))
    starts_at = models.DateTimeField(_("from"))
    ends_at = models.DateTimeField(_("until"))
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    cancelled_at = models.DateTimeField(_("taken back"), null=True, blank=True)

    objects = AbsenceRows.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")),
                name="absence_forward",
                violation_error_message=_("An absence must end after it starts."),
            )
        ]
        indexes = [
            models.Index(fields=["store", "-starts_at", "-id"], name="absence_of_store"),
            models.Index(fields=["employee", "ends_at"], name="absence_of_employee"),
        ]

    def __str__(self) -> str:
        return str(self.employee)

    def get_absolute_url(self) -> str:
        return reverse("roster")
