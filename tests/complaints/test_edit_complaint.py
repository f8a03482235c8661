"""Putting a case right: what stood there before stays in the logbook; a severity that rises is told at once."""

import pytest
from django.core.exceptions import PermissionDenied

from complaints import actions
from complaints.forms import EditComplaintForm
from complaints.models import Problem
from core.models import Detail, Entry, Notice
from core.rows import Refused


def edited(case, by, **changes):
    known = EditComplaintForm.known(case)
    rows = {"customer": case.customer, "vehicle": case.vehicle, "order": case.order}
    problems = {"problems": list(Problem.objects.filter(pk__in=known["problems"]))}
    return actions.edit_complaint(case, **(known | rows | problems | changes), by=by)


def test_words_severity_and_car_are_put_right(cast, cases, car):
    case, by = cases.received(), cast.by("care_agent")
    edited(case, by, vehicle=car, severity="major", demand="退款")
    case.refresh_from_db()
    assert (case.vehicle, case.severity, case.demand, case.brand) == (car, "major", "退款", "奥迪")
    line = Entry.objects.get(verb="complaint.edited", object_id=case.pk)
    assert Detail.objects.get(entry_id=line.pk).values["demand"] == ["修好并说明原因", "退款"]
    assert Notice.objects.filter(code="case_major", employee=cast.general_manager).count() == 1
    edited(case, by, demand="退款")  # still major, nobody is told again
    assert Notice.objects.filter(code="case_major", employee=cast.general_manager).count() == 1


@pytest.mark.duty("C-37")
def test_a_complaint_that_is_only_a_question_is_answered_and_back(cast, cases):
    case, by = cases.received(), cast.by("care_agent")
    assert edited(case, by, nature="enquiry").status == "answering"
    assert edited(case, by, nature="complaint").status == "received"
    actions.judge(case, grounds_ok=True, grounds_reason="属实", demand_ok=True, demand_reason="合理",
                  department="aftersales", by=by)  # fmt: skip
    case.refresh_from_db()
    with pytest.raises(Refused):
        edited(case, by, nature="enquiry")


def test_in_the_browser_and_by_rest_with_the_version(cast, cases, browser, program):
    case = cases.received()
    agent = browser("care_agent")
    page = agent.get(f"/complaints/{case.pk}/edit/")
    assert page.status_code == 200 and "空调修了两次还是不凉" in page.content.decode()
    body = {"nature": "complaint", "words": "空调不凉", "severity": "serious", "version": case.version}
    assert agent.post(f"/complaints/{case.pk}/edit/", body).status_code == 302
    case.refresh_from_db()
    assert (case.words, case.severity) == ("空调不凉", "serious")
    assert agent.post(f"/complaints/{case.pk}/edit/", body).status_code == 412
    ask = program("integration")
    path = f"complaints/{case.pk}/"
    tag = ask(path, method="get")["ETag"]
    assert ask(path, {"demand": "道歉"}, method="patch").status_code == 428
    answer = ask(path, {"demand": "道歉"}, method="patch", **{"If-Match": tag})
    assert (answer.status_code, answer.json()["demand"], answer.json()["words"]) == (200, "道歉", "空调不凉")


def test_a_stranger_and_whoever_only_takes_in_may_not(cast, cases, browser):
    case = cases.received()
    assert browser("stranger").get(f"/complaints/{case.pk}/edit/").status_code == 403
    assert browser("advisor").get(f"/complaints/{case.pk}/edit/").status_code == 403
    with pytest.raises(PermissionDenied):
        edited(case, cast.by("advisor"))
