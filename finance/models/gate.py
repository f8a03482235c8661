"""The gate: who may drive out, who came back."""

from typing import Self

from django.db import models
from django.db.models import OuterRef, Q, Subquery
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

from core.models import Approval
from core.rows import HouseModel, Rows


class GatePassRows(Rows):
    """Reads of gate passes."""

    def waiting(self) -> Self:
        """Passes whose car has not driven out yet: the guard's list."""
        return self.filter(used_at__isnull=True, cancelled_at__isnull=True)

    def open(self) -> Self:
        """Passes that still concern the guard: the car may leave, or is expected back."""
        back = Q(kind__in=GatePass.COMES_BACK, back_at__isnull=True)
        return self.filter(cancelled_at__isnull=True).filter(Q(used_at__isnull=True) | back)

    def outside(self) -> Self:
        """Cars on a road test or at a sublet: out, and expected back."""
        gone = self.filter(cancelled_at__isnull=True, used_at__isnull=False)
        return gone.filter(kind__in=GatePass.COMES_BACK, back_at__isnull=True)

    def overdue(self) -> Self:
        """Cars that should be back by now."""
        return self.outside().filter(expected_at__lt=now())

    def wearing(self, tail: str) -> Self:
        """Passes of cars whose plate ends like this, or the VIN where there is no plate: as the guard sees them."""
        seen = Q(visit__vehicle__plate__endswith=tail) | Q(plate__endswith=tail)
        seen |= Q(visit__vehicle__plate="", visit__vehicle__vin__endswith=tail)
        return self.filter(seen | Q(visit__isnull=True, plate="", vin__endswith=tail))

    def with_names(self) -> Self:
        """With the car, and with what the manager said where one had to be asked, for lists."""
        asked = Approval.objects.filter(kind=GatePass.kind_name(), object_id=OuterRef("pk")).order_by("-pk")
        rows = self.select_related("store", "visit__vehicle", "visit__customer")
        return rows.annotate(approval=Subquery(asked.values("status")[:1]))


