"""List tables of follow-up calls, and the colours of their states."""

from typing import Any

import django_tables2 as tables
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.lists import HouseTable
from core.templatetags.ui import badge, dot, icon, mask_phone, plate, when
from customers.models import Call, Customer, Vehicle, VisitNote

CALL_TONES = {
    Call.Status.PLANNED: "azure",
    Call.Status.ASSIGNED: "blue",
    Call.Status.REACHED: "green",
    Call.Status.GIVEN_UP: "orange",
    Call.Status.DROPPED: "secondary",
}
ANSWER_TONES = {
    Call.Answer.SATISFIED: "green",
    Call.Answer.AVERAGE: "yellow",
    Call.Answer.DISSATISFIED: "red",
}


def two_lines(first: Any, second: Any) -> Any:
    """What matters, and under it what explains it."""
    under = format_html('<div class="text-secondary small">{}</div>', second) if second else ""
    return format_html("<div>{}{}</div>", first, under)


class CallTable(HouseTable):
    """The queue of follow-up calls: whom, by which phone, about what, by when."""

    name = tables.Column(verbose_name=gettext_lazy("Whom"), empty_values=())
    phone = tables.Column(verbose_name=gettext_lazy("Phone"))
    what = tables.Column(verbose_name=gettext_lazy("What was done"), accessor="about", empty_values=())
    not_before = tables.Column(verbose_name=gettext_lazy("When"))
    due_on = tables.Column(verbose_name=gettext_lazy("Due"))
    agent = tables.Column(verbose_name=gettext_lazy("Agent"), default="–")
    status = tables.Column(verbose_name=gettext_lazy("Status"))

    def render_name(self, record: Call) -> Any:
        link = format_html('<a data-row-link href="{}">{}</a>', record.get_absolute_url(), record)
        return format_html("{} {}", link, badge("yellow", _("Member"))) if record.is_member else link

    def value_name(self, record: Call) -> str:
        return str(record)

    def render_phone(self, record: Call) -> Any:
        """A link to dial only while the person may be disturbed (C-24)."""
        if record.is_callable:
            return format_html(
                '<a class="btn btn-sm" href="tel:{}">{}{}</a>', record.phone, icon("phone"), record.phone
            )
        return format_html('<span class="app-num text-secondary">{}</span>', mask_phone(record.phone))

    def value_phone(self, value: str) -> str:
        return value

    def render_what(self, record: Call) -> Any:
        car = record.car
        if car is None:
            return record.what
        return two_lines(plate(car.plate) if car.plate else str(car), record.what)

    def value_what(self, record: Call) -> str:
        return record.what

    def render_not_before(self, record: Call) -> Any:
        if not record.is_open:
            return format_html('<span class="app-num">{}</span>', when(record.closed_at))
        if record.is_held:
            case = format_html('<a href="{}">{}</a>', record.address, record.about)
            return two_lines(dot("purple", _("Waits for a complaint")), case)
        hours = format_html('<span class="app-num">{}</span>', when(record.not_before))
        if record.is_callable:
            return dot("green", _("Now"))
        return two_lines(hours, _("Time agreed") if record.is_agreed else "")

    def render_due_on(self, record: Call) -> Any:
        first = ""
        if record.due_on != record.original_due_on:
            first = _("first %(day)s") % {"day": when(record.original_due_on)}
        day = format_html('<span class="app-num">{}</span>', when(record.due_on))
        if record.is_planned_late:
            return two_lines(dot("orange", day), _("No hour in time; not the agent's fault"))
        return two_lines(dot("red", day) if record.is_late else day, first)

    def value_due_on(self, value: Any) -> Any:
        return value

    def render_status(self, record: Call) -> Any:
        if record.answer:
            return badge(ANSWER_TONES[Call.Answer(record.answer)], record.get_answer_display())
        words = badge(CALL_TONES[Call.Status(record.status)], record.get_status_display())
        return words if not record.attempts else format_html("{} ×{}", words, record.attempts)

    def value_status(self, record: Call) -> str:
        return record.get_answer_display() or record.get_status_display()

    class Meta:
        fields = ("name", "phone", "what", "not_before", "due_on", "agent", "status")
        sequence = fields


class UnplannedTable(HouseTable):
    """Visits that are owed a call which cannot be planned."""

    vehicle = tables.Column(verbose_name=gettext_lazy("Car"))
    customer = tables.Column(verbose_name=gettext_lazy("Customer"), default="–")
    left_at = tables.Column(verbose_name=gettext_lazy("Left"))
    what = tables.Column(verbose_name=gettext_lazy("What was done"))
    why = tables.Column(verbose_name=gettext_lazy("What is missing"), accessor="pk")

    def render_vehicle(self, value: Vehicle) -> Any:
        return format_html('<a href="{}">{}</a>', value.get_absolute_url(), plate(value.plate) or value)

    def render_customer(self, value: Customer) -> Any:
        return format_html('<a href="{}">{}</a>', value.get_absolute_url(), value)

    def render_left_at(self, value: Any) -> Any:
        return format_html('<span class="app-num">{}</span>', when(value))

    def render_why(self, record: VisitNote) -> str:
        if not record.driver_phone and not (record.customer and record.customer.phone):
            return _("A phone number")
        return _("Hours in which the person may be called")

    class Meta:
        fields = ("vehicle", "customer", "left_at", "what", "why")
        sequence = fields
