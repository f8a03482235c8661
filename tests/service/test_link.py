"""Consent by link: an unguessable address that expires, answered line by line on the phone without an account."""

import threading
import time
from datetime import timedelta
from decimal import Decimal
from types import SimpleNamespace

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test import Client
from django.utils.timezone import now

from core.links import token_of
from core.models import Attachment, Detail, Entry, KeyedRequest, Notice, Task
from core.rows import Refused
from core.web import limits
from core.web.limits import is_too_often
from customers.models import Message
from service import actions
from service.models import ConsentLink, Hold, Job, Line, Order, Party


def sent(cast, chain, **more):
    """An estimate with its link."""
    visit = chain.estimated(**more)
    return actions.send_link(visit.orders.get(), channel="wechat", hours=24, by=cast.by("advisor"))


def customer():
    """The customer's phone: no account, no session."""
    return Client(headers={"accept-language": "en"}, enforce_csrf_checks=False)


def choices(*answers, **more):
    rows = {}
    for i, (line, answer) in enumerate(zip(Line.objects.order_by("job__position", "pk"), answers, strict=False)):
        rows |= {f"answers-{i}-line": line.pk, f"answers-{i}-answer": answer}
    return rows | more


def answers_of():
    return list(Line.objects.order_by("pk").values_list("consent", flat=True))


def test_the_address_is_unguessable_and_kept_nowhere_in_plain(cast, chain):
    link = sent(cast, chain)
    assert len(link.nonce) == 32 and link.token != link.nonce
    signature = link.token.removeprefix(f"{link.nonce}.")
    with connection.cursor() as cursor:
        cursor.execute("SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'")
        for (table,) in cursor.fetchall():
            cursor.execute(f'SELECT count(*) FROM "{table}" t WHERE t::text LIKE %s', [f"%{signature}%"])
            assert cursor.fetchone() == (0,), table
    message = Message.objects.get(code="consent_asked")
    assert link.address in message.text  # and yet it can be written again


def test_wrong_addresses_are_404_and_say_nothing(cast, chain):
    link = sent(cast, chain)
    forged = [link.nonce, f"{link.nonce}.{'A' * 43}", link.token[:-1], token_of("x" * 32), "a"]
    for token in forged:
        answer = customer().get(f"/c/{token}/")
        assert answer.status_code == 404, token
        assert cast.store.name not in answer.content.decode()
        assert customer().post(f"/c/{token}/", choices("authorised", step="send", name="x")).status_code == 404
    assert answers_of() == ["asked", "asked"]


def test_a_new_link_closes_the_old_one(cast, chain):
    first = sent(cast, chain)
    second = actions.send_link(first.order, channel="sms", hours=2, by=cast.by("advisor"))
    assert customer().get(f"/c/{first.token}/").status_code == 410
    assert customer().get(f"/c/{second.token}/").status_code == 200
    assert ConsentLink.objects.alive().get() == second


def test_expired_and_taken_back_are_a_friendly_410(cast, chain):
    link = sent(cast, chain)
    ConsentLink.objects.update(expires_at=now() - timedelta(seconds=1), made_at=now() - timedelta(hours=1))
    answer = customer().get(f"/c/{link.token}/")
    assert answer.status_code == 410 and cast.store.name in answer.content.decode()
    assert customer().post(f"/c/{link.token}/", choices("authorised", step="send", name="x")).status_code == 410
    with pytest.raises(Refused):
        rows = [{"line": Line.objects.first().pk, "answer": "authorised"}]
        actions.answer_link(link, answers=rows, name="刘建国", by=link.customer("刘建国"))
    link = actions.send_link(link.order, channel="sms", hours=2, by=cast.by("advisor"))
    actions.close_link(link.order, by=cast.by("advisor"))
    assert customer().get(f"/c/{link.token}/").status_code == 410
    with pytest.raises(Refused):
        actions.close_link(link.order, by=cast.by("advisor"))


