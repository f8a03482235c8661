"""What a car was: its plates, its owners and its mileages, each with its dates. Today's values stand on the car."""

from typing import Self

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from core.rows import HouseModel, Rows
from customers.models.vehicles import Vehicle


class SpanRows(Rows):
    """Reads of what a car was for a time."""

    def past(self) -> Self:
        """What it is no longer."""
        return self.filter(until__isnull=False)

    def newest_first(self) -> Self:
        """As a history is read."""
        return self.order_by(F("until").desc(nulls_first=True), "-since", "-id")


class PlateSpan(HouseModel):
    """A plate a car wore, from the day it was first seen with it until it was taken off."""

    READ = "customers.see_vehicles"
    COMPANY = "vehicle__company"

    vehicle = models.ForeignKey(Vehicle, models.PROTECT, related_name="plates")
    plate = models.CharField(_("plate"), max_length=10)
    plate_kind = models.CharField(_("kind of plate"), max_length=9, choices=Vehicle.PlateKind)
    since = models.DateField(_("since"))
    until = models.DateField(_("until"), null=True, blank=True)

    objects = SpanRows.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["vehicle"], condition=Q(until__isnull=True), name="plate_span_one_open"),
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=F("since")), name="plate_span_forward"
            ),
        ]
        indexes = [
            models.Index(fields=["vehicle", "-since"], name="plate_span_of_vehicle"),
            GinIndex(OpClass("plate", "gin_trgm_ops"), name="plate_span_pieces", condition=Q(until__isnull=False)),
            GinIndex(
                models.Func(F("plate"), function="bigrams"), name="plate_span_pairs", condition=Q(until__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return self.plate


class OwnerSpan(HouseModel):
    """Whose a car was, from the day we learned of it until it was somebody else's."""

    READ = "customers.see_vehicles"
    COMPANY = "vehicle__company"

    vehicle = models.ForeignKey(Vehicle, models.PROTECT, related_name="owners")
    customer = models.ForeignKey("customers.Customer", models.PROTECT, related_name="owned")
    since = models.DateField(_("since"))
    until = models.DateField(_("until"), null=True, blank=True)

    objects = SpanRows.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["vehicle"], condition=Q(until__isnull=True), name="owner_span_one_open"),
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=F("since")), name="owner_span_forward"
            ),
        ]
        indexes = [
            models.Index(fields=["vehicle", "-since"], name="owner_span_of_vehicle"),
            models.Index(fields=["customer", "-since"], name="owner_span_of_customer"),
        ]


class MileageReading(HouseModel):
    """A mileage that was read off the car: when, by whom it came, and why it is lower than the one before."""

    READ = "customers.see_vehicles"
    COMPANY = "vehicle__company"

    class Source(models.TextChoices):
        RECEPTION = "reception", _("Reception")
        LOAD = "load", _("Old system")
        HAND = "hand", _("By hand")

    vehicle = models.ForeignKey(Vehicle, models.PROTECT, related_name="readings")
    at = models.DateTimeField(_("read"))
    km = models.PositiveIntegerField(_("mileage in km"))
    source = models.CharField(_("source"), max_length=9, choices=Source)
    is_doubtful = models.BooleanField(
        _("in doubt"), default=False, help_text="lower than the one before, and nobody has said why"
    )
    remark = models.CharField(_("why it is lower than before"), max_length=120, blank=True)

    objects = Rows.as_manager()

    class Meta:
        indexes = [models.Index(fields=["vehicle", "-at", "-id"], name="reading_of_vehicle")]

    def __str__(self) -> str:
        return f"{self.km} km"
