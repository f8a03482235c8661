"""Two records of one person or one car made one, with everything that is needed to take it back; and pairs that only
look alike."""

from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from core.rows import HouseModel, Rows


class Merge(HouseModel):
    """Which record was merged into which, what moved with it, and what stood on both before."""

    READ = "customers.see_customers"
    COMPANY = "company"

    class Of(models.TextChoices):
        CUSTOMER = "customer", _("Customer")
        VEHICLE = "vehicle", _("Vehicle")

    class Side(models.TextChoices):
        """Whose value stays."""

        KEPT = "kept", _("of this record")
        LOST = "lost", _("of the other record")

    company = models.ForeignKey("core.Company", models.PROTECT, related_name="+")
    of = models.CharField(_("of"), max_length=8, choices=Of)
    kept_id = models.BigIntegerField()
    lost_id = models.BigIntegerField()
    moved = models.JSONField(default=dict, help_text="table and column: ids of the rows that pointed to the lost one")
    values = models.JSONField(default=dict, help_text="what stood on the kept and on the lost record before")
    kept_version = models.PositiveIntegerField(help_text="of the kept record after the merge")
    at = models.DateTimeField(_("merged"))
    by_name = models.CharField(_("merged by"), max_length=80)
    undone_at = models.DateTimeField(_("taken back"), null=True, blank=True)

    objects = Rows.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["of", "lost_id"],
                condition=Q(undone_at__isnull=True),
                name="merge_once",
                violation_error_message=_("This record is already merged into another one."),
            )
        ]
        indexes = [models.Index(fields=["of", "kept_id", "-id"], name="merge_of_kept")]


class ApartRows(Rows):
    """Reads of pairs that only look alike."""

    def of_pair(self, of: str, one: int, other: int) -> Self:
        """The word on one pair."""
        return self.filter(of=of, first_id=min(one, other), second_id=max(one, other))


class Apart(HouseModel):
    """Two records that look like one and are two: a family with one phone, two people of one name."""

    READ = "customers.see_customers"
    COMPANY = "company"

    company = models.ForeignKey("core.Company", models.PROTECT, related_name="+")
    of = models.CharField(_("of"), max_length=8, choices=Merge.Of)
    first_id = models.BigIntegerField()
    second_id = models.BigIntegerField()
    at = models.DateTimeField(_("noted"))
    by_name = models.CharField(_("noted by"), max_length=80)

    objects = ApartRows.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["of", "first_id", "second_id"], name="apart_once"),
            models.CheckConstraint(condition=Q(first_id__lt=F("second_id")), name="apart_sorted"),
        ]
