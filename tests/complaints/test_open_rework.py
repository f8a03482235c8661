"""Repair quality is made good free of charge while the guarantee runs (S-27, rules 13 and 14)."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils.timezone import localdate

from complaints import actions
from complaints.models import Complaint
from core.models import Notice, Task
from core.rows import Refused
from service import actions as service
from service.models import Job, Line, Order, Party, Share, Visit


def settled(cast, cases, chain, **more):
    """A complaint that holds, about a car that left after its brakes were done."""
    chain.left()
    job = Job.objects.get()
    return cases.judged(cases.received(vehicle=chain.vehicle, words="刹车还是响", **more)), job


def opened(cast, complaint, job):
    return actions.open_rework(complaint, job=job, by=cast.by("care_manager"))


@pytest.mark.duty("S-27")
def test_a_car_that_is_here_gets_a_free_order_that_names_the_first_one(cast, cases, chain, browser):
    complaint, job = settled(cast, cases, chain)
    visit = chain.received(mileage=68500, jobs=[{"words": "保养", "kind": "maintenance"}])
    client, address = browser("care_manager"), f"/complaints/{complaint.pk}/open-rework/"
    assert address in client.get(f"/complaints/{complaint.pk}/").content.decode()
    page = client.get(address).content.decode()
    assert "刹车异响" in page and job.order.number in page
    assert client.post(address, {"job": job.pk}).status_code == 302
    complaint.refresh_from_db()
    order = complaint.rework
    again = order.jobs.get()
    assert (order.visit, again.comeback_of, again.kind) == (visit, job, Job.Kind.COMEBACK)
    line = again.lines.get()
    assert (line.kind, line.name, line.amount) == ("labour", "更换前制动片", Decimal("570.00"))
    share = line.shares.get()
    assert (share.payer, share.party.kind, share.reason) == ("store", "store", "internal")
    assert Line.objects.with_own_amount().get(pk=line.pk).own_amount == 0
    assert Notice.objects.get(code="rework_opened").employee == cast.advisor
    assert order.number in client.get(f"/complaints/{complaint.pk}/").content.decode()
    with pytest.raises(Refused):
        opened(cast, complaint, job)
    visit.refresh_from_db()
    assert visit.kind == Visit.Kind.COMEBACK


@pytest.mark.duty("S-27")
def test_whatever_is_added_to_rework_is_the_stores_unless_another_cause_is_shown(cast, cases, chain):
    complaint, job = settled(cast, cases, chain)
    chain.received(mileage=68500)
    again = opened(cast, complaint, job).rework.jobs.get()
    part = {"kind": "part", "name": "制动盘", "quantity": Decimal(1), "price": Decimal(900), "payer": "customer"}
    service.add_lines(again, lines=[part | {"party": None, "reason": "repair"}], by=cast.by("advisor"))
    line = again.lines.get(name="制动盘")
    assert line.shares.get().payer == "store" and Party.objects.filter(kind="store").count() == 1
    shares = [{"payer": "customer", "party": None, "reason": "repair", "amount": None}]
    service.share_line(line, shares=shares, by=cast.by("advisor"))
    assert Share.objects.get(line=line).payer == "customer"


@pytest.mark.duty("S-27")
def test_a_car_that_is_not_here_is_owed_its_rework_until_the_reception_opens_it(cast, cases, chain, browser):
    complaint, job = settled(cast, cases, chain)
    complaint = opened(cast, complaint, job)
    assert (complaint.rework_of, complaint.rework) == (job, None)
    task = Task.objects.get(code="rework_owed")
    assert (task.assignee, task.object_id) == (complaint.keeper, complaint.pk)
    with pytest.raises(Refused):
        opened(cast, complaint, job)
    visit = chain.arrived()
    client = browser("advisor")
    assert f"/visits/{visit.pk}/rework/" in client.get(f"/visits/{visit.pk}/receive/").content.decode()
    piece = client.get(f"/visits/{visit.pk}/rework/", headers={"hx-request": "true"}).content.decode()
    one_tap = f"/visits/{visit.pk}/receive/?comebacks={job.pk}"
    assert complaint.number in piece and one_tap in piece and "<html" not in piece
    page = client.get(one_tap).content.decode()
    ticked = page[page.index(f'id="comebacks-{job.pk}"') :][:60]
    assert "checked" in ticked and f"ticked={job.pk}" in page
    promise = (localdate() + timedelta(days=1)).isoformat()
    sent = {"comebacks": job.pk, "promised_at": f"{promise}T18:00", "form_token": "a"}
    assert client.post(one_tap, sent).status_code == 302
    assert actions.link_reworks() == 1 and actions.link_reworks() == 0
    complaint.refresh_from_db()
    assert complaint.rework == Order.objects.get(jobs__comeback_of=job)
    task.refresh_from_db()
    assert task.status == Task.Status.DONE
    assert complaint.number not in client.get(f"/visits/{visit.pk}/rework/").content.decode()


def test_a_received_car_gets_its_owed_rework_with_one_tap_even_when_the_guarantee_has_ended_since(
    cast, cases, chain, browser
):
    complaint, job = settled(cast, cases, chain)
    opened(cast, complaint, job)
    Job.objects.filter(pk=job.pk).update(guaranteed_until=localdate(), guaranteed_km=60000)
    visit = chain.received(mileage=80000, jobs=[{"words": "保养", "kind": "maintenance"}])
    address = f"/complaints/{complaint.pk}/open-rework/"
    assert address in browser("care_manager").get(f"/visits/{visit.pk}/rework/").content.decode()
    assert f"/visits/{visit.pk}/rework/" in browser("care_manager").get(f"/visits/{visit.pk}/").content.decode()
    assert browser("care_manager").post(address, {"job": job.pk}).status_code == 302
    complaint.refresh_from_db()
    assert complaint.rework.visit == visit


def test_where_no_guarantee_runs_the_page_says_why_and_goodwill_stays_possible(cast, cases, chain, browser):
    complaint, job = settled(cast, cases, chain)
    Job.objects.filter(pk=job.pk).update(guaranteed_until=localdate() - timedelta(days=1))
    page = browser("care_manager").get(f"/complaints/{complaint.pk}/open-rework/").content.decode()
    assert "刹车异响" in page and f'value="{job.pk}"' not in page
    job.refresh_from_db()
    with pytest.raises(Refused) as refused:
        opened(cast, complaint, job)
    assert refused.value.field == "job"
    Job.objects.filter(pk=job.pk).update(guaranteed_until=localdate(), guaranteed_km=68000)
    job.refresh_from_db()
    with pytest.raises(Refused) as refused:
        opened(cast, complaint, job)
    assert "68000" in str(refused.value)


@pytest.mark.duty("S-27")
def test_a_fault_that_was_repaired_twice_is_a_warning(cast, cases, chain, browser):
    chain.left()
    first = Job.objects.get()
    visit = chain.received(mileage=68400)
    service.add_job(visit.orders.get(), words="x", kind="repair", comeback_of=first, by=cast.by("advisor"))
    second = Job.objects.get(comeback_of=first)
    far = localdate() + timedelta(days=9)
    Visit.objects.filter(pk=visit.pk).update(status="left", left_on=localdate(), left_at=visit.arrived_at)
    Job.objects.filter(pk=second.pk).update(status="done", guaranteed_until=far, guaranteed_km=70000)
    complaint = cases.judged(cases.received(vehicle=chain.vehicle))
    second.refresh_from_db()
    client = browser("care_manager")
    page = client.get(f"/complaints/{complaint.pk}/open-rework/").content.decode()
    assert page.count("text-danger") == 1 and f'value="{first.pk}"' not in page  # the rework has its own guarantee
    with pytest.raises(Refused):
        opened(cast, complaint, first)
    # a rework that did not help is no reason against the next one
    Order.objects.filter(pk=visit.orders.get().pk).update(status="closed")
    Complaint.objects.filter(pk=complaint.pk).update(rework_of=first, rework=visit.orders.get())
    complaint = opened(cast, complaint, second)
    assert (complaint.rework_of, complaint.rework) == (second, None)
    assert 'role="alert"' in client.get(f"/complaints/{complaint.pk}/").content.decode()


def test_an_owed_rework_may_be_dropped_with_the_reason(cast, cases, chain, browser):
    complaint, job = settled(cast, cases, chain)
    opened(cast, complaint, job)
    client, address = browser("care_manager"), f"/complaints/{complaint.pk}/drop-rework/"
    assert client.post(address, {"reason": ""}).status_code == 422
    assert client.post(address, {"reason": "顾客自己修好了"}).status_code == 302
    complaint.refresh_from_db()
    assert complaint.rework_of is None and Task.objects.get(code="rework_owed").status == Task.Status.DONE
    assert client.post(address, {"reason": "x"}).status_code == 422


def test_the_same_through_rest_and_not_by_strangers(cast, cases, chain, program):
    (complaint, job), neighbour = settled(cast, cases, chain), cases.neighbour()
    address, drop = f"complaints/{complaint.pk}/open-rework/", f"complaints/{complaint.pk}/drop-rework/"
    assert program(neighbour)(address, {"job": job.pk}).status_code == 404
    assert program("care_agent")(address, {"job": job.pk}).status_code == 403
    assert program("care_manager")(address, {"job": job.pk + 99}).status_code == 400
    told = program("care_manager")(address, {"job": job.pk})
    assert (told.status_code, told.json()["rework_of"], told.json()["rework"]) == (200, job.pk, None)
    assert program("care_manager")(address, {"job": job.pk}).status_code == 409
    assert program(neighbour)(drop, {"reason": "x"}).status_code == 404
    assert program("care_manager")(drop, {"reason": "换了别的办法"}).status_code == 200
    visit = chain.received(mileage=68500)
    opened_now = program("care_manager")(address, {"job": job.pk})
    assert opened_now.json()["rework"] == Order.objects.get(visit=visit, jobs__comeback_of=job).pk
