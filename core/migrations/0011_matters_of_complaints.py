"""What complaints ask of approvals and authorities."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("core", "0010_short_names_of_matters"),
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
                    ("remedy", "Settling a complaint"),
                    ("end_case", "Ending a complaint without agreement"),
                    ("account", "Holding somebody to account"),
                    ("statement", "A public statement"),
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
                    ("remedy", "Settling a complaint"),
                    ("end_case", "Ending a complaint without agreement"),
                    ("account", "Holding somebody to account"),
                    ("statement", "A public statement"),
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
                    ("remedy", "Settling a complaint"),
                    ("end_case", "Ending a complaint without agreement"),
                    ("account", "Holding somebody to account"),
                    ("statement", "A public statement"),
                ],
                help_text="Empty: every matter.",
                max_length=12,
                verbose_name="matter",
            ),
        ),
    ]
