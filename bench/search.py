"""How fast a few letters find somebody among many, on a throw-away database: the index used, and milliseconds.

python -m bench.search            200,000 customers and cars
python -m bench.search 1000000

Stops with an error when a question is answered without an index.
"""

import os
import statistics
import sys
import time
from collections.abc import Iterator
from typing import Any

os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"

import django

django.setup()

from django.db import connection  # noqa: E402
from django.db.models import Q, QuerySet  # noqa: E402

from tests.plumbing import databases  # noqa: E402

SURNAMES = (
    "王李张刘陈杨黄赵周吴徐孙朱马胡郭林何高梁郑罗宋谢唐韩曹许邓萧"
    "冯曾程蔡彭潘袁于董余苏叶吕魏蒋田杜丁沈姜范江傅钟卢汪戴崔任陆廖姚"
)
GIVEN = (
    "伟磊军勇杰涛明超刚平辉飞斌波宇浩凯健俊峰建国志文海东晨阳博林龙诚宁睿"
    "芳娜敏静丽艳娟霞秀兰玲桂英梅琳素莲真雪荣爱佳欣怡婷雯悦颖倩洁薇琪瑶蕾思涵梦"
)
ROUNDS = 7

_CUSTOMERS = """
INSERT INTO customers_customer (company_id, kind, name, initials, phone, email, level, language, do_not_call, city,
    tax_number, remark, is_incomplete, source, source_id, version, created_at)
SELECT %(company)s, 'person',
    substr(%(surnames)s, 1 + (random() * %(s)s)::int, 1) || substr(%(given)s, 1 + (random() * %(g)s)::int, 1)
        || CASE WHEN n %% 4 > 0 THEN substr(%(given)s, 1 + (random() * %(g)s)::int, 1) ELSE '' END,
    chr(97 + (random() * 25)::int) || chr(97 + (random() * 25)::int) || chr(97 + (random() * 25)::int),
    '1' || (ARRAY['35','36','37','38','39','50','58','86','88','99'])[1 + n %% 10]
        || lpad(((n::bigint * 7919) %% 100000000)::text, 8, '0'),
    '', '', 'zh-hans', false, '', '', '', false, '', '', 1, now() FROM generate_series(1, %(count)s) n
"""
_VEHICLES = """
INSERT INTO customers_vehicle (company_id, owner_id, vin, vin_remark, plate, plate_kind, brand, model, is_incomplete,
    source, source_id, version, created_at)
SELECT company_id, id, 'LSVAA49J' || (id %% 10) || 'A2' || lpad((id %% 1000000)::text, 6, '0'), '',
    (ARRAY['沪','苏','浙'])[1 + id %% 3] || chr(65 + ((id / 100000) %% 8)::int)
        || CASE WHEN id %% 2 = 0 THEN 'D' ELSE '' END || lpad(((id * 31) %% 100000)::text, 5, '0'),
    'energy', '大众', '朗逸', false, '', '', 1, now() FROM customers_customer ON CONFLICT DO NOTHING
"""
_PAST = """
INSERT INTO customers_platespan (vehicle_id, plate, plate_kind, since, until)
SELECT id, '皖' || substr(plate, 2), plate_kind, '2020-01-01', '2024-06-30' FROM customers_vehicle WHERE id %% 20 = 0
"""
_VISITS = """
INSERT INTO service_visit (store_id, vehicle_id, customer_id, driver_name, driver_phone, status, exit, exit_reason,
    kind, waits, key_tag, parking, wants_wash, wants_old_parts, is_quick, arrived_at, arrived_on, delay_reason,
    handed_over, origin, version)
SELECT %(store)s, id, owner_id, '', '', CASE WHEN id %% 1000 = 0 THEN 'received' ELSE 'left' END, '', '', 'repair',
    false, '', '', false, false, false, now() - interval '1 day', now(), '', '[]', '', 1 FROM customers_vehicle
"""
_ORDERS = """
INSERT INTO service_order (store_id, visit_id, number, opened_at, opened_on, oem_number, status, amount, source,
    source_id, version)
SELECT store_id, id, 'B1-RO-26' || lpad((1 + id %% 12)::text, 2, '0') || '-' || lpad(id::text, 7, '0'), now(), now(),
    '', 'closed', 100, '', '', 1 FROM service_visit
"""


def fill(count: int) -> None:
    """One company with that many customers, each with a car that was here once; a few are in the house."""
    from core.models import Calendar, Company, Group, Store

    calendar = Calendar.objects.create(name="always")
    company = Company.objects.create(group=Group.objects.create(name="g"), name="c")
    store = Store.objects.create(
        company=company, code="B1", name="b", live_from="2020-01-01", opening=calendar, calling=calendar, labour_rate=1
    )
    given = {"company": company.pk, "store": store.pk, "count": count, "surnames": SURNAMES, "given": GIVEN}
    given |= {"s": len(SURNAMES) - 1, "g": len(GIVEN) - 1}
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 0")
        cursor.execute("SELECT setseed(0.42)")
        for statement in (_CUSTOMERS, _VEHICLES, _PAST, _VISITS, _ORDERS):
            began = time.perf_counter()
            cursor.execute(statement, given)
            print(f"  {cursor.rowcount:>9,} rows of {statement.split()[2]} in {time.perf_counter() - began:.1f} s")
    with databases.as_owner(str(connection.settings_dict["NAME"])) as owner:
        owner.execute("VACUUM ANALYZE")  # what a server does by itself: statistics, and what waits to be indexed