def test_the_page_shows_what_the_customer_pays_and_nothing_else(cast, chain):
    insurer = Party.objects.create(company=cast.store.company, kind="insurer", name="平安保险")
    link = sent(cast, chain)
    part = Line.objects.get(kind="part")
    split = [
        {"payer": "insurer", "party": insurer, "reason": "accident", "amount": Decimal("500.00")},
        {"payer": "customer", "party": None, "reason": "repair", "amount": None},
    ]
    actions.share_line(part, shares=split, by=cast.by("advisor"))
    answer = customer().get(f"/c/{link.token}/")
    page = answer.content.decode()
    for word in (
        cast.store.name,
        "沪A·8K721",
        "刹车异响",
        "更换前制动片",
        "298.00",
        "平安保险 pays ¥ 500.00",
        "868.00",
    ):
        assert word in page, word
    for word in ("13800006621", "LFV2A21K0D3123456", "刘建国", "510", "gold"):  # no phone, VIN, name or cost
        assert word not in page, word
    assert answer["Cache-Control"] == "no-store" and "noindex" in answer["X-Robots-Tag"]
    assert answer["Referrer-Policy"] == "same-origin"
    assert " style=" not in page and "<script>" not in page


def test_line_by_line_a_second_look_and_a_receipt(cast, chain, signed):
    link = sent(cast, chain)
    phone = customer()
    look = phone.post(f"/c/{link.token}/", choices("authorised", "deferred", step="look"))
    page = look.content.decode()
    assert look.status_code == 200 and "570.00" in page and 'value="deferred"' in page
    assert answers_of() == ["asked", "asked"]  # nothing is written before the second yes
    data = choices("authorised", "deferred", step="send", name="刘建国", signature=signed)
    done = phone.post(f"/c/{link.token}/", data)
    assert done.status_code == 302
    assert answers_of() == ["authorised", "deferred"]
    line = Line.objects.first()
    assert (line.consent_via, line.consent_by) == ("link", "刘建国")
    assert Job.objects.get().status == Job.Status.TO_DISPATCH and not Hold.objects.open().exists()
    entry = Entry.objects.get(verb="order.authorised")
    assert (entry.by_kind, entry.by_id, entry.door) == ("customer", link.order.visit.customer_id, "link")
    assert Attachment.objects.of(link.order).get().purpose == "signature"
    assert Notice.objects.get(code="consent_answered").employee == cast.advisor
    receipt = phone.get(done["Location"])
    assert receipt.status_code == 200 and "Your answer has arrived" in receipt.content.decode()
    again = phone.post(f"/c/{link.token}/", data)
    assert again.status_code == 422 and answers_of() == ["authorised", "deferred"]


def test_agree_to_all_in_one_go(cast, chain):
    link = sent(cast, chain)
    look = customer().post(f"/c/{link.token}/", choices("", "", all="yes"))
    assert "1,368.00" in look.content.decode()
    customer().post(f"/c/{link.token}/", choices("authorised", "authorised", step="send", name="刘建国"))
    assert set(answers_of()) == {"authorised"}


def test_what_was_answered_by_phone_meanwhile_is_shown_and_not_answered_twice(cast, chain):
    link = sent(cast, chain)
    first = Line.objects.order_by("pk").first()
    rows = [{"line": first.pk, "answer": "declined"}]
    actions.authorise(link.order, answers=rows, via="phone", consent_by="刘建国", by=cast.by("advisor"))
    page = customer().get(f"/c/{link.token}/").content.decode()
    assert "Declined" in page and page.count("link-choice") == 1
    sent_late = customer().post(f"/c/{link.token}/", choices("authorised", "authorised", step="send", name="刘建国"))
    assert sent_late.status_code == 422
    assert answers_of() == ["declined", "asked"]  # all or nothing


def test_a_question_is_a_task_for_the_advisor(cast, chain):
    link = sent(cast, chain)
    phone = customer()
    nothing = phone.post(f"/c/{link.token}/", choices("", "", step="look"))
    assert "Choose an answer for at least one line" in nothing.content.decode()
    data = choices("", "", step="send", name="刘建国", question="能用副厂件吗?", call_back="on")
    assert phone.post(f"/c/{link.token}/", data).status_code == 302
    task = Task.objects.get()
    assert (task.assignee, task.code, task.params["question"]) == (cast.advisor, "answer_question", "能用副厂件吗?")
    assert answers_of() == ["asked", "asked"] and ConsentLink.objects.alive().exists()


