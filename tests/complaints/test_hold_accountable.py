"""Who answers for a fault: proposed with the rule, heard, decided by another, never money; one sees one's own."""

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from complaints import actions
from complaints.models import Accountability
from core import actions as core
from core.models import Approval, Notice, Task
from core.rows import Refused

SAID = {"part": "direct", "rule": "维修作业规范 3.2", "words": "未按流程检查膨胀阀", "measure": "training", "points": 3}


@pytest.fixture
def case(cases):
    return cases.investigated()


def hold(cast, case, **more):
    given = SAID | {"employee": cast.technician} | more
    return actions.hold_accountable(case, **given, by=cast.by("care_manager"))


def fresh(row):
    return Accountability.objects.get(pk=row.pk)


@pytest.mark.duty("K-12")
def test_proposed_heard_and_decided_by_another(cast, case):
    row = hold(cast, case)
    assert (row.status, row.proposed_by) == ("proposed", cast.care_manager)
    assert Task.objects.get(assignee=cast.technician, code="say_your_side").address == f"/accountabilities/{row.pk}/"
    assert Notice.objects.filter(employee=cast.technician, code="accountability_proposed").count() == 1
    with pytest.raises(Refused) as no:
        actions.ask_accountability(row, by=cast.by("care_manager"))
    assert no.value.code == "not_heard"
    actions.hear(row, words="当天缺少检测设备", by=cast.by("technician"))
    assert Task.objects.get(code="say_your_side").status == "done"
    assert Notice.objects.filter(employee=cast.care_manager, code="accountability_heard").count() == 1
    approval = actions.ask_accountability(row, reason="请审批", by=cast.by("care_manager"))
    assert (approval.matter, approval.amount) == ("account", 0), "no money"
    with pytest.raises(Refused):
        actions.decide_accountability(row, granted=False, reason="", by=cast.by("service_manager"))
    row = actions.decide_accountability(row, granted=True, reason="同意", by=cast.by("service_manager"))
    assert (row.status, row.decided_by) == ("approved", cast.service_manager)
    approval.refresh_from_db()
    assert approval.status == Approval.Status.USED
    assert Notice.objects.filter(employee=cast.technician, code="accountability_approved").count() == 1
    with pytest.raises(Refused):
        actions.decide_accountability(row, granted=True, reason="", by=cast.by("general_manager"))


def test_decided_on_the_page_of_approvals_the_clock_takes_it_over_once(cast, case):
    row = hold(cast, case)
    actions.hear(row, words="本人无异议", by=cast.by("care_manager"))
    approval = actions.ask_accountability(row, by=cast.by("care_manager"))
    assert actions.follow_accountabilities() == 0
    core.decide(approval, granted=False, reason="首次，口头提醒即可", by=cast.by("general_manager"))
    assert (actions.follow_accountabilities(), actions.follow_accountabilities()) == (1, 0)
    row = fresh(row)
    assert (row.status, row.decided_by) == ("refused", cast.general_manager)
    assert hold(cast, case).status == "proposed", "it may be proposed anew"


def test_nobody_decides_about_themselves_nor_what_they_proposed(cast, case):
    row = hold(cast, case, employee=cast.service_manager, part="head")
    actions.hear(row, words="已安排培训", by=cast.by("service_manager"))
    approval = actions.ask_accountability(row, by=cast.by("care_manager"))
    with pytest.raises(PermissionDenied):
        actions.decide_accountability(row, granted=False, reason="无责", by=cast.by("service_manager"))
    core.decide(approval, granted=False, reason="无责", by=cast.by("service_manager"))
    assert actions.follow_accountabilities() == 0, "what one decides about oneself counts for nothing"
    actions.ask_accountability(row, by=cast.by("care_manager"))
    actions.decide_accountability(row, granted=True, reason="属实", by=cast.by("general_manager"))
    assert fresh(row).status == "approved"
    mine = actions.hold_accountable(case, **(SAID | {"employee": cast.technician}), by=cast.by("general_manager"))
    actions.hear(mine, words="无", by=cast.by("technician"))
    actions.ask_accountability(mine, by=cast.by("general_manager"))
    with pytest.raises(Refused):
        actions.decide_accountability(mine, granted=True, reason="", by=cast.by("general_manager"))
    with pytest.raises(Refused):
        actions.hold_accountable(case, **(SAID | {"employee": cast.care_manager}), by=cast.by("care_manager"))


