"""Lists by keyset: no COUNT, no lost or doubled rows while others write, the same in both doors."""

import base64
import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import BadRequest
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

SIZE = 25
MOST = 200


class Page:
    """One page of a list, with the addresses of its neighbours (empty at the ends)."""

    def __init__(self, rows: list[Any], next_query: str, previous_query: str, sort: str) -> None:
        self.rows = rows
        self.next_url = next_query
        self.previous_url = previous_query
        self.sort = sort
        self.shown = len(rows)


def _encode(row: Any, fields: tuple[str, ...]) -> str:
    values = []
    for field in fields:
        value: Any = row
        for step in field.lstrip("-").split("__"):
            value = getattr(value, step)
        values.append(
            value.isoformat() if hasattr(value, "isoformat") else value if isinstance(value, int) else str(value)
        )
    return base64.urlsafe_b64encode(json.dumps(values).encode()).decode().rstrip("=")


def _decode(rows: QuerySet, cursor: str, fields: tuple[str, ...]) -> list[Any]:
    try:
        values = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        assert isinstance(values, list) and len(values) == len(fields)  # noqa: S101 (caught below)
        found = [_field(rows.model, f).to_python(v) for f, v in zip(fields, values, strict=True)]
        # an address typed by hand may hold what Postgres does not take
        assert all(v is not None and "\0" not in str(v) and str(v).encode() for v in found if v != "")  # noqa: S101
        return found
    except Exception as problem:
        raise BadRequest(_("This page address is damaged. Open the list again.")) from problem


def _field(model: Any, path: str) -> Any:
    *steps, last = path.lstrip("-").split("__")
    for step in steps:
        model = model._meta.get_field(step).related_model
    return model._meta.pk if last == "pk" else model._meta.get_field(last)


def _beyond(fields: tuple[str, ...], values: list[Any], backwards: bool) -> Q:
    """Rows strictly after (or before) the given values: a < x, or a = x and b < y, and so on."""
    condition, equal = Q(), Q()
    for field, value in zip(fields, values, strict=True):
        name = field.lstrip("-")
        operator = "lt" if field.startswith("-") != backwards else "gt"
        condition |= equal & Q(**{f"{name}__{operator}": value})
        equal &= Q(**{name: value})
    return condition


def paginate(
    rows: QuerySet, parameters: Mapping[str, str], orderings: Mapping[str, tuple[str, ...]], size: int = SIZE
) -> Page:
    """The page asked for by `sort`, `after`, `before`, `size`. The first ordering is the default; each ends in id."""
    sort = parameters.get("sort") or next(iter(orderings))
    if sort not in orderings:
        raise BadRequest(_("This list cannot be sorted by “%(sort)s”.") % {"sort": sort[:40]})
    fields = orderings[sort]
    try:
        size = min(max(int(parameters.get("size") or size), 1), MOST)
    except ValueError as problem:
        raise BadRequest(_("The page size must be a number.")) from problem
    after, before = parameters.get("after"), parameters.get("before")
    backwards = bool(before) and not after
    cursor = before if backwards else after
    if cursor:
        rows = rows.filter(_beyond(fields, _decode(rows, cursor, fields), backwards))
    order = [f[1:] if f.startswith("-") else f"-{f}" for f in fields] if backwards else list(fields)
    found = list(rows.order_by(*order)[: size + 1])
    more, found = len(found) > size, found[:size]
    if backwards:
        found.reverse()
    has_next, has_previous = (bool(found), more) if backwards else (more, bool(after))

    def link(name: str, row: Any) -> str:
        kept = {k: parameters[k] for k in parameters if k not in {"after", "before"} and parameters[k] != ""}
        return "?" + urlencode(kept | {name: _encode(row, fields)})

    return Page(
        found,
        link("after", found[-1]) if found and has_next else "",
        link("before", found[0]) if found and has_previous else "",
        sort,
    )
