"""The demo's invented people: the group and its stores, everybody who works there, and names for customers."""

import unicodedata
from datetime import date
from decimal import Decimal
from random import Random
from typing import Any, NamedTuple

from django.contrib.auth.hashers import make_password

from core.actions import lay_authorities
from core.models import Calendar, Company, Employee, Group, Posting, Store
from core.roles import Role
from customers.models import Customer

PASSWORD = "demo-dealership"  # noqa: S105 (for loopback only: load_demo refuses an https SITE_URL)
GROUP = "群星汽车集团"


class Place(NamedTuple):
    """A store of the demo: what it sells, how much comes to it, what an hour of labour costs."""

    code: str
    name: str
    company: str
    tax_number: str
    city: str
    address: str
    phone: str
    brand: str
    plates: tuple[str, ...]
    labour_rate: Decimal
    weight: int  # share of customers, cars and visits, in percent
    in_store: int  # cars of today


HONGDA, YUANHANG = "宏达汽车", "远航汽车"
PLACES = [
    Place(
        "HD01",
        "宏达大众上海店",
        HONGDA,
        "91310000DEMO000017",
        "上海",
        "嘉定区演示路 88 号",
        "021-00008801",
        "大众",
        ("沪",),
        Decimal("320.00"),
        44,
        19,
    ),
    Place(
        "HD02",
        "宏达比亚迪苏州店",
        HONGDA,
        "91310000DEMO000017",
        "苏州",
        "吴中区演示路 26 号",
        "0512-00008802",
        "比亚迪",
        ("苏E", "苏U"),
        Decimal("280.00"),
        30,
        15,
    ),
    Place(
        "YH01",
        "远航丰田杭州店",
        YUANHANG,
        "91330000DEMO000025",
        "杭州",
        "余杭区演示路 101 号",
        "0571-00008803",
        "丰田",
        ("浙A",),
        Decimal("300.00"),
        26,
        14,
    ),
]

# role, username, name; usernames in the other stores start with the store's code
HD01_CREW: list[tuple[Role, str, str]] = [
    (Role.ADVISOR, "advisor", "沈佳怡"),
    (Role.ADVISOR, "advisor2", "顾文斌"),
    (Role.ADVISOR, "advisor3", "陆晓峰"),
    (Role.GREETER, "greeter", "许婉婷"),
    (Role.TECHNICIAN, "technician1", "张建军"),
    (Role.TECHNICIAN, "technician2", "李国强"),
    (Role.TECHNICIAN, "technician3", "王海涛"),
    (Role.TECHNICIAN, "technician4", "赵志刚"),
    (Role.TECHNICIAN, "technician5", "孙立平"),
    (Role.TECHNICIAN, "technician6", "周大明"),
    (Role.INSPECTOR, "inspector", "吴振华"),
    (Role.CONTROLLER, "controller", "郑国平"),
    (Role.PARTS_CLERK, "parts", "冯雪梅"),
    (Role.WARRANTY_CLERK, "warranty", "陈思远"),
    (Role.ACCIDENT_SPECIALIST, "accident", "褚卫东"),
    (Role.CARE_AGENT, "care1", "蒋欣妍"),
    (Role.CARE_AGENT, "care2", "韩雨桐"),
    (Role.CARE_MANAGER, "caremanager", "杨丽娟"),
    (Role.CASHIER, "cashier", "朱秀英"),
    (Role.GUARD, "guard", "秦大勇"),
    (Role.FINANCE_MANAGER, "finance", "尤敏"),
    (Role.TRAINER, "trainer", "何俊杰"),
    (Role.SERVICE_MANAGER, "manager", "吕志远"),
    (Role.GENERAL_MANAGER, "gm", "施明辉"),
    (Role.GROUP_MANAGER, "group", "孔庆云"),
    (Role.MONITOR, "monitor", "曹静"),
    (Role.INTEGRATION, "integration", "接口账号"),
]
SMALL_CREW = [
    (Role.ADVISOR, "advisor"),
    (Role.ADVISOR, "advisor2"),
    (Role.GREETER, "greeter"),
    (Role.TECHNICIAN, "technician1"),
    (Role.TECHNICIAN, "technician2"),
    (Role.TECHNICIAN, "technician3"),
    (Role.TECHNICIAN, "technician4"),
    (Role.INSPECTOR, "inspector"),
    (Role.CONTROLLER, "controller"),
    (Role.PARTS_CLERK, "parts"),
    (Role.CARE_AGENT, "care1"),
    (Role.CASHIER, "cashier"),
    (Role.GUARD, "guard"),
    (Role.SERVICE_MANAGER, "manager"),
]
SMALL_CREW_NAMES = {
    "HD02": "严晓雯 华建明 金梦洁 魏长春 陶永强 姜铁军 戚伟 谢春生 邹立新 喻红梅 柏雅琴 水玉兰 窦福生 章学文".split(),
    "YH01": "云清扬 苏婉清 潘巧玲 葛洪亮 奚建国 范志明 彭海 郎世平 鲁大同 韦秋菊 昌晓彤 马桂芳 苗得胜 凤长林".split(),
}
# seats that reach further than one store
COMPANY_WIDE = {Role.FINANCE_MANAGER, Role.GENERAL_MANAGER}
GROUP_WIDE = {Role.GROUP_MANAGER}


def username_of(code: str, username: str) -> str:
    """HD01's people have plain usernames, those of the other stores start with the store's code."""
    return username if code == "HD01" else f"{code.lower()}.{username}"


def crew_of(code: str) -> list[tuple[Role, str, str]]:
    """Role, username and name of everybody in a store."""
    if code == "HD01":
        return HD01_CREW
    names = SMALL_CREW_NAMES[code]
    return [(role, username_of(code, user), name) for (role, user), name in zip(SMALL_CREW, names, strict=True)]


