"""The page of a customer and of a car: everything at hand, a piece from each room, only for those who may see it."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from customers.models import Customer, Vehicle
from tests.conftest import Chain


def piece(client, name, pk):
    return client.get(reverse(name, args=[pk]), headers={"hx-request": "true"}).content.decode()


@pytest.mark.duty("C-38")
def test_cars_visits_orders_and_what_is_still_needed(cast, chain, client):
    from service import actions
    from service.models import Line, Order

    visit = chain.estimated()
    order = Order.objects.get()
    answers = [{"line": line.pk, "answer": "deferred"} for line in Line.objects.all()]
    actions.authorise(order, answers=answers, via="phone", consent_by="刘建国", by=cast.by("advisor"))
    client.force_login(cast.advisor)
    owner, car = visit.customer, visit.vehicle
    page = client.get(owner.get_absolute_url()).content.decode()
    assert "沪A·8K721" in page
    for name, row in (("customer_visits", owner), ("vehicle_visits", car)):
        address = reverse(name, args=[row.pk])
        assert address in client.get(row.get_absolute_url()).content.decode()
        shown = piece(client, name, row.pk)
        for part in (order.get_absolute_url(), "刹车异响", "前制动片组", "¥ 798.00", "¥ 1,368.00"):
            assert part in shown, part
        assert "<html" not in shown
        assert "<html" in client.get(address).content.decode(), "a page of its own without JavaScript"


def test_a_guarantee_that_still_runs_is_on_the_cars_page(cast, chain, client):
    from datetime import timedelta

    from django.utils.timezone import localdate

    from service.models import Job

    visit = chain.left()
    client.force_login(cast.advisor)
    Job.objects.update(guaranteed_until=localdate() - timedelta(days=1))
    assert "Guarantees" not in piece(client, "vehicle_visits", visit.vehicle_id)
    Job.objects.update(guaranteed_until=localdate() + timedelta(days=9))
    assert "Guarantees that still run" in piece(client, "vehicle_visits", visit.vehicle_id)


def test_the_tabs_show_calls_messages_and_what_happened(care, client):
    from customers import actions

    call = care.assigned()
    actions.tell(
        care.cast.store, care.customer, "13800006621", "car_ready", "sms", by=care.cast.by("advisor"), plate="沪A8K721"
    )
    client.force_login(care.cast.service_manager)
    path = care.customer.get_absolute_url()
    page = client.get(path).content.decode()
    assert f"/calls/{call.pk}/" in page, "the open call is on the first page"
    page = client.get(path, {"tab": "contacts"}).content.decode()
    for part in (f"/calls/{call.pk}/", "更换制动片", "沪A·8K721"):
        assert part in page
    for tab in ("history", "files", "money", "nonsense"):
        assert client.get(path, {"tab": tab}).status_code == 200
    client.force_login(care.cast.cashier)
    assert f"/calls/{call.pk}/" not in client.get(path, {"tab": "contacts"}).content.decode()


def test_who_may_not_be_disturbed_has_no_number_to_press(cast, car, client):
    client.force_login(cast.advisor)
    path = car.owner.get_absolute_url()
    assert 'href="tel:13800006621"' in client.get(path).content.decode()
    Customer.objects.update(do_not_call=True)
    assert 'href="tel:' not in client.get(path).content.decode()
    Customer.objects.update(do_not_call=False, quiet_from="00:00", quiet_until="23:59:59.999999")
    page = client.get(path).content.decode()
    assert 'href="tel:' not in page
    assert "Not to be disturbed now" in page


def test_others_see_nothing(cast, chain, client):
    visit = chain.estimated()
    client.force_login(cast.stranger)
    for name, pk in (("customer_visits", visit.customer_id), ("vehicle_visits", visit.vehicle_id)):
        assert client.get(reverse(name, args=[pk])).status_code == 404
    client.force_login(cast.technician)
    assert client.get(reverse("customer_visits", args=[visit.customer_id])).status_code == 403
    client.force_login(cast.greeter)
    shown = piece(client, "vehicle_visits", visit.vehicle_id)
    assert "1,368" not in shown and "does not see orders" in shown


def test_the_pages_ask_as_many_queries_for_many_cars_as_for_few(cast, car, client):
    client.force_login(cast.advisor)

    def queries(path):
        client.get(path)
        with CaptureQueriesContext(connection) as seen:
            assert client.get(path).status_code == 200
        return len(seen)

    def grow(count):
        for _n in range(count):
            plate = f"沪B{Vehicle.objects.count():05d}"
            Chain(cast, Vehicle.objects.create(company=cast.store.company, owner=car.owner, plate=plate)).left()

    paths = [car.owner.get_absolute_url(), f"{car.owner.get_absolute_url()}?tab=contacts",
             reverse("customer_visits", args=[car.owner_id])]  # fmt: skip
    grow(2)
    few = [queries(path) for path in paths]
    grow(5)
    many = [queries(path) for path in paths]
    assert all(after <= before for after, before in zip(many, few, strict=True)), (few, many)
