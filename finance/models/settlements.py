"""Settlement lists (结算单): what each payer of a visit owes."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any, Self

from django.contrib.postgres.indexes import OpClass
from django.db import models
from django.db.models import Count, F, Min, Q, Sum
from django.db.models.functions import Reverse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.rows import HouseModel, Rows
from service.models import Line, Party, Share


class Age(models.TextChoices):
    """How long a claim is overdue: the buckets of an ageing list (账龄)."""

    NOT_DUE = "not_due", _("Not due yet")
    UPTO_30 = "upto_30", _("0–30 days")
    UPTO_60 = "upto_60", _("31–60 days")
    UPTO_90 = "upto_90", _("61–90 days")
    BEYOND = "beyond", _("> 90 days")

    def within(self, day: date) -> Q:
        """The days on which what is of this age today was due."""
        first, last = AGE_DAYS[self]
        found = Q(due_on__gt=day - timedelta(days=last)) if last is not None else Q()
        return found & Q(due_on__lte=day - timedelta(days=first)) if first is not None else found


# days overdue from … to before …; due today is zero days overdue
AGE_DAYS: dict[str, tuple[int | None, int | None]] = {
    Age.NOT_DUE: (None, 0),
    Age.UPTO_30: (0, 31),
    Age.UPTO_60: (31, 61),
    Age.UPTO_90: (61, 91),
    Age.BEYOND: (91, None),
}


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

    def holding_gate(self) -> Self:
        """What keeps a car inside: the customer's share, not paid and not let go on credit."""
        return self.to_pay().of_customer().filter(released_at__isnull=True)

    def overdue(self, day: date) -> Self:
        """Those that should have been paid before a day."""
        return self.to_pay().filter(due_on__lt=day)

    def aged(self, age: str, day: date) -> Self:
        """Those overdue for so long."""
        return self.filter(Age(age).within(day))

    def by_payer(self, day: date) -> Any:
        """What each payer owes, in sums by age: one row a payer."""
        due = F("amount") - F("paid")
        sums = {age.value: Sum(due, filter=age.within(day), default=Decimal(0)) for age in Age}
        grouped = self.to_pay().order_by().values("payer", "party", "party__name", "customer", "customer__name")
        return grouped.annotate(count=Count("pk"), total=Sum(due), oldest=Min("due_on"), **sums)

    def discounted(self) -> Self:
        """Those in force on which something was taken off."""
        return self.standing().filter(Q(discount__gt=0) | Q(rounding__gt=0))

    def receivables(self) -> Self:
        """What manufacturers, insurers and other payers still owe."""
        return self.to_pay().exclude(payer=Party.Kind.CUSTOMER)

    def with_names(self) -> Self:
        """With car, customer and party, for lists."""
        return self.select_related("store", "visit__vehicle", "visit__customer", "party", "customer")


class Settlement(HouseModel):
    """The settlement list (结算单) of one payer of one visit: final; corrected only by a reversal and a new one."""

    READ = "finance.see_settlements"
    HAS_ATTACHMENTS = True

    store = models.ForeignKey("core.Store", models.PROTECT, related_name="settlements")
    visit = models.ForeignKey("service.Visit", models.PROTECT, related_name="settlements")
    number = models.CharField(_("number"), max_length=24, null=True, unique=True)
    payer = models.CharField(_("payer"), max_length=12, choices=Party.Kind)
    party = models.ForeignKey(Party, models.PROTECT, null=True, related_name="settlements")
    amount = models.DecimalField(_("amount, tax included"), max_digits=12, decimal_places=2)
    net = models.DecimalField(_("net amount"), max_digits=12, decimal_places=2)
    cost = models.DecimalField(_("cost"), max_digits=12, decimal_places=2, default=Decimal(0))
    gross = models.DecimalField(_("before discount"), max_digits=12, decimal_places=2, default=Decimal(0))
    discount = models.DecimalField(_("discount"), max_digits=12, decimal_places=2, default=Decimal(0))
    rounding = models.DecimalField(_("rounded down"), max_digits=12, decimal_places=2, default=Decimal(0))
    discount_reason = models.CharField(_("reason of the discount"), max_length=400, blank=True)
    approval = models.ForeignKey(
        "core.Approval", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("approved by")
    )
    settled_by = models.ForeignKey(
        "core.Employee", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("settled by")
    )
    paid = models.DecimalField(_("paid"), max_digits=12, decimal_places=2, default=Decimal(0))
    due_on = models.DateField(_("due on"))
    released_at = models.DateTimeField(_("let go on credit"), null=True, blank=True)
    release_reason = models.CharField(_("reason of the credit"), max_length=400, blank=True)
    refused_at = models.DateTimeField(_("payment refused"), null=True, blank=True)
    refusal_reason = models.CharField(_("reason of the refusal"), max_length=400, blank=True)
    settled_at = models.DateTimeField(_("settled"))
    settled_on = models.DateField(_("settled on"))
    customer = models.ForeignKey(
        "customers.Customer", models.PROTECT, null=True, blank=True, related_name="settlements"
    )
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
                condition=Q(amount=F("gross") - F("discount") - F("rounding")),
                name="settlement_discount_adds_up",
                violation_error_message=_("Gross less discount and rounding must be the amount."),
            ),
            models.CheckConstraint(
                condition=Q(discount=0, rounding=0)
                | Q(payer=Party.Kind.CUSTOMER, reverses__isnull=True, discount__gte=0, rounding__gte=0)
                | Q(payer=Party.Kind.CUSTOMER, reverses__isnull=False, discount__lte=0, rounding__lte=0),
                name="settlement_discount_is_customers",
                violation_error_message=_("Only the customer's own share can be discounted."),
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
            models.Index(OpClass(Reverse("number"), "text_pattern_ops"), name="settlement_number_end"),
            models.Index(fields=["store", "due_on", "id"], name="settlement_by_due"),
            models.Index(fields=["customer", "-settled_at"], name="settlement_of_customer"),
            models.Index(
                fields=["store", "-settled_at", "-id"],
                condition=Q(discount__gt=0) | Q(rounding__gt=0),
                name="settlement_discounted",
            ),
            models.Index(
                fields=["store", "due_on", "id"],
                condition=Q(paid__lt=F("amount"), reversed_at__isnull=True, reverses__isnull=True),
                name="settlement_open",
            ),
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
    def stands(self) -> bool:
        """Whether it is in force: neither reversed nor a reversal."""
        return self.reversed_at is None and self.reverses_id is None

    @property
    def vat(self) -> Decimal:
        """The tax in it."""
        return self.amount - self.net

    @property
    def margin(self) -> Decimal:
        """What is left of the net amount after the cost."""
        return self.net - self.cost

    @property
    def payer_name(self) -> str:
        """Who pays, by name."""
        return str(self.party or self.customer or self.visit.customer or self.get_payer_display())


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
    vat_percent = models.DecimalField(_("VAT in percent"), max_digits=4, decimal_places=1, null=True)
    discount = models.DecimalField(_("discount"), max_digits=12, decimal_places=2, default=Decimal(0))
    rounding = models.DecimalField(_("rounded down"), max_digits=12, decimal_places=2, default=Decimal(0))

    class Meta:
        ordering = ["id"]

    @property
    def cut(self) -> Decimal:
        """What was taken off it, rounding included."""
        return self.discount + self.rounding

    @property
    def before(self) -> Decimal:
        """What it came to before that."""
        return self.amount + self.cut
