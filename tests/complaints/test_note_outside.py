"""The same case where others keep it: regulator, manufacturer's hotline, press; deadlines, appeal, its own closing."""

import io
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.timezone import localdate, now
from openpyxl import load_workbook
from PIL import Image

from complaints import actions
from complaints.models import Channel, Clock, OutsideCase, Target
from core.models import Attachment, Entry, Notice
from core.rows import Refused

SINCE = now().date() - timedelta(days=900)


@pytest.fixture
def no_rule(cast):
    """The measures of the regulator that were in force have ended and nothing followed."""
    Target.objects.filter(due__startswith="regulator").delete()


@pytest.fixture
def rule(no_rule):
    """A rule for regulators is in force."""
    for due, amount in (("regulator_answer", 7), ("regulator_end", 45)):
        Target.objects.create(due=due, amount=amount, unit="working_days", since=SINCE)


def noted(cases, cast, body="12315", **more):
    """A complaint that somebody outside keeps too."""
    given = {"body": body, "number": "1237011520261123001"} | more
    return actions.note_outside(cases.received(), **given, by=cast.by("care_manager"))


def clocks(outside):
    return dict(outside.clocks.filter(ended_at=None).values_list("due", "due_at"))


def picture():
    out = io.BytesIO()
    Image.new("RGB", (60, 40), "navy").save(out, "JPEG")
    return SimpleUploadedFile("douyin.jpg", out.getvalue(), "image/jpeg")


@pytest.mark.duty("K-01")
def test_a_regulators_case_runs_by_the_rule_in_force(cases, cast, rule):
    outside = noted(cases, cast, contact="王科长")
    assert set(clocks(outside)) == {"regulator_answer", "regulator_end"}
    assert {one.unit for one in outside.clocks.all()} == {"working_days"}
    assert outside.complaint.channels.filter(way=Channel.Way.REGULATOR).count() == 1
    assert Entry.objects.filter(verb="outside.noted").count() == 1
    assert Notice.objects.filter(code="outside_regulator", employee=cast.care_manager).count() == 0  # did it herself
    assert Notice.objects.filter(code="outside_regulator").exists()  # the keeper


@pytest.mark.duty("K-01")
def test_a_case_that_was_registered_as_coming_from_there_has_one_channel(cases, cast, rule):
    by, case = cast.by("care_manager"), cases.received(way="regulator")
    ways = case.channels.filter(way="regulator")
    actions.note_outside(case, body="12315", number="1237011520261123001", by=by)
    assert [one.remark for one in ways.all()] == ["12315 market regulation 1237011520261123001"]
    actions.note_outside(case, body="12345", number="GD-88", by=by)
    assert ways.count() == 2, "it came by another regulator too"
    actions.note_outside(case, body="oem", number="400-1", by=by)
    assert case.channels.filter(way="oem").count() == 1


def test_the_manufacturers_form_says_nothing_of_regulators(cases, cast, no_rule, browser):
    client, said = browser("care_manager"), "no time limit is in force"
    path = "/complaints/{}/note-outside/"
    from_oem = client.get(path.format(cases.received(way="oem").pk))
    assert said not in from_oem.content.decode()
    assert '<option value="oem" selected>' in from_oem.content.decode()
    case = cases.received(way="regulator")
    assert said in client.get(path.format(case.pk)).content.decode()
    assert said not in client.get(path.format(case.pk) + "?body=oem").content.decode()
    assert said not in client.post(path.format(case.pk), {"body": "oem", "level": ""}).content.decode()
    assert said in client.post(path.format(case.pk), {"body": "12345", "level": ""}).content.decode()


def test_where_no_rule_is_known_the_day_of_the_letter_is_asked_for(cases, cast, no_rule, browser):
    complaint, day = cases.received(), localdate() + timedelta(days=9)
    with pytest.raises(Refused) as refused:
        actions.note_outside(complaint, body="12315", number="1", by=cast.by("care_manager"))
    assert refused.value.field == "answer_due"
    page = browser("care_manager").get(f"/complaints/{complaint.pk}/note-outside/")
    assert "no time limit is in force" in page.content.decode()
    data = {"body": "12315", "number": "1", "level": "ordinary", "remark": "市民来信"}
    answer = browser("care_manager").post(f"/complaints/{complaint.pk}/note-outside/", data)
    assert answer.status_code == 422 and "市民来信" in answer.content.decode()
    data |= {"answer_due": day.isoformat()}
    assert browser("care_manager").post(f"/complaints/{complaint.pk}/note-outside/", data).status_code == 302
    clock = Clock.objects.get(outside__complaint=complaint)
    assert clock.due == "regulator_answer" and cast.store.business_date(clock.due_at) == day


def test_days_of_a_letter_lie_in_their_order(cases, cast, no_rule):
    today = localdate()
    for field, days in (
        ("answer_due", {"answer_due": today - timedelta(days=2)}),
        ("end_due", {"answer_due": today + timedelta(days=5), "end_due": today + timedelta(days=4)}),
    ):
        with pytest.raises(Refused) as refused:
            noted(cases, cast, **days)
        assert refused.value.field == field
    with pytest.raises(Refused) as refused:
        noted(cases, cast, came_at=now() + timedelta(days=1))
    assert refused.value.field == "came_at"
    assert not OutsideCase.objects.exists()


