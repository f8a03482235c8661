"""The promise register (K-19): what was promised, by whom, until when, kept or not; late ones are told once."""

import io
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.timezone import now
from openpyxl import load_workbook

from complaints import actions
from complaints.models import Promise
from core.models import Entry, Notice, Task
from core.rows import Refused

SOON = timedelta(hours=4)


def promised(cast, complaint, *, who="care_agent", **more):
    given = {"words": "今天下班前电话告知检测结果", "due_at": now() + SOON} | more
    actions.promise(complaint, **given, by=cast.by(who))
    return Promise.objects.latest("pk")


@pytest.mark.duty("K-19")
def test_a_promise_is_written_down_beside_the_case_and_kept(cast, cases, browser):
    complaint = cases.received()
    client, address = browser("advisor"), f"/complaints/{complaint.pk}/promise/"
    assert address in client.get(f"/complaints/{complaint.pk}/").content.decode()
    due = (now() + SOON).astimezone().strftime("%Y-%m-%dT%H:%M")
    assert client.post(address, {"words": "明早回电", "due_at": due}).status_code == 302
    made = Promise.objects.get()
    assert (made.by, made.words, made.is_kept) == (cast.advisor, "明早回电", None)
    page = client.get(f"/complaints/{complaint.pk}/").content.decode()
    assert "明早回电" in page and f"/promises/{made.pk}/keep/" in page
    assert (
        f"/promises/{made.pk}/keep/" not in browser("technician").get(f"/complaints/{complaint.pk}/").content.decode()
    )
    assert client.post(f"/promises/{made.pk}/keep/", {"is_kept": "no"}).status_code == 422
    assert client.post(f"/promises/{made.pk}/keep/", {"is_kept": "yes", "remark": "9 点已回"}).status_code == 302
    made.refresh_from_db()
    assert (made.is_kept, made.remark) == (True, "9 点已回") and made.ended_at
    assert client.post(f"/promises/{made.pk}/keep/", {"is_kept": "yes"}).status_code == 422  # twice
    verbs = set(Entry.objects.filter(kind="promise", object_id=made.pk).values_list("verb", flat=True))
    assert verbs == {"promise.made", "promise.kept"}


def test_a_promise_of_a_colleague_is_told_and_only_some_say_whether_it_was_kept(cast, cases):
    complaint = cases.received()
    with pytest.raises(Refused) as refused:
        promised(cast, complaint, due_at=now() - SOON)
    assert refused.value.field == "due_at"
    with pytest.raises(Refused) as refused:
        promised(cast, complaint, promised_by=cast.stranger)
    assert refused.value.field == "promised_by"
    made = promised(cast, complaint, promised_by=cast.advisor)
    assert Notice.objects.get(code="promise_noted").employee == cast.advisor
    with pytest.raises(PermissionDenied):  # neither theirs, nor the keeper, nor a lead
        actions.keep_promise(made, is_kept=True, by=cast.by("accident_specialist"))
    with pytest.raises(PermissionDenied):
        actions.keep_promise(made, is_kept=True, by=cast.by("technician"))
    with pytest.raises(Refused) as refused:
        actions.keep_promise(made, is_kept=False, by=cast.by("care_manager"))
    assert refused.value.field == "remark"
    made = actions.keep_promise(made, is_kept=False, remark="配件未到，已致歉", by=cast.by("care_manager"))
    assert made.is_kept is False
    assert Entry.objects.filter(verb="promise.broken", object_id=made.pk).exists()


