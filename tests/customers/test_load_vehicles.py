"""An old system's cars come in: with owner, with a doubtful VIN, without plate, and beside the cars already here."""

import pytest

from core.models import Entry
from customers.models import Customer, Vehicle
from tests.dealer.test_load import load, write

RIGHT, DOUBTFUL = "LFV2A21K0D3123456", "LSVAA49J062012345"


@pytest.fixture
def into(cast, tmp_path):
    """Loads a text as vehicles of a store, the customers C1 and C2 being there."""
    for name in ("C1", "C2"):
        Customer.objects.create(
            company=cast.store.company, name=name, phone="13800001111", source="old", source_id=name
        )

    def vehicles(text: str, store: str = "HD01") -> list[str]:
        path = write(tmp_path / "a.csv", "车辆编号,客户编号,车牌号,车架号,品牌,车型,年款,里程\n" + text)
        return load("vehicles", path, "--store", store, "--source", "old")

    return vehicles


def test_cars_with_owner_plate_and_vin(into):
    said = into(f'V1,C1,沪A·8K721,{RIGHT},奥迪,A4L,2020,"68,214"\nV2,C2,沪AD03918,{DOUBTFUL},,,,\nV3,,无牌,,大众,,,\n')
    assert said[-1] == "created 3, updated 0, unchanged 0, rejected 0"
    one, two, three = Vehicle.objects.order_by("source_id")
    assert (one.plate, one.plate_kind, one.vin, one.vin_remark) == ("沪A8K721", "ordinary", RIGHT, "")
    assert (one.owner.source_id, one.brand, one.year, one.mileage) == ("C1", "奥迪", 2020, 68214)
    assert (two.plate_kind, two.vin_remark) == ("energy", "check digit should be 6 (load)")
    assert (three.is_incomplete, three.plate, three.owner) == (True, "", None)
    assert "1 cars have a VIN whose check digit is wrong" in said[0]
    said = into(f'V1,C1,沪A·8K721,{RIGHT},奥迪,A4L,2020,"68,214"\nV2,C2,沪AD03918,{DOUBTFUL},,,,\nV3,,无牌,,大众,,,\n')
    assert said[-1] == "created 0, updated 0, unchanged 3, rejected 0" and "check digit" not in said[0]


@pytest.mark.parametrize(
    ("row", "field"),
    [
        ("V1,,,LFV2A21K0D312345,,,,", "vin"),
        ("V1,,,LFV2A21K0D312345O,,,,", "vin"),
        ("V1,,京AO1234,,,,,", "plate"),
        ("V1,C9,,,,,,", "owner"),
        ("V1,,,,,,1890,", "year"),
        ("V1,,,,,,,6.8万", "mileage"),
        (",,沪A8K721,,,,,", "id"),
    ],
)
def test_what_is_wrong_is_rejected(into, row, field):
    said = into(f"{row}\nV2,,,,,,,\n")
    assert said[-1] == "created 1, updated 0, unchanged 0, rejected 1"
    assert f"Line 2, {field}: " in said[0]


def test_one_vin_and_one_plate_belong_to_one_car(into):
    said = into(f"V1,,沪A8K721,{RIGHT},,,,\nV2,,,{RIGHT},,,,\nV3,,沪A8K721,,,,,\n")
    assert said[-1] == "created 1, updated 0, unchanged 0, rejected 2"
    # but a plate may move, in one file too, whichever of the cars comes first
    assert into(f"V1,,沪B22222,,,,,\nV4,,沪A8K721,{DOUBTFUL},,,,\n")[-1].startswith("created 1, updated 1")
    assert into("V4,,沪C33333,,,,,\nV1,,沪A8K721,,,,,\n")[-1].startswith("created 0, updated 2")
    assert dict(Vehicle.objects.values_list("source_id", "plate")) == {"V1": "沪A8K721", "V4": "沪C33333"}
    assert dict(Vehicle.objects.values_list("source_id", "vin")) == {"V1": RIGHT, "V4": DOUBTFUL}


def test_a_car_entered_by_hand_gets_its_old_id_and_keeps_what_was_typed(into, cast, car):
    Entry.objects.create(
        xact=0,
        at=car.created_at,
        business_date="2026-01-01",
        verb="vehicle.added",
        kind="vehicle",
        object_id=car.pk,
        by_kind="employee",
        door="browser",
        digest="x",
    )
    assert into(f"V1,C1,沪B22222,{car.vin},大众,,2020,100\n")[-1] == "created 0, updated 1, unchanged 0, rejected 0"
    car.refresh_from_db()
    assert (car.source, car.source_id, car.plate, car.brand, car.year) == ("old", "V1", "沪A8K721", "奥迪", 2020)
    assert car.owner.name == "刘建国" and car.mileage == 100
    assert into(f"V1,C1,沪B22222,{car.vin},大众,,2020,90\n")[-1] == "created 0, updated 0, unchanged 1, rejected 0"


def test_another_companys_car_is_its_own_record(into, cast, car):
    assert into(f"V1,,{car.plate},{car.vin},,,,\n", "YH01")[-1] == "created 1, updated 0, unchanged 0, rejected 0"
    assert Vehicle.objects.filter(vin=car.vin).count() == 2
    assert Vehicle.objects.get(company=cast.foreign.company).owner is None
