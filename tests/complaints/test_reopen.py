"""A closed case goes on: by somebody's decision, or because the check after closing finds that it is not settled."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.utils.timezone import localdate, now

from complaints import actions
from complaints.models import Complaint
from core.models import Task
from core.rows import Refused
from customers.models import CallHold
from tests.complaints.test_close import answered, fresh

DAY = timedelta(days=1)


@pytest.fixture
def closed(cast, cases):
    return actions.close(answered(cases.carried_out(), cast=cast), by=cast.by("care_agent"))


@pytest.mark.duty("K-08")
def test_a_closed_case_is_opened_again_with_a_reason(cast, closed):
    case = actions.reopen(closed, reason="问题复发", by=cast.by("care_manager"))
    assert (case.status, case.reopened, case.result, case.closed_at) == ("investigating", 1, "", None)
    assert CallHold.objects.get(case_id=case.pk).ended_at is None, "calls after service wait again"
    with pytest.raises(Refused):
        actions.reopen(fresh(case), reason="x", by=cast.by("care_manager"))


def test_what_was_chosen_before_is_shown_as_an_earlier_choice(cast, cases, closed, browser):
    case = actions.reopen(closed, reason="问题复发", by=cast.by("care_manager"))
    earlier, current = "Chosen earlier", "list-group-item bg-green-lt"
    page = browser("care_agent").get(case.get_absolute_url()).content.decode()
    assert earlier in page and current not in page and "Chosen option" not in page
    public = f"/k/{case.token}/"
    assert "免费重修空调系统" not in Client().get(public).content.decode(), "it is no offer any more"
    case = cases.investigated(case)
    page = browser("care_agent").get(case.get_absolute_url()).content.decode()
    assert earlier in page and "/edit/" not in page.split('id="remedies"')[1].split("</section>")[0]
    case = cases.decided(cases.proposed(case, options=({"words": "更换膨胀阀"}, {"words": "更换蒸发箱"})))
    page = browser("care_agent").get(case.get_absolute_url()).content.decode()
    assert page.count(earlier) == 1 and page.count("Chosen option") == 1
    assert page.index("免费重修空调系统") < page.index("更换膨胀阀")


def test_an_enquiry_is_answered_again(cast, cases):
    case = cases.received(nature="enquiry")
    actions.answer(case, text="保养周期为一万公里", channel="phone", by=cast.by("care_agent"))
    case = actions.note_reaction(fresh(case), reaction="accepted", by=cast.by("care_agent"))
    assert (case.result, case.closed_on, case.check_due_on) == ("answered", localdate(), None)
    assert actions.reopen(case, reason="还有问题", by=cast.by("care_manager")).status == "answering"


def test_what_was_loaded_is_history_and_not_everybody_opens_a_case_again(cast, closed):
    given = {"store": cast.store, "origin": "old", "source_id": "1", "words": "x", "received_at": now()}
    given |= {"received_on": localdate(), "status": "closed", "result": "answered", "closed_at": now()}
    with pytest.raises(Refused):
        actions.reopen(Complaint.objects.create(**given), reason="x", by=cast.by("care_manager"))
    with pytest.raises(PermissionDenied):
        actions.reopen(closed, reason="x", by=cast.by("care_agent"))


@pytest.mark.duty("K-22")
def test_a_month_after_closing_its_keeper_is_asked_to_look_again_once(cast, closed):
    assert actions.remind_checks() == 0
    later = now() + 30 * DAY
    assert (actions.remind_checks(later), actions.remind_checks(later)) == (1, 0)
    task = Task.objects.open().get(code="case_check")
    assert task.assignee == closed.keeper
    case = actions.check_closed(closed, reaction="accepted", words="一直正常", by=cast.by("care_agent"))
    assert (case.status, case.check_reaction) == ("closed", "accepted") and case.checked_at
    assert not Task.objects.open().filter(code="case_check").exists()
    with pytest.raises(Refused):
        actions.check_closed(fresh(case), reaction="accepted", by=cast.by("care_agent"))


@pytest.mark.duty("K-22")
def test_somebody_who_is_not_content_any_more_has_the_case_back(cast, closed):
    with pytest.raises(Refused) as no:
        actions.check_closed(closed, reaction="not_accepted", by=cast.by("care_agent"))
    assert no.value.field == "words"
    case = actions.check_closed(fresh(closed), reaction="not_accepted", words="又不凉了", by=cast.by("care_agent"))
    assert (case.status, case.reopened, case.check_due_on) == ("investigating", 1, None)


def test_a_check_without_an_answer_is_tried_once_more(cast, closed):
    case = actions.check_closed(closed, reaction="no_answer", by=cast.by("care_agent"))
    assert case.checked_at is None and case.check_due_on == localdate() + 7 * DAY
    case = actions.check_closed(fresh(case), reaction="no_answer", by=cast.by("care_agent"))
    assert case.checked_at and case.check_reaction == "no_answer"


def test_in_the_browser_and_by_rest(cast, cases, closed, browser, program):
    stranger = cases.neighbour()
    page = browser("care_manager").get(f"/complaints/{closed.pk}/").content.decode()
    assert f"/complaints/{closed.pk}/reopen/" in page and f"/complaints/{closed.pk}/check-closed/" in page
    assert browser(stranger).get(f"/complaints/{closed.pk}/reopen/").status_code == 404
    assert browser("care_agent").get(f"/complaints/{closed.pk}/reopen/").status_code == 403
    sent = browser("care_agent").post(
        f"/complaints/{closed.pk}/check-closed/", {"reaction": "not_accepted", "words": "又不凉了"}
    )
    assert sent.status_code == 302 and fresh(closed).status == "investigating"
    ask = program("care_manager")
    assert ask(f"complaints/{closed.pk}/reopen/", {"reason": "x"}).status_code == 409
    assert ask(f"complaints/{closed.pk}/check-closed/", {"reaction": "accepted"}).status_code == 409
    assert program(stranger)(f"complaints/{closed.pk}/reopen/", {"reason": "x"}).status_code == 404
