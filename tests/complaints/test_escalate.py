"""Warnings and escalation: each step of a clock exactly once, to one named person, never a storm."""

from collections import Counter
from datetime import timedelta

import pytest
from django.utils.timezone import now

from complaints import actions
from complaints.actions import escalations
from complaints.actions.escalations import person_of
from complaints.models import Clock, Complaint, Escalation, Step
from core.models import Notice, Posting, Task
from core.roles import Role
from tests.conftest import make_person

HOUR, DAY, MINUTE = timedelta(hours=1), timedelta(days=1), timedelta(minutes=1)


def notices() -> Counter:
    rows = Notice.objects.filter(code__in=["case_near", "case_late"])
    return Counter(rows.values_list("employee__username", "code"))


def hourly(case: Complaint, hours: int = 10) -> Clock:
    """Its clock, as if it ran for so many hours by the wall clock."""
    clock = case.clocks.get(ended_at=None)
    start = clock.started_at
    Clock.objects.filter(pk=clock.pk).update(
        unit="hours",
        amount=hours,
        due_at=start + hours * HOUR,
        first_due_at=start + hours * HOUR,
        warn_at=start + hours * HOUR * 0.8,
    )
    clock.refresh_from_db()
    return clock


@pytest.mark.duty("K-02")
@pytest.mark.duty("K-17")
def test_the_keeper_is_warned_and_then_one_after_the_other_is_told(cases):
    case = cases.received()
    clock = hourly(case)
    keeper = case.keeper.username
    expected = [
        (7.9, {}),
        (8, {(keeper, "case_near"): 1}),
        (10, {("care_manager", "case_late"): 1}),
        (15, {("service_manager", "case_late"): 1}),
        (20, {("general_manager", "case_late"): 1}),
        (99, {}),
    ]
    seen: Counter = Counter()
    for hours, more in expected:
        for _twice in range(2):
            actions.escalate(clock.started_at + hours * HOUR)
        seen.update(more)
        assert notices() == seen, hours
    assert list(clock.escalations.values_list("level", flat=True)) == [1, 2, 3, 4]
    assert Task.objects.filter(code="case_late", object_id=case.pk).count() == 4
    cases.judged(case)
    assert not Task.objects.open().filter(code="case_late").exists(), "the stage is over"


@pytest.mark.duty("K-02")
def test_after_an_outage_only_the_highest_step_is_told(cases):
    case = cases.received()
    clock = hourly(case)
    assert actions.escalate(clock.started_at + 16 * HOUR) == 3
    assert notices() == {("service_manager", "case_late"): 1}
    assert list(clock.escalations.values_list("level", "is_told")) == [(1, False), (2, False), (3, True)]


def test_what_stands_still_or_is_met_is_not_escalated(cases):
    waits, met = cases.received(), cases.received()
    clocks = [hourly(waits), hourly(met)]
    actions.pause(waits, reason="customer", by=cases.cast.by("care_agent"))
    cases.judged(met)
    Clock.objects.filter(ended_at=None).exclude(pk__in=[one.pk for one in clocks]).delete()
    assert actions.escalate(now() + 99 * HOUR) == 0


def test_the_clock_runs_on_where_somebody_waited(cases):
    case = cases.received()
    clock = hourly(case)
    start = clock.started_at
    case.pauses.create(reason="car", started_at=start + HOUR, ended_at=start + 6 * HOUR)
    Clock.objects.filter(pk=clock.pk).update(due_at=start + 15 * HOUR, warn_at=start + 13 * HOUR)
    assert actions.escalate(start + 19 * HOUR) == 2, "150 % of ten hours and five of waiting"
    assert actions.escalate(start + 20 * HOUR) == 1


def test_steps_of_one_kind_of_clock_come_before_those_of_every_clock(cases):
    Step.objects.create(due="received", level=1, percent=50, role=Role.GENERAL_MANAGER)
    clock = hourly(cases.received())
    Clock.objects.filter(pk=clock.pk).update(warn_at=clock.started_at + 5 * HOUR)
    actions.escalate(clock.started_at + 99 * HOUR)
    assert notices() == {("general_manager", "case_late"): 1}


def test_the_person_is_of_the_store_else_of_the_company_else_of_the_group(cast):
    store = cast.store
    assert person_of(store, Role.CARE_MANAGER) == cast.care_manager
    wide = make_person("wide", "集团客服", Role.CARE_MANAGER)
    Posting.objects.filter(employee=cast.care_manager).update(is_active=False)
    assert person_of(store, Role.CARE_MANAGER) == wide
    company = make_person("company", "公司客服", Role.CARE_MANAGER, company=store.company)
    assert person_of(store, Role.CARE_MANAGER) == company
    make_person("elsewhere", "外公司", Role.CARE_MANAGER, company=cast.foreign.company)
    company.is_active = wide.is_active = False
    company.save()
    wide.save()
    assert person_of(store, Role.CARE_MANAGER) is None


