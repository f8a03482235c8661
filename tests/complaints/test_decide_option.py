"""Options of a case: at least two, seen one by one, chosen with the customer, decided within one's authority."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.utils.timezone import now

from complaints import actions
from complaints.models import CompensationKind, Complaint, Due, Option
from core import actions as core
from core.models import Approval, Notice
from core.rows import Refused

DUE = {"instruction": "两天内完成"}


def kind(code="voucher"):
    return CompensationKind.objects.get(code=code)


def gift(worth, code="voucher"):
    return {"kind": kind(code), "quantity": Decimal(worth), "worth": Decimal(worth)}


def decide(option, by, **more):
    return actions.decide_option(option, **(DUE | {"due": now() + timedelta(days=2)} | more), by=by)


def stamped(case, by):
    for one in case.options.standing():
        actions.stamp(one, by=by)
    return case.options.standing().first()


def fresh(case):
    return Complaint.objects.get(pk=case.pk)


@pytest.mark.duty("K-11")
def test_two_options_are_seen_one_by_one_and_one_is_decided_in_writing(cast, cases):
    case, agent, manager = cases.investigated(), cast.by("care_agent"), cast.by("care_manager")
    actions.propose(case, words="免费重修", cost=Decimal(600), compensations=[gift(300)], by=agent)
    with pytest.raises(Refused) as no:
        actions.hand_in(case, by=agent)
    assert no.value.code == "too_few"
    actions.propose(case, words="更换总成", cost=Decimal(1500), is_best=True, by=agent)
    case = actions.hand_in(case, by=agent)
    assert case.status == "deciding"
    assert Notice.objects.filter(employee=cast.care_manager, code="case_to_decide").count() == 1
    first, second = case.options.all()
    with pytest.raises(Refused):
        actions.edit_option(first, words="x", by=agent)
    actions.stamp(first, words="可以", by=manager)
    with pytest.raises(Refused) as no:
        decide(first, manager)
    assert no.value.code == "not_seen"
    actions.stamp(second, by=manager)
    due = now() + timedelta(days=3)
    decide(first, manager, due=due)
    assert not Notice.objects.unread().filter(code="case_to_decide").exists(), "nobody is asked any more"
    case = fresh(case)
    assert (case.status, case.cost, case.instruction) == ("carrying_out", Decimal(900), "两天内完成")
    assert (case.decided_by, case.instruction_due) == (cast.care_manager, due) and not case.is_on_spot
    assert case.options.get(is_chosen=True) == first
    assert case.clocks.get(due=Due.CARRYING_OUT).due_at == due, "the manager's own time counts"
    with pytest.raises(Refused):
        decide(second, manager)


def test_a_time_in_the_past_is_refused(cast, cases):
    manager = cast.by("care_manager")
    option = stamped(cases.proposed(), manager)
    with pytest.raises(Refused) as no:
        decide(option, manager, due=now() - timedelta(minutes=1))
    assert no.value.field == "due"


@pytest.mark.duty("K-21")
def test_the_customer_helps_to_choose_at_the_desk_or_by_the_link(cast, cases):
    case = cases.proposed()
    first, second = case.options.all()
    actions.prefer(first, by=cast.by("care_agent"))
    Complaint.objects.filter(pk=case.pk).update(keeper=cast.care_agent)
    actions.prefer(second, by=fresh(case).follower())
    assert [one.is_preferred for one in case.options.all()] == [False, True]
    assert Notice.objects.filter(employee=cast.care_agent, code="case_preferred").count() == 1
    with pytest.raises(PermissionDenied):
        actions.prefer(first, by=cast.by("advisor"))
    cases.decided(case)
    with pytest.raises(Refused):
        actions.prefer(first, by=fresh(case).follower())


@pytest.mark.duty("K-21")
def test_beyond_ones_authority_it_is_asked_for_and_used_once(cast, cases):
    big = ({"words": "退还费用", "cost": Decimal(1800), "compensations": [gift(900)]}, {"words": "重修"})
    case, manager = cases.proposed(options=big), cast.by("care_manager")
    option = stamped(case, manager)
    with pytest.raises(Refused) as no:
        decide(option, manager)
    assert no.value.code == "beyond_authority" and fresh(case).status == "deciding"
    approval = actions.ask_option(option, reason="老客户，多次维修", by=manager)
    assert (approval.amount, approval.matter) == (Decimal(2700), "remedy")
    with pytest.raises(Refused):
        decide(option, manager)
    core.decide(approval, granted=True, reason="同意", by=cast.by("service_manager"))
    decide(option, manager)
    approval.refresh_from_db()
    assert (approval.status, fresh(case).cost) == (Approval.Status.USED, Decimal(2700))


def test_what_was_asked_for_another_option_is_worth_nothing_after_the_decision(cast, cases):
    case = cases.proposed(options=({"words": "退款", "cost": Decimal(9000)}, {"words": "重修"}))
    option = stamped(case, cast.by("care_manager"))
    approval = actions.ask_option(option, reason="请批准", by=cast.by("care_manager"))
    decide(case.options.last(), cast.by("general_manager"))
    with pytest.raises(Refused) as no:
        core.decide(approval, granted=True, reason="同意", by=cast.by("general_manager"))
    assert no.value.code == "outdated"


def test_sent_back_they_are_drawn_up_again_and_looked_at_again(cast, cases):
    case, agent, manager = cases.proposed(), cast.by("care_agent"), cast.by("care_manager")
    option = stamped(case, manager)
    with pytest.raises(PermissionDenied):
        actions.send_back(case, reason="太贵", by=agent)
    case = actions.send_back(case, reason="太贵", by=manager)
    assert case.status == "proposing" and not case.options.exclude(seen_at=None).exists()
    actions.edit_option(option, words="免费重修并送代金券", compensations=[gift(200)], by=agent)
    actions.remove_option(case.options.last(), by=agent)
    with pytest.raises(Refused):
        actions.hand_in(case, by=agent)
    actions.propose(case, words="返还工时费", by=agent)
    actions.hand_in(case, by=agent)
    option.refresh_from_db()
    assert (option.worth, option.version) == (Decimal(200), 2)


def test_what_the_customer_does_not_accept_is_taken_back(cast, cases):
    case = cases.decided()
    case = actions.offer_again(case, reason="客户要求更换总成", by=cast.by("care_agent"))
    assert (case.status, case.cost, case.decided_at, case.instruction) == ("proposing", 0, None, "")
    assert not case.options.filter(is_chosen=True).exists()
    assert Notice.objects.filter(employee=cast.care_manager, code="case_refused").exists()
    actions.hand_in(case, by=cast.by("care_agent"))
    assert cases.decided(fresh(case)).status == "carrying_out"


def test_a_case_opened_again_starts_with_fresh_options_and_keeps_what_it_cost(cast, cases):
    case = cases.carried_out()
    Complaint.objects.filter(pk=case.pk).update(status="investigating")
    case = cases.investigated(fresh(case))
    case = cases.proposed(case, options=({"words": "再修", "cost": Decimal(50)}, {"words": "退款"}))
    assert case.options.standing().count() == 2
    assert cases.decided(case).cost == Decimal(650)


def test_the_browser_path(cast, cases, browser):
    case = cases.investigated()
    agent, manager = browser("care_agent"), browser("care_manager")
    page = agent.get(f"/complaints/{case.pk}/").content.decode()
    assert f"/complaints/{case.pk}/propose/" in page and "/hand-in/" not in page
    row = {"words": "免费重修", "cost": "600", "compensations-0-kind": kind().pk, "compensations-0-quantity": "300"}
    row |= {"compensations-0-worth": "300"}
    assert agent.post(f"/complaints/{case.pk}/propose/", row | {"form_token": "a"}).status_code == 302
    assert agent.post(f"/complaints/{case.pk}/propose/", row | {"form_token": "b"}).status_code == 302
    first, second = case.options.all()
    assert first.worth == Decimal(300)
    form = agent.get(f"/case-options/{first.pk}/edit/").content.decode()
    assert "免费重修" in form and 'value="300.00"' in form
    changed = row | {"words": "免费重修并清洗", "version": first.version, "form_token": "c"}
    assert agent.post(f"/case-options/{first.pk}/edit/", changed).status_code == 302
    old = agent.post(f"/case-options/{first.pk}/edit/", changed | {"form_token": "d"})
    assert old.status_code == 412
    assert agent.post(f"/case-options/{second.pk}/remove/", {"form_token": "e"}).status_code == 302
    assert agent.post(f"/complaints/{case.pk}/propose/", row | {"form_token": "f"}).status_code == 302
    assert agent.post(f"/complaints/{case.pk}/hand-in/", {"form_token": "g"}).status_code == 302
    assert agent.get(f"/case-options/{first.pk}/decide/").status_code == 403
    page = manager.get(f"/complaints/{case.pk}/").content.decode()
    assert "Costs the house" in page and f"/case-options/{first.pk}/stamp/" in page
    for one in case.options.standing():
        assert manager.post(f"/case-options/{one.pk}/stamp/", {"form_token": f"s{one.pk}"}).status_code == 302
    sent = {"instruction": "尽快", "due": "2099-01-01T10:00", "version": 2, "form_token": "h"}
    assert manager.post(f"/case-options/{first.pk}/decide/", sent).status_code == 302
    assert fresh(case).status == "carrying_out"
    assert "尽快" in agent.get(f"/complaints/{case.pk}/").content.decode()


def test_internal_cost_is_only_for_those_who_propose_or_decide(cast, cases, browser, program):
    case = cases.proposed()
    page = browser("advisor").get(f"/complaints/{case.pk}/").content.decode()
    assert "免费重修空调系统" in page and "600.00" not in page and "Costs the house" not in page
    told = program("advisor")(f"complaints/{case.pk}/remedies/", method="get").json()
    assert "cost" not in told and "cost" not in told["options"][0]
    told = program("care_agent")(f"complaints/{case.pk}/remedies/", method="get").json()
    assert told["options"][0]["cost"] == "600.00"


def test_the_rest_door_and_strangers(cast, cases, program):
    case, agent, manager = cases.investigated(), program("care_agent"), program("care_manager")
    body = {"words": "免费重修", "cost": "600", "compensations": [{"kind": kind().pk, "quantity": 1, "worth": "300"}]}
    made = agent(f"complaints/{case.pk}/propose/", body, **{"Idempotency-Key": "1"})
    assert made.status_code == 201, made.content
    assert agent(f"complaints/{case.pk}/propose/", body, **{"Idempotency-Key": "1"}).json() == made.json()
    assert agent(f"complaints/{case.pk}/propose/", {"words": "换新"}, **{"Idempotency-Key": "2"}).status_code == 201
    assert case.options.count() == 2
    first = made.json()["id"]
    put = agent(f"case-options/{first}/", body | {"words": "改"}, "put", **{"If-Match": '"1"'})
    assert put.status_code == 200 and put.json()["words"] == "改", put.content
    assert agent(f"case-options/{first}/prefer/").json()["is_preferred"]
    assert agent(f"complaints/{case.pk}/hand-in/").json()["status"] == "deciding"
    assert agent(f"case-options/{first}/stamp/").status_code == 403
    for one in Option.objects.all():
        assert manager(f"case-options/{one.pk}/stamp/", {"words": "阅"}).json()["seen_words"] == "阅"
    told = {"instruction": "两天内", "due": "2099-01-01T10:00:00+08:00"}
    for path in (f"case-options/{first}/decide/", f"case-options/{first}/ask/"):
        assert program("stranger")(path, told).status_code in (403, 404)
    done = manager(f"case-options/{first}/decide/", told)
    assert done.status_code == 200 and done.json()["is_chosen"], done.content
    assert manager(f"case-options/{first}/decide/", told).status_code == 409
    assert program("stranger")(f"complaints/{case.pk}/remedies/", method="get").status_code == 404
    assert agent(f"complaints/{case.pk}/offer-again/", {"reason": "不接受"}).json()["status"] == "proposing"
