"""The list of what others keep: regulator, manufacturer, press."""

from typing import Any

import django_tables2 as tables
from django.utils.html import format_html
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from complaints.models import (
    OutsideCase,
)
from core.lists import HouseTable
from core.templatetags.ui import badge, when

OUTSIDE_TONES = {"media": "red", "regulator": "purple", "oem": "blue"}
STATEMENT_TONES = {"draft": "secondary", "asked": "orange", "approved": "blue", "published": "green"}


def outside_tone(outside: OutsideCase) -> str:
    """The colour of a body: public, regulator or manufacturer."""
    if outside.is_media:
        return OUTSIDE_TONES["media"]
    return OUTSIDE_TONES["oem" if outside.body == OutsideCase.Body.OEM else "regulator"]


class OutsideTable(HouseTable):
    """What others keep: where, which case of ours, who looks after it, what is due next."""

    complaint = tables.Column(verbose_name=gettext_lazy("Case"))
    words = tables.Column(verbose_name=gettext_lazy("What it is about"), accessor="complaint__words")
    body = tables.Column(verbose_name=gettext_lazy("Where"))
    came_at = tables.Column(verbose_name=gettext_lazy("Came"), attrs={"cell": {"class": "app-num"}})
    keeper = tables.Column(verbose_name=gettext_lazy("Case keeper"), accessor="complaint__keeper", empty_values=())
    statement_state = tables.Column(verbose_name=gettext_lazy("Public statement"))
    next_due = tables.Column(verbose_name=gettext_lazy("Due next"), attrs={"cell": {"class": "app-num"}})
    closed_at = tables.Column(verbose_name=gettext_lazy("State there"), empty_values=())

    class Meta:
        model = OutsideCase
        fields = ["complaint", "words", "body", "came_at", "keeper", "statement_state", "next_due", "closed_at"]

    def render_complaint(self, record: OutsideCase) -> Any:
        address = record.get_absolute_url()
        return format_html('<a class="fw-medium app-num text-nowrap" href="{}">{}</a>', address, record.complaint)

    def value_complaint(self, record: OutsideCase) -> str:
        return str(record.complaint)

    def render_words(self, value: str) -> str:
        return f"{value[:24]}…" if len(value) > 25 else value

    def value_words(self, value: str) -> str:
        return value

    def render_body(self, record: OutsideCase) -> Any:
        level = record.get_level_display() if record.level != OutsideCase.Level.ORDINARY else ""
        said = " · ".join(part for part in (record.number, str(level)) if part)
        mark = badge(outside_tone(record), record.get_body_display())
        return format_html('<div>{}<div class="text-secondary small app-num">{}</div></div>', mark, said)

    def value_body(self, record: OutsideCase) -> str:
        return " · ".join(part for part in (str(record), record.get_level_display(), record.url) if part)

    def render_came_at(self, record: OutsideCase) -> str:
        return when(record.came_at)

    def value_came_at(self, record: OutsideCase) -> Any:
        return record.came_at

    def render_keeper(self, record: OutsideCase) -> Any:
        return record.complaint.keeper or badge("orange", _("nobody"))

    def value_keeper(self, record: OutsideCase) -> str:
        return str(record.complaint.keeper or "")

    def render_statement_state(self, record: OutsideCase) -> Any:
        mark = badge(STATEMENT_TONES[record.statement_state], record.get_statement_state_display())
        return format_html("<div>{}</div>", mark)  # on a phone it keeps its label

    def value_statement_state(self, record: OutsideCase) -> str:
        return str(record.get_statement_state_display()) if record.statement_state else ""

    def render_next_due(self, value: Any) -> Any:
        said = when(value)
        return format_html('<span class="text-danger fw-medium">{}</span>', said) if value < now() else said

    def value_next_due(self, value: Any) -> Any:
        return value

    def render_closed_at(self, record: OutsideCase) -> Any:
        if record.closed_at:
            said = badge("secondary", _("Closed there"))
            return format_html('<div>{}<div class="small app-num">{}</div></div>', said, when(record.closed_at))
        return badge("azure", _("still open"))

    def value_closed_at(self, record: OutsideCase) -> Any:
        return record.closed_at
