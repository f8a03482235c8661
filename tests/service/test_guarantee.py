"""The repair guarantee (rule 13): from gate-out, by days and kilometres; a comeback within it names its job."""

from datetime import date, timedelta

import pytest

from core.rows import Refused
from service import actions
from service.actions.guarantee import rules_on
from service.models import GuaranteeRule, Job, Visit


@pytest.mark.parametrize(("scope", "days", "km"), [("small", 10, 2000), ("second", 30, 5000), ("assembly", 100, 20000)])
def test_it_starts_at_the_gate_and_follows_from_the_extent(cast, chain, monkeypatch, scope, days, km):
    visit = chain.checked()
    Job.objects.update(scope=scope)
    assert Job.objects.get().guaranteed_until is None
    monkeypatch.setattr(type(chain), "checked", lambda *_a, **_k: visit)
    visit = chain.left()
    visit.refresh_from_db()
    job = Job.objects.get()
    assert job.guaranteed_until == visit.left_on + timedelta(days=days)
    assert job.guaranteed_km == 68214 + km
    found = Job.objects.guaranteed(visit.left_on, 68214 + km)
    assert found.get() == job
    assert not Job.objects.guaranteed(visit.left_on, 68215 + km).exists()  # the first reached ends it
    assert not Job.objects.guaranteed(visit.left_on + timedelta(days=days + 1), 68214).exists()


def test_work_that_was_not_done_is_not_guaranteed(cast, chain):
    visit = chain.estimated()
    actions.exit_visit(visit, exit="taken_away", reason="x", by=cast.by("advisor"))
    assert Job.objects.get().guaranteed_until is None


def test_rules_are_dated(db):
    GuaranteeRule.objects.create(scope="small", since=date(2027, 1, 1), days=15, km=3000)
    assert rules_on(date(2026, 11, 23))["small"].days == 10
    assert rules_on(date(2027, 1, 1))["small"].days == 15
    assert rules_on(date(2005, 7, 31)) == {}


def again(cast, chain):
    """The same car comes back while the guarantee of its first visit runs."""
    chain.left()
    first = Job.objects.get()
    visit = chain.received(mileage=68500)
    return first, visit.orders.get()


@pytest.mark.duty("S-27")
def test_a_comeback_names_the_job_it_redoes(cast, chain):
    first, order = again(cast, chain)
    actions.add_job(order, words="还是异响", kind="repair", comeback_of=first, by=cast.by("advisor"))
    job = Job.objects.order_by("pk").last()
    assert (job.comeback_of, job.kind) == (first, Job.Kind.COMEBACK)
    order.visit.refresh_from_db()
    assert Visit.objects.get(pk=order.visit_id).kind == Visit.Kind.COMEBACK


def test_only_a_running_guarantee_of_this_car_is_a_comeback(cast, chain, car):
    first, order = again(cast, chain)
    Visit.objects.filter(pk=order.visit_id).update(mileage=first.guaranteed_km + 1)
    with pytest.raises(Refused) as refused:
        actions.add_job(order, words="还是异响", kind="repair", comeback_of=first, by=cast.by("advisor"))
    assert refused.value.field == "comeback_of"
    Visit.objects.filter(pk=order.visit_id).update(mileage=68500)
    own = order.jobs.get()
    with pytest.raises(Refused):
        actions.add_job(order, words="x", kind="repair", comeback_of=own, by=cast.by("advisor"))


@pytest.mark.duty("S-27")
def test_rework_is_the_stores_to_pay_and_its_page_says_so(cast, chain, browser):
    first, order = again(cast, chain)
    actions.add_job(order, words="还是异响", kind="repair", comeback_of=first, by=cast.by("advisor"))
    job = Job.objects.get(comeback_of=first)
    client, address = browser("advisor"), f"/jobs/{job.pk}/add-lines/"
    assert "Rework under the guarantee" in client.get(address).content.decode()
    rows = {"lines-0-kind": "labour", "lines-0-name": "重装制动片", "lines-0-quantity": "1", "lines-0-price": "380"}
    assert client.post(address, rows | {"lines-0-payer": "customer", "lines-0-reason": "repair"}).status_code == 302
    share = job.lines.get().shares.get()
    assert (share.payer, share.reason, share.party.name) == ("store", "internal", cast.store.name)


def test_the_form_offers_what_runs_for_this_car(cast, chain, browser, program):
    first, order = again(cast, chain)
    client = browser("advisor")
    assert "刹车异响" in client.get(f"/orders/{order.pk}/add-job/").content.decode()
    sent = {"words": "还是异响", "kind": "repair", "trade": "mechanic", "comeback_of": first.pk}
    assert client.post(f"/orders/{order.pk}/add-job/", sent).status_code == 302
    assert Job.objects.filter(comeback_of=first).count() == 1
    body = {"words": "还是异响", "kind": "repair", "comeback_of": first.pk}
    told = program("advisor")(f"orders/{order.pk}/add-job/", body, **{"Idempotency-Key": "k1"})
    assert told.status_code == 200 and told.json()["jobs"][-1]["comeback_of"] == first.pk
