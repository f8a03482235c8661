"""Corrective actions: given, done, looked at whether they helped, late, dropped (K-15)."""

import io
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.timezone import localdate, now
from openpyxl import load_workbook

from complaints import actions
from complaints.models import Correction
from core.models import Entry, Notice, Task
from core.rows import Refused

DAY = timedelta(days=1)


def added(cast, complaint=None, **more):
    """A corrective action for the technician."""
    given = {
        "store": cast.store,
        "words": "空调诊断流程上墙",
        "owner": cast.technician,
        "due_on": localdate() + 5 * DAY,
    }
    return actions.add_correction(**(given | {"complaint": complaint} | more), by=cast.by("care_manager"))


def done(cast, row):
    return actions.do_correction(row, done_words="已培训并考核", by=cast.by("technician"))


@pytest.mark.duty("K-15")
def test_a_correction_out_of_a_case_is_done_and_checked_by_somebody_else(cases, cast):
    case = cases.judged()
    row = added(cast, case, check_on=localdate() + 9 * DAY)
    task = Task.objects.get(code="correction_due", assignee=cast.technician)
    assert task.status == "open" and Notice.objects.filter(code="correction_given", employee=cast.technician).exists()
    with pytest.raises(Refused):
        actions.do_correction(row, done_words="我做了", by=cast.by("care_agent"))  # not the owner
    with pytest.raises(Refused):
        actions.check_correction(row, is_effective=True, check_words="x", by=cast.by("care_manager"))  # not done yet
    row = done(cast, row)
    task.refresh_from_db()
    assert (row.status, task.status) == ("done", "done") and row.check_on == localdate() + 9 * DAY
    look = Task.objects.get(code="correction_check")
    assert look.assignee == cast.care_manager and look.status == "open"
    for due_on in (None, localdate() - DAY):
        with pytest.raises(Refused) as refused:
            actions.check_correction(
                row, is_effective=False, check_words="又来两起", due_on=due_on, by=cast.by("care_manager")
            )
        assert refused.value.field == "due_on"
    given = {"is_effective": False, "check_words": "又来两起", "due_on": localdate() + 3 * DAY}
    row = actions.check_correction(row, **given, by=cast.by("care_manager"))
    assert row.status == "open" and Task.objects.filter(code="correction_due", status="open").count() == 1
    row = done(cast, row)
    assert row.check_on == localdate() + 14 * DAY
    row = actions.check_correction(row, is_effective=True, check_words="三个月没有再发生", by=cast.by("care_manager"))
    assert row.status == "effective" and row.checked_by == cast.care_manager
    assert not Task.objects.filter(code__startswith="correction", status="open").exists()
    assert list(Entry.objects.filter(kind="correction").order_by("id").values_list("verb", flat=True)) == [
        "correction.added", "correction.done", "correction.not_effective", "correction.done", "correction.effective"
    ]  # fmt: skip


def test_nobody_checks_their_own(cast):
    row = added(cast, owner=cast.care_manager)
    actions.do_correction(row, done_words="x", by=cast.by("care_manager"))
    with pytest.raises(Refused):
        actions.check_correction(row, is_effective=True, check_words="x", by=cast.by("care_manager"))
    assert Task.objects.get(code="correction_check").assignee == cast.service_manager
    actions.check_correction(row, is_effective=True, check_words="x", by=cast.by("service_manager"))


def test_what_is_refused(cases, cast):
    today = localdate()
    for field, more in (
        ("due_on", {"due_on": today - DAY}),
        ("check_on", {"check_on": today}),
        ("owner", {"owner": cast.stranger}),
        ("complaint", {"complaint": cases.received(), "store": cast.sister, "owner": cast.group_manager}),
    ):
        with pytest.raises((Refused, PermissionDenied)) as refused:
            added(cast, **more)
        assert getattr(refused.value, "field", field) == field
    for who in ("technician", "advisor"):
        with pytest.raises(PermissionDenied):
            actions.add_correction(store=cast.store, words="x", owner=cast.technician, due_on=today, by=cast.by(who))
    assert not Correction.objects.exists()


def test_a_new_owner_has_the_task(cast):
    row, by = added(cast), cast.by("care_manager")
    known = {"words": row.words, "due_on": row.due_on}
    row = actions.edit_correction(row, owner=cast.controller, **known, by=by)
    assert Task.objects.get(code="correction_due", status="open").assignee == cast.controller
    lines = Entry.objects.filter(verb="correction.edited")
    assert lines.count() == 1
    actions.edit_correction(row, owner=cast.controller, **known, by=by)  # nothing changed, nothing is written
    assert lines.count() == 1
    row = actions.drop_correction(row, reason="设备已更换", by=by)
    assert row.status == "dropped" and not Task.objects.filter(status="open").exists()
    for step in (actions.do_correction, actions.drop_correction):
        with pytest.raises(Refused):
            step(row, **({"done_words": "x"} if step is actions.do_correction else {"reason": "x"}), by=by)


