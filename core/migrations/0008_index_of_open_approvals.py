"""The badge with the number of approvals to decide stands on every page; it reads the open ones only."""

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("core", "0007_approvals_tasks_attachments")]

    operations = [
        migrations.AddIndex(
            model_name="approval",
            index=models.Index(condition=Q(("status", "asked")), fields=["store", "id"], name="approval_open"),
        ),
    ]
