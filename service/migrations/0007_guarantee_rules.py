"""The repair guarantee in force since 2005-08-01: 10 days or 2,000 km, 30 or 5,000, 100 or 20,000, first reached.

Article 37 of the rules on motor vehicle repair (机动车维修管理规定), which came into force on that day.
"""

import datetime

from django.db import migrations

SINCE = datetime.date(2005, 8, 1)
RULES = [("small", 10, 2000), ("second", 30, 5000), ("assembly", 100, 20000)]


def fill(apps, schema_editor):
    rule = apps.get_model("service", "GuaranteeRule")
    rows = [rule(scope=scope, since=SINCE, days=days, km=km) for scope, days, km in RULES]
    rule.objects.using(schema_editor.connection.alias).bulk_create(rows)


def empty(apps, schema_editor):
    rules = apps.get_model("service", "GuaranteeRule").objects.using(schema_editor.connection.alias)
    rules.filter(since=SINCE).delete()


class Migration(migrations.Migration):
    dependencies = [("service", "0006_promise_and_added")]
    operations = [migrations.RunPython(fill, empty)]
