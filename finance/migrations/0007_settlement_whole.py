from django.db import migrations, models
from django.db.models import F, Q


class Migration(migrations.Migration):
    """Every settlement has a day on which it is due, and its gross amount is the amount before discount."""

    dependencies = [("finance", "0006_money_of_before")]

    operations = [
        migrations.AlterField("settlement", "due_on", models.DateField(verbose_name="due on")),
        migrations.AddConstraint(
            "settlement",
            models.CheckConstraint(
                condition=Q(amount=F("gross") - F("discount") - F("rounding")),
                name="settlement_discount_adds_up",
                violation_error_message="Gross less discount and rounding must be the amount.",
            ),
        ),
        migrations.AddConstraint(
            "settlement",
            models.CheckConstraint(
                condition=Q(discount=0, rounding=0)
                | Q(payer="customer", reverses__isnull=True, discount__gte=0, rounding__gte=0)
                | Q(payer="customer", reverses__isnull=False, discount__lte=0, rounding__lte=0),
                name="settlement_discount_is_customers",
                violation_error_message="Only the customer's own share can be discounted.",
            ),
        ),
    ]
