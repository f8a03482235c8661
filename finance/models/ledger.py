"""The ledger: every movement of money and claims as debit and credit, for ever."""

import uuid
from decimal import Decimal

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.rows import HouseModel, Rows


class Account(models.TextChoices):
    """The accounts of the after-sales side; the books of the company take them over by these names."""

    RECEIVABLE = "receivable", _("Receivables")
    CREDIT_ACCOUNT = "credit_account", _("Credit accounts of customers")
    DEPOSITS = "deposits", _("Deposits of customers")
    REVENUE = "revenue", _("Revenue, net")
    VAT = "vat", _("VAT on sales")
    CASH = "cash", _("Cash desk")
    CARD = "card", _("Card payments")
    WECHAT = "wechat", _("WeChat Pay")
    ALIPAY = "alipay", _("Alipay")
    TRANSFER = "transfer", _("Bank")
    LOSSES = "losses", _("Claims written off")


class LedgerEntry(HouseModel):
    """One side of a posting. The entries of a posting (one verb, one document) balance, or Postgres refuses."""

    READ = "finance.see_ledger"

    store = models.ForeignKey("core.Store", models.PROTECT, related_name="+")
    business_date = models.DateField(_("business date"))
    at = models.DateTimeField(_("at"))
    posting = models.UUIDField(default=uuid.uuid4)
    account = models.CharField(_("account"), max_length=16, choices=Account)
    debit = models.DecimalField(_("debit"), max_digits=12, decimal_places=2, default=Decimal(0))
    credit = models.DecimalField(_("credit"), max_digits=12, decimal_places=2, default=Decimal(0))
    document = models.CharField(_("document"), max_length=24, help_text="number of the document it comes from")
    settlement_number = models.CharField(_("settlement"), max_length=24, blank=True)
    payer = models.CharField(_("payer"), max_length=12, blank=True)
    party_id = models.BigIntegerField(null=True)
    customer_id = models.BigIntegerField(null=True)

    objects = Rows.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(debit__gt=0, credit=0) | Q(debit=0, credit__gt=0), name="ledger_one_side"
            )
        ]
        indexes = [
            models.Index(fields=["posting"], name="ledger_posting"),
            models.Index(fields=["store", "business_date", "account"], name="ledger_by_day"),
            models.Index(fields=["store", "-at", "-id"], name="ledger_by_age"),
            models.Index(fields=["settlement_number"], name="ledger_of_settlement"),
            models.Index(fields=["document"], name="ledger_of_document"),
        ]

    def __str__(self) -> str:
        return f"{self.document} {self.get_account_display()}"
