"""Files as dealerships really have them, loaded by the documented commands (docs/load.md)."""

import csv
import shlex
from collections import defaultdict
from decimal import Decimal
from pathlib import Path

import pytest
from django.db.models import Count, Sum
from django.db.models.functions import TruncMonth

from core.actor import CLOCK
from core.figures import recompute
from core.models import Entry, Figure, HolidayYear, PublicHoliday, TouchedDay
from customers import actions as customers
from customers.models import Call, Customer, Vehicle, VisitNote
from dealer.figures import compute
from finance.models import Payment, Settlement, SettlementLine
from service.models import Job, Line, Order, Share, Visit
from tests.dealer.test_load import load

ROOT = Path(__file__).parents[2]


def documented(kind: str, name: str, shared: Path) -> list[str]:
    """The words of the command that docs/load.md names for a file, with the cast's store."""
    text = (ROOT / "docs" / "load.md").read_text(encoding="utf-8").replace("\\\n", " ")
    for line in text.splitlines():
        if f" load {kind} " in f" {line} " and line.rstrip().find(name) > 0:
            words = shlex.split(line)
            words = words[words.index("load") + 1 :]
            at = next(i for i, word in enumerate(words) if word.endswith(name))
            words[at] = str(shared / words[at].removeprefix("../shared/data/"))
            if "--store" in words:
                words[words.index("--store") + 1] = "HD01"
            return words
    raise AssertionError(f"docs/load.md has no command for {name}")


@pytest.mark.shared
def test_a_whole_workshop_comes_in_and_a_second_time_nothing_changes(cast, shared, django_assert_max_num_queries):
    said = []
    for kind, name in [
        ("customers", "garage_A_customers.csv"),
        ("vehicles", "garage_A_cars.csv"),
        ("service-orders", "garage_A_jobs_with_rating.csv"),
    ]:
        with django_assert_max_num_queries(150):  # set-based: 6,272 orders are 76,000 rows in 119 statements
            said.append(load(*documented(kind, name, shared)))
        print(kind, *said[-1], sep="\n  ")
    assert [one[-1] for one in said] == [
        "created 600, updated 0, unchanged 0, rejected 0",
        "created 600, updated 0, unchanged 0, rejected 0",
        "created 6272, updated 0, unchanged 0, rejected 0",
    ]
    assert Customer.objects.filter(is_incomplete=True, name="", phone="").count() == 600
    assert Customer.objects.filter(kind="firm").count() > 0
    assert Vehicle.objects.filter(is_incomplete=True, owner__isnull=False).count() == 600
    assert Visit.objects.filter(status="left", exit="served", origin="garage_A").count() == 6272
    assert Order.objects.filter(status="closed", number__isnull=True, source="garage_A").count() == 6272
    assert Job.objects.filter(status="done").count() == 6272
    assert dict(Job.objects.values_list("words").annotate(n=Count("id")).order_by()) == {
        "Engine": 1297,
        "Oil change": 1273,
        "Electricity": 1244,
        "Body work": 1232,
        "Transmission": 1226,
    }
    # to the cent, wherever money stands
    invoiced = Decimal("11023557.83")
    for rows in (Settlement.objects, Line.objects, Share.objects, Order.objects, SettlementLine.objects):
        assert rows.aggregate(sum=Sum("amount"))["sum"] == invoiced
    assert Settlement.objects.aggregate(sum=Sum("paid"))["sum"] == invoiced
    net = Settlement.objects.aggregate(sum=Sum("net"))["sum"]
    assert SettlementLine.objects.aggregate(sum=Sum("net"))["sum"] == net
    assert VisitNote.objects.aggregate(sum=Sum("worth"))["sum"] == net
    assert not Settlement.objects.to_pay().exists() and not Payment.objects.exists()
    ratings = Visit.objects.values_list("satisfaction").annotate(n=Count("id")).order_by("satisfaction")
    assert dict(ratings) == {1: 1223, 2: 1293, 3: 1313, 4: 1188, 5: 1255}
    first = Order.objects.get(source_id="WO000000")
    assert (str(first.visit.arrived_on), str(first.visit.left_on)) == ("2022-11-24", "2023-01-06")
    assert first.amount == Decimal("1063.80") and first.visit.settlements.get().settled_on == first.visit.left_on
    assert [(one.kind, one.amount) for one in first.jobs.get().lines.all()] == [
        ("labour", Decimal("502.50")),
        ("part", Decimal("561.30")),
    ]

    # history is not news
    assert not VisitNote.objects.filter(call_pending=True).exists()
    assert customers.plan_calls(by=CLOCK) == 0 and not Call.objects.exists()
    lines = Entry.objects.filter(verb__endswith=".loaded").order_by("id")
    assert [one.verb for one in lines] == ["customers.loaded", "vehicles.loaded", "orders.loaded"]
    days = set(Visit.objects.values_list("arrived_on", flat=True)) | set(
        Visit.objects.values_list("left_on", flat=True)
    )
    assert set(TouchedDay.objects.values_list("day", flat=True)) == days

    # and the dashboard's months are the file's
    recompute(5000, compute)
    with (shared / "workshop" / "garage_A_jobs_with_rating.csv").open(encoding="utf-8") as file:
        months: dict[str, Decimal] = defaultdict(Decimal)
        for row in csv.DictReader(file):
            months[row["Delivery Date"][:7]] += Decimal(row["Invoiced Amount"])
    figures = Figure.objects.filter(store=cast.store, code="revenue").annotate(month=TruncMonth("day"))
    found = figures.values_list("month").annotate(sum=Sum("numerator")).order_by("month")
    assert {f"{month:%Y-%m}": total for month, total in found} == months

    counts = [model.objects.count() for model in (Customer, Vehicle, Visit, Order, Line, Settlement, SettlementLine)]
    TouchedDay.objects.all().delete()
    for kind, name, number in [
        ("customers", "garage_A_customers.csv", 600),
        ("vehicles", "garage_A_cars.csv", 600),
        ("service-orders", "garage_A_jobs_with_rating.csv", 6272),
    ]:
        assert load(*documented(kind, name, shared))[-1] == f"created 0, updated 0, unchanged {number}, rejected 0"
    assert counts == [
        model.objects.count() for model in (Customer, Vehicle, Visit, Order, Line, Settlement, SettlementLine)
    ]
    assert not TouchedDay.objects.exists()


