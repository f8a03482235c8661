"""The plate that was told of a car that nobody knows here, and who took a case in, by their account."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("complaints", "0012_steps_in_force"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]
    operations = [
        migrations.AddField(
            model_name="complaint",
            name="stated_plate",
            field=models.CharField(
                blank=True,
                default="",
                help_text="As it was told or typed; no car here wears it.",
                max_length=24,
                verbose_name="stated plate",
            ),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="channel",
            name="by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
    ]
