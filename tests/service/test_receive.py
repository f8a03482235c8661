"""Receiving a car: the visit's own promise, the order's number, the jobs in the customer's words."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.utils.timezone import now

from core.models import Detail, Entry
from core.rows import Refused
from customers.models import Customer, Vehicle
from service import actions
from service.models import Job, Order, Visit


def test_a_known_car_is_received_with_its_order(cast, chain):
    visit = chain.received(key_tag="7", waits=True)
    order = Order.objects.get()
    assert visit.status == Visit.Status.RECEIVED
    assert visit.promised_first == visit.promised_at
    assert (visit.driver_name, visit.driver_phone) == ("刘建国", "13800006621")
    assert order.number.startswith("HD01-RO-") and order.number.endswith("-00001")
    assert order.status == Order.Status.RECEIVED
    assert Vehicle.objects.get().mileage == 68214
    line = Entry.objects.get(verb="visit.received")
    assert line.store == cast.store and line.by_id == cast.advisor.pk and "promised_at" in line.fields
    assert "13800006621" not in str(Detail.objects.get(entry_id=line.pk).values)


def test_an_unknown_car_and_its_customer_are_added_on_the_way(cast):
    visit = actions.arrive(
        store=cast.store, plate="沪A·D03918", customer_name="周 子涵", phone="+86 139 1234 5678", by=cast.by("greeter")
    )
    assert (visit.vehicle.plate, visit.vehicle.plate_kind) == ("沪AD03918", "energy")
    assert Customer.objects.get().phone == "13912345678"


def test_a_new_car_without_customer_is_refused_beside_the_field(cast):
    with pytest.raises(Refused) as refused:
        actions.arrive(store=cast.store, plate="沪A12345", by=cast.by("greeter"))
    assert refused.value.field == "customer_name"
    assert not Vehicle.objects.exists()


def test_a_car_is_in_the_store_once(cast, chain):
    chain.received()
    with pytest.raises(Refused):
        chain.arrived()
    assert Visit.objects.count() == 1


def test_a_vin_of_another_company_is_attached_and_reveals_nothing(cast, car):
    visit = actions.arrive(
        store=cast.foreign,
        vin=car.vin,
        plate="浙A12345",
        customer_name="王芳",
        phone="13700001111",
        by=cast.by("stranger"),
    )
    assert visit.vehicle.pk != car.pk
    assert visit.vehicle.company == cast.foreign.company
    assert (visit.vehicle.brand, visit.customer.name) == ("", "王芳")


def test_a_promise_in_the_past_is_refused(cast, chain):
    with pytest.raises(Refused) as refused:
        chain.received(promised_at=now() - timedelta(minutes=1))
    assert refused.value.field == "promised_at"
    assert not Order.objects.exists()


@pytest.mark.duty("S-03")
def test_the_first_promise_is_kept_beside_the_latest(cast, chain):
    visit = chain.received()
    later = visit.promised_at + timedelta(hours=2)
    visit = actions.promise(visit, promised_at=later, channel="phone", reason="等配件", by=cast.by("advisor"))
    assert visit.promised_at == later
    assert visit.promised_first == later - timedelta(hours=2)


def test_roles_and_strangers_are_kept_out(cast, chain):
    visit = chain.arrived()
    job = {"words": "保养", "kind": "maintenance"}
    for name in ("cashier", "technician", "stranger"):
        with pytest.raises(PermissionDenied):
            actions.receive(visit, jobs=[job], promised_at=now() + timedelta(hours=1), by=cast.by(name))
    assert not Job.objects.exists()


def test_the_browser_shows_what_is_wrong_and_keeps_what_was_typed(cast, chain, client):
    visit = chain.arrived()
    client.force_login(cast.advisor, backend="allauth.account.auth_backends.AuthenticationBackend")
    bad = {"driver_name": "周先生", "promised_at": "2020-01-01T10:00", "jobs-0-words": "异响", "jobs-0-kind": "repair"}
    answer = client.post(f"/visits/{visit.pk}/receive/", bad)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "周先生" in page and "异响" in page and "is-invalid" in page
    good = bad | {"promised_at": (now() + timedelta(hours=9)).strftime("%Y-%m-%dT%H:%M"), "form_token": "one"}
    assert client.post(f"/visits/{visit.pk}/receive/", good).status_code == 302
    assert client.post(f"/visits/{visit.pk}/receive/", good).status_code == 302  # a double click ends on the same page
    assert Order.objects.count() == 1
    assert client.post(f"/visits/{visit.pk}/receive/", good | {"form_token": "two"}).status_code == 422