def test_a_step_that_is_given_up_stands_on_the_page_of_queued_work(cases, browser):
    case = cases.received()
    actions.escalate(hourly(case).started_at + 11 * HOUR)
    row = Escalation.objects.get(is_told=True)
    error = "OperationalError: 连接中断"
    Escalation.objects.filter(pk=row.pk).update(done_at=None, attempts=5, last_error=error, due_at=now())
    assert actions.escalate() == 0  # its five attempts are over: the claim gives it up
    row.refresh_from_db()
    assert row.failed_at and not row.done_at
    page = browser("service_manager").get("/queue/").content.decode()
    pile = page.split("Escalation</h2>")[1].split('<div class="card-header">')[0]
    assert f"{case} · 2 → {cases.cast.care_manager}" in pile and "Given up" in pile and error in pile
    people = cases.cast.people
    people["far"] = make_person("far", "远航服务经理", "service_manager", cases.cast.foreign)
    far = browser("far").get("/queue/").content.decode()
    assert "Escalation</h2>" in far and str(case) not in far, "that of another company does not see it"


def test_where_a_role_is_not_filled_the_next_one_up_is_told(cases):
    Posting.objects.filter(role=Role.CARE_MANAGER).update(is_active=False)
    case = cases.received()
    clock = hourly(case)
    Complaint.objects.filter(pk=case.pk).update(keeper=None)
    actions.escalate(clock.started_at + 11 * HOUR)
    assert notices() == {("service_manager", "case_late"): 1}


@pytest.mark.duty("K-02")
def test_a_month_with_the_clock_stopped_for_six_hours_takes_each_step_exactly_once(cases):
    """Cases of every hour of a month; the sweep runs every half hour, and for six hours of it not at all."""
    first = now().replace(minute=0, second=0, microsecond=0) - 31 * DAY
    keeper = cases.cast.care_agent
    made = []
    for n in range(31):
        case = Complaint.objects.create(
            store=cases.cast.store,
            number=f"T{n}",
            words="x",
            received_at=first,
            received_on=first.date(),
            keeper=keeper,
        )
        start, hours = first + n * 20 * HOUR + n * MINUTE, 4 + n % 9
        end = start + hours * HOUR
        warn = start + hours * HOUR * 0.8
        given = {"due_at": end, "first_due_at": end, "warn_at": warn, "unit": "hours", "amount": hours}
        made.append(Clock.objects.create(complaint=case, due="received", started_at=start, **given))
    stopped = first + 200 * HOUR, first + 206 * HOUR
    moment = first
    while moment <= first + 31 * DAY:
        if not stopped[0] <= moment < stopped[1]:
            actions.escalate(moment)
        moment += 30 * MINUTE
    taken = Counter(Escalation.objects.values_list("clock", "level"))
    assert set(taken.values()) == {1}
    assert set(taken) == {(one.pk, level) for one in made for level in (1, 2, 3, 4)}
    passed = Escalation.objects.filter(is_told=False)
    assert passed.exists()
    for one in passed:
        higher = Escalation.objects.told().get(clock=one.clock, at=one.at)
        assert higher.level > one.level, "passed over by the highest of the same sweep, never left out"
    told = Escalation.objects.told()
    assert told.filter(done_at__isnull=False).count() == told.count() == sum(notices().values())
    for one in told:
        wait = one.at - one.reached_at
        assert wait <= (30 * MINUTE if not stopped[0] <= one.reached_at < stopped[1] else 6 * HOUR + 30 * MINUTE)


def test_one_that_cannot_be_told_is_given_up_after_five_tries_and_holds_up_no_other(cases, monkeypatch, browser):
    """Row 9 of the acceptance table: one raises, the others are told; it is dead and stands on the queue's page."""
    poison, fine = cases.received(), cases.received()
    clocks = [hourly(poison), hourly(fine)]
    Complaint.objects.filter(pk=fine.pk).update(keeper=cases.cast.care_manager)
    real = escalations.give_task

    def give(store, person, code, *, row, **more):
        if row.pk == poison.pk:
            raise RuntimeError("poison")
        return real(store, person, code, row=row, **more)

    monkeypatch.setattr(escalations, "give_task", give)
    for _n in range(8):
        actions.escalate(clocks[0].started_at + 9 * HOUR)
        Escalation.objects.filter(done_at=None).update(due_at=now() - HOUR, claimed_until=None)
    dead = Escalation.objects.get(clock=clocks[0])
    assert (dead.attempts, dead.failed_at is not None, "poison" in dead.last_error) == (5, True, True)
    assert notices() == {("care_manager", "case_near"): 1}
    assert list(Escalation.objects.dead()) == [dead]
    page = browser("general_manager").get("/queue/").content.decode()
    assert str(poison) in page and "Given up" in page and str(fine) not in page


def test_a_clock_that_cannot_be_read_does_not_stop_the_others_and_is_heard_of(cases, monkeypatch):
    broken, fine = hourly(cases.received()), hourly(cases.received())
    real = escalations.moment_of

    def moment_of(clock, percent, measure):
        if clock.pk == broken.pk:
            raise ValueError("broken")
        return real(clock, percent, measure)

    monkeypatch.setattr(escalations, "moment_of", moment_of)
    with pytest.raises(ValueError, match="broken"):
        actions.escalate(fine.started_at + 9 * HOUR)
    assert sum(notices().values()) == 1 and fine.escalations.count() == 1
