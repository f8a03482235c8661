"""The demo dealership: what the history writes without the actions must be what the actions would have written."""

import io
import re
from datetime import datetime, timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.models.functions import Length
from django.db.transaction import set_rollback
from django.utils.timezone import now

from complaints.models import (
    Bulletin,
    Clock,
    Complaint,
    Correction,
    MonthSheet,
    OutsideCase,
    Problem,
    ProblemClass,
    Promise,
)
from core.actor import CLOCK
from core.calendar import missing_year
from core.models import Employee, Figure, Frame, HolidayYear, Store
from core.numbers import next_number
from core.roles import Role
from core.rows import atomic
from core.web import actor_of
from customers import actions as customers
from customers.models import Call, CallAttempt, Customer, Vehicle, VisitNote
from customers.shapes import ENERGY, ORDINARY, has_right_check_digit, is_vin
from dealer.demo.garage import SHANGHAI
from dealer.demo.sheets import Sheet
from dealer.demo.today import _squeeze
from dealer.models import MonthlyReport
from finance.models import GatePass, Payment, Settlement
from service.models import Job, Line, Order, Party, Visit

# each must find nothing
WRONG = {
    "shares do not add up to the line": """
        SELECT l.id FROM service_line l LEFT JOIN service_share s ON s.line_id = l.id
        GROUP BY l.id HAVING coalesce(sum(s.amount), -1) <> l.amount""",
    "a settlement is not the sum of its lines": """
        SELECT s.id FROM finance_settlement s LEFT JOIN finance_settlementline l ON l.settlement_id = s.id
        GROUP BY s.id HAVING sum(l.amount) IS DISTINCT FROM s.amount OR sum(l.net) IS DISTINCT FROM s.net
            OR sum(l.cost) IS DISTINCT FROM s.cost""",
    "settlements of a served visit are not its agreed lines": """
        SELECT v.id FROM service_visit v JOIN service_order o ON o.visit_id = v.id
        WHERE v.status = 'left' AND (
            SELECT coalesce(sum(l.amount), 0) FROM service_line l JOIN service_job j ON j.id = l.job_id
            WHERE j.order_id = o.id AND l.consent = 'authorised')
          <> (SELECT coalesce(sum(s.amount), 0) FROM finance_settlement s WHERE s.visit_id = v.id)""",
    "net or cost of a line is lost between payers": """
        SELECT l.id FROM service_line l JOIN finance_settlementline x ON x.line_id = l.id
        GROUP BY l.id HAVING sum(x.cost) <> l.cost OR sum(x.amount + x.discount + x.rounding) <> l.amount
        OR (sum(x.net) <> l.net AND sum(x.discount + x.rounding) = 0)""",
    "an amount is not quantity times price": """
        SELECT id FROM service_line WHERE amount <> round(quantity * price, 2) OR net <> round(amount / 1.13, 2)""",
    "an order's amount is not that of its lines": """
        SELECT o.id FROM service_order o LEFT JOIN service_job j ON j.order_id = o.id
        LEFT JOIN service_line l ON l.job_id = j.id AND l.consent IN ('asked', 'authorised')
        GROUP BY o.id HAVING coalesce(sum(l.amount), 0) <> o.amount""",
    "paid is not the sum of the payments": """
        SELECT s.id FROM finance_settlement s LEFT JOIN finance_payment p ON p.settlement_id = s.id
        GROUP BY s.id HAVING coalesce(sum(p.amount), 0) <> s.paid""",
    "a posting does not balance": """
        SELECT document FROM finance_ledgerentry GROUP BY posting, document HAVING sum(debit) <> sum(credit)""",
    "the receivables of the ledger are not what is still to pay": """
        SELECT 1 WHERE (SELECT sum(debit - credit) FROM finance_ledgerentry WHERE account = 'receivable')
          IS DISTINCT FROM (SELECT sum(amount - paid) FROM finance_settlement WHERE reversed_at IS NULL)""",
    "a car left while its customer still owes": """
        SELECT s.id FROM finance_settlement s JOIN service_visit v ON v.id = s.visit_id
        WHERE v.status = 'left' AND s.payer = 'customer' AND s.paid < s.amount""",
    "a car left without note or used gate pass": """
        SELECT v.id FROM service_visit v LEFT JOIN customers_visitnote n ON n.visit_id = v.id
        LEFT JOIN finance_gatepass g ON g.visit_id = v.id
        WHERE v.status = 'left' AND (n.id IS NULL OR g.used_at IS NULL)""",
    "a note without the worth of its settlements": """
        SELECT n.id FROM customers_visitnote n LEFT JOIN finance_settlement s ON s.visit_id = n.visit_id
        GROUP BY n.id HAVING n.worth <> coalesce(sum(s.net), 0)""",
    "a visit's kind is not one of its jobs'": """
        SELECT v.id FROM service_visit v JOIN service_order o ON o.visit_id = v.id
        WHERE NOT EXISTS (SELECT 1 FROM service_job j WHERE j.order_id = o.id AND j.kind = v.kind)""",
    "stamps of a past visit run backwards": """
        SELECT id FROM service_visit WHERE status = 'left' AND arrived_on < %(today)s AND NOT (
            arrived_at < received_at AND received_at < ready_at AND ready_at < settled_at
            AND settled_at < handed_over_at AND handed_over_at < left_at AND left_on < %(today)s
            AND promised_first <= promised_at AND received_at < promised_first)""",
    "two visits of a car overlap": """
        SELECT a.id FROM service_visit a JOIN service_visit b ON b.vehicle_id = a.vehicle_id AND b.id <> a.id
        WHERE b.arrived_at >= a.arrived_at AND b.arrived_at < coalesce(a.left_at, 'infinity')""",
    "the mileage of a car shrinks": """
        SELECT a.id FROM service_visit a JOIN service_visit b ON b.vehicle_id = a.vehicle_id
        WHERE b.arrived_at > a.arrived_at AND b.mileage <= a.mileage""",
    "somebody else's job was checked by its technician": """
        SELECT id FROM service_job WHERE inspector_id = technician_id OR started_at > finished_at""",
    "a try before the next day or in hours of rest": """
        SELECT t.id FROM customers_callattempt t JOIN customers_call k ON k.id = t.call_id
        JOIN customers_visitnote n ON n.id = k.note_id JOIN core_store s ON s.id = n.store_id
        LEFT JOIN customers_customer c ON c.id = k.customer_id
        CROSS JOIN LATERAL (SELECT t.at AT TIME ZONE 'Asia/Shanghai' AS clock) x
        WHERE x.clock::date <= n.left_on OR x.clock::time < coalesce(c.call_from, '00:00')
           OR x.clock::time > coalesce(c.call_until, '23:59')
           OR EXISTS (SELECT 1 FROM core_publicholiday h WHERE h.day = x.clock::date AND h.is_off)
           OR NOT EXISTS (SELECT 1 FROM core_weekframe w LEFT JOIN core_publicholiday h ON h.day = x.clock::date
                WHERE w.calendar_id = s.calling_id AND x.clock::time BETWEEN w.starts AND w.ends
                  AND w.day = CASE WHEN h.id IS NULL THEN extract(isodow FROM x.clock) - 1 ELSE 0 END)""",
    "a call to be made by somebody who worked on the car": """
        SELECT k.id FROM customers_call k JOIN customers_visitnote_workers w ON w.visitnote_id = k.note_id
        WHERE w.employee_id = k.agent_id""",
    "a call and its tries tell different things": """
        SELECT k.id FROM customers_call k LEFT JOIN customers_callattempt t ON t.call_id = k.id
        GROUP BY k.id HAVING count(t.id) <> k.attempts OR min(t.at) IS DISTINCT FROM k.first_attempt_at
            OR (k.status = 'reached') <> coalesce(bool_or(t.outcome = 'reached'), false)
            OR (k.status = 'given_up' AND count(t.id) < 3)""",
    "a call is due on another day than the rule says": """
        SELECT k.id FROM customers_call k JOIN customers_visitnote n ON n.id = k.note_id
        WHERE k.original_due_on <> n.left_on + 3 OR k.due_on < k.original_due_on""",
    "a visit, note or call in another company than its customer or car": """
        SELECT v.id FROM service_visit v JOIN core_store s ON s.id = v.store_id
        JOIN customers_vehicle c ON c.id = v.vehicle_id JOIN customers_customer p ON p.id = v.customer_id
        WHERE c.company_id <> s.company_id OR p.company_id <> s.company_id""",
    "a share of another company's party": """
        SELECT h.id FROM service_share h JOIN service_party p ON p.id = h.party_id
        JOIN service_line l ON l.id = h.line_id JOIN service_job j ON j.id = l.job_id
        JOIN service_order o ON o.id = j.order_id JOIN core_store s ON s.id = o.store_id
        WHERE p.company_id <> s.company_id OR p.kind <> h.payer""",
}