@pytest.mark.duty("K-19")
def test_a_late_promise_gives_a_task_and_a_word_once(cast, cases):
    complaint = cases.received()
    made = promised(cast, complaint, promised_by=cast.advisor)
    assert actions.remind_promises() == 0
    late = now() + SOON + timedelta(minutes=1)
    assert [actions.remind_promises(late), actions.remind_promises(late)] == [1, 0]
    task = Task.objects.get(code="promise_late")
    assert (task.assignee, task.kind, task.object_id) == (cast.advisor, "promise", made.pk)
    assert set(Notice.objects.filter(code="promise_late").values_list("employee", flat=True)) == {
        cast.advisor.pk,
        cast.care_agent.pk,
    }
    actions.keep_promise(made, is_kept=True, remark="晚了一小时", by=cast.by("care_agent"))  # the keeper
    task.refresh_from_db()
    assert task.status == Task.Status.DONE
    other = promised(cast, complaint, who="care_agent")
    task_of_other = [
        actions.remind_promises(late),
        Task.objects.filter(object_id=other.pk, code="promise_late").count(),
    ]
    assert task_of_other == [1, 1]
    Task.objects.filter(object_id=other.pk).update(status=Task.Status.DROPPED)
    assert actions.remind_promises(late) == 0  # a dropped task does not come again


@pytest.mark.duty("K-19")
def test_the_register_by_tab_person_and_as_a_file(cast, cases, browser, program):
    complaint = cases.received()
    kept, broken, late = (promised(cast, complaint, words=word) for word in ("回电", "送车", "检测"))
    actions.keep_promise(kept, is_kept=True, by=cast.by("care_agent"))
    actions.keep_promise(broken, is_kept=False, remark="没有代步车", by=cast.by("care_agent"))
    Promise.objects.filter(pk=late.pk).update(due_at=now() - SOON)
    client = browser("care_manager")
    for tab, word in {"open": "检测", "late": "检测", "kept": "回电", "broken": "没有代步车"}.items():
        page = client.get(f"/promises/?tab={tab}").content.decode()
        assert word in page and str(complaint) in page, tab
    assert "检测" not in client.get(f"/promises/?employee={cast.advisor.pk}").content.decode()
    assert "检测" in client.get(f"/promises/?employee={cast.care_agent.pk}").content.decode()
    book = load_workbook(io.BytesIO(client.get("/promises/?tab=broken&export=xlsx").content))
    assert [cell.value for cell in list(book.active)[1]][:2] == ["送车", str(complaint)]
    listed = program("care_manager")("promises/", method="get").json()["results"]
    assert {one["words"] for one in listed} == {"回电", "送车", "检测"}


def test_rest_and_a_foreign_company(cast, cases, browser, program):
    complaint = cases.received()
    body = {"words": "明早回电", "due_at": (now() + SOON).isoformat(timespec="seconds")}
    key = {"Idempotency-Key": "p1"}
    answer = program("care_agent")(f"complaints/{complaint.pk}/promise/", body, **key)
    assert answer.status_code == 201 and answer.json()["promises"][0]["words"] == "明早回电"
    pk = answer.json()["promises"][0]["id"]
    assert program("care_agent")(f"promises/{pk}/keep/", {"is_kept": False}).status_code == 400
    assert program("care_agent")(f"promises/{pk}/keep/", {"is_kept": True}).json()["is_kept"] is True
    name = cases.neighbour()
    assert browser(name).get(f"/complaints/{complaint.pk}/promise/").status_code == 404
    assert browser(name).get(f"/promises/{pk}/keep/").status_code == 404
    assert program(name)(f"promises/{pk}/keep/", {"is_kept": True}).status_code == 404
    assert program(name)(f"complaints/{complaint.pk}/check-conduct/", {"checks": []}).status_code == 404
    assert browser("guard").get(f"/promises/{pk}/keep/").status_code in {403, 404}


def test_the_register_asks_as_often_for_12_as_for_2(cast, cases, browser):
    complaint, client = cases.received(), browser("care_manager")

    def asked(count):
        for n in range(count):
            promised(cast, complaint, words=f"承诺 {n}")
        client.get("/promises/")
        with CaptureQueriesContext(connection) as seen:
            assert client.get("/promises/").status_code == 200
        return len(seen)

    assert asked(2) >= asked(10)
