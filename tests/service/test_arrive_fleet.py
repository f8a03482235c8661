"""Several cars of one firm in one go: the good ones are in, the others stay on the page with what is wrong."""

import pytest
from django.core.exceptions import PermissionDenied

from core.rows import Refused
from customers.models import Customer, Vehicle
from service import actions
from service.models import Visit


def cars(*plates):
    return [{"plate": plate, "vin": "", "brand": "", "model": ""} for plate in plates]


@pytest.fixture
def firm(cast):
    return Customer.objects.create(company=cast.store.company, kind="firm", name="上海明德物流", phone="02155556666")


def test_every_car_arrives_with_the_firm_as_its_customer(cast, firm):
    found = actions.arrive_fleet(
        store=cast.store, customer=firm, cars=cars("沪A11111", "沪A22222"), by=cast.by("greeter")
    )
    assert [one.vehicle.plate for one in found.visits] == ["沪A11111", "沪A22222"] and found.refused == []
    assert set(Visit.objects.values_list("customer__name", "status")) == {("上海明德物流", "arrived")}


def test_a_car_of_another_owner_is_paid_by_the_firm(cast, car, firm):
    actions.arrive_fleet(store=cast.store, customer=firm, cars=cars(car.plate), by=cast.by("greeter"))
    visit = Visit.objects.get()
    assert (visit.customer.name, visit.payer) == ("刘建国", firm)


def test_one_wrong_car_does_not_keep_the_others_outside(cast, chain, firm):
    chain.arrived()
    found = actions.arrive_fleet(
        store=cast.store,
        customer=firm,
        cars=cars("沪A11111", "沪AO1234", chain.vehicle.plate, "沪A11111"),
        by=cast.by("greeter"),
    )
    assert [one.vehicle.plate for one in found.visits] == ["沪A11111"]
    assert [(row, field) for row, field, _told in found.refused] == [(1, "plate"), (2, "plate"), (3, "plate")]
    assert Visit.objects.count() == 2


def test_when_no_car_can_be_let_in_nothing_is_kept(cast):
    with pytest.raises(Refused) as no:
        actions.arrive_fleet(store=cast.store, customer_name="新客户公司", cars=cars("沪AO1234"), by=cast.by("greeter"))
    assert no.value.field == "cars"
    assert not Customer.objects.exists()


def test_a_firm_is_named_and_of_this_company(cast, firm):
    with pytest.raises(Refused):
        actions.arrive_fleet(store=cast.store, cars=cars("沪A11111"), by=cast.by("greeter"))
    with pytest.raises(Refused):
        actions.arrive_fleet(store=cast.foreign, customer=firm, cars=cars("沪A11111"), by=cast.by("stranger"))
    with pytest.raises(PermissionDenied):
        actions.arrive_fleet(store=cast.store, customer=firm, cars=cars("沪A11111"), by=cast.by("stranger"))


def test_the_page_keeps_what_was_typed_of_the_wrong_cars(cast, firm, browser):
    client = browser("advisor")
    sent = {"store": cast.store.pk, "customer": firm.pk, "form_token": "one"}
    sent |= {"cars-0-plate": "沪A11111", "cars-1-plate": "沪AO1234", "cars-1-brand": "大众"}
    answer = client.post("/visits/arrive-fleet/", sent)
    page = answer.content.decode()
    assert answer.status_code == 200 and Visit.objects.count() == 1
    assert "沪AO1234" in page and 'value="大众"' in page and "is-invalid" in page
    assert 'value="沪A11111"' not in page
    assert 'value="one"' not in page, "what is sent next is another request"
    mended = {"store": cast.store.pk, "customer": firm.pk, "form_token": "two", "cars-1-plate": "沪A12345"}
    assert client.post("/visits/arrive-fleet/", mended).status_code == 302
    assert set(Vehicle.objects.values_list("plate", flat=True)) == {"沪A11111", "沪A12345"}


def test_the_rest_door_tells_row_by_row(cast, firm, program):
    body = {"store": cast.store.pk, "customer": firm.pk, "cars": [{"plate": "沪A11111"}, {"plate": "沪AO1234"}]}
    answer = program("advisor")("visits/arrive-fleet/", body, **{"Idempotency-Key": "fleet"})
    assert answer.status_code == 200, answer.content
    told = answer.json()
    assert len(told["visits"]) == 1 and told["refused"][0]["row"] == 1
    again = program("advisor")("visits/arrive-fleet/", body, **{"Idempotency-Key": "fleet"})
    assert again.json() == told and Visit.objects.count() == 1
    assert program("technician")("visits/arrive-fleet/", body, **{"Idempotency-Key": "x"}).status_code == 403
