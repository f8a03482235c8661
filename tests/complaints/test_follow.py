"""The page by which a customer follows a case: the way in plain words, and everything that may be said to it."""

import io
import time
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils.timezone import now
from PIL import Image

from complaints import actions
from complaints.models import CompensationKind, Complaint, Word
from core.links import token_of
from core.models import AccessEntry, Attachment, Entry, Notice
from core.rows import Refused
from core.web import limits

XSS = "<script>alert(1)</script>"


@pytest.fixture(autouse=True)
def one_moment(monkeypatch):
    """The counting never passes from one span of time into the next, however slow the machine is."""
    moment = time.time()
    monkeypatch.setattr(limits, "time", SimpleNamespace(time=lambda: moment))


def phone():
    """The customer's telephone: no account, no session."""
    return Client(headers={"accept-language": "en"})


def at(case):
    return f"/k/{case.token}/"


def seen(case):
    answer = phone().get(at(case))
    assert answer.status_code == 200
    return answer.content.decode()


def send(case, step, **data):
    return phone().post(at(case), {"step": step} | data)


@pytest.fixture
def way(cases, cast):
    """Brings a complaint on, each step by whoever does it."""
    care, manager = cast.by("care_manager"), cast.by("service_manager")

    class Way:
        def judged(self):
            return actions.judge(cases.received(), grounds_ok=True, grounds_reason="属实", demand_ok=True,
                                 demand_reason="合理", department="workshop", by=care)  # fmt: skip

        def not_established(self):
            case = actions.judge(cases.received(), grounds_ok=False, grounds_reason="无关", demand_ok=False,
                                 demand_reason="过高", by=care)  # fmt: skip
            return actions.answer(case, text="您反映的情况我们已核实", channel="phone", by=care)

        def proposing(self):
            return actions.investigate(self.judged(), route="quality", findings="冷媒泄漏", responsible=cast.technician,
                                       cause="skill", whys=["未检漏"], is_done=True, by=care)  # fmt: skip

        def deciding(self):
            case = self.proposing()
            kind = CompensationKind.objects.get(code="voucher")
            given = [{"kind": kind, "quantity": 2, "worth": 7788}]
            actions.propose(case, words="免费重修", cost=4321, remark="内部备注", by=care)
            actions.propose(case, words="更换压缩机", cost=9876, compensations=given, is_best=True, by=care)
            return actions.hand_in(case, by=care)

        def stamped(self):
            case = self.deciding()
            for option in case.options.all():
                actions.stamp(option, words="主管意见", by=manager)
            return case

        def decided(self):
            case = self.stamped()
            option = case.options.get(is_best=True)
            due = now() + timedelta(days=2)
            actions.decide_option(option, instruction="内部指示", due=due, by=cast.by("general_manager"))
            return Complaint.objects.get(pk=case.pk)

    return Way()


@pytest.mark.duty("K-06")
def test_it_tells_where_the_case_stands_and_what_comes_next(cases, cast, way):
    case = cases.received()
    page = seen(case)
    assert case.number in page and case.words in page
    assert "looking into it" in page and "What comes next" in page and "By " in page
    assert "finding out how it came about" in seen(way.judged())
    assert AccessEntry.objects.filter(kind="complaint", object_id=case.pk, door="link").count() == 1


def test_a_promise_that_has_passed_is_not_repeated(cases):
    case = cases.received()
    case.clocks.update(started_at=now() - timedelta(days=3), due_at=now() - timedelta(days=1))
    page = seen(case)
    assert "longer than we promised" in page and "By " not in page


def test_wrong_and_old_addresses_tell_nothing(cases, cast):
    case = cases.received()
    for token in (case.nonce, f"{case.nonce}.{'A' * 43}", case.token[:-1], token_of("x" * 32), "a"):
        for path in (f"/k/{token}/", f"/k/{token}/receipt/"):
            answer = phone().get(path)
            assert answer.status_code == 404 and cast.store.name not in answer.content.decode(), path
        assert phone().post(f"/k/{token}/", {"step": "add", "text": "x"}).status_code == 404
    actions.end_case(case, result="withdrawn", words="顾客撤诉", by=cast.by("care_manager"))
    assert "withdrawn" in seen(case)
    actions.reopen(case, reason="顾客又有话说", by=cast.by("care_manager"))
    moment = now() - timedelta(days=91)
    closed = {"status": "closed", "result": "withdrawn", "closed_at": moment, "is_locked": True}
    Complaint.objects.filter(pk=case.pk).update(**closed)
    assert phone().get(at(case)).status_code == 404
    assert not Word.objects.filter(is_customer=True).exists()


