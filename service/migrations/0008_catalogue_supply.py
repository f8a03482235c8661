"""Whether an item of the catalogue is repair or another service, whose VAT rate is lower (rule 8)."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("service", "0007_guarantee_rules")]
    operations = [
        migrations.AddField(
            model_name="catalogueitem",
            name="supply",
            field=models.CharField(
                choices=[("repair", "Repair labour and parts"), ("service", "Other services")],
                default="repair",
                help_text="A wash is another service: its VAT rate is lower.",
                max_length=8,
                verbose_name="supply",
            ),
        ),
    ]
