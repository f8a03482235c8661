"""Visits: a car in the store, from the gate in to the gate out."""

from typing import Self

from django.apps import apps
from django.db import models
from django.db.models import F, Func, Q
from django.db.models.functions import Cast
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

from core.rows import HouseModel, Rows


class VisitRows(Rows):
    """Reads of visits."""

    def in_store(self) -> Self:
        """Cars that have not left yet."""
        return self.exclude(status=Visit.Status.LEFT)

    def of_advisor(self, employee_id: int | None) -> Self:
        """Visits an advisor looks after."""
        return self.filter(advisor=employee_id)

    def waiting(self) -> Self:
        """Cars whose customer waits in the store."""
        return self.in_store().filter(waits=True)

    def late(self) -> Self:
        """Cars promised for earlier than now that are not ready."""
        return self.in_store().filter(ready_at__isnull=True, promised_at__lt=now())

    def counted(self) -> Self:
        """Visits that count as throughput (入厂台次): cancelled ones, PDI and internal ones are out."""
        return self.exclude(exit=Visit.Exit.CANCELLED).exclude(kind__in=[Visit.Kind.PDI, Visit.Kind.INTERNAL])

    def promised_and_ready(self) -> Self:
        """Cars made ready under a promise, the customer told: the base of on-time delivery."""
        return self.counted().filter(
            ready_at__isnull=False, told_at__isnull=False, promised_at__isnull=False, promised_first__isnull=False
        )

    def with_ready_on(self) -> Self:
        """With the day, in the store's own time zone, on which the car was made ready."""
        local = Func(F("ready_at"), F("store__time_zone"), template="(%(expressions)s)", arg_joiner=" AT TIME ZONE ")
        return self.annotate(ready_on=Cast(local, models.DateField()))

    def with_names(self) -> Self:
        """With the car, its owner and the advisor, for lists."""
        return self.select_related("store", "vehicle", "customer", "advisor")

    def with_stage(self) -> Self:
        """With the status of the visit's newest order: what the car is waiting for while it is in the workshop."""
        newest = apps.get_model("service", "Order").objects.filter(visit=models.OuterRef("pk")).order_by("-pk")
        return self.annotate(stage=models.Subquery(newest.values("status")[:1]))


