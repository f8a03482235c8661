"""Who keeps a case: taken, given, handed over with the reason (K-04, K-18)."""

import pytest

from complaints import actions
from complaints.models import Complaint
from core.models import Notice
from core.rows import Refused


@pytest.fixture
def unkept(cast):
    """A case that an advisor took in: nobody keeps it yet."""
    given = {"store": cast.store, "nature": "complaint", "way": "counter", "words": "交车等了两小时", "name": "赵敏"}
    return actions.register(**given, phone="13900001111", by=cast.by("advisor"))


def test_a_case_is_taken_once_and_from_another_keeper_counts_as_handed_over(cast, unkept):
    assert actions.take(unkept, by=cast.by("care_agent")).keeper == cast.care_agent
    with pytest.raises(Refused):
        actions.take(unkept, by=cast.by("care_agent"))
    case = actions.take(unkept, by=cast.by("care_manager"))
    assert (case.keeper, case.handovers) == (cast.care_manager, 1)
    assert Notice.objects.filter(code="case_taken", employee=cast.care_agent).count() == 1


@pytest.mark.duty("K-18")
def test_the_care_manager_gives_a_case_to_somebody_and_says_why_when_it_changes_hands(cast, unkept):
    by = cast.by("care_manager")
    case = actions.assign(unkept, keeper=cast.care_agent, by=by)
    assert (case.keeper, case.handovers) == (cast.care_agent, 0)
    assert Notice.objects.filter(code="case_assigned", employee=cast.care_agent).count() == 1
    with pytest.raises(Refused):
        actions.assign(unkept, keeper=cast.service_manager, by=by)
    case = actions.assign(unkept, keeper=cast.service_manager, reason="技术问题", by=by)
    assert (case.keeper, case.handovers) == (cast.service_manager, 1)
    with pytest.raises(Refused):
        actions.assign(unkept, keeper=cast.guard, reason="x", by=by)
    with pytest.raises(Refused):
        actions.assign(unkept, keeper=cast.stranger, reason="x", by=by)


def test_in_the_browser_and_by_rest(cast, unkept, browser, program):
    manager = browser("care_manager")
    shown = manager.get(unkept.get_absolute_url()).content.decode()
    assert f"/complaints/{unkept.pk}/take/" in shown and f"/complaints/{unkept.pk}/assign/" in shown
    page = manager.get(f"/complaints/{unkept.pk}/assign/").content.decode()
    assert str(cast.care_agent) in page and str(cast.guard) not in page
    assert manager.post(f"/complaints/{unkept.pk}/take/", {"go": "1"}).status_code == 302
    body = {"keeper": cast.care_agent.pk, "reason": "由专员跟进"}
    assert manager.post(f"/complaints/{unkept.pk}/assign/", {"keeper": cast.care_agent.pk}).status_code == 422
    assert manager.post(f"/complaints/{unkept.pk}/assign/", body).status_code == 302
    answer = program("integration")(
        f"complaints/{unkept.pk}/assign/", {"keeper": cast.care_manager.pk, "reason": "升级"}
    )
    assert (answer.status_code, answer.json()["handovers"]) == (200, 2)
    assert program("care_agent")(f"complaints/{unkept.pk}/take/").json()["keeper"]["id"] == cast.care_agent.pk


def test_an_agent_does_not_assign_and_a_stranger_finds_nothing(cast, unkept, browser, program):
    assert browser("care_agent").get(f"/complaints/{unkept.pk}/assign/").status_code == 403
    assert program("stranger")(f"complaints/{unkept.pk}/take/").status_code == 403
    cast.stranger.postings.update(role="care_manager")
    assert browser("stranger").post(f"/complaints/{unkept.pk}/take/").status_code == 404
    assert program("stranger")(f"complaints/{unkept.pk}/assign/", {"keeper": cast.stranger.pk}).status_code == 404
    assert Complaint.objects.unkept().count() == 1
