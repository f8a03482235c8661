"""What comes in as JSON is taken literally: a wrong type, an unknown key, a missing field is said, never guessed."""

from datetime import timedelta
from typing import Any

from django.utils.timezone import now

from core.models import Entry
from customers.models import Customer, Vehicle
from service.models import Visit

SOON = (now() + timedelta(hours=3)).isoformat()
JOBS = [{"words": "刹车异响", "kind": "repair"}]


def received(**other: Any) -> dict[str, Any]:
    return {"promised_at": SOON, "jobs": JOBS} | other


MISSHAPED: list[tuple[Any, set[str]]] = [
    ([], {"__all__", "promised_at", "jobs"}),
    ('"text"', {"__all__", "promised_at", "jobs"}),
    ({}, {"promised_at", "jobs"}),
    ({"promised_at": SOON}, {"jobs"}),
    ({"jobs": JOBS}, {"promised_at"}),
    (received(mileage="68214"), {"mileage"}),
    (received(mileage=True), {"mileage"}),
    (received(mileage=-1), {"mileage"}),
    (received(mileage=1.5), {"mileage"}),
    (received(mileage=10**30), {"mileage"}),
    (received(waits="no"), {"waits"}),
    (received(waits=0), {"waits"}),
    (received(waits=None), {"waits"}),
    (received(key_tag=17), {"key_tag"}),
    (received(key_tag="A" * 11), {"key_tag"}),
    (received(driver_name="a\x00b"), {"driver_name"}),
    (received(driver_name="\ud800"), {"driver_name"}),
    (received(driver_name=["x"]), {"driver_name"}),
    (received(colour="red"), {"colour"}),
    (received(promised_at="2026-12-01 10:00"), {"promised_at"}),
    (received(promised_at="2026-12-01T10:00"), {"promised_at"}),
    (received(promised_at="01/02/2027"), {"promised_at"}),
    (received(promised_at="20270101T1000+08"), {"promised_at"}),
    (received(promised_at="9999-12-31T23:59:59-12:00"), {"promised_at"}),
    (received(promised_at="0001-01-01T00:00:00+14:00"), {"promised_at"}),
    (received(promised_at=1796000000), {"promised_at"}),
    (received(promised_at="2020-01-01T10:00:00+08:00"), {"promised_at"}),
    (received(promised_at=None), {"promised_at"}),
    (received(jobs={}), {"jobs"}),
    (received(jobs=[]), {"jobs"}),
    (received(jobs=["x"]), {"jobs"}),
    (received(jobs=JOBS * 201), {"jobs"}),
    (received(jobs=[{"words": "x", "kind": "magic"}]), {"jobs"}),
    (received(jobs=[{"kind": "repair"}]), {"jobs"}),
    (received(jobs=[*JOBS, {"words": 5}]), {"jobs"}),
    (received(jobs=[{"words": "x", "price": 1}]), {"jobs"}),
]


def test_a_misshaped_reception_is_refused_field_by_field(chain, program):
    visit = chain.arrived()
    asked = program("advisor")
    for body, fields in MISSHAPED:
        answer = asked.post(f"visits/{visit.pk}/receive/", body)
        assert answer.status_code == 400, answer.content
        told = answer.json()
        assert (told["code"], set(told["fields"])) == ("invalid", fields), body
        assert all(isinstance(words, list) and words for words in told["fields"].values())
    visit.refresh_from_db()
    assert visit.status == Visit.Status.ARRIVED


def test_each_row_of_a_list_says_what_is_wrong_with_it(chain, program):
    visit = chain.arrived()
    rows = [JOBS[0], {"words": 5, "kind": "magic"}, {"kind": "repair"}, JOBS[0] | {"colour": "red"}]
    answer = program("advisor").post(f"visits/{visit.pk}/receive/", received(jobs=rows))
    first, second, third, fourth = answer.json()["fields"]["jobs"]
    assert (first, set(second), set(third), set(fourth)) == ({}, {"words", "kind"}, {"words"}, {"colour"})
    assert second["words"] == ["This must be text."]


NO_JSON: list[str | bytes] = [
    "{",
    '{"plate": "a", "plate": "b"}',
    '{"store": NaN}',
    '{"store": Infinity}',
    '{"store": 1' + "0" * 5000 + "}",
    '{"\\ud800": 1}',
    '{"a\\u0000": 1}',
    "\ufeff{}",
    b"\xff\xfe",
    "[" * 100_000,
]


def test_what_is_not_json_is_refused(cast, program):
    asked = program("greeter")
    for text in NO_JSON:
        answer = asked.post("visits/", text)
        assert (answer.status_code, answer.json()["code"]) == (400, "parse_error"), text


def test_a_program_that_sends_a_form_or_too_much_is_told(cast, program, settings):
    client = program("greeter").client
    form = client.post("/api/v1/visits/", {"store": 1}, headers={"Idempotency-Key": "a"})
    assert (form.status_code, form.json()["code"]) == (415, "unsupported_media_type")
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000
    asked = program("advisor")
    for key in ("b", None):
        answer = asked.post("jobs/1/start/" if key is None else "visits/", " " * 2000 + "{}", key=key)
        assert answer.status_code in {413, 403}, answer.content
    assert asked.post("visits/", " " * 2000 + "{}").json()["code"] == "too_large"
    assert program("technician").post("jobs/1/start/", " " * 2000, key=None).status_code == 404