def test_the_driver_agrees_only_up_to_the_owners_limit(cast, chain):
    visit = chain.estimated(driver_name="李师傅", driver_phone="13700001111", spending_limit=Decimal("600.00"))
    order, (labour, part) = visit.orders.get(), Line.objects.order_by("pk")

    def answer(*lines, by_whom, via="phone"):
        rows = [{"line": line.pk, "answer": "authorised"} for line in lines]
        return actions.authorise(order, answers=rows, via=via, consent_by=by_whom, by=cast.by("advisor"))

    with pytest.raises(Refused) as refused:
        answer(labour, part, by_whom="李 师傅")
    assert refused.value.field == "consent_by"
    answer(labour, by_whom="李师傅")  # 570.00
    with pytest.raises(Refused):
        answer(part, by_whom="李师傅")
    link = actions.send_link(order, channel="wechat", hours=2, to="owner", by=cast.by("advisor"))
    assert Message.objects.get(code="consent_asked").phone == "13800006621"
    data = {"answers-1-line": part.pk, "answers-1-answer": "authorised", "step": "send"}
    refused = customer().post(f"/c/{link.token}/", data | {"name": "李师傅"})
    assert refused.status_code == 422 and answers_of() == ["authorised", "asked"]
    assert customer().post(f"/c/{link.token}/", data | {"name": "刘建国"}).status_code == 302
    assert answers_of() == ["authorised", "authorised"]


def test_nobody_answers_for_the_customer(cast, chain, browser):
    link = sent(cast, chain)
    data = choices("authorised", "authorised", step="send", name="刘建国")
    assert browser("advisor").get(f"/c/{link.token}/").status_code == 200  # may look at it
    assert browser("advisor").post(f"/c/{link.token}/", data).status_code == 403
    rows = [{"line": Line.objects.first().pk, "answer": "authorised"}]
    with pytest.raises(PermissionDenied):
        actions.answer_link(link, answers=rows, name="刘建国", by=cast.by("integration"))
    with pytest.raises(Refused):
        actions.authorise(link.order, answers=rows, via="link", consent_by="刘建国", by=cast.by("advisor"))
    by = link.customer("刘建国")
    assert by.may("service.answer_link", cast.store) and not by.may("service.answer_link", cast.sister)
    assert not by.may("service.see_orders", cast.store)
    assert answers_of() == ["asked", "asked"]


def test_photos_of_the_work_are_seen_through_their_link_only(cast, chain, signed):
    from core.actions import keep_files
    from core.uploads import clean_signature

    link = sent(cast, chain)
    picture = clean_signature(signed)
    (work,) = keep_files(Job.objects.get(), [picture], purpose="work", by=cast.by("technician"))
    (paper,) = keep_files(link.order, [picture], purpose="signature", by=cast.by("advisor"))
    assert f"/c/{link.token}/photos/{work.pk}/" in customer().get(f"/c/{link.token}/").content.decode()
    shown = customer().get(f"/c/{link.token}/photos/{work.pk}/")
    assert shown.status_code == 200 and shown["Content-Type"] == "image/png"
    assert b"".join(shown.streaming_content).startswith(b"\x89PNG")
    assert customer().get(f"/c/{link.token}/photos/{paper.pk}/").status_code == 404
    ConsentLink.objects.update(closed_at=now())
    assert customer().get(f"/c/{link.token}/photos/{work.pk}/").status_code == 404


def test_the_car_that_is_ready_is_not_asked_about_any_more(cast, chain):
    link = sent(cast, chain)
    actions.exit_visit(link.order.visit, exit="declined", reason="x", by=cast.by("advisor"))
    assert customer().get(f"/c/{link.token}/").status_code == 410


@pytest.fixture
def one_minute(monkeypatch):
    """The counting never passes from one minute into the next, however slow the machine is."""
    minute = time.time()
    monkeypatch.setattr(limits, "time", SimpleNamespace(time=lambda: minute))


