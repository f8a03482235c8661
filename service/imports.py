"""The kinds of load that this room takes: a price list, and menus; by console, in the browser and by REST."""

import tempfile
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from core.actor import Actor
from core.cells import Bad, amount, as_text, bare, choice, key, text, whole, yes_or_no
from core.imports import Column, Kind, Load, Row, run
from core.models import Company, Trade, VatRate
from core.rows import Refused
from core.taxes import cents
from service import actions
from service.models import Job, Line

KINDS = {
    **dict.fromkeys(["工时", "工项", "维修项目", "作业", "labor", "operation"], Line.Kind.LABOUR.value),
    **dict.fromkeys(["配件", "备件", "零件", "材料", "parts", "spare part"], Line.Kind.PART.value),
    **dict.fromkeys(["其他", "其它", "附加", "杂项", "others", "sundry"], Line.Kind.OTHER.value),
}
SUPPLIES = {
    **dict.fromkeys(["维修", "修理修配", "13", "13.0", "0.13"], VatRate.Supply.REPAIR.value),
    **dict.fromkeys(["服务", "其他服务", "6", "6.0", "0.06"], VatRate.Supply.SERVICE.value),
}
TRADES = {
    **dict.fromkeys(["机电", "机修", "电工", "mechanics"], Trade.MECHANIC.value),
    **dict.fromkeys(["钣金", "body work"], Trade.BODY.value),
    **dict.fromkeys(["喷漆", "油漆", "涂装"], Trade.PAINT.value),
    **dict.fromkeys(["美容", "洗车", "洗车美容", "wash"], Trade.DETAIL.value),
}
JOB_KINDS = {
    **dict.fromkeys(["首保", "首次保养"], Job.Kind.FIRST.value),
    **dict.fromkeys(["保养", "定保", "定期保养"], Job.Kind.MAINTENANCE.value),
    **dict.fromkeys(["一般", "一般维修", "维修", "小修"], Job.Kind.REPAIR.value),
}
SCOPES = {
    **dict.fromkeys(["小修", "一级维护", "专项修理"], Job.Scope.SMALL.value),
    **dict.fromkeys(["二级维护"], Job.Scope.SECOND.value),
    **dict.fromkeys(["总成", "总成修理", "整车", "整车修理"], Job.Scope.ASSEMBLY.value),
}


def _money(value: Any, load: Load) -> Decimal:
    """Reads a price: two places behind the point and no more, since a rounded one is a guessed one."""
    found = amount(10**8)(value, load)
    if found != cents(found):
        raise Bad(_("This has more than two places behind the point."))
    return cents(found)


def _number(value: Any, load: Load) -> Decimal:
    """Reads hours or a quantity: more than nothing, at most two places."""
    found = amount(10**6)(value, load)
    if not found or found != cents(found):
        raise Bad(_("This must be more than zero, with at most two places behind the point."))
    return cents(found)


BRAND = Column("brand", "品牌|厂牌|适用品牌", text(40))
FITS = Column("fits", "适用车型|车型|适用车系|models", text(400))
ACTIVE = Column("is_active", "在用|启用|是否启用|是否在用|offered|active", yes_or_no)


def _load_catalogue(load: Load, rows: list[Row]) -> None:
    actions.load_catalogue(load, rows, by=load.by)


def _load_menus(load: Load, rows: list[Row]) -> None:
    places = [i for i, heading in enumerate(load.headings) if bare(heading) in MENUS.columns[0].names()]
    broken: dict[str, int] = {}
    for line, _name, _sentence, cells in load.rejected:
        for at in places[:1]:
            if at < len(cells) and cells[at] is not None:
                broken.setdefault(key(cells[at], load), line)
    actions.load_menus(load, rows, broken, by=load.by)


