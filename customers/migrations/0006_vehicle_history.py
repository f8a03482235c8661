"""What a car was: plates, owners and mileages with their dates; temporary plates and the start of the warranty."""

import django.contrib.postgres.indexes
import django.db.models.deletion
from django.db import migrations, models
from django.db.models import F, Q

PLATE_KINDS = [
    ("ordinary", "Ordinary plate"),
    ("energy", "New-energy plate"),
    ("temporary", "Temporary plate"),
    ("other", "Special plate"),
    ("none", "No plate yet"),
]
ID = ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"))


def span(name):
    return [
        models.UniqueConstraint(condition=Q(until__isnull=True), fields=["vehicle"], name=f"{name}_one_open"),
        models.CheckConstraint(condition=Q(until__isnull=True) | Q(until__gte=F("since")), name=f"{name}_forward"),
    ]


def of(model, name):
    return models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name=name, to=f"customers.{model}")


class Migration(migrations.Migration):
    dependencies = [("customers", "0005_contact_consents")]

    operations = [
        migrations.AddField(
            model_name="vehicle",
            name="warranty_from",
            field=models.DateField(blank=True, null=True, verbose_name="warranty from"),
        ),
        migrations.AlterField(
            model_name="vehicle",
            name="plate_kind",
            field=models.CharField(choices=PLATE_KINDS, default="none", max_length=9, verbose_name="kind of plate"),
        ),
        migrations.AddConstraint(
            model_name="vehicle",
            constraint=models.CheckConstraint(
                condition=~Q(plate_kind="temporary") | ~Q(vin=""),
                name="vehicle_temporary_needs_vin",
                violation_error_message="A car with a temporary plate needs its VIN.",
            ),
        ),
        migrations.CreateModel(
            name="PlateSpan",
            fields=[
                ID,
                ("plate", models.CharField(max_length=10, verbose_name="plate")),
                ("plate_kind", models.CharField(choices=PLATE_KINDS, max_length=9, verbose_name="kind of plate")),
                ("since", models.DateField(verbose_name="since")),
                ("until", models.DateField(blank=True, null=True, verbose_name="until")),
                ("vehicle", of("vehicle", "plates")),
            ],
            options={
                "constraints": span("plate_span"),
                "indexes": [models.Index(fields=["vehicle", "-since"], name="plate_span_of_vehicle")],
            },
        ),
        migrations.CreateModel(
            name="OwnerSpan",
            fields=[
                ID,
                ("since", models.DateField(verbose_name="since")),
                ("until", models.DateField(blank=True, null=True, verbose_name="until")),
                ("customer", of("customer", "owned")),
                ("vehicle", of("vehicle", "owners")),
            ],
            options={
                "constraints": span("owner_span"),
                "indexes": [
                    models.Index(fields=["vehicle", "-since"], name="owner_span_of_vehicle"),
                    models.Index(fields=["customer", "-since"], name="owner_span_of_customer"),
                ],
            },
        ),
        migrations.CreateModel(
            name="MileageReading",
            fields=[
                ID,
                ("at", models.DateTimeField(verbose_name="read")),
                ("km", models.PositiveIntegerField(verbose_name="mileage in km")),
                (
                    "source",
                    models.CharField(
                        choices=[("reception", "Reception"), ("load", "Old system"), ("hand", "By hand")],
                        max_length=9,
                        verbose_name="source",
                    ),
                ),
                (
                    "is_doubtful",
                    models.BooleanField(
                        default=False,
                        help_text="lower than the one before, and nobody has said why",
                        verbose_name="in doubt",
                    ),
                ),
                (
                    "remark",
                    models.CharField(blank=True, max_length=120, verbose_name="why it is lower than before"),
                ),
                ("vehicle", of("vehicle", "readings")),
            ],
            options={
                "indexes": [models.Index(fields=["vehicle", "-at", "-id"], name="reading_of_vehicle")],
            },
        ),
    ]
