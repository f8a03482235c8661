"""How long the planning of many calls in one store takes, on a throw-away database: rows, seconds, and the plan.

python -m bench.plan_calls            20,000 visits
python -m bench.plan_calls 100000
"""

import os
import sys
import time
from datetime import timedelta
from itertools import pairwise

os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"

import django

django.setup()

from django.db import connection  # noqa: E402
from django.utils.timezone import localdate, now  # noqa: E402

from tests.plumbing import databases  # noqa: E402


def notes_of(count: int) -> None:
    """One store with opening and calling hours, customers with and without hours of their own, and finished visits."""
    from core.calendar import AHEAD, lay_frames
    from core.models import Calendar, Company, Employee, Group, HolidayYear, Posting, Store, WeekFrame
    from core.roles import Role

    calling = Calendar.objects.create(name="calls")
    for day in range(8):
        for begin, end in (("09:00", "12:00"), ("13:30", "18:00")):
            WeekFrame.objects.create(calendar=calling, day=day, starts=begin, ends=end)
    HolidayYear.objects.create(year=localdate().year, source="bench")
    lay_frames(calling, localdate() - timedelta(days=400), localdate() + timedelta(days=AHEAD))
    company = Company.objects.create(group=Group.objects.create(name="g"), name="c")
    store = Store.objects.create(
        company=company, code="B1", name="b", live_from="2020-01-01", opening=calling, calling=calling, labour_rate=1
    )
    for n in range(5):
        agent = Employee.objects.create(username=f"agent{n}", name=f"agent {n}")
        Posting.objects.create(employee=agent, role=Role.CARE_AGENT, store=store)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO customers_customer (company_id, kind, name, phone, level, call_from, call_until, do_not_call,"
            " city, remark, is_incomplete, source, source_id, version, created_at) SELECT %s, 'person', 'c' || n,"
            " '139' || lpad(n::text, 8, '0'), '', CASE WHEN n %% 5 = 0 THEN time '14:00' END,"
            " CASE WHEN n %% 5 = 0 THEN time '16:00' END, n %% 50 = 0, '', '', false, '', '', 1, now()"
            " FROM generate_series(1, %s) n",
            [company.pk, count],
        )
        cursor.execute(
            "INSERT INTO customers_vehicle (company_id, owner_id, vin, vin_remark, plate, plate_kind, brand, model,"
            " is_incomplete, source, source_id, version, created_at) SELECT company_id, id, '', '', '沪A' ||"
            " lpad(id::text, 6, '0'), 'energy', '', '', false, '', '', 1, now() FROM customers_customer"
        )
        cursor.execute(
            "INSERT INTO customers_visitnote (store_id, visit_id, vehicle_id, customer_id, driver_name, driver_phone,"
            " kind, what, worth, left_at, left_on, call_pending, was_member, origin) SELECT %s, v.id, v.id, v.owner_id,"
            " '', '', 'repair', 'work', 100, now() - interval '1 hour', %s, true, v.id %% 4 = 0, ''"
            " FROM customers_vehicle v",
            [store.pk, localdate(now() - timedelta(hours=1))],
        )
        cursor.execute("ANALYZE")


def main() -> None:
    from core.actor import CLOCK
    from customers import actions
    from customers.actions.planning import _PLAN
    from customers.models import Call

    count = int(sys.argv[1]) if len(sys.argv) > 1 else 20_000
    name = databases.make("bench")
    try:
        notes_of(count)
        with connection.cursor() as cursor:
            cursor.execute("BEGIN")
            cursor.execute(f"EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF) {_PLAN}", {"store": 1, "moment": now()})
            print("\n".join(line for (line,) in cursor.fetchall()))
            cursor.execute("ROLLBACK")
        marks = [time.perf_counter()]
        for what in ("planned", "planned again", "assigned"):
            run = actions.assign_calls if what == "assigned" else actions.plan_calls
            done = run(by=CLOCK)
            marks.append(time.perf_counter())
            print(f"{what}: {done} of {count} visits in {[b - a for a, b in pairwise(marks)][-1]:.2f} s")
        later = now() + timedelta(days=9)
        began = time.perf_counter()
        actions.plan_calls(by=CLOCK, moment=later)
        took = time.perf_counter() - began
        print(f"rolled on: {Call.objects.filter(not_after__gt=later).count()} calls in {took:.2f} s")
    finally:
        databases.drop(name)


if __name__ == "__main__":
    main()
