"""List tables of customers and vehicles."""

from typing import Any

import django_tables2 as tables
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.lists import HouseTable
from core.templatetags.ui import badge, dot, mask_phone, mask_vin, plate
from customers.models import Customer, Vehicle

LEVEL_TONES = {
    Customer.Level.SILVER: "secondary",
    Customer.Level.GOLD: "yellow",
    Customer.Level.PLATINUM: "purple",
}


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
        return format_html('<span class="app-num">{}</span>', mask_phone(value))

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
