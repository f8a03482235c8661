"""The monthly report: ordered once, built by the worker, frozen for ever; a correction makes a new version."""

import io
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import DatabaseError, connection, transaction
from django.urls import reverse
from django.utils.timezone import now
from openpyxl import load_workbook
from pypdf import PdfReader

from core.actor import CLOCK
from core.figures import touch
from core.models import Entry
from core.rows import Refused
from customers.models import VisitNote
from dealer import actions
from dealer.models import MonthlyReport
from dealer.prints import monthly_report, sections, workbook
from finance.models import Settlement
from service.models import Visit


def last_month(cast):
    return (cast.store.business_date(now()).replace(day=1) - timedelta(days=1)).replace(day=1)


@pytest.fixture
def history(cast, chain):
    """刘建国's visit, moved into last month."""
    visit = chain.left()
    day = last_month(cast) + timedelta(days=9)
    back = timedelta(days=(visit.arrived_on - day).days)
    Visit.objects.update(
        arrived_on=day,
        left_on=day,
        ready_at=visit.ready_at - back,
        told_at=visit.told_at - back,
        promised_at=visit.promised_at - back,
        promised_first=visit.promised_first - back,
    )
    Settlement.objects.update(settled_on=day)
    VisitNote.objects.update(left_on=day)
    touch(cast.store.pk, day)
    return day


@pytest.fixture
def report(cast, history):
    actions.order_reports(by=CLOCK)
    actions.build_reports(by=CLOCK)
    return MonthlyReport.objects.get(store=cast.store)


@pytest.mark.duty("D-10")
def test_the_month_that_is_over_is_reported_once(cast, history):
    assert actions.order_reports(by=CLOCK) == 3  # one a store
    assert actions.order_reports(by=CLOCK) == 0
    assert actions.build_reports(by=CLOCK) == 3
    assert actions.build_reports(by=CLOCK) == 0
    report = MonthlyReport.objects.get(store=cast.store)
    assert (report.month, report.report_version) == (last_month(cast), 1)
    facts = report.facts
    assert facts["visits"] == {"total": 1, "kinds": {"repair": 1}}
    assert facts["revenue"]["payers"] == {"customer": {"labour": "570.00", "part": "798.00", "other": "0.00"}}
    assert facts["revenue"]["total"] == "1368.00"
    assert facts["order_value"] == {"net": "1210.61", "orders": 1}
    assert facts["on_time"] == {"last": [1, 1], "first": [1, 1]}
    assert facts["members"] == {"called": 0, "visits": 1, "gap": 1}
    assert Entry.objects.filter(verb="report.built", object_id=report.pk, by_kind="clock").count() == 1


def test_older_months_with_visits_get_theirs_too(cast, history):
    old = (last_month(cast) - timedelta(days=40)).replace(day=3)
    Visit.objects.update(arrived_on=old)
    actions.order_reports(by=CLOCK)
    months = MonthlyReport.objects.filter(store=cast.store).values_list("month", flat=True)
    assert set(months) == {old.replace(day=1), last_month(cast)}
    for one in MonthlyReport.objects.all():
        assert one.due_at <= now()


def test_a_frozen_report_never_changes_and_a_correction_makes_a_new_version(cast, report, history):
    before = (report.facts, report.digest)
    Settlement.objects.update(amount=Decimal("1500.00"), gross=Decimal("1500.00"), net=Decimal("1300.00"))
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM dealer_monthlyreport")
    Visit.objects.update(kind="maintenance")
    touch(cast.store.pk, history)
    actions.refresh_figures()
    report.refresh_from_db()
    assert (report.facts, report.digest) == before
    new = actions.build_report(
        store=cast.store, month=report.month, reason="维修类型更正", by=cast.by("service_manager")
    )
    actions.build_reports(by=CLOCK)
    new.refresh_from_db()
    report.refresh_from_db()
    assert new.report_version == 2
    assert new.facts["visits"]["kinds"] == {"maintenance": 1}
    assert (report.facts, report.digest) == before


@pytest.mark.parametrize("change", [{"facts": {}}, {"digest": ""}, {"frozen_at": None}, {"reason": "x"}])
def test_postgres_refuses_to_change_what_is_frozen(report, change):
    with pytest.raises(DatabaseError), transaction.atomic():
        MonthlyReport.objects.filter(pk=report.pk).update(**change)
    with pytest.raises(DatabaseError), transaction.atomic():
        report.delete()


def test_a_killed_worker_is_repeated_and_the_fifth_attempt_is_the_last(cast, history):
    actions.order_reports(by=CLOCK)
    MonthlyReport.objects.exclude(store=cast.store).delete()
    for attempt in range(1, 6):
        claimed = MonthlyReport.objects.claim()  # and the worker dies
        assert claimed.attempts == attempt
        assert MonthlyReport.objects.claim() is None
        MonthlyReport.objects.update(claimed_until=now() - timedelta(seconds=1))
        if attempt == 2:
            sid = transaction.savepoint()
            assert actions.build_reports(by=CLOCK) == 1  # one of the repeats may be the one that works
            transaction.savepoint_rollback(sid)
            MonthlyReport.objects.update(claimed_until=now() - timedelta(seconds=1))
    assert actions.build_reports(by=CLOCK) == 0
    assert MonthlyReport.objects.get().failed_at is not None


def test_a_worker_that_lost_its_claim_does_not_freeze(cast, history):
    actions.order_reports(by=CLOCK)
    MonthlyReport.objects.exclude(store=cast.store).delete()
    slow = MonthlyReport.objects.claim()
    MonthlyReport.objects.update(claimed_until=now() - timedelta(seconds=1))
    assert actions.build_reports(by=CLOCK) == 1
    assert actions._build(slow, CLOCK) is False
    assert Entry.objects.filter(verb="report.built").count() == 1


