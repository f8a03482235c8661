"""Rules of conduct beside the case (K-19), and words that are not said to a customer, wherever they go out (K-20)."""

import pytest

from complaints import actions
from complaints.forms.saying import not_said
from complaints.models import Complaint, ConductCheck, ConductRule, Option, OutsideCase, Phrase, Word
from core.models import Entry
from core.rows import Refused


@pytest.mark.duty("K-19")
def test_the_checklist_stands_beside_the_case_and_is_gone_through(cast, cases, browser, program):
    complaint = cases.received()
    client, address = browser("care_agent"), f"/complaints/{complaint.pk}/check-conduct/"
    page = client.get(f"/complaints/{complaint.pk}/").content.decode()
    assert address in page and "Do not raise your voice" in page and "我马上帮您了解清楚" in page
    assert "Do not raise your voice" in client.get(address).content.decode()
    rules = list(ConductRule.objects.all())
    sent = {f"checks-{n}-rule": one.pk for n, one in enumerate(rules)}
    assert client.post(address, sent).status_code == 422  # nothing was said
    sent |= {"checks-0-is_kept": "yes", "checks-1-is_kept": "no"}
    assert client.post(address, sent).status_code == 302
    assert dict(ConductCheck.objects.values_list("rule", "is_kept")) == {rules[0].pk: True, rules[1].pk: False}
    assert "not kept" in client.get(f"/complaints/{complaint.pk}/").content.decode()
    body = {"checks": [{"rule": rules[1].pk, "is_kept": True}]}
    answer = program("care_agent")(f"complaints/{complaint.pk}/check-conduct/", body)
    assert answer.status_code == 200 and {one["is_kept"] for one in answer.json()["checks"]} == {True}
    assert Entry.objects.filter(verb="complaint.conduct_checked", object_id=complaint.pk).count() == 2
    assert browser("technician").get(address).status_code == 403
    with pytest.raises(Refused):
        actions.check_conduct(
            complaint, checks=[{"rule": rules[0], "is_kept": one} for one in (True, False)], by=cast.by("care_agent")
        )


def test_a_closed_case_shows_what_was_noted_and_takes_no_more(cast, cases, browser):
    complaint = cases.received(nature="enquiry", words="首保多少公里？")
    rule = ConductRule.objects.first()
    actions.check_conduct(complaint, checks=[{"rule": rule, "is_kept": True}], by=cast.by("care_agent"))
    actions.answer(complaint, text="5000 公里。", channel="phone", by=cast.by("care_agent"))
    actions.note_reaction(complaint, reaction="accepted", by=cast.by("care_agent"))
    page = browser("care_agent").get(f"/complaints/{complaint.pk}/").content.decode()
    assert "check-conduct" not in page and f"/complaints/{complaint.pk}/promise/" not in page and rule.words_en in page
    with pytest.raises(Refused):
        actions.check_conduct(complaint, checks=[{"rule": rule, "is_kept": True}], by=cast.by("care_agent"))


@pytest.mark.django_db
@pytest.mark.duty("K-20")
def test_phrases_in_force_are_found_in_any_case():
    assert not_said("") == [] and not_said("我来帮您看看") == []
    Phrase.objects.create(words="No Way", instead="Let me see")
    assert [one.words for one in not_said("this is NO WAY")] == ["No Way"]
    Phrase.objects.filter(words="No Way").update(is_active=False)
    assert not_said("this is NO WAY") == []


@pytest.mark.duty("K-20")
def test_options_words_on_the_page_agreements_and_the_spot_warn_once(cast, cases, browser, program):
    complaint = cases.investigated()
    client, address = browser("care_agent"), f"/complaints/{complaint.pk}/propose/"
    assert 'type="checkbox" name="anyway"' not in client.get(address).content.decode()
    rude = {"words": "这是规定，只能付费重修", "cost": "0"}
    told = client.post(address, rude)
    assert told.status_code == 422 and "我向您说明一下原因" in told.content.decode()
    assert 'type="checkbox" name="anyway"' in told.content.decode()
    assert client.post(address, rude | {"anyway": "on"}).status_code == 302
    assert Option.objects.get().words == rude["words"]
    path = f"complaints/{complaint.pk}"
    plain = {"words": "这是规定，不能退车", "cost": "0"}
    assert program("care_agent")(f"{path}/propose/", plain, **{"Idempotency-Key": "o"}).status_code == 400
    meant = program("care_agent")(f"{path}/propose/", plain | {"anyway": True}, **{"Idempotency-Key": "o2"})
    assert meant.status_code in {200, 201}

    note = {"text": "客户很生气，我说不知道"}
    assert client.post(f"/{path}/add-word/", note).status_code == 302  # a note of the house says what it likes
    assert client.post(f"/{path}/add-word/", note | {"is_shown": "on"}).status_code == 422
    assert client.post(f"/{path}/add-word/", note | {"is_shown": "on", "anyway": "on"}).status_code == 302
    assert Word.objects.filter(complaint=complaint, is_shown=True).count() == 1

    decided = cases.decided()
    draw = f"/complaints/{decided.pk}/draw-agreement/"
    assert client.post(draw, {"text": "顾客不可以再投诉"}).status_code == 422
    assert client.post(draw, {"text": "双方同意免费返修，就此了结。"}).status_code == 302

    spot = f"/complaints/{cases.received().pk}/settle-on-spot/"
    sent = {"words": "没办法，送一次洗车", "cost": "0", "cause": "method", "whys-0-why": "忘记洗车"}
    assert client.post(spot, sent).status_code == 422
    assert client.post(spot, sent | {"words": "向您致歉，送一次精洗"}).status_code == 302


@pytest.mark.duty("K-20")
def test_a_statement_warns_once(cast, cases, browser):
    complaint = cases.received()
    given = {"body": "douyin", "url": "https://example.com/v/1", "number": "", "level": "ordinary"}
    actions.note_outside(complaint, **given, by=cast.by("care_manager"))
    address = f"/outside/{OutsideCase.objects.get().pk}/draft-statement/"
    client = browser("care_manager")
    assert client.post(address, {"statement": "这是规定"}).status_code == 422
    assert client.post(address, {"statement": "这是规定", "anyway": "on"}).status_code == 302


def test_a_warning_confirmed_stays_confirmed_while_something_else_is_put_right(cast, cases, browser):
    complaint = cases.judged(holds=False)
    sent = {"text": "这个不行", "channel": "", "anyway": "on"}
    page = browser("care_agent").post(f"/complaints/{complaint.pk}/answer/", sent)
    assert page.status_code == 422 and "我来看看有什么办法" not in page.content.decode()
    assert 'name="anyway"' in page.content.decode() and "checked" in page.content.decode()
    assert Complaint.objects.get(pk=complaint.pk).replied_at is None
