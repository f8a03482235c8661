"""The list table of the outbox, and the colours of its states."""

from typing import Any

import django_tables2 as tables
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.lists import HouseTable
from core.templatetags.ui import badge, icon, mask_phone, when
from customers.models import Customer, Message
from customers.tables.calls import two_lines

MESSAGE_TONES = {
    Message.State.QUIET: "azure",
    Message.State.WAITING: "blue",
    Message.State.BY_HAND: "orange",
    Message.State.SENT: "green",
    Message.State.TOLD: "green",
    Message.State.GIVEN_UP: "red",
}


class MessageTable(HouseTable):
    """The outbox: what is to be said, to whom, how far it came, and what can be done about it."""

    code = tables.Column(verbose_name=gettext_lazy("Message"))
    customer = tables.Column(verbose_name=gettext_lazy("Customer"), default="–")
    phone = tables.Column(verbose_name=gettext_lazy("Phone"))
    channel = tables.Column(verbose_name=gettext_lazy("Told by"))
    created_at = tables.Column(verbose_name=gettext_lazy("Since"))
    state = tables.Column(verbose_name=gettext_lazy("Status"), accessor="pk")
    step = tables.Column(verbose_name="", accessor="pk", exclude_from_export=True)

    def render_code(self, record: Message) -> Any:
        name = record.get_code_display()
        about = format_html('<a href="{}">{}</a>', record.address, name) if record.address else name
        if not record.is_open:
            return two_lines(about, format_html('<span class="app-words">{}</span>', record.text))
        words = format_html(
            '<span class="app-words" id="message-{0}">{1}</span>'
            '<button class="btn btn-sm app-message-copy" type="button" data-copy="message-{0}" data-copied="{2}">{3}{4}'
            "</button>",
            str(record.pk),
            record.text,
            _("Copied"),
            icon("copy"),
            _("Copy the text"),
        )
        return two_lines(about, words)

    def value_code(self, record: Message) -> str:
        return record.get_code_display()

    def render_customer(self, value: Customer) -> Any:
        return format_html('<a class="text-nowrap" href="{}">{}</a>', value.get_absolute_url(), value)

    def value_customer(self, value: Customer) -> str:
        return str(value)

    def render_phone(self, record: Message) -> Any:
        """A link to dial while somebody has to tell by hand."""
        if not record.is_open or not record.phone:
            return format_html('<span class="app-num text-secondary">{}</span>', mask_phone(record.phone))
        return format_html('<a class="btn btn-sm" href="tel:{}">{}{}</a>', record.phone, icon("phone"), record.phone)

    def value_phone(self, value: str) -> str:
        return value

    def render_created_at(self, value: Any) -> Any:
        return format_html('<span class="app-num">{}</span>', when(value))

    def value_created_at(self, value: Any) -> Any:
        return value

    def render_state(self, record: Message) -> Any:
        mark = badge(MESSAGE_TONES[record.state], record.state.label)
        if record.state == Message.State.QUIET:
            return two_lines(mark, when(record.due_at))
        if record.state in {Message.State.GIVEN_UP, Message.State.WAITING} and record.last_error:
            return two_lines(mark, record.why[:80])
        return mark

    def value_state(self, record: Message) -> str:
        return str(record.state.label)

    def render_step(self, record: Message) -> Any:
        if not record.is_open or not self.may_mark:
            return ""
        told = format_html(
            '<a class="btn btn-sm" href="{}">{}</a>', reverse("mark_told", args=[record.pk]), _("I told the customer")
        )
        if record.state != Message.State.GIVEN_UP or not record.has_gateway:
            return told
        again = format_html(
            '<a class="btn btn-sm" href="{}">{}</a>', reverse("retry_message", args=[record.pk]), _("Send once more")
        )
        return format_html('<span class="d-inline-flex gap-2">{}{}</span>', again, told)

    @property
    def may_mark(self) -> bool:
        """Whether the reader may note that a customer was told."""
        return bool(self.request.actor.may("customers.mark_told"))

    class Meta:
        fields = ("code", "customer", "phone", "channel", "created_at", "state", "step")
        sequence = fields
