"""The monthly report as tables: one source for its page, its PDF and its spreadsheet, so that they cannot differ."""

import io
import re
import zipfile
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.styles import Font

from core.lists import safe_cell
from core.prints import head, in_chinese, moment
from core.templatetags.ui import NOTHING, money, percent
from dealer.figures import DEFINITIONS, SPLIT
from dealer.models import MonthlyReport
from service.models import Line, Party, Visit


@dataclass(frozen=True)
class Cell:
    """One number or word of a report table; it knows how it reads and what a spreadsheet gets."""

    value: Any
    kind: str = "text"

    def __str__(self) -> str:
        if self.kind == "money":
            return money(self.value)
        if self.kind == "percent":
            return percent(self.value)
        return NOTHING if self.value is None else f"{self.value:,}" if self.kind == "count" else str(self.value)


FORMATS = {"money": "#,##0.00", "percent": "0.0%", "count": "#,##0"}


def _ratio(part: int, whole: int) -> Cell:
    return Cell(Decimal(part) / Decimal(whole) if whole else None, "percent")


def _parts(label: str, part: int, whole: int) -> list[Cell]:
    return [Cell(label), Cell(part, "count"), Cell(whole, "count"), _ratio(part, whole)]


def _visits(facts: dict[str, Any]) -> dict[str, Any]:
    total = facts["visits"]["total"]
    kinds = sorted(facts["visits"]["kinds"].items(), key=lambda one: list(Visit.Kind.values).index(one[0]))
    return {
        "title": _("Cars in by kind"),
        "note": str(DEFINITIONS["visits"].counted),
        "head": [_("Kind of visit"), _("Visits"), _("Share")],
        "rows": [[Cell(str(Visit.Kind(k).label)), Cell(n, "count"), _ratio(n, total)] for k, n in kinds],
        "total": [Cell(_("Total")), Cell(total, "count"), _ratio(total, total)],
    }


def _revenue(facts: dict[str, Any]) -> dict[str, Any]:
    payers = facts["revenue"]["payers"]
    names = [payer for payer in Party.Kind.values if payer in payers]
    sums = {kind: sum((Decimal(payers[payer][kind]) for payer in names), Decimal(0)) for kind in SPLIT}
    rows = []
    for payer in names:
        split = [Decimal(payers[payer][kind]) for kind in SPLIT]
        rows.append([Cell(str(Party.Kind(payer).label)), *(Cell(one, "money") for one in [*split, sum(split)])])
    return {
        "title": _("Revenue by payer, tax included"),
        "wide": True,
        "note": str(DEFINITIONS["revenue"].counted),
        "head": [_("Payer"), *(str(Line.Kind(kind).label) for kind in SPLIT), _("Total")],
        "rows": rows,
        "total": [
            Cell(_("Total")),
            *(Cell(sums[kind], "money") for kind in SPLIT),
            Cell(Decimal(facts["revenue"]["total"]), "money"),
        ],
    }


def _value(facts: dict[str, Any]) -> dict[str, Any]:
    net, orders = Decimal(facts["order_value"]["net"]), facts["order_value"]["orders"]
    margin = Decimal(facts["revenue"]["net"]) - Decimal(facts["revenue"]["cost"])
    return {
        "title": _("Order value"),
        "note": str(DEFINITIONS["order_value"].counted),
        "head": [_("Figure"), _("Value")],
        "rows": [
            [Cell(_("Net revenue")), Cell(net, "money")],
            [Cell(_("Orders")), Cell(orders, "count")],
            [Cell(_("Average order value")), Cell(net / orders if orders else None, "money")],
            [Cell(_("Cost")), Cell(Decimal(facts["revenue"]["cost"]), "money")],
            [Cell(_("Gross profit")), Cell(margin, "money")],
        ],
        "total": [],
    }


def _on_time(facts: dict[str, Any]) -> dict[str, Any]:
    return {
        "title": _("Delivery on time"),
        "note": str(DEFINITIONS["on_time"].counted),
        "head": [_("Against"), _("On time"), _("Cars made ready"), _("Rate")],
        "rows": [
            _parts(_("The last promise"), *facts["on_time"]["last"]),
            _parts(_("The first promise"), *facts["on_time"]["first"]),
        ],
        "total": [],
    }


def _calls(facts: dict[str, Any]) -> dict[str, Any]:
    calls, members = facts["calls"], facts["members"]
    due = calls["due"]
    rows = [
        _parts(_("Attempted ÷ due"), calls["attempted"], due),
        _parts(_("Reached ÷ due"), calls["reached"], due),
        _parts(_("Reached in time ÷ due"), calls["in_time"], due),
        _parts(_("Reached in time ÷ due with a permitted hour in time"), *calls["in_time_agents"]),
        _parts(_("Satisfied ÷ answered"), *calls["satisfied"]),
        _parts(_("Member visits with a completed call ÷ member visits"), members["called"], members["visits"]),
    ]
    return {
        "title": _("Follow-up calls"),
        "wide": True,
        "note": _("By the day the car left; without a permitted hour in time a call counts as late."),
        "head": [_("Figure"), _("Count"), _("Of"), _("Rate")],
        "rows": rows,
        "total": [],
    }


