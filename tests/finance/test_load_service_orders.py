"""An old system's orders come in as history: visits that left, work that is done, bills that are paid, no news."""

from datetime import date
from decimal import Decimal as D

import pytest
from django.core.exceptions import PermissionDenied

from core.actor import CLOCK
from core.imports import Load
from core.models import Entry, TouchedDay, VatRate
from customers import actions as customers
from customers.models import Call, Customer, Vehicle, VisitNote
from finance import actions
from finance.models import Payment, Settlement, SettlementLine
from service.models import Job, Line, Order, Party, Share, Visit
from tests.dealer.test_load import load, write

HEAD = "工单号,车辆编号,客户编号,进厂日期,出厂日期,里程,维修类型,故障描述,工时费,配件费,优惠率,实收金额,评分\n"
ROW = "W1,V1,C1,2022-11-24,2023-01-06,68214,保养,换机油,530.34,592.40,5.25,1063.80,4\n"


@pytest.fixture
def into(cast, tmp_path):
    """Loads a text as orders of HD01, whose old system knows the customer C1 and the car V1."""
    company = cast.store.company
    owner = Customer.objects.create(company=company, name="王", phone="13800001111", source="old", source_id="C1")
    for name in ("V1", "V2"):
        Vehicle.objects.create(company=company, owner=owner, source="old", source_id=name, is_incomplete=True)

    def orders(text: str, *options: str, head: str = HEAD) -> list[str]:
        return load(
            "service-orders", write(tmp_path / "a.csv", head + text), "--store", "HD01", "--source", "old", *options
        )

    return orders


def test_one_row_is_a_visit_that_left_an_order_a_job_and_a_bill(into, cast):
    assert into(ROW)[-1] == "created 1, updated 0, unchanged 0, rejected 0"
    visit = Visit.objects.get()
    assert (visit.status, visit.exit, visit.kind, visit.origin) == ("left", "served", "maintenance", "old")
    assert (visit.vehicle.source_id, visit.customer.name, visit.mileage, visit.satisfaction) == ("V1", "王", 68214, 4)
    assert (visit.arrived_on, visit.left_on) == (date(2022, 11, 24), date(2023, 1, 6))
    assert visit.ready_at == visit.left_at == visit.settled_at
    assert visit.vehicle.mileage == 68214
    order = visit.orders.get()
    assert (order.number, order.status, order.amount) == (None, "closed", D("1063.80"))
    job = order.jobs.get()
    assert (job.words, job.kind, job.status, job.technician) == ("换机油", "maintenance", "done", None)
    assert [(x.kind, x.amount, x.net, x.vat_percent, x.consent) for x in job.lines.all()] == [
        ("labour", D("502.50"), D("444.69"), D("13.0"), "authorised"),
        ("part", D("561.30"), D("496.73"), D("13.0"), "authorised"),
    ]
    assert set(Share.objects.values_list("payer", "reason", "party")) == {("customer", "repair", None)}
    bill = Settlement.objects.get()
    assert (bill.number, bill.origin, bill.payer, bill.settled_on) == (None, "old", "customer", visit.left_on)
    assert (bill.amount, bill.paid, bill.net) == (D("1063.80"), D("1063.80"), D("941.42"))
    assert sum(line.amount for line in bill.lines.all()) == bill.amount
    assert not Payment.objects.exists()  # the ledger holds only money that was taken here
    assert set(TouchedDay.objects.values_list("store", "day")) == {
        (cast.store.pk, visit.arrived_on),
        (cast.store.pk, visit.left_on),
    }
    assert [one.verb for one in Entry.objects.all()] == ["orders.loaded"]


@pytest.mark.duty("C-27")
def test_history_is_not_news(into):
    into(ROW.replace("2023-01-06", f"{date.today():%Y-%m-%d}"))
    note = VisitNote.objects.get()
    assert (note.origin, note.call_pending, note.kind, note.what) == ("old", False, "maintenance", "换机油")
    assert (note.satisfaction, note.worth) == (4, D("941.42"))
    assert customers.plan_calls(by=CLOCK) == 0 and not Call.objects.exists()


