"""The tactful answer (K-08), an enquiry's and a suggestion's too (C-37): said or sent, and what the customer says."""

from datetime import timedelta

import pytest
from django.utils.timezone import localdate, now

from complaints import actions
from complaints.models import Complaint, Correction, Phrase, ReplyTemplate
from core.actions import give_task
from core.actor import CLOCK
from core.models import Entry, Task, TouchedDay
from core.rows import Refused
from customers.models import Message

TEXT = "赵女士您好，技师路试两次均正常，建议您开启内循环。感谢您的理解。"


def answered(cast, complaint, **more):
    said = {"text": TEXT, "channel": "phone"} | more
    return actions.answer(complaint, **said, by=cast.by("care_agent"))


def reacted(cast, complaint, **more):
    return actions.note_reaction(complaint, **({"reaction": "accepted"} | more), by=cast.by("care_agent"))


@pytest.mark.duty("K-08")
def test_what_does_not_hold_is_answered_from_a_template_and_closed_with_the_customers_word(cast, cases, browser):
    complaint = cases.judged(holds=False)
    client, address = browser("care_agent"), f"/complaints/{complaint.pk}/answer/"
    assert address in client.get(f"/complaints/{complaint.pk}/").content.decode()
    template = ReplyTemplate.objects.get(nature="complaint")
    page = client.get(f"{address}?template={template.pk}").content.decode()
    assert f"赵敏您好，感谢您把问题告诉我们。您反映的情况（{complaint.number}）" in page
    left = client.post(address, {"text": template.text, "channel": "phone"})
    assert left.status_code == 422  # the template's gap is still open
    assert client.post(address, {"text": TEXT, "channel": "phone"}).status_code == 302
    complaint.refresh_from_db()
    assert complaint.reply == TEXT and complaint.replied_at and complaint.status == "answering"
    page = client.get(f"/complaints/{complaint.pk}/").content.decode()
    assert TEXT in page and f"/complaints/{complaint.pk}/note-reaction/" in page
    sent = {"reaction": "accepted", "words": "原来如此，谢谢"}
    assert client.post(f"/complaints/{complaint.pk}/note-reaction/", sent).status_code == 302
    complaint.refresh_from_db()
    assert (complaint.status, complaint.result) == ("closed", "not_established")
    assert complaint.closed_at and not complaint.clocks.filter(ended_at=None).exists()
    assert Entry.objects.filter(verb="complaint.reacted", object_id=complaint.pk).exists()


@pytest.mark.duty("K-08")
def test_a_customer_who_does_not_accept_it_is_investigated_after_all(cast, cases):
    complaint = answered(cast, cases.judged(holds=False))
    with pytest.raises(Refused) as refused:
        reacted(cast, complaint, reaction="not_accepted")
    assert refused.value.field == "words"
    complaint = reacted(cast, complaint, reaction="no_answer")
    assert (complaint.status, complaint.result) == ("answering", "")
    complaint = reacted(cast, complaint, reaction="not_accepted", words="高速上一样不凉")
    assert (complaint.status, complaint.reaction_words) == ("investigating", "高速上一样不凉")
    with pytest.raises(Refused):
        reacted(cast, complaint)


def test_it_is_sent_in_the_words_that_were_written(cast, cases):
    complaint = answered(cast, cases.judged(holds=False), channel="sms")
    message = Message.objects.get(code="case_answered")
    assert (message.phone, message.object_id, message.done_at) == ("13900001111", complaint.pk, None)
    assert message.text == f"【宏达一店】{TEXT}" or TEXT in message.text
    nobody = cases.judged(cases.received(name="匿名", phone=""), holds=False)
    with pytest.raises(Refused) as refused:
        answered(cast, nobody, channel="sms")
    assert refused.value.field == "channel"
    assert answered(cast, nobody, channel="counter").reply == TEXT


@pytest.mark.duty("K-20")
def test_words_that_are_not_said_to_a_customer_are_pointed_out_once(cast, cases, browser, program):
    complaint = cases.judged(holds=False)
    phrase = Phrase.objects.get(words="不可以")
    rude = {"text": "这个不可以", "channel": "phone"}
    told = browser("care_agent").post(f"/complaints/{complaint.pk}/answer/", rude)
    assert told.status_code == 422 and phrase.instead in told.content.decode()
    assert program("care_agent")(f"complaints/{complaint.pk}/answer/", rude).status_code == 400
    meant = program("care_agent")(f"complaints/{complaint.pk}/answer/", rude | {"anyway": True})
    assert meant.status_code == 200 and meant.json()["reply"] == "这个不可以"


