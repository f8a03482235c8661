"""Repair orders (委托书): one or more a visit."""

from decimal import Decimal
from typing import Self

from django.contrib.postgres.indexes import OpClass
from django.db import models
from django.db.models import Q
from django.db.models.functions import Reverse
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

from core.rows import HouseModel, Rows
from service.models.holds import Hold


class OrderRows(Rows):
    """Reads of orders."""

    def open(self) -> Self:
        """Orders whose car has not left."""
        return self.exclude(status__in=[Order.Status.CLOSED, Order.Status.DROPPED])

    def of_advisor(self, employee_id: int | None) -> Self:
        """Orders an advisor looks after."""
        return self.filter(visit__advisor=employee_id)

    def waiting(self) -> Self:
        """Open orders whose customer waits in the store."""
        return self.open().filter(visit__waits=True)

    def late(self) -> Self:
        """Open orders promised for earlier than now and not ready."""
        return self.open().filter(visit__ready_at__isnull=True, visit__promised_at__lt=now())

    def waiting_for_parts(self) -> Self:
        """Open orders with a job that waits for parts."""
        holds = Hold.objects.open().filter(kind=Hold.Kind.PARTS, job__order=models.OuterRef("pk"))
        return self.open().filter(models.Exists(holds))

    def to_settle(self) -> Self:
        """Orders whose car is ready and that nobody has settled yet."""
        return self.filter(status=Order.Status.READY)

    def with_names(self) -> Self:
        """With car, customer and advisor, for lists."""
        return self.select_related("store", "visit__vehicle", "visit__customer", "visit__advisor")


class Order(HouseModel):
    """A repair order: the jobs asked for and their lines. Its status is derived from them by this room's actions."""

    READ = "service.see_orders"

    class Status(models.TextChoices):
        RECEIVED = "received", _("Received")
        ESTIMATED = "estimated", _("Waiting for consent")
        TO_DISPATCH = "to_dispatch", _("To dispatch")
        IN_WORK = "in_work", _("In work")
        CHECKING = "checking", _("Quality check")
        DONE = "done", _("Work done")
        READY = "ready", _("Ready")
        SETTLED = "settled", _("Settled")
        HANDED_OVER = "handed_over", _("Handed over")
        CLOSED = "closed", _("Closed")
        DROPPED = "dropped", _("Not carried out")

    HAS_ATTACHMENTS = True

    store = models.ForeignKey("core.Store", models.PROTECT, related_name="orders")
    visit = models.ForeignKey("service.Visit", models.PROTECT, related_name="orders")
    number = models.CharField(_("number"), max_length=24, null=True, unique=True)
    opened_at = models.DateTimeField(_("opened"))
    opened_on = models.DateField(_("opened on"))
    oem_number = models.CharField(_("manufacturer's order number"), max_length=30, blank=True)
    status = models.CharField(_("status"), max_length=12, choices=Status, default=Status.RECEIVED)
    amount = models.DecimalField(_("amount, tax included"), max_digits=12, decimal_places=2, default=Decimal(0))
    source = models.CharField(_("source"), max_length=40, blank=True)
    source_id = models.CharField(_("id in the source"), max_length=80, blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = OrderRows.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["store", "source", "source_id"],
                condition=~Q(source=""),
                name="order_source_once",
                violation_error_message=_("This order of the old system is already here."),
            ),
            models.CheckConstraint(
                condition=Q(number__isnull=False) | ~Q(source=""),
                name="order_number_or_source",
                violation_error_message=_("An order needs a number."),
            ),
        ]
        indexes = [
            models.Index(fields=["store", "-opened_at", "-id"], name="order_by_age"),
            models.Index(fields=["store", "status", "-opened_at", "-id"], name="order_by_status"),
            models.Index(fields=["visit"], name="order_of_visit"),
            models.Index(OpClass(Reverse("number"), "text_pattern_ops"), name="order_number_end"),
        ]

    def __str__(self) -> str:
        return self.number or f"{self.source} {self.source_id}"

    def get_absolute_url(self) -> str:
        return reverse("order", args=[self.pk])
