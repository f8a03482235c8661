"""Vehicles: the VIN is the car, the plate is what it wears today."""

from typing import Self

from django.apps import apps
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Reverse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.actor import Actor
from core.rows import HouseModel, Rows
from customers.models.finding import exactly_car, exactly_person, in_person, in_plate, in_vin, words_of
from customers.models.people import persons


class VehicleRows(Rows):
    """Reads of vehicles."""

    def visible_to(self, actor: Actor) -> Self:
        """One's companies' cars; a record that was merged into another one is found there."""
        return super().visible_to(actor).living()

    def living(self) -> Self:
        """Records that were not merged into another one."""
        return self.filter(merged_into__isnull=True)

    def merged_for(self, actor: Actor) -> Self:
        """Records of one's companies that were merged into others, for the way there."""
        return super().visible_to(actor).filter(merged_into__isnull=False)

    def found_by(self, text: str) -> Self:
        """Cars by a fragment of a plate they wear or wore, the end of the VIN, or their owner; every word must fit."""
        found = self
        for word in words_of(text):
            found = found.filter(pk__in=_cars(in_plate(word) | in_vin(word), in_plate(word), in_person(word)))
        return found

    def ending_with(self, text: str) -> Self:
        """Cars that the text names exactly: the end of a plate or VIN, the end of the owner's phone, the whole name."""
        words = words_of(text)
        if len(words) != 1:
            return self.none()
        here, word = exactly_car(words[0]), words[0]
        return self.filter(pk__in=_cars(here, in_plate(word), exactly_person(word)))


def _cars(car: Q, plate: Q, person: Q) -> models.QuerySet:
    """The ids of cars by what stands on themselves, by a plate they wore before, or by their owner."""
    every = Vehicle._base_manager
    worn = apps.get_model("customers", "PlateSpan")._base_manager.filter(plate, until__isnull=False)
    return (
        every.filter(car)
        .values_list("pk")
        .union(worn.values_list("vehicle"), every.filter(owner__in=persons(person)).values_list("pk"), all=True)
    )


class Vehicle(HouseModel):
    """A car as one company knows it. Another company's record of the same VIN is another row, so nothing leaks."""

    READ = "customers.see_vehicles"
    COMPANY = "company"
    HAS_ATTACHMENTS = True

    class PlateKind(models.TextChoices):
        ORDINARY = "ordinary", _("Ordinary plate")
        ENERGY = "energy", _("New-energy plate")
        TEMPORARY = "temporary", _("Temporary plate")
        OTHER = "other", _("Special plate")
        NONE = "none", _("No plate yet")

    company = models.ForeignKey("core.Company", models.PROTECT, related_name="vehicles")
    owner = models.ForeignKey(
        "customers.Customer", models.PROTECT, null=True, blank=True, related_name="vehicles", verbose_name=_("owner")
    )
    vin = models.CharField(_("VIN"), max_length=17, blank=True)
    vin_remark = models.CharField(_("why the VIN is right although its check digit is not"), max_length=120, blank=True)
    plate = models.CharField(_("plate"), max_length=10, blank=True)
    plate_kind = models.CharField(_("kind of plate"), max_length=9, choices=PlateKind, default=PlateKind.NONE)
    brand = models.CharField(_("brand"), max_length=40, blank=True)
    model = models.CharField(_("model"), max_length=60, blank=True)
    year = models.PositiveSmallIntegerField(_("model year"), null=True, blank=True)
    mileage = models.PositiveIntegerField(_("mileage in km"), null=True, blank=True)
    sold_on = models.DateField(_("sold on"), null=True, blank=True)
    warranty_from = models.DateField(_("warranty from"), null=True, blank=True)
    is_incomplete = models.BooleanField(_("incomplete"), default=False)
    merged_into = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="merged", verbose_name=_("merged into")
    )
    source = models.CharField(_("source"), max_length=40, blank=True)
    source_id = models.CharField(_("id in the source"), max_length=80, blank=True)
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = VehicleRows.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["company", "vin"],
                condition=~Q(vin=""),
                name="vehicle_vin_once",
                violation_error_message=_("A car with this VIN is already here."),
            ),
            models.UniqueConstraint(
                fields=["company", "plate"],
                condition=~Q(plate=""),
                name="vehicle_plate_once",
                violation_error_message=_("Another car wears this plate. Take it off there first."),
            ),
            models.UniqueConstraint(
                fields=["company", "source", "source_id"],
                condition=~Q(source=""),
                name="vehicle_source_once",
                violation_error_message=_("This car of the old system is already here."),
            ),
            models.CheckConstraint(
                condition=Q(vin="") | Q(vin__regex=r"^[A-HJ-NPR-Z0-9]{17}$"),
                name="vehicle_vin_shape",
                violation_error_message=_("A VIN has 17 characters, letters and digits without I, O and Q."),
            ),
            models.CheckConstraint(
                condition=Q(is_incomplete=True) | ~Q(plate="") | ~Q(vin=""),
                name="vehicle_plate_or_vin",
                violation_error_message=_("Without a plate the VIN is needed."),
            ),
            models.CheckConstraint(
                condition=~Q(plate_kind="temporary") | ~Q(vin=""),
                name="vehicle_temporary_needs_vin",
                violation_error_message=_("A car with a temporary plate needs its VIN."),
            ),
            models.CheckConstraint(
                condition=Q(merged_into__isnull=True) | (~Q(merged_into=F("pk")) & Q(plate="", vin="")),
                name="vehicle_merged_is_bare",
            ),
        ]
        indexes = [
            models.Index(fields=["company", "-id"], name="vehicle_by_age"),
            models.Index(fields=["company", "plate", "id"], name="vehicle_by_plate"),
            models.Index(fields=["vin"], name="vehicle_by_vin"),
            models.Index(fields=["owner"], name="vehicle_by_owner"),
            GinIndex(OpClass("plate", "gin_trgm_ops"), name="vehicle_plate_pieces"),
            GinIndex(models.Func(F("plate"), function="bigrams"), name="vehicle_plate_pairs"),
            models.Index(OpClass(Reverse("plate"), "text_pattern_ops"), name="vehicle_plate_end"),
            models.Index(OpClass(Reverse("vin"), "text_pattern_ops"), name="vehicle_vin_end"),
            models.Index(OpClass("vin", "varchar_pattern_ops"), name="vehicle_vin_start"),
        ]

    def __str__(self) -> str:
        return self.plate or self.vin or f"{self.source} {self.source_id}".strip() or f"#{self.pk}"

    def get_absolute_url(self) -> str:
        return reverse("vehicle", args=[self.pk])

    @property
    def title(self) -> str:
        """Brand and model as one line."""
        return f"{self.brand} {self.model}".strip()
