"""Work for later as rows: the row is the queue, Redis is only the alarm clock."""

import uuid
from datetime import timedelta
from typing import Any, Self

from django.db import models
from django.db.models import F, Q
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

from core.rows import HouseModel, Rows, atomic


class QueuedRows(Rows):
    """Reads of a queue, and the claim that commits the attempt before the work starts."""

    def due(self) -> Self:
        """What waits for a worker now: not done, not given up, not held by a living claim."""
        moment = now()
        return self.filter(
            Q(claimed_until__isnull=True) | Q(claimed_until__lte=moment),
            done_at__isnull=True,
            failed_at__isnull=True,
            due_at__lte=moment,
        ).order_by("due_at", "id")

    def dead(self) -> Self:
        """What was given up after too many attempts, for the page that shows it."""
        return self.filter(failed_at__isnull=False)

    def claim(self, seconds: int = 120) -> "Queued | None":
        """Take the next due row for a while. The attempt is committed before the work, so a killed worker counts."""
        while True:
            with atomic(durable=True):  # within another transaction a killed worker would take the attempt with it
                row: Any = self.due().select_for_update(skip_locked=True, no_key=True).first()
                if row is None:
                    return None
                if row.attempts < row.MOST_ATTEMPTS:
                    row.attempts += 1
                    row.claim_token = uuid.uuid4()
                    row.claimed_until = now() + timedelta(seconds=seconds)
                    row.save(update_fields=["attempts", "claim_token", "claimed_until"])
                    return row
                row.failed_at = now()
                row.save(update_fields=["failed_at"])


class Queued(HouseModel):
    """Work that takes seconds, may kill its process, or talks to the outside: reports, imports, messages."""

    MOST_ATTEMPTS = 5

    due_at = models.DateTimeField(_("due"), default=now)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    claimed_until = models.DateTimeField(null=True, blank=True)
    claim_token = models.UUIDField(null=True, blank=True)
    done_at = models.DateTimeField(_("done"), null=True, blank=True)
    failed_at = models.DateTimeField(_("given up"), null=True, blank=True)
    last_error = models.TextField(_("last error"), blank=True)
    progress = models.PositiveIntegerField(_("progress"), default=0)
    progress_of = models.PositiveIntegerField(_("of"), default=0)

    objects = QueuedRows.as_manager()

    class Meta:
        abstract = True

    def stumble(self, problem: Exception) -> None:
        """Note why an attempt failed and let the next one wait a little longer; after the last one, give up."""
        fields: dict[str, Any] = {"last_error": f"{type(problem).__name__}: {problem}"[:2000], "claimed_until": None}
        if self.attempts >= self.MOST_ATTEMPTS:
            fields["failed_at"] = now()
        else:
            fields["due_at"] = now() + timedelta(seconds=15 * 2**self.attempts)
        type(self)._base_manager.filter(pk=self.pk, claim_token=self.claim_token).update(**fields)

    def finish(self) -> bool:
        """Mark the work done, if the claim is still ours."""
        return bool(
            type(self)
            ._base_manager.filter(pk=self.pk, claim_token=self.claim_token, done_at__isnull=True)
            .update(done_at=now(), claimed_until=None, last_error="", progress=F("progress_of"))
        )
