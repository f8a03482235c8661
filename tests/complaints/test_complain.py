"""The public page of a store: anybody tells it something without an account and gets a number and an address."""

import io
import time
from types import SimpleNamespace

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from complaints import actions
from complaints.models import Complaint
from complaints.models.pages import page_token, visitor
from core.links import token_of
from core.models import Attachment, Entry, Notice
from core.uploads import MOST_GUEST, MOST_STRANGER
from core.web import limits

XSS = "<script>alert(1)</script>"


def phone(**more):
    """A telephone: no account, no session."""
    return Client(headers={"accept-language": "en"} | more)


@pytest.fixture(autouse=True)
def one_moment(monkeypatch):
    """The counting never passes from one span of time into the next, however slow the machine is."""
    moment = time.time()
    monkeypatch.setattr(limits, "time", SimpleNamespace(time=lambda: moment))


@pytest.fixture
def at(cast):
    return f"/complain/{page_token(cast.store)}/"


def told(**more):
    given = {"nature": "complaint", "words": "空调修了两次还是不凉", "demand": "修好", "name": "赵敏"}
    return given | {"phone": "139 0000 1111", "plate": "", "may_call": "yes"} | more


def picture(name="a.jpg", size=(60, 40)):
    out = io.BytesIO()
    Image.new("RGB", size, "navy").save(out, "JPEG")
    return SimpleUploadedFile(name, out.getvalue(), "image/jpeg")


@pytest.mark.duty("K-01", "K-06")
def test_anybody_tells_a_store_something_and_gets_a_receipt(cast, at):
    client = phone()
    assert client.get(at).status_code == 200
    answer = client.post(at, told(photos=[picture(), picture("b.jpg")]))
    complaint = Complaint.objects.get()
    assert answer.status_code == 302 and answer["Location"] == f"/k/{complaint.token}/receipt/"
    assert complaint.store == cast.store and complaint.channels.get().way == "web"
    assert (complaint.name, complaint.phone, complaint.may_call) == ("赵敏", "13900001111", True)
    assert complaint.status == "received" and complaint.clocks.filter(due="received").exists()
    assert Attachment.objects.of(complaint).count() == 2
    receipt = client.get(answer["Location"])
    page = receipt.content.decode()
    assert complaint.number in page and complaint.address in page and "data:image/svg+xml" in page
    assert " style=" not in page and receipt["Referrer-Policy"] == "same-origin"
    assert receipt["Cache-Control"] == "no-store" and "noindex" in receipt["X-Robots-Tag"]
    assert Entry.objects.filter(verb="complaint.sent_in", by_kind="customer", door="link").count() == 1
    assert Notice.objects.filter(code="case_unkept", employee=cast.care_manager).count() == 1


def test_questions_and_suggestions_take_their_own_way(cast, at):
    for nature in ("enquiry", "suggestion"):
        assert phone().post(at, told(nature=nature, words=f"{nature} 周日营业吗")).status_code == 302
    assert set(Complaint.objects.values_list("status", flat=True)) == {"answering"}


def test_sent_twice_it_is_one_case(cast, at):
    first, second = phone().post(at, told()), phone().post(at, told())
    assert first["Location"] == second["Location"] and Complaint.objects.count() == 1
    assert phone().post(at, told(words="另一件事")).status_code == 302
    assert Complaint.objects.count() == 2


def test_nothing_typed_is_lost_when_it_is_refused(at):
    for wrong, field in (
        ({"words": ""}, "words"),
        ({"name": ""}, "name"),
        ({"phone": "12"}, "phone"),
        ({"phone": ""}, "phone"),
        ({"may_call": ""}, "may_call"),
        ({"nature": "bribe"}, "nature"),
    ):
        answer = phone().post(at, told(**({"demand": f"请修好 {XSS}"} | wrong)))
        page = answer.content.decode()
        assert answer.status_code == 422 and field in answer.context["form"].errors, wrong
        assert "请修好 &lt;script&gt;" in page and XSS not in page
    assert not Complaint.objects.exists()
    no_call = phone().post(at, told(phone="", may_call="no"))
    assert no_call.status_code == 302 and Complaint.objects.get().may_call is False


def test_who_does_not_want_to_be_called_is_not(cast, at, browser):
    phone().post(at, told(may_call="no"))
    page = browser("care_agent").get(Complaint.objects.get().get_absolute_url()).content.decode()
    assert "does not want to be called" in page


