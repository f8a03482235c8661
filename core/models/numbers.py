"""Counters behind the document numbers."""

from django.db import models


class Counter(models.Model):
    """The last number given out in a store for a kind of document in a month (`2611`)."""

    store = models.ForeignKey("core.Store", models.PROTECT, related_name="+")
    kind = models.CharField(max_length=4)
    month = models.CharField(max_length=4)
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["store", "kind", "month"], name="counter_once")]
