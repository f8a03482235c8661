"""A corrective action says who added it, and when its owner was told that it is late; owners find their own."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("complaints", "0007_words_of_cases"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="correction",
            name="added_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="correction",
            name="reminded_at",
            field=models.DateTimeField(blank=True, help_text="when its owner was told that it is late", null=True),
        ),
        migrations.AlterField(
            model_name="correction",
            name="check_on",
            field=models.DateField(blank=True, null=True, verbose_name="effect to be checked on"),
        ),
        migrations.AddIndex(
            model_name="correction",
            index=models.Index(fields=["owner", "due_on", "id"], name="correction_of_owner"),
        ),
    ]