@pytest.fixture(scope="module")
def loaded(django_db_setup, django_db_blocker):
    """A small demo dealership, 200 customers and three months, loaded once for this file and then rolled back."""
    whole = atomic()
    whole._from_testcase = True  # as Django's own test cases do: a queue's claim may commit only by itself
    with django_db_blocker.unblock(), whole:
        call_command("load_demo", customers=200, months=3, stdout=io.StringIO())
        yield
        set_rollback(True)


@pytest.fixture
def demo(loaded, db):
    """The same for one test, which leaves it as it found it."""


def ids(sql, **values):
    with connection.cursor() as cursor:
        cursor.execute(sql, values or None)
        return [row[0] for row in cursor.fetchall()]


def test_every_rule_of_the_actions_holds_for_what_was_written_past_them(demo):
    today = now().astimezone().date()
    assert Visit.objects.filter(status="left").count() > 80
    found = {rule: ids(sql, today=today) for rule, sql in WRONG.items()}
    assert {rule: wrong[:3] for rule, wrong in found.items() if wrong} == {}


def test_plates_vins_and_names(demo):
    assert Customer.objects.count() >= 200
    for car in Vehicle.objects.all():
        assert is_vin(car.vin) and has_right_check_digit(car.vin)
        assert not car.plate or (ENERGY if car.plate_kind == "energy" else ORDINARY).match(car.plate)
    assert Vehicle.objects.filter(plate_kind="energy").exists()


