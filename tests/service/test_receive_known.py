"""What reception notes beside the work: driver's limit, payer, keys, wishes, photos; what is known of the car."""

import base64
import io
from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.timezone import localdate, now
from PIL import Image

from core.models import Attachment
from core.rows import Refused
from customers.models import Customer, MileageReading, Vehicle
from service import actions
from service.models import Job, Order, Visit
from tests.conftest import Chain

JOB = {"words": "异响", "kind": "repair"}


def photo():
    out = io.BytesIO()
    Image.new("RGB", (640, 480), "grey").save(out, "JPEG")
    return out.getvalue()


def later(hours=9):
    return (now() + timedelta(hours=hours)).strftime("%Y-%m-%dT%H:%M")


def test_everything_that_was_said_at_the_counter_is_on_the_visit(cast, chain, browser):
    firm = Customer.objects.create(company=cast.store.company, kind="firm", name="明德物流", phone="02155556666")
    visit = chain.arrived()
    sent = {
        "driver_name": "周子涵",
        "driver_phone": "139 1234 5678",
        "spending_limit": "500",
        "payer": firm.pk,
        "waits": "yes",
        "key_tag": "A07",
        "parking": "B2-14",
        "wants_wash": "on",
        "wants_old_parts": "on",
        "mileage": "70123",
        "promised_at": later(),
        "jobs-0-words": "异响",
        "jobs-0-kind": "repair",
        "jobs-1-words": "空调不够冷",
        "jobs-1-kind": "repair",
        "photos": SimpleUploadedFile("door.jpg", photo()),
        "form_token": "a",
    }
    answer = browser("advisor").post(f"/visits/{visit.pk}/receive/", sent)
    assert answer.status_code == 302, answer.content.decode()
    visit.refresh_from_db()
    assert (visit.driver_name, visit.driver_phone, visit.payer) == ("周子涵", "13912345678", firm)
    assert (visit.spending_limit, visit.waits, visit.key_tag) == (Decimal(500), True, "A07")
    assert (visit.parking, visit.wants_wash, visit.wants_old_parts) == ("B2-14", True, True)
    assert list(Job.objects.order_by("position").values_list("words", flat=True)) == ["异响", "空调不够冷"]
    kept = Attachment.objects.get()
    assert (kept.kind, kept.object_id, kept.purpose) == ("visit", visit.pk, Attachment.Purpose.DAMAGE)


def test_menus_and_own_words_make_one_order(cast, chain, menu):
    visit = chain.arrived()
    promise = now() + timedelta(hours=2)
    actions.receive(visit, jobs=[JOB], menus=[menu], promised_at=promise, by=cast.by("advisor"))
    assert [job.menu for job in Order.objects.get().jobs.order_by("position")] == [None, menu]
    visit.refresh_from_db()
    assert visit.kind == Visit.Kind.MAINTENANCE


def test_a_car_is_here_for_something(cast, chain, browser):
    visit = chain.arrived()
    answer = browser("advisor").post(f"/visits/{visit.pk}/receive/", {"promised_at": later(), "form_token": "a"})
    assert answer.status_code == 422 and "tap a menu" in answer.content.decode()
    assert not Order.objects.exists()


def test_the_rest_door_takes_what_it_took_before_and_what_is_new(cast, chain, program, menu):
    visit = chain.arrived()
    old = {"jobs": [JOB], "promised_at": "2099-01-01T10:00:00+08:00", "waits": True, "key_tag": "7", "mileage": 68214}
    new = {
        "menus": [menu.pk],
        "wants_wash": True,
        "parking": "B2-14",
        "photos": [{"name": "a.jpg", "content": base64.b64encode(photo()).decode()}],
    }
    answer = program("advisor")(f"visits/{visit.pk}/receive/", old | new, **{"Idempotency-Key": "a"})
    assert (answer.status_code, answer.json()["waits"], answer.json()["parking"]) == (200, True, "B2-14")
    assert Attachment.objects.count() == 1 and Order.objects.get().jobs.count() == 2


