"""Clocks: one a stage, warranty law, pauses, and figures of time."""

from datetime import date, timedelta

import pytest
from django.utils.timezone import now

from complaints import actions
from complaints.actions.clocks import end_clock, recount_clocks, start_clock, target_of
from complaints.models import Clock, Complaint, Due, Target
from core.models import HolidayYear, PublicHoliday
from customers.models import Vehicle
from tests.conftest import at

HOUR = timedelta(hours=1)


@pytest.mark.duty("K-02")
def test_every_stage_has_its_clock_and_the_one_before_ends(cases):
    case = cases.received()
    first = case.clocks.get()
    assert (first.due, first.unit, first.amount, first.ended_at) == ("received", "store_minutes", 240, None)
    assert first.due_at > first.warn_at > first.started_at and first.first_due_at == first.due_at
    case = cases.judged(case)
    first.refresh_from_db()
    assert first.ended_at and first.spent_minutes == 0
    assert case.clocks.get(ended_at=None).due == "investigating"
    carried = cases.carried_out(cases.accepted(cases.decided(cases.proposed(cases.investigated(case)))))
    assert list(carried.clocks.filter(ended_at=None).values_list("due", flat=True)) == ["calling"]
    assert carried.clocks.filter(ended_at__isnull=False).count() == 5


def test_an_enquiry_is_answered_at_once(cases):
    assert cases.received(nature="enquiry").clocks.get().due == "answering"


@pytest.mark.duty("K-17")
def test_the_severity_decides_how_long(cases):
    assert cases.received(severity="major").clocks.get().amount == 60
    assert cases.received(severity="serious").clocks.get().amount == 120


@pytest.mark.duty("K-17")
def test_a_severity_that_is_seen_later_shortens_the_clock_that_runs(cases):
    case = cases.judged()
    said = {"grounds_ok": True, "grounds_reason": "属实", "demand_ok": True, "demand_reason": "合理"}
    before = case.clocks.get(ended_at=None)
    actions.judge(case, **said, severity="major", department="workshop", by=cases.cast.by("care_agent"))
    after = case.clocks.get(ended_at=None)
    assert (after.pk, after.amount, after.first_due_at) == (before.pk, 720, before.due_at)
    assert after.due_at < before.due_at


def test_the_target_of_a_company_counts_before_that_of_the_house_and_the_newest_in_force(cases):
    case = cases.received()
    company, day = case.store.company, case.received_on
    Target.objects.create(company=company, due="received", amount=99, unit="hours", since=day - timedelta(days=9))
    Target.objects.create(company=company, due="received", amount=77, unit="hours", since=day + timedelta(days=1))
    assert target_of(case, "received").amount == 99
    assert target_of(case, "received", "major").amount == 60, "one for the severity is nearer"
    assert target_of(case, "received", moment=now() + timedelta(days=1)).amount == 77


@pytest.mark.duty("K-01")
def test_where_no_rule_is_in_force_the_day_comes_from_the_letter(cases):
    case, moment = cases.received(), now()
    known, unknown = at(date(2026, 4, 14), 9), at(date(2026, 4, 15), 9)
    assert target_of(case, Due.REGULATOR_END, moment=known).amount == 45
    assert target_of(case, Due.REGULATOR_END, moment=unknown) is None
    assert start_clock(case, Due.REGULATOR_END, moment=max(moment, unknown)) is None
    typed = start_clock(case, Due.REGULATOR_END, due_at=moment + 100 * HOUR, moment=moment)
    assert (typed.due_at, typed.unit) == (moment + 100 * HOUR, "hours")


def test_a_clock_starts_once_and_a_moment_agreed_anew_moves_its_end(cases):
    case, moment = cases.received(), now()
    one = start_clock(case, Due.AGREED, due_at=moment + 24 * HOUR, moment=moment)
    assert start_clock(case, Due.AGREED, due_at=moment + 48 * HOUR, moment=moment + HOUR).pk == one.pk
    one.refresh_from_db()
    assert (one.due_at, one.first_due_at) == (moment + 48 * HOUR, moment + 24 * HOUR)
    assert one.warn_at == moment + 48 * HOUR * 0.8
    end_clock(case, Due.AGREED, moment=moment + HOUR)
    end_clock(case, Due.AGREED, moment=moment + 9 * HOUR)
    one.refresh_from_db()
    assert one.ended_at == moment + HOUR


@pytest.fixture
def sold(cast, car):
    """A car that was sold a year ago."""
    car.sold_on = now().date() - timedelta(days=365)
    car.mileage = 12_000
    car.save()
    return car


def legal(case: Complaint) -> dict[str, Clock]:
    return {one.due: one for one in case.clocks.filter(due__startswith="legal")}


@pytest.mark.duty("K-02")
def test_warranty_law_runs_for_a_young_car(cases, sold):
    found = legal(cases.received(vehicle=sold))
    assert {due: (one.amount, one.unit) for due, one in found.items()} == {
        "legal_answer": (10, "working_days"),
        "legal_end": (20, "working_days"),
    }