def test_numbers_are_gapless_and_the_next_one_goes_on(demo):
    for kind, model in {"RO": Order, "ST": Settlement, "PM": Payment, "GP": GatePass}.items():
        numbers = list(model.objects.values_list("number", flat=True))
        assert len(set(numbers)) == len(numbers)
        for store in Store.objects.all():
            today = store.business_date(now())
            start = f"{store.code}-{kind}-{today:%y%m}-"
            mine = sorted(int(one.removeprefix(start)) for one in numbers if one.startswith(start))
            assert mine == list(range(1, len(mine) + 1))
            assert next_number(store, kind, today) == f"{start}{len(mine) + 1:05d}"


def test_today_every_stage_has_a_car(demo):
    today = Visit.objects.filter(store__code="HD01", arrived_on=Store.objects.get(code="HD01").business_date(now()))
    assert set(today.values_list("status", flat=True)) == set(Visit.Status.values)
    orders = Order.objects.filter(visit__in=today).values_list("status", flat=True)
    assert set(orders) == set(Order.Status.values)
    assert today.late().count() == 1
    assert today.waiting().count() >= 2
    assert today.filter(exit="declined").exists()
    assert Job.objects.filter(order__visit__in=today, check_failures=1).exists()
    assert Line.objects.open().filter(job__order__visit__in=today, job__order__status="in_work").exists()
    split = Line.objects.filter(job__order__visit__in=today, shares__payer="manufacturer")
    assert split.filter(shares__payer="customer").exists()
    assert GatePass.objects.waiting().filter(store__code="HD01").exists()
    assert Settlement.objects.to_pay().of_customer().filter(store__code="HD01").exists()
    assert Settlement.objects.receivables().exists()
    for code in ("HD02", "YH01"):
        assert 12 <= Visit.objects.in_store().filter(store__code=code).count() <= 18
    assert not today.filter(arrived_at__gt=now()).exists()


def test_a_store_has_cases_in_every_stage(demo):
    cases = Complaint.objects.filter(store__code="HD01")
    assert set(cases.values_list("status", flat=True)) >= set(Complaint.OPEN) | {Complaint.Status.CLOSED}
    assert cases.count() >= 14 and Problem.objects.count() >= 40 and ProblemClass.objects.count() == 17
    assert set(cases.exclude(result="").values_list("result", flat=True)) >= {"satisfied", "average", "withdrawn"}
    assert set(cases.values_list("nature", flat=True)) == set(Complaint.Nature.values)
    assert cases.filter(severity="major").exists() and cases.filter(is_on_spot=True).exists()
    assert cases.filter(reopened=1).exists() and cases.exclude(repeat_of=None).exists()
    assert cases.late().exists() and cases.filter(pauses__ended_at=None, pauses__isnull=False).exists()
    assert set(OutsideCase.objects.values_list("body", flat=True)) == {"12315", "oem", "douyin"}
    assert cases.exclude(rework_of=None).exists() and cases.unkept().exists()
    assert Promise.objects.late().exists() and Correction.objects.count() == 2 and MonthSheet.objects.count() == 1
    bulletin = Bulletin.objects.get()
    in_store = Visit.objects.in_store().filter(store__code="HD01").select_related("vehicle")
    assert bulletin in {found for visit in in_store for found in Bulletin.objects.of_car(visit.vehicle)}
    present = now()
    assert not cases.filter(received_at__gt=present).exists() and not cases.filter(closed_at__gt=present).exists()
    for one in cases.exclude(closed_at=None):
        assert one.received_at < one.closed_at and one.number.startswith(f"HD01-CP-{one.received_on:%y%m}")
    assert not Clock.objects.filter(ended_at__gt=present).exists()


