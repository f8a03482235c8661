"""Cases that are the same and cases that come again: found, shown, linked and separated (K-22)."""

from datetime import timedelta

import pytest

from complaints import actions
from complaints.models import Complaint
from core.rows import Refused


@pytest.mark.duty("K-22")
def test_cases_of_the_same_person_or_car_within_90_days_are_found_and_shown(cast, cases, car, browser):
    first = cases.received(plate=car.plate)
    second = cases.received(name="王芳", phone="13911112222", plate=car.plate)
    third = cases.received(name="赵敏")
    assert list(Complaint.objects.alike(second)) == [first]
    assert set(Complaint.objects.alike(first)) == {second, third}
    Complaint.objects.filter(pk=first.pk).update(received_at=first.received_at - timedelta(days=91))
    assert not Complaint.objects.alike(second).exists()
    Complaint.objects.filter(pk=first.pk).update(received_at=first.received_at - timedelta(days=30))
    shown = browser("care_agent").get(second.get_absolute_url()).content.decode()
    assert first.number in shown and "/link-case/" in shown


@pytest.mark.duty("K-22")
def test_the_same_case_goes_on_as_one_and_may_be_separated_again(cast, cases):
    first, second = cases.received(), cases.received()
    by = cast.by("care_agent")
    merged = actions.link_case(second, other=first, relation="same", by=by)
    assert (merged.status, merged.same_as) == ("merged", first)
    assert not merged.clocks.filter(ended_at=None).exists()
    with pytest.raises(Refused):
        actions.take(merged, by=cast.by("care_manager"))
    with pytest.raises(Refused):  # others are part of it already
        actions.link_case(first, other=cases.received(), relation="same", by=by)
    again = actions.unlink_case(merged, reason="另一辆车", by=by)
    assert (again.status, again.same_as) == ("received", None)
    assert again.clocks.filter(due="received", ended_at=None).exists()
    with pytest.raises(Refused):
        actions.unlink_case(again, by=by)


def test_a_repeat_keeps_its_own_way(cast, cases):
    first, second = cases.received(), cases.received()
    by = cast.by("care_agent")
    linked = actions.link_case(second, other=first, relation="repeat", by=by)
    assert (linked.repeat_of, linked.status) == (first, "received")
    assert list(first.repeats.all()) == [second]
    for one, other, relation in ((first, second, "repeat"), (first, first, "same")):
        with pytest.raises(Refused):
            actions.link_case(one, other=other, relation=relation, by=by)


def test_in_the_browser_by_words_and_by_rest(cast, cases, browser, program):
    first, second = cases.received(), cases.received(words="发动机异响")
    agent = browser("care_agent")
    hits = agent.get("/complaints/find/", {"field": "other", "other_q": first.number[-5:]}).content.decode()
    assert first.number in hits
    page = f"/complaints/{second.pk}/link-case/"
    assert agent.get(page).status_code == 200
    assert agent.post(page, {"other_q": "没有这样的案件", "relation": "same"}).status_code == 422
    assert agent.post(page, {"other_q": first.number, "relation": "repeat"}).status_code == 302
    assert agent.post(f"/complaints/{second.pk}/unlink-case/", {"reason": "两回事"}).status_code == 302
    ask = program("integration")
    answer = ask(f"complaints/{second.pk}/link-case/", {"other": first.pk, "relation": "same"})
    assert (answer.status_code, answer.json()["status"]) == (200, "merged")
    assert ask(f"complaints/{second.pk}/unlink-case/").json()["status"] == "received"


def test_a_case_of_another_company_is_not_there(cast, cases, program):
    case = cases.received()
    cast.stranger.postings.update(role="care_manager")
    given = {"store": cast.foreign, "nature": "complaint", "way": "phone", "words": "别家的", "phone": "13900001111"}
    foreign = actions.register(**given, by=cast.by("stranger"))
    assert not Complaint.objects.alike(case).exists()
    assert (
        program("integration")(
            f"complaints/{case.pk}/link-case/", {"other": foreign.pk, "relation": "same"}
        ).status_code
        == 400
    )
    assert (
        program("stranger")(f"complaints/{case.pk}/link-case/", {"other": foreign.pk, "relation": "same"}).status_code
        == 404
    )