@pytest.mark.shared
def test_warranty_orders_make_their_cars_and_keep_the_doubt(cast, shared):
    words = documented("service-orders", "warranty_repair_orders_100.xlsx", shared)
    said = load(*words)
    print(*said, sep="\n")
    assert said[-1] == "created 100, updated 0, unchanged 0, rejected 0"
    assert Vehicle.objects.count() == 98  # two cars came twice
    assert Vehicle.objects.exclude(vin_remark="").count() == 96
    doubtful = Visit.objects.exclude(vehicle__vin_remark="").count()
    assert doubtful == 98  # the rows whose VIN fails the check digit
    assert "96 cars have a VIN whose check digit is wrong" in " ".join(said)
    order = Order.objects.get(source_id="2809979441")
    job = order.jobs.get()
    assert (order.visit.kind, job.kind, order.visit.customer) == ("warranty", "warranty", None)
    assert job.words and job.remedy and job.cause.startswith("WHEEL ASM")
    assert max(len(one) for one in Job.objects.values_list("remedy", flat=True)) > 900  # whole, not cut
    # no price and no currency: the work stands there, who pays too, and no money is invented
    share = Share.objects.get(line__job=job)
    assert (share.payer, share.reason, share.amount) == ("manufacturer", "warranty", Decimal(0))
    assert not Settlement.objects.exists() and order.visit.settled_at is None
    assert customers.plan_calls(by=CLOCK) == 0
    assert load(*words)[-1] == "created 0, updated 0, unchanged 100, rejected 0"


@pytest.mark.shared
def test_the_official_holidays_come_in_and_an_empty_year_stays_open(cast, shared):
    HolidayYear.objects.all().delete()
    folder = shared / "holidays"
    assert load("holidays", folder / "holiday-cn_2025.json")[-1] == "created 33, updated 0, unchanged 0, rejected 0"
    assert load("holidays", folder / "holiday-cn_2026.json")[-1] == "created 39, updated 0, unchanged 0, rejected 0"
    assert PublicHoliday.objects.filter(day__year=2026, is_off=True).count() == 33
    work = PublicHoliday.objects.filter(day__year=2026, is_off=False).values_list("day", flat=True)
    assert [f"{day:%m-%d}" for day in work] == ["01-04", "02-14", "02-28", "05-09", "09-20", "10-10"]
    # the same notice as a calendar file says the same
    assert load("holidays", folder / "holiday-cn_2026.ics")[-1] == "created 0, updated 0, unchanged 39, rejected 0"
    said = load("holidays", folder / "holiday-cn_2027.json")
    assert said[-1] == "created 0, updated 0, unchanged 0, rejected 0"
    assert "2027 stays provisional" in said[0]
    assert set(HolidayYear.objects.values_list("year", flat=True)) == {2025, 2026}