def test_one_number_is_noted_once_in_a_company(cases, cast, rule):
    first = noted(cases, cast)
    with pytest.raises(Refused) as refused:
        noted(cases, cast)
    assert refused.value.field == "number" and str(first.complaint) in str(refused.value)
    actions.close_outside(first, result_words="已调解", by=cast.by("care_manager"))
    assert noted(cases, cast).pk != first.pk  # taken up again there


def test_the_manufacturers_case_follows_its_level(cases, cast):
    outside = noted(cases, cast, body="oem", number="400-77812")
    before = clocks(outside)
    assert set(before) == {"oem_contact", "oem_end"}
    same = {"number": outside.number, "url": "", "contact": "", "remark": ""}
    actions.edit_outside(outside, level="major", **same, by=cast.by("care_manager"))
    after = clocks(outside)
    assert after["oem_contact"] < before["oem_contact"] and after["oem_end"] < before["oem_end"]
    assert outside.clocks.count() == 2  # moved, not begun anew
    actions.edit_outside(outside, level="ordinary", **same, by=cast.by("care_manager"))
    assert clocks(outside) == after  # less haste moves nothing by itself
    day = localdate() + timedelta(days=20)
    actions.edit_outside(outside, level="ordinary", end_due=day, **same, by=cast.by("care_manager"))
    assert cast.store.business_date(clocks(outside)["oem_end"]) == day
    actions.answer_outside(outside, words="已联系顾客，约周三到店", by=cast.by("care_manager"))
    assert set(clocks(outside)) == {"oem_end"}
    with pytest.raises(Refused):
        actions.answer_outside(outside, words="再次", by=cast.by("care_manager"))
    with pytest.raises(Refused) as refused:
        actions.edit_outside(outside, level="ordinary", answer_due=day, **same, by=cast.by("care_manager"))
    assert refused.value.field == "answer_due"


def test_an_appeal_holds_the_closing_until_it_is_answered(cases, cast, rule):
    outside = noted(cases, cast, body="oem", number="400-1")
    by = cast.by("care_manager")
    with pytest.raises(Refused):
        actions.settle_appeal(outside, granted=True, by=by)
    actions.appeal(outside, words="车辆在他店维修，与本店无关", by=by)
    with pytest.raises(Refused):
        actions.appeal(outside, words="again", by=by)
    with pytest.raises(Refused):
        actions.close_outside(outside, result_words="x", by=by)
    actions.settle_appeal(outside, granted=False, words="证据不足", by=by)
    closed = actions.close_outside(outside, result_words="顾客撤诉", by=by)
    assert closed.appeal == "refused" and closed.closed_at and not clocks(outside)
    for step in (actions.close_outside, actions.answer_outside):
        with pytest.raises(Refused):
            step(outside, **{"result_words" if step is actions.close_outside else "words": "x"}, by=by)
    assert closed.complaint.is_open  # the case here goes its own way
    with pytest.raises(Refused):
        actions.appeal(noted(cases, cast), words="x", by=by)  # not to a regulator


def test_what_others_keep_outlives_the_case_here(cases, cast, rule):
    outside, by = noted(cases, cast), cast.by("care_manager")
    actions.end_case(outside.complaint, result="withdrawn", words="顾客撤诉", by=by)
    with pytest.raises(Refused):
        actions.note_outside(outside.complaint, body="oem", number="400-9", by=by)
    assert set(clocks(outside)) == {"regulator_answer", "regulator_end"}
    actions.answer_outside(outside, words="顾客已撤诉，附撤诉函", by=by)
    assert actions.close_outside(outside, result_words="终止调解", by=by).closed_at and not clocks(outside)


def test_what_is_public_is_told_to_the_general_manager_at_once(cases, cast):
    outside = noted(cases, cast, body="douyin", number="", url="https://v.douyin.com/x1/")
    assert set(clocks(outside)) == {"press_answer"}
    assert Notice.objects.filter(code="outside_press", employee=cast.general_manager).count() == 1
    noted(cases, cast, body="oem", number="400-2")
    assert not Notice.objects.filter(code="outside_oem", employee=cast.general_manager).exists()
    noted(cases, cast, body="oem", number="400-3", level="major")
    assert Notice.objects.filter(code="outside_oem", employee=cast.general_manager).count() == 1


