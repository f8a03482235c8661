"""A decision is told, accepted and signed, carried out by people of any department, and then a call is owed."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.utils.timezone import now

from complaints import actions
from complaints.models import Agreement, Complaint, Due
from complaints.models.cases import FOLLOW
from complaints.prints.agreements import agreement_draft, settlement_agreement
from core import actions as core
from core.models import Attachment, Notice, Task
from core.prints import pdf
from core.rows import Refused
from core.uploads import clean_signature
from customers.models import Message
from customers.models.messages import PATHS
from tests.complaints.conftest import drawn


def fresh(case):
    return Complaint.objects.get(pk=case.pk)


def tomorrow():
    return now() + timedelta(days=1)


@pytest.mark.duty("K-13")
def test_the_customer_is_told_with_the_link_and_signs_there(cast, cases):
    case = cases.decided()
    Complaint.objects.filter(pk=case.pk).update(keeper=cast.care_agent)
    case = actions.tell_customer(fresh(case), channel="wechat", by=cast.by("care_agent"))
    message = Message.objects.get(code="case_news")
    assert case.told_at and case.address in message.text and str(case) in message.text
    assert "600" not in message.text, "what it costs the house is nobody's business outside"
    assert PATHS[Message.Code.CASE_NEWS] == FOLLOW
    customer = fresh(case).follower()
    case = actions.accept(case, name="赵敏", signature=clean_signature(drawn()), by=customer)
    assert case.accepted_at and case.accepted_by == "赵敏"
    assert Attachment.objects.of(case).get(purpose="signature").remark == "赵敏"
    assert Notice.objects.filter(employee=cast.care_agent, code="case_accepted").exists()
    with pytest.raises(Refused) as no:
        actions.accept(case, name="赵敏", signature=clean_signature(drawn()), by=customer)
    assert no.value.code == "accepted"


def test_options_are_told_before_the_decision_and_nothing_is_told_without_any(cast, cases):
    case = cases.investigated()
    with pytest.raises(Refused):
        actions.tell_customer(case, channel="sms", by=cast.by("care_agent"))
    case = cases.proposed(case)
    case = actions.tell_customer(case, channel="sms", by=cast.by("care_agent"))
    assert case.told_at is None and "choose" not in Message.objects.get().code
    assert Message.objects.get().params["what"] == "options"


def test_acceptance_needs_a_signature_or_a_photo_of_one(cast, cases):
    case = cases.decided()
    with pytest.raises(Refused) as no:
        actions.accept(case, name="赵敏", by=cast.by("care_agent"))
    assert no.value.field == "signature"
    with pytest.raises(PermissionDenied):
        actions.accept(case, name="赵敏", signature=clean_signature(drawn()), by=cast.by("advisor"))
    paper = clean_signature(drawn())
    actions.accept(case, name="赵敏", papers=[paper], by=cast.by("care_agent"))
    assert Attachment.objects.of(case).filter(purpose="paper").count() == 1


@pytest.mark.duty("K-18")
def test_the_care_manager_gives_measures_to_any_department(cast, cases):
    case, manager = cases.accepted(), cast.by("care_manager")
    for who in ("technician", "parts_clerk"):
        told = {"assignee": cast.people[who], "words": "优先安排返修", "due_at": tomorrow()}
        actions.give_measure(case, **told, by=manager)
    with pytest.raises(Refused) as no:
        actions.give_measure(case, assignee=cast.technician, words="再一个", due_at=tomorrow(), by=manager)
    assert no.value.field == "assignee"
    with pytest.raises(Refused):
        actions.give_measure(case, assignee=cast.stranger, words="x", due_at=tomorrow(), by=manager)
    with pytest.raises(PermissionDenied):
        actions.give_measure(case, assignee=cast.advisor, words="x", due_at=tomorrow(), by=cast.by("care_agent"))
    task = Task.objects.get(assignee=cast.technician, code="case_measure")
    assert task.address == "", "a technician does not open the case"
    assert Notice.objects.filter(employee=cast.technician, code="case_measure").count() == 1
    with pytest.raises(Refused) as no:
        actions.carry_out(case, by=cast.by("care_agent"))
    assert no.value.code == "measures_open"
    for one in Task.objects.filter(code="case_measure"):
        core.finish_task(one, outcome="已完成", by=manager)
    assert actions.carry_out(case, by=cast.by("care_agent")).status == "calling"


@pytest.mark.duty("K-13")
def test_carried_out_only_when_accepted_and_then_a_call_is_owed(cast, cases):
    case = cases.decided()
    with pytest.raises(Refused) as no:
        actions.carry_out(case, by=cast.by("care_agent"))
    assert no.value.code == "not_accepted"
    case = cases.carried_out(cases.accepted(case))
    assert case.status == "calling" and case.call_pending and case.carried_out_at
    assert case.clocks.filter(due=Due.CALLING, ended_at=None).count() == 1, "feedback has its due time"
    with pytest.raises(Refused):
        actions.carry_out(case, by=cast.by("care_agent"))


def test_the_free_rework_is_finished_first(cast, cases, chain):
    case, visit = cases.accepted(), chain.received()
    Complaint.objects.filter(pk=case.pk).update(rework=visit.orders.get())
    with pytest.raises(Refused):
        actions.carry_out(fresh(case), by=cast.by("care_agent"))


@pytest.mark.duty("K-21")
def test_a_settlement_agreement_is_drawn_up_signed_and_printed(cast, cases, browser):
    case, agent = cases.decided(), cast.by("care_agent")
    client = browser("care_agent")
    form = client.get(f"/complaints/{case.pk}/draw-agreement/").content.decode()
    assert "免费重修空调系统" in form and "600" not in form
    sent = {"text": "一、甲方免费重修空调系统。\n二、乙方不再提出其他要求。", "form_token": "a"}
    assert client.post(f"/complaints/{case.pk}/draw-agreement/", sent).status_code == 302
    agreement = Agreement.objects.get()
    with pytest.raises(Refused):
        actions.draw_agreement(case, text="x", by=agent)
    page = client.get(f"/case-agreements/{agreement.pk}/sign/").content.decode()
    assert "甲方免费重修空调系统" in page
    empty = client.post(f"/case-agreements/{agreement.pk}/sign/", {"name": "赵敏", "form_token": "b"})
    assert empty.status_code == 422
    signed = {"name": "赵敏", "signature": drawn(), "form_token": "c"}
    assert client.post(f"/case-agreements/{agreement.pk}/sign/", signed).status_code == 302
    agreement.refresh_from_db()
    assert agreement.signed_name == "赵敏" and fresh(case).accepted_at, "who signs it accepts"
    paper = client.get(f"/case-agreements/{agreement.pk}/print/")
    assert paper.status_code == 200 and paper.content.startswith(b"%PDF")
    assert browser("stranger").get(f"/case-agreements/{agreement.pk}/print/").status_code in (403, 404)
    assert browser("advisor").get(f"/case-agreements/{agreement.pk}/print/").status_code == 403


@pytest.mark.duty("K-21")
def test_the_store_is_party_a_and_an_older_text_signs_as_it_says(cast, cases):
    case, agent = cases.decided(), cast.by("care_agent")
    text = agreement_draft(case)
    assert text.startswith(f"甲方（经销店）：{case.store.company.name}（{case.store.name}）\n乙方（顾客）：赵敏")
    assert "甲方于" in text.split("二、")[1] and "不影响乙方依照法律" in text
    made = actions.draw_agreement(case, text=text, by=agent)
    assert settlement_agreement(made)["parties"] == ["乙方（顾客）", "甲方（经销店）"]
    actions.cancel_agreement(made, reason="换一份", by=agent)
    older = actions.draw_agreement(fresh(case), text="甲方（顾客）：赵敏\n乙方（经销店）：店", by=agent)
    data = settlement_agreement(older)
    assert data["parties"] == ["甲方（顾客）", "乙方（经销店）"] and pdf("settlement-agreement", data).startswith(
        b"%PDF"
    )


def test_an_agreement_is_cancelled_with_its_reason_and_drawn_up_again(cast, cases):
    case, agent = cases.accepted(), cast.by("care_agent")
    agreement = actions.draw_agreement(case, text="一、免费返修。", by=agent)
    with pytest.raises(Refused) as no:
        actions.carry_out(fresh(case), by=agent)
    assert no.value.code == "not_signed"
    actions.cancel_agreement(agreement, reason="文字有误", by=agent)
    with pytest.raises(Refused):
        actions.sign_agreement(agreement, name="赵敏", signature=clean_signature(drawn()), by=agent)
    second = actions.draw_agreement(case, text="一、免费返修，送保养一次。", by=agent)
    actions.sign_agreement(second, name="赵敏", signature=clean_signature(drawn()), by=fresh(case).follower())
    assert actions.carry_out(fresh(case), by=agent).status == "calling"


@pytest.mark.duty("K-11")
def test_within_an_empowered_amount_it_is_settled_on_the_spot(cast, cases):
    from tests.complaints.test_decide_option import gift

    case, advisor = cases.received(), cast.by("advisor")
    told = {"words": "当场道歉，赠送洗车券", "cause": "attitude", "whys": ["接待时没有说明", ""]}
    with pytest.raises(Refused) as no:
        actions.settle_on_spot(case, **told, compensations=[gift(300)], by=advisor)
    assert no.value.code == "beyond_authority" and fresh(case).status == "received"
    with pytest.raises(Refused) as no:
        actions.settle_on_spot(case, **(told | {"whys": [" "]}), by=advisor)
    assert no.value.field == "whys"
    case = actions.settle_on_spot(case, **told, cost=Decimal(20), compensations=[gift(100)], by=advisor)
    assert (case.status, case.is_on_spot, case.cost) == ("carrying_out", True, Decimal(120))
    assert (case.grounds_ok, case.whys, case.accepted_by) == (True, ["接待时没有说明"], "赵敏")
    case = actions.carry_out(case, by=cast.by("care_agent"))
    assert case.status == "calling" and case.call_pending, "it is called back like any other"
    with pytest.raises(Refused):
        actions.settle_on_spot(case, **told, by=advisor)


def test_an_enquiry_is_not_settled_on_the_spot(cast, cases):
    case = cases.received(nature="enquiry")
    with pytest.raises(Refused):
        actions.settle_on_spot(case, words="x", cause="method", whys=["y"], by=cast.by("advisor"))


def test_on_the_spot_in_the_browser_and_by_rest(cast, cases, browser, program):
    case = cases.received()
    client = browser("advisor")
    assert f"/complaints/{case.pk}/settle-on-spot/" in client.get(f"/complaints/{case.pk}/").content.decode()
    sent = {"words": "当场更换雨刮", "cost": "60", "cause": "parts", "whys-0-why": "雨刮老化", "form_token": "a"}
    page = client.post(f"/complaints/{case.pk}/settle-on-spot/", sent | {"cost": "900"})
    assert page.status_code == 422 and "当场更换雨刮" in page.content.decode()
    assert client.post(f"/complaints/{case.pk}/settle-on-spot/", sent | {"form_token": "b"}).status_code == 302
    other = cases.received()
    body = {"words": "道歉", "cause": "attitude", "whys": [{"why": "忙"}], "signature": drawn()}
    answer = program("advisor")(f"complaints/{other.pk}/settle-on-spot/", body)
    assert answer.status_code == 200 and answer.json()["is_on_spot"], answer.content
    assert program("stranger")(f"complaints/{other.pk}/settle-on-spot/", body).status_code == 404


def test_the_browser_and_the_rest_path(cast, cases, browser, program):
    case, ask = cases.decided(), program("care_agent")
    page = browser("care_agent").get(f"/complaints/{case.pk}/").content.decode()
    assert f"/complaints/{case.pk}/tell-customer/" in page and "/carry-out/" not in page
    assert ask(f"complaints/{case.pk}/tell-customer/", {"channel": "phone"}).json()["told_at"]
    body = {"assignee": cast.technician.pk, "words": "返修", "due_at": "2099-01-01T10:00:00+08:00"}
    key = {"Idempotency-Key": "m"}
    assert ask(f"complaints/{case.pk}/give-measure/", body, **key).status_code == 403
    given = program("care_manager")(f"complaints/{case.pk}/give-measure/", body, **key)
    assert given.status_code == 201 and Task.objects.get(pk=given.json()["id"]).assignee == cast.technician
    page = browser("care_manager").get(f"/complaints/{case.pk}/").content.decode()
    assert "返修" in page
    assert ask(f"complaints/{case.pk}/accept/", {"name": "赵敏"}).status_code == 400
    assert ask(f"complaints/{case.pk}/accept/", {"name": "赵敏", "signature": drawn()}).status_code == 200
    made = ask(f"complaints/{case.pk}/draw-agreement/", {"text": "一、返修。"}, **{"Idempotency-Key": "d"})
    assert made.status_code == 201, made.content
    agreement = made.json()["id"]
    sign = {"name": "赵敏", "signature": drawn()}
    assert program("stranger")(f"case-agreements/{agreement}/sign/", sign).status_code in (403, 404)
    assert ask(f"case-agreements/{agreement}/sign/", sign).json()["signed_at"]
    assert ask(f"complaints/{case.pk}/carry-out/").status_code == 409
    Task.objects.filter(code="case_measure").update(status="done")
    client = browser("care_agent")
    assert f"/complaints/{case.pk}/carry-out/" in client.get(f"/complaints/{case.pk}/").content.decode()
    assert client.post(f"/complaints/{case.pk}/carry-out/", {"form_token": "x"}).status_code == 302
    assert ask(f"complaints/{case.pk}/carry-out/").status_code == 409
