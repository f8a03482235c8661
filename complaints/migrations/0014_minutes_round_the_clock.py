"""A time limit may be half an hour by the wall clock: it is kept in minutes."""

from django.db import migrations, models

UNITS = [
    ("store_minutes", "minutes of the store's opening hours"),
    ("working_days", "official working days"),
    ("hours", "hours round the clock"),
    ("minutes", "minutes round the clock"),
]


class Migration(migrations.Migration):
    dependencies = [("complaints", "0013_stated_plates_and_takers")]
    operations = [
        migrations.AlterField(
            model_name=name,
            name="unit",
            field=models.CharField(choices=UNITS, max_length=14, verbose_name="unit"),
        )
        for name in ("target", "clock")
    ]
