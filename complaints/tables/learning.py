"""The lists of corrective actions and known issues."""

from typing import Any

import django_tables2 as tables
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from complaints.models import (
    Bulletin,
    Correction,
)
from core.lists import HouseTable
from core.templatetags.ui import badge, when

CORRECTION_TONES = {"open": "blue", "done": "orange", "effective": "green", "dropped": "secondary"}
SOURCE_TONES = {"own": "blue", "peer": "purple", "oem": "cyan", "press": "orange"}


class CorrectionTable(HouseTable):
    """Corrective actions: what, out of which case, whose, until when, how far."""

    words = tables.Column(verbose_name=gettext_lazy("What is changed"))
    owner = tables.Column(verbose_name=gettext_lazy("Done by"))
    department = tables.Column(verbose_name=gettext_lazy("Department"), empty_values=())
    due_on = tables.Column(verbose_name=gettext_lazy("To be done by"))
    check_on = tables.Column(verbose_name=gettext_lazy("Effect to be checked on"), empty_values=())
    status = tables.Column(verbose_name=gettext_lazy("Status"))
    store = tables.Column(verbose_name=gettext_lazy("Store"))

    class Meta:
        model = Correction
        fields = ["words", "owner", "department", "due_on", "check_on", "status", "store"]

    def render_words(self, record: Correction) -> Any:
        case = record.complaint
        under = format_html('<div class="text-secondary small app-num">{}</div>', case) if case else ""
        link = format_html('<a data-row-link href="{}">{}</a>', record.get_absolute_url(), record.words[:120])
        return format_html("<div>{}{}</div>", link, under)

    def value_words(self, record: Correction) -> str:
        return record.words

    def render_department(self, record: Correction) -> str:
        return str(record.get_department_display() or "–")

    def value_department(self, record: Correction) -> str:
        return str(record.get_department_display())

    def render_due_on(self, record: Correction) -> Any:
        late = badge("red", _("Late")) if record.is_late else ""
        return format_html('<span><span class="app-num">{}</span> {}</span>', when(record.due_on), late)

    def value_due_on(self, value: Any) -> Any:
        return value

    def render_check_on(self, record: Correction) -> Any:
        return format_html('<span class="app-num">{}</span>', when(record.check_on))

    def value_check_on(self, record: Correction) -> Any:
        return record.check_on

    def render_status(self, record: Correction) -> Any:
        return badge(CORRECTION_TONES[record.status], record.get_status_display())

    def value_status(self, record: Correction) -> str:
        return record.get_status_display()


class BulletinTable(HouseTable):
    """Known issues: what, which cars, which fault, from where, since when. The view counts the cases."""

    title = tables.Column(verbose_name=gettext_lazy("Known issue"))
    series = tables.Column(verbose_name=gettext_lazy("Cars"), empty_values=())
    problem = tables.Column(verbose_name=gettext_lazy("Fault"))
    source = tables.Column(verbose_name=gettext_lazy("Source"))
    published_at = tables.Column(verbose_name=gettext_lazy("Published"), attrs={"cell": {"class": "app-num"}})
    cases = tables.Column(verbose_name=gettext_lazy("Cases"), accessor="n_cases", attrs={"cell": {"class": "app-num"}})
    ended_on = tables.Column(verbose_name=gettext_lazy("Status"), empty_values=())

    class Meta:
        model = Bulletin
        fields = ["title", "series", "problem", "source", "published_at", "cases", "ended_on"]

    def render_title(self, record: Bulletin) -> Any:
        return format_html('<a data-row-link href="{}">{}</a>', record.get_absolute_url(), record.title)

    def value_title(self, record: Bulletin) -> str:
        return record.title

    def render_series(self, record: Bulletin) -> str:
        return record.cars

    def value_series(self, record: Bulletin) -> str:
        return record.cars

    def render_source(self, record: Bulletin) -> Any:
        return badge(SOURCE_TONES[record.source], record.get_source_display())

    def value_source(self, record: Bulletin) -> str:
        return " · ".join(part for part in (str(record.get_source_display()), record.source_words) if part)

    def render_published_at(self, value: Any) -> str:
        return when(value)

    def value_published_at(self, value: Any) -> Any:
        return value

    def render_ended_on(self, record: Bulletin) -> Any:
        return badge("secondary", _("Ended")) if record.ended_on else badge("green", _("In force"))

    def value_ended_on(self, record: Bulletin) -> str:
        return _("Ended") if record.ended_on else _("In force")