@pytest.mark.parametrize("given", [{"sold_on": date(2020, 1, 1)}, {"mileage": 50_001}, {"sold_on": None}])
def test_and_for_no_other(cases, sold, given):
    Vehicle.objects.filter(pk=sold.pk).update(**given)
    assert legal(cases.received(vehicle=Vehicle.objects.get(pk=sold.pk))) == {}
    assert legal(cases.received(vehicle=sold, nature="enquiry")) == {}


def test_a_fault_of_the_car_itself_starts_it_and_service_ends_it(cases, car, sold):
    Vehicle.objects.filter(pk=car.pk).update(sold_on=None)
    unknown = cases.judged(vehicle=Vehicle.objects.get(pk=car.pk))
    found = {"findings": "变速箱异响", "cause": "product", "whys": ["设计"], "is_done": True}
    unknown = actions.investigate(unknown, route="product", **found, by=cases.cast.by("care_agent"))
    assert legal(unknown)["legal_end"].started_at == unknown.received_at
    service = cases.judged(vehicle=sold)
    assert len(legal(service)) == 2
    actions.investigate(service, route="attitude", **found, by=cases.cast.by("care_agent"))
    assert all(one.ended_at for one in legal(service).values())


def test_the_answer_ends_the_first_and_the_remedy_the_second(cases, sold):
    case = cases.accepted(cases.decided(vehicle=sold))
    assert legal(case)["legal_answer"].ended_at and legal(case)["legal_end"].ended_at is None
    case = cases.carried_out(case)
    assert legal(case)["legal_end"].ended_at


@pytest.mark.duty("K-02")
def test_a_pause_moves_what_is_due_and_not_what_the_law_demands(cases, sold):
    case = cases.judged(vehicle=sold)
    before = {one.due: one.due_at for one in case.clocks.filter(ended_at=None)}
    actions.pause(case, reason="customer", remark="等客户回复", by=cases.cast.by("care_agent"))
    began = case.pauses.get().started_at - timedelta(hours=3)
    case.pauses.update(started_at=began)
    case.clocks.filter(paused_at__isnull=False).update(paused_at=began)
    assert not Complaint.objects.late().filter(pk=case.pk).exists()
    actions.resume(case, by=cases.cast.by("care_agent"))
    after = {one.due: one.due_at for one in case.clocks.filter(ended_at=None)}
    assert after["legal_end"] == before["legal_end"] and after["legal_answer"] == before["legal_answer"]
    moved = after["investigating"] - before["investigating"]
    assert timedelta(hours=2, minutes=58) < moved < timedelta(hours=3, minutes=3)
    own = case.clocks.get(due="investigating")
    assert own.first_due_at == before["investigating"]
    cases.investigated(case)
    own.refresh_from_db()
    assert own.spent_minutes == 0, "the pause is left out"


def test_going_on_with_a_case_ends_its_pause(cases):
    case = cases.judged()
    actions.pause(case, reason="expert", by=cases.cast.by("care_agent"))
    case = cases.investigated(case)
    assert case.pauses.get().ended_at and not case.clocks.filter(paused_at__isnull=False).exists()


@pytest.mark.duty("K-02")
def test_a_provisional_deadline_is_counted_anew_when_the_holidays_are_official(cases, sold):
    case = cases.received(vehicle=sold)
    HolidayYear.objects.all().delete()
    clock = legal(case)["legal_end"]
    Clock.objects.filter(pk=clock.pk).update(is_provisional=True)
    recount_clocks()
    clock.refresh_from_db()
    assert clock.is_provisional, "still nothing is known"
    day = (case.received_at + timedelta(days=1)).astimezone().date()
    while day.weekday() > 4:
        day += timedelta(days=1)
    PublicHoliday.objects.create(day=day, name="节", is_off=True)
    for year in (case.received_on.year, case.received_on.year + 1):
        HolidayYear.objects.create(year=year, source="test")
    before = clock.due_at
    assert recount_clocks() >= 1
    clock.refresh_from_db()
    assert clock.due_at > before and clock.first_due_at == clock.due_at and not clock.is_provisional
    assert recount_clocks() == 0


@pytest.mark.duty("K-04")
def test_figures_of_time(cases):
    case = cases.judged()
    Clock.objects.filter(complaint=case, due="received").update(spent_minutes=30)
    other = cases.judged()
    Clock.objects.filter(complaint=other, due="received").update(
        spent_minutes=90, started_at=now() - 9 * HOUR, due_at=now() - HOUR
    )
    found = Clock.objects.filter(complaint__in=[case.pk, other.pk]).by_stage()
    assert found == {"received": {"n": 2, "in_time": 1, "minutes": 60.0}}
    moment = now()
    start_clock(case, Due.AGREED, due_at=moment + HOUR, moment=moment)
    start_clock(other, Due.AGREED, due_at=moment + HOUR, moment=moment)
    end_clock(case, Due.AGREED, moment=moment + HOUR / 2)
    end_clock(other, Due.AGREED, moment=moment + 2 * HOUR)
    kept = Complaint.objects.annotate(kept=Clock.objects.agreed_of()).values_list("pk", "kept")
    assert dict(kept) == {case.pk: True, other.pk: False}
