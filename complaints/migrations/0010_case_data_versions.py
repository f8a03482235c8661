"""Data that cases are run by has versions: who saves over somebody else's change is told so."""

from django.db import migrations, models

KINDS = ("compensationkind", "conductrule", "phrase", "problem", "problemclass", "step", "target")


class Migration(migrations.Migration):
    dependencies = [("complaints", "0009_locked_archive")]
    operations = [
        migrations.AddField(model_name=name, name="version", field=models.PositiveIntegerField(default=1))
        for name in KINDS
    ]