def test_last_visits_and_running_guarantees_stand_on_the_page_and_a_comeback_is_one_tap(cast, chain, car, browser):
    chain.left()
    done = Job.objects.get()
    assert done.guaranteed_until and done.guaranteed_until >= localdate()
    visit = Chain(cast, car).arrived()
    client = browser("advisor")
    page = client.get(f"/visits/{visit.pk}/receive/").content.decode()
    assert "刹车异响" in page and f'name="comebacks" value="{done.pk}"' in page
    sent = {"comebacks": done.pk, "promised_at": later(), "form_token": "a"}
    assert client.post(f"/visits/{visit.pk}/receive/", sent).status_code == 302
    again = Job.objects.get(comeback_of=done)
    assert (again.kind, again.words, again.scope) == ("comeback", "刹车异响", done.scope)


def test_a_job_without_a_guarantee_is_no_comeback(cast, chain, car):
    chain.left()
    Job.objects.update(guaranteed_until=localdate() - timedelta(days=1))
    visit = Chain(cast, car).arrived()
    promise = now() + timedelta(hours=2)
    with pytest.raises(Refused):
        actions.receive(visit, comebacks=[Job.objects.get()], promised_at=promise, by=cast.by("advisor"))


def test_promises_are_offered_with_one_tap(cast, chain, browser):
    page = browser("advisor").get(f"/visits/{chain.arrived().pk}/receive/").content.decode()
    assert all(f'data-minutes="{minutes}"' in page for minutes in (30, 60, 120))
    assert "tomorrow 10:00" in page


@pytest.mark.parametrize("typed", ["K721", "3456", "6621", "刘建国"])
def test_four_characters_of_plate_vin_or_phone_find_the_car(cast, car, browser, typed):
    client = browser("advisor")
    piece = client.get("/visits/arrive/", {"q": typed}, headers={"HX-Request": "true"}).content.decode()
    assert "沪A·8K721" in piece and "<html" not in piece
    assert "沪A·8K721" not in browser("stranger").get("/visits/arrive/", {"q": typed}).content.decode()


def test_a_lower_mileage_wants_a_reason_in_the_browser(cast, chain, car, browser):
    Vehicle.objects.update(mileage=70_000)
    visit, client = chain.arrived(), browser("advisor")
    assert "Why the mileage is lower" not in client.get(f"/visits/{visit.pk}/receive/").content.decode()
    sent = {"mileage": "61000", "jobs-0-words": "异响", "jobs-0-kind": "repair", "promised_at": later()}
    answer = client.post(f"/visits/{visit.pk}/receive/", sent | {"form_token": "a"})
    page = answer.content.decode()
    assert answer.status_code == 422 and "70000 km" in page and "Why the mileage is lower" in page
    right = sent | {"mileage_remark": "更换仪表", "form_token": "a"}
    assert client.post(f"/visits/{visit.pk}/receive/", right).status_code == 302
    car.refresh_from_db()
    read = MileageReading.objects.get(km=61_000)
    assert (car.mileage, read.is_doubtful, read.remark) == (61_000, False, "更换仪表")


def test_a_lower_mileage_wants_a_reason_of_a_program(cast, chain, car, program):
    Vehicle.objects.update(mileage=70_000)
    visit, ask = chain.arrived(), program("advisor")
    body = {"jobs": [JOB], "promised_at": "2099-01-01T10:00:00+08:00", "mileage": 61_000}
    wrong = ask(f"visits/{visit.pk}/receive/", body, **{"Idempotency-Key": "a"})
    assert wrong.status_code == 400 and list(wrong.json()["fields"]) == ["mileage_remark"]
    right = ask(f"visits/{visit.pk}/receive/", body | {"mileage_remark": "更换仪表"}, **{"Idempotency-Key": "b"})
    assert (right.status_code, right.json()["mileage"]) == (200, 61_000)
    etag = {"If-Match": right.headers["ETag"]}
    assert ask(f"visits/{visit.pk}/", {"mileage": 60_000}, "patch", **etag).status_code == 400
    fixed = ask(f"visits/{visit.pk}/", {"mileage": 60_000, "mileage_remark": "读错"}, "patch", **etag)
    assert (fixed.status_code, fixed.json()["mileage"]) == (200, 60_000)