def test_twice_changes_nothing(into):
    into(ROW)
    TouchedDay.objects.all().delete()
    before = [list(model.objects.order_by("id").values()) for model in (Visit, Order, Job, Line, Settlement, VisitNote)]
    assert into(ROW)[-1] == "created 0, updated 0, unchanged 1, rejected 0"
    after = [list(model.objects.order_by("id").values()) for model in (Visit, Order, Job, Line, Settlement, VisitNote)]
    assert before == after and not TouchedDay.objects.exists()


def test_what_the_old_system_corrects_is_corrected_by_a_counter_entry(into):
    into(ROW)
    old = Settlement.objects.get()
    assert into(ROW.replace("1063.80", "1060.00"))[-1] == "created 0, updated 1, unchanged 0, rejected 0"
    assert Settlement.objects.count() == 3
    counter, new = Settlement.objects.exclude(pk=old.pk).order_by("amount")
    assert (counter.amount, counter.reverses, counter.settled_on) == (D("-1063.80"), old, old.settled_on)
    assert (new.amount, new.paid, new.settled_on) == (D("1060.00"), D("1060.00"), old.settled_on)
    assert sum(SettlementLine.objects.values_list("amount", flat=True)) == D("1060.00")
    assert Settlement.objects.standing().get() == new and not Settlement.objects.to_pay().exists()
    assert Order.objects.get().amount == D("1060.00") and sum(Line.objects.values_list("amount", flat=True)) == D(1060)
    # what has nothing to do with money leaves the bill alone; a new day of delivery moves it
    into(ROW.replace("1063.80", "1060.00").replace("换机油", "更换机油").replace(",4\n", ",5\n"))
    assert Settlement.objects.count() == 3 and VisitNote.objects.get().what == "更换机油"
    assert Visit.objects.get().satisfaction == 5
    TouchedDay.objects.all().delete()
    into(ROW.replace("1063.80", "1060.00").replace("换机油", "更换机油").replace("2023-01-06", "2023-02-07"))
    assert Settlement.objects.standing().get().settled_on == date(2023, 2, 7)
    assert set(TouchedDay.objects.values_list("day", flat=True)) == {
        date(2022, 11, 24),
        date(2023, 1, 6),
        date(2023, 2, 7),
    }


@pytest.mark.parametrize(
    ("money", "lines"),
    [
        ("100,200,,", [("labour", "100.00"), ("part", "200.00")]),
        ("100,200,10,", [("labour", "90.00"), ("part", "180.00")]),
        ("33.33,66.67,3.33,96.67", [("labour", "32.22"), ("part", "64.45")]),
        ("100,,,80", [("labour", "80.00")]),
        (",200,,199.99", [("part", "199.99")]),
        (",,,50", [("other", "50.00")]),
        ("100,200,,350", [("labour", "100.00"), ("part", "200.00"), ("other", "50.00")]),
        ("100,200,100,0", [("labour", "0.00"), ("part", "0.00")]),
        (",,,", []),
        ('"1,234.5",0,,', [("labour", "1234.50")]),
    ],
)
def test_the_lines_add_up_to_what_was_invoiced(into, money, lines):
    into(f"W1,V1,C1,2022-11-24,2023-01-06,,维修,异响,{money},\n")
    assert [(x.kind, str(x.amount)) for x in Line.objects.order_by("id")] == lines
    total = sum(D(amount) for _kind, amount in lines)
    assert Order.objects.get().amount == total
    assert Settlement.objects.count() == (1 if total else 0)
    assert (Visit.objects.get().settled_at is None) == (not total)


