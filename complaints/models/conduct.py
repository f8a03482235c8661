"""How one speaks with a complainant: conduct, phrases not to be used, answers at hand, promises (K-19, K-20)."""

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from complaints.models.problems import reads_chinese
from core.rows import HouseModel, Rows


class ConductRule(models.Model):
    """One rule of conduct beside the case: do not argue, do not promise lightly, do not push it away (K-19)."""

    position = models.PositiveSmallIntegerField(_("position"))
    words_zh = models.CharField(_("rule in Chinese"), max_length=120)
    words_en = models.CharField(_("rule in English"), max_length=120, blank=True)
    is_active = models.BooleanField(_("in force"), default=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["position", "id"]

    def __str__(self) -> str:
        return self.words_zh if reads_chinese() or not self.words_en else self.words_en


class ConductCheck(HouseModel):
    """Whether a rule of conduct was kept in a case, as somebody noted after a conversation."""

    READ = "complaints.see_complaints"
    STORE = "complaint__store"

    complaint = models.ForeignKey("complaints.Complaint", models.PROTECT, related_name="conduct")
    rule = models.ForeignKey(ConductRule, models.PROTECT, related_name="+")
    is_kept = models.BooleanField(_("kept"))
    by = models.ForeignKey("core.Employee", models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(_("at"))

    objects = Rows.as_manager()

    class Meta:
        ordering = ["rule__position", "id"]
        constraints = [models.UniqueConstraint(fields=["complaint", "rule"], name="conduct_check_once")]


class Phrase(models.Model):
    """Words that are not said to a customer (不行、不知道、不可以), and what to say instead (K-20)."""

    words = models.CharField(_("phrase"), max_length=40, unique=True)
    instead = models.CharField(_("say instead"), max_length=120, blank=True)
    is_active = models.BooleanField(_("in force"), default=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["words"]

    def __str__(self) -> str:
        return self.words


class ReplyTemplate(models.Model):
    """A tactful answer at hand (K-08), for a nature of case; {name}, {number} and {store} are put in."""

    nature = models.CharField(_("for"), max_length=10, blank=True, help_text=_("Empty: every nature."))
    title = models.CharField(pgettext_lazy("reply template", "title"), max_length=60)
    text = models.TextField(_("text"), max_length=2000)
    is_active = models.BooleanField(_("offered"), default=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["title", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["title"],
                name="reply_template_once",
                violation_error_message=_("An answer with this title is already there."),
            )
        ]

    def __str__(self) -> str:
        return self.title


class PromiseRows(Rows):
    """Reads of promises."""

    def open(self) -> Self:
        """Neither kept nor broken yet."""
        return self.filter(ended_at=None)

    def late(self) -> Self:
        """Open ones whose time has passed."""
        return self.open().filter(due_at__lt=now())

    def with_names(self) -> Self:
        """With the case, its store and keeper, and who promised it, for lists."""
        return self.select_related("complaint__store", "complaint__keeper", "complaint__customer", "by")


class Promise(HouseModel):
    """What somebody promised the customer in a case, until when, and whether it was kept (promise register, K-19)."""

    READ = "complaints.see_complaints"
    STORE = "complaint__store"

    complaint = models.ForeignKey("complaints.Complaint", models.PROTECT, related_name="promises")
    words = models.CharField(_("what was promised"), max_length=400)
    by = models.ForeignKey("core.Employee", models.PROTECT, related_name="promises", verbose_name=_("promised by"))
    made_at = models.DateTimeField(_("promised"))
    due_at = models.DateTimeField(_("until"))
    is_kept = models.BooleanField(_("kept"), null=True, blank=True)
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)
    remark = models.CharField(_("remark"), max_length=400, blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = PromiseRows.as_manager()

    class Meta:
        ordering = ["due_at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, is_kept__isnull=True)
                | Q(ended_at__isnull=False, is_kept__isnull=False),
                name="promise_ended_is_known",
                violation_error_message=_("Say whether the promise was kept."),
            )
        ]
        indexes = [
            models.Index(fields=["complaint", "id"], name="promise_of_complaint"),
            models.Index(fields=["due_at", "id"], name="promise_by_due"),
        ]

    def __str__(self) -> str:
        return self.words[:60]

    def get_absolute_url(self) -> str:
        return self.complaint.get_absolute_url()