def test_what_cannot_be_built_says_why_and_the_others_go_on(cast, history, monkeypatch):
    real = actions.facts_of

    def broken(store, month):
        if store == cast.store:
            raise ValueError("kaputt")
        return real(store, month)

    monkeypatch.setattr(actions, "facts_of", broken)
    actions.order_reports(by=CLOCK)
    assert actions.build_reports(by=CLOCK) == 2
    stuck = MonthlyReport.objects.get(store=cast.store)
    assert stuck.last_error == "ValueError: kaputt"
    assert stuck.due_at > now()


def test_who_may_order_a_version_and_for_which_month(cast, report):
    from django.core.exceptions import PermissionDenied

    ask = {"month": report.month, "reason": "更正"}
    with pytest.raises(PermissionDenied):
        actions.build_report(store=cast.store, **ask, by=cast.by("advisor"))
    with pytest.raises(PermissionDenied):
        actions.build_report(store=cast.foreign, **ask, by=cast.by("service_manager"))
    with pytest.raises(Refused):
        actions.build_report(store=cast.store, month=date(2999, 1, 1), reason="更正", by=cast.by("service_manager"))
    actions.build_report(store=cast.store, **ask, by=cast.by("service_manager"))
    with pytest.raises(Refused):
        actions.build_report(store=cast.store, **ask, by=cast.by("service_manager"))


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_the_pages_show_the_report_its_versions_and_what_changed(client, cast, report, history, language):
    client.force_login(cast.finance_manager)
    Visit.objects.update(kind="maintenance")
    touch(cast.store.pk, history)
    form = {"store": cast.store.pk, "month": f"{report.month:%Y-%m}", "reason": "更正", "form_token": "once"}
    sent = client.post(reverse("build_report"), form, headers={"accept-language": language})
    new = MonthlyReport.objects.get(report_version=2)
    assert sent["Location"] == new.get_absolute_url()
    assert client.post(reverse("build_report"), form)["Location"] == sent["Location"]  # pressed twice
    waiting = client.get(new.get_absolute_url())
    assert "every 2s" in waiting.content.decode()
    piece = client.get(new.get_absolute_url(), headers={"hx-request": "true"})
    assert "<html" not in piece.content.decode()
    assert "HX-Refresh" not in piece.headers
    actions.build_reports(by=CLOCK)
    assert client.get(new.get_absolute_url(), headers={"hx-request": "true"}).headers["HX-Refresh"] == "true"
    page = client.get(new.get_absolute_url(), headers={"accept-language": language})
    assert len(page.context["differences"]) == 4  # two kinds, their number and their share
    assert "¥ 1,368.00" in page.content.decode()
    listed = client.get(reverse("reports"), headers={"accept-language": language})
    assert [one.report_version for one in listed.context["page"].rows] == [2, 1]
    assert client.get(reverse("build_report")).status_code == 200


def test_another_companys_report_is_not_there(client, cast, report):
    from tests.conftest import make_person

    client.force_login(make_person("fremd", "远航总经理", "general_manager", cast.foreign))
    for name in ("report", "report_pdf", "report_xlsx"):
        assert client.get(reverse(name, args=[report.pk])).status_code == 404
    assert {one.store for one in client.get(reverse("reports")).context["page"].rows} == {cast.foreign}
    client.force_login(cast.advisor)
    assert client.get(report.get_absolute_url()).status_code == 403


def shown(report):
    """Every word and number of the report's tables."""
    return [
        str(one)
        for part in sections(report.facts)
        for one in [part["title"], *part["head"], *(cell for row in [*part["rows"], part["total"]] for cell in row)]
    ]


def test_pdf_and_spreadsheet_say_what_the_page_says_and_never_differ_by_a_byte(client, cast, report):
    from django.utils import translation

    client.force_login(cast.finance_manager)
    pdf = client.get(reverse("report_pdf", args=[report.pk]))
    xlsx = client.get(reverse("report_xlsx", args=[report.pk]))
    assert pdf.content == client.get(reverse("report_pdf", args=[report.pk])).content
    assert xlsx.content == client.get(reverse("report_xlsx", args=[report.pk])).content
    with translation.override("en"):
        assert workbook(MonthlyReport.objects.with_names().get(pk=report.pk)) == xlsx.content
    text = "".join("".join(one.extract_text().split()) for one in PdfReader(io.BytesIO(pdf.content)).pages)
    with translation.override("zh-hans"):
        wanted = shown(report)
        page = client.get(report.get_absolute_url(), headers={"accept-language": "zh-hans"}).content.decode()
    for word in wanted:
        assert "".join(word.split()) in text, word
    for word in ("¥ 1,368.00", "¥ 1,210.61", "100.0%"):
        assert word in page
    book = load_workbook(io.BytesIO(xlsx.content))
    numbers = {cell.value for sheet in book for row in sheet for cell in row}
    assert {1368, 1210.61, 570, 798} <= numbers
    assert monthly_report(report)["created"] == report.frozen_at


def test_a_stores_name_is_no_formula(cast, report):
    report.facts["store"]["name"] = "=HYPERLINK(1)"
    cells = [c.value for row in load_workbook(io.BytesIO(workbook(report))).worksheets[0] for c in row]
    assert "'=HYPERLINK(1)" in cells
    assert not [one for one in cells if isinstance(one, str) and one.startswith("=")]
