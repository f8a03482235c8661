"""What is said in a case later, the ways by which it comes again, tries to reach the customer (K-01)."""

import pytest

from complaints import actions
from complaints.models import Attempt, Word
from core.models import Attachment, Notice
from core.rows import Refused

PNG = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg=="


def test_a_note_is_added_shown_or_not_and_the_keeper_is_told(cast, cases):
    case = cases.received()
    actions.add_word(case, text="顾客又来电催问", by=cast.by("advisor"))
    actions.add_word(case, text="已安排技师复检", is_shown=True, by=cast.by("care_agent"))
    assert [(one.is_shown, one.is_customer) for one in case.said.all()] == [(False, False), (True, False)]
    assert Notice.objects.filter(code="case_word", employee=cast.care_agent).count() == 1
    actions.say(case, "我补充一张照片", is_customer=True, by=case.follower())
    assert Notice.objects.filter(code="case_customer_said", employee=cast.care_agent).count() == 1
    actions.end_case(case, result="withdrawn", words="顾客撤诉", by=cast.by("care_manager"))
    with pytest.raises(Refused):
        actions.add_word(case, text="太晚了", by=cast.by("care_agent"))
    actions.say(case, "谢谢", is_customer=True, by=case.follower())  # what the customer says is never lost


def test_a_note_with_a_photo_in_the_browser_and_by_rest(cast, cases, browser, program):
    case = cases.received()
    agent = browser("care_agent")
    assert agent.post(f"/complaints/{case.pk}/add-word/", {"text": "客户已到店", "is_shown": "on"}).status_code == 302
    shown = agent.get(case.get_absolute_url()).content.decode()
    assert "客户已到店" in shown and f"/complaints/{case.pk}/add-word/" in shown
    body = {"text": "现场照片", "photos": [{"name": "a.png", "content": PNG}]}
    answer = program("integration")(f"complaints/{case.pk}/add-word/", body, **{"Idempotency-Key": "1"})
    assert answer.status_code == 200 and len(answer.json()["said"]) == 2
    assert Attachment.objects.of(case).count() == 1
    assert browser("stranger").post(f"/complaints/{case.pk}/add-word/", {"text": "x"}).status_code == 404
    assert Word.objects.count() == 2


@pytest.mark.duty("K-01")
def test_one_case_comes_in_by_many_channels_and_stays_one(cast, cases, browser, program):
    case = cases.received()
    assert browser("care_agent").post(
        f"/complaints/{case.pk}/add-channel/", {"way": "counter", "remark": "到店当面投诉"}
    ).status_code == 302  # fmt: skip
    key = {"Idempotency-Key": "1"}
    answer = program("integration")(f"complaints/{case.pk}/add-channel/", {"way": "regulator"}, **key)
    assert [one["way"] for one in answer.json()["channels"]] == ["phone", "counter", "regulator"]
    assert program("integration")(f"complaints/{case.pk}/add-channel/", {"way": "load"}, **key).status_code >= 400
    found = browser("care_agent").get("/complaints/?tab=all&way=regulator").content.decode()
    assert case.number in found


def test_tries_to_reach_the_customer_are_noted_with_who_and_when(cast, cases, browser, program):
    case = cases.received()
    body = {"way": "phone", "outcome": "no_answer", "remark": "响铃无人接"}
    assert browser("care_agent").post(f"/complaints/{case.pk}/note-attempt/", body).status_code == 302
    answer = program("integration")(f"complaints/{case.pk}/note-attempt/", body, **{"Idempotency-Key": "1"})
    assert [one["outcome"] for one in answer.json()["attempts"]] == ["no_answer", "no_answer"]
    assert Attempt.objects.first().by == cast.care_agent
    shown = browser("care_agent").get(case.get_absolute_url()).content.decode()
    assert "响铃无人接" in shown
    assert browser("advisor").get(f"/complaints/{case.pk}/note-attempt/").status_code == 403


@pytest.mark.duty("K-20")
def test_a_note_that_the_customer_reads_is_looked_at_for_its_words(cast, cases, browser):
    case, agent = cases.received(), browser("care_agent")
    path = f"/complaints/{case.pk}/add-word/"
    assert agent.post(path, {"text": "不知道", "is_shown": "on"}).status_code == 422
    assert agent.post(path, {"text": "不知道"}).status_code == 302  # a note of the house goes out to nobody
    assert agent.post(path, {"text": "不知道", "is_shown": "on", "anyway": "on"}).status_code == 302
