"""The month's sheet (顾客投诉分类统计表): as it stands, signed, frozen, printed (K-14)."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.utils.timezone import localdate, now

from complaints import actions
from complaints.figures import margins_of, sheet_of
from complaints.models import Complaint, MonthSheet, Problem, ProblemClass
from core.figures import month_end
from core.models import Entry
from core.rows import Refused


@pytest.fixture
def month():
    """The month before this one."""
    return (localdate().replace(day=1) - timedelta(days=1)).replace(day=1)


def came(cases, month, **given):
    """A complaint that came in the middle of a month."""
    problem = given.pop("problem", None)
    case = cases.received(phone="", name=f"顾客{Complaint.objects.count()}", **given)
    moment = now() - timedelta(days=(localdate() - month).days - 14)
    Complaint.objects.filter(pk=case.pk).update(
        received_on=month + timedelta(days=14), received_at=moment, problem=problem
    )
    return Complaint.objects.get(pk=case.pk)


@pytest.fixture
def some(cases, cast, month):
    """Four complaints of last month: two of one class, one of them ended; and an enquiry."""
    letter = ProblemClass.objects.create(letter="X", name_zh="空调", kind="quality")
    fault = Problem.objects.create(problem_class=letter, code="X1", name_zh="不凉")
    found = [came(cases, month, problem=fault), cases.judged(came(cases, month, problem=fault))]
    found += [cases.investigated(cases.judged(came(cases, month))), came(cases, month, nature="enquiry")]
    actions.end_case(found[0], result="withdrawn", words="撤诉", by=cast.by("care_manager"))
    came(cases, localdate().replace(day=1))
    return found


@pytest.mark.duty("K-14")
def test_the_sheet_counts_by_class_department_cause_and_result(some, cast, month):
    sheet = sheet_of(cast.store, month, month_end(month))
    assert sheet["total"] == 3 and sheet["other"] == 1
    margins = margins_of(sheet)
    assert [(one["value"], one["n"]) for one in margins["problem_class"]] == [("X", 2), ("", 1)]
    assert [(one["value"], one["n"]) for one in margins["department"]] == [("workshop", 2), ("", 1)]
    assert {(one["value"], one["n"]) for one in margins["cause"]} == {("skill", 1), ("", 2)}
    assert {(one["value"], one["n"]) for one in margins["result"]} == {("withdrawn", 1), ("", 2)}


@pytest.mark.duty("K-14")
def test_the_signature_freezes_the_figures(some, cast, cases, month):
    by = cast.by("care_manager")
    for when, field in ((localdate().replace(day=1), "month"), (cast.store.live_from - timedelta(days=40), "month")):
        with pytest.raises(Refused) as refused:
            actions.sign_month(store=cast.store, month=when, measures="x", by=by)
        assert refused.value.field == field
    with pytest.raises(PermissionDenied):
        actions.sign_month(store=cast.store, month=month, measures="x", by=cast.by("care_agent"))
    sheet = actions.sign_month(store=cast.store, month=month, measures="加强空调诊断培训", by=by)
    assert sheet.figures["total"] == 3 and sheet.signed_by == cast.care_manager
    came(cases, month)  # a later change leaves the signed sheet alone
    assert sheet_of(cast.store, month, month_end(month))["total"] == 4
    assert MonthSheet.objects.get().figures["total"] == 3
    with pytest.raises(Refused):
        actions.sign_month(store=cast.store, month=month, measures="again", by=by)
    assert Entry.objects.filter(verb="month_sheet.signed").count() == 1


@pytest.mark.duty("K-14")
def test_the_browser_shows_signs_and_prints_it(some, cast, cases, browser, month):
    manager, path = browser("care_manager"), f"/complaints/months/{cast.store.pk}/{month:%Y-%m}/"
    page = manager.get(path)
    assert page.status_code == 200 and f"{path}sign/" in page.content.decode()
    # every number leads to its rows
    for part in page.context["margins"]:
        for row in part["rows"]:
            assert manager.get(row["url"]).context["table"].rows.__len__() == row["n"], row
    for row in page.context["rows"]:
        assert len(manager.get(row["url"]).context["table"].rows) == row["n"], row
    lines = manager.get(f"/complaints/months/?year={month.year}").content.decode()
    assert path in lines and "To be signed" in lines
    assert manager.get(f"{path}print/").content.startswith(b"%PDF")
    assert manager.get(f"{path}sign/").status_code == 200
    assert manager.post(f"{path}sign/", {"measures": ""}).status_code == 422
    assert manager.post(f"{path}sign/", {"measures": "<b>培训</b>"}).status_code == 302
    page = manager.get(path).content.decode()
    assert "&lt;b&gt;培训" in page and f"{path}sign/" not in page
    assert manager.post(f"{path}sign/", {"measures": "again"}).status_code == 422
    assert manager.get(f"{path}print/").content.startswith(b"%PDF")
    for wrong in ("2026-13", "26-1", "x"):
        assert manager.get(f"/complaints/months/{cast.store.pk}/{wrong}/").status_code == 404
    cases.neighbour()
    assert browser("neighbour").get(path).status_code == 404
    assert browser("neighbour").post(f"{path}sign/", {"measures": "x"}).status_code == 404
    assert browser("advisor").get(path).status_code == 403


def test_the_rest_door(some, cast, cases, program, month):
    ask = program("care_manager")
    body = {"store": cast.store.pk, "month": month.isoformat(), "measures": "培训"}
    made = [ask("month-sheets/", body, **{"Idempotency-Key": "k"}) for _n in range(2)]
    assert [one.status_code for one in made] == [201, 201] and made[0].json()["figures"]["total"] == 3
    again = ask("month-sheets/", body, **{"Idempotency-Key": "other"})
    assert again.status_code == 400 and "month" in again.json()["fields"]
    pk = made[0].json()["id"]
    assert [one["id"] for one in ask("month-sheets/", method="get").json()["results"]] == [pk]
    cases.neighbour()
    assert program("neighbour")(f"month-sheets/{pk}/", method="get").status_code == 404


def test_a_month_is_asked_for_as_a_month(cast):
    from complaints.forms.learning import SignMonthForm

    asked = str(SignMonthForm(None, by=cast.by("care_manager"), initial={"month": date(2026, 10, 1)})["month"])
    assert 'type="month"' in asked and 'value="2026-10"' in asked