def test_headers_keep_the_address_secret(cases):
    answer = phone().get(at(cases.received()))
    assert answer["Cache-Control"] == "no-store" and answer["Referrer-Policy"] == "same-origin"
    assert "noindex" in answer["X-Robots-Tag"] and " style=" not in answer.content.decode()


def test_the_customer_adds_words_and_photos(cases, cast, browser):
    case, out = cases.received(), io.BytesIO()
    Image.new("RGB", (60, 40), "navy").save(out, "JPEG")
    photo = SimpleUploadedFile("a.jpg", out.getvalue(), "image/jpeg")
    done = send(case, "add", text=f"又坏了 {XSS}", photos=[photo])
    assert done.status_code == 302 and "sent=words" in done["Location"]
    word = Word.objects.get()
    assert word.is_customer and word.is_shown and Attachment.objects.of(case).count() == 1
    assert Notice.objects.filter(code="case_customer_said", employee=cast.care_agent).count() == 1
    inner = browser("care_manager").get(case.get_absolute_url()).content.decode()
    for page in (seen(case), inner):
        assert XSS not in page and "又坏了 &lt;script&gt;" in page
    assert Entry.objects.filter(verb="complaint.added_by_link", by_kind="customer").count() == 1
    empty = send(case, "add", text="")
    assert empty.status_code == 422 and "text" in empty.context["add_form"].errors


def test_words_sent_twice_are_said_once(cases):
    case = cases.received()

    def told(colour):
        out = io.BytesIO()
        Image.new("RGB", (60, 40), colour).save(out, "PNG")
        photo = SimpleUploadedFile("a.png", out.getvalue(), "image/png")
        return send(case, "add", text="又坏了", photos=[photo]).status_code

    assert [told("navy"), told("navy")] == [302, 302] and case.said.count() == 1
    assert told("red") == 302  # another photo with the same words
    assert case.said.count() == 2 and Attachment.objects.of(case).count() == 2
    Word.objects.update(at=now() - timedelta(minutes=11))
    assert told("red") == 302 and case.said.count() == 3


def test_words_after_the_end_still_wake_somebody(cases, cast):
    case = cases.received()
    actions.end_case(case, result="withdrawn", words="撤诉", by=cast.by("care_manager"))
    assert send(case, "add", text="还是不行").status_code == 302
    assert Notice.objects.filter(code="case_customer_said", employee=cast.care_manager).count() == 1


def test_only_words_for_the_customer_are_shown(cases, cast):
    case = cases.received()
    actions.add_word(case, text="顾客很难缠", by=cast.by("care_agent"))
    actions.add_word(case, text="师傅周三给您回电", is_shown=True, by=cast.by("care_agent"))
    page = seen(case)
    assert "师傅周三给您回电" in page and "顾客很难缠" not in page


@pytest.mark.duty("K-21")
def test_options_are_shown_when_the_manager_has_seen_them_and_never_with_their_cost(way, cast):
    case = way.deciding()
    assert "更换压缩机" not in seen(case)
    for option in case.options.all():
        actions.stamp(option, words="主管意见", by=cast.by("service_manager"))
    page = seen(case)
    assert "更换压缩机" in page and "免费重修" in page and "Voucher 2 yuan" in page
    for secret in ("4321", "9876", "7788", "内部备注", "主管意见", "冷媒泄漏", "未检漏", cast.technician.name):
        assert secret not in page, secret


def test_what_the_customer_was_told_to_look_at_is_there(way, cast):
    case = way.proposing()
    actions.propose(case, words="免费重修", cost=0, by=cast.by("care_manager"))
    assert "免费重修" not in seen(case)
    actions.tell_customer(case, channel="sms", by=cast.by("care_manager"))
    assert "免费重修" in seen(case)


def test_the_customer_prefers_an_option(way, cast):
    case, other = way.stamped(), way.stamped()
    wanted, foreign = case.options.get(is_best=True), other.options.first()
    assert send(case, "prefer", option=wanted.pk).status_code == 302
    wanted.refresh_from_db()
    assert wanted.is_preferred and "You would like this best" in seen(case)
    for wrong in (foreign.pk, 10**12, "x", ""):
        assert send(case, "prefer", option=wrong).status_code == 422, wrong
    foreign.refresh_from_db()
    assert not foreign.is_preferred


