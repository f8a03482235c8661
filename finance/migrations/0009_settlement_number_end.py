"""Settlements are looked for by the last digits of their number."""

from django.contrib.postgres.indexes import OpClass
from django.db import migrations, models
from django.db.models.functions import Reverse


class Migration(migrations.Migration):
    dependencies = [("finance", "0008_ledger_wall")]

    operations = [
        migrations.AddIndex(
            model_name="settlement",
            index=models.Index(OpClass(Reverse("number"), "text_pattern_ops"), name="settlement_number_end"),
        ),
    ]
