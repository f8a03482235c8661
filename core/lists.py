"""List pages of the browser door: filters that stay in the address, keyset paging, export, an empty state."""

import csv
import io
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

import django_tables2 as tables
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.timezone import is_aware, localtime
from django.utils.translation import gettext as _
from django_tables2.utils import OrderByTuple
from openpyxl import Workbook

from core.paging import Page, paginate
from core.rows import Refused
from core.sheets import guard
from core.templatetags.ui import NOTHING

EXPORT_MOST = 20_000
_NOT_IN_XML = {"\ufffe", "\uffff"}  # Excel would call the whole file broken


class HouseTable(tables.Table):
    """A list table. Its rows come paged and sorted; it only shows by what they may be sorted."""

    def __init__(self, rows: Iterable[Any], *, sort: str = "", sortable: Iterable[str] = (), **kwargs: Any) -> None:
        super().__init__(rows, default=NOTHING, **kwargs)
        by = {name.lstrip("-") for name in sortable}
        for name, column in self.columns.items():
            column.column.orderable = name in by
        self._order_by = OrderByTuple([sort] if sort else [])


def safe_cell(value: Any) -> Any:
    """A value for a spreadsheet: numbers stay numbers, and no text is ever read as a formula."""
    if isinstance(value, datetime):
        return (localtime(value).replace(tzinfo=None) if is_aware(value) else value).replace(microsecond=0)
    if value is None or isinstance(value, bool | int | float | Decimal | date | time):
        return value
    return guard("".join(c for c in str(value) if (c >= " " or c in "\n\t") and c not in _NOT_IN_XML))


def spreadsheet(name: str, kind: str, head: list[str], rows: Iterable[list[Any]]) -> HttpResponse:
    """A download as csv (UTF-8 with mark, for Excel) or xlsx."""
    if kind == "csv":
        text = io.StringIO()
        writer = csv.writer(text, quoting=csv.QUOTE_NONNUMERIC)  # a tab within a text is no new column
        for row in [head, *rows]:
            writer.writerow([safe_cell(cell) for cell in row])
        response = HttpResponse("\ufeff" + text.getvalue(), content_type="text/csv; charset=utf-8")
    else:
        book = Workbook(write_only=True)
        sheet = book.create_sheet(name[:31])
        for row in [head, *rows]:
            sheet.append([safe_cell(cell) for cell in row])
        held = io.BytesIO()
        book.save(held)
        response = HttpResponse(
            held.getvalue(), content_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
        )
    response["Content-Disposition"] = f'attachment; filename="{name}.{kind}"'
    return response


def _export(request: HttpRequest, name: str, table: HouseTable, kind: str) -> HttpResponse:
    head, *rows = [list(map(str, row)) if i == 0 else list(row) for i, row in enumerate(table.as_values())]
    return spreadsheet(name, kind, head, rows)


def list_page(
    request: HttpRequest,
    *,
    rows: QuerySet,
    table_class: type[HouseTable],
    orderings: Mapping[str, tuple[str, ...]],
    heading: str,
    name: str,
    filterset_class: Any = None,
    prepare: Callable[[list[Any]], None] | None = None,
    template: str = "core/list.html",
    **context: Any,
) -> HttpResponse:
    """A list page. `name` names the exported file; `prepare` may add to the rows of the page with one query.

    More context: pretitle, tabs, new_url, new_label, empty (icon, title, text, url, label).
    """
    chosen = filterset_class(request.GET, queryset=rows, request=request) if filterset_class else None
    if chosen is not None:
        rows = chosen.qs
    kind = request.GET.get("export", "")
    found: Page = paginate(
        rows, request.GET.dict() | ({"size": "200", "after": "", "before": ""} if kind else {}), orderings
    )
    if kind in {"csv", "xlsx"}:
        first = orderings[found.sort]
        found.rows = list(rows.order_by(*first)[: EXPORT_MOST + 1])
        if len(found.rows) > EXPORT_MOST:
            raise Refused(_("These are more than %(most)s rows. Narrow the list first.") % {"most": EXPORT_MOST})
    if prepare:
        prepare(found.rows)
    table = table_class(found.rows, sort=found.sort, sortable=orderings, request=request)
    if kind in {"csv", "xlsx"}:
        return _export(request, name, table, kind)
    query = request.GET.copy()
    for gone in ("after", "before", "size"):
        query.pop(gone, None)
    exports = []
    for kind, label in (("xlsx", "Excel"), ("csv", "CSV")):
        query["export"] = kind
        exports.append({"label": label, "url": f"?{query.urlencode()}"})
    filtered = bool(chosen and any(v for k, v in request.GET.items() if k in chosen.form.fields and v))
    whole = {"heading": heading, "table": table, "page": found, "exports": exports, "filtered": filtered}
    empty = context.pop("empty", {"icon": "inbox", "title": _("Nothing here yet")})
    return render(request, template, whole | {"filter": chosen, "empty": empty} | context)
