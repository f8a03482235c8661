"""On-time delivery is counted by the moment a car was made ready."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("service", "0001_initial")]
    operations = [
        migrations.AddIndex(model_name="visit", index=models.Index(fields=["ready_at"], name="visit_by_ready")),
    ]
