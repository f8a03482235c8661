"""The other ends of a case, each counted apart: withdrawn, not to be reached, no agreement, court."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.utils.timezone import now

from complaints import actions
from complaints.models import Attempt, Complaint
from core import actions as core
from core.models import Approval
from core.rows import Refused
from customers.models import Call, CallHold

DAY = timedelta(days=1)


def fresh(case):
    return Complaint.objects.get(pk=case.pk)


@pytest.mark.duty("K-05")
@pytest.mark.parametrize("result", ["withdrawn", "court"])
def test_withdrawn_or_before_a_court(cast, cases, result):
    case = cases.investigated()
    case = actions.end_case(case, result=result, words="客户书面撤诉", by=cast.by("care_manager"))
    assert (case.status, case.result, case.check_due_on) == ("closed", result, None)
    assert CallHold.objects.get(case_id=case.pk).ended_at, "the calls of the person go on"
    with pytest.raises(Refused):
        actions.end_case(case, result=result, words="x", by=cast.by("care_manager"))


def test_not_everybody_ends_a_case(cast, cases):
    with pytest.raises(PermissionDenied):
        actions.end_case(cases.received(), result="withdrawn", words="x", by=cast.by("care_agent"))


@pytest.mark.duty("K-05")
def test_a_customer_counts_as_not_to_be_reached_only_after_proven_tries(cast, cases):
    case = cases.decided()
    end = {"result": "unreachable", "words": "多次联系不上", "by": cast.by("care_manager")}
    for n, outcome in enumerate(["no_answer", "reached", "no_answer", "wrong_number"]):
        Attempt.objects.create(complaint=case, at=now() - (4 - n) * DAY, outcome=outcome)
    with pytest.raises(Refused) as no:
        actions.end_case(fresh(case), **end)
    assert no.value.field == "result", "what was before the customer was reached does not count"
    actions.note_attempt(fresh(case), way="phone", outcome="no_answer", by=cast.by("care_agent"))
    assert actions.end_case(fresh(case), **end).result == "unreachable"


def test_three_tries_on_one_day_are_not_enough(cast, cases):
    case = cases.decided()
    for _n in range(3):
        actions.note_attempt(fresh(case), way="phone", outcome="no_answer", by=cast.by("care_agent"))
    with pytest.raises(Refused):
        actions.end_case(fresh(case), result="unreachable", words="x", by=cast.by("care_manager"))


def test_an_open_closing_call_is_dropped(cast, cases):
    case = cases.carried_out()
    actions.plan_closing_calls()
    actions.end_case(fresh(case), result="withdrawn", words="x", by=cast.by("care_manager"))
    assert Call.objects.get(case_id=case.pk).status == "dropped"
    actions.follow_answers()
    assert fresh(case).result == "withdrawn"


@pytest.mark.duty("K-05")
def test_no_agreement_is_approved_by_the_general_manager(cast, cases):
    case = cases.decided()
    end = {"result": "no_agreement", "words": "双方差距过大"}
    with pytest.raises(Refused) as no:
        actions.end_case(case, **end, by=cast.by("care_manager"))
    assert no.value.code == "beyond_authority"
    asked = actions.ask_end(fresh(case), reason="客户要求退车", by=cast.by("care_manager"))
    with pytest.raises(Refused):
        actions.ask_end(fresh(case), reason="再问", by=cast.by("care_manager"))
    core.decide(asked, granted=True, reason="同意", by=cast.by("general_manager"))
    assert actions.end_case(fresh(case), **end, by=cast.by("care_manager")).result == "no_agreement"
    assert Approval.objects.get(pk=asked.pk).status == "used"
    other = cases.decided()
    assert actions.end_case(other, **end, by=cast.by("general_manager")).result == "no_agreement"


def test_in_the_browser_and_by_rest(cast, cases, browser, program):
    case = cases.decided()
    manager = browser("care_manager")
    page = manager.get(f"/complaints/{case.pk}/").content.decode()
    assert f"/complaints/{case.pk}/end-case/" in page and f"/complaints/{case.pk}/ask-end/" in page
    sent = manager.post(f"/complaints/{case.pk}/end-case/", {"result": "no_agreement", "words": "x"})
    assert sent.status_code == 422 and "Ask for approval" in sent.content.decode()
    assert manager.post(f"/complaints/{case.pk}/ask-end/", {"reason": "谈不拢"}).status_code == 302
    assert "Asked for an end without agreement" in manager.get(f"/complaints/{case.pk}/").content.decode()
    assert manager.post(f"/complaints/{case.pk}/end-case/", {"result": "court", "words": "起诉"}).status_code == 302
    assert browser(cases.neighbour()).get(f"/complaints/{case.pk}/end-case/").status_code == 404
    assert browser("care_agent").get(f"/complaints/{case.pk}/end-case/").status_code == 403
    ask = program("care_manager")
    other = cases.decided()
    assert ask(f"complaints/{other.pk}/end-case/", {"result": "other", "words": "x"}).status_code == 400
    key = {"Idempotency-Key": "one"}
    asked = ask(f"complaints/{other.pk}/ask-end/", {"reason": "谈不拢"}, **key)
    assert asked.status_code == 201 and asked.json()["id"]
    done = ask(f"complaints/{other.pk}/end-case/", {"result": "withdrawn", "words": "撤诉"})
    assert done.status_code == 200 and done.json()["status"] == "closed"
    assert ask(f"complaints/{other.pk}/end-case/", {"result": "withdrawn", "words": "撤诉"}).status_code == 409
