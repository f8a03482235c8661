"""VAT rates in force since 2019-04-01: 13 % and 6 % for general taxpayers, 3 % levy for small-scale ones."""

import datetime

from django.db import migrations

SINCE = datetime.date(2019, 4, 1)
RATES = [
    ("repair", "general", "13.0"),
    ("service", "general", "6.0"),
    ("repair", "small", "3.0"),
    ("service", "small", "3.0"),
]


def fill(apps, schema_editor):
    rate = apps.get_model("core", "VatRate")
    rows = [rate(supply=s, taxpayer=t, since=SINCE, percent=p) for s, t, p in RATES]
    rate.objects.using(schema_editor.connection.alias).bulk_create(rows)


def empty(apps, schema_editor):
    apps.get_model("core", "VatRate").objects.using(schema_editor.connection.alias).filter(since=SINCE).delete()


class Migration(migrations.Migration):
    dependencies = [("core", "0003_cache_table")]
    operations = [migrations.RunPython(fill, empty)]
