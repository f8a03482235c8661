"""What customers say elsewhere is kept topic by topic."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("complaints", "0002_case_data"),
    ]

    operations = [
        migrations.RemoveField(
            model_name="complaint",
            name="sentiment",
        ),
        migrations.RemoveField(
            model_name="complaint",
            name="topic",
        ),
        migrations.CreateModel(
            name="Opinion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("topic", models.CharField(max_length=40, verbose_name="topic")),
                (
                    "tone",
                    models.SmallIntegerField(
                        choices=[(-1, "Negative"), (0, "Neutral"), (1, "Positive")], verbose_name="tone"
                    ),
                ),
                ("word", models.CharField(blank=True, max_length=40, verbose_name="word that tells it")),
                (
                    "complaint",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="opinions", to="complaints.complaint"
                    ),
                ),
            ],
            options={
                "ordering": ["id"],
                "indexes": [models.Index(fields=["topic", "tone"], name="opinion_by_topic")],
                "constraints": [models.UniqueConstraint(fields=("complaint", "topic"), name="opinion_topic_once")],
            },
        ),
    ]