def test_amounts_are_exact(chain, program):
    job = chain.received().orders.get().jobs.get()
    for amount in ("NaN", "1e3", " 12", "１２", "1_000", "12,50", "0.001", True, [], "9" * 40, "-1.00"):
        line = {"name": "制动液", "kind": "part", "quantity": "1", "price": amount}
        answer = program("advisor").post(f"jobs/{job.pk}/add-lines/", {"lines": [line]})
        assert (answer.status_code, set(answer.json()["fields"]["lines"][0])) == (400, {"price"}), amount
    for amount, kept in (("12.5", "12.50"), (12, "12.00"), ("0.10", "0.10"), ("1e1", None)):
        text = '{"lines": [{"name": "制动液", "kind": "part", "quantity": 0.5, "price": %s}]}'
        body = text % (f'"{amount}"' if isinstance(amount, str) and kept else amount)
        answer = program("advisor").post(f"jobs/{job.pk}/add-lines/", body)
        assert answer.status_code == 200, answer.content
        assert answer.json()["lines"][-1]["price"] == (kept or "10.00")


def test_a_step_without_fields_takes_none(chain, program):
    job = chain.authorised().orders.get().jobs.get()
    answer = program("controller").post(f"jobs/{job.pk}/start/", {"technician": 1})
    assert (answer.status_code, list(answer.json()["fields"])) == (400, ["__all__"])


def test_yes_and_no_are_true_and_false(chain, program):
    from service import actions

    visit = chain.authorised()
    job = visit.orders.get().jobs.get()
    actions.dispatch(job, technician=chain.cast.technician, by=chain.cast.by("controller"))
    actions.start(job, by=chain.cast.by("technician"))
    actions.finish(job, cause="a", remedy="b", by=chain.cast.by("technician"))
    asked = program("inspector")
    assert asked.post(f"jobs/{job.pk}/check/", {"passed": "yes"}).status_code == 400
    failed = asked.post(f"jobs/{job.pk}/check/", {"passed": False})
    assert list(failed.json()["fields"]) == ["remark"]
    assert asked.post(f"jobs/{job.pk}/check/", {"passed": True}).json()["status"] == "done"


def test_a_foreign_choice_looks_like_a_missing_one(cast, program):
    asked = program("greeter")
    bodies = [{"store": pk, "plate": "沪A8K721"} for pk in (cast.foreign.pk, 999_999, 10**25, -1)]
    first, *others = [asked.post("visits/", body) for body in bodies]
    assert (first.status_code, list(first.json()["fields"])) == (400, ["store"])
    assert {one.content for one in others} == {first.content}


def test_patch_keeps_what_is_left_out_and_put_empties_it(cast, car, program):
    asked = program("advisor")
    Customer.objects.filter(pk=car.owner_id).update(call_from="09:00", call_until="11:30", city="上海")
    path = f"customers/{car.owner_id}/"
    patched = asked.send("patch", path, {"name": "刘建国先生"}, If_Match='"1"')
    told = patched.json()
    assert (told["name"], told["city"], told["call_from"], told["level"]) == ("刘建国先生", "上海", "09:00:00", "gold")
    cleared = asked.send("patch", path, {"call_from": None, "call_until": None}, If_Match=patched["ETag"])
    assert (cleared.json()["call_from"], cleared.json()["city"]) == (None, "上海")
    bare = {"kind": "person", "name": "刘建国", "phone": "13800006621"}
    put = asked.send("put", path, bare, If_Match=cleared["ETag"])
    assert (put.status_code, put.json()["city"], put.json()["level"]) == (200, "", "")
    missing = asked.send("put", path, {"name": "刘建国"}, If_Match=put["ETag"])
    assert list(missing.json()["fields"]) == ["phone"]


def test_vehicles_are_added_and_edited(cast, car, program):
    asked = program("advisor")
    new = {"company": cast.store.company_id, "plate": "粤B·D12345", "vin": "LSVAA49J132047371", "sold_on": "2025-03-01"}
    made = asked.post("vehicles/", new | {"owner": car.owner_id})
    assert (made.status_code, made.json()["plate"], made.json()["plate_kind"]) == (201, "粤BD12345", "energy")
    assert made["Location"] == f"/api/v1/vehicles/{made.json()['id']}/"
    edited = asked.send("patch", f"vehicles/{car.pk}/", {"mileage": 70_000}, If_Match='"1"')
    assert (edited.status_code, edited.json()["mileage"], edited.json()["vin"]) == (200, 70_000, "LFV2A21K0D3123456")
    taken = asked.post("vehicles/", new | {"plate": "沪A8K721", "vin": ""})
    assert (taken.status_code, list(taken.json()["fields"])) == (400, ["plate_moved"])
    doubled = asked.post("vehicles/", new | {"plate": ""})
    assert doubled.status_code == 409, doubled.content
    assert doubled.json()["detail"] == "A car with this VIN is already here."
    assert Vehicle.objects.count() == 2
    assert Entry.objects.filter(verb="vehicle.added", door="api").count() == 1
