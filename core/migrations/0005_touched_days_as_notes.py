"""Touched days become notes, one a change: a unique row made the desk wait for the counter or lost what came meanwhile."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("core", "0004_vat_rates")]
    operations = [
        migrations.RemoveConstraint(model_name="touchedday", name="touched_day_once"),
        migrations.AddIndex(model_name="touchedday", index=models.Index(fields=["store", "day"], name="touched_day")),
    ]
