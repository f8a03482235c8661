"""Who does not make a call: whoever answers for what was complained of; a held call is counted anew."""

import django.contrib.postgres.fields
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("customers", "0013_case_answered")]

    operations = [
        migrations.AddField(
            model_name="call",
            name="barred",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.BigIntegerField(),
                blank=True,
                default=list,
                help_text="employees who do not make this call",
                size=None,
            ),
        ),
        migrations.AlterField(
            model_name="call",
            name="since",
            field=models.DateField(
                blank=True,
                help_text="of a call without a visit, and of one that was held",
                null=True,
                verbose_name="counted from",
            ),
        ),
        migrations.AddIndex(
            model_name="call",
            index=models.Index(
                condition=models.Q(("note__isnull", True)), fields=["store", "since"], name="call_by_since"
            ),
        ),
        migrations.AddIndex(
            model_name="call",
            index=models.Index(
                condition=models.Q(("status__in", ["planned", "assigned"])), fields=["phone"], name="call_open_of_phone"
            ),
        ),
        migrations.AddIndex(
            model_name="call",
            index=models.Index(condition=models.Q(("case_id__isnull", False)), fields=["case_id"], name="call_of_case"),
        ),
    ]
