"""Vehicles: the VIN is the car, the plate is what it wears today."""

from typing import Self

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.rows import HouseModel, Rows


class VehicleRows(Rows):
    """Reads of vehicles."""

    def found_by(self, text: str) -> Self:
        """Vehicles whose plate or VIN holds the text (a fragment of the plate, the tail of the VIN), or by owner."""
        text = text.strip().upper().replace("·", "").replace(" ", "")
        if not text:
            return self
        return self.filter(
            Q(plate__contains=text)
            | Q(vin__endswith=text)
            | Q(owner__name__icontains=text)
            | Q(owner__phone__endswith=text)
        )


class Vehicle(HouseModel):
    """A car as one company knows it. Another company's record of the same VIN is another row, so nothing leaks."""

    READ = "customers.see_vehicles"
    COMPANY = "company"

    class PlateKind(models.TextChoices):
        ORDINARY = "ordinary", _("Ordinary plate")
        ENERGY = "energy", _("New-energy plate")
        OTHER = "other", _("Special plate")
        NONE = "none", _("No plate yet")

    company = models.ForeignKey("core.Company", models.PROTECT, related_name="vehicles")
    owner = models.ForeignKey(
        "customers.Customer", models.PROTECT, null=True, blank=True, related_name="vehicles", verbose_name=_("owner")
    )
    vin = models.CharField(_("VIN"), max_length=17, blank=True)
    vin_remark = models.CharField(_("why the VIN is right although its check digit is not"), max_length=120, blank=True)
    plate = models.CharField(_("plate"), max_length=10, blank=True)
    plate_kind = models.CharField(_("kind of plate"), max_length=8, choices=PlateKind, default=PlateKind.NONE)
    brand = models.CharField(_("brand"), max_length=40, blank=True)
    model = models.CharField(_("model"), max_length=60, blank=True)
    year = models.PositiveSmallIntegerField(_("model year"), null=True, blank=True)
    mileage = models.PositiveIntegerField(_("mileage in km"), null=True, blank=True)
    sold_on = models.DateField(_("sold on"), null=True, blank=True)
    is_incomplete = models.BooleanField(_("incomplete"), default=False)
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
        ]
        indexes = [
            models.Index(fields=["company", "-id"], name="vehicle_by_age"),
            models.Index(fields=["company", "plate", "id"], name="vehicle_by_plate"),
            models.Index(fields=["vin"], name="vehicle_by_vin"),
            models.Index(fields=["owner"], name="vehicle_by_owner"),
        ]

    def __str__(self) -> str:
        return self.plate or self.vin or f"{self.source} {self.source_id}".strip() or f"#{self.pk}"

    def get_absolute_url(self) -> str:
        return reverse("vehicle", args=[self.pk])

    @property
    def title(self) -> str:
        """Brand and model as one line."""
        return f"{self.brand} {self.model}".strip()
