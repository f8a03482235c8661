"""A case is taken in, not received: cars are received; no change of the tables."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("complaints", "0006_closing_and_escalations"),
    ]

    operations = [
        migrations.AlterField(
            model_name="complaint",
            name="received_at",
            field=models.DateTimeField(verbose_name="taken in"),
        ),
        migrations.AlterField(
            model_name="complaint",
            name="status",
            field=models.CharField(
                choices=[
                    ("received", "Taken in"),
                    ("answering", "To answer"),
                    ("investigating", "Being investigated"),
                    ("proposing", "Options being drawn up"),
                    ("deciding", "To be decided"),
                    ("carrying_out", "Being carried out"),
                    ("calling", "Closing call owed"),
                    ("closed", "Closed"),
                    ("merged", "Part of another case"),
                ],
                default="received",
                max_length=14,
                verbose_name="status",
            ),
        ),
    ]
