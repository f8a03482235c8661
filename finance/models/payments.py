"""Money in and out: payments, deposits, and the counting of the cash desk."""

from decimal import Decimal
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.rows import HouseModel, Rows
from finance.models.settlements import Settlement


class PaymentRows(Rows):
    """Reads of payments."""

    def standing(self) -> Self:
        """Payments that were not given back."""
        refunded = Payment.objects.filter(refunds_number__isnull=False).order_by().values("refunds_number")
        return self.filter(refunds_number__isnull=True).exclude(number__in=refunded)


class Payment(HouseModel):
    """Money in (or, as a counter-entry, out again): append-only, never edited."""

    READ = "finance.see_settlements"

    class Method(models.TextChoices):
        CASH = "cash", _("Cash")
        CARD = "card", _("Card")
        WECHAT = "wechat", _("WeChat Pay")
        ALIPAY = "alipay", _("Alipay")
        TRANSFER = "transfer", _("Bank transfer")
        DEPOSIT = "deposit", _("Deposit")
        ACCOUNT = "account", _("Credit account")
        WRITE_OFF = "write_off", _("Written off")

    MONEY = ("cash", "card", "wechat", "alipay", "transfer")  # the others move no money

    store = models.ForeignKey("core.Store", models.PROTECT, related_name="+")
    settlement = models.ForeignKey(Settlement, models.PROTECT, related_name="payments")
    number = models.CharField(_("number"), max_length=24, unique=True)
    method = models.CharField(_("method"), max_length=10, choices=Method)
    amount = models.DecimalField(_("amount"), max_digits=12, decimal_places=2)
    deposit = models.ForeignKey("finance.Deposit", models.PROTECT, null=True, blank=True, related_name="payments")
    agreement = models.ForeignKey(
        "finance.CreditAgreement", models.PROTECT, null=True, blank=True, related_name="payments"
    )
    taken_by = models.ForeignKey(
        "core.Employee", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("cashier")
    )
    at = models.DateTimeField(_("paid at"))
    business_date = models.DateField(_("business date"))
    refunds_number = models.CharField(_("refund of"), max_length=24, null=True, unique=True)
    reason = models.CharField(_("reason"), max_length=400, blank=True)
    reference = models.CharField(
        _("reference"), max_length=60, blank=True, help_text=_("Number of the transfer or of the card slip.")
    )

    objects = PaymentRows.as_manager()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(refunds_number__isnull=True, amount__gt=0) | Q(refunds_number__isnull=False, amount__lt=0),
                name="payment_sign",
                violation_error_message=_("A payment must be more than zero."),
            ),
            models.CheckConstraint(
                condition=Q(deposit__isnull=False, method="deposit") | (Q(deposit__isnull=True) & ~Q(method="deposit")),
                name="payment_names_deposit",
            ),
            models.CheckConstraint(
                condition=Q(agreement__isnull=False, method="account")
                | (Q(agreement__isnull=True) & ~Q(method="account")),
                name="payment_names_agreement",
            ),
        ]
        indexes = [
            models.Index(fields=["store", "business_date"], name="payment_by_day"),
            models.Index(fields=["agreement", "id"], name="payment_of_agreement"),
            models.Index(fields=["taken_by", "business_date"], name="payment_of_cashier"),
        ]

    def __str__(self) -> str:
        return self.number


class DepositRows(Rows):
    """Reads of deposits."""

    def with_rest(self) -> Self:
        """Deposits of which something is left."""
        return self.filter(returns__isnull=True, used__lt=F("amount") - F("returned"))

    def with_names(self) -> Self:
        """With store, customer and car, for lists."""
        return self.select_related("store", "customer", "visit__vehicle")


