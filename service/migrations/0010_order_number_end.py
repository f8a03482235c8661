"""Orders are looked for by the last digits of their number."""

from django.contrib.postgres.indexes import OpClass
from django.db import migrations, models
from django.db.models.functions import Reverse


class Migration(migrations.Migration):
    dependencies = [("service", "0009_payers_by_use")]

    operations = [
        migrations.AddIndex(
            model_name="order",
            index=models.Index(OpClass(Reverse("number"), "text_pattern_ops"), name="order_number_end"),
        ),
    ]