class GatePass(HouseModel):
    """The gate pass (出门证): issued when the customer owes nothing more, used once by the guard.

    A car on a road test or at a sublet goes out on one and comes back on it; its visit stays open. A sold car, or one
    on its way to another place, has no visit: there a manager within whose authority it lies lets it go.
    """

    READ = "finance.see_gate_passes"

    class Kind(models.TextChoices):
        SERVICE = "service", _("Leaves after service")
        ROAD_TEST = "road_test", _("Road test, out and back")
        SUBLET = "sublet", _("Sublet, out and back")
        SALE = "sale", _("Sold car")
        TRANSFER = "transfer", _("Transfer to another place")

    class State(models.TextChoices):
        """Where a pass stands, as the guard reads it."""

        HELD = "held", _("Waits for the manager")
        REFUSED = "refused", _("Not allowed to leave")
        WAITING = "waiting", _("May leave")
        OUTSIDE = "outside", _("Outside")
        OVERDUE = "overdue", _("Should be back")
        BACK = "back", _("Back")
        LEFT = "left", _("Left")
        CANCELLED = "cancelled", _("Cancelled")

    COMES_BACK = (Kind.ROAD_TEST, Kind.SUBLET)
    NO_VISIT = (Kind.SALE, Kind.TRANSFER)

    kind = models.CharField(_("kind"), max_length=10, choices=Kind, default=Kind.SERVICE)
    store = models.ForeignKey("core.Store", models.PROTECT, related_name="gate_passes")
    visit = models.ForeignKey("service.Visit", models.PROTECT, null=True, blank=True, related_name="gate_passes")
    plate = models.CharField(_("plate"), max_length=10, blank=True, help_text="of a car without a visit")
    vin = models.CharField(_("VIN"), max_length=17, blank=True)
    driver_name = models.CharField(_("driver"), max_length=80, blank=True)
    reason = models.CharField(_("what for"), max_length=400, blank=True)
    number = models.CharField(_("number"), max_length=24, unique=True)
    issued_at = models.DateTimeField(_("issued"))
    used_at = models.DateTimeField(_("left at"), null=True)
    expected_at = models.DateTimeField(_("expected back"), null=True, blank=True)
    back_at = models.DateTimeField(_("back at"), null=True, blank=True)
    cancelled_at = models.DateTimeField(_("cancelled"), null=True)

    objects = GatePassRows.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["visit"],
                condition=Q(cancelled_at__isnull=True, kind="service"),
                name="gate_pass_once",
                violation_error_message=_("This car already has a gate pass."),
            ),
            models.UniqueConstraint(
                fields=["visit"],
                condition=Q(cancelled_at__isnull=True, kind__in=["road_test", "sublet"], back_at__isnull=True),
                name="gate_pass_one_outside",
                violation_error_message=_("This car is already out, or has a pass to go out."),
            ),
            models.CheckConstraint(
                condition=Q(visit__isnull=False, kind__in=["service", "road_test", "sublet"])
                | (Q(visit__isnull=True, kind__in=["sale", "transfer"]) & (~Q(plate="") | ~Q(vin=""))),
                name="gate_pass_names_car",
                violation_error_message=_("Name the plate or the VIN of the car."),
            ),
        ]
        indexes = [
            models.Index(fields=["store", "-issued_at", "-id"], name="gate_pass_by_age"),
            models.Index(fields=["visit"], name="gate_pass_of_visit"),
            models.Index(
                fields=["store", "-issued_at", "-id"],
                condition=Q(cancelled_at__isnull=True)
                & (Q(used_at__isnull=True) | Q(kind__in=["road_test", "sublet"], back_at__isnull=True)),
                name="gate_pass_open",
            ),
        ]

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        return reverse("gate_pass", args=[self.pk])

    @property
    def issued_by(self) -> str:
        """The verb that issues such a pass; who has it may take the pass back as well."""
        if self.kind in self.NO_VISIT:
            return "finance.issue_other_pass"
        return "finance.issue_test_pass" if self.kind in self.COMES_BACK else "finance.issue_gate_pass"

    @property
    def worn(self) -> str:
        """What the guard compares: the plate on the car, or the VIN of one without a plate."""
        return (self.visit.vehicle.plate or self.visit.vehicle.vin) if self.visit else (self.plate or self.vin)

    @property
    def title(self) -> str:
        """Brand and model, where the car is known."""
        return self.visit.vehicle.title if self.visit else ""

    @property
    def driver(self) -> str:
        """Who drives: named on the pass, or the one who brought the car."""
        return self.driver_name or (self.visit.driver_name if self.visit else "")

    @property
    def state(self) -> str:
        """Where the pass stands; a car without a visit may need the manager's word first."""
        if self.cancelled_at:
            return self.State.CANCELLED
        if self.used_at and self.kind not in self.COMES_BACK:
            return self.State.LEFT
        if self.back_at:
            return self.State.BACK
        if self.used_at:
            return self.State.OVERDUE if self.expected_at and self.expected_at < now() else self.State.OUTSIDE
        if self.kind in self.NO_VISIT:
            asked = self._approval()
            if asked in {Approval.Status.REFUSED, Approval.Status.WITHDRAWN}:
                return self.State.REFUSED
            return self.State.HELD if asked == Approval.Status.ASKED else self.State.WAITING
        return self.State.WAITING

    def _approval(self) -> str | None:
        """The state of the newest approval: read with the row in lists, by itself for one row."""
        if "approval" not in self.__dict__:
            asked = Approval.objects.filter(kind=self.kind_name(), object_id=self.pk).order_by("-pk")
            self.__dict__["approval"] = asked.values_list("status", flat=True).first()
        found: str | None = self.__dict__["approval"]
        return found
