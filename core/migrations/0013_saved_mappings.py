"""How the files of an old system are read is kept under a name."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("core", "0012_authorities_in_complaints"),
    ]

    operations = [
        migrations.CreateModel(
            name="Mapping",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(max_length=40, verbose_name="kind of load")),
                ("name", models.CharField(max_length=40, verbose_name="name")),
                ("has_headings", models.BooleanField(default=True, verbose_name="has headings")),
                ("maps", models.JSONField(default=list, help_text="pairs of column and field")),
                ("replacements", models.JSONField(default=dict, help_text="field: old word: new word")),
                ("date_format", models.CharField(blank=True, max_length=3)),
                ("saved_at", models.DateTimeField(auto_now=True)),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("kind", "name"), name="mapping_once")],
            },
        ),
    ]
