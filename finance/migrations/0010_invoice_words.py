from django.db import migrations, models


class Migration(migrations.Migration):
    """An issued invoice says so in words of its own."""

    dependencies = [("finance", "0009_settlement_number_end")]

    operations = [
        migrations.AlterField(
            "invoice",
            "status",
            models.CharField(
                choices=[
                    ("asked", "Not issued"),
                    ("issued", "Invoice issued"),
                    ("red", "Reversed in red"),
                    ("dropped", "Dropped"),
                ],
                default="asked",
                max_length=8,
                verbose_name="state",
            ),
        ),
    ]