@pytest.mark.duty("K-13")
def test_the_customer_accepts_with_a_signature(way, signed):
    case = way.decided()
    page = seen(case)
    assert "更换压缩机" in page and "免费重修" not in page and "内部指示" not in page
    unsigned = send(case, "accept", name="赵敏")
    assert unsigned.status_code == 422 and "signature" in unsigned.context["sign_form"].errors
    assert "赵敏" in unsigned.content.decode()
    assert send(case, "accept", name="赵敏", signature=signed).status_code == 302
    case.refresh_from_db()
    assert case.accepted_at and case.accepted_by == "赵敏"
    assert Attachment.objects.of(case).filter(purpose="signature").count() == 1
    assert "Agreed by" in seen(case)
    assert send(case, "accept", name="赵敏", signature=signed).status_code == 422  # twice


def test_the_customer_signs_the_agreement(way, cast, signed):
    case = way.decided()
    agreement = actions.draw_agreement(case, text="甲方为乙方更换压缩机，双方再无争议。", by=cast.by("care_manager"))
    assert "双方再无争议" in seen(case) and "Sign the agreement" in seen(case)
    assert send(case, "sign", name="赵敏", signature=signed).status_code == 302
    agreement.refresh_from_db()
    case.refresh_from_db()
    assert agreement.signed_name == "赵敏" and case.accepted_at
    assert send(case, "sign", name="赵敏", signature=signed).status_code == 422
    other = way.decided()
    assert send(other, "sign", name="赵敏", signature=signed).status_code == 404  # there is none


def test_the_customer_reacts_to_an_answer(way, cast):
    case = way.not_established()
    assert "您反映的情况我们已核实" in seen(case)
    silent = send(case, "react", reaction="not_accepted")
    assert silent.status_code == 422 and "words" in silent.context["react_form"].errors
    assert send(case, "react", reaction="not_accepted", words="没有解决").status_code == 302
    case.refresh_from_db()
    assert (case.status, case.reaction_words) == ("investigating", "没有解决")
    assert send(case, "react", reaction="accepted").status_code == 422  # not asked any more
    pleased = way.not_established()
    assert send(pleased, "react", reaction="accepted").status_code == 302
    pleased.refresh_from_db()
    assert (pleased.status, pleased.result) == ("closed", "not_established")


def test_whether_a_suggestion_is_adopted_the_house_says(cases, cast):
    case = cases.received(nature="suggestion", words="加个充电桩")
    actions.answer(case, text="谢谢建议", channel="phone", by=cast.by("care_agent"))
    assert "谢谢建议" in seen(case)
    assert send(case, "react", reaction="accepted").status_code == 422
    case.refresh_from_db()
    assert case.status == "answering"


def test_nobody_signed_in_answers_for_the_customer(way, browser, signed):
    case = way.decided()
    data = {"step": "accept", "name": "赵敏", "signature": signed}
    assert browser("care_manager").get(at(case)).status_code == 200
    assert browser("care_manager").post(at(case), data).status_code == 403
    follower = case.follower()
    assert follower.may("complaints.follow", case.store) and not follower.may("complaints.see_complaints")
    case.refresh_from_db()
    assert case.accepted_at is None


def test_too_many_words_are_stopped(cases, cast):
    case, client = cases.received(), phone()
    answers = [client.post(at(case), {"step": "add", "text": f"第{n}句"}).status_code for n in range(21)]
    assert answers == [302] * 20 + [429]
    by = case.follower()
    with pytest.raises(Refused):
        for n in range(60):
            actions.add_by_link(case, text=f"再{n}", by=by)


def test_what_is_added_to_a_merged_case_reaches_the_other(cases, cast):
    first, second = cases.received(), cases.received(words="同一件事")
    actions.link_case(second, other=first, relation="same", by=cast.by("care_manager"))
    page = seen(second)
    assert "together with another case" in page and first.number not in page
    assert send(second, "add", text="补充一点").status_code == 302
    assert first.said.get().text == "补充一点" and not second.said.exists()


def test_the_rest_door_gives_the_address_to_those_who_tell_customers(cases, cast, program):
    case = cases.received()
    told = program("care_agent")(f"complaints/{case.pk}/link/", method="get")
    assert told.status_code == 200 and told.json()["address"] == case.address and told.json()["may_call"] is True
    assert program("guard")(f"complaints/{case.pk}/link/", method="get").status_code == 403
    assert program("stranger")(f"complaints/{case.pk}/link/", method="get").status_code in {403, 404}
    moment = now() - timedelta(days=91)
    Complaint.objects.filter(pk=case.pk).update(status="closed", result="withdrawn", closed_at=moment)
    assert program("care_agent")(f"complaints/{case.pk}/link/", method="get").status_code == 409