@pytest.mark.parametrize(
    ("row", "field"),
    [
        ("W2,V1,C1,2022-11-24,2023-01-06,,维修,异响,100,200,10,100,", "amount"),
        ("W2,V1,C1,2022-11-24,2023-01-06,,维修,异响,-1,200,,,", "labour"),
        ("W2,V1,C1,2022-11-24,2022-01-06,,维修,异响,,,,,", "left"),
        ("W2,V1,C1,2022-11-24,,,维修,异响,,,,,", "left"),
        ("W2,V1,C1,01/02/2022,2023-01-06,,维修,异响,,,,,", "arrived"),
        ("W2,V1,C1,2022-11-24,2029-01-06,,维修,异响,,,,,", "left"),
        ("W2,V9,C1,2022-11-24,2023-01-06,,维修,异响,,,,,", "vehicle"),
        ("W2,,C1,2022-11-24,2023-01-06,,维修,异响,,,,,", "vehicle"),
        ("W2,V1,C9,2022-11-24,2023-01-06,,维修,异响,,,,,", "customer"),
        ("W2,V1,C1,2022-11-24,2023-01-06,,精品,异响,,,,,", "kind"),
        ("W2,V1,C1,2022-11-24,2023-01-06,,维修,,,,,,", "words"),
        ("W2,V1,C1,2022-11-24,2023-01-06,,维修,异响,,,,,6", "satisfaction"),
        ("W1,V1,C1,2022-11-24,2023-01-06,,维修,异响,,,,,", "id"),
        ("W2,V1,C1,2012-11-24,2013-01-06,,维修,异响,,,,,", "arrived"),
    ],
)
def test_a_bad_row_is_rejected_and_the_others_come_in(into, row, field):
    said = into(f"{ROW}{row}\n")
    assert said[-1] == "created 1, updated 0, unchanged 0, rejected 1"
    assert f"Line 3, {field}: " in said[0]


def test_who_pays_follows_from_the_kind_or_from_the_file(into, cast):
    head = "工单号,车辆编号,维修日期,维修类型,付款方,工时费\n"
    into(
        "W1,V1,2022-01-03,索赔,,10\nW2,V1,2022-01-04,召回,,10\nW3,V1,2022-01-05,内部,,10\nW4,V1,2022-01-06,事故,保险,10\n"
        "W5,V1,2022-01-07,事故,,10\nW6,V1,2022-01-08,索赔,客户,10\nW7,V1,2022-01-09,PDI,,10\n",
        head=head,
    )
    told = Share.objects.order_by("id").values_list("payer", "reason")
    assert list(told) == [
        ("manufacturer", "warranty"),
        ("manufacturer", "recall"),
        ("store", "internal"),
        ("insurer", "accident"),
        ("customer", "accident"),
        ("customer", "repair"),
        ("sales", "pdi"),
    ]
    assert Party.objects.filter(company=cast.store.company).count() == 4
    assert list(Job.objects.order_by("id").values_list("words", flat=True))[:2] == ["索赔", "召回"]
    assert {one.left_at for one in Visit.objects.all()} == {one.arrived_at for one in Visit.objects.all()}
    assert into("W1,V1,2022-01-03,索赔,,10\n", head=head)[-1] == "created 0, updated 0, unchanged 1, rejected 0"


def test_rows_of_one_visit_stay_together(into):
    head = "工单号,进厂单号,车辆编号,进厂日期,出厂日期,维修类型,故障描述,工时费,评分\n"
    rows = [
        "W1,A1,V1,2022-01-03,2022-01-04,保养,换机油,100,3\n",
        "W2,A1,V1,2022-01-03,2022-01-05,事故,换保险杠,200,\n",
        "W3,A1,V2,2022-01-03,2022-01-05,维修,别的车,50,\n",
        "W4,,V2,2022-01-03,2022-01-05,维修,另一次,60,\n",
    ]
    assert into("".join(rows), head=head)[-1] == "created 3, updated 0, unchanged 0, rejected 1"
    visit = Visit.objects.get(orders__source_id="W1")
    assert (visit.kind, visit.orders.count(), visit.left_on, visit.satisfaction) == ("accident", 2, date(2022, 1, 5), 3)
    assert Settlement.objects.get(visit=visit).amount == 300
    assert VisitNote.objects.get(visit_id=visit.pk).what == "换机油；换保险杠"
    assert into("".join(rows), head=head)[-1] == "created 0, updated 0, unchanged 3, rejected 1"
    # a third order of the visit, told together with one of its fellows only
    assert into(rows[1] + "W5,A1,V1,2022-01-02,2022-01-03,维修,又一项,7,\n", head=head)[-1] == (
        "created 1, updated 1, unchanged 0, rejected 0"
    )
    visit.refresh_from_db()
    assert (visit.orders.count(), visit.arrived_on, visit.left_on) == (3, date(2022, 1, 2), date(2022, 1, 5))
    assert Settlement.objects.standing().get(visit=visit).amount == 307
    assert VisitNote.objects.get(visit_id=visit.pk).worth == Settlement.objects.standing().get(visit=visit).net


