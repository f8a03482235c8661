"""A request with an Idempotency-Key is done once, however often it comes."""

import threading
from typing import Any

import pytest
from django.db import DatabaseError, connection

from core.models import Entry, KeyedRequest
from customers.models import Customer
from finance.models import Payment, Settlement
from service.models import Visit


@pytest.fixture
def body(cast):
    return {"company": cast.store.company_id, "kind": "person", "name": "王海燕", "phone": "13912345678"}


CREATING = ["visits/", "customers/", "vehicles/", "reports/", "visits/1/receive/", "orders/1/add-job/",
            "jobs/1/add-lines/", "visits/1/settle/", "visits/1/gate-pass/", "settlements/1/pay/",
            "settlements/1/reverse/", "payments/1/refund/", "calls/1/call/", "visits/arrive-fleet/", "visits/quick/",
            "visits/1/add-order/", "orders/1/add-menu/", "orders/1/take-up-again/", "catalogue/", "catalogue/load/",
            "menus/", "parties/", "attachments/",
            "visits/1/ask-discount/", "visits/1/take-deposit/", "customers/1/take-deposit/", "deposits/1/return/",
            "settlements/1/refuse-payment/", "settlements/1/write-off/", "settlements/1/ask-write-off/",
            "settlements/1/dun/", "settlements/1/ask-invoice/", "parties/1/receive/", "agreements/",
            "agreements/1/pay/", "account-receipts/1/return/", "cash-counts/",
            "absences/", "delegations/", "tasks/", "gate-passes/", "visits/1/test-pass/",
            "bulletins/", "compensation-kinds/", "complaints/", "complaints/1/add-channel/",
            "complaints/1/add-word/", "complaints/1/ask-end/", "complaints/1/draw-agreement/",
            "complaints/1/give-measure/", "complaints/1/hold-accountable/", "complaints/1/note-attempt/",
            "complaints/1/note-outside/", "complaints/1/promise/", "complaints/1/propose/", "conduct-rules/",
            "corrections/", "escalation-steps/", "month-sheets/", "phrases/", "problem-classes/", "problems/",
            "reply-templates/", "time-limits/"]  # fmt: skip


def test_what_creates_needs_a_key(cast, program):
    for path in CREATING:
        asked = program("general_manager" if path == "delegations/" else "integration")  # deputies are people
        for key in (None, ""):
            answer = asked.send("post", path, {}, key=key)
            assert (answer.status_code, answer.json()["code"]) == (400, "idempotency_key_required"), path
    asked = program("integration")
    for key in ("k" * 81, "a\tb"):
        answer = asked.send("post", "visits/", {}, key=key)
        assert (answer.status_code, answer.json()["code"]) == (400, "invalid")


def test_the_verbs_that_need_a_key_are_those(cast):
    from dealer import api_urls

    found = {
        str(one.pattern).replace("<int:pk>", "1")
        for one in api_urls.v1
        for action in one.callback.actions.values()
        if getattr(getattr(one.callback.cls, action), "creates", False)
    }
    assert found ^ set(CREATING) == set()


def test_the_same_key_gives_the_same_answer_and_does_nothing(cast, program, body):
    asked = program("advisor")
    first, second = (asked.post("customers/", body, key="one") for _i in range(2))
    assert (first.status_code, second.status_code) == (201, 201)
    assert first.content == second.content
    assert [second[name] for name in ("Location", "ETag", "Content-Type")] == [
        first[name] for name in ("Location", "ETag", "Content-Type")
    ]
    assert (second["Idempotent-Replay"], "Idempotent-Replay" in first) == ("true", False)
    assert Customer.objects.count() == 1
    assert Entry.objects.filter(verb="customer.added").count() == 1


def test_another_body_or_path_under_the_same_key_is_refused(cast, program, body):
    asked = program("advisor")
    asked.post("customers/", body, key="one")
    other = asked.post("customers/", body | {"name": "王海"}, key="one")
    assert (other.status_code, other.json()["code"]) == (422, "key_reused")
    assert asked.post("vehicles/", body, key="one").status_code == 422
    assert Customer.objects.count() == 1


def test_a_key_belongs_to_its_asker(cast, program, body):
    assert program("advisor").post("customers/", body, key="one").status_code == 201
    assert program("care_agent").post("customers/", body, key="one").status_code == 201
    assert Customer.objects.count() == 2


def test_a_refused_request_leaves_its_key_free(cast, program, body):
    asked = program("advisor")
    assert asked.post("customers/", body | {"phone": "12"}, key="one").status_code == 400
    assert KeyedRequest.objects.count() == 0
    assert asked.post("customers/", body, key="one").status_code == 201


def test_a_deadlock_is_tried_again(cast, program, body, monkeypatch):
    from customers.actions import people

    class Cause(Exception):
        pgcode = "40P01"

    tries, real = [], people.record

    def fails_once(*args: Any, **kwargs: Any) -> Any:
        tries.append(1)
        if len(tries) == 1:
            raise DatabaseError from Cause()
        return real(*args, **kwargs)

    monkeypatch.setattr(people, "record", fails_once)
    assert program("advisor").post("customers/", body, key="one").status_code == 201
    assert (len(tries), Customer.objects.count()) == (2, 1)


def together(count: int, call: Any) -> list[Any]:
    """The same call from many threads at once."""
    gate, found = threading.Barrier(count), []

    def run() -> None:
        gate.wait()
        try:
            found.append(call())
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _i in range(count)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    return found


def test_eight_at_once_with_one_key_make_one_row(transactional_db, cast, program, body):
    asked = program("advisor")
    answers = together(8, lambda: asked.send("post", "customers/", body, key="one"))
    assert {one.status_code for one in answers} == {201}
    assert len({one.content for one in answers}) == 1
    assert (Customer.objects.count(), KeyedRequest.objects.count()) == (1, 1)


def test_eight_at_once_with_keys_of_their_own_make_eight(transactional_db, cast, program, body):
    asked = program("advisor")
    answers = together(8, lambda: asked.send("post", "customers/", body, key=f"key-{threading.get_ident()}"))
    assert {one.status_code for one in answers} == {201}
    assert Customer.objects.count() == 8


def test_eight_cashiers_take_the_money_once(transactional_db, cast, chain, program):
    visit = chain.settled()
    settlement = Settlement.objects.get(visit=visit)
    asked = program("cashier")
    body = {"amount": str(settlement.amount), "method": "cash"}
    path = f"settlements/{settlement.pk}/pay/"
    answers = together(8, lambda: asked.send("post", path, body, key=f"key-{threading.get_ident()}"))
    assert sorted(one.status_code for one in answers) == [200] + [409] * 7
    assert Payment.objects.count() == 1
    assert Visit.objects.get().settled_at