def test_it_is_taken_back_with_a_reason_and_stands_once(cast, case):
    row = hold(cast, case)
    with pytest.raises(IntegrityError), transaction.atomic():
        hold(cast, case)
    row = actions.withdraw_accountability(row, reason="复核后责任不在本人", by=cast.by("care_manager"))
    assert row.status == "withdrawn"
    assert Notice.objects.filter(employee=cast.technician, code="accountability_withdrawn").count() == 1
    with pytest.raises(Refused):
        actions.withdraw_accountability(row, reason="x", by=cast.by("care_manager"))


def test_nobody_is_held_to_account_before_the_cause_is_known(cast, cases):
    for case in (cases.received(), cases.judged()):
        with pytest.raises(Refused):
            hold(cast, case)
    with pytest.raises(PermissionDenied):
        actions.hold_accountable(case, **(SAID | {"employee": cast.technician}), by=cast.by("care_agent"))
    with pytest.raises(Refused) as no:
        hold(cast, cases.investigated(), employee=cast.stranger)
    assert no.value.field == "employee"


def test_seen_by_managers_and_by_the_person_concerned_alone(cast, case, browser):
    row = hold(cast, case)
    path = f"/accountabilities/{row.pk}/"
    for name, status in (("technician", 200), ("care_manager", 200), ("care_agent", 404), ("inspector", 404)):
        assert browser(name).get(path).status_code == status, name
    own = browser("technician")
    page = own.get(path).content.decode()
    assert f"{path}hear/" in page and f"{path}withdraw/" not in page and f"/complaints/{case.pk}/" not in page
    assert own.post(f"{path}hear/", {"words": "当天缺少设备", "form_token": "a"}).status_code == 302
    assert fresh(row).heard == "当天缺少设备"
    assert own.get(f"{path}ask/").status_code == 403
    assert browser("inspector").post(f"{path}hear/", {"words": "x", "form_token": "b"}).status_code == 404
    assert browser("stranger").get(path).status_code == 404
    assert "维修作业规范" not in browser("care_agent").get(f"/complaints/{case.pk}/").content.decode()
    assert "维修作业规范" in browser("care_manager").get(f"/complaints/{case.pk}/").content.decode()


def test_the_browser_path(cast, case, browser):
    client = browser("care_manager")
    assert "CAR" in client.get(f"/complaints/{case.pk}/hold-accountable/").content.decode()
    sent = SAID | {"employee": cast.technician.pk, "form_token": "a"}
    assert client.post(f"/complaints/{case.pk}/hold-accountable/", sent).status_code == 302
    path = f"/accountabilities/{Accountability.objects.get().pk}"
    twice = client.post(f"/complaints/{case.pk}/hold-accountable/", sent | {"form_token": "b"})
    assert twice.status_code == 422 and "already answers for this case" in twice.content.decode()
    client.post(f"{path}/hear/", {"words": "无异议", "form_token": "c"})
    assert client.post(f"{path}/ask/", {"reason": "请审批", "form_token": "d"}).status_code == 302
    assert f"{path}/decide/" not in client.get(f"{path}/").content.decode()
    decider = browser("service_manager")
    assert f"{path}/decide/" in decider.get(f"{path}/").content.decode()
    assert decider.post(f"{path}/decide/", {"granted": "yes", "form_token": "e"}).status_code == 302
    assert client.post(f"{path}/withdraw/", {"reason": "申诉成立", "form_token": "f"}).status_code == 302
    assert Accountability.objects.get().status == "withdrawn"


def test_the_rest_path(cast, case, program):
    body = SAID | {"employee": cast.technician.pk}
    path, key = f"complaints/{case.pk}/hold-accountable/", {"Idempotency-Key": "1"}
    assert program("care_agent")(path, body, **key).status_code == 403
    assert program("stranger")(path, body, **key).status_code in (403, 404)
    ask = program("care_manager")
    made = ask(path, body, **key)
    assert made.status_code == 201 and made.json()["status"] == "proposed", made.content
    row = f"accountabilities/{made.json()['id']}/"
    assert program("technician")(f"{row}hear/", {"words": "无异议"}).json()["heard"] == "无异议"
    assert program("stranger")(row, method="get").status_code == 404
    assert program("technician")("accountabilities/", method="get").json()["results"][0]["points"] == 3
    assert program("inspector")("accountabilities/", method="get").json()["results"] == []
    assert ask(f"{row}request-decision/", {}).status_code == 200
    assert program("service_manager")(f"{row}decide/", {"granted": True}).json()["status"] == "approved"
    assert ask(f"{row}withdraw/", {"reason": "复核"}).json()["status"] == "withdrawn"