class Visit(HouseModel):
    """A car in the store: who brought it, what was promised, when it left."""

    READ = "service.see_visits"

    class Status(models.TextChoices):
        ARRIVED = "arrived", _("Arrived")
        RECEIVED = "received", _("Received")
        READY = "ready", _("Ready")
        HANDED_OVER = "handed_over", _("Handed over")
        LEFT = "left", _("Left")

    MOVES = {
        Status.ARRIVED: {Status.RECEIVED, Status.READY},
        Status.RECEIVED: {Status.READY},
        Status.READY: {Status.HANDED_OVER},
        Status.HANDED_OVER: {Status.LEFT, Status.READY},
    }

    class Exit(models.TextChoices):
        SERVED = "served", _("Served")
        DECLINED = "declined", _("Declined")
        CANCELLED = "cancelled", _("Cancelled")
        TAKEN_AWAY = "taken_away", _("Taken away unrepaired")

    class Kind(models.TextChoices):
        """Kinds of a visit and of a job, from the highest rank down: a visit counts once, under its highest."""

        ACCIDENT = "accident", _("Accident")
        RECALL = "recall", _("Recall")
        WARRANTY = "warranty", _("Warranty")
        COMEBACK = "comeback", _("Comeback")
        FIRST = "first", _("First maintenance")
        MAINTENANCE = "maintenance", _("Maintenance")
        REPAIR = "repair", _("General repair")
        PDI = "pdi", _("PDI")
        INTERNAL = "internal", _("Internal")

    class Delay(models.TextChoices):
        """Why a promise could not be kept (交车延误原因)."""

        PARTS = "parts", _("Parts did not come")
        CONSENT = "consent", _("The customer's answer came late")
        EXTRA = "extra", _("Extra work was found")
        WORKSHOP = "workshop", _("The workshop was full")
        REWORK = "rework", _("The check was not passed")
        OUTSIDE = "outside", _("Manufacturer, insurer or sublet")
        OTHER = "other", _("Another reason")

    HAS_ATTACHMENTS = True

    store = models.ForeignKey("core.Store", models.PROTECT, related_name="visits")
    vehicle = models.ForeignKey("customers.Vehicle", models.PROTECT, related_name="visits")
    customer = models.ForeignKey(
        "customers.Customer", models.PROTECT, null=True, related_name="visits", verbose_name=_("customer")
    )
    driver_name = models.CharField(_("driver"), max_length=80, blank=True)
    driver_phone = models.CharField(_("driver's phone"), max_length=20, blank=True)
    advisor = models.ForeignKey(
        "core.Employee", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("service advisor")
    )
    status = models.CharField(_("status"), max_length=12, choices=Status, default=Status.ARRIVED)
    exit = models.CharField(_("outcome"), max_length=10, choices=Exit, blank=True)
    exit_reason = models.CharField(_("reason"), max_length=400, blank=True)
    kind = models.CharField(_("kind of visit"), max_length=12, choices=Kind, default=Kind.REPAIR)
    waits = models.BooleanField(_("customer waits in the store"), default=False)
    payer = models.ForeignKey(
        "customers.Customer",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="visits_paid",
        verbose_name=_("payer"),
        help_text=_("Who pays the customer's part. Empty: the owner."),
    )
    spending_limit = models.DecimalField(
        _("what the driver may agree to"),
        max_digits=12,
        decimal_places=2,
        null=True,
        blank=True,
        help_text=_("In yuan. Empty: everything."),
    )
    key_tag = models.CharField(_("key tag"), max_length=10, blank=True)
    parking = models.CharField(_("parking place"), max_length=20, blank=True)
    wants_wash = models.BooleanField(_("wash wanted"), default=False)
    wants_old_parts = models.BooleanField(_("old parts back"), default=False)
    is_quick = models.BooleanField(_("quick lane"), default=False)
    mileage = models.PositiveIntegerField(_("mileage in km"), null=True, blank=True)
    arrived_at = models.DateTimeField(_("arrived"))
    arrived_on = models.DateField(_("arrival date"))
    greeted_at = models.DateTimeField(_("greeted"), null=True, blank=True)
    received_at = models.DateTimeField(_("received"), null=True, blank=True)
    promised_first = models.DateTimeField(_("first promise"), null=True, blank=True)
    promised_at = models.DateTimeField(_("promised for"), null=True, blank=True)
    promise_told_at = models.DateTimeField(_("customer told of the new time"), null=True, blank=True)
    promise_alarmed = models.DateTimeField(
        null=True, blank=True, help_text="the promise of which the advisor was already told that it will not hold"
    )
    delay_reason = models.CharField(_("reason of the delay"), max_length=12, choices=Delay, blank=True)
    washed_at = models.DateTimeField(_("washed"), null=True, blank=True)
    ready_at = models.DateTimeField(_("ready"), null=True, blank=True)
    told_at = models.DateTimeField(_("customer told"), null=True, blank=True)
    explained_at = models.DateTimeField(_("bill explained"), null=True, blank=True)
    settled_at = models.DateTimeField(_("settled"), null=True, blank=True)
    cleared_at = models.DateTimeField(
        _("gate free"), null=True, blank=True, help_text="the customer's share is paid or let go on credit; by finance"
    )
    handed_over_at = models.DateTimeField(_("handed over"), null=True, blank=True)
    handed_over = models.JSONField(_("delivery checklist"), default=list, blank=True)
    left_at = models.DateTimeField(_("left"), null=True, blank=True)
    left_on = models.DateField(_("left on"), null=True, blank=True)
    satisfaction = models.PositiveSmallIntegerField(_("satisfaction, 1 to 5"), null=True, blank=True)
    origin = models.CharField(_("origin"), max_length=40, blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = VisitRows.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["vehicle"],
                condition=~Q(status="left"),
                name="visit_one_open",
                violation_error_message=_("This car is already in the store."),
            ),
            models.UniqueConstraint(
                fields=["store", "key_tag"],
                condition=~Q(status="left") & ~Q(key_tag=""),
                name="visit_key_tag_once",
                violation_error_message=_("This key tag hangs on another car's key."),
            ),
            models.CheckConstraint(
                condition=Q(spending_limit__isnull=True) | Q(spending_limit__gte=0),
                name="visit_spending_limit_not_negative",
                violation_error_message=_("What the driver may agree to cannot be negative."),
            ),
            models.CheckConstraint(
                condition=Q(satisfaction__isnull=True) | Q(satisfaction__range=(1, 5)),
                name="visit_satisfaction_range",
                violation_error_message=_("Satisfaction is a number from 1 to 5."),
            ),
        ]
        indexes = [
            models.Index(fields=["store", "-arrived_at", "-id"], name="visit_by_arrival"),
            models.Index(fields=["store", "status", "-arrived_at", "-id"], name="visit_by_status"),
            models.Index(fields=["store", "arrived_on"], name="visit_by_day"),
            models.Index(fields=["store", "left_on"], name="visit_by_left_day"),
            models.Index(fields=["ready_at"], name="visit_by_ready"),
            models.Index(fields=["customer", "-arrived_at"], name="visit_of_customer"),
        ]

    def __str__(self) -> str:
        return str(self.vehicle)

    def get_absolute_url(self) -> str:
        return reverse("visit", args=[self.pk])

    @property
    def is_late(self) -> bool:
        """Whether the promise is broken: past, and the car is not ready."""
        return bool(self.promised_at and not self.ready_at and self.promised_at < now())
