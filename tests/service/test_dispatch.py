"""Dispatch: to a technician or a team of the right trade, again to another one, and from the work list in two taps."""

from datetime import timedelta

import pytest
from django.utils.timezone import now

from core.models import Absence, Notice, Posting
from core.rows import Refused
from service import actions
from service.models import Job
from service.models.workload import Workload
from tests.conftest import make_person


def job_of(chain, **more):
    chain.authorised(**more)
    return Job.objects.get()


def bench(cast, person, moment=None):
    load = Workload(cast.store, moment or now())
    return next(one for one in load.benches if one.pk == person.pk)


def test_the_trade_must_fit_and_blank_is_every_trade(cast, chain):
    job = job_of(chain)
    painter = make_person("painter", "漆工", "technician", cast.store)
    Posting.objects.filter(employee=painter).update(trade="paint")
    with pytest.raises(Refused) as refused:
        actions.dispatch(job, technician=painter, by=cast.by("controller"))
    assert refused.value.field == "technician"
    with pytest.raises(Refused) as refused:
        actions.dispatch(job, technician=cast.technician, helpers=[painter], by=cast.by("controller"))
    assert refused.value.field == "helpers"
    actions.dispatch(job, technician=painter, trade="paint", by=cast.by("controller"))
    job.refresh_from_db()
    assert (job.trade, job.technician) == ("paint", painter)


def test_a_team_works_together_and_checks_nothing_of_its_own(cast, chain):
    job = job_of(chain)
    helper = make_person("helper", "学徒", "technician", cast.store)
    Posting.objects.create(employee=helper, role="inspector", store=cast.store)
    cast.people["helper"] = helper
    actions.dispatch(job, technician=cast.technician, helpers=[helper, cast.technician], by=cast.by("controller"))
    assert list(job.helpers.all()) == [helper]
    assert set(Notice.objects.filter(code="job_dispatched").values_list("employee", flat=True)) == {
        helper.pk, cast.technician.pk,
    }  # fmt: skip
    assert list(Job.objects.of_technician(helper.pk)) == [job]
    actions.start(job, by=cast.by("helper"))
    actions.finish(job, cause="磨损", remedy="更换", by=cast.by("technician"))
    with pytest.raises(Refused):
        actions.check(job, passed=True, remark="", by=cast.by("helper"))


def test_a_job_goes_on_in_other_hands(cast, chain):
    job = job_of(chain)
    other = make_person("other", "老王", "technician", cast.store)
    actions.dispatch(job, technician=cast.technician, by=cast.by("controller"))
    actions.dispatch(job, technician=other, by=cast.by("controller"))
    cast.people["other"] = other
    actions.start(job, by=cast.by("other"))
    actions.dispatch(job, technician=cast.technician, by=cast.by("controller"))
    job.refresh_from_db()
    assert (job.status, job.technician) == (Job.Status.IN_WORK, cast.technician)
    with pytest.raises(Refused):
        actions.finish(job, cause="x", remedy="y", by=cast.by("other"))


@pytest.mark.duty("S-02")
def test_hours_that_have_passed_absence_and_work_given_do_not_count(cast, chain):
    job = job_of(chain)
    day = now().astimezone().replace(hour=10, minute=0, second=0, microsecond=0)
    whole = bench(cast, cast.technician, day)
    assert whole.present == timedelta(hours=13, minutes=59)  # the test's store is open until 23:59
    assert bench(cast, cast.technician, day + timedelta(hours=4)).present == timedelta(hours=9, minutes=59)
    Absence.objects.create(
        store=cast.store, employee=cast.technician, starts_at=day + timedelta(hours=1), ends_at=day + timedelta(hours=3)
    )
    Absence.objects.create(  # within the other: its hours are not missing twice
        store=cast.store, employee=cast.technician, starts_at=day + timedelta(hours=2), ends_at=day + timedelta(hours=3)
    )
    assert bench(cast, cast.technician, day).present == timedelta(hours=11, minutes=59)
    actions.dispatch(job, technician=cast.technician, by=cast.by("controller"))
    given = bench(cast, cast.technician, day)
    assert given.given == timedelta(hours=1.5)
    assert given.free == timedelta(hours=10, minutes=29)
    Job.objects.update(status="in_work", started_at=day - timedelta(hours=1))
    assert bench(cast, cast.technician, day).given == timedelta(minutes=30)
    Job.objects.update(started_at=day - timedelta(hours=3))
    assert bench(cast, cast.technician, day).given == timedelta()


def test_a_team_shares_the_hours(cast, chain):
    job = job_of(chain)
    helper = make_person("helper", "学徒", "technician", cast.store)
    actions.dispatch(job, technician=cast.technician, helpers=[helper], by=cast.by("controller"))
    assert [bench(cast, one).given for one in (cast.technician, helper)] == [timedelta(minutes=45)] * 2