def test_what_is_late_is_told_once_for_each_day_set(cast):
    row = added(cast)
    assert actions.remind_corrections() == 0
    later = now() + 7 * DAY
    assert [actions.remind_corrections(later), actions.remind_corrections(later)] == [1, 0]
    told = Notice.objects.filter(code="correction_late")
    assert set(told.values_list("employee", flat=True)) == {cast.technician.pk, cast.care_manager.pk}
    row.refresh_from_db()
    by, words = cast.by("care_manager"), row.words
    actions.edit_correction(row, words=words, owner=row.owner, due_on=localdate() + 20 * DAY, by=by)
    assert actions.remind_corrections(later) == 0
    assert actions.remind_corrections(now() + 22 * DAY) == 1


@pytest.mark.duty("K-15")
def test_the_browser_by_manager_and_owner(cases, cast, browser):
    case, manager, owner = cases.judged(), browser("care_manager"), browser("technician")
    assert f"/corrections/add/?complaint={case.pk}" in manager.get(case.get_absolute_url()).content.decode()
    assert manager.get(f"/corrections/add/?complaint={case.pk}").status_code == 200
    data = {"store": case.store_id, "complaint": case.pk, "words": "<b>上墙</b>", "owner": cast.technician.pk}
    bad = manager.post("/corrections/add/", data | {"due_on": (localdate() - DAY).isoformat()})
    assert bad.status_code == 422 and "&lt;b&gt;上墙" in bad.content.decode()
    assert manager.post("/corrections/add/", data | {"due_on": localdate().isoformat()}).status_code == 302
    row = Correction.objects.get()
    assert row.complaint == case and row.get_absolute_url() in manager.get(case.get_absolute_url()).content.decode()
    page = owner.get(row.get_absolute_url()).content.decode()
    assert f"/corrections/{row.pk}/do/" in page and f"/corrections/{row.pk}/edit/" not in page
    assert case.get_absolute_url() not in page  # the technician sees no cases
    assert "<b>上墙" not in page and row.get_absolute_url() in owner.get("/corrections/").content.decode()
    assert owner.get(f"/corrections/{row.pk}/edit/").status_code == 403
    assert owner.post(f"/corrections/{row.pk}/do/", {"done_words": "已上墙"}).status_code == 302
    for step in ("check", "drop"):
        assert manager.get(f"/corrections/{row.pk}/{step}/").status_code == 200
    data = {"is_effective": "yes", "check_words": "有效"}
    assert manager.post(f"/corrections/{row.pk}/check/", data).status_code == 302
    assert manager.get(row.get_absolute_url()).status_code == 200
    for tab, there in (("done", True), ("open", False), ("late", False), ("to_check", False), ("mine", False)):
        assert ("上墙" in manager.get(f"/corrections/?tab={tab}").content.decode()) is there, tab
    book = load_workbook(io.BytesIO(manager.get("/corrections/?tab=all&export=xlsx").content))
    assert len(list(book.active.values)) == 2
    assert browser("inspector").get(row.get_absolute_url()).status_code == 404  # a colleague who owns it not
    cases.neighbour()
    assert browser("neighbour").get(row.get_absolute_url()).status_code == 404
    assert "上墙" not in browser("neighbour").get("/corrections/?tab=all").content.decode()


def test_the_rest_door(cases, cast, program):
    ask, own = program("care_manager"), program("technician")
    body = {"store": cast.store.pk, "words": "上墙", "owner": cast.technician.pk, "due_on": localdate().isoformat()}
    assert ask("corrections/", body).status_code == 400  # no key
    made = [ask("corrections/", body, **{"Idempotency-Key": "k"}) for _n in range(2)]
    assert [one.status_code for one in made] == [201, 201] and Correction.objects.count() == 1
    pk, version = made[0].json()["id"], made[0].json()["version"]
    assert ask(f"corrections/{pk}/", {"words": "y"}, "patch").status_code == 428
    changed = ask(f"corrections/{pk}/", {"words": "上墙并培训"}, "patch", **{"If-Match": f'"{version}"'})
    assert changed.status_code == 200 and changed.json()["owner"]["id"] == cast.technician.pk
    assert ask(f"corrections/{pk}/do/", {"done_words": "x"}).status_code == 409  # not the owner
    assert own(f"corrections/{pk}/do/", {"done_words": "已完成"}).json()["status"] == "done"
    assert (
        ask(f"corrections/{pk}/check/", {"is_effective": True, "check_words": "有效"}).json()["status"] == "effective"
    )
    assert ask(f"corrections/{pk}/drop/", {"reason": "x"}).status_code == 409
    assert [one["id"] for one in own("corrections/", method="get").json()["results"]] == [pk]
    assert program("stranger")(f"corrections/{pk}/", method="get").status_code == 404


def test_the_list_makes_as_many_queries_for_12_as_for_2(cases, cast, browser):
    client, case = browser("care_manager"), cases.judged()

    def queries(count):
        for _n in range(count):
            added(cast, case)
        client.get("/corrections/")
        with CaptureQueriesContext(connection) as seen:
            assert client.get("/corrections/").status_code == 200
        return len(seen)

    few = queries(2)
    assert queries(10) <= few
