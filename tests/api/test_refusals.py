"""Every refusal of the REST door has a status, a code for programs and a sentence for people."""

import json
from contextlib import contextmanager

from django.db import DatabaseError, OperationalError, connection
from django.test import Client

from core import actions
from core.models import AccessEntry, AccessToken
from customers.models import Customer

HOUSE = "allauth.account.auth_backends.AuthenticationBackend"


def test_nobody_is_asked_who_they_are(db):
    for header in (
        {},
        {"Authorization": "Bearer "},
        {"Authorization": "Bearer wrong"},
        {"Authorization": "Basic eA=="},
    ):
        answer = Client(headers=header).get("/api/v1/visits/")
        assert (answer.status_code, answer.json()["code"]) == (401, "not_authenticated")
        assert answer["WWW-Authenticate"] == "Bearer"


def test_a_token_ends_when_it_is_taken_back_or_its_employee_leaves(cast, program):
    asked = program("advisor")
    assert asked.get("visits/").status_code == 200
    token = AccessToken.objects.get()
    assert token.used_at
    assert asked.token not in str(token.__dict__)
    actions.revoke_token(token, by=cast.by("advisor"))
    assert asked.get("visits/").status_code == 401
    other = program("greeter")
    cast.greeter.is_active = False
    cast.greeter.save()
    assert other.get("visits/").status_code == 401


def test_a_wrong_token_is_not_helped_by_a_session(cast):
    client = Client(headers={"Authorization": "bearer wrong"})
    client.force_login(cast.advisor, backend=HOUSE)
    assert client.get("/api/v1/visits/").status_code == 401