def questions() -> Iterator[tuple[str, Any]]:
    """What people type, and the rows that it asks for, as the box and the lists ask."""
    from customers.models import Customer, Vehicle
    from service.models import Order, Visit

    # one of the few that are in the house and wore another plate before
    car = Vehicle.objects.get(pk=Visit.objects.in_store().order_by("pk")[20].vehicle_id)
    owner = Customer.objects.get(pk=car.owner_id)
    name, phone = owner.name.ljust(3, "伟"), owner.phone
    number = Order.objects.order_by("pk").values_list("number", flat=True)[4321]
    customers, vehicles = Customer.objects.living(), Vehicle.objects.living()
    yield "name of three characters", customers.found_by(name)
    yield "given name, two characters", customers.found_by(name[1:])
    yield "surname and tail of the phone", customers.found_by(f"{name[0]} {phone[-4:]}")
    yield "four last digits of the phone", customers.found_by(phone[-4:])
    yield "whole phone", customers.found_by(phone)
    yield "phone from its beginning, 6 digits", customers.found_by(phone[:6])
    yield "pinyin initials", customers.found_by("ljg")
    yield "exactly: end of the phone, initials", customers.ending_with(phone[-4:])
    yield "plate, end of five", vehicles.found_by(car.plate[-5:])
    yield "plate, fragment of three", vehicles.found_by(car.plate[-4:-1])
    yield "plate, fragment of two", vehicles.found_by(car.plate[-3:-1])
    yield "plate with province", vehicles.found_by(car.plate)
    yield "plate worn before", vehicles.found_by("皖" + car.plate[1:])
    yield "VIN, last six", vehicles.found_by(car.vin[-6:])
    yield "VIN, last four", vehicles.found_by(car.vin[-4:])
    yield "car by the owner's given name", vehicles.found_by(name[1:])
    yield "exactly: end of plate or VIN", vehicles.ending_with(car.vin[-6:])
    yield "car in the house", Visit.objects.in_store().filter(vehicle__in=Vehicle.objects.found_by(car.plate[-4:]))
    yield "order, end of the number", Order.objects.filter(Q(number__reverse__startswith=number[-5:][::-1]))


def plan_of(rows: QuerySet) -> Iterator[dict[str, Any]]:
    """The nodes of the plan."""
    statement, values = rows.query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (FORMAT JSON) {statement}", values)
        (found,) = cursor.fetchone()
    waiting = [found[0]["Plan"]]
    while waiting:
        node = waiting.pop()
        waiting += node.get("Plans", [])
        yield node


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 200_000
    name = databases.make("bench")
    failed = []
    try:
        fill(count)
        print(f"\n{'question':38} {'hits':>6} {'ms':>8}  index")
        for what, rows in questions():
            rows = rows.order_by("-pk")[:200]
            nodes = list(plan_of(rows))
            used = sorted({node["Index Name"] for node in nodes if "Index Name" in node and not _is_key(node)})
            whole = sorted(
                {n["Relation Name"] for n in nodes if n["Node Type"] == "Seq Scan" and n["Plan Rows"] > 1000}
            )
            took = []
            for _round in range(ROUNDS):
                began = time.perf_counter()
                hits = len(list(rows.all()))
                took.append(1000 * (time.perf_counter() - began))
            print(f"{what:38} {hits:>6} {statistics.median(took):>8.1f}  {', '.join(used)}")
            if not used or whole:
                failed.append(f"{what}: {'reads all of ' + ', '.join(whole) if whole else 'uses no index'}")
        _alike()
        _box()
    finally:
        databases.drop(name)
    sys.exit("\n".join(failed) or 0)


def _is_key(node: dict[str, Any]) -> bool:
    return str(node["Index Name"]).endswith("_pkey")


def _alike() -> None:
    from core.models import Company
    from customers.models.alike import customers_alike, vehicles_alike

    for what, find in (("customers who look alike", customers_alike), ("cars that look alike", vehicles_alike)):
        began = time.perf_counter()
        pairs = find([Company.objects.get().pk], 50)
        print(f"{what:38} {len(pairs):>6} {1000 * (time.perf_counter() - began):>8.1f}  (the newest with all)")


def _box() -> None:
    """The whole answer of the box, with every group and the page's piece, as a group manager asks."""
    from django.test import Client

    from core.models import Employee, Posting
    from customers.models import Customer, Vehicle

    boss = Employee.objects.create(username="boss", name="boss")
    Posting.objects.create(employee=boss, role="group_manager")
    client = Client(headers={"host": "localhost"})
    client.force_login(boss, backend="allauth.account.auth_backends.AuthenticationBackend")
    person = Customer.objects.order_by("pk")[5000]
    plate = Vehicle.objects.get(owner=person).plate
    print()
    for text in (
        person.name,
        person.name[1:],
        person.phone[-4:],
        person.initials,
        plate[-5:],
        plate[-3:],
        plate[-3:-1],
    ):
        took = []
        for _round in range(ROUNDS):
            began = time.perf_counter()
            answer = client.get("/search/", {"q": text}, headers={"hx-request": "true"})
            took.append(1000 * (time.perf_counter() - began))
            assert answer.status_code == 200
        print(f"the whole box for {text:20} {'':6} {statistics.median(took):>8.1f} ms")


if __name__ == "__main__":
    main()
