"""Holds: a job waits for something, with its minutes; the wait for consent begins and ends by itself."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.utils.timezone import now

from core.rows import Refused
from service import actions
from service.models import Hold, Job, Line, Order


def offer(cast, job, name="雨刮片"):
    row = {"kind": "part", "code": "", "name": name, "quantity": Decimal(1), "unit": "", "price": Decimal(98)}
    row |= {"cost": Decimal(40), "payer": "customer", "party": None, "reason": "repair"}
    actions.add_lines(job, lines=[row], by=cast.by("advisor"))
    return Line.objects.get(name=name)


def answer(cast, line, word):
    actions.authorise(
        line.job.order, answers=[{"line": line.pk, "answer": word}], via="phone", consent_by="刘建国",
        by=cast.by("advisor"),
    )  # fmt: skip


def dispatched(cast, chain):
    chain.authorised()
    job = Job.objects.get()
    actions.dispatch(job, technician=cast.technician, by=cast.by("controller"))
    return job


def test_the_wait_for_consent_begins_and_ends_by_itself(cast, chain):
    visit = chain.estimated()
    held = Hold.objects.get()
    assert (held.kind, held.ended_at) == ("consent", None)
    first, second = Line.objects.order_by("pk")
    answer(cast, first, "authorised")
    held.refresh_from_db()
    assert held.ended_at is None  # one line is still open
    answer(cast, second, "deferred")
    held.refresh_from_db()
    assert held.ended_at
    offer(cast, Job.objects.get())
    assert Hold.objects.open().get().pk != held.pk
    actions.remove_line(Line.objects.get(name="雨刮片"), by=cast.by("advisor"))
    assert not Hold.objects.open().exists() and Hold.objects.count() == 2
    assert visit.orders.get().status == Order.Status.TO_DISPATCH


def test_extra_work_never_moves_the_order_back_nor_stops_the_work(cast, chain):
    job = dispatched(cast, chain)
    actions.start(job, by=cast.by("technician"))
    line = offer(cast, job)
    assert Hold.objects.open().get().kind == "consent"
    assert Order.objects.get().status == Order.Status.IN_WORK
    actions.finish(Job.objects.get(), cause="磨损", remedy="更换", by=cast.by("technician"))
    answer(cast, line, "declined")
    assert Job.objects.get().status == Job.Status.CHECKING


def test_a_job_is_given_out_while_only_extra_lines_wait_for_consent(cast, chain):
    chain.authorised()
    offer(cast, Job.objects.get())
    assert Hold.objects.open().get().kind == "consent"
    actions.dispatch(Job.objects.get(), technician=cast.technician, by=cast.by("controller"))
    actions.start(Job.objects.get(), by=cast.by("technician"))
    assert Job.objects.get().status == Job.Status.IN_WORK


def test_a_job_that_waits_for_parts_is_neither_given_out_nor_begun_nor_finished(cast, chain):
    chain.authorised()
    job = Job.objects.get()
    actions.hold(
        job, kind="parts", expected_at=now() + timedelta(hours=2), remark="前制动片", by=cast.by("parts_clerk")
    )
    with pytest.raises(Refused):
        actions.dispatch(job, technician=cast.technician, by=cast.by("controller"))
    actions.resume(Hold.objects.open().get(), by=cast.by("parts_clerk"))
    actions.dispatch(job, technician=cast.technician, by=cast.by("controller"))
    actions.hold(job, kind="sublet", by=cast.by("technician"))
    with pytest.raises(Refused):
        actions.start(job, by=cast.by("technician"))
    actions.resume(Hold.objects.open().get(), by=cast.by("technician"))
    actions.start(job, by=cast.by("technician"))
    actions.hold(job, kind="parts", by=cast.by("technician"))
    with pytest.raises(Refused):
        actions.finish(job, cause="x", remedy="y", by=cast.by("technician"))
    assert Hold.objects.filter(ended_at__isnull=False, kind__in=["parts", "sublet"]).count() == 2


def test_what_is_refused(cast, chain):
    job = dispatched(cast, chain)
    actions.hold(job, kind="parts", by=cast.by("technician"))
    for given, field in (
        ({"kind": "parts"}, "kind"),
        ({"kind": "consent"}, "kind"),
        ({"kind": "sublet", "expected_at": now() - timedelta(minutes=1)}, "expected_at"),
    ):
        with pytest.raises(Refused) as refused:
            actions.hold(job, **given, by=cast.by("technician"))
        assert refused.value.field == field
    held = Hold.objects.open().get()
    actions.resume(held, by=cast.by("technician"))
    with pytest.raises(Refused):
        actions.resume(held, by=cast.by("technician"))
    with pytest.raises(PermissionDenied):
        actions.hold(job, kind="sublet", by=cast.by("cashier"))


def test_a_car_that_leaves_waits_for_nothing(cast, chain):
    visit = chain.authorised()
    actions.hold(Job.objects.get(), kind="parts", by=cast.by("parts_clerk"))
    actions.exit_visit(visit, exit="taken_away", reason="配件等太久", by=cast.by("advisor"))
    assert not Hold.objects.open().exists()


def test_pages_rest_and_strangers(cast, chain, browser, program):
    job = dispatched(cast, chain)
    assert browser("technician").get(f"/jobs/{job.pk}/hold/").status_code == 200
    assert browser("technician").post(f"/jobs/{job.pk}/hold/", {"kind": "consent"}).status_code == 422
    assert browser("technician").post(f"/jobs/{job.pk}/hold/", {"kind": "parts"}).status_code == 302
    held = Hold.objects.open().get()
    page = browser("advisor").get(f"/orders/{job.order_id}/").content.decode()
    assert "Waiting for parts" in page and f"/holds/{held.pk}/resume/" in page
    for name, path in (("stranger", f"/holds/{held.pk}/resume/"), ("stranger", f"/jobs/{job.pk}/hold/")):
        assert browser(name).get(path).status_code == 404
    assert program("stranger")(f"holds/{held.pk}/resume/").status_code == 404
    told = program("technician")(f"holds/{held.pk}/resume/")
    assert told.status_code == 200 and told.json()["ended_at"]
    assert program("technician")(f"holds/{held.pk}/resume/").status_code == 409
    told = program("technician")(f"jobs/{job.pk}/hold/", {"kind": "assessment", "remark": "等定损"})
    assert [one["kind"] for one in told.json()["holds"] if not one["ended_at"]] == ["assessment"]
    assert program("technician")(f"jobs/{job.pk}/hold/", {"kind": "consent"}).status_code == 400
