"""A customer's question goes to the manager, and the decision is on record."""

import pytest

from core.models import Approval, Entry, Notice
from service import actions


@pytest.mark.duty("S-26")
def test_a_customers_question_is_decided_by_the_manager_and_kept(cast, chain, client):
    visit = chain.received()
    client.force_login(cast.advisor)
    page = client.get(f"/visits/{visit.pk}/")
    assert f"/visits/{visit.pk}/ask-manager/" in page.content.decode()
    sent = client.post(f"/visits/{visit.pk}/ask-manager/", {"question": "可以换一辆代步车吗"})
    assert sent.status_code == 302
    asked = Approval.objects.get()
    assert (asked.matter, asked.status, asked.reason) == ("question", "asked", "可以换一辆代步车吗")

    client.force_login(cast.service_manager)
    assert asked in Approval.objects.to_decide_by(cast.service_manager.pk)
    assert "可以换一辆代步车吗" in client.get(f"/approvals/{asked.pk}/").content.decode()
    address = f"/approvals/{asked.pk}/decide/"
    empty = client.post(address, {"granted": "yes", "reason": ""})
    assert empty.status_code == 422
    # other work on the car meanwhile is no reason to ask again
    actions.edit_visit(visit, key_tag="A7", by=cast.by("advisor"))
    client.post(address, {"granted": "yes", "reason": "可以，先到前台登记"})
    asked.refresh_from_db()
    assert (asked.status, asked.decided_by, asked.decision_reason) == (
        "granted",
        cast.service_manager,
        "可以，先到前台登记",
    )
    told = Notice.objects.get(employee=cast.advisor, code="question_answered")
    assert told.params["reason"] == "可以，先到前台登记"
    assert Entry.objects.filter(verb="approval.granted", object_id=asked.pk).exists()


def test_the_same_through_rest_once_at_a_time_and_not_by_strangers(cast, chain, program):
    visit = chain.received()
    address = f"visits/{visit.pk}/ask-manager/"
    assert program("advisor")(address, {"question": "能否免费检测"}).status_code == 200
    assert program("advisor")(address, {"question": "能否免费检测"}).status_code == 409
    assert program("stranger")(address, {"question": "能否免费检测"}).status_code == 404
    assert program("technician")(address, {"question": "能否免费检测"}).status_code == 403
