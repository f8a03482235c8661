"""Two records of one person or car become one, and can become two again."""

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import F, Q

OF = [("customer", "Customer"), ("vehicle", "Vehicle")]
ID = ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"))


def company():
    return models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="core.company")


def merged_into(model):
    return models.ForeignKey(
        blank=True,
        null=True,
        on_delete=django.db.models.deletion.PROTECT,
        related_name="merged",
        to=f"customers.{model}",
        verbose_name="merged into",
    )


class Migration(migrations.Migration):
    dependencies = [("core", "0001_initial"), ("customers", "0007_history_begins")]

    operations = [
        migrations.AddField(model_name="customer", name="merged_into", field=merged_into("customer")),
        migrations.AddField(model_name="vehicle", name="merged_into", field=merged_into("vehicle")),
        migrations.AddConstraint(
            model_name="customer",
            constraint=models.CheckConstraint(
                condition=Q(merged_into__isnull=True) | ~Q(merged_into=F("pk")),
                name="customer_not_merged_into_itself",
            ),
        ),
        migrations.AddConstraint(
            model_name="vehicle",
            constraint=models.CheckConstraint(
                condition=Q(merged_into__isnull=True) | (~Q(merged_into=F("pk")) & Q(plate="", vin="")),
                name="vehicle_merged_is_bare",
            ),
        ),
        migrations.CreateModel(
            name="Merge",
            fields=[
                ID,
                ("of", models.CharField(choices=OF, max_length=8, verbose_name="of")),
                ("kept_id", models.BigIntegerField()),
                ("lost_id", models.BigIntegerField()),
                (
                    "moved",
                    models.JSONField(
                        default=dict, help_text="table and column: ids of the rows that pointed to the lost one"
                    ),
                ),
                (
                    "values",
                    models.JSONField(default=dict, help_text="what stood on the kept and on the lost record before"),
                ),
                ("kept_version", models.PositiveIntegerField(help_text="of the kept record after the merge")),
                ("at", models.DateTimeField(verbose_name="merged")),
                ("by_name", models.CharField(max_length=80, verbose_name="merged by")),
                ("undone_at", models.DateTimeField(blank=True, null=True, verbose_name="taken back")),
                ("company", company()),
            ],
            options={
                "indexes": [models.Index(fields=["of", "kept_id", "-id"], name="merge_of_kept")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=Q(undone_at__isnull=True),
                        fields=["of", "lost_id"],
                        name="merge_once",
                        violation_error_message="This record is already merged into another one.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Apart",
            fields=[
                ID,
                ("of", models.CharField(choices=OF, max_length=8, verbose_name="of")),
                ("first_id", models.BigIntegerField()),
                ("second_id", models.BigIntegerField()),
                ("at", models.DateTimeField(verbose_name="noted")),
                ("by_name", models.CharField(max_length=80, verbose_name="noted by")),
                ("company", company()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=["of", "first_id", "second_id"], name="apart_once"),
                    models.CheckConstraint(condition=Q(first_id__lt=F("second_id")), name="apart_sorted"),
                ]
            },
        ),
    ]
