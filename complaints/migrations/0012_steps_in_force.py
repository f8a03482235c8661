"""A step of escalation may rest without being forgotten."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("complaints", "0011_index_of_open_cases")]
    operations = [
        migrations.AddField(
            model_name="step", name="is_active", field=models.BooleanField(default=True, verbose_name="in force")
        )
    ]
