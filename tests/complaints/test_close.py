"""The closed loop: a call after the remedy, its answer, and closing with the customer's word (K-05)."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils.timezone import now

from complaints import actions
from complaints.models import Complaint
from core.actor import CLOCK
from core.models import Notice, Posting, Task
from core.rows import Refused
from core.web import actor_of
from customers import actions as customers
from customers.actions.planning import assign_calls
from customers.models import Call
from tests.conftest import make_person

DAY = timedelta(days=1)


def fresh(case):
    return Complaint.objects.get(pk=case.pk)


def call_of(case):
    actions.plan_closing_calls()
    return fresh(case).closing_call


def answered(case, answer="satisfied", by=None, cast=None):
    """The closing call of a case, made in its hours."""
    made = call_of(case)
    said = {"outcome": "reached", "answer": answer, "reason": "还是不凉" if answer == "dissatisfied" else ""}
    customers.call(made, **said, by=cast.by("care_manager"), moment=made.not_before)
    actions.follow_answers()
    return fresh(case)


@pytest.mark.duty("K-05")
def test_a_call_follows_the_remedy_in_permitted_hours_and_goes_to_nobody_who_is_responsible(cast, cases):
    twin = make_person("twin", "双岗", "care_agent", cast.store)
    case = cases.accepted()
    Complaint.objects.filter(pk=case.pk).update(responsible=cast.care_agent)
    case = cases.carried_out(fresh(case))
    assert case.call_pending and case.status == "calling"
    assert (actions.plan_closing_calls(), actions.plan_closing_calls()) == (1, 0)
    case = fresh(case)
    made = case.closing_call
    assert (made.rule, made.case_id, made.phone, made.name) == ("closing", case.pk, "13900001111", "赵敏")
    assert made.since == case.store.business_date(case.carried_out_at) and made.due_on == made.since + 3 * DAY
    hours = made.not_before.astimezone(), made.not_after.astimezone()
    assert hours[0].date() > made.since and 9 <= hours[0].hour < 18, "in the calling frames of the next day"
    assert not case.call_pending and not made.is_held
    assign_calls(by=CLOCK)
    made.refresh_from_db()
    assert made.agent == twin, "not the one who answers for it"
    with pytest.raises(Refused):
        customers.reassign(made, agent=cast.care_agent, by=cast.by("care_manager"))
    with pytest.raises(Refused):
        customers.call(made, outcome="busy", by=cast.by("care_agent"), moment=made.not_before)


def posted(who, is_active):
    Posting.objects.filter(employee=who).update(is_active=is_active)


@pytest.mark.duty("K-05")
def test_the_keeper_does_not_make_the_call_about_their_own_case(cast, cases):
    twin = make_person("twin", "双岗", "care_agent", cast.store)
    made = call_of(cases.carried_out())
    assert made.barred == sorted([cast.care_agent.pk, cast.technician.pk])
    with pytest.raises(Refused):
        customers.call(made, outcome="busy", by=cast.by("care_agent"), moment=made.not_before)
    assign_calls(by=CLOCK)
    made.refresh_from_db()
    assert made.agent == twin
    case = actions.take(Complaint.objects.get(), by=actor_of(twin, "browser"))  # who now keeps it gives the call back
    assign_calls(by=CLOCK)
    made.refresh_from_db()
    assert (made.agent, made.status) == (cast.care_agent, "assigned") and case.keeper == twin


@pytest.mark.duty("K-05")
def test_where_nobody_else_calls_the_care_manager_does_and_no_call_is_lost(cast, cases):
    made = call_of(cases.carried_out())
    assign_calls(by=CLOCK)
    made.refresh_from_db()
    assert (made.agent, made.status) == (cast.care_manager, "assigned")
    actions.take(Complaint.objects.get(), by=cast.by("care_manager"))
    posted(cast.care_agent, False)
    assign_calls(by=CLOCK)
    made.refresh_from_db()
    assert made.agent == cast.service_manager, "the care manager keeps it now, and the agent has left"


@pytest.mark.duty("K-05")
def test_a_keeper_who_is_left_alone_makes_the_call(cast, cases):
    case = cases.carried_out()
    posted(cast.care_agent, False)
    posted(cast.service_manager, False)
    made = call_of(actions.take(case, by=cast.by("care_manager")))
    assert made.barred == [cast.technician.pk]
    assign_calls(by=CLOCK)
    made.refresh_from_db()
    assert made.agent == cast.care_manager


@pytest.mark.duty("K-05")
def test_no_complaint_closes_without_the_customers_word(cast, cases):
    case = cases.carried_out()
    with pytest.raises(Refused):
        actions.close(case, by=cast.by("care_agent"))
    made = call_of(case)
    with pytest.raises(Refused):
        actions.close(fresh(case), by=cast.by("care_agent"))
    with pytest.raises(IntegrityError), transaction.atomic():
        Complaint.objects.filter(pk=case.pk).update(
            status="closed", result="satisfied", closed_at=now(), closing_call=None
        )
    customers.call(made, outcome="reached", answer="average", by=cast.by("care_manager"), moment=made.not_before)
    actions.follow_answers()
    actions.follow_answers()
    case = fresh(case)
    assert case.status == "calling" and case.answered_at
    assert Task.objects.open().filter(code="case_close", assignee=case.keeper).count() == 1
    assert Notice.objects.filter(code="case_close").count() == 1
    case = actions.close(case, result_words="客户表示可以", by=cast.by("care_agent"))
    assert (case.status, case.result, case.closed_on) == ("closed", "average", case.store.business_date(now()))
    assert case.check_due_on == case.closed_on + 30 * DAY
    assert not Task.objects.open().filter(kind="complaint", object_id=case.pk).exists()
    assert not case.clocks.filter(ended_at=None).exists()
    with pytest.raises(Refused):
        actions.close(fresh(case), by=cast.by("care_agent"))
    with pytest.raises(PermissionDenied):
        actions.close(fresh(case), by=cast.by("advisor"))


@pytest.mark.duty("K-05")
def test_a_dissatisfied_customer_has_the_case_back_and_is_called_anew_after_the_next_remedy(cast, cases):
    case = answered(cases.carried_out(), "dissatisfied", cast=cast)
    assert (case.status, case.reopened, case.closing_call, case.result) == ("investigating", 1, None, "")
    assert case.clocks.get(ended_at=None).due == "investigating"
    assert Notice.objects.get(code="case_dissatisfied").employee == case.keeper
    actions.follow_answers()
    assert fresh(case).reopened == 1
    again = cases.carried_out(cases.accepted(cases.decided(cases.proposed(cases.investigated(case)))))
    actions.follow_answers()
    assert fresh(again).status == "calling", "the answer of the first call is not read again"
    case = answered(again, "satisfied", cast=cast)
    assert Call.objects.filter(case_id=case.pk).count() == 2
    assert actions.close(case, by=cast.by("care_agent")).result == "satisfied"


def test_a_call_that_does_not_come_about_is_told_to_the_keeper_who_plans_another(cast, cases):
    case = cases.carried_out()
    made = call_of(case)
    for _n in range(made.store.call_attempts):
        made.refresh_from_db()
        customers.call(made, outcome="no_answer", by=cast.by("care_manager"), moment=made.not_before)
    actions.follow_answers()
    case = fresh(case)
    assert made.__class__.objects.get(pk=made.pk).status == "given_up"
    assert Task.objects.open().get(code="case_call_failed").assignee == case.keeper
    with pytest.raises(Refused):
        actions.close(case, by=cast.by("care_agent"))
    case = actions.call_again(case, by=cast.by("care_agent"))
    assert case.closing_call.is_open and case.closing_call_id != made.pk
    assert not Task.objects.open().filter(code="case_call_failed").exists()
    with pytest.raises(Refused):
        actions.call_again(case, by=cast.by("care_agent"))


def test_whoever_wants_no_calls_is_called_only_with_consent(cast, cases, car):
    case = cases.accepted(cases.decided(customer=car.owner, phone=car.owner.phone, name=""))
    car.owner.do_not_call = True
    car.owner.save()
    case = cases.carried_out(case)
    assert actions.plan_closing_calls() == 0
    case = fresh(case)
    assert not case.call_pending and case.closing_call is None
    assert Task.objects.open().filter(code="case_call_failed").count() == 1
    assert actions.call_again(case, by=cast.by("care_agent")).closing_call.phone == car.owner.phone


def test_without_hours_the_call_stays_owed(cast, cases):
    case = cases.carried_out()
    case.store.calling.frames.all().delete()
    assert actions.plan_closing_calls() == 0
    assert fresh(case).call_pending and Call.objects.count() == 0


def test_one_case_that_fails_does_not_stop_the_others(cast, cases, monkeypatch):
    from complaints.actions import calling

    broken, fine = cases.carried_out(), cases.carried_out()
    real = calling.call_of

    def call_of(complaint, moment, **more):
        if complaint.pk == broken.pk:
            raise ValueError("broken")
        return real(complaint, moment, **more)

    monkeypatch.setattr(calling, "call_of", call_of)
    with pytest.raises(ValueError, match="broken"):
        actions.plan_closing_calls()
    assert fresh(fine).closing_call and fresh(broken).call_pending


@pytest.mark.duty("K-05")
def test_in_the_browser_and_by_rest(cast, cases, browser, program):
    stranger = cases.neighbour()
    case = answered(cases.carried_out(), cast=cast)
    page = browser("care_agent").get(f"/complaints/{case.pk}/").content.decode()
    assert f"/complaints/{case.pk}/close/" in page and "Satisfied" in page
    assert browser("advisor").get(f"/complaints/{case.pk}/close/").status_code == 403
    assert browser(stranger).get(f"/complaints/{case.pk}/close/").status_code == 404
    sent = browser("care_agent").post(f"/complaints/{case.pk}/close/", {"result_words": "满意"})
    assert sent.status_code == 302 and fresh(case).result == "satisfied"
    twice = browser("care_agent").post(f"/complaints/{case.pk}/close/", {"result_words": "满意"})
    assert twice.status_code == 422
    other = answered(cases.carried_out(), cast=cast)
    assert program(stranger)(f"complaints/{other.pk}/close/").status_code == 404
    done = program("care_agent")(f"complaints/{other.pk}/close/", {"result_words": ""})
    assert done.status_code == 200 and done.json()["result"] == "satisfied"
    assert program("care_agent")(f"complaints/{other.pk}/close/").status_code == 409
    seen = program("care_agent")(f"complaints/{other.pk}/closing/", method="get").json()
    assert {one["due"] for one in seen["clocks"]} >= {"received", "calling"}
    waiting = cases.carried_out()
    assert "being planned" in browser("care_agent").get(f"/complaints/{waiting.pk}/").content.decode()
    assert program("care_agent")(f"complaints/{waiting.pk}/call-again/").status_code == 200
