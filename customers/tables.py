"""List tables of the customers room, and the colours of its states."""

from typing import Any

import django_tables2 as tables
from django.urls import reverse
from django.utils.dateparse import parse_datetime
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.lists import HouseTable
from core.templatetags.ui import badge, dot, icon, mask_vin, plate, when
from customers.models import Call, Customer, Message, Vehicle, VisitNote

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
LEVEL_TONES = {
    Customer.Level.SILVER: "secondary",
    Customer.Level.GOLD: "yellow",
    Customer.Level.PLATINUM: "purple",
}


def two_lines(first: Any, second: Any) -> Any:
    """What matters, and under it what explains it."""
    under = format_html('<div class="text-secondary small">{}</div>', second) if second else ""
    return format_html("<div>{}{}</div>", first, under)


def person(customer: Customer) -> Any:
    """A customer in a list: the name as the link, and their membership."""
    link = format_html('<a href="{}">{}</a>', customer.get_absolute_url(), customer)
    if not customer.level:
        return link
    mark = badge(LEVEL_TONES[Customer.Level(customer.level)], customer.get_level_display())
    return format_html("{} {}", link, mark)


class CustomerTable(HouseTable):
    """Customers of a company."""

    name = tables.Column(verbose_name=gettext_lazy("Name"), empty_values=())
    phone = tables.Column(verbose_name=gettext_lazy("Phone"))
    city = tables.Column(verbose_name=gettext_lazy("City or area"))
    cars = tables.Column(verbose_name=gettext_lazy("Cars"), accessor="vehicles__all", orderable=False)
    keeper = tables.Column(verbose_name=gettext_lazy("Keeper"))
    state = tables.Column(verbose_name="", accessor="pk", exclude_from_export=True)

    def render_name(self, record: Customer) -> Any:
        return person(record)

    def value_name(self, record: Customer) -> str:
        return str(record)

    def render_phone(self, value: str) -> Any:
        return format_html('<span class="app-num">{}</span>', value)

    def value_phone(self, value: str) -> str:
        return value

    def render_cars(self, record: Customer) -> str:
        return "、".join(plate(one.plate) if one.plate else str(one) for one in record.vehicles.all())

    def value_cars(self, record: Customer) -> str:
        return self.render_cars(record)

    def render_state(self, record: Customer) -> Any:
        if record.do_not_call:
            return dot("secondary", _("No calls"))
        return dot("orange", _("Incomplete")) if record.is_incomplete else ""

    class Meta:
        fields = ("name", "phone", "cars", "city", "keeper", "state")
        sequence = fields


class VehicleTable(HouseTable):
    """Cars of a company."""

    plate = tables.Column(verbose_name=gettext_lazy("Plate"), empty_values=())
    model = tables.Column(verbose_name=gettext_lazy("Model"), accessor="title")
    vin = tables.Column(verbose_name=gettext_lazy("VIN"))
    owner = tables.Column(verbose_name=gettext_lazy("Owner"))
    mileage = tables.Column(verbose_name=gettext_lazy("Mileage"), attrs={"cell": {"class": "text-end app-num"}})
    state = tables.Column(verbose_name="", accessor="pk", exclude_from_export=True)

    def render_plate(self, record: Vehicle) -> Any:
        name = plate(record.plate) if record.plate else str(record)
        return format_html('<a class="app-num" href="{}">{}</a>', record.get_absolute_url(), name)

    def value_plate(self, record: Vehicle) -> str:
        return record.plate

    def render_vin(self, value: str) -> Any:
        return format_html('<span class="app-num">{}</span>', mask_vin(value))

    def value_vin(self, value: str) -> str:
        return value

    def render_mileage(self, value: int) -> str:
        return f"{value:,} km"

    def value_mileage(self, value: int) -> int:
        return value

    def render_state(self, record: Vehicle) -> Any:
        if record.is_incomplete:
            return dot("orange", _("Incomplete"))
        return dot("yellow", _("Check the VIN")) if record.vin_remark else ""

    class Meta:
        fields = ("plate", "model", "vin", "owner", "mileage", "state")
        sequence = fields


class CallTable(HouseTable):
    """The queue of follow-up calls: whom, by which phone, about what, by when."""

    name = tables.Column(verbose_name=gettext_lazy("Whom"), empty_values=())
    phone = tables.Column(verbose_name=gettext_lazy("Phone"))
    what = tables.Column(verbose_name=gettext_lazy("What was done"), accessor="note__what", empty_values=())
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
        return format_html('<span class="app-num text-secondary">{}</span>', record.phone)

    def value_phone(self, value: str) -> str:
        return value

    def render_what(self, record: Call) -> Any:
        car = record.note.vehicle
        return two_lines(plate(car.plate) if car.plate else str(car), record.note.what)

    def value_what(self, record: Call) -> str:
        return record.note.what

    def render_not_before(self, record: Call) -> Any:
        if not record.is_open:
            return format_html('<span class="app-num">{}</span>', when(record.closed_at))
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


class MessageTable(HouseTable):
    """The outbox."""

    code = tables.Column(verbose_name=gettext_lazy("Message"))
    customer = tables.Column(verbose_name=gettext_lazy("Customer"), default="–")
    phone = tables.Column(verbose_name=gettext_lazy("Phone"))
    channel = tables.Column(verbose_name=gettext_lazy("Told by"))
    created_at = tables.Column(verbose_name=gettext_lazy("Since"))
    state = tables.Column(verbose_name=gettext_lazy("Status"), accessor="pk")
    step = tables.Column(verbose_name="", accessor="pk", exclude_from_export=True)

    def render_code(self, record: Message) -> Any:
        promised = parse_datetime(record.params.get("promised_at", ""))
        return two_lines(record.get_code_display(), when(promised) if promised else plate(record.params.get("plate")))

    def value_code(self, record: Message) -> str:
        return record.get_code_display()

    def render_customer(self, value: Customer) -> Any:
        return format_html('<a href="{}">{}</a>', value.get_absolute_url(), value)

    def value_customer(self, value: Customer) -> str:
        return str(value)

    def render_created_at(self, value: Any) -> Any:
        return format_html('<span class="app-num">{}</span>', when(value))

    def value_created_at(self, value: Any) -> Any:
        return value

    def render_state(self, record: Message) -> Any:
        if record.done_at:
            return badge("green", _("Told by hand") if record.by_hand else _("Sent"))
        return badge("orange", _("Tell by hand"))

    def value_state(self, record: Message) -> str:
        return _("Told") if record.done_at else _("Tell by hand")

    def render_step(self, record: Message) -> Any:
        if record.done_at or not self.may_mark:
            return ""
        return format_html(
            '<a class="btn btn-sm" href="{}">{}</a>', reverse("mark_told", args=[record.pk]), _("I told the customer")
        )

    @property
    def may_mark(self) -> bool:
        """Whether the reader may note that a customer was told."""
        return bool(self.request.actor.may("customers.mark_told"))

    class Meta:
        fields = ("code", "customer", "phone", "channel", "created_at", "state", "step")
        sequence = fields