class Deposit(HouseModel):
    """Money taken before anything is settled (订金): used up by payments, or given back by a counter-entry."""

    READ = "finance.see_settlements"

    store = models.ForeignKey("core.Store", models.PROTECT, related_name="deposits")
    customer = models.ForeignKey("customers.Customer", models.PROTECT, related_name="deposits")
    visit = models.ForeignKey("service.Visit", models.PROTECT, null=True, blank=True, related_name="deposits")
    number = models.CharField(_("number"), max_length=24, unique=True)
    method = models.CharField(_("method"), max_length=10, choices=Payment.Method)
    amount = models.DecimalField(_("amount"), max_digits=12, decimal_places=2)
    used = models.DecimalField(_("used"), max_digits=12, decimal_places=2, default=Decimal(0))
    returned = models.DecimalField(_("given back"), max_digits=12, decimal_places=2, default=Decimal(0))
    returns = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="counter_entries")
    reason = models.CharField(_("what for"), max_length=400, blank=True)
    reference = models.CharField(_("reference"), max_length=60, blank=True)
    taken_by = models.ForeignKey(
        "core.Employee", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("cashier")
    )
    at = models.DateTimeField(_("taken at"))
    business_date = models.DateField(_("business date"))

    objects = DepositRows.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(returns__isnull=True, amount__gt=0, used__gte=0, returned__gte=0)
                | Q(returns__isnull=False, amount__lt=0, used=0, returned=0),
                name="deposit_sign",
                violation_error_message=_("A deposit must be more than zero."),
            ),
            models.CheckConstraint(
                condition=Q(returns__isnull=False) | Q(amount__gte=F("used") + F("returned")),
                name="deposit_not_overdrawn",
                violation_error_message=_("So much is not left of this deposit."),
            ),
        ]
        indexes = [
            models.Index(fields=["store", "-at", "-id"], name="deposit_by_age"),
            models.Index(fields=["store", "business_date"], name="deposit_by_day"),
            models.Index(fields=["customer"], name="deposit_of_customer"),
        ]

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        return reverse("deposit", args=[self.pk])

    @property
    def rest(self) -> Decimal:
        """What is left of it."""
        return self.amount - self.used - self.returned


class CashCount(HouseModel):
    """The cash desk counted at the end of a day: expected, counted, the difference explained, confirmed by a second
    person (F-28)."""

    READ = "finance.see_settlements"

    store = models.ForeignKey("core.Store", models.PROTECT, related_name="cash_counts")
    business_date = models.DateField(_("business date"))
    cashier = models.ForeignKey("core.Employee", models.PROTECT, related_name="+", verbose_name=_("cashier"))
    number = models.PositiveSmallIntegerField(_("count of the day"), default=1)
    expected = models.JSONField(default=dict, help_text="method: amount as text, from the ledger at that moment")
    counted = models.JSONField(default=dict, help_text="method: amount as text, as counted")
    difference = models.DecimalField(_("difference"), max_digits=12, decimal_places=2)
    remark = models.CharField(_("explanation"), max_length=400, blank=True)
    counted_at = models.DateTimeField(_("counted"))
    confirmed_by = models.ForeignKey(
        "core.Employee", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("confirmed by")
    )
    confirmed_at = models.DateTimeField(_("confirmed"), null=True, blank=True)

    objects = Rows.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["store", "business_date", "cashier", "number"],
                name="cash_count_once",
                violation_error_message=_("This day is already counted."),
            ),
            models.CheckConstraint(
                condition=Q(confirmed_by__isnull=True) | ~Q(confirmed_by=F("cashier")),
                name="cash_count_four_eyes",
                violation_error_message=_("Nobody confirms their own count."),
            ),
            models.CheckConstraint(
                condition=Q(difference=0) | ~Q(remark=""),
                name="cash_count_explained",
                violation_error_message=_("Please explain the difference."),
            ),
        ]
        indexes = [models.Index(fields=["store", "-business_date", "-id"], name="cash_count_by_day")]

    def __str__(self) -> str:
        return f"{self.business_date} · {self.cashier}"

    @property
    def by_method(self) -> list[tuple[str, Decimal, Decimal, Decimal]]:
        """Means, expected, counted and difference, of what was expected or counted at all."""
        found = []
        for method in Payment.MONEY:
            expected, counted = Decimal(self.expected.get(method, "0")), Decimal(self.counted.get(method, "0"))
            found.append((str(Payment.Method(method).label), expected, counted, counted - expected))
        return found

    @property
    def expected_total(self) -> Decimal:
        """What was expected altogether."""
        return sum((Decimal(one) for one in self.expected.values()), Decimal(0))

    @property
    def counted_total(self) -> Decimal:
        """What was counted altogether."""
        return sum((Decimal(one) for one in self.counted.values()), Decimal(0))

    @property
    def differs(self) -> bool:
        """Whether some means differs, also where two of them even out."""
        return any(difference for _method, _expected, _counted, difference in self.by_method)

    def get_absolute_url(self) -> str:
        return reverse("cash_count", args=[self.pk])
