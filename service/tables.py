"""List tables of the service room, and the colours of its states."""

import uuid
from typing import Any

import django_tables2 as tables
from django.middleware.csrf import get_token
from django.utils.html import format_html
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.lists import HouseTable
from core.templatetags.ui import NOTHING, badge, dot, km_range, minutes, money, plate, quantity, when
from service.models import CatalogueItem, Job, Line, Menu, Order, Party, Visit
from service.models.wall import Wait

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


WAIT_TONES = {
    Wait.GREETING: "azure",
    Wait.RECEPTION: "azure",
    Wait.ESTIMATE: "indigo",
    Wait.CONSENT: "orange",
    Wait.DISPATCH: "purple",
    Wait.PARTS: "yellow",
    Wait.ASSESSMENT: "yellow",
    Wait.MANUFACTURER: "yellow",
    Wait.SUBLET: "yellow",
    Wait.WORK: "blue",
    Wait.CHECK: "cyan",
    Wait.WASH: "teal",
    Wait.TELLING: "orange",
    Wait.EXPLAINING: "green",
    Wait.SETTLING: "green",
    Wait.PAYMENT: "orange",
    Wait.HANDOVER: "green",
    Wait.GATE: "green",
}

WIDE = {"cell": {"class": "app-cell-wide"}}  # words that must not be pressed into one character a line
NAME = {"cell": {"class": "app-cell-name"}}
DETAIL = {"cell": {"class": "app-tablet-hide"}}  # what a tablet has no room for


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


def tap(request: Any, url: str, label: str, *, is_link: bool = False) -> Any:
    """The next step of a row as a button: a page to open, or one tap that does it."""
    if is_link:
        return format_html('<a class="btn btn-sm btn-primary" href="{}">{}</a>', url, label)
    return format_html(
        '<form method="post" action="{}"><input type="hidden" name="csrfmiddlewaretoken" value="{}">'
        '<input type="hidden" name="form_token" value="{}">'
        '<button class="btn btn-sm btn-primary" data-busy>{}</button></form>',
        url,
        get_token(request),
        uuid.uuid4(),
        label,
    )


def waiting(visit: Visit) -> tuple[str, str] | None:
    """The waiting clock of the reception: colour and words; amber from the store's target on, red from twice that."""
    if visit.status != Visit.Status.ARRIVED:
        return None
    waited = ((visit.greeted_at or now()) - visit.arrived_at).total_seconds() / 60
    target = visit.store.reception_minutes
    if visit.greeted_at:
        return "azure", _("greeted after %(time)s") % {"time": minutes(waited)}
    tone = "red" if waited >= 2 * target else "orange" if waited >= target else "green"
    return tone, _("waits for a greeting: %(time)s") % {"time": minutes(waited)}


class VisitTable(HouseTable):
    """Cars in the store."""

    vehicle = tables.Column(verbose_name=gettext_lazy("Car"))
    customer = tables.Column(verbose_name=gettext_lazy("Customer"))
    status = tables.Column(verbose_name=gettext_lazy("Status"))
    kind = tables.Column(verbose_name=gettext_lazy("Kind"))
    advisor = tables.Column(verbose_name=gettext_lazy("Service advisor"))
    arrived_at = tables.Column(verbose_name=gettext_lazy("Arrived"))
    promised_at = tables.Column(verbose_name=gettext_lazy("Promised for"))
    step = tables.Column(verbose_name="", accessor="pk", exclude_from_export=True)

    class Meta:
        model = Visit
        fields = ["vehicle", "customer", "status", "kind", "advisor", "arrived_at", "promised_at", "step"]

    def render_step(self, record: Any) -> Any:
        return getattr(record, "step", "")

    def render_vehicle(self, record: Visit) -> Any:
        return car(record, record.get_absolute_url())

    def value_vehicle(self, record: Visit) -> str:
        return plate(str(record.vehicle))

    def render_kind(self, record: Visit) -> str:
        return NOTHING if record.status == Visit.Status.ARRIVED else str(record.get_kind_display())

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

    def render_arrived_at(self, record: Visit, value: Any) -> Any:
        text = format_html('<span class="app-num">{}</span>', when(value))
        clock = waiting(record)
        return format_html("{}<div>{}</div>", text, dot(*clock)) if clock else text

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
    customer = tables.Column(verbose_name=gettext_lazy("Customer"), accessor="visit__customer", attrs=NAME)
    status = tables.Column(verbose_name=gettext_lazy("Status"))
    advisor = tables.Column(verbose_name=gettext_lazy("Service advisor"), accessor="visit__advisor")
    opened_at = tables.Column(verbose_name=gettext_lazy("Opened"), attrs=DETAIL)
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


