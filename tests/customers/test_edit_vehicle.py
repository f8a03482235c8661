"""Adding and changing cars: plates, VINs with an odd check digit, a plate that moved, and finding the owner."""

import pytest
from django.core.exceptions import PermissionDenied

from core.models import Entry
from core.rows import Refused
from customers import actions
from customers.models import Customer, Vehicle

ODD = "LSVAA49J062012345"  # its check digit should be 6
FORM = {"plate": "沪A·D03918", "vin": "", "brand": "大众", "model": "ID.4", "year": "", "mileage": "", "sold_on": ""}


def post(client, cast, **more):
    return client.post("/vehicles/add/", FORM | {"company": cast.store.company.pk} | more)


@pytest.fixture
def desk(cast, client):
    client.force_login(cast.advisor)
    return client


def test_a_car_is_added_with_its_kind_of_plate(cast, desk):
    assert desk.get("/vehicles/add/").status_code == 200
    answer = post(desk, cast)
    vehicle = Vehicle.objects.get()
    assert answer.url == f"/vehicles/{vehicle.pk}/"
    assert (vehicle.plate, vehicle.plate_kind) == ("沪AD03918", "energy")


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"plate": "京AO1234"}, "id_plate"),
        ({"plate": "粤BI12345"}, "id_plate"),
        ({"plate": ""}, "id_vin"),
        ({"vin": "LFV2A21K0D312345"}, "id_vin"),
        ({"vin": "IOQ2A21K0D3123456"}, "id_vin"),
    ],
)
def test_a_wrong_plate_or_vin_is_said_beside_its_field(cast, desk, wrong, field):
    answer = post(desk, cast, **wrong)
    assert answer.status_code == 422
    assert f'href="#{field}"' in answer.content.decode()
    assert not Vehicle.objects.exists()


def test_an_odd_check_digit_asks_why_and_then_goes_through(cast, desk):
    empty = desk.get("/vehicles/add/").content.decode()
    assert '<input type="hidden" name="vin_remark"' in empty
    page = post(desk, cast, vin=ODD).content.decode()
    assert 'id="id_vin_remark"' in page
    assert '<input type="hidden" name="vin_remark"' not in page
    assert "6" in page
    assert post(desk, cast, vin=ODD, vin_remark="进口车").status_code == 302
    vehicle = Vehicle.objects.get()
    assert vehicle.vin_remark == "进口车"
    assert "进口车" in desk.get(f"/vehicles/{vehicle.pk}/").content.decode()


def test_a_remark_on_a_right_vin_is_not_kept(cast, desk):
    post(desk, cast, vin="LFV2A21K0D3123456", vin_remark="x")
    assert Vehicle.objects.get().vin_remark == ""


def test_a_plate_that_moved_is_taken_off_the_old_car_only_when_somebody_says_so(cast, car, desk):
    page = post(desk, cast, plate=car.plate).content.decode()
    assert 'type="checkbox" name="plate_moved"' in page
    assert post(desk, cast, plate=car.plate, plate_moved="on").status_code == 302
    car.refresh_from_db()
    assert (car.plate, car.plate_kind) == ("", "none")
    assert Entry.objects.filter(verb="vehicle.plate_taken_off", object_id=car.pk).count() == 1


def test_the_owner_is_found_by_name_or_phone_without_javascript(cast, car, desk):
    assert post(desk, cast, owner_q="6621").status_code == 302
    assert Vehicle.objects.get(plate="沪AD03918").owner == car.owner


def test_several_owners_are_offered_and_one_is_chosen(cast, car, desk):
    second = Customer.objects.create(company=cast.store.company, name="刘建国", phone="13700001111")
    answer = post(desk, cast, owner_q="刘建国")
    page = answer.content.decode()
    assert answer.status_code == 422
    assert f'name="owner" value="{car.owner.pk}"' in page
    assert f'name="owner" value="{second.pk}"' in page
    assert post(desk, cast, owner=str(second.pk), owner_q="刘建国").status_code == 302
    assert Vehicle.objects.get(plate="沪AD03918").owner == second


def test_nobody_of_that_name(cast, desk):
    answer = post(desk, cast, owner_q="没有这个人")
    assert answer.status_code == 422
    assert "没有这个人" in answer.content.decode()


def test_searching_while_typing_shows_masked_numbers(cast, car, desk):
    page = desk.get("/customers/find/?field=owner&owner_q=刘").content.decode()
    assert f'name="owner" value="{car.owner.pk}"' in page
    assert "13800006621" not in page
    assert "刘建国" not in desk.get("/customers/find/?field=owner&owner_q=6").content.decode()


def test_an_owner_of_another_company_is_refused(cast, car):
    far = Customer.objects.create(company=cast.foreign.company, name="远客", phone="13700002222")
    known = {name: getattr(car, name) for name in ("plate", "vin", "brand", "model", "year", "mileage", "sold_on")}
    with pytest.raises(Refused) as told:
        actions.edit_vehicle(car, owner=far, vin_remark="", **known, by=cast.by("advisor"))
    assert told.value.field == "owner"
    with pytest.raises(PermissionDenied):
        actions.edit_vehicle(car, owner=car.owner, vin_remark="", **known, by=cast.by("stranger"))


def test_in_json_the_owner_is_an_integer(cast, car):
    from core.shapes import JsonForm
    from customers.forms import EditVehicleForm

    for value, right in (
        (car.owner.pk, True),
        (None, True),
        ("刘建国", False),
        (str(car.owner.pk), False),
        (10**9, False),
    ):
        form = JsonForm(EditVehicleForm, {"plate": "沪AD03918", "owner": value}, by=cast.by("advisor"))
        assert form.is_valid() == right, value


def test_two_at_once_see_both_versions(cast, car, desk):
    path = f"/vehicles/{car.pk}/edit/"
    sent = FORM | {"plate": car.plate, "vin": car.vin, "owner": car.owner.pk, "mileage": "70000", "version": "1"}
    Vehicle.objects.filter(pk=car.pk).update(mileage=69999, version=2)
    answer = desk.post(path, sent)
    assert answer.status_code == 412
    assert "69999" in answer.content.decode()
    assert "70000" in answer.content.decode()
    assert desk.post(path, sent | {"version": "2"}).status_code == 302
    car.refresh_from_db()
    assert (car.mileage, car.owner_id) == (70000, car.owner.pk)


def test_a_stranger_sees_nothing(cast, car, client):
    client.force_login(cast.stranger)
    assert client.get(f"/vehicles/{car.pk}/").status_code == 404
    assert client.get(f"/vehicles/{car.pk}/edit/").status_code == 404
    assert car.vin[-6:] not in client.get("/vehicles/").content.decode()
