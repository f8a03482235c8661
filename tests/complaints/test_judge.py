"""Two questions with their reasons (K-07): what does not hold is answered, what holds has a department (K-09)."""

import pytest

from complaints import actions
from complaints.models import Complaint, Due
from core.models import Entry, Notice
from core.rows import Refused

HOLDS = {
    "grounds_ok": "yes",
    "grounds_reason": "维修记录显示空调修过两次",
    "demand_ok": "no",
    "demand_reason": "要求赔偿十倍没有依据",
    "department": "workshop",
    "severity": "ordinary",
}


@pytest.mark.duty("K-07")
def test_both_questions_are_answered_with_a_reason_by_whom_and_when(cast, cases, browser):
    complaint = cases.received()
    client = browser("care_agent")
    page = client.get(f"/complaints/{complaint.pk}/").content.decode()
    assert f"/complaints/{complaint.pk}/judge/" in page
    form = client.get(f"/complaints/{complaint.pk}/judge/").content.decode()
    assert "空调修了两次还是不凉" in form and "修好并说明原因" in form
    lacking = client.post(f"/complaints/{complaint.pk}/judge/", HOLDS | {"demand_reason": ""})
    assert lacking.status_code == 422 and "维修记录显示空调修过两次" in lacking.content.decode()
    assert client.post(f"/complaints/{complaint.pk}/judge/", HOLDS).status_code == 302
    complaint.refresh_from_db()
    assert (complaint.status, complaint.grounds_ok, complaint.demand_ok) == ("investigating", True, False)
    assert (complaint.department, complaint.judged_by) == ("workshop", cast.care_agent)
    assert complaint.judged_at is not None
    entry = Entry.objects.get(verb="complaint.judged", object_id=complaint.pk)
    assert entry.by_id == cast.care_agent.pk
    page = client.get(f"/complaints/{complaint.pk}/").content.decode()
    assert "要求赔偿十倍没有依据" in page and f"/complaints/{complaint.pk}/investigate/" in page
    assert complaint.clocks.get(ended_at=None, due=Due.INVESTIGATING)


@pytest.mark.duty("K-09")
def test_what_holds_names_a_department(cast, cases):
    complaint = cases.received()
    said = {"grounds_ok": True, "grounds_reason": "x", "demand_ok": True, "demand_reason": "y"}
    with pytest.raises(Refused) as refused:
        actions.judge(complaint, **said, by=cast.by("care_agent"))
    assert refused.value.field == "department"
    complaint.refresh_from_db()
    assert complaint.status == "received" and complaint.judged_at is None


def test_without_grounds_it_is_answered_and_a_new_judgement_may_say_otherwise(cast, cases):
    complaint = cases.judged(holds=False)
    assert (complaint.status, complaint.department) == ("answering", "")
    complaint = cases.judged(complaint)
    assert (complaint.status, complaint.grounds_ok, complaint.department) == ("investigating", True, "workshop")
    with pytest.raises(Refused):  # an investigation has begun: it ends in findings, not in a word
        cases.judged(complaint, holds=False)


@pytest.mark.duty("K-17")
def test_a_case_that_turns_out_major_is_told_at_once(cast, cases):
    complaint = cases.received()
    said = {"grounds_ok": True, "grounds_reason": "x", "demand_ok": True, "demand_reason": "y"}
    said |= {"department": "workshop", "severity": "major"}
    actions.judge(complaint, **said, by=cast.by("care_agent"))
    told = Notice.objects.filter(code="case_major")
    assert set(told.values_list("employee", flat=True)) == {cast.general_manager.pk, cast.care_manager.pk}
    actions.judge(complaint, **said, by=cast.by("care_agent"))
    assert Notice.objects.filter(code="case_major").count() == 2


def test_an_enquiry_is_not_judged(cast, cases):
    complaint = cases.received(nature="enquiry")
    with pytest.raises(Refused):
        cases.judged(complaint)


def test_the_same_through_rest_and_not_by_strangers(cast, cases, program):
    complaint, neighbour = cases.received(), cases.neighbour()
    body = HOLDS | {"grounds_ok": True, "demand_ok": False}
    address = f"complaints/{complaint.pk}/judge/"
    assert program(neighbour)(address, body).status_code == 404
    assert program("technician")(address, body).status_code == 403
    assert program("care_agent")(address, body | {"grounds_ok": "yes"}).status_code == 400
    told = program("care_agent")(address, body)
    assert told.status_code == 200
    assert (told.json()["status"], told.json()["demand_ok"]) == ("investigating", False)


def test_two_judges_see_each_others_work(cast, cases, browser):
    complaint = cases.received()
    stale = complaint.version
    cases.judged(complaint, holds=False)
    sent = browser("care_manager").post(f"/complaints/{complaint.pk}/judge/", HOLDS | {"version": stale})
    assert sent.status_code == 412
    assert Complaint.objects.get().grounds_ok is False