def _gaps(facts: dict[str, Any]) -> dict[str, Any]:
    rows = [[Cell(_("Members not called")), Cell(facts["members"]["gap"], "count")]]
    if facts["rating"]["rated"]:
        average = Decimal(facts["rating"]["points"]) / facts["rating"]["rated"]
        rows.append([Cell(_("Rated visits")), Cell(facts["rating"]["rated"], "count")])
        rows.append([Cell(_("Average rating, 1 to 5")), Cell(str(average.quantize(Decimal("0.01"))))])
    return {"title": _("Gaps"), "note": "", "head": [_("Figure"), _("Value")], "rows": rows, "total": []}


def sections(facts: dict[str, Any]) -> list[dict[str, Any]]:
    """The tables of a report, in the language that is switched on."""
    return [make(facts) for make in (_visits, _value, _revenue, _on_time, _gaps, _calls)]


def differences(before: dict[str, Any], after: dict[str, Any]) -> list[dict[str, str]]:
    """What a new version of a report says otherwise than the one before it."""

    def flat(facts: dict[str, Any]) -> dict[tuple[str, str, str], str]:
        return {
            (part["title"], str(row[0]), column): str(cell)
            for part in sections(facts)
            for row in [*part["rows"], part["total"]]
            if row
            for column, cell in zip(part["head"][1:], row[1:], strict=True)
        }

    old, new = flat(before), flat(after)
    return [
        {"where": " · ".join(key), "before": old.get(key, NOTHING), "after": new.get(key, NOTHING)}
        for key in [*new, *(key for key in old if key not in new)]
        if old.get(key) != new.get(key)
    ]


def _meta(report: MonthlyReport) -> list[list[str]]:
    rows = [
        [_("Company"), report.facts["store"]["company"]],
        [_("Store"), report.facts["store"]["name"]],
        [_("Month"), report.facts["month"]],
        [_("Frozen"), moment(report.frozen_at, report.store)],
    ]
    return [*rows, [_("Why it was built again"), report.reason]] if report.reason else rows


def monthly_report(report: MonthlyReport) -> dict[str, Any]:
    """The data of the printed report, in Chinese: what the page says."""
    with in_chinese():
        return {
            "title": _("Monthly report"),
            "number": report.title,
            "state": "",
            "date": report.facts["month"],
            "created": report.frozen_at,
            "head": head(report.store),
            "meta": _meta(report),
            "digest": report.digest,
            "sections": [
                part
                | {
                    "rows": [[str(cell) for cell in row] for row in part["rows"]],
                    "total": [str(cell) for cell in part["total"]],
                }
                for part in sections(report.facts)
            ],
        }


def _put(sheet: Any, row: list[Cell], bold: bool = False) -> None:
    sheet.append([safe_cell(cell.value if cell.kind in FORMATS else str(cell)) for cell in row])
    for cell, made in zip(row, sheet[sheet.max_row], strict=False):
        made.font = Font(bold=bold)
        if cell.kind in FORMATS:
            made.number_format = FORMATS[cell.kind]


def workbook(report: MonthlyReport) -> bytes:
    """The report as a spreadsheet, in Chinese: the page's tables and a sheet by day. Always the same bytes."""
    book = Workbook()
    with in_chinese():
        sheet = book.active
        sheet.title = _("Monthly report")
        _put(sheet, [Cell(report.title)], bold=True)
        for name, value in _meta(report):
            _put(sheet, [Cell(name), Cell(value)])
        for part in sections(report.facts):
            sheet.append([])
            _put(sheet, [Cell(part["title"])], bold=True)
            _put(sheet, [Cell(one) for one in part["head"]], bold=True)
            for row in [*part["rows"], part["total"]]:
                if row:
                    _put(sheet, row, bold=row is part["total"])
        days = book.create_sheet(_("By day"))
        names = [_("Day"), _("Visits"), *(str(Line.Kind(kind).label) for kind in SPLIT)]
        _put(days, [Cell(one) for one in names], bold=True)
        for one in report.facts["days"]:
            split = [Cell(Decimal(one["revenue"][kind]), "money") for kind in SPLIT]
            _put(days, [Cell(one["day"]), Cell(one["visits"], "count"), *split])
    for one in book.worksheets:
        one.column_dimensions["A"].width = 44
        for letter in "BCDEF":
            one.column_dimensions[letter].width = 16
    return _same_bytes(book, report)


def _same_bytes(book: Workbook, report: MonthlyReport) -> bytes:
    """openpyxl writes the time of saving into the file; here stands when the report was frozen."""
    made = io.BytesIO()
    book.save(made)
    frozen = report.frozen_at.strftime("%Y-%m-%dT%H:%M:%SZ") if report.frozen_at else "2020-01-01T00:00:00Z"
    out = io.BytesIO()
    with zipfile.ZipFile(made) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in sorted(old.namelist()):
            data = old.read(name)
            if name == "docProps/core.xml":
                data = re.sub(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", frozen.encode(), data)
            new.writestr(zipfile.ZipInfo(name, (2020, 1, 1, 0, 0, 0)), data, zipfile.ZIP_DEFLATED)
    return out.getvalue()
