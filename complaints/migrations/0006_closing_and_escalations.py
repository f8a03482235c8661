"""The end of a closing call is looked at once; steps of escalation are told one by one, as rows of a queue."""

import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("complaints", "0005_finding_cases")]

    operations = [
        migrations.AddField(
            model_name="complaint",
            name="answered_at",
            field=models.DateTimeField(
                blank=True,
                help_text="its end was told to the keeper",
                null=True,
                verbose_name="closing call looked at",
            ),
        ),
        migrations.AddIndex(
            model_name="complaint",
            index=models.Index(
                condition=models.Q(("answered_at", None), ("status", "calling")),
                fields=["closing_call"],
                name="complaint_call_awaited",
            ),
        ),
        migrations.AlterModelOptions(
            name="escalation", options={"ordering": ["at", "id"], "verbose_name": "escalation"}
        ),
        migrations.RenameField(model_name="escalation", old_name="due_at", new_name="reached_at"),
        migrations.AddField(
            model_name="escalation",
            name="is_told",
            field=models.BooleanField(
                default=True, help_text="false: passed over by a higher step", verbose_name="told"
            ),
        ),
        migrations.AddField(
            model_name="escalation",
            name="due_at",
            field=models.DateTimeField(default=django.utils.timezone.now, verbose_name="due"),
        ),
        migrations.AddField(
            model_name="escalation",
            name="attempts",
            field=models.PositiveSmallIntegerField(default=0, verbose_name="attempts"),
        ),
        migrations.AddField(
            model_name="escalation",
            name="claimed_until",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="escalation",
            name="claim_token",
            field=models.UUIDField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="escalation",
            name="done_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="done"),
        ),
        migrations.AddField(
            model_name="escalation",
            name="failed_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="given up"),
        ),
        migrations.AddField(
            model_name="escalation",
            name="last_error",
            field=models.TextField(blank=True, verbose_name="last error"),
        ),
        migrations.AddField(
            model_name="escalation",
            name="progress",
            field=models.PositiveIntegerField(default=0, verbose_name="progress"),
        ),
        migrations.AddField(
            model_name="escalation",
            name="progress_of",
            field=models.PositiveIntegerField(default=0, verbose_name="of"),
        ),
        migrations.AddIndex(
            model_name="escalation",
            index=models.Index(
                condition=models.Q(("done_at__isnull", True), ("failed_at__isnull", True)),
                fields=["due_at", "id"],
                name="escalation_to_tell",
            ),
        ),
    ]
