"""Indexes by which a few letters find a case: pairs of the complainant's name, ends of its number and of the phone."""

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import migrations, models
from django.db.models import F, Func
from django.db.models.functions import Reverse

INDEXES = [
    GinIndex(Func(F("name"), function="bigrams"), name="complaint_name_bigrams"),
    models.Index(OpClass(Reverse("number"), "text_pattern_ops"), name="complaint_number_end"),
    models.Index(OpClass(Reverse("phone"), "text_pattern_ops"), name="complaint_phone_end"),
    models.Index(OpClass("phone", "varchar_pattern_ops"), name="complaint_phone_start"),
]


class Migration(migrations.Migration):
    dependencies = [("complaints", "0004_outside_and_public")]

    operations = [migrations.AddIndex(model_name="complaint", index=index) for index in INDEXES]
