"""Two records of one person or one car become one: nothing is lost, and it can be taken back while nothing is new."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils.timezone import now

from core.actions import make_token
from core.actor import CONSOLE
from core.models import Entry
from core.rows import Refused
from customers import actions
from customers.models import Call, Customer, Merge, OwnerSpan, PlateSpan, Vehicle, VisitNote, may_contact
from service.models import Visit


@pytest.fixture
def twin(cast):
    """刘建国 once more, as somebody wrote him down in a hurry."""
    return Customer.objects.create(
        company=cast.store.company, name="刘建", phone="13800006622", city="上海", remark="从保险转来"
    )


@pytest.fixture
def lost(cast, twin, chain):
    """The twin with a car that was here, a bill, a message and a word on marketing."""
    from tests.conftest import Chain

    car = Vehicle.objects.create(company=cast.store.company, owner=twin, plate="沪B22222", plate_kind="ordinary")
    Chain(cast, car).left()
    actions.tell(cast.store, twin, twin.phone, "car_ready", "sms", by=cast.by("advisor"))
    actions.note_consent(twin, via="counter", marketing_sms=True, by=cast.by("advisor"))
    return twin


def merge(kept, other, cast, **chosen):
    return actions.merge_customer(kept, other=other, by=cast.by("advisor"), **chosen)


@pytest.mark.duty("C-36")
def test_everything_moves_whatever_room_it_lives_in(cast, car, lost):
    from finance.models import Settlement

    kept = merge(car.owner, lost, cast)
    lost.refresh_from_db()
    assert lost.merged_into == kept
    assert Vehicle.objects.filter(owner=kept).count() == 2
    for model in (Visit, VisitNote, Settlement):
        assert model.objects.filter(customer=lost).count() == 0, model
        assert model.objects.filter(customer=kept).exists(), model
    assert kept.messages.count() == 2, "the one of the visit and ours"
    assert not Call.objects.filter(customer=lost).exists()
    assert not OwnerSpan.objects.filter(customer=lost).exists()
    assert may_contact(kept, "marketing", "sms"), "the newest word of both counts"
    assert Entry.objects.filter(verb="customer.merged").count() == 1


def test_values_are_chosen_and_what_is_missing_is_filled_in(cast, car, twin):
    kept = merge(car.owner, twin, cast, phone="lost")
    assert (kept.name, kept.phone, kept.city, kept.level) == ("刘建国", "13800006622", "上海", "gold")
    assert "从保险转来" in kept.remark
    assert kept.version == 2


def test_a_refusal_of_either_holds(cast, car, twin):
    actions.note_consent(twin, via="phone", service_phone=False, by=cast.by("advisor"))
    kept = merge(car.owner, twin, cast)
    assert kept.do_not_call
    assert not may_contact(kept, "service", "phone")


def test_the_lost_one_is_found_at_the_kept_one(cast, car, lost, client):
    kept = merge(car.owner, lost, cast)
    client.force_login(cast.advisor)
    assert client.get(f"/customers/{lost.pk}/").url == f"/customers/{kept.pk}/"
    assert list(Customer.objects.found_by("6622")) == [kept]
    page = client.get(reverse("search"), {"q": "13800006622"}).content.decode()
    assert f'href="/customers/{kept.pk}/"' in page
    assert f'href="/customers/{lost.pk}/"' not in page
    assert "刘建<" not in client.get("/customers/").content.decode()
    assert actions.meet_customer(cast.store.company, "刘建", "13800006622", by=cast.by("advisor")) == kept
    told = client.get(f"/api/v1/customers/{lost.pk}/")
    assert (told.status_code, told["Location"]) == (301, f"/api/v1/customers/{kept.pk}/")
    assert client.get(f"/customers/{lost.pk}/edit/").status_code == 404
    client.force_login(cast.stranger)
    assert client.get(f"/customers/{lost.pk}/").status_code == 404


def test_the_timeline_shows_both(cast, car, lost, client):
    kept = merge(car.owner, lost, cast)
    client.force_login(cast.advisor)
    page = client.get(f"/customers/{kept.pk}/?tab=history").content.decode()
    assert "Two records made one" in page
    assert "Consent to contact noted" in page, "what was noted on the lost one"


def test_a_load_of_the_old_system_goes_on_with_the_kept_one(cast, car, tmp_path):
    from tests.dealer.test_load import load, write

    text = "客户编号,姓名,手机\nC1,刘建国,13800006621\n"
    path = write(tmp_path / "a.csv", text)
    load("customers", path, "--store", "HD01", "--source", "old")
    lost = Customer.objects.get(source_id="C1")
    kept = merge(car.owner, lost, cast)
    assert load("customers", path, "--store", "HD01", "--source", "old")[-1].startswith("created 0, updated 0")
    cars = write(tmp_path / "b.csv", "车辆编号,客户编号,车牌号\nV1,C1,沪C33333\n")
    load("vehicles", cars, "--store", "HD01", "--source", "old")
    assert Vehicle.objects.get(source_id="V1").owner == kept


@pytest.mark.duty("C-36")
def test_it_is_taken_back_as_long_as_nothing_new_happened(cast, car, lost):
    before = {name: getattr(car.owner, name) for name in ("name", "phone", "city", "remark")}
    moved = set(Visit.objects.filter(customer=lost).values_list("pk", flat=True))
    kept = merge(car.owner, lost, cast, phone="lost")
    kept = actions.undo_merge(kept, by=cast.by("advisor"))
    lost.refresh_from_db()
    assert lost.merged_into is None
    assert {name: getattr(kept, name) for name in before} == before
    assert set(Visit.objects.filter(customer=lost).values_list("pk", flat=True)) == moved
    assert not may_contact(kept, "marketing", "sms")
    assert may_contact(lost, "marketing", "sms")
    with pytest.raises(Refused):
        actions.undo_merge(kept, by=cast.by("advisor"))
    assert merge(kept, lost, cast), "and once more is possible"


def test_what_moved_and_changed_since_stays(cast, car, lost):
    kept = merge(car.owner, lost, cast)
    moved = Vehicle.objects.get(plate="沪B22222")
    from customers.forms import EditVehicleForm

    known = EditVehicleForm.known(moved) | {"owner": kept, "brand": "大众"}
    actions.edit_vehicle(moved, **known, by=cast.by("advisor"))
    with pytest.raises(Refused):
        actions.undo_merge(kept, by=cast.by("advisor"))
    lost.refresh_from_db()
    assert lost.merged_into == kept


def test_a_kept_record_that_changed_since_stays(cast, car, twin):
    kept = merge(car.owner, twin, cast)
    actions.note_consent(kept, via="phone", marketing_sms=True, by=cast.by("advisor"))
    with pytest.raises(Refused):
        actions.undo_merge(kept, by=cast.by("advisor"))


def test_a_chain_of_merges_leads_to_the_last_and_back_again(cast, car, twin):
    third = Customer.objects.create(company=cast.store.company, name="刘", phone="13800006623")
    merge(twin, third, cast)
    kept = merge(car.owner, twin, cast)
    third.refresh_from_db()
    assert third.merged_into == kept
    actions.undo_merge(kept, by=cast.by("advisor"))
    third.refresh_from_db()
    assert third.merged_into == twin


def test_what_cannot_be(cast, car, twin):
    with pytest.raises(Refused):
        merge(car.owner, car.owner, cast)
    foreign = Customer.objects.create(company=cast.foreign.company, name="刘建国", phone="13800006621")
    with pytest.raises(Refused) as told:
        merge(car.owner, foreign, cast)
    assert told.value.field == "other"
    merge(car.owner, twin, cast)
    with pytest.raises(Refused):
        merge(car.owner, twin, cast)
    for name in ("stranger", "cashier", "monitor"):
        with pytest.raises(PermissionDenied):
            actions.merge_customer(car.owner, other=twin, by=cast.by(name))
        with pytest.raises(PermissionDenied):
            actions.undo_merge(car.owner, by=cast.by(name))
    assert Merge.objects.count() == 1


def test_in_the_browser_the_other_is_found_compared_and_merged(cast, car, twin, client):
    client.force_login(cast.advisor)
    path = f"/customers/{car.owner.pk}/merge/"
    assert "other_q" in client.get(path).content.decode()
    assert "刘建<" in client.get(path, {"other_q": "6622"}).content.decode(), "one hit is compared at once"
    page = client.get(path, {"other": twin.pk}).content.decode()
    for piece in ("13800006621", "13800006622", "上海", 'name="phone"'):
        assert piece in page
    assert 'name="kind"' not in page, "what is the same is not asked"
    sent = {"other": twin.pk, "phone": "lost", "name": "kept", "version": "1", "form_token": "1"}
    assert client.post(f"{path}?other={twin.pk}", sent).url == f"/customers/{car.owner.pk}/"
    assert Customer.objects.get(pk=car.owner.pk).phone == "13800006622"
    assert client.post(path, {"other": twin.pk, "form_token": "2"}).status_code == 422
    undo = f"/customers/{car.owner.pk}/undo-merge/"
    assert undo in client.get(f"/customers/{car.owner.pk}/").content.decode()
    assert client.get(undo).status_code == 200
    assert client.post(undo, {"form_token": "3"}).url == f"/customers/{car.owner.pk}/"
    assert Customer.objects.get(pk=twin.pk).merged_into is None


def test_two_at_once_do_not_merge_what_they_did_not_see(cast, car, twin, client):
    client.force_login(cast.advisor)
    Customer.objects.filter(pk=car.owner.pk).update(city="北京", version=2)
    sent = {"other": twin.pk, "city": "lost", "version": "1"}
    assert client.post(f"/customers/{car.owner.pk}/merge/", sent).status_code == 422
    assert Customer.objects.get(pk=twin.pk).merged_into is None


def test_a_program_merges_and_takes_it_back(cast, car, twin, client):
    text = make_token(name="test", by=CONSOLE, employee=cast.integration).text
    headers = {"Authorization": f"Bearer {text}"}
    path = f"/api/v1/customers/{car.owner.pk}/"

    def send(verb, body=None):
        return client.post(f"{path}{verb}/", body or {}, content_type="application/json", headers=headers)

    assert send("merge").status_code == 400
    assert send("merge", {"other": twin.pk, "phone": "mine"}).status_code == 400
    assert send("merge", {"other": twin.pk, "phone": "lost"}).json()["phone"] == "13800006622"
    assert send("merge", {"other": twin.pk}).status_code == 400, "it is no record of its own any more"
    assert send("undo-merge").json()["phone"] == "13800006621"
    assert send("undo-merge").status_code == 409
    assert send("keep-apart", {"other": twin.pk}).status_code == 200


@pytest.fixture
def other_car(cast, car):
    """The same car, as somebody wrote it down by its new plate."""
    return Vehicle.objects.create(
        company=cast.store.company,
        owner=car.owner,
        plate="沪AD03918",
        plate_kind="energy",
        brand="奥迪",
        mileage=70_000,
    )


def test_two_records_of_one_car(cast, car, other_car, client):
    from tests.conftest import Chain

    Chain(cast, other_car).left(mileage=70_010)
    kept = actions.merge_vehicle(car, other=other_car, plate="lost", mileage="lost", by=cast.by("advisor"))
    other_car.refresh_from_db()
    assert (kept.plate, kept.vin, kept.mileage) == ("沪AD03918", car.vin, 70_010)
    assert (other_car.plate, other_car.merged_into) == ("", kept)
    assert Visit.objects.get().vehicle == kept
    spans = PlateSpan.objects.filter(vehicle=kept).order_by("id").values_list("plate", "until")
    assert [(plate, until is None) for plate, until in spans] == [("沪A8K721", False), ("沪AD03918", True)]
    assert list(Vehicle.objects.found_by("8K721")) == [kept]
    client.force_login(cast.advisor)
    assert client.get(f"/vehicles/{other_car.pk}/").url == f"/vehicles/{kept.pk}/"
    actions.undo_merge(kept, by=cast.by("advisor"))
    car.refresh_from_db()
    other_car.refresh_from_db()
    assert (car.plate, other_car.plate, other_car.merged_into) == ("沪A8K721", "沪AD03918", None)
    assert other_car.owner == car.owner
    assert Visit.objects.get().vehicle == other_car
    open_spans = PlateSpan.objects.filter(until=None).values_list("vehicle", "plate")
    assert set(open_spans) == {(car.pk, "沪A8K721"), (other_car.pk, "沪AD03918")}


def test_two_vins_are_two_cars_and_two_cars_in_the_house_stay_two(cast, car, other_car, client):
    other_car.vin = "LSVAA49J132047371"
    other_car.save()
    with pytest.raises(Refused) as told:
        actions.merge_vehicle(car, other=other_car, by=cast.by("advisor"))
    assert told.value.field == "other"
    other_car.vin = ""
    other_car.save()
    from tests.conftest import Chain

    for one in (car, other_car):
        Chain(cast, one).arrived()
    client.force_login(cast.advisor)
    answer = client.post(f"/vehicles/{car.pk}/merge/", {"other": other_car.pk})
    assert answer.status_code == 422
    assert "already in the store" in answer.content.decode()
    other_car.refresh_from_db()
    assert other_car.merged_into is None


def test_the_browser_merges_cars_too(cast, car, other_car, client):
    client.force_login(cast.advisor)
    path = f"/vehicles/{car.pk}/merge/"
    assert client.get(path, {"other_q": "D03918"}).context["other"] == other_car
    assert "D03918" in client.get("/vehicles/find/?field=other&other_q=D0391").content.decode()
    assert client.post(path, {"other": other_car.pk, "plate": "kept"}).url == f"/vehicles/{car.pk}/"
    undo = f"/vehicles/{car.pk}/undo-merge/"
    assert client.get(undo).status_code == 200
    answer = client.post(undo, {"form_token": "1"})
    assert answer.status_code == 302, answer.context["form"].errors
    assert answer.url == f"/vehicles/{car.pk}/"


def test_possible_duplicates_are_shown_until_somebody_says_that_they_are_two(cast, car, client):
    company = cast.store.company
    wife = Customer.objects.create(company=company, name="李红", phone=car.owner.phone)
    slip = Customer.objects.create(company=company, name="刘建国", phone="13800006612")
    namesake = Customer.objects.create(company=company, name="刘建国", phone="15011112222")
    Customer.objects.create(company=cast.foreign.company, name="刘建国", phone=car.owner.phone)
    client.force_login(cast.advisor)
    pairs = {(pair.one, pair.other, pair.why) for pair in client.get("/customers/duplicates/").context["pairs"]}
    assert pairs == {(wife, car.owner, "phone"), (slip, car.owner, "name")}
    assert namesake not in {one for pair in pairs for one in pair}
    path = f"/customers/{car.owner.pk}/keep-apart/"
    assert client.get(path, {"other": wife.pk}).status_code == 200
    for _twice in range(2):
        assert client.post(path, {"other": wife.pk}).url == "/customers/duplicates/"
    assert Entry.objects.filter(verb="customer.kept_apart").count() == 1
    assert [pair.one for pair in client.get("/customers/duplicates/").context["pairs"]] == [slip]
    client.force_login(cast.stranger)
    assert client.get("/customers/duplicates/").context["pairs"] == []
    assert client.get(path).status_code == 404
    client.force_login(cast.cashier)
    assert client.get("/customers/duplicates/").status_code == 403


def test_cars_of_one_owner_of_which_one_has_no_vin(cast, car, other_car, client):
    client.force_login(cast.advisor)
    assert client.get("/vehicles/duplicates/").context["pairs"] == []
    Vehicle.objects.filter(pk=other_car.pk).update(model=car.model)
    assert [pair.one for pair in client.get("/vehicles/duplicates/").context["pairs"]] == [other_car]
    assert client.post(f"/vehicles/{car.pk}/keep-apart/", {"other": other_car.pk}).status_code == 302
    assert client.get("/vehicles/duplicates/").context["pairs"] == []


def test_papers_move_with_their_record(cast, car, twin):
    from core.models import Attachment

    Attachment.objects.create(
        company=cast.store.company, kind="customer", object_id=twin.pk, name="行驶证.jpg", path="x/1.jpg",
        content_type="image/jpeg", size=1, digest="0" * 64, added_by="ADVISOR", added_at=now() - timedelta(days=1),
    )  # fmt: skip
    kept = merge(car.owner, twin, cast)
    assert Attachment.objects.of(kept).count() == 1
    actions.undo_merge(kept, by=cast.by("advisor"))
    assert Attachment.objects.of(twin).count() == 1
