from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("core", "0005_touched_days_as_notes")]

    operations = [
        migrations.AddIndex(
            model_name="figure",
            index=models.Index(fields=["day", "id"], name="figure_by_day"),
        ),
        migrations.AddIndex(
            model_name="employee",
            index=models.Index(fields=["name", "id"], name="employee_by_name"),
        ),
    ]
