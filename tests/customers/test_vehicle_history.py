"""Plates, owners and mileages of a car over time: dated, whoever writes them, and nothing twice."""

from datetime import date, timedelta

import pytest
from django.utils.timezone import localdate, now

from core.rows import Refused
from customers import actions
from customers.forms import EditVehicleForm
from customers.models import Customer, MileageReading, OwnerSpan, PlateSpan, Vehicle
from tests.customers.test_load_vehicles import into  # noqa: F401 (a fixture)


def edit(car, cast, **more):
    known = EditVehicleForm.known(car) | {"owner": car.owner}
    return actions.edit_vehicle(car, **known | more, by=cast.by("advisor"))


def plates(car):
    return list(PlateSpan.objects.filter(vehicle=car).order_by("id").values_list("plate", "since", "until"))


def test_a_plate_is_a_dated_history_and_an_old_one_may_move_to_a_new_car(cast, car):
    today = localdate()
    actions.keep_history([car])
    PlateSpan.objects.update(since=date(2024, 1, 2))
    edit(car, cast, plate="沪AD03918")
    assert plates(car) == [("沪A8K721", date(2024, 1, 2), today), ("沪AD03918", today, None)]
    new = actions.add_vehicle(
        company=cast.store.company, owner=car.owner, plate="沪A8K721", vin="", by=cast.by("advisor")
    )
    assert plates(new) == [("沪A8K721", today, None)]
    edit(new, cast, plate="沪AD03918", plate_moved=True)
    car.refresh_from_db()
    assert (car.plate, plates(car)[-1][2]) == ("", today), "its span is closed"
    assert set(Vehicle.objects.found_by("8K721")) == {car, new}, "both wore it"


def test_owners_are_dated_too(cast, car):
    first, second = car.owner, Customer.objects.create(company=cast.store.company, name="王芳", phone="13700001111")
    edit(car, cast, owner=second)
    spans = OwnerSpan.objects.filter(vehicle=car).order_by("id").values_list("customer", "until")
    assert list(spans) == [(first.pk, localdate()), (second.pk, None)]
    edit(car, cast, owner=None)
    assert not OwnerSpan.objects.filter(until=None).exists()


def test_what_stays_the_same_adds_nothing(cast, car):
    edit(car, cast, mileage=100)
    before = [model.objects.count() for model in (PlateSpan, OwnerSpan, MileageReading)]
    edit(car, cast, brand="大众")
    assert [model.objects.count() for model in (PlateSpan, OwnerSpan, MileageReading)] == before == [1, 1, 1]


def test_a_lower_mileage_by_hand_asks_for_the_reason(cast, car, client):
    edit(car, cast, mileage=50_000)
    with pytest.raises(Refused) as told:
        edit(car, cast, mileage=12)
    assert told.value.field == "mileage_remark"
    client.force_login(cast.advisor)
    path = f"/vehicles/{car.pk}/edit/"
    assert '<input type="hidden" name="mileage_remark"' in client.get(path).content.decode()
    sent = {"plate": car.plate, "vin": car.vin, "mileage": "12", "owner": car.owner.pk, "version": "2"}
    page = client.post(path, sent).content.decode()
    assert '<input type="hidden" name="mileage_remark"' not in page
    assert "50000" in page
    assert client.post(path, sent | {"mileage_remark": "换了仪表"}).status_code == 302
    car.refresh_from_db()
    assert car.mileage == 12
    reading = MileageReading.objects.order_by("-id").first()
    assert (reading.km, reading.source, reading.remark) == (12, "hand", "换了仪表")


def test_reception_reads_the_mileage_every_time(cast, car):
    actions.note_mileage(car, 50_000)
    actions.note_mileage(car, 50_000)
    assert MileageReading.objects.filter(source="reception", km=50_000).count() == 2
    car.refresh_from_db()
    assert car.mileage == 50_000


def test_a_lower_one_at_reception_is_asked_for_or_kept_in_doubt_but_never_lost(cast, car, client):
    actions.note_mileage(car, 50_000)
    with pytest.raises(Refused) as told:
        actions.note_mileage(car, 4_000, remark="")
    assert told.value.field == "mileage_remark"
    actions.note_mileage(car, 4_000)
    car.refresh_from_db()
    assert (car.mileage, MileageReading.objects.get(km=4_000).is_doubtful) == (50_000, True)
    client.force_login(cast.advisor)
    assert "4000 km were read" in client.get(f"/vehicles/{car.pk}/").content.decode()
    actions.note_mileage(car, 4_000, remark="更换仪表")
    car.refresh_from_db()
    assert car.mileage == 4_000
    assert "4000 km were read" not in client.get(f"/vehicles/{car.pk}/").content.decode()
    actions.note_mileage(car, 4_100)
    car.refresh_from_db()
    assert car.mileage == 4_100


def test_a_load_keeps_the_history_and_a_second_one_adds_nothing(into, cast):  # noqa: F811
    text = "V1,C1,沪A8K721,LFV2A21K0D3123456,奥迪,A4L,2020,68214\nV2,C2,沪AD03918,,,,,\n"
    models = (PlateSpan, OwnerSpan, MileageReading)
    into(text)
    assert [model.objects.count() for model in models] == [2, 2, 1]
    into(text)
    assert [model.objects.count() for model in models] == [2, 2, 1]
    into("V1,C2,沪C33333,,,,,70000\n")
    car = Vehicle.objects.get(source_id="V1")
    assert [one[0] for one in plates(car)] == ["沪A8K721", "沪C33333"]
    assert list(car.owners.order_by("id").values_list("customer__source_id", flat=True)) == ["C1", "C2"]
    assert list(car.readings.order_by("id").values_list("km", "source")) == [(68214, "load"), (70000, "load")]


def test_a_temporary_plate_needs_the_vin(cast):
    given = {"company": cast.store.company, "owner": None, "by": cast.by("advisor")}
    with pytest.raises(Refused) as told:
        actions.add_vehicle(**given, plate="沪A12345临", vin="")
    assert told.value.field == "vin"
    car = actions.add_vehicle(**given, plate="沪A·12345临", vin="LFV2A21K0D3123456")
    assert (car.plate, car.plate_kind) == ("沪A12345临", "temporary")
    edit(car, cast, plate="沪A8K721")
    car.refresh_from_db()
    assert (car.plate_kind, [one[0] for one in plates(car)]) == ("ordinary", ["沪A12345临", "沪A8K721"])


def test_the_page_tells_plates_owners_and_mileages(cast, car, client):
    edit(car, cast, mileage=50_000)
    MileageReading.objects.update(at=now() - timedelta(days=90))
    actions.note_mileage(car, 54_500)
    edit(Vehicle.objects.get(pk=car.pk), cast, plate="沪AD03918")
    client.force_login(cast.advisor)
    page = client.get(f"/vehicles/{car.pk}/?tab=past").content.decode()
    for piece in ("沪A·8K721", "沪A·D03918", "刘建国", "54,500 km", "4,500 km"):
        assert piece in page
    client.force_login(cast.stranger)
    assert client.get(f"/vehicles/{car.pk}/?tab=past").status_code == 404
