"""The dealership in which the Saturday is played: its people with their tokens, its cars, catalogue and payers."""

import random
from dataclasses import dataclass, field
from datetime import date, time, timedelta
from decimal import Decimal
from typing import Any

from django.utils.timezone import localdate

from core.rows import atomic

# how many people of each role are on duty
CREW = {
    "greeter": 2, "advisor": 6, "controller": 2, "technician": 8, "inspector": 2, "cashier": 2, "guard": 2,
    "service_manager": 1, "finance_manager": 1, "general_manager": 1,
}  # fmt: skip
# price of the whole and items: kind, code, name, quantity, price of one, cost of one
MENUS = {
    "QUICK": ("小保养套餐", "498.00", [("labour", "L-01", "更换机油机滤", "0.5", "380.00", "60.00"),
                                   ("part", "P-01", "机油 4L", "1", "268.00", "150.00"),
                                   ("part", "P-02", "机油滤清器", "1", "58.00", "21.00")]),
    "FIRST": ("首保套餐", None, [("labour", "L-02", "首次保养", "0.8", "380.00", "70.00"),
                              ("part", "P-03", "空调滤清器", "1", "88.90", "35.00")]),
}  # fmt: skip


@dataclass
class Person:
    """Somebody on duty with an access token."""

    pk: int
    name: str
    role: str
    token: str


@dataclass
class House:
    """What the players of the day know before it begins."""

    store: int
    people: dict[str, list[Person]] = field(default_factory=dict)
    cars: list[dict[str, Any]] = field(default_factory=list)
    fleet: dict[str, Any] = field(default_factory=dict)
    menus: dict[str, int] = field(default_factory=dict)
    menu_prices: dict[str, Decimal] = field(default_factory=dict)
    parties: dict[str, int] = field(default_factory=dict)


@atomic
def lay(cars: int, dice: random.Random) -> House:
    """The house into an empty database: by hand, since only the day itself is to be proved."""
    from core import actions as core
    from core.calendar import lay_frames
    from core.models import Calendar, Company, Group, HolidayYear, Store, WeekFrame

    today = localdate()
    company = Company.objects.create(
        group=Group.objects.create(name="群星集团"), name="宏达汽车", tax_number="91310000TEST000001"
    )
    core.lay_authorities(company)
    calendar = Calendar.objects.create(name="营业时间")
    for day in range(8):
        WeekFrame.objects.create(calendar=calendar, day=day, starts=time(0, 0), ends=time(23, 59))
    for year in (today.year, today.year + 1):
        HolidayYear.objects.create(year=year, source="saturday")
    lay_frames(calendar, today - timedelta(days=3), today + timedelta(days=10))
    store = Store.objects.create(
        company=company,
        code="HD01",
        name="宏达一店",
        live_from=date(2020, 1, 1),
        opening=calendar,
        calling=calendar,
        labour_rate=Decimal("380.00"),
    )
    house = House(store.pk)
    _people(house, store)
    _catalogue(house, company)
    _cars(house, company, cars, dice)
    return house


def _people(house: House, store: Any) -> None:
    from core.actions import make_token
    from core.actor import CONSOLE
    from core.models import Employee, Posting

    for role, count in CREW.items():
        for n in range(count):
            name = f"{role}-{n + 1}"
            employee = Employee.objects.create_user(username=name, name=name, store=store)
            Posting.objects.create(employee=employee, role=role, store=store)
            token = make_token(name="saturday", by=CONSOLE, employee=employee).text
            house.people.setdefault(role, []).append(Person(employee.pk, name, role, token))


def _catalogue(house: House, company: Any) -> None:
    from core.taxes import cents
    from service.models import CatalogueItem, Menu, MenuItem, Party

    for code, (name, price, items) in MENUS.items():
        menu = Menu.objects.create(
            company=company, code=code, name=name, price=Decimal(price) if price else None, is_quick=True
        )
        total = Decimal(0)
        for kind, item_code, item_name, quantity, one, cost in items:
            item = CatalogueItem.objects.create(
                company=company, kind=kind, code=item_code, name=item_name, price=Decimal(one), cost=Decimal(cost)
            )
            MenuItem.objects.create(menu=menu, item=item, quantity=Decimal(quantity))
            total += cents(Decimal(quantity) * Decimal(one))
        house.menus[code], house.menu_prices[code] = menu.pk, Decimal(price) if price else total
    for kind in ("manufacturer", "insurer", "store"):
        house.parties[kind] = Party.objects.create(company=company, kind=kind, name=f"付款方 {kind}").pk


def _cars(house: House, company: Any, count: int, dice: random.Random) -> None:
    """Two of three cars are known; the fleet belongs to a firm with a credit account."""
    from customers.models import Customer, Vehicle
    from finance.models import CreditAgreement

    plates = set[str]()
    while len(plates) < count + 4:
        plates.add("沪" + dice.choice("ABCDEFGH") + "".join(dice.choice("0123456789") for _ in range(5)))
    *ordinary, a, b, c, d = sorted(plates)
    for n, plate in enumerate(ordinary):
        car = {"plate": plate, "name": f"车主{n:02}", "phone": f"138{n:08}", "brand": "奥迪", "model": "A4L"}
        if n % 3:
            owner = Customer.objects.create(company=company, name=car["name"], phone=car["phone"])
            Vehicle.objects.create(
                company=company, owner=owner, plate=plate, plate_kind="ordinary", brand="奥迪", model="A4L"
            )
        house.cars.append(car | {"is_known": bool(n % 3)})
    firm = Customer.objects.create(company=company, kind="firm", name="顺达物流", phone="02155558888")
    CreditAgreement.objects.create(
        company=company, customer=firm, number="JZ-2026-01", limit=Decimal(50_000), since=localdate()
    )
    house.fleet = {"customer": firm.pk, "plates": [a, b, c, d]}