@pytest.mark.duty("C-37")
def test_an_enquiry_is_answered_and_closed_and_answered_again_when_it_was_not_enough(cast, cases):
    complaint = cases.received(nature="enquiry", words="首保是多少公里？", demand="")
    assert complaint.status == "answering"
    with pytest.raises(Refused):
        reacted(cast, complaint)  # nobody has answered yet
    complaint = answered(cast, complaint, text="首保是 5000 公里或 3 个月。")
    complaint = reacted(cast, complaint, reaction="not_accepted", words="还想知道费用")
    assert complaint.status == "answering"
    with pytest.raises(Refused):
        reacted(cast, complaint)
    complaint = reacted(cast, answered(cast, complaint, text="首保免费。"))
    assert (complaint.status, complaint.result) == ("closed", "answered")
    with pytest.raises(Refused):
        answered(cast, complaint)


@pytest.mark.duty("C-37")
def test_a_suggestion_is_adopted_or_not_and_what_is_adopted_is_changed_by_somebody(cast, cases, browser):
    complaint = answered(cast, cases.received(nature="suggestion", words="休息区加充电插座", demand=""))
    client, address = browser("care_agent"), f"/complaints/{complaint.pk}/note-reaction/"
    assert 'name="adopted"' in client.get(address).content.decode()
    day = localdate() + timedelta(days=14)
    sent = {"reaction": "accepted", "words": "很好", "adopted": "yes", "change": "休息区加装六个插座"}
    assert client.post(address, {"reaction": "accepted"}).status_code == 422
    assert client.post(address, sent).status_code == 422  # nobody does it
    sent |= {"owner": cast.care_manager.pk, "due_on": day.isoformat()}
    assert client.post(address, sent).status_code == 302
    complaint.refresh_from_db()
    assert (complaint.status, complaint.result) == ("closed", "adopted")
    made = Correction.objects.get(complaint=complaint)
    assert (made.owner, made.due_on, made.words) == (cast.care_manager, day, "休息区加装六个插座")
    other = answered(cast, cases.received(nature="suggestion", words="洗车送礼品", demand=""))
    with pytest.raises(Refused):
        reacted(cast, other, adopted=False, change="x", owner=cast.care_manager, due_on=day)
    other = reacted(cast, Complaint.objects.get(pk=other.pk), adopted=False)
    assert (other.result, Correction.objects.count()) == ("not_adopted", 1)


def test_only_a_suggestion_is_adopted(cast, cases, browser):
    complaint = answered(cast, cases.judged(holds=False))
    page = browser("care_agent").get(f"/complaints/{complaint.pk}/note-reaction/").content.decode()
    assert 'name="adopted"' not in page
    with pytest.raises(Refused) as refused:
        reacted(cast, complaint, adopted=True)
    assert refused.value.field == "adopted"


def test_the_same_through_rest_and_not_by_strangers(cast, cases, program):
    complaint, neighbour = cases.judged(holds=False), cases.neighbour()
    said, reaction = f"complaints/{complaint.pk}/answer/", f"complaints/{complaint.pk}/note-reaction/"
    body = {"text": TEXT, "channel": "wechat"}
    for name, status in ((neighbour, 404), ("technician", 403)):
        assert program(name)(said, body).status_code == status
        assert program(name)(reaction, {"reaction": "accepted"}).status_code == status
    assert program("care_agent")(reaction, {"reaction": "accepted"}).status_code == 409
    assert program("care_agent")(said, body).status_code == 200
    told = program("care_agent")(reaction, {"reaction": "accepted", "words": "好的"})
    assert (told.status_code, told.json()["result"]) == (200, "not_established")
    assert program("care_agent")(reaction, {"reaction": "accepted"}).status_code == 409


@pytest.mark.duty("K-02")
def test_the_answer_ends_its_clock_and_the_keeper_asks_how_it_was_taken(cast, cases):
    case = cases.received(nature="enquiry")
    running = case.clocks.filter(due="answering", ended_at=None)
    assert running.count() == 1
    actions.answer(case, text="保养间隔是一万公里", channel="phone", by=cast.by("care_agent"))
    assert not running.exists()
    task = Task.objects.get(code="case_ask_reaction")
    assert (task.status, task.assignee_id, task.object_id) == ("open", cast.care_agent.pk, case.pk)
    actions.note_reaction(case, reaction="not_accepted", words="没有说清楚", by=cast.by("care_agent"))
    task.refresh_from_db()
    assert task.status == "done" and running.count() == 1, "it is answered again, in time"


def test_an_accepted_answer_ends_what_was_still_to_be_done_and_counts_on_its_day(cast, cases):
    case = cases.received(nature="enquiry")
    for code in ("case_late", "case_call_failed"):
        give_task(case.store, cast.care_agent, code, due_at=now(), row=case, by=CLOCK, number=case.number)
    answered(cast, case)
    TouchedDay.objects.all().delete()
    reacted(cast, case)
    assert not Task.objects.open().filter(kind="complaint", object_id=case.pk).exists()
    case.refresh_from_db()
    assert TouchedDay.objects.filter(store=case.store, day=case.closed_on).exists()
