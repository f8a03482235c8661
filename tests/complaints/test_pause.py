"""The clocks stand still while somebody is waited for: both doors, strangers, twice."""

import pytest
from django.core.exceptions import PermissionDenied

from complaints import actions
from core.models import Entry
from core.rows import Refused


@pytest.mark.duty("K-02")
def test_with_a_reason_and_only_once(cast, cases):
    case = actions.pause(cases.judged(), reason="car", remark="客户下周来店", by=cast.by("care_agent"))
    assert case.pauses.get().reason == "car"
    assert set(case.clocks.filter(ended_at=None).values_list("paused_at", flat=True)) == {case.pauses.get().started_at}
    with pytest.raises(Refused):
        actions.pause(case, reason="car", by=cast.by("care_agent"))
    actions.resume(case, by=cast.by("care_agent"))
    with pytest.raises(Refused):
        actions.resume(case, by=cast.by("care_agent"))
    assert Entry.objects.filter(verb__in=["complaint.paused", "complaint.resumed"]).count() == 2
    with pytest.raises(PermissionDenied):
        actions.pause(case, reason="car", by=cast.by("advisor"))


def test_in_the_browser_and_by_rest(cast, cases, browser, program):
    stranger = cases.neighbour()
    case = cases.judged()
    agent = browser("care_agent")
    page = agent.get(f"/complaints/{case.pk}/").content.decode()
    assert "Investigation" in page and f"/complaints/{case.pk}/pause/" in page
    assert agent.post(f"/complaints/{case.pk}/pause/", {"remark": "x"}).status_code == 422
    assert agent.post(f"/complaints/{case.pk}/pause/", {"reason": "customer"}).status_code == 302
    page = agent.get(f"/complaints/{case.pk}/").content.decode()
    assert "Waiting for the customer" in page and f"/complaints/{case.pk}/resume/" in page
    assert agent.post(f"/complaints/{case.pk}/resume/", {"sent": "1"}).status_code == 302
    assert browser(stranger).get(f"/complaints/{case.pk}/pause/").status_code == 404
    ask = program("care_agent")
    assert ask(f"complaints/{case.pk}/pause/", {"reason": "unknown"}).status_code == 400
    assert ask(f"complaints/{case.pk}/pause/", {"reason": "expert", "remark": "送检"}).json()["pauses"][-1]["remark"]
    assert ask(f"complaints/{case.pk}/pause/", {"reason": "expert"}).status_code == 409
    assert ask(f"complaints/{case.pk}/resume/").status_code == 200
    assert program(stranger)(f"complaints/{case.pk}/resume/").status_code == 404
