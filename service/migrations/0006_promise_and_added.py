"""When the customer was told of a new time, of which promise the advisor was warned, and when a job was added."""

import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("service", "0005_catalogue_holds_links")]
    operations = [
        migrations.AddField(
            model_name="visit",
            name="promise_told_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="customer told of the new time"),
        ),
        migrations.AddField(
            model_name="visit",
            name="promise_alarmed",
            field=models.DateTimeField(
                blank=True,
                null=True,
                help_text="the promise of which the advisor was already told that it will not hold",
            ),
        ),
        migrations.AddField(
            model_name="job",
            name="added_at",
            field=models.DateTimeField(blank=True, default=django.utils.timezone.now, null=True, verbose_name="added"),
        ),
    ]