CATALOGUE = Kind(
    "catalogue",
    _load_catalogue,
    (
        Column("kind", "类型|种类|项目类型|type", choice(KINDS, "kind"), needed=True),
        Column(
            "code",
            "编码|编号|代码|项目编码|工时编码|工时代码|配件编码|配件编号|零件号|item code|part number",
            key,
            needed=True,
        ),
        Column("name", "名称|项目|项目名称|工时名称|配件名称|零件名称|item|description", text(160), needed=True),
        Column("unit", "单位|计量单位", text(8)),
        Column("quantity", "数量|用量|工时数|标准工时|工时定额|常用数量或工时|usual quantity or hours|hours", _number),
        Column("price", "单价|销售价|零售价|含税单价|单价（含税）|价格|unit price|unit price, tax included", _money),
        Column("cost", "成本|成本价|进价|单位成本|cost of one|unit cost", _money),
        Column("supply", "税类|增值税类别|税率|VAT class|VAT", choice(SUPPLIES, "supply")),
        Column("trade", "工种", choice(TRADES, "trade")),
        BRAND,
        FITS,
        ACTIVE,
    ),
    needs_source=False,
)
MENUS = Kind(
    "menus",
    _load_menus,
    (
        Column("code", "套餐编码|套餐编号|套餐代码|menu code", key, needed=True),
        Column("name", "套餐|套餐名称|menu|menu name", text(120), needed=True),
        Column("item", "编码|编号|项目编码|配件编码|工时编码|明细编码|item code", key, needed=True),
        Column("item_kind", "类型|明细类型|项目类型|item kind|type", choice(KINDS, "item_kind")),
        Column("quantity", "数量|用量|数量或工时|工时数|hours", _number),
        Column("price", "套餐价|套餐价格|套餐总价|price of the whole menu|menu price", _money),
        Column("job_kind", "作业类型|作业种类|业务类型|kind of job", choice(JOB_KINDS, "job_kind")),
        Column("scope", "维修类别|修理范围|extent of the repair", choice(SCOPES, "scope")),
        BRAND,
        FITS,
        Column("since_km", "起始里程|里程从|offered from km", whole(0, 3_000_000)),
        Column("until_km", "截止里程|里程至|offered until km", whole(0, 3_000_000)),
        Column("is_quick", "快修|快修通道|for the quick lane|quick", yes_or_no),
        ACTIVE,
    ),
    needs_source=False,
)
BY_NAME = {"catalogue": CATALOGUE, "menus": MENUS}
# What stands in the file that people fill in: the headings of the fields, and rows that show how.
EXAMPLES: dict[str, tuple[list[str], list[list[Any]]]] = {
    "catalogue": (
        ["类型", "编码", "名称", "单位", "数量", "单价", "成本", "税类", "工种", "品牌", "适用车型", "在用"],
        [
            ["工时", "L-0101", "小保养", "h", Decimal("0.8"), None, Decimal("92"), "维修", "机电", None, None, "是"],
            [
                "配件",
                "P-1001",
                "机油滤清器",
                "个",
                Decimal(1),
                Decimal("58"),
                Decimal("31.90"),
                "维修",
                None,
                "大众",
                "迈腾、速腾",
                "是",
            ],
            [
                "其他",
                "S-0003",
                "精洗",
                "次",
                Decimal(1),
                Decimal("88"),
                Decimal("20"),
                "服务",
                "洗车",
                None,
                None,
                "是",
            ],
        ],
    ),
    "menus": (
        [
            "套餐编码",
            "套餐名称",
            "编码",
            "类型",
            "数量",
            "套餐价",
            "作业类型",
            "维修类别",
            "品牌",
            "适用车型",
            "起始里程",
            "截止里程",
            "快修",
            "在用",
        ],
        [
            [
                "T-01",
                "小保养套餐",
                "L-0101",
                "工时",
                Decimal("0.8"),
                Decimal("698"),
                "保养",
                "一级维护",
                None,
                None,
                5000,
                None,
                "是",
                "是",
            ],
            ["T-01", "小保养套餐", "P-1001", "配件", Decimal(1), None, None, None, None, None, None, None, None, None],
        ],
    ),
}


def load_sheet(
    *, company: Company, what: str, sheet: Any, dry_run: bool, kind_of_rows: str = "", by: Actor
) -> tuple[Load, str]:
    """Read a price list or menus from a file that somebody sent; says what became, and the rejected rows as CSV."""
    store = company.stores.order_by("code").first()
    if store is None:
        raise Refused(_("The company has no store yet."), field="company")
    with tempfile.TemporaryDirectory() as folder:
        path, rejected = Path(folder) / "sheet", Path(folder) / "rejected.csv"
        path.write_bytes(sheet.content)
        named = path.rename(path.with_name(_file_name(sheet.name)))
        load = Load(path=named, by=by, store=store)
        if kind_of_rows and what == "catalogue":
            load.replacements = {"kind": {"": kind_of_rows}}
        run(BY_NAME[what], load, rejected_path=rejected, dry=dry_run)
        return load, rejected.read_text("utf-8-sig") if load.rejected else ""


def _file_name(name: str) -> str:
    """The name that the sentences show; never a path."""
    return Path(name).name.replace("\0", "")[-80:] or "table"


def outcome(load: Load) -> dict[str, Any]:
    """What became of a file, row by row, as both doors show it."""
    return {
        "created": load.created,
        "updated": load.updated,
        "unchanged": load.unchanged,
        "rejected": [
            {"line": line, "field": name, "detail": sentence, "cells": [as_text(one) for one in cells[:6]]}
            for line, name, sentence, cells in sorted(load.rejected, key=lambda one: one[0])
        ],
        "rows": [
            {"line": one.line, "state": one.state, "title": one.title, "changes": one.changes} for one in load.told
        ],
        "sentences": load.sentences,
    }
