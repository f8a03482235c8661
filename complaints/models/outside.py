"""The same case where somebody outside keeps it."""

from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from complaints.models.cases import Complaint
from core.rows import HouseModel, Rows


class OutsideRows(Rows):
    """Reads of what others keep about cases."""

    def open(self) -> Self:
        """Not closed there yet."""
        return self.filter(closed_at=None)

    def of_media(self) -> Self:
        """In public: press, platforms, social media (C-44)."""
        return self.filter(body__in=OutsideCase.MEDIA)

    def with_names(self) -> Self:
        """With the case, its store, who complains and who keeps it, for lists."""
        return self.select_related("complaint__store", "complaint__keeper", "complaint__customer")


class OutsideCase(HouseModel):
    """The same case where somebody outside keeps it: 12315, 12345, the consumer association, the manufacturer's
    hotline, the press or a platform (K-01, C-44): its number, level, deadlines, appeal, statement and own closing."""

    READ = "complaints.see_complaints"
    STORE = "complaint__store"
    HAS_ATTACHMENTS = True

    class Body(models.TextChoices):
        MARKET = "12315", _("12315 market regulation")
        CITY = "12345", _("12345 city hotline")
        ASSOCIATION = "association", _("Consumer association")
        OEM = "oem", _("Manufacturer's hotline")
        CHEZHIWANG = "chezhiwang", _("12365auto.com")
        DOUYIN = "douyin", _("Douyin")
        XIAOHONGSHU = "xiaohongshu", _("Xiaohongshu")
        WEIBO = "weibo", _("Weibo")
        PRESS = "press", _("Newspaper, radio or television")
        OTHER = "other", _("Another platform")

    REGULATORS = (Body.MARKET, Body.CITY, Body.ASSOCIATION)
    MEDIA = (Body.CHEZHIWANG, Body.DOUYIN, Body.XIAOHONGSHU, Body.WEIBO, Body.PRESS, Body.OTHER)

    class Level(models.TextChoices):
        ORDINARY = "ordinary", _("Ordinary")
        ESCALATED = "escalated", _("Escalated")
        MAJOR = "major", _("Major")

    class Appeal(models.TextChoices):
        ASKED = "asked", _("Appealed")
        GRANTED = "granted", _("Appeal granted")
        REFUSED = "refused", _("Appeal refused")

    class Statement(models.TextChoices):
        DRAFT = "draft", _("Draft")
        ASKED = "asked", _("Waits for approval")
        APPROVED = "approved", _("Approved")
        PUBLISHED = "published", _("Published")

    complaint = models.ForeignKey(Complaint, models.PROTECT, related_name="outside")
    body = models.CharField(_("where"), max_length=12, choices=Body)
    number = models.CharField(_("number there"), max_length=60, blank=True)
    level = models.CharField(_("level"), max_length=10, choices=Level, default=Level.ORDINARY)
    url = models.URLField(_("link"), max_length=500, blank=True)
    came_at = models.DateTimeField(_("came"))
    contact = models.CharField(_("person there"), max_length=80, blank=True)
    remark = models.CharField(_("remark"), max_length=1000, blank=True)
    statement = models.TextField(_("statement"), max_length=2000, blank=True)
    statement_state = models.CharField(_("state of the statement"), max_length=10, choices=Statement, blank=True)
    published_at = models.DateTimeField(_("published"), null=True, blank=True)
    published_url = models.URLField(_("where it was published"), max_length=500, blank=True)
    appeal = models.CharField(_("appeal"), max_length=8, choices=Appeal, blank=True)
    appeal_words = models.CharField(_("grounds of the appeal"), max_length=1000, blank=True)
    appealed_at = models.DateTimeField(_("appealed"), null=True, blank=True)
    closed_at = models.DateTimeField(_("closed there"), null=True, blank=True)
    result_words = models.CharField(_("how it ended there"), max_length=1000, blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = OutsideRows.as_manager()

    class Meta:
        ordering = ["came_at", "id"]
        # no constraint: two stores may each be sent the same case; within a company the action says so
        indexes = [
            models.Index(fields=["body", "number"], name="outside_by_number"),
            models.Index(fields=["-came_at", "-id"], name="outside_newest"),
        ]

    def __str__(self) -> str:
        return f"{self.get_body_display()} {self.number}".strip()

    def get_absolute_url(self) -> str:
        return self.complaint.get_absolute_url()

    @property
    def is_media(self) -> bool:
        """Whether it is public, so that what the house says needs an approved statement."""
        return self.body in self.MEDIA
