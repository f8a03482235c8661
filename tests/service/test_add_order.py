"""A second repair order in the same visit, and the manufacturer's own number of an order."""

import pytest

from core.models import Entry
from core.rows import Refused
from service import actions
from service.models import Job, Order, Visit

JOB = {"words": "召回：更换燃油泵控制单元", "kind": "recall"}


def test_a_second_order_has_its_own_number_and_jobs(cast, chain):
    visit = chain.received()
    order = actions.add_order(visit, jobs=[JOB], oem_number=" VW-2026 118 ", by=cast.by("advisor"))
    first, second = Order.objects.order_by("id")
    assert (second, second.number[-5:], second.oem_number) == (order, "00002", "VW-2026118")
    assert second.visit == visit and first.jobs.count() == second.jobs.count() == 1
    visit.refresh_from_db()
    assert visit.kind == Visit.Kind.RECALL
    assert Entry.objects.filter(verb="order.opened", object_id=order.pk).exists()


def test_it_takes_menus_too_and_is_never_empty(cast, chain, menu):
    visit = chain.received()
    order = actions.add_order(visit, menus=[menu], by=cast.by("advisor"))
    assert order.jobs.get().menu == menu and order.amount == menu.price
    with pytest.raises(Refused) as no:
        actions.add_order(visit, by=cast.by("advisor"))
    assert no.value.field == "jobs"


@pytest.mark.parametrize("stage", ["arrived", "ready"])
def test_only_while_the_car_is_worked_on(cast, chain, stage):
    visit = getattr(chain, stage)()
    with pytest.raises(Refused):
        actions.add_order(visit, jobs=[JOB], by=cast.by("advisor"))


def test_the_browser_opens_one_order_a_form(cast, chain, browser):
    visit = chain.received()
    client = browser("advisor")
    assert client.get(f"/visits/{visit.pk}/add-order/").status_code == 200
    sent = {"jobs-0-words": JOB["words"], "jobs-0-kind": "recall", "oem_number": "VW-1", "form_token": "a"}
    for _click in range(2):
        assert client.post(f"/visits/{visit.pk}/add-order/", sent).status_code == 302
    assert Order.objects.count() == 2
    wrong = client.post(f"/visits/{visit.pk}/add-order/", {"oem_number": "VW-2", "form_token": "b"})
    assert wrong.status_code == 422 and "VW-2" in wrong.content.decode()


def test_the_manufacturers_number_is_edited_under_a_version(cast, chain, browser):
    order = chain.received().orders.get()
    client = browser("advisor")
    sent = {"oem_number": "DMS-7", "version": order.version, "form_token": "a"}
    assert client.post(f"/orders/{order.pk}/edit/", sent).status_code == 302
    order.refresh_from_db()
    assert order.oem_number == "DMS-7"
    stale = client.post(f"/orders/{order.pk}/edit/", sent | {"oem_number": "DMS-8", "form_token": "b"})
    assert stale.status_code == 412 and "DMS-8" in stale.content.decode()


def test_the_rest_door(cast, chain, program):
    visit = chain.received()
    answer = program("advisor")(f"visits/{visit.pk}/add-order/", {"jobs": [JOB]}, **{"Idempotency-Key": "a"})
    assert answer.status_code == 200 and len(answer.json()["orders"]) == 2, answer.content
    order = visit.orders.order_by("id").last()
    put = program("advisor")(f"orders/{order.pk}/", {"oem_number": "X1"}, "put", **{"If-Match": f'"{order.version}"'})
    assert (put.status_code, put.json()["oem_number"]) == (200, "X1")
    for name, status in (("stranger", 404), ("technician", 403)):
        refused = program(name)(f"visits/{visit.pk}/add-order/", {"jobs": [JOB]}, **{"Idempotency-Key": "b"})
        assert refused.status_code == status
    assert Job.objects.count() == 2
