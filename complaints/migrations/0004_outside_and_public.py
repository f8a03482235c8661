"""Cases kept outside are listed newest first and know where the statement stands; a case knows who may be called."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("complaints", "0003_opinions")]
    operations = [
        migrations.AddField(
            model_name="complaint",
            name="may_call",
            field=models.BooleanField(default=True, verbose_name="may be called about it"),
        ),
        migrations.AddField(
            model_name="outsidecase",
            name="published_url",
            field=models.URLField(blank=True, max_length=500, verbose_name="where it was published"),
        ),
        migrations.AddIndex(
            model_name="outsidecase",
            index=models.Index(fields=["-came_at", "-id"], name="outside_newest"),
        ),
    ]