def test_too_many_requests_are_stopped(cast, chain, one_minute):
    link = sent(cast, chain)
    phone = customer()
    answers = {phone.get(f"/c/{link.token}/").status_code for _n in range(60)}
    assert answers == {200}
    assert phone.get(f"/c/{link.token}/").status_code == 429


@pytest.mark.django_db(transaction=True)
def test_not_one_too_many_slips_past_when_all_come_at_once(one_minute):
    found = []

    def ask():
        found.append(is_too_often("test", 5))
        connection.close()

    threads = [threading.Thread(target=ask) for _n in range(12)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert sorted(found) == [False] * 5 + [True] * 7


def test_the_desk_sends_copies_and_takes_back(cast, chain, browser, program):
    order = chain.estimated().orders.get()
    client = browser("advisor")
    assert client.get(f"/orders/{order.pk}/send-link/").status_code == 200
    data = {"to": "driver", "channel": "wechat", "hours": "24", "form_token": "once"}
    assert client.post(f"/orders/{order.pk}/send-link/", data).status_code == 302
    link = ConsentLink.objects.get()
    page = client.get(f"/orders/{order.pk}/send-link/").content.decode()
    assert link.address in page and "data:image/svg+xml" in page and " style=" not in page
    assert "Link sent" in client.get(f"/orders/{order.pk}/").content.decode()
    customer().post(f"/c/{link.token}/", {"step": "opened"})
    assert "Link opened" in client.get(f"/orders/{order.pk}/").content.decode()
    assert browser("stranger").get(f"/orders/{order.pk}/send-link/").status_code == 404
    assert browser("technician").get(f"/orders/{order.pk}/send-link/").status_code == 403
    assert program("stranger")(f"orders/{order.pk}/send-link/", {}).status_code == 404
    told = program("advisor")(f"orders/{order.pk}/send-link/", {"hours": 4}, **{"Idempotency-Key": "k"})
    assert told.status_code == 201
    assert customer().get(told.json()["address"].partition("localhost:8000")[2]).status_code == 200
    assert told.json()["address"].encode() not in bytes(KeyedRequest.objects.get(key="k").body)
    assert program("advisor")(f"orders/{order.pk}/send-link/", {"hours": 400}).status_code == 400
    assert program("advisor")(f"orders/{order.pk}/close-link/").status_code == 200
    assert program("advisor")(f"orders/{order.pk}/close-link/").status_code == 409


def test_without_open_lines_there_is_nothing_to_send(cast, chain):
    visit = chain.authorised()
    with pytest.raises(Refused):
        actions.send_link(visit.orders.get(), channel="sms", hours=2, by=cast.by("advisor"))
    with pytest.raises(PermissionDenied):
        actions.send_link(visit.orders.get(), channel="sms", hours=2, by=cast.by("technician"))


def test_the_signature_at_the_counter_is_kept_with_the_order(cast, chain, browser, signed):
    order = chain.estimated().orders.get()
    client = browser("advisor")
    data = choices("authorised", "authorised", via="signature", consent_by="刘建国")
    refused = client.post(f"/orders/{order.pk}/authorise/", data)
    assert refused.status_code == 422 and "signature" in refused.context["form"].errors
    assert client.post(f"/orders/{order.pk}/authorise/", data | {"signature": signed}).status_code == 302
    kept = Attachment.objects.of(order).get()
    assert (kept.purpose, kept.remark) == ("signature", "刘建国")
    detail = Detail.objects.get(entry_id=Entry.objects.get(verb="order.authorised").pk)
    assert (detail.values["via"], detail.values["consent_by"]) == ("signature", "刘建国")


def test_paper_needs_no_drawing(cast, chain, browser):
    order = chain.estimated().orders.get()
    data = choices("authorised", "declined", via="paper", consent_by="刘建国")
    assert browser("advisor").post(f"/orders/{order.pk}/authorise/", data).status_code == 302
    assert not Attachment.objects.exists()
    assert Order.objects.get().status == Order.Status.TO_DISPATCH
