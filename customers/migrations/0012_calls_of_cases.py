"""Calls that follow a complaint, and the hold an open complaint lays on calls after service."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("core", "0011_matters_of_complaints"),
        ("customers", "0011_outbox"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="CallHold",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("case_id", models.BigIntegerField(unique=True)),
                ("about", models.CharField(max_length=200, verbose_name="about")),
                ("address", models.CharField(blank=True, max_length=200)),
                ("phone", models.CharField(blank=True, max_length=20, verbose_name="phone")),
                ("started_at", models.DateTimeField(verbose_name="since")),
                ("ended_at", models.DateTimeField(blank=True, null=True, verbose_name="ended")),
            ],
        ),
        migrations.AddField(
            model_name="call",
            name="about",
            field=models.CharField(blank=True, max_length=200, verbose_name="about"),
        ),
        migrations.AddField(
            model_name="call",
            name="address",
            field=models.CharField(blank=True, help_text="where the case is read", max_length=200),
        ),
        migrations.AddField(
            model_name="call",
            name="case_id",
            field=models.BigIntegerField(blank=True, help_text="the case of the upper room", null=True),
        ),
        migrations.AddField(
            model_name="call",
            name="is_held",
            field=models.BooleanField(default=False, verbose_name="held"),
        ),
        migrations.AddField(
            model_name="call",
            name="since",
            field=models.DateField(
                blank=True, help_text="of a call without a visit", null=True, verbose_name="counted from"
            ),
        ),
        migrations.AddField(
            model_name="call",
            name="vehicle",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="customers.vehicle",
            ),
        ),
        migrations.AlterField(
            model_name="call",
            name="note",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="calls",
                to="customers.visitnote",
            ),
        ),
        migrations.AlterField(
            model_name="call",
            name="rule",
            field=models.CharField(
                choices=[("after_service", "After service"), ("closing", "After a complaint")],
                default="after_service",
                max_length=16,
                verbose_name="rule",
            ),
        ),
        migrations.AddConstraint(
            model_name="call",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("note__isnull", False),
                    models.Q(("case_id__isnull", False), ("since__isnull", False)),
                    _connector="OR",
                ),
                name="call_has_cause",
            ),
        ),
        migrations.AddConstraint(
            model_name="call",
            constraint=models.UniqueConstraint(
                condition=models.Q(("case_id__isnull", False), ("status__in", ["planned", "assigned"])),
                fields=("case_id", "rule"),
                name="case_call_once",
                violation_error_message="This call is already planned.",
            ),
        ),
        migrations.AddField(
            model_name="callhold",
            name="customer",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="call_holds",
                to="customers.customer",
            ),
        ),
        migrations.AddField(
            model_name="callhold",
            name="store",
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="core.store"),
        ),
        migrations.AddIndex(
            model_name="callhold",
            index=models.Index(
                condition=models.Q(("ended_at__isnull", True)), fields=["customer"], name="call_hold_of_customer"
            ),
        ),
        migrations.AddIndex(
            model_name="callhold",
            index=models.Index(
                condition=models.Q(("ended_at__isnull", True)), fields=["phone"], name="call_hold_of_phone"
            ),
        ),
    ]
