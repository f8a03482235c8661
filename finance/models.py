"""Money at the end of a visit: settlements, payments, gate passes."""

from decimal import Decimal
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.rows import HouseModel, Rows
from service.models import Line, Party, Share


class SettlementRows(Rows):
    """Reads of settlements."""

    def standing(self) -> Self:
        """Settlements in force: neither reversed nor a reversal."""
        return self.filter(reversed_at__isnull=True, reverses__isnull=True)

    def to_pay(self) -> Self:
        """Settlements in force with something still to pay: the cashier's list and the receivables."""
        return self.standing().filter(paid__lt=F("amount"))

    def of_customer(self) -> Self:
        """The customer's own share; only this one holds the gate."""
        return self.filter(payer=Party.Kind.CUSTOMER)

    def receivables(self) -> Self:
        """What manufacturers, insurers and other payers still owe."""
        return self.to_pay().exclude(payer=Party.Kind.CUSTOMER)

    def with_names(self) -> Self:
        """With car, customer and party, for lists."""
        return self.select_related("store", "visit__vehicle", "visit__customer", "party")


class Settlement(HouseModel):
    """The settlement list (结算单) of one payer of one visit: final; corrected only by a reversal and a new one."""

    READ = "finance.see_settlements"

    store = models.ForeignKey("core.Store", models.PROTECT, related_name="settlements")
    visit = models.ForeignKey("service.Visit", models.PROTECT, related_name="settlements")
    number = models.CharField(_("number"), max_length=24, null=True, unique=True)
    payer = models.CharField(_("payer"), max_length=12, choices=Party.Kind)
    party = models.ForeignKey(Party, models.PROTECT, null=True, related_name="settlements")
    amount = models.DecimalField(_("amount, tax included"), max_digits=12, decimal_places=2)
    net = models.DecimalField(_("net amount"), max_digits=12, decimal_places=2)
    cost = models.DecimalField(_("cost"), max_digits=12, decimal_places=2, default=Decimal(0))
    paid = models.DecimalField(_("paid"), max_digits=12, decimal_places=2, default=Decimal(0))
    settled_at = models.DateTimeField(_("settled"))
    settled_on = models.DateField(_("settled on"))
    reverses = models.OneToOneField("self", models.PROTECT, null=True, related_name="reversal")
    reversed_at = models.DateTimeField(_("reversed"), null=True)
    reason = models.CharField(_("reason"), max_length=400, blank=True)
    origin = models.CharField(_("origin"), max_length=40, blank=True)

    objects = SettlementRows.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["visit", "payer", "party"],
                condition=Q(reversed_at__isnull=True, reverses__isnull=True),
                nulls_distinct=False,
                name="settlement_one_a_payer",
                violation_error_message=_("This payer is already settled."),
            ),
            models.CheckConstraint(
                condition=Q(reverses__isnull=False) | Q(paid__gte=0, paid__lte=F("amount")),
                name="settlement_paid_in_range",
                violation_error_message=_("More cannot be paid than is owed."),
            ),
            models.CheckConstraint(
                condition=Q(number__isnull=False) | ~Q(origin=""),
                name="settlement_number_or_origin",
                violation_error_message=_("A settlement needs a number."),
            ),
        ]
        indexes = [
            models.Index(fields=["store", "-settled_at", "-id"], name="settlement_by_age"),
            models.Index(fields=["store", "settled_on"], name="settlement_by_day"),
            models.Index(fields=["visit"], name="settlement_of_visit"),
        ]

    def __str__(self) -> str:
        return self.number or f"{self.origin} {self.pk}"

    def get_absolute_url(self) -> str:
        return reverse("settlement", args=[self.pk])

    @property
    def due(self) -> Decimal:
        """What is still to pay."""
        return self.amount - self.paid

    @property
    def payer_name(self) -> str:
        """Who pays, by name."""
        return str(self.party or self.visit.customer or self.get_payer_display())


