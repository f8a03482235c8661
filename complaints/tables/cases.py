"""The list of cases, and the colours of their states."""

from typing import Any

import django_tables2 as tables
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from complaints.models import (
    Complaint,
)
from core.lists import HouseTable
from core.templatetags.ui import badge, dot, plate, when

Status = Complaint.Status
CASE_TONES = {
    Status.RECEIVED: "orange",
    Status.ANSWERING: "azure",
    Status.INVESTIGATING: "blue",
    Status.PROPOSING: "blue",
    Status.DECIDING: "purple",
    Status.CARRYING_OUT: "cyan",
    Status.CALLING: "yellow",
    Status.CLOSED: "green",
    Status.MERGED: "secondary",
}
SEVERITY_TONES = {"ordinary": "secondary", "serious": "orange", "major": "red"}
NATURE_TONES = {"complaint": "red", "enquiry": "azure", "suggestion": "green"}


class ComplaintTable(HouseTable):
    """Cases: which, who, what, by when, who keeps it, how far it has come. The view adds `due` and `is_late`."""

    number = tables.Column(verbose_name=gettext_lazy("Case"), empty_values=())
    name = tables.Column(verbose_name=gettext_lazy("Complainant"), empty_values=())
    words = tables.Column(verbose_name=gettext_lazy("What it is about"))
    received_at = tables.Column(verbose_name=gettext_lazy("Taken in"))
    due = tables.Column(verbose_name=gettext_lazy("Due"), accessor="pk")
    keeper = tables.Column(verbose_name=gettext_lazy("Case keeper"), empty_values=())
    status = tables.Column(verbose_name=gettext_lazy("Status"))

    class Meta:
        fields = ("number", "name", "words", "received_at", "due", "keeper", "status")
        sequence = fields

    def render_number(self, record: Complaint) -> Any:
        link = format_html('<a class="app-num" data-row-link href="{}">{}</a>', record.get_absolute_url(), record)
        nature = record.get_nature_display() if record.nature != Complaint.Nature.COMPLAINT else ""
        mark = badge(NATURE_TONES[record.nature], nature) if nature else ""
        if record.severity != Complaint.Severity.ORDINARY:
            mark = format_html("{} {}", badge(SEVERITY_TONES[record.severity], record.get_severity_display()), mark)
        return format_html("<div>{}<div>{}</div></div>", link, mark) if mark else link

    def value_number(self, record: Complaint) -> str:
        return str(record)

    def render_name(self, record: Complaint) -> Any:
        car = record.vehicle
        said = plate(car.plate) if car and car.plate else f"{record.brand} {record.series or record.model_name}".strip()
        under = format_html('<div class="text-secondary small app-num">{}</div>', said) if said else ""
        return format_html("<div>{}{}</div>", record.who or "–", under)

    def value_name(self, record: Complaint) -> str:
        return record.who

    def render_words(self, record: Complaint) -> Any:
        problem = record.problem
        under = format_html('<div class="text-secondary small">{}</div>', problem) if problem else ""
        return format_html('<div><div class="app-words">{}</div>{}</div>', record.words[:80], under)

    def value_words(self, record: Complaint) -> str:
        return record.words

    def render_received_at(self, value: Any) -> Any:
        return format_html('<span class="app-num">{}</span>', when(value))

    def value_received_at(self, value: Any) -> Any:
        return value

    def render_due(self, record: Any) -> Any:
        if record.due is None:
            return "–"
        said = format_html('<span class="app-num">{}</span>', when(record.due))
        return dot("red", said) if record.is_late else said

    def value_due(self, record: Any) -> Any:
        return record.due

    def render_keeper(self, record: Complaint) -> Any:
        return record.keeper or (badge("orange", _("nobody")) if record.is_open and not record.origin else "–")

    def value_keeper(self, record: Complaint) -> str:
        return str(record.keeper or "")

    def render_status(self, record: Complaint) -> Any:
        if record.status == Status.CLOSED and record.result:
            return badge("secondary" if record.result in Complaint.EXITS else "green", record.get_result_display())
        return badge(CASE_TONES[Status(record.status)], record.get_status_display())

    def value_status(self, record: Complaint) -> str:
        return str(record.get_result_display() or record.get_status_display())