def test_the_browser_notes_it_with_screenshot_and_shows_it_escaped(cases, cast, browser):
    complaint, client = cases.received(), browser("care_manager")
    assert client.get(f"/complaints/{complaint.pk}/note-outside/").status_code == 200
    data = {"body": "xiaohongshu", "level": "ordinary", "contact": "<b>甲</b>", "remark": "<script>alert(1)</script>"}
    refused = client.post(f"/complaints/{complaint.pk}/note-outside/", data)
    assert refused.status_code == 422 and "url" in refused.context["form"].errors
    bad = client.post(f"/complaints/{complaint.pk}/note-outside/", data | {"url": "javascript:alert(1)"})
    assert bad.status_code == 422
    done = client.post(f"/complaints/{complaint.pk}/note-outside/", data | {"screenshots": [picture()]})
    assert done.status_code == 302
    outside = OutsideCase.objects.get()
    assert Attachment.objects.of(outside).count() == 1
    page = client.get(f"/complaints/{complaint.pk}/").content.decode()
    assert "<script>alert(1)" not in page and "&lt;script&gt;alert(1)" in page and "&lt;b&gt;甲" in page
    assert f"/outside/{outside.pk}/draft-statement/" in page
    for step in ("edit", "draft-statement", "approve-statement", "publish-statement", "close", "appeal", "answer"):
        assert client.get(f"/outside/{outside.pk}/{step}/").status_code == 200, step


def test_strangers_and_other_roles(cases, cast, browser, program, rule):
    outside = noted(cases, cast)
    for step in ("edit", "answer", "appeal", "settle-appeal", "draft-statement", "approve-statement",
                 "publish-statement", "close"):  # fmt: skip
        assert browser("care_agent").get(f"/outside/{outside.pk}/{step}/").status_code == 403, step
    assert browser("stranger").get("/outside/").status_code == 200
    assert str(outside.complaint) not in browser("stranger").get("/outside/").content.decode()
    assert program("stranger")(f"outside/{outside.pk}/", method="get").status_code == 404
    with pytest.raises(PermissionDenied):
        actions.close_outside(outside, result_words="x", by=cast.by("care_agent"))


def test_another_store_of_the_company_does_not_reach_it(cases, cast, browser, rule):
    from tests.conftest import make_person

    outside = noted(cases, cast)
    cast.people["neighbour"] = make_person("neighbour", "远航客服经理", "care_manager", cast.foreign)
    assert browser("neighbour").get(f"/outside/{outside.pk}/edit/").status_code == 404
    assert browser("neighbour").get(f"/complaints/{outside.complaint_id}/note-outside/").status_code == 404


def test_the_rest_door(cases, cast, program, no_rule):
    complaint, ask = cases.received(), program("care_manager")
    path, day = f"complaints/{complaint.pk}/note-outside/", (localdate() + timedelta(days=5)).isoformat()
    body = {"body": "12345", "number": "GD-88", "answer_due": day}
    assert ask(path, body).status_code == 400  # no key
    wrong = ask(path, {"body": "12345", "number": "GD-88"}, **{"Idempotency-Key": "a"})
    assert wrong.status_code == 400 and "answer_due" in wrong.json()["fields"]
    made = ask(path, body, **{"Idempotency-Key": "b"})
    again = ask(path, body, **{"Idempotency-Key": "b"})
    assert made.status_code == again.status_code == 201 and OutsideCase.objects.count() == 1
    told, pk = made.json(), made.json()["id"]
    assert told["clocks"][0]["due"] == "regulator_answer" and told["level"] == "ordinary"
    assert ask(f"outside/{pk}/", {"contact": "李科"}, "patch").status_code == 428
    changed = ask(f"outside/{pk}/", {"contact": "李科"}, "patch", **{"If-Match": f'"{told["version"]}"'})
    assert changed.status_code == 200 and changed.json()["contact"] == "李科" and changed.json()["number"] == "GD-88"
    assert ask(f"outside/{pk}/answer/", {"words": "已书面答复"}).status_code == 200
    assert ask(f"outside/{pk}/answer/", {"words": "已书面答复"}).status_code == 409
    assert ask(f"outside/{pk}/close/", {"result_words": "调解成功"}).json()["closed_at"]
    assert [one["id"] for one in ask("outside/?is_open=false&body=12345", method="get").json()["results"]] == [pk]
    assert ask("outside/?is_open=true", method="get").json()["results"] == []


@pytest.mark.duty("C-44")
def test_the_log_is_filtered_and_exported(cases, cast, browser, rule):
    noted(cases, cast)
    press = noted(cases, cast, body="chezhiwang", number="CZ-9", url="https://www.12365auto.com/9")
    client = browser("care_manager")
    page = client.get("/outside/?tab=media").content.decode()
    assert str(press.complaint) in page and "12315" not in page.split("<table")[1]
    assert str(press.complaint) in client.get("/outside/?body=chezhiwang&q=CZ-9").content.decode()
    book = load_workbook(io.BytesIO(client.get("/outside/?tab=media&export=xlsx").content))
    rows = list(book.active.values)
    assert len(rows) == 2 and rows[1][0] == str(press.complaint) and "CZ-9" in rows[1][2]
    assert str(press.complaint.keeper) in rows[1]  # its owner


def test_the_log_makes_as_many_queries_for_12_as_for_2(cases, cast, browser):
    client = browser("care_manager")

    def queries(count):
        for _n in range(count):
            noted(cases, cast, body="weibo", number=f"W{OutsideCase.objects.count()}", url="https://weibo.com/1")
        client.get("/outside/")
        with CaptureQueriesContext(connection) as seen:
            assert client.get("/outside/").status_code == 200
        return len(seen)

    few = queries(2)
    assert queries(10) <= few