class SettlementLine(models.Model):
    """One line of a settlement list as it was when it was settled."""

    settlement = models.ForeignKey(Settlement, models.PROTECT, related_name="lines")
    line_id = models.BigIntegerField(null=True)
    order_id = models.BigIntegerField(null=True)
    kind = models.CharField(_("kind"), max_length=6, choices=Line.Kind)
    reason = models.CharField(_("reason"), max_length=10, choices=Share.Reason)
    code = models.CharField(_("code"), max_length=40, blank=True)
    name = models.CharField(_("item"), max_length=160)
    quantity = models.DecimalField(_("quantity or hours"), max_digits=9, decimal_places=2)
    unit = models.CharField(_("unit"), max_length=8, blank=True)
    price = models.DecimalField(_("unit price, tax included"), max_digits=11, decimal_places=2)
    amount = models.DecimalField(_("amount, tax included"), max_digits=12, decimal_places=2)
    net = models.DecimalField(_("net amount"), max_digits=12, decimal_places=2)
    cost = models.DecimalField(_("cost"), max_digits=12, decimal_places=2, default=Decimal(0))

    class Meta:
        ordering = ["id"]


class Payment(HouseModel):
    """Money in (or, as a counter-entry, out again): append-only, never edited."""

    READ = "finance.see_settlements"

    class Method(models.TextChoices):
        CASH = "cash", _("Cash")
        CARD = "card", _("Card")
        WECHAT = "wechat", _("WeChat Pay")
        ALIPAY = "alipay", _("Alipay")
        TRANSFER = "transfer", _("Bank transfer")

    store = models.ForeignKey("core.Store", models.PROTECT, related_name="+")
    settlement = models.ForeignKey(Settlement, models.PROTECT, related_name="payments")
    number = models.CharField(_("number"), max_length=24, unique=True)
    method = models.CharField(_("method"), max_length=10, choices=Method)
    amount = models.DecimalField(_("amount"), max_digits=12, decimal_places=2)
    at = models.DateTimeField(_("paid at"))
    business_date = models.DateField(_("business date"))
    refunds_number = models.CharField(_("refund of"), max_length=24, null=True, unique=True)
    reason = models.CharField(_("reason"), max_length=400, blank=True)

    objects = Rows.as_manager()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(refunds_number__isnull=True, amount__gt=0) | Q(refunds_number__isnull=False, amount__lt=0),
                name="payment_sign",
                violation_error_message=_("A payment must be more than zero."),
            )
        ]
        indexes = [models.Index(fields=["store", "business_date"], name="payment_by_day")]

    def __str__(self) -> str:
        return self.number


class GatePassRows(Rows):
    """Reads of gate passes."""

    def waiting(self) -> Self:
        """Passes whose car has not driven out yet: the guard's list."""
        return self.filter(used_at__isnull=True, cancelled_at__isnull=True)

    def with_names(self) -> Self:
        """With the car, for lists."""
        return self.select_related("store", "visit__vehicle", "visit__customer")


class GatePass(HouseModel):
    """The gate pass (出门证): issued when the customer owes nothing more, used once by the guard."""

    READ = "finance.see_gate_passes"

    store = models.ForeignKey("core.Store", models.PROTECT, related_name="gate_passes")
    visit = models.ForeignKey("service.Visit", models.PROTECT, related_name="gate_passes")
    number = models.CharField(_("number"), max_length=24, unique=True)
    issued_at = models.DateTimeField(_("issued"))
    used_at = models.DateTimeField(_("left at"), null=True)
    cancelled_at = models.DateTimeField(_("cancelled"), null=True)

    objects = GatePassRows.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["visit"],
                condition=Q(cancelled_at__isnull=True),
                name="gate_pass_once",
                violation_error_message=_("This car already has a gate pass."),
            )
        ]
        indexes = [
            models.Index(fields=["store", "-issued_at", "-id"], name="gate_pass_by_age"),
            models.Index(fields=["visit"], name="gate_pass_of_visit"),
        ]

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        return reverse("gate_pass", args=[self.pk])
