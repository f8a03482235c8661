"""The logbook: who did what to which document, when and why. Postgres refuses to change a line of it."""

import uuid
from typing import Self

from django.db import models
from django.db.models import Q

from core.actor import Actor
from core.rows import HouseModel, Rows


class EntryRows(Rows):
    """Reads of the logbook."""

    def visible_to(self, actor: Actor) -> Self:
        """The lines of one's stores, and those of one's companies that belong to no store: customers and cars."""
        scope = actor.scope("core.see_logbook")
        if scope.everywhere:
            return self
        own = Q(store__in=scope.stores) | Q(store__company__in=scope.companies)
        return self.filter(own | Q(store=None, company__in=scope.any_company))


class Entry(HouseModel):
    """One line for one document changed: for ever, without a person's data in it."""

    READ = "core.see_logbook"

    act = models.UUIDField(default=uuid.uuid4, help_text="shared by all lines of one request")
    xact = models.BigIntegerField(help_text="pg_current_xact_id, so that readers of the feed lose no line")
    at = models.DateTimeField()
    business_date = models.DateField()
    store = models.ForeignKey("core.Store", models.PROTECT, null=True, related_name="+")
    company = models.ForeignKey("core.Company", models.PROTECT, null=True, related_name="+")
    verb = models.CharField(max_length=60)
    kind = models.CharField(max_length=40)
    object_id = models.BigIntegerField()
    by_kind = models.CharField(max_length=12)
    by_id = models.BigIntegerField(null=True)
    door = models.CharField(max_length=12)
    fields = models.JSONField(default=list)
    digest = models.CharField(max_length=64, help_text="salted hash of the detail")

    objects = EntryRows.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["kind", "object_id", "-id"], name="entry_of_document"),
            models.Index(fields=["store", "-id"], name="entry_of_store"),
            models.Index(fields=["xact", "id"], name="entry_feed"),
        ]


class Subject(models.Model):
    """What else a line is about (its customer, its vehicle), so that a timeline needs no import of upper rooms."""

    entry_id = models.BigIntegerField()
    kind = models.CharField(max_length=40)
    object_id = models.BigIntegerField()

    class Meta:
        indexes = [models.Index(fields=["kind", "object_id", "-entry_id"], name="subject_timeline")]


class Detail(models.Model):
    """The values of a line with their salt; may be erased for one person while the line stays."""

    entry_id = models.BigIntegerField(primary_key=True)
    by_name = models.CharField(max_length=80)
    salt = models.CharField(max_length=32)
    values = models.JSONField(default=dict)


class AccessEntry(models.Model):
    """A read of personal data: who opened whose record, when, through which door."""

    at = models.DateTimeField()
    by_id = models.BigIntegerField(null=True)
    door = models.CharField(max_length=12)
    kind = models.CharField(max_length=40)
    object_id = models.BigIntegerField()

    class Meta:
        indexes = [models.Index(fields=["kind", "object_id", "-id"], name="access_of_record")]