def found_stores(opening: Calendar, calling: Calendar, live_from: date) -> list[Store]:
    """The group, its two companies and three stores."""
    group = Group.objects.create(name=GROUP)
    companies: dict[str, Company] = {}
    for place in PLACES:
        if place.company not in companies:
            companies[place.company] = Company(group=group, name=place.company, tax_number=place.tax_number)
    Company.objects.bulk_create(companies.values())
    for company in companies.values():
        lay_authorities(company)
    return Store.objects.bulk_create(
        Store(
            company=companies[place.company],
            code=place.code,
            name=place.name,
            city=place.city,
            address=place.address,
            phone=place.phone,
            live_from=live_from,
            opening=opening,
            calling=calling,
            labour_rate=place.labour_rate,
        )
        for place in PLACES
    )


class Crew:
    """Who works in a store, by role."""

    def __init__(self, store: Store, people: dict[Role, list[Employee]]) -> None:
        self.store, self.people = store, people

    def __getitem__(self, role: Role) -> list[Employee]:
        return self.people.get(role, [])

    @property
    def care(self) -> list[Employee]:
        """The customer-care agents."""
        return self[Role.CARE_AGENT]


def hire(stores: list[Store]) -> dict[str, Crew]:
    """Everybody in every role, with one demo password."""
    password = make_password(PASSWORD)
    crews, people, postings = {}, [], []
    for store in stores:
        found: dict[Role, list[Employee]] = {}
        for role, username, name in crew_of(store.code):
            is_program = role == Role.INTEGRATION
            person = Employee(
                username=username,
                name=name,
                store=store,
                kind=Employee.Kind.INTEGRATION if is_program else Employee.Kind.PERSON,
                password=make_password(None) if is_program else password,
            )
            people.append(person)
            found.setdefault(role, []).append(person)
            where: dict[str, Any] = {"store": store}
            if role in GROUP_WIDE:
                where = {}
            elif role in COMPANY_WIDE:
                where = {"company": store.company}
            postings.append(Posting(employee=person, role=role, **where))
        crews[store.code] = Crew(store, found)
    Employee.objects.bulk_create(people)
    Posting.objects.bulk_create(postings)
    return crews


# Names of customers

_SURNAMES = (
    "王李张刘陈杨黄赵周吴徐孙朱马胡郭林何高梁郑罗宋谢唐韩曹许邓萧"
    "冯曾程蔡彭潘袁于董余苏叶吕魏蒋田杜丁沈姜范江傅钟卢汪戴崔任陆廖姚"
)
_MALE = "伟磊军勇杰涛明超刚平辉飞斌波宇浩凯健俊峰建国志文海东晨阳博林龙诚宁睿"
_FEMALE = "芳娜敏静丽艳娟霞秀兰玲桂英梅琳素莲真雪荣爱佳欣怡婷雯悦颖倩洁薇琪瑶蕾思涵梦"
_FIRMS = "恒通 瑞丰 鼎盛 华宇 启航 安达 顺达 博雅 天成 嘉禾 明德 远景 金桥 锦程 方圆 众诚 新源 海纳".split()
_TRADES = "贸易有限公司 物流有限公司 科技有限公司 装饰工程有限公司 餐饮管理有限公司 建设有限公司".split()
_PREFIXES = "135 136 137 138 139 150 151 152 157 158 159 180 181 182 186 187 188 189 199 177 176 185".split()
_CALL_HOURS = [("09:00", "12:00"), ("10:00", "18:00"), ("14:00", "18:00"), ("11:00", "15:30"), ("16:00", "20:00")]
_AREAS = {
    "上海": "嘉定区 普陀区 宝山区 静安区 长宁区 闵行区 浦东新区 徐汇区".split(),
    "苏州": "吴中区 姑苏区 相城区 工业园区 虎丘区 吴江区".split(),
    "杭州": "余杭区 西湖区 拱墅区 滨江区 上城区 萧山区".split(),
}
_LEVELS = [Customer.Level.NONE, Customer.Level.SILVER, Customer.Level.GOLD, Customer.Level.PLATINUM]


def invent_name(rng: Random) -> str:
    """A name of two or three characters; common surnames more often."""
    surname = _SURNAMES[min(int(rng.expovariate(1 / 14)), len(_SURNAMES) - 1)]
    given = _MALE if rng.random() < 0.62 else _FEMALE
    return surname + "".join(rng.choices(given, k=1 if rng.random() < 0.28 else 2))


def invent_phone(rng: Random) -> str:
    """A mobile number that can be seen to be invented: its middle is 0000."""
    return f"{rng.choice(_PREFIXES)}0000{rng.randrange(10_000):04d}"


class Person(NamedTuple):
    """A customer before it is a row."""

    kind: str
    name: str
    phone: str
    level: str
    hours: tuple[str | None, str | None]
    area: str


def invent_customer(rng: Random, place: Place, last_phone: str) -> Person:
    """A customer of a store; a few share a phone with the one before, as families do."""
    area = place.city + rng.choice(_AREAS[place.city])
    level = rng.choices(_LEVELS, [66, 18, 11, 5])[0]
    hours = rng.choice(_CALL_HOURS) if rng.random() < 0.14 else (None, None)
    phone = last_phone if last_phone and rng.random() < 0.02 else invent_phone(rng)
    if rng.random() < 0.07:
        name = f"{place.city}{rng.choice(_FIRMS)}{rng.choice(_TRADES)}"
        return Person(Customer.Kind.FIRM, name, phone, Customer.Level.NONE, (None, None), area)
    return Person(Customer.Kind.PERSON, invent_name(rng), phone, level, hours, area)


def width(text: str) -> int:
    """How many columns a text takes in a terminal: Chinese characters take two."""
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)
