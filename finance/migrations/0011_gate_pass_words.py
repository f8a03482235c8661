"""What a gate pass after service is called, apart from the care call of the same name."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("finance", "0010_invoice_words")]

    operations = [
        migrations.AlterField(
            model_name="gatepass",
            name="kind",
            field=models.CharField(
                choices=[
                    ("service", "Leaves after service"),
                    ("road_test", "Road test, out and back"),
                    ("sublet", "Sublet, out and back"),
                    ("sale", "Sold car"),
                    ("transfer", "Transfer to another place"),
                ],
                default="service",
                max_length=10,
                verbose_name="kind",
            ),
        ),
    ]
