"""Columns that the room's lists share: read on a page one way, exported as plain values."""

from typing import Any

import django_tables2 as tables
from django.utils.html import format_html

from core.templatetags.ui import money, when

MONEY = {"cell": {"class": "text-end app-num"}}
DETAIL = {"cell": {"class": "text-end app-num app-phone-hide"}}  # what a telephone has no room for


class MoneyColumn(tables.Column):
    """An amount in yuan; a number in an export."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**({"attrs": MONEY} | kwargs))

    def render(self, value: Any) -> str:
        return money(value)

    def value(self, value: Any) -> Any:
        return value


class WhenColumn(tables.Column):
    """A moment or a day as people say it; a date in an export."""

    def render(self, value: Any) -> Any:
        return format_html('<span class="app-num">{}</span>', when(value))

    def value(self, value: Any) -> Any:
        return value


class DocumentColumn(tables.Column):
    """The row's own number or name, as a link to its page."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**({"accessor": "pk"} | kwargs))

    def render(self, record: Any) -> Any:
        return format_html('<a class="fw-medium app-num" href="{}">{}</a>', record.get_absolute_url(), str(record))

    def value(self, record: Any) -> str:
        return str(record)


def linked(url: str, first: Any, second: Any = "") -> Any:
    """What matters as a link, and under it what explains it."""
    under = format_html('<div class="text-secondary small">{}</div>', second) if second else ""
    return format_html('<a class="fw-medium" href="{}">{}</a>{}', url, first, under)