def test_the_list_begins_with_waiting_customers_then_goes_by_promise(cast, chain):
    from customers.models import Vehicle
    from tests.conftest import Chain

    late, early = now() + timedelta(hours=8), now() + timedelta(hours=2)
    for plate, promise, waits in (("沪A00001", late, False), ("沪A00002", early, False), ("沪A00003", late, True)):
        car = Vehicle.objects.create(
            company=cast.store.company, owner=chain.vehicle.owner, plate=plate, plate_kind="ordinary"
        )
        Chain(cast, car).authorised(promised_at=promise, waits=waits)
    held = Job.objects.get(order__visit__vehicle__plate="沪A00003")
    assert [one.plate for one in Workload(cast.store, now()).jobs] == ["沪A00003", "沪A00002", "沪A00001"]
    assert Workload(cast.store, now()).jobs[0].left == timedelta(hours=1.5)
    actions.hold(held, kind="parts", expected_at=late, by=cast.by("parts_clerk"))
    jobs = Workload(cast.store, now()).jobs
    assert [one.plate for one in jobs] == ["沪A00002", "沪A00001", "沪A00003"]
    assert [kind for kind, _since, _expected in jobs[-1].missing] == ["parts"]


def test_two_taps_on_the_work_list(cast, chain, browser):
    job = job_of(chain)
    client = browser("controller")
    page = client.get("/workshop/dispatch/").content.decode()
    assert "沪A·8K721" in page and "1 h 30 min" in page and cast.technician.name in page
    assert " style=" not in page
    sent = {"job": job.pk, "technician": cast.technician.pk, "form_token": "once"}
    assert client.post("/workshop/dispatch/", sent)["Location"] == "/workshop/dispatch/"
    assert client.post("/workshop/dispatch/", sent).status_code == 302  # a double click ends on the same page
    job.refresh_from_db()
    assert (job.status, job.technician) == (Job.Status.DISPATCHED, cast.technician)
    assert "1 h 30 min" in client.get("/workshop/dispatch/").content.decode()  # now on the technician's bench
    assert client.post("/workshop/dispatch/", {"job": "x", "technician": cast.technician.pk}).status_code == 404
    refused = client.post("/workshop/dispatch/", {"job": job.pk, "technician": cast.cashier.pk})
    assert refused.status_code == 422 and "technician" in refused.context["form"].errors


def test_strangers_and_rest(cast, chain, browser, program):
    job = job_of(chain)
    assert browser("technician").get("/workshop/dispatch/").status_code == 403
    assert browser("stranger").get(f"/jobs/{job.pk}/dispatch/").status_code in {403, 404}
    helper = make_person("helper", "学徒", "technician", cast.store)
    body = {"technician": cast.technician.pk, "helpers": [helper.pk], "trade": "mechanic"}
    told = program("controller")(f"jobs/{job.pk}/dispatch/", body).json()
    assert (told["status"], [one["id"] for one in told["helpers"]]) == ("dispatched", [helper.pk])
    theirs = make_person("theirs", "远航技师", "technician", cast.foreign)
    refused = program("controller")(f"jobs/{job.pk}/dispatch/", {"technician": theirs.pk})
    assert refused.status_code == 400 and "technician" in refused.json()["fields"]


def test_the_technicians_own_list_begins_with_the_buttons(cast, chain, browser):
    job = job_of(chain)
    actions.dispatch(job, technician=cast.technician, by=cast.by("controller"))
    client = browser("technician")
    page = client.get("/workshop/").content.decode()
    assert f"/jobs/{job.pk}/start/" in page and f"/attachments/of/job/{job.pk}/" in page
    begun = client.post(f"/jobs/{job.pk}/start/?next=/workshop/%3Ftab%3Dmine", {"form_token": "x"})
    assert begun["Location"] == "/workshop/?tab=mine"
    assert f"/jobs/{job.pk}/finish/" in client.get("/workshop/?tab=mine").content.decode()


def test_who_is_absent_stands_there_with_the_reason_and_without_a_live_button(cast, chain, browser):
    job_of(chain)
    page = browser("controller").get("/workshop/dispatch/").content.decode()
    assert "disabled data-away" not in page and "not available today" not in page
    until = now() + timedelta(days=2)
    Absence.objects.create(
        store=cast.store, employee=cast.technician, starts_at=now() - timedelta(hours=1), ends_at=until
    )
    assert bench(cast, cast.technician).back_at == until
    page = browser("controller").get("/workshop/dispatch/").content.decode()
    assert cast.technician.name in page and "not available today: absent until" in page
    assert f'value="{cast.technician.pk}" disabled data-away' in page


def test_after_closing_time_the_list_says_that_it_is_for_the_next_day(cast, chain):
    job_of(chain)
    night = now().astimezone().replace(hour=23, minute=59, second=30)
    assert Workload(cast.store, night).is_closed
    assert not Workload(cast.store, night.replace(hour=10)).is_closed


def test_the_page_of_a_job_takes_the_technician_off_the_team(cast, chain, browser):
    job = job_of(chain)
    page = browser("controller").get(f"/jobs/{job.pk}/dispatch/").content.decode()
    assert "app/wall.js" in page  # it hides whoever is chosen as technician
    sent = {"technician": cast.technician.pk, "helpers": [cast.technician.pk], "form_token": "t"}
    assert browser("controller").post(f"/jobs/{job.pk}/dispatch/", sent).status_code == 302
    assert not job.helpers.exists()
