from decimal import Decimal

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models import F, Q


class Migration(migrations.Migration):
    """Who settled and who agreed to a discount, rounding a line, references of transfers, receipts given back."""

    dependencies = [
        ("core", "0007_approvals_tasks_attachments"),
        ("finance", "0004_open_gate_passes"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint("accountreceipt", "account_receipt_positive"),
        migrations.RemoveConstraint("settlement", "settlement_discount_adds_up"),
        migrations.AddField(
            "accountreceipt", "reason", models.CharField(blank=True, max_length=400, verbose_name="reason")
        ),
        migrations.AddField(
            "accountreceipt", "reference", models.CharField(blank=True, max_length=60, verbose_name="reference")
        ),
        migrations.AddField(
            "accountreceipt",
            "returns",
            models.OneToOneField(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="counter_entry",
                to="finance.accountreceipt",
            ),
        ),
        migrations.AddField(
            "deposit", "reference", models.CharField(blank=True, max_length=60, verbose_name="reference")
        ),
        migrations.AddField(
            "invoice",
            "issued_by",
            models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="issued by",
            ),
        ),
        migrations.AddField(
            "payment",
            "reference",
            models.CharField(
                blank=True,
                help_text="Number of the transfer or of the card slip.",
                max_length=60,
                verbose_name="reference",
            ),
        ),
        migrations.AddField(
            "settlement",
            "approval",
            models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="core.approval",
                verbose_name="approved by",
            ),
        ),
        migrations.AddField(
            "settlement",
            "settled_by",
            models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="settled by",
            ),
        ),
        migrations.AddField(
            "settlementline",
            "rounding",
            models.DecimalField(decimal_places=2, default=Decimal("0"), max_digits=12, verbose_name="rounded down"),
        ),
        migrations.AddIndex(
            "accountreceipt", models.Index(fields=["agreement", "id"], name="account_receipt_of_agreement")
        ),
        migrations.AddIndex("ledgerentry", models.Index(fields=["document"], name="ledger_of_document")),
        migrations.AddIndex("payment", models.Index(fields=["agreement", "id"], name="payment_of_agreement")),
        migrations.AddIndex("payment", models.Index(fields=["taken_by", "business_date"], name="payment_of_cashier")),
        migrations.AddIndex(
            "settlement",
            models.Index(
                fields=["store", "-settled_at", "-id"],
                condition=Q(discount__gt=0) | Q(rounding__gt=0),
                name="settlement_discounted",
            ),
        ),
        migrations.AddIndex(
            "settlement",
            models.Index(
                fields=["store", "due_on", "id"],
                condition=Q(paid__lt=F("amount"), reversed_at__isnull=True, reverses__isnull=True),
                name="settlement_open",
            ),
        ),
        migrations.AddConstraint(
            "accountreceipt",
            models.CheckConstraint(
                condition=Q(returns__isnull=True, amount__gt=0) | Q(returns__isnull=False, amount__lt=0),
                name="account_receipt_sign",
                violation_error_message="A receipt must be more than zero.",
            ),
        ),
        migrations.AddConstraint(
            "invoice",
            models.UniqueConstraint(
                fields=["store", "red_number"],
                condition=~Q(red_number=""),
                name="invoice_red_number_once",
                violation_error_message="This invoice number is already used.",
            ),
        ),
    ]