class ItemTable(HouseTable):
    """The catalogue."""

    code = tables.Column(verbose_name=gettext_lazy("Code"))
    name = tables.Column(verbose_name=gettext_lazy("Item"), attrs=WIDE)
    kind = tables.Column(verbose_name=gettext_lazy("Kind"))
    quantity = tables.Column(
        verbose_name=gettext_lazy("Usual quantity or hours"), attrs={"cell": {"class": "text-end app-num"}}
    )
    price = tables.Column(
        verbose_name=gettext_lazy("Unit price, tax included"),
        empty_values=(),
        attrs={"cell": {"class": "text-end app-num"}},
    )
    supply = tables.Column(verbose_name=gettext_lazy("VAT class"), attrs=WIDE)
    brand = tables.Column(verbose_name=gettext_lazy("Brand"), attrs=DETAIL)
    fits = tables.Column(verbose_name=gettext_lazy("Models"), attrs=NAME)
    is_active = tables.Column(verbose_name=gettext_lazy("Offered"))

    class Meta:
        model = CatalogueItem
        fields = ["code", "name", "kind", "quantity", "price", "supply", "brand", "fits", "is_active"]

    def render_code(self, record: CatalogueItem) -> Any:
        if not self.request.actor.may("service.keep_catalogue"):
            return record.code
        return format_html('<a class="app-num" href="{}">{}</a>', record.get_absolute_url(), record.code)

    def value_code(self, record: CatalogueItem) -> str:
        return record.code

    def render_quantity(self, record: CatalogueItem) -> str:
        return f"{quantity(record.quantity)} {record.unit}".strip()

    def value_quantity(self, record: CatalogueItem) -> Any:
        return record.quantity

    def render_price(self, record: CatalogueItem) -> str:
        return _("labour rate") if record.price is None else money(record.price)

    def value_price(self, record: CatalogueItem) -> Any:
        return record.price

    def render_fits(self, value: str) -> Any:
        return few(value)

    def value_fits(self, value: str) -> str:
        return value

    def render_is_active(self, value: bool) -> Any:
        return yes_dot(value)

    def value_is_active(self, value: bool) -> str:
        return str(_("Yes") if value else _("No"))


def few(text: str) -> Any:
    """A long list of models in a narrow column: the first two, and how many more there are."""
    names = [name for name in text.split("、") if name.strip()]
    if len(names) < 4:
        return text or "–"
    more = _("and %(n)s more") % {"n": len(names) - 2}
    return format_html('<span title="{}">{} {}</span>', text, "、".join(names[:2]), more)


def yes_dot(value: bool) -> Any:
    """Whether something is on offer."""
    return dot("green", _("Yes")) if value else dot("secondary", _("No"))


class MenuTable(HouseTable):
    """The menus."""

    code = tables.Column(verbose_name=gettext_lazy("Code"))
    name = tables.Column(verbose_name=gettext_lazy("Service menu"), attrs=WIDE)
    price = tables.Column(
        verbose_name=gettext_lazy("Price"), empty_values=(), attrs={"cell": {"class": "text-end app-num"}}
    )
    hours = tables.Column(verbose_name=gettext_lazy("Labour hours"), attrs={"cell": {"class": "text-end app-num"}})
    brand = tables.Column(verbose_name=gettext_lazy("Brand"), attrs=DETAIL)
    fits = tables.Column(verbose_name=gettext_lazy("Models"), attrs=NAME)
    km = tables.Column(
        verbose_name=gettext_lazy("Mileage"), accessor="pk", attrs={"cell": {"class": "text-nowrap app-num"}}
    )
    is_quick = tables.Column(verbose_name=gettext_lazy("Quick lane"))
    is_active = tables.Column(verbose_name=gettext_lazy("Offered"))

    class Meta:
        model = Menu
        fields = ["code", "name", "price", "hours", "brand", "fits", "km", "is_quick", "is_active"]

    def render_code(self, record: Menu) -> Any:
        if not self.request.actor.may("service.keep_catalogue"):
            return record.code
        return format_html('<a class="app-num" href="{}">{}</a>', record.get_absolute_url(), record.code)

    def value_code(self, record: Menu) -> str:
        return record.code

    def render_price(self, record: Any) -> str:
        return money(getattr(record, "price_here", record.price))

    def value_price(self, record: Any) -> Any:
        return getattr(record, "price_here", record.price)

    def render_hours(self, value: Any) -> str:
        return quantity(value or None)

    def value_hours(self, value: Any) -> Any:
        return value

    def render_km(self, record: Menu) -> str:
        return km_range(record.since_km, record.until_km)

    def render_is_quick(self, value: bool) -> Any:
        return yes_dot(value)

    def value_is_quick(self, value: bool) -> str:
        return str(_("Yes") if value else _("No"))

    def render_fits(self, value: str) -> Any:
        return few(value)

    def value_fits(self, value: str) -> str:
        return value

    def render_is_active(self, value: bool) -> Any:
        return yes_dot(value)

    def value_is_active(self, value: bool) -> str:
        return str(_("Yes") if value else _("No"))


class PartyTable(HouseTable):
    """Payers other than the customer."""

    name = tables.Column(verbose_name=gettext_lazy("Name"))
    kind = tables.Column(verbose_name=gettext_lazy("Kind"))
    terms_days = tables.Column(verbose_name=gettext_lazy("Days to pay"), attrs={"cell": {"class": "text-end app-num"}})
    company = tables.Column(verbose_name=gettext_lazy("Company"))
    is_active = tables.Column(verbose_name=gettext_lazy("Offered"))

    class Meta:
        model = Party
        fields = ["name", "kind", "terms_days", "company", "is_active"]

    def render_name(self, record: Party) -> Any:
        return format_html('<a href="{}">{}</a>', record.get_absolute_url(), record.name)

    def value_name(self, record: Party) -> str:
        return record.name

    def render_is_active(self, value: bool) -> Any:
        return yes_dot(value)

    def value_is_active(self, value: bool) -> str:
        return str(_("Yes") if value else _("No"))