def test_a_session_needs_its_csrf_token_for_writes(cast):
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.greeter, backend=HOUSE)
    assert client.get("/api/v1/visits/").status_code == 200
    headers = {"Idempotency-Key": "a"}
    answer = client.post("/api/v1/visits/", "{}", content_type="application/json", headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (403, "permission_denied")


def test_a_verb_one_does_not_have_is_refused_before_the_row_is_looked_at(chain, program):
    visit = chain.arrived()
    for pk in (visit.pk, 999_999):
        answer = program("technician").post(f"visits/{pk}/receive/", {})
        assert (answer.status_code, answer.json()["code"]) == (403, "not_allowed")


def test_a_foreign_row_is_a_missing_row(chain, program):
    visit = chain.authorised()
    order = visit.orders.get()
    line = order.jobs.get().lines.first()
    stranger = program("stranger")
    for path in ("visits/{}/", f"orders/{{}}/#{order.pk}", "customers/{}/", "vehicles/{}/", f"lines/{{}}/#{line.pk}"):
        path, _hash, pk = path.partition("#")
        own = (
            pk or {"visits": visit.pk, "customers": visit.customer_id, "vehicles": visit.vehicle_id}[path.split("/")[0]]
        )
        answers = [stranger.get(path.format(one)) for one in (own, 999_999, 10**17, 10**40)]
        assert {one.status_code for one in answers} == {404}
        assert {one.content for one in answers} == {b'{"code":"not_found","detail":"There is nothing here."}'}
        assert program("advisor").get(path.format(own)).status_code == 200
    for path in (f"visits/{visit.pk}/ready/", f"orders/{order.pk}/authorise/", f"lines/{line.pk}/remove/",
                 f"visits/{visit.pk}/settle/", f"jobs/{line.job_id}/add-lines/"):  # fmt: skip
        foreign = stranger.post(path, {})
        missing = stranger.post(path.replace(path.split("/")[1], "999999"), {})
        assert (foreign.status_code, missing.status_code, foreign.content) == (404, 404, missing.content)
    assert AccessEntry.objects.filter(by_id=chain.cast.stranger.pk).count() == 0


def test_what_the_state_forbids_is_409_and_what_a_value_forbids_400(chain, program):
    visit = chain.received()
    body = {"promised_at": "2099-01-01T10:00:00+08:00", "jobs": [{"words": "x", "kind": "repair"}]}
    answer = program("advisor").post(f"visits/{visit.pk}/receive/", body)
    assert (answer.status_code, answer.json()["code"]) == (409, "wrong_status")
    answer = program("advisor").post("visits/", {"store": visit.store_id, "plate": visit.vehicle.plate})
    assert (answer.status_code, answer.json()["fields"]) == (400, {"plate": ["This car is already in the store."]})


def test_what_postgres_refuses_is_told_by_its_constraint(cast, program):
    body = {"company": cast.store.company_id, "kind": "person", "name": "王", "phone": "13812345678"}
    answer = program("advisor").post("customers/", body | {"call_from": "18:00", "call_until": "09:00"})
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid")
    assert answer.json()["detail"] == "The hours for calls must have a beginning and a later end."
    assert Customer.objects.count() == 0


def test_a_number_that_cannot_be_dialled_is_told_beside_its_field(cast, program):
    body = {"company": cast.store.company_id, "kind": "person", "name": "王", "phone": "12"}
    answer = program("advisor").post("customers/", body)
    assert answer.status_code == 400
    assert answer.json()["fields"] == {"phone": ["This is not a phone number: a mobile number has 11 digits."]}


def test_all_that_is_wrong_with_an_arrival_is_told_at_once(cast, program):
    body = {"store": cast.store.pk, "plate": "京AO1234", "vin": "LFV", "customer_name": "王", "phone": "12"}
    answer = program("advisor").post("visits/", body)
    assert answer.status_code == 400
    assert set(answer.json()["fields"]) == {"plate", "vin", "phone"}


STATES = [
    ("23P01", 409, "refused"),
    ("23505", 409, "refused"),
    ("23514", 400, "invalid"),
    ("55P03", 409, "refused"),
    ("40001", 503, "busy"),
    ("40P01", 503, "busy"),
    ("57014", 503, "busy"),
    ("22003", 400, "invalid"),
]


@contextmanager
def database_fails(at, problem):
    """The database refuses every statement that holds `at`; what was asked of it before stands."""

    def refuse(execute, sql, params, many, context):
        if at in sql:
            raise problem
        return execute(sql, params, many, context)

    with connection.execute_wrapper(refuse):
        yield


def test_every_sqlstate_has_an_answer(chain, program):
    visit = chain.checked()
    asked = program("advisor")

    for state, status, code in STATES:
        problem = DatabaseError()
        problem.__cause__ = type("Cause", (Exception,), {"pgcode": state})()
        for key in (None, "a-key"):
            with database_fails('INSERT INTO "core_entry"', problem):
                answer = asked.post(f"visits/{visit.pk}/ready/", {"channel": "phone"}, key=key)
            assert (answer.status_code, answer.json()["code"]) == (status, code), state
            assert ("Retry-After" in answer) == (status in {409, 503})


def test_a_lost_database_is_503_and_a_bug_is_500_in_json(chain, program):
    visit = chain.received()
    for problem, status, code in ((OperationalError("gone"), 503, "busy"), (RuntimeError("bug"), 500, "error")):
        with database_fails("FOR NO KEY UPDATE", problem):
            answer = program("advisor").post(f"visits/{visit.pk}/ready/", {"channel": "phone"})
        assert (answer.status_code, answer.json()["code"]) == (status, code)
        assert "bug" not in answer.content.decode()


def test_unknown_paths_and_methods_answer_in_json(cast, program):
    asked = program("advisor")
    for path in ("nothing/", "visits/1/nothing/", "visits/abc/", "visits/1/receive"):
        answer = asked.get(path)
        assert answer.status_code in {404, 405} or answer["Location"].endswith("/"), path
    assert json.loads(asked.get("nothing/").content) == {"code": "not_found", "detail": "There is nothing here."}
    for method in ("delete", "put", "options"):
        answer = asked.send(method, "visits/")
        assert (answer.status_code, answer.json()["code"]) == (405, "method_not_allowed")


def test_sentences_come_in_the_language_asked_for(cast, program):
    asked = program("advisor")
    asked.client.defaults["HTTP_ACCEPT_LANGUAGE"] = "zh-CN"
    answer = asked.get("visits/999/")
    assert answer["Content-Language"] == "zh-hans"


def test_reading_one_person_is_noted_and_reading_a_list_is_not(cast, car, program):
    asked = program("advisor")
    asked.get("customers/")
    assert AccessEntry.objects.count() == 0
    asked.get(f"customers/{car.owner_id}/")
    asked.get(f"vehicles/{car.pk}/")
    noted = list(AccessEntry.objects.order_by("id").values_list("kind", "object_id", "by_id", "door"))
    assert noted == [
        ("customer", car.owner_id, cast.advisor.pk, "api"),
        ("vehicle", car.pk, cast.advisor.pk, "api"),
    ]
