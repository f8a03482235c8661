"""Customers: people and firms, by company."""

from typing import Self

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.rows import HouseModel, Rows

# a mobile number, a landline with its area code, a foreign number, a service number
PHONE_SHAPE = r"^(1[3-9][0-9]{9}|0[0-9-]{7,14}|\+[0-9]{6,15}|[48]00[0-9-]{7,9})$"


class CustomerRows(Rows):
    """Reads of customers."""

    def found_by(self, text: str) -> Self:
        """Customers whose name holds the text, or whose phone ends with it."""
        text = text.strip()
        return self.filter(Q(name__icontains=text) | Q(phone__endswith=text)) if text else self


class Customer(HouseModel):
    """A person or firm that one company serves; phones are not unique, since families share them."""

    READ = "customers.see_customers"
    COMPANY = "company"

    class Kind(models.TextChoices):
        PERSON = "person", _("Person")
        FIRM = "firm", _("Firm")

    class Level(models.TextChoices):
        NONE = "", _("No membership")
        SILVER = "silver", _("Silver member")
        GOLD = "gold", _("Gold member")
        PLATINUM = "platinum", _("Platinum member")

    company = models.ForeignKey("core.Company", models.PROTECT, related_name="customers")
    kind = models.CharField(_("kind"), max_length=6, choices=Kind, default=Kind.PERSON)
    name = models.CharField(_("name"), max_length=80, blank=True)
    phone = models.CharField(_("phone"), max_length=20, blank=True)
    level = models.CharField(_("membership"), max_length=8, choices=Level, default=Level.NONE, blank=True)
    call_from = models.TimeField(_("may be called from"), null=True, blank=True)
    call_until = models.TimeField(_("may be called until"), null=True, blank=True)
    do_not_call = models.BooleanField(_("does not want calls"), default=False)
    keeper = models.ForeignKey(
        "core.Employee", models.PROTECT, null=True, blank=True, related_name="kept_customers", verbose_name=_("keeper")
    )
    city = models.CharField(_("city or area"), max_length=60, blank=True)
    remark = models.TextField(_("remark"), blank=True)
    is_incomplete = models.BooleanField(_("incomplete"), default=False)
    source = models.CharField(_("source"), max_length=40, blank=True)
    source_id = models.CharField(_("id in the source"), max_length=80, blank=True)
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = CustomerRows.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["company", "source", "source_id"],
                condition=~Q(source=""),
                name="customer_source_once",
                violation_error_message=_("This customer of the old system is already here."),
            ),
            models.CheckConstraint(
                condition=Q(is_incomplete=True) | ~Q(name=""),
                name="customer_has_name",
                violation_error_message=_("Please enter the customer's name."),
            ),
            models.CheckConstraint(
                condition=Q(phone="") | Q(phone__regex=PHONE_SHAPE),
                name="customer_phone_shape",
                violation_error_message=_("This is not a phone number: a mobile number has 11 digits."),
            ),
            models.CheckConstraint(
                condition=Q(call_from__isnull=True, call_until__isnull=True) | Q(call_until__gt=F("call_from")),
                name="customer_call_hours_forward",
                violation_error_message=_("The hours for calls must have a beginning and a later end."),
            ),
        ]
        indexes = [
            models.Index(fields=["company", "name", "id"], name="customer_by_name"),
            models.Index(fields=["company", "-id"], name="customer_by_age"),
            models.Index(fields=["company", "phone"], name="customer_by_phone"),
        ]

    def __str__(self) -> str:
        return self.name or f"{self.source} {self.source_id}".strip() or f"#{self.pk}"

    def get_absolute_url(self) -> str:
        return reverse("customer", args=[self.pk])

    @property
    def is_member(self) -> bool:
        """Whether the follow-up rule for members (every visit is called) holds for this customer."""
        return bool(self.level)
