"""What is still owed: credit agreements, dunning, invoices."""

from datetime import date
from decimal import Decimal
from typing import Self

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.rows import HouseModel, Rows
from finance.models.payments import Payment
from finance.models.settlements import Settlement


class AgreementRows(Rows):
    """Reads of credit agreements."""

    def in_force(self, day: date) -> Self:
        """Those on whose account something may be put on a day."""
        return self.filter(Q(until__isnull=True) | Q(until__gte=day), ended_at__isnull=True, since__lte=day)

    def with_names(self) -> Self:
        """With the customer, for lists."""
        return self.select_related("company", "customer")


class CreditAgreement(HouseModel):
    """A credit account (记账协议): a customer pays later, up to a limit, within so many days."""

    READ = "finance.see_agreements"
    COMPANY = "company"

    company = models.ForeignKey("core.Company", models.PROTECT, related_name="agreements")
    customer = models.ForeignKey("customers.Customer", models.PROTECT, related_name="agreements")
    number = models.CharField(_("number of the agreement"), max_length=40)
    limit = models.DecimalField(_("limit"), max_digits=12, decimal_places=2)
    terms_days = models.PositiveSmallIntegerField(_("days to pay"), default=30)
    since = models.DateField(_("from"))
    until = models.DateField(_("until"), null=True, blank=True)
    balance = models.DecimalField(_("owed"), max_digits=12, decimal_places=2, default=Decimal(0))
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = AgreementRows.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["company", "number"],
                name="agreement_number_once",
                violation_error_message=_("There is already an agreement with this number."),
            ),
            models.UniqueConstraint(
                fields=["customer"],
                condition=Q(ended_at__isnull=True),
                name="agreement_one_a_customer",
                violation_error_message=_("This customer already has an agreement."),
            ),
            models.CheckConstraint(
                condition=Q(limit__gt=0),
                name="agreement_limit",
                violation_error_message=_("The limit must be more than zero."),
            ),
            models.CheckConstraint(
                condition=Q(balance__gte=0),
                name="agreement_balance",
                violation_error_message=_("More cannot be paid than is owed."),
            ),
        ]
        indexes = [models.Index(fields=["company", "-id"], name="agreement_by_age")]

    def __str__(self) -> str:
        return f"{self.number} {self.customer}"

    def get_absolute_url(self) -> str:
        return reverse("agreement", args=[self.pk])

    @property
    def free(self) -> Decimal:
        """What may still be put on the account."""
        return max(self.limit - self.balance, Decimal(0))


class AccountReceipt(HouseModel):
    """Money with which a customer pays off the credit account: append-only, given back by a counter-entry."""

    READ = "finance.see_agreements"

    store = models.ForeignKey("core.Store", models.PROTECT, related_name="+")
    agreement = models.ForeignKey(CreditAgreement, models.PROTECT, related_name="receipts")
    number = models.CharField(_("number"), max_length=24, unique=True)
    method = models.CharField(_("method"), max_length=10, choices=Payment.Method)
    amount = models.DecimalField(_("amount"), max_digits=12, decimal_places=2)
    taken_by = models.ForeignKey("core.Employee", models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(_("paid at"))
    business_date = models.DateField(_("business date"))
    returns = models.OneToOneField("self", models.PROTECT, null=True, blank=True, related_name="counter_entry")
    reason = models.CharField(_("reason"), max_length=400, blank=True)
    reference = models.CharField(_("reference"), max_length=60, blank=True)

    objects = Rows.as_manager()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(returns__isnull=True, amount__gt=0) | Q(returns__isnull=False, amount__lt=0),
                name="account_receipt_sign",
                violation_error_message=_("A receipt must be more than zero."),
            )
        ]
        indexes = [
            models.Index(fields=["store", "business_date"], name="account_receipt_by_day"),
            models.Index(fields=["agreement", "id"], name="account_receipt_of_agreement"),
        ]

    def __str__(self) -> str:
        return self.number