def test_the_past_floods_no_call_list(demo):
    open_calls = Call.objects.open()
    assert open_calls.count() <= VisitNote.objects.filter(left_on__gte=now() - timedelta(days=9)).count()
    assert open_calls.filter(due_on__lt=now().date()).exists()
    assert customers.plan_calls(by=CLOCK) == 0
    closed = Call.objects.exclude(closed_at=None)
    assert 0.7 < closed.filter(status="reached").count() / closed.count() < 0.95
    assert CallAttempt.objects.filter(at__gt=now()).count() == 0
    assert Call.objects.filter(status="given_up").exists()


def test_figures_and_reports_are_there(demo):
    assert Figure.objects.filter(code="visits").exists()
    # the first month of the past is whole, and so is every month before this one
    assert MonthlyReport.objects.exclude(frozen_at=None).count() == 9


def test_the_other_company_sees_nothing(demo):
    by = actor_of(Employee.objects.get(username="yh01.manager"), "browser")
    for model in (Visit, Order, Settlement, GatePass, Call, VisitNote):
        seen = model.objects.visible_to(by)
        assert seen.exists() and not seen.exclude(store__code="YH01").exists()
    for model in (Customer, Vehicle):
        assert not model.objects.visible_to(by).filter(company__name="宏达汽车").exists()


def test_holidays_of_two_years_and_none_of_the_next(demo):
    assert list(HolidayYear.objects.values_list("year", flat=True)) == [2025, 2026]
    assert missing_year(now().replace(year=2026, month=11, day=23)) == 2027
    assert Frame.objects.filter(day__year=2027, is_provisional=False).count() == 0


def test_every_role_has_an_account(demo):
    said = io.StringIO()
    call_command("demo_accounts", stdout=said)
    roles = set(Employee.objects.filter(store__code="HD01").values_list("postings__role", flat=True))
    assert roles == set(Role.values)
    for person in Employee.objects.filter(kind="person"):
        assert re.search(rf"\s{re.escape(person.username)}\s", said.getvalue())
    assert Employee.objects.get(username="advisor").check_password("demo-dealership")
    assert not Employee.objects.get(username="integration").has_usable_password()
    assert Employee.objects.annotate(chars=Length("name")).filter(chars__lt=2).count() == 0


def test_twice_is_refused(demo):
    before = Visit.objects.count()
    with pytest.raises(CommandError, match="empty database"):
        call_command("load_demo")
    assert Visit.objects.count() == before


def test_https_is_refused_unless_forced(demo, settings):
    settings.SECURE = True
    with pytest.raises(CommandError, match="https"):
        call_command("load_demo")
    with pytest.raises(CommandError, match="empty database"):
        call_command("load_demo", force=True)


def test_without_a_demo_there_are_no_accounts(demo):
    Employee.objects.update(is_active=False)
    said = io.StringIO()
    call_command("demo_accounts", stdout=said)
    assert "no demo accounts" in said.getvalue()


def test_a_thousand_rows_take_three_queries(demo, django_assert_num_queries):
    odd = "tab\there, back\\slash, new\nline"
    company = Store.objects.get(code="HD01").company_id
    with django_assert_num_queries(3):
        sheet = Sheet(Party, "company_id", "kind", "name")
        known = [sheet.add(company, "supplier", f"{n} {odd}") for n in range(1000)]
        assert sheet.write() == 1000
    assert Party.objects.get(pk=known[7]).name == f"7 {odd}"
    assert Party.objects.create(company_id=company, kind="supplier", name="after").pk == known[-1] + 1


@pytest.mark.parametrize(
    ("clock", "share"), [((0, 0), 0), ((2, 0), 45 / 240), ((8, 40), 45 / 240), ((10, 30), 0.5), ((21, 0), 1)]
)
def test_early_in_the_day_everything_moves_closer_together(clock, share):
    """Nothing of today is moved back behind midnight, at any hour."""
    assert _squeeze(datetime(2026, 11, 23, *clock, tzinfo=SHANGHAI)) == share
