"""List tables of the service room, and the colours of its states."""

from typing import Any

import django_tables2 as tables
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.lists import HouseTable
from core.templatetags.ui import badge, dot, money, plate, when
from service.models import Job, Line, Order, Visit

ORDER_TONES = {
    Order.Status.RECEIVED: "azure",
    Order.Status.ESTIMATED: "orange",
    Order.Status.TO_DISPATCH: "purple",
    Order.Status.IN_WORK: "blue",
    Order.Status.CHECKING: "cyan",
    Order.Status.DONE: "teal",
    Order.Status.READY: "green",
    Order.Status.SETTLED: "green",
    Order.Status.HANDED_OVER: "green",
    Order.Status.CLOSED: "secondary",
    Order.Status.DROPPED: "secondary",
}
VISIT_TONES = {
    Visit.Status.ARRIVED: "azure",
    Visit.Status.RECEIVED: "blue",
    Visit.Status.READY: "green",
    Visit.Status.HANDED_OVER: "teal",
    Visit.Status.LEFT: "secondary",
}
JOB_TONES = {
    Job.Status.OPEN: "azure",
    Job.Status.TO_DISPATCH: "purple",
    Job.Status.DISPATCHED: "indigo",
    Job.Status.IN_WORK: "blue",
    Job.Status.CHECKING: "cyan",
    Job.Status.DONE: "green",
    Job.Status.DROPPED: "secondary",
}
CONSENT_TONES = {
    Line.Consent.ASKED: "orange",
    Line.Consent.AUTHORISED: "green",
    Line.Consent.DECLINED: "secondary",
    Line.Consent.DEFERRED: "yellow",
    Line.Consent.DROPPED: "secondary",
}


def car(visit: Visit, url: str) -> Any:
    """A car in a list: its plate as the link, make and model under it."""
    vehicle = visit.vehicle
    name = plate(vehicle.plate) if vehicle.plate else str(vehicle)
    title = vehicle.title
    return format_html(
        '<a class="fw-medium app-num" href="{}">{}</a><div class="text-secondary small">{}</div>', url, name, title
    )


def promise(visit: Visit) -> Any:
    """The promise in a list: red when it is broken."""
    if not visit.promised_at:
        return "–"
    text = format_html('<span class="app-num">{}</span>', when(visit.promised_at))
    return format_html("{}<div>{}</div>", text, dot("red", _("Late"))) if visit.is_late else text


class VisitTable(HouseTable):
    """Cars in the store."""

    vehicle = tables.Column(verbose_name=gettext_lazy("Car"))
    customer = tables.Column(verbose_name=gettext_lazy("Customer"))
    status = tables.Column(verbose_name=gettext_lazy("Status"))
    kind = tables.Column(verbose_name=gettext_lazy("Kind"))
    advisor = tables.Column(verbose_name=gettext_lazy("Service advisor"))
    arrived_at = tables.Column(verbose_name=gettext_lazy("Arrived"))
    promised_at = tables.Column(verbose_name=gettext_lazy("Promised for"))

    class Meta:
        model = Visit
        fields = ["vehicle", "customer", "status", "kind", "advisor", "arrived_at", "promised_at"]

    def render_vehicle(self, record: Visit) -> Any:
        return car(record, record.get_absolute_url())

    def value_vehicle(self, record: Visit) -> str:
        return plate(str(record.vehicle))

    def render_kind(self, record: Visit) -> str:
        return "—" if record.status == Visit.Status.ARRIVED else str(record.get_kind_display())

    def render_status(self, record: Any) -> Any:
        mark = badge(VISIT_TONES[Visit.Status(record.status)], record.get_status_display())
        stage = getattr(record, "stage", None)
        if stage and record.status == Visit.Status.RECEIVED:
            mark = badge(ORDER_TONES[Order.Status(stage)], Order.Status(stage).label)
        return format_html("{} {}", mark, badge("orange", _("waits"))) if record.waits and not record.left_at else mark

    def value_status(self, record: Any) -> str:
        stage = getattr(record, "stage", None)
        if stage and record.status == Visit.Status.RECEIVED:
            return str(Order.Status(stage).label)
        return str(record.get_status_display())

    def render_arrived_at(self, value: Any) -> Any:
        return format_html('<span class="app-num">{}</span>', when(value))

    def value_arrived_at(self, value: Any) -> Any:
        return value

    def render_promised_at(self, record: Visit) -> Any:
        return promise(record)

    def value_promised_at(self, value: Any) -> Any:
        return value


