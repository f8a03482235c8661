"""Group, company, store: who owns what, and the policy values of a store."""

from datetime import date, datetime
from typing import Self
from zoneinfo import ZoneInfo

from django.db import models
from django.utils.translation import gettext_lazy as _

from core.actor import Actor
from core.rows import HouseModel, Rows


class Department(models.TextChoices):
    """The departments of a dealership that answer for something."""

    SERVICE = "service", _("Service")
    WORKSHOP = "workshop", _("Workshop")
    BODY_SHOP = "body_shop", _("Body and paint shop")
    PARTS = "parts", _("Parts department")
    SALES = "sales", _("Sales")
    INSURANCE = "insurance", _("Insurance and claims")
    CARE = "care", _("Customer care")
    FINANCE = "finance", _("Finance")
    MANAGEMENT = "management", _("Management")


class StoreRows(Rows):
    """Reads of stores."""

    def for_verb(self, actor: Actor | None, verb: str) -> Self:
        """Stores in which somebody may use a verb: the choices of a form."""
        if actor is None:
            return self.none()
        scope = actor.scope(verb)
        if scope.everywhere:
            return self
        return self.filter(models.Q(pk__in=scope.stores) | models.Q(company__in=scope.companies))


class Group(models.Model):
    """A dealer group that owns companies."""

    name = models.CharField(_("name"), max_length=80, unique=True)

    def __str__(self) -> str:
        return self.name


class Company(models.Model):
    """A legal entity with a tax number; customers belong to it and are not shared without consent."""

    class Taxpayer(models.TextChoices):
        GENERAL = "general", _("General taxpayer")
        SMALL = "small", _("Small-scale taxpayer")

    group = models.ForeignKey(Group, models.PROTECT, related_name="companies")
    name = models.CharField(_("name"), max_length=80)
    tax_number = models.CharField(_("tax number"), max_length=20, blank=True)
    taxpayer = models.CharField(_("taxpayer kind"), max_length=8, choices=Taxpayer, default=Taxpayer.GENERAL)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["group", "name"],
                name="company_name_once",
                violation_error_message=_("The group already has a company with this name."),
            )
        ]

    def __str__(self) -> str:
        return self.name


class Store(HouseModel):
    """A 4S store: its code stands in every document number, its policy values steer promises and follow-up calls."""

    READ = "service.see_visits"
    STORE = "pk"

    company = models.ForeignKey(Company, models.PROTECT, related_name="stores")
    code = models.CharField(_("code"), max_length=8, unique=True)
    name = models.CharField(_("name"), max_length=80)
    city = models.CharField(_("city"), max_length=40, blank=True)
    address = models.CharField(_("address"), max_length=200, blank=True)
    phone = models.CharField(_("phone"), max_length=20, blank=True)
    time_zone = models.CharField(_("time zone"), max_length=40, default="Asia/Shanghai")
    live_from = models.DateField(_("live from"), help_text=_("Visits before this day are history and plan no calls."))
    opening = models.ForeignKey("core.Calendar", models.PROTECT, related_name="opening_stores")
    calling = models.ForeignKey("core.Calendar", models.PROTECT, related_name="calling_stores")
    labour_rate = models.DecimalField(_("labour rate per hour, tax included"), max_digits=9, decimal_places=2)
    reception_minutes = models.PositiveSmallIntegerField(_("reception target in minutes"), default=5)
    follow_up_days = models.PositiveSmallIntegerField(_("days for the follow-up call"), default=3)
    call_attempts = models.PositiveSmallIntegerField(_("attempts before a call is given up"), default=3)

    objects = StoreRows.as_manager()

    class Meta:
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(labour_rate__gte=0),
                name="store_labour_rate_not_negative",
                violation_error_message=_("The labour rate cannot be negative."),
            ),
            models.CheckConstraint(
                condition=models.Q(follow_up_days__gte=1),
                name="store_follow_up_days_positive",
                violation_error_message=_("The follow-up call needs at least one day."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def business_date(self, moment: datetime) -> date:
        """The day, in the store's own time zone, to which a moment belongs in its books."""
        return moment.astimezone(ZoneInfo(self.time_zone)).date()
