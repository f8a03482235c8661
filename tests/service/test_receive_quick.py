"""The quick lane (快修): arrival, reception, menus and consent under one signature, whole or not at all."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.utils.timezone import now

from core.models import Attachment
from core.rows import Refused
from core.uploads import clean_signature
from customers.models import Vehicle
from service import actions
from service.models import Job, Line, Order, Visit


def quick(cast, car, menu, **more):
    given = {
        "store": cast.store,
        "plate": car.plate,
        "vin": car.vin,
        "menus": [menu],
        "promised_at": now() + timedelta(hours=1),
        "mileage": 71000,
        "waits": True,
        "consent_by": "刘建国",
    }
    return actions.receive_quick(**(given | more), by=cast.by("advisor"))


def test_one_step_takes_the_car_to_the_workshop(cast, car, menu, signed):
    visit = quick(cast, car, menu, signature=clean_signature(signed))
    order = Order.objects.get()
    assert (visit.status, visit.is_quick, visit.waits) == (Visit.Status.RECEIVED, True, True)
    assert visit.greeted_at and visit.driver_name == "刘建国"
    assert (order.status, order.amount) == (Order.Status.TO_DISPATCH, Decimal("698.00"))
    assert Job.objects.get().status == Job.Status.TO_DISPATCH
    said = set(Line.objects.values_list("consent", "consent_via", "consent_by"))
    assert said == {("authorised", "signature", "刘建国")}
    kept = Attachment.objects.get()
    assert (kept.kind, kept.object_id, kept.purpose) == ("order", order.pk, Attachment.Purpose.SIGNATURE)


def test_a_car_in_the_yard_is_not_let_in_twice(cast, chain, menu):
    visit = chain.arrived()
    assert quick(cast, chain.vehicle, menu).pk == visit.pk
    assert set(Line.objects.values_list("consent_via", flat=True)) == {"paper"}


def test_a_new_car_and_its_customer_come_in_on_the_way(cast, menu):
    car = Vehicle(plate="沪AD03918", vin="")
    visit = quick(cast, car, menu, customer_name="周子涵", phone="13912345678", consent_by="周子涵")
    assert (visit.vehicle.plate, visit.customer.name) == ("沪AD03918", "周子涵")


def test_nothing_is_kept_when_one_part_is_refused(cast, car, menu):
    with pytest.raises(Refused):
        quick(cast, car, menu, promised_at=now() - timedelta(minutes=1))
    with pytest.raises(Refused):
        quick(cast, car, menu, menus=[])
    with pytest.raises(Refused):
        quick(cast, car, menu, consent_by=" ")
    assert not Visit.objects.exists() and not Order.objects.exists()


def test_the_page_wants_a_signature_or_paper(cast, car, menu, browser, signed):
    client = browser("advisor")
    page = client.get(f"/visits/quick/?vehicle={car.pk}").content.decode()
    assert "小保养套餐" in page and "刘建国" in page
    sent = {
        "store": cast.store.pk,
        "plate": car.plate,
        "vin": car.vin,
        "menus": menu.pk,
        "promised_at": (now() + timedelta(hours=9)).strftime("%Y-%m-%dT%H:%M"),
        "consent_by": "刘建国",
        "form_token": "one",
    }
    answer = client.post(f"/visits/quick/?vehicle={car.pk}", sent)
    assert answer.status_code == 422 and "on the printed order" in answer.content.decode()
    assert not Visit.objects.exists()
    assert client.post(f"/visits/quick/?vehicle={car.pk}", sent | {"signature": signed}).status_code == 302
    assert client.post(f"/visits/quick/?vehicle={car.pk}", sent | {"signature": signed}).status_code == 302
    assert Visit.objects.count() == 1, "a double click is one car"


def test_the_search_of_the_page_finds_by_four_characters(cast, car, browser):
    client = browser("advisor")
    assert f"?vehicle={car.pk}" in client.get("/visits/quick/?q=K721").content.decode()
    piece = client.get("/visits/quick/?q=3456", headers={"HX-Request": "true"}).content.decode()
    assert f"?vehicle={car.pk}" in piece and "<html" not in piece


def test_the_rest_door(cast, car, menu, program, signed):
    body = {
        "store": cast.store.pk,
        "plate": car.plate,
        "menus": [menu.pk],
        "promised_at": "2099-01-01T10:00:00+08:00",
        "waits": True,
        "consent_by": "刘建国",
    }
    wrong = program("advisor")("visits/quick/", body, **{"Idempotency-Key": "a"})
    assert (wrong.status_code, list(wrong.json()["fields"])) == (400, ["signature"])
    answer = program("advisor")("visits/quick/", body | {"signature": signed}, **{"Idempotency-Key": "b"})
    assert (answer.status_code, answer.json()["is_quick"]) == (201, True), answer.content
    for name in ("greeter", "technician", "cashier"):
        refused = program(name)("visits/quick/", body | {"signature": signed}, **{"Idempotency-Key": "c"})
        assert refused.status_code == 403
    with pytest.raises(PermissionDenied):
        actions.receive_quick(
            store=cast.store, promised_at=now(), consent_by="x", plate="沪A11111", by=cast.by("stranger")
        )


def test_another_companys_menu_is_no_choice(cast, car, menu, program, signed):
    from service.models import Menu

    theirs = Menu.objects.create(company=cast.foreign.company, code="T-02", name="远航套餐", price=1)
    body = {"store": cast.store.pk, "plate": car.plate, "menus": [theirs.pk], "consent_by": "刘建国"}
    body |= {"promised_at": "2099-01-01T10:00:00+08:00", "signature": signed}
    answer = program("advisor")("visits/quick/", body, **{"Idempotency-Key": "a"})
    assert (answer.status_code, list(answer.json()["fields"])) == (400, ["menus"])
    with pytest.raises(Refused):
        quick(cast, car, theirs)


def test_a_lower_mileage_wants_a_reason_in_this_lane_too(cast, car, menu, signed, browser):
    Vehicle.objects.update(mileage=90_000)
    client = browser("advisor")
    sent = {
        "store": cast.store.pk,
        "plate": car.plate,
        "vin": car.vin,
        "menus": menu.pk,
        "promised_at": (now() + timedelta(hours=9)).strftime("%Y-%m-%dT%H:%M"),
        "mileage": "61000",
        "consent_by": "刘建国",
        "signature": signed,
        "form_token": "a",
    }
    answer = client.post(f"/visits/quick/?vehicle={car.pk}", sent)
    assert answer.status_code == 422 and 'type="text" name="mileage_remark"' in answer.content.decode()
    assert client.post(f"/visits/quick/?vehicle={car.pk}", sent | {"mileage_remark": "更换仪表"}).status_code == 302
    car.refresh_from_db()
    assert car.mileage == 61_000


def test_why_a_vin_is_right_is_asked_only_in_doubt(cast, browser):
    client = browser("advisor")
    assert 'type="hidden" name="vin_remark"' in client.get("/visits/arrive/").content.decode()
    sent = {"store": cast.store.pk, "vin": "LSVAA49J032047371", "customer_name": "王芳", "phone": "13700001111"}
    answer = client.post("/visits/arrive/", sent | {"form_token": "a"})
    assert answer.status_code == 422 and 'type="text" name="vin_remark"' in answer.content.decode()