class OrderTable(HouseTable):
    """Repair orders."""

    number = tables.Column(verbose_name=gettext_lazy("Document number"), empty_values=())
    vehicle = tables.Column(verbose_name=gettext_lazy("Car"), accessor="visit__vehicle")
    customer = tables.Column(verbose_name=gettext_lazy("Customer"), accessor="visit__customer")
    status = tables.Column(verbose_name=gettext_lazy("Status"))
    advisor = tables.Column(verbose_name=gettext_lazy("Service advisor"), accessor="visit__advisor")
    opened_at = tables.Column(verbose_name=gettext_lazy("Opened"))
    promised_at = tables.Column(verbose_name=gettext_lazy("Promised for"), accessor="visit__promised_at")
    amount = tables.Column(verbose_name=gettext_lazy("Amount"), attrs={"cell": {"class": "text-end app-num"}})

    class Meta:
        model = Order
        fields = ["vehicle", "number", "customer", "status", "advisor", "opened_at", "promised_at", "amount"]
        sequence = ["vehicle", "number", "..."]

    def render_number(self, record: Order) -> Any:
        return format_html('<span class="app-num">{}</span>', str(record))

    def value_number(self, record: Order) -> str:
        return str(record)

    def render_vehicle(self, record: Order) -> Any:
        return car(record.visit, record.get_absolute_url())

    def value_vehicle(self, record: Order) -> str:
        return plate(str(record.visit.vehicle))

    def render_status(self, record: Order) -> Any:
        mark = badge(ORDER_TONES[Order.Status(record.status)], record.get_status_display())
        waits = record.visit.waits and not record.visit.left_at
        return format_html("{} {}", mark, badge("orange", _("waits"))) if waits else mark

    def value_status(self, record: Order) -> str:
        return str(record.get_status_display())

    def render_opened_at(self, value: Any) -> Any:
        return format_html('<span class="app-num">{}</span>', when(value))

    def value_opened_at(self, value: Any) -> Any:
        return value

    def render_promised_at(self, record: Order) -> Any:
        return promise(record.visit)

    def value_promised_at(self, value: Any) -> Any:
        return value

    def render_amount(self, value: Any) -> str:
        return money(value)

    def value_amount(self, value: Any) -> Any:
        return value


class JobTable(HouseTable):
    """Jobs of the workshop, each with its next step as a button."""

    vehicle = tables.Column(verbose_name=gettext_lazy("Car"), accessor="order__visit__vehicle")
    words = tables.Column(verbose_name=gettext_lazy("Job"))
    status = tables.Column(verbose_name=gettext_lazy("Status"))
    technician = tables.Column(verbose_name=gettext_lazy("Technician"))
    promised_at = tables.Column(verbose_name=gettext_lazy("Promised for"), accessor="order__visit__promised_at")
    step = tables.Column(verbose_name="", accessor="pk", exclude_from_export=True)

    class Meta:
        model = Job
        fields = ["vehicle", "words", "status", "technician", "promised_at", "step"]

    def render_vehicle(self, record: Job) -> Any:
        return car(record.order.visit, record.order.get_absolute_url())

    def value_vehicle(self, record: Job) -> str:
        return plate(str(record.order.visit.vehicle))

    def render_words(self, record: Job) -> Any:
        return format_html('{}<div class="text-secondary small">{}</div>', record.words, record.get_kind_display())

    def value_words(self, record: Job) -> str:
        return record.words

    def render_status(self, record: Job) -> Any:
        mark = badge(JOB_TONES[Job.Status(record.status)], record.get_status_display())
        if record.check_failures and record.status == Job.Status.IN_WORK:
            return format_html("{} {}", mark, badge("red", _("failed the check")))
        return mark

    def value_status(self, record: Job) -> str:
        return str(record.get_status_display())

    def render_promised_at(self, record: Job) -> Any:
        return promise(record.order.visit)

    def value_promised_at(self, value: Any) -> Any:
        return value

    def render_step(self, record: Any) -> Any:
        step = getattr(record, "step", None)
        if not step:
            return ""
        return format_html(
            '<a class="btn btn-primary btn-sm" href="{}?next=/workshop/">{}</a>', step["url"], step["label"]
        )
