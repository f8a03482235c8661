"""Start and search: everybody finds what waits for them, and nothing of anybody else's."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from core.roles import Role
from finance.models import Settlement
from service.models import Job, Order


@pytest.mark.parametrize("language", ["en", "zh-hans"])
@pytest.mark.parametrize("role", [role for role in Role if role != Role.INTEGRATION])
def test_everybody_has_a_start_page(client, cast, chain, role, language):
    chain.authorised()
    client.force_login(cast.people[role])
    page = client.get("/", headers={"accept-language": language}, follow=True)
    assert page.status_code == 200
    where = page.request["PATH_INFO"]
    if role == Role.GUARD:
        assert where == reverse("gate")
    elif role in {Role.GENERAL_MANAGER, Role.GROUP_MANAGER, Role.SERVICE_MANAGER, Role.MONITOR}:
        assert where == reverse("dashboard")


def test_an_advisor_sees_what_each_car_waits_for(client, cast, chain):
    client.force_login(cast.advisor)
    visit = chain.estimated(waits=True)
    page = client.get("/").content.decode()
    assert "Waits for the customer" in page
    assert reverse("authorise", args=[visit.orders.get().pk]) in page
    assert "Customer waits" in page
    visit = type(visit).objects.get()
    type(visit).objects.update(promised_at=visit.arrived_at)
    assert "Late" in client.get("/").content.decode()


def test_each_stage_has_its_words(client, cast, chain):
    client.force_login(cast.advisor)
    visit = chain.settled()
    assert "Waits for the customer&#x27;s payment" in client.get("/").content.decode()
    Settlement.objects.update(paid=1368)
    assert reverse("hand_over", args=[visit.pk]) in client.get("/").content.decode()


def test_a_technician_starts_with_one_press(client, cast, chain):
    from service import actions

    visit = chain.authorised()
    job = visit.orders.get().jobs.get()
    actions.dispatch(job, technician=cast.technician, by=cast.by("controller"))
    client.force_login(cast.technician)
    address = f"{reverse('start', args=[job.pk])}?next=/"
    assert f'action="{address}"' in client.get("/").content.decode()
    assert client.post(address, {"form_token": "one"}).url == "/"
    assert Job.objects.get().status == Job.Status.IN_WORK
    assert reverse("finish", args=[job.pk]) in client.get("/").content.decode()


def test_the_cashier_sees_what_is_to_be_paid(client, cast, chain):
    chain.settled()
    client.force_login(cast.cashier)
    page = client.get("/").content.decode()
    assert reverse("pay", args=[Settlement.objects.get().pk]) in page
    assert "¥ 1,368.00" in page


def test_a_stranger_sees_no_car_of_another_company(client, cast, chain):
    chain.estimated()
    client.force_login(cast.stranger)
    assert "8K721" not in client.get("/").content.decode()


@pytest.mark.parametrize("text", ["8K721", "沪A8", "6621", "刘建国", "23456", "沪A·8K721"])
def test_a_fragment_finds_the_car_and_its_owner(client, cast, chain, text):
    chain.estimated()
    client.force_login(cast.advisor)
    found = client.get(reverse("search"), {"q": text}).content.decode()
    assert "沪A·8K721" in found
    client.force_login(cast.stranger)
    assert "8K721</" not in client.get(reverse("search"), {"q": text}).content.decode()


def test_numbers_find_orders_and_settlements(client, cast, chain):
    chain.settled()
    client.force_login(cast.service_manager)
    order, settlement = Order.objects.get(), Settlement.objects.get()
    assert order.get_absolute_url() in client.get(reverse("search"), {"q": order.number.lower()}).content.decode()
    found = client.get(reverse("search"), {"q": settlement.number[-5:]}).content.decode()
    assert settlement.get_absolute_url() in found
    client.force_login(cast.technician)
    assert settlement.get_absolute_url() not in client.get(reverse("search"), {"q": settlement.number}).content.decode()


def test_the_box_gets_only_the_hits(client, cast, chain):
    chain.estimated()
    client.force_login(cast.advisor)
    piece = client.get(reverse("search"), {"q": "8K721"}, headers={"hx-request": "true"}).content.decode()
    assert "app-hit" in piece
    assert "<html" not in piece
    assert "app-hit" not in client.get(reverse("search"), {"q": "8"}, headers={"hx-request": "true"}).content.decode()
    assert client.get(reverse("search"), {"q": "\0%_'"}).status_code == 200


def test_more_cars_cost_no_more_queries(client, cast, chain):
    from customers.models import Vehicle
    from tests.conftest import Chain

    client.force_login(cast.advisor)

    def queries():
        with CaptureQueriesContext(connection) as found:
            client.get("/")
        return len(found)

    chain.settled()
    queries()
    one = queries()
    for n in range(5):
        car = Vehicle.objects.create(company=cast.store.company, plate=f"沪B1234{n}", owner=chain.vehicle.owner)
        Chain(cast, car).settled()
    assert queries() == one
