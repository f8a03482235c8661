"""Slots of periodic work as unique rows: three clocks at once do a slot once, and missed slots are made up."""

from django.db import models


class Slot(models.Model):
    """One due time of one periodic job; `done_at` is set in the transaction that did its work."""

    job = models.CharField(max_length=60)
    at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["job", "at"], name="slot_once")]


class Heartbeat(models.Model):
    """When a sweep last came to its end; `/readyz` turns red when the last one is too old."""

    job = models.CharField(max_length=60, unique=True)
    at = models.DateTimeField()
