"""Payers are edited under a version, and offered with those first that paid last."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("service", "0008_catalogue_supply")]
    operations = [
        migrations.AddField(model_name="party", name="version", field=models.PositiveIntegerField(default=1)),
        migrations.AddIndex(model_name="share", index=models.Index(fields=["party", "-id"], name="share_of_party")),
    ]
