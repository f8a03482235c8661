"""Notices: told by code, read in one's own language, opened with one press; the shell pays one query for its badges."""

import re
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from core import actions
from core.models import Approval, Notice, Task
from core.notices import NOTICES, TASKS, notice_said, task_said
from tests.core.conftest import program

ROOT = Path(__file__).resolve().parents[2]
ROOMS = ("core", "customers", "service", "complaints", "finance", "dealer")


def tell(cast, *people, **more):
    return actions.notify([cast.people[one] for one in people], "check_failed", "/workshop/", job="换机油", **more)


def test_everybody_is_told_once_and_in_words(cast):
    made = actions.notify([cast.advisor, cast.advisor.pk, None, cast.cashier], "promise_near", plate="沪A8K721")
    assert [one.employee_id for one in made] == sorted([cast.advisor.pk, cast.cashier.pk])
    assert notice_said(made[0])[2] == "The promised time of 沪A·8K721 is near"


def test_opening_one_marks_it_read_and_leads_to_what_it_is_about(cast, client):
    (notice,) = tell(cast, "technician")
    client.force_login(cast.technician)
    page = client.get("/notices/").content.decode()
    assert "Sent back by the quality check: 换机油" in page
    assert 'aria-label="1 new notice"' in page
    assert client.get(f"/notices/{notice.pk}/").url == "/workshop/"
    notice.refresh_from_db()
    read_at = notice.read_at
    assert read_at is not None
    client.get(f"/notices/{notice.pk}/")
    notice.refresh_from_db()
    assert notice.read_at == read_at, "twice is once"
    assert "换机油" not in client.get("/notices/").content.decode()
    assert "换机油" in client.get("/notices/?tab=all").content.decode()


def test_all_of_ones_own_are_marked_and_nobody_elses(cast, client):
    tell(cast, "technician", "advisor")
    tell(cast, "technician")
    client.force_login(cast.technician)
    assert client.post("/notices/read-all/", {"form_token": "a"}).status_code == 302
    assert not Notice.objects.filter(employee=cast.technician).unread().exists()
    assert Notice.objects.filter(employee=cast.advisor).unread().count() == 1


def test_the_same_through_rest(cast):
    one, _other = tell(cast, "technician", "advisor")
    mine = program(cast.people["technician"] if one.employee == cast.technician else cast.advisor)
    rows = mine.get("/api/v1/notices/").json()["results"]
    assert [row["id"] for row in rows] == [one.pk] and "换机油" in rows[0]["said"]
    assert mine.post(f"/api/v1/notices/{one.pk}/read/", {}, "application/json").json()["read_at"]
    assert mine.post("/api/v1/notices/read-all/", {}, "application/json").json() == {"read": 0}
    assert mine.get(f"/api/v1/notices/{_other.pk}/").status_code == 404
    assert program(cast.stranger).get(f"/api/v1/notices/{one.pk}/").status_code == 404


def test_somebody_elses_notice_is_not_there(cast, client):
    (notice,) = tell(cast, "technician")
    client.force_login(cast.advisor)
    assert client.get(f"/notices/{notice.pk}/").status_code == 404


def test_every_code_that_is_told_has_its_sentence(cast):
    told, given = set(), set()
    for room in ROOMS:
        for path in (ROOT / room).rglob("*.py"):
            text = path.read_text(encoding="utf-8")
            told |= set(re.findall(r'\bnotify\([^"]*?"(\w+)"', text))
            given |= set(re.findall(r'\bgive_task\([^"]*?"(\w+)"', text))
            given |= set(re.findall(r'\bend_tasks\(\s*"(\w+)"', text))
    assert told - NOTICES.keys() == set()
    assert given - TASKS.keys() == set()


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_every_sentence_reads_with_and_without_its_parameters(db, language):
    with translation.override(language):
        for code in NOTICES:
            assert "%(" not in notice_said(Notice(code=code, params={}))[2]
        for code in TASKS:
            assert "%(" not in task_said(Task(code=code, params={"plate": "沪A8K721"}))
        assert notice_said(Notice(code="100 % unknown", params={}))[2] == "100 % unknown"


def test_what_surrounds_a_page_costs_one_query_more(cast, client):
    """The badges of the navigation and the bell: however much waits."""
    from core.shell import _counts

    class Request:
        actor = cast.by("service_manager")

    for _n in range(120):
        tell(cast, "service_manager")
    with CaptureQueriesContext(connection) as seen:
        counts = _counts(Request())  # type: ignore[arg-type]
    assert len(seen) == 1
    assert counts == {"notices": 99, "tasks": 0, "approvals": 0}
    assert not Approval.objects.exists()


def test_old_notices_are_forgotten(cast):
    from datetime import timedelta

    from django.utils.timezone import now

    tell(cast, "advisor", "technician")
    Notice.objects.filter(employee=cast.advisor).update(at=now() - timedelta(days=181))
    assert actions.forget_notices(now()) == 1
    assert Notice.objects.get().employee == cast.technician
