"""A matter is called by its name alone; the unit stands with the amount."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("core", "0009_authorities_of_companies"),
    ]

    operations = [
        migrations.AlterField(
            model_name="approval",
            name="matter",
            field=models.CharField(
                choices=[
                    ("discount", "Discount"),
                    ("rounding", "Rounding down"),
                    ("credit", "Letting a car go on credit"),
                    ("write_off", "Writing a claim off"),
                    ("goodwill", "Goodwill of the store"),
                    ("gate", "Letting a car out that was not in for service"),
                    ("question", "A customer's question"),
                ],
                max_length=12,
                verbose_name="matter",
            ),
        ),
        migrations.AlterField(
            model_name="authority",
            name="matter",
            field=models.CharField(
                choices=[
                    ("discount", "Discount"),
                    ("rounding", "Rounding down"),
                    ("credit", "Letting a car go on credit"),
                    ("write_off", "Writing a claim off"),
                    ("goodwill", "Goodwill of the store"),
                    ("gate", "Letting a car out that was not in for service"),
                    ("question", "A customer's question"),
                ],
                max_length=12,
                verbose_name="matter",
            ),
        ),
        migrations.AlterField(
            model_name="delegation",
            name="matter",
            field=models.CharField(
                blank=True,
                choices=[
                    ("discount", "Discount"),
                    ("rounding", "Rounding down"),
                    ("credit", "Letting a car go on credit"),
                    ("write_off", "Writing a claim off"),
                    ("goodwill", "Goodwill of the store"),
                    ("gate", "Letting a car out that was not in for service"),
                    ("question", "A customer's question"),
                ],
                help_text="Empty: every matter.",
                max_length=12,
                verbose_name="matter",
            ),
        ),
    ]
