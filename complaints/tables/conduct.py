"""The register of promises."""

from typing import Any

import django_tables2 as tables
from django.utils.html import format_html
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from complaints.models import (
    Promise,
)
from core.lists import HouseTable
from core.templatetags.ui import badge, dot, when


class PromiseTable(HouseTable):
    """The register of promises: what, in which case, by whom, until when, kept or not."""

    words = tables.Column(verbose_name=gettext_lazy("What was promised"))
    complaint = tables.Column(verbose_name=gettext_lazy("Case"))
    by = tables.Column(verbose_name=gettext_lazy("Promised by"))
    made_at = tables.Column(verbose_name=gettext_lazy("Promised"))
    due_at = tables.Column(verbose_name=gettext_lazy("To be kept by"))
    is_kept = tables.Column(verbose_name=gettext_lazy("Kept?"), empty_values=())
    remark = tables.Column(verbose_name=gettext_lazy("Remark"), empty_values=())

    class Meta:
        model = Promise
        fields = ["words", "complaint", "by", "made_at", "due_at", "is_kept", "remark"]

    def render_complaint(self, record: Promise) -> Any:
        one = record.complaint
        link = format_html('<a class="app-num" data-row-link href="{}">{}</a>', one.get_absolute_url(), one)
        return format_html('<div>{}<div class="text-secondary small">{}</div></div>', link, one.who)

    def value_complaint(self, record: Promise) -> str:
        return str(record.complaint)

    def render_made_at(self, value: Any) -> Any:
        return format_html('<span class="app-num">{}</span>', when(value))

    def value_made_at(self, value: Any) -> Any:
        return value

    def render_due_at(self, record: Promise) -> Any:
        said = format_html('<span class="app-num">{}</span>', when(record.due_at))
        return dot("red", said) if record.ended_at is None and record.due_at < now() else said

    def value_due_at(self, record: Promise) -> Any:
        return record.due_at

    def render_is_kept(self, record: Promise) -> Any:
        if record.ended_at is None:
            return badge("blue", pgettext("promise", "Open"))
        return badge("green", _("Kept")) if record.is_kept else badge("red", _("Broken"))

    def value_is_kept(self, record: Promise) -> str:
        return str(
            pgettext("promise", "Open") if record.ended_at is None else _("Kept") if record.is_kept else _("Broken")
        )

    def render_remark(self, record: Promise) -> str:
        return record.remark or "–"

    def value_remark(self, record: Promise) -> str:
        return record.remark
