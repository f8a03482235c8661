"""Photos, signatures and papers that belong to a document of any room."""

from typing import Any, Self

from django.apps import apps
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core.actor import Actor, Scope
from core.rows import HouseModel, Rows


def kinds_with_attachments() -> dict[str, Any]:
    """The kinds of documents that files may belong to, by their stable name."""
    return {
        model.kind_name(): model
        for model in apps.get_models()
        if issubclass(model, HouseModel) and model.HAS_ATTACHMENTS
    }


class AttachmentRows(Rows):
    """Reads of attachments."""

    def of(self, row: Any) -> Self:
        """What belongs to one document, the newest last."""
        return self.filter(kind=row.kind_name(), object_id=row.pk).order_by("id")

    def kept(self) -> Self:
        """What was not taken away."""
        return self.filter(removed_at__isnull=True)

    def visible_to(self, actor: Actor) -> Self:
        """What belongs to documents that this actor may read, each kind as its own table says; what was taken away
        only for those who read the logbook there."""
        found = Q(pk__in=[])
        for kind, one in kinds_with_attachments().items():
            rows = one._default_manager.get_queryset().visible_to(actor).filter(pk=OuterRef("object_id"))
            found |= Q(Exists(rows.order_by()), kind=kind)
        model: Any = self.model
        there = Q(removed_at__isnull=True) | self._within(actor.scope("core.see_logbook"))
        return self.filter(self._within(actor.scope(model.READ)), there, found)

    @staticmethod
    def _within(scope: Scope) -> Q:
        if scope.everywhere:
            return Q(pk__isnull=False)
        own = Q(store__in=scope.stores) | Q(company__in=scope.companies)
        return own | Q(store__isnull=True, company__in=scope.any_company)


class Attachment(HouseModel):
    """A file of a document: its content was looked at, it is small enough, and no place or camera is told by it."""

    READ = "core.see_attachments"

    class Purpose(models.TextChoices):
        DAMAGE = "damage", _("Damage photo")
        WORK = "work", _("Photo of the work")
        SIGNATURE = "signature", _("Signature")
        PAPER = "paper", _("Document")

    store = models.ForeignKey("core.Store", models.PROTECT, null=True, related_name="+")
    company = models.ForeignKey("core.Company", models.PROTECT, related_name="+")
    kind = models.CharField(max_length=40)
    object_id = models.BigIntegerField()
    purpose = models.CharField(_("purpose"), max_length=10, choices=Purpose, default=Purpose.PAPER)
    name = models.CharField(_("name"), max_length=120)
    path = models.CharField(max_length=200, unique=True, help_text="where the storage keeps it; a generated name")
    content_type = models.CharField(_("kind of file"), max_length=40)
    size = models.PositiveIntegerField(_("size in bytes"))
    digest = models.CharField(max_length=64, help_text="SHA-256 of the bytes as they are kept")
    remark = models.CharField(_("remark"), max_length=200, blank=True)
    added_by = models.CharField(_("added by"), max_length=80)
    added_at = models.DateTimeField(_("added"))
    removed_at = models.DateTimeField(_("taken away"), null=True, blank=True)

    objects = AttachmentRows.as_manager()

    class Meta:
        indexes = [models.Index(fields=["kind", "object_id", "id"], name="attachment_of_document")]

    def __str__(self) -> str:
        return gettext("Signature of the customer") if self.purpose == self.Purpose.SIGNATURE else self.name

    def get_absolute_url(self) -> str:
        return reverse("attachment", args=[self.pk])

    @staticmethod
    def small_of(path: str) -> str:
        """Where the small picture beside a file is kept."""
        return f"{path.rpartition('.')[0]}.small.jpg"

    @property
    def document(self) -> Any:
        """The row that the file belongs to."""
        return kinds_with_attachments()[self.kind]._base_manager.get(pk=self.object_id)

    @property
    def is_image(self) -> bool:
        """Whether a browser shows it as a picture."""
        return self.content_type.startswith("image/")