def test_a_car_is_found_by_vin_or_plate_or_made_on_the_way(into, cast, car):
    head = "工单号,VIN,车牌号,维修日期,故障描述\n"
    said = into(
        f"W1,{car.vin},,2022-01-03,异响\nW2,,{car.plate},2022-02-03,异响\nW3,LSVAA49J062012345,,2022-03-03,异响\n"
        "W4,LSVAA49J062012345,,2022-04-03,异响\nW5,,粤BD12345,2022-05-03,异响\nW6,LSVAA49J06201234,,2022-06-03,异响\n",
        head=head,
    )
    assert said[-1] == "created 5, updated 0, unchanged 0, rejected 1"
    assert "2 cars were added on the way." in said
    assert car.visits.count() == 2 and set(car.visits.values_list("customer", flat=True)) == {car.owner_id}
    new = Vehicle.objects.get(vin="LSVAA49J062012345")
    assert (new.source_id, new.vin_remark, new.visits.count()) == (new.vin, "check digit should be 6 (load)", 2)
    # the owner of today was a good answer once; a later owner was not there
    car.owner = None
    car.save()
    assert into(f"W1,{car.vin},,2022-01-03,异响\n", head=head)[-1] == "created 0, updated 0, unchanged 1, rejected 0"


def test_times_are_the_stores_own(into):
    head = "工单号,车辆编号,进厂时间,出厂时间,故障描述\n"
    into("W1,V1,2022-01-03 23:30,2022-01-04T00:10:00+08:00,异响\n", head=head)
    visit = Visit.objects.get()
    assert visit.arrived_at.isoformat() == "2022-01-03T15:30:00+00:00"
    assert (visit.arrived_on, visit.left_on) == (date(2022, 1, 3), date(2022, 1, 4))


def test_hours_costs_and_names_are_kept(into):
    head = (
        "工单号,车辆编号,维修日期,故障描述,工时名称,工时,工时费,工时成本,配件名称,配件费,配件成本,故障原因,处理结果\n"
    )
    into("W1,V1,2022-01-03,异响,换片,1.5,570,90,制动片,798,510,磨损,更换\n", head=head)
    labour, part = Line.objects.order_by("id")
    assert (labour.name, labour.quantity, labour.price, labour.cost) == ("换片", D("1.5"), D(380), D(90))
    assert (part.name, part.quantity, part.price, part.cost) == ("制动片", D(1), D(798), D(510))
    assert (Job.objects.get().cause, Job.objects.get().remedy) == ("磨损", "更换")
    assert Settlement.objects.get().cost == D(600)


def test_the_rate_of_the_day(into):
    VatRate.objects.create(supply="repair", taxpayer="general", since=date(2018, 5, 1), percent=D(16))
    head = "工单号,车辆编号,维修日期,故障描述,工时费\n"
    into("W1,V1,2019-03-31,异响,116\nW2,V1,2019-04-01,异响,113\n", head=head)
    assert list(Line.objects.order_by("id").values_list("vat_percent", "net")) == [(D(16), D(100)), (D(13), D(100))]


def test_a_dry_run_says_the_same_and_keeps_nothing(into):
    assert into(ROW, "--dry-run")[-1] == "created 1, updated 0, unchanged 0, rejected 0"
    for model in (Visit, Order, Settlement, VisitNote, TouchedDay, Entry):
        assert not model.objects.exists()


def test_only_the_console_loads(cast, tmp_path):
    given = Load(path=tmp_path, by=cast.by("finance_manager"), store=cast.store, source="old")
    with pytest.raises(PermissionDenied):
        actions.note_history(given, [], by=cast.by("finance_manager"))
