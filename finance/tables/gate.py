"""Lists of the gate."""

from typing import Any

import django_tables2 as tables
from django.utils.html import format_html
from django.utils.translation import gettext_lazy

from core.lists import HouseTable
from core.templatetags.ui import badge, plate, when
from finance.models import GatePass

TONES: dict[str, str] = {
    GatePass.State.HELD: "orange",
    GatePass.State.REFUSED: "red",
    GatePass.State.WAITING: "green",
    GatePass.State.OUTSIDE: "blue",
    GatePass.State.OVERDUE: "red",
    GatePass.State.BACK: "secondary",
    GatePass.State.LEFT: "secondary",
    GatePass.State.CANCELLED: "secondary",
}


def state_of_pass(gate_pass: GatePass) -> tuple[str, str]:
    """Colour and word for where a gate pass stands."""
    return TONES[gate_pass.state], str(GatePass.State(gate_pass.state).label)


class GatePassTable(HouseTable):
    """Gate passes for the guard, and for whoever looks back."""

    vehicle = tables.Column(verbose_name=gettext_lazy("Car"), accessor="pk")
    kind = tables.Column(verbose_name=gettext_lazy("Kind"))
    number = tables.Column(verbose_name=gettext_lazy("Document number"))
    driver = tables.Column(verbose_name=gettext_lazy("Driver"), accessor="driver")
    issued_at = tables.Column(verbose_name=gettext_lazy("Issued"))
    used_at = tables.Column(verbose_name=gettext_lazy("Left at"))
    back_at = tables.Column(verbose_name=gettext_lazy("Back at"))
    state = tables.Column(verbose_name=gettext_lazy("Status"), accessor="pk")

    class Meta:
        model = GatePass
        fields = ["vehicle", "kind", "number", "driver", "issued_at", "used_at", "back_at", "state"]

    def render_vehicle(self, record: GatePass) -> Any:
        url = record.get_absolute_url()
        return format_html(
            '<a class="h3 m-0 app-num" href="{}">{}</a><div class="text-secondary">{}</div>',
            url,
            plate(record.worn),
            record.title,
        )

    def value_vehicle(self, record: GatePass) -> str:
        return plate(record.worn)

    def render_number(self, value: Any) -> Any:
        return format_html('<span class="app-num">{}</span>', value)

    def value_number(self, value: Any) -> Any:
        return value

    def render_issued_at(self, value: Any) -> Any:
        return format_html('<span class="app-num">{}</span>', when(value))

    def value_issued_at(self, value: Any) -> Any:
        return value

    render_used_at = render_back_at = render_issued_at
    value_used_at = value_back_at = value_issued_at

    def render_state(self, record: GatePass) -> Any:
        return badge(*state_of_pass(record))

    def value_state(self, record: GatePass) -> str:
        return state_of_pass(record)[1]
