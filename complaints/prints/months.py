"""What stands on the printed sheet of a month (顾客投诉分类统计表)."""

from datetime import date
from typing import Any

from complaints.figures import PARTS, margins_of, said_of
from complaints.models import MonthSheet
from core.models import Store
from core.prints import head, in_chinese, moment
from core.templatetags.ui import percent

TITLES = {"problem_class": "投诉类别", "department": "责任部门", "cause": "根本原因", "result": "处理结果"}


def month_sheet(store: Store, month: date, figures: dict[str, Any], sheet: MonthSheet | None) -> dict[str, Any]:
    """The sheet as it was signed, or as it stands now; in Chinese, what the page says."""
    with in_chinese():
        margins = [
            {"title": TITLES[part], "rows": [[one["label"], str(one["n"]), percent(one["share"])] for one in rows]}
            for part, rows in margins_of(figures).items()
        ]
        signed_by = str(sheet.signed_by or "") if sheet else ""
        return {
            "title": "顾客投诉分类统计表",
            "number": f"{store.code} {month:%Y-%m}",
            "state": "已签字" if sheet else "未签字",
            "date": f"{month:%Y} 年 {month.month} 月",
            "head": head(store),
            "created": sheet.signed_at if sheet else None,
            "facts": [
                ("门店", store.name),
                ("统计月份", f"{month:%Y-%m}"),
                ("投诉件数", str(figures["total"])),
                ("咨询与建议", str(figures["other"])),
            ],
            "margins": margins,
            "columns": [TITLES[part] for part in PARTS],
            "rows": [[*(said_of(part, row) for part in PARTS), str(row["n"])] for row in figures["rows"]],
            "total": str(figures["total"]),
            "measures": sheet.measures if sheet else "",
            "signed": f"{signed_by}　{moment(sheet.signed_at, store)}" if sheet else "",
        }
