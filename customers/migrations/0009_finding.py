"""Indexes by which a few letters find somebody: trigrams for pieces, bigrams for pairs, turned round for ends."""

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.contrib.postgres.operations import TrigramExtension
from django.db import migrations, models
from django.db.models import F, Q
from django.db.models.functions import Reverse, Upper

# a two-character word, as most Chinese given names are, has no trigram
BIGRAMS = """
CREATE FUNCTION bigrams(word text) RETURNS text[] LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN (SELECT coalesce(array_agg(DISTINCT substr(upper(word), i, 2)), '{}') FROM generate_series(1, length(word) - 1) i)
"""


def pairs(column):
    return models.Func(F(column), function="bigrams")


INDEXES = {
    "customer": [
        GinIndex(OpClass(Upper("name"), "gin_trgm_ops"), name="customer_name_pieces"),
        GinIndex(pairs("name"), name="customer_name_pairs"),
        models.Index(OpClass("name", "varchar_pattern_ops"), name="customer_name_start"),
        models.Index(OpClass("initials", "varchar_pattern_ops"), name="customer_initials"),
        models.Index(OpClass(Reverse("phone"), "text_pattern_ops"), name="customer_phone_end"),
        models.Index(OpClass("phone", "varchar_pattern_ops"), name="customer_phone_start"),
    ],
    "vehicle": [
        GinIndex(OpClass("plate", "gin_trgm_ops"), name="vehicle_plate_pieces"),
        GinIndex(pairs("plate"), name="vehicle_plate_pairs"),
        models.Index(OpClass(Reverse("plate"), "text_pattern_ops"), name="vehicle_plate_end"),
        models.Index(OpClass(Reverse("vin"), "text_pattern_ops"), name="vehicle_vin_end"),
        models.Index(OpClass("vin", "varchar_pattern_ops"), name="vehicle_vin_start"),
    ],
    "platespan": [
        GinIndex(OpClass("plate", "gin_trgm_ops"), name="plate_span_pieces", condition=Q(until__isnull=False)),
        GinIndex(pairs("plate"), name="plate_span_pairs", condition=Q(until__isnull=False)),
    ],
}


class Migration(migrations.Migration):
    dependencies = [("customers", "0008_merges")]

    operations = [
        TrigramExtension(),
        migrations.RunSQL(BIGRAMS, "DROP FUNCTION bigrams(text)"),
        *(
            migrations.AddIndex(model_name=model, index=index)
            for model, indexes in INDEXES.items()
            for index in indexes
        ),
    ]