class Dunning(HouseModel):
    """One reminder that a settlement is still to be paid: who was reached, how, and what they promised (F-29)."""

    READ = "finance.see_settlements"
    STORE = "settlement__store"

    settlement = models.ForeignKey(Settlement, models.PROTECT, related_name="dunnings")
    level = models.PositiveSmallIntegerField(_("reminder"))
    channel = models.CharField(_("told by"), max_length=8)
    promised_on = models.DateField(_("promised to pay on"), null=True, blank=True)
    remark = models.CharField(_("remark"), max_length=400, blank=True)
    by_name = models.CharField(_("by"), max_length=80)
    at = models.DateTimeField(_("at"))

    objects = Rows.as_manager()

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["settlement", "level"], name="dunning_level_once")]


class InvoiceRows(Rows):
    """Reads of invoices."""

    def to_issue(self) -> Self:
        """Those asked for and not issued yet."""
        return self.filter(status=Invoice.Status.ASKED)

    def red_due(self) -> Self:
        """Issued ones whose settlement was reversed: each has to be reversed in red."""
        return self.filter(status=Invoice.Status.ISSUED, settlement__reversed_at__isnull=False)

    def with_names(self) -> Self:
        """With settlement and car, for lists."""
        return self.select_related("store", "settlement__visit__vehicle")


class Invoice(HouseModel):
    """The invoice (发票) of a settlement as the tax system issues it; a settlement list is none. Item and amount are
    those of the settlement and cannot be changed (rule 10); a wrong one is reversed in red and asked for anew."""

    READ = "finance.see_invoices"

    class Kind(models.TextChoices):
        ORDINARY = "ordinary", _("Ordinary VAT invoice")
        SPECIAL = "special", _("Special VAT invoice")

    class Status(models.TextChoices):
        ASKED = "asked", _("Not issued")
        ISSUED = "issued", _("Invoice issued")
        RED = "red", _("Reversed in red")
        DROPPED = "dropped", _("Dropped")

    MOVES = {Status.ASKED: {Status.ISSUED, Status.DROPPED}, Status.ISSUED: {Status.RED}}

    store = models.ForeignKey("core.Store", models.PROTECT, related_name="invoices")
    settlement = models.ForeignKey(Settlement, models.PROTECT, related_name="invoices")
    kind = models.CharField(_("kind"), max_length=8, choices=Kind, default=Kind.ORDINARY)
    title = models.CharField(_("title"), max_length=120)
    tax_number = models.CharField(_("tax number"), max_length=20, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    amount = models.DecimalField(_("amount, tax included"), max_digits=12, decimal_places=2)
    net = models.DecimalField(_("net amount"), max_digits=12, decimal_places=2)
    status = models.CharField(_("state"), max_length=8, choices=Status, default=Status.ASKED)
    asked_at = models.DateTimeField(_("asked for"))
    issued_by = models.ForeignKey(
        "core.Employee", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("issued by")
    )
    number = models.CharField(_("invoice number"), max_length=30, blank=True)
    issued_on = models.DateField(_("issued on"), null=True, blank=True)
    red_number = models.CharField(_("number of the red invoice"), max_length=30, blank=True)
    red_on = models.DateField(_("reversed on"), null=True, blank=True)
    reason = models.CharField(_("reason"), max_length=400, blank=True)

    objects = InvoiceRows.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["settlement"],
                condition=Q(status__in=["asked", "issued"]),
                name="invoice_one_a_settlement",
                violation_error_message=_("There is already an invoice for this settlement."),
            ),
            models.UniqueConstraint(
                fields=["store", "number"],
                condition=~Q(number=""),
                name="invoice_number_once",
                violation_error_message=_("This invoice number is already used."),
            ),
            models.UniqueConstraint(
                fields=["store", "red_number"],
                condition=~Q(red_number=""),
                name="invoice_red_number_once",
                violation_error_message=_("This invoice number is already used."),
            ),
            models.CheckConstraint(
                condition=~Q(kind="special") | ~Q(tax_number=""),
                name="invoice_special_needs_tax_number",
                violation_error_message=_("A special VAT invoice needs the tax number."),
            ),
        ]
        indexes = [
            models.Index(fields=["store", "status", "-asked_at", "-id"], name="invoice_by_state"),
            models.Index(fields=["store", "-asked_at", "-id"], name="invoice_by_age"),
        ]

    def __str__(self) -> str:
        return self.number or self.title

    @property
    def vat(self) -> Decimal:
        """The tax in it."""
        return self.amount - self.net

    def get_absolute_url(self) -> str:
        return reverse("invoice", args=[self.pk])
