"""The demo's catalogue and menus: the price list of `menu.py` as what a company offers, so that nobody types it."""

from collections.abc import Iterable
from decimal import Decimal
from typing import NamedTuple

from core.models import Company, Store, Trade, VatRate
from core.taxes import cents
from dealer.demo import menu
from dealer.demo.cars import MODELS, OTHERS
from service.models import CatalogueItem, Job, Line, Menu, MenuItem

# code, item, price, cost, supply, trade: what a store sells besides repair
EXTRAS = [
    ("S-0001", "空调蒸发箱清洗护理", "268.00", "107.00", VatRate.Supply.REPAIR, Trade.MECHANIC),
    ("S-0002", "漆面镀膜养护", "580.00", "260.00", VatRate.Supply.SERVICE, Trade.DETAIL),
    ("S-0003", "精洗", "88.00", "22.00", VatRate.Supply.SERVICE, Trade.DETAIL),
    ("S-0004", "普通洗车", "35.00", "9.00", VatRate.Supply.SERVICE, Trade.DETAIL),
]
PAINTS = ("喷漆",)
BODIES = ("钣金", "保险杠", "挡风玻璃", "拆装")


class Offer(NamedTuple):
    """A menu of the demo."""

    code: str
    name: str
    items: tuple[tuple[str, str], ...]  # code, quantity
    price: str | None = None  # the sum of its items when there is none
    kind: str = Job.Kind.MAINTENANCE
    power: str = "any"
    since: int | None = None
    until: int | None = None
    is_quick: bool = True


OFFERS = [
    Offer(
        "T-01",
        "首保（厂家免费）",
        (("L-0001", "0.8"), ("P-1001", "1"), ("P-1002", "4.5")),
        None,
        Job.Kind.FIRST,
        "fuel",
        0,
        7500,
        is_quick=False,
    ),
    Offer(
        "T-02",
        "小保养套餐",
        (("L-0101", "0.8"), ("P-1001", "1"), ("P-1002", "4.5")),
        "698.00",
        power="fuel",
        since=5000,
    ),
    Offer(
        "T-03",
        "常规保养套餐（三滤）",
        (("L-0102", "1.2"), ("P-1001", "1"), ("P-1002", "4.5"), ("P-1003", "1"), ("P-1004", "1")),
        "1080.00",
        power="fuel",
        since=15000,
    ),
    Offer(
        "T-04",
        "六万公里大保养套餐",
        (("L-0103", "2.8"), ("P-1001", "1"), ("P-1002", "4.5"), ("P-1003", "1"), ("P-1005", "4"), ("P-1101", "1")),
        "1980.00",
        power="fuel",
        since=50000,
        is_quick=False,
    ),
    Offer(
        "T-05",
        "变速箱油更换套餐",
        (("L-0104", "1.5"), ("P-1502", "6")),
        "1180.00",
        power="fuel",
        since=40000,
        is_quick=False,
    ),
    Offer(
        "T-11",
        "新能源首保",
        (("L-0002", "1.0"), ("P-1004", "1")),
        None,
        Job.Kind.FIRST,
        "electric",
        0,
        7500,
        is_quick=False,
    ),
    Offer("T-12", "新能源车常规保养套餐", (("L-0121", "1.2"), ("P-1004", "1")), "458.00", power="electric", since=5000),
    Offer("T-21", "雨刮片更换", (("L-0402", "0.2"), ("P-1401", "1")), None, Job.Kind.REPAIR),
    Offer("T-22", "空调清洗套餐", (("S-0001", "1"), ("P-1004", "1")), "368.00"),
    Offer(
        "T-23",
        "前制动片更换套餐",
        (("L-0201", "1.0"), ("P-1102", "1")),
        "998.00",
        Job.Kind.REPAIR,
        since=30000,
        is_quick=False,
    ),
    Offer("T-24", "蓄电池更换套餐", (("L-0401", "0.5"), ("P-1301", "1")), "960.00", Job.Kind.REPAIR, since=30000),
    Offer("T-31", "精洗", (("S-0003", "1"),), None, Job.Kind.REPAIR),
]


def lay_catalogue(stores: Iterable[Store]) -> int:
    """Give each company the price list and the menus; say how many rows that is."""
    companies = {store.company_id: store.company for store in stores}
    return sum(_of_company(company) for company in companies.values())


def _of_company(company: Company) -> int:
    items: dict[str, CatalogueItem] = {}
    for packages in menu.BY_KIND.values():
        for package in packages:
            for code, name, hours in package.labour:
                items.setdefault(code, _labour(company, code, name, hours))
            for code, name, unit, quantity, price, ratio in package.parts:
                items.setdefault(code, _part(company, code, name, unit, quantity, Decimal(price), ratio))
    for code, name, charged, cost, supply, trade in EXTRAS:
        items[code] = CatalogueItem(
            company=company,
            kind=Line.Kind.OTHER,
            code=code,
            name=name,
            unit="次",
            price=Decimal(charged),
            cost=Decimal(cost),
            supply=supply,
            trade=trade,
        )
    CatalogueItem.objects.bulk_create(items.values())
    menus = Menu.objects.bulk_create(_menu(company, one) for one in OFFERS)
    rows = [
        MenuItem(menu=made, item=items[code], quantity=Decimal(quantity))
        for made, one in zip(menus, OFFERS, strict=True)
        for code, quantity in one.items
    ]
    MenuItem.objects.bulk_create(rows)
    return len(items) + len(menus) + len(rows)


def _labour(company: Company, code: str, name: str, hours: str) -> CatalogueItem:
    trade = Trade.PAINT if any(w in name for w in PAINTS) else Trade.BODY if any(w in name for w in BODIES) else ""
    return CatalogueItem(
        company=company,
        kind=Line.Kind.LABOUR,
        code=code,
        name=name,
        unit="h",
        quantity=Decimal(hours),
        cost=menu.LABOUR_COST,
        trade=trade or Trade.MECHANIC,
    )


def _part(
    company: Company, code: str, name: str, unit: str, quantity: str, price: Decimal, ratio: float
) -> CatalogueItem:
    return CatalogueItem(
        company=company,
        kind=Line.Kind.PART,
        code=code,
        name=name,
        unit=unit,
        quantity=Decimal(quantity),
        price=price,
        cost=cents(price * Decimal(str(ratio)) / Decimal("1.13")),
    )


def _menu(company: Company, one: Offer) -> Menu:
    models = [x.name for x in [*MODELS, *OTHERS] if (x.power == "electric") == (one.power == "electric")]
    return Menu(
        company=company,
        code=one.code,
        name=one.name,
        job_kind=one.kind,
        price=Decimal(one.price) if one.price else None,
        fits="" if one.power == "any" else "、".join(models),
        since_km=one.since,
        until_km=one.until,
        is_quick=one.is_quick,
    )
