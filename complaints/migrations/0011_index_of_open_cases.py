"""Open cases of the house are few among a hundred thousand loaded ones: an index of their own."""

from django.db import migrations, models

OPEN = ("received", "answering", "investigating", "proposing", "deciding", "carrying_out", "calling")


class Migration(migrations.Migration):
    dependencies = [("complaints", "0010_case_data_versions")]

    operations = [
        migrations.AddIndex(
            model_name="complaint",
            index=models.Index(
                condition=models.Q(("origin", ""), ("status__in", OPEN)),
                fields=["store", "-received_at", "-id"],
                name="complaint_open",
            ),
        ),
    ]