def test_what_strangers_write_is_shown_as_text(cast, at, browser):
    phone().post(at, told(words=XSS, demand=XSS, name=XSS[:80], plate="<b>沪A", photos=[picture(f"{XSS}.jpg")]))
    complaint = Complaint.objects.get()
    for path in (complaint.get_absolute_url(), "/complaints/", f"/k/{complaint.token}/"):
        page = browser("care_manager").get(path).content.decode()
        assert "<script>alert(1)" not in page and "<b>沪A" not in page, path
    inner = browser("care_manager").get(complaint.get_absolute_url()).content.decode()
    assert "&lt;script&gt;alert(1)" in inner


def test_a_known_number_tells_a_stranger_nothing_of_its_owner(cast, at, car):
    phone().post(at, told(phone="13800006621", plate="沪A8K721", name="路人"))
    complaint = Complaint.objects.get()
    assert complaint.customer == car.owner and complaint.vehicle == car
    for path in (f"/k/{complaint.token}/", f"/k/{complaint.token}/receipt/"):
        page = phone().get(path).content.decode()
        assert not [word for word in ("刘建国", "13800006621", "沪A8K721", car.vin, "A4L") if word in page], path


def test_forged_and_foreign_addresses_tell_nothing(cast, at):
    token = page_token(cast.store)
    for wrong in ("HD01", "store:HD01", token[:-1], token_of("store:NONE"), token_of("x" * 32), f"{token}x"):
        answer = phone().get(f"/complain/{wrong}/")
        assert answer.status_code == 404 and cast.store.name not in answer.content.decode(), wrong
        assert phone().post(f"/complain/{wrong}/", told()).status_code == 404
    assert phone().get(f"/k/{token}/").status_code == 404  # the address of a store is none of a case
    assert not Complaint.objects.exists()


def test_one_number_may_not_flood_the_desk(at):
    client = phone()
    assert {client.post(at, told(words=f"第{n}件")).status_code for n in range(5)} == {302}
    sixth = client.post(at, told(words="第六件"))
    assert sixth.status_code == 429 and "第六件" in sixth.content.decode()
    assert Complaint.objects.count() == 5
    assert client.post(at, told(words="别的号码", phone="13900002222")).status_code == 302


def test_one_place_may_not_flood_the_desk(at):
    client = phone()
    answers = [client.post(at, told(words=f"第{n}件", phone=f"1390000{n:04d}")).status_code for n in range(22)]
    assert answers == [302] * 20 + [429] * 2 and Complaint.objects.count() == 20


def test_wrong_tries_are_counted_too(at):
    client = phone()
    answers = [client.post(at, {}).status_code for _n in range(61)]
    assert answers == [422] * 60 + [429]


def test_large_files_need_an_address_of_ours(cast, at):
    assert MOST_STRANGER < MOST_GUEST
    large = SimpleUploadedFile("a.jpg", b"\xff\xd8\xff" + b"x" * (MOST_STRANGER + 10), "image/jpeg")
    assert phone().post("/complain/nothing/", told(photos=[large])).status_code in {400, 413}
    large.seek(0)
    refused = phone().post(at, told(photos=[large]))
    assert refused.status_code == 422 and "photos" in refused.context["form"].errors


def test_employees_take_cases_in_at_the_desk(cast, at, browser):
    assert browser("care_agent").get(at).status_code == 200
    assert browser("care_agent").post(at, told()).status_code == 403
    by = visitor(cast.store, "赵敏")
    assert by.may("complaints.complain", cast.store) and not by.may("complaints.complain", cast.sister)
    assert not by.may("complaints.follow", cast.store)
    with pytest.raises(PermissionDenied):
        actions.complain(cast.sister, nature="complaint", words="x", name="x", may_call=False, by=by)


def test_chinese_comes_first_and_the_switch_is_kept(at):
    assert 'lang="zh-Hans"' in Client().get(at).content.decode()
    assert 'lang="zh-Hans"' in Client(headers={"accept-language": "fr"}).get(at).content.decode()
    assert '<html lang="en"' in phone().get(at).content.decode()
    client = Client()
    assert client.post("/language/", {"language": "en", "next": at}).status_code == 302
    assert '<html lang="en"' in client.get(at).content.decode()


def test_the_poster_shows_the_code_of_stores_one_sees(cast, browser, at):
    assert "/complaints/poster/" in browser("care_manager").get("/complaints/").content.decode()
    page = browser("care_manager").get("/complaints/poster/").content.decode()
    assert cast.store.name in page and at in page and "data:image/svg+xml" in page and " style=" not in page
    assert browser("care_manager").get(f"/complaints/poster/?store={cast.foreign.pk}").status_code == 404
    assert browser("group_manager").get(f"/complaints/poster/?store={cast.sister.pk}").status_code == 200
    assert browser("guard").get("/complaints/poster/").status_code == 403
