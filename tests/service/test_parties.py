"""Payers other than the customer: kept by managers, with the days they have to pay."""

import pytest
from django.core.exceptions import PermissionDenied

from service import actions
from service.models import Party


def add(cast, name="人保财险", by="service_manager"):
    return actions.add_party(
        company=cast.store.company, kind="insurer", name=f" {name} ", terms_days=45, by=cast.by(by)
    )


def test_a_payer_is_added_and_changed(cast):
    party = add(cast)
    assert (party.name, party.terms_days, party.is_active) == ("人保财险", 45, True)
    party = actions.edit_party(party, name="人保财险", terms_days=60, is_active=False, by=cast.by("finance_manager"))
    assert (party.terms_days, party.version) == (60, 2) and party not in Party.objects.by_use()
    same = actions.edit_party(party, name="人保财险", terms_days=60, is_active=False, by=cast.by("finance_manager"))
    assert same.version == 2


@pytest.mark.parametrize("name", ["advisor", "cashier", "parts_clerk", "stranger"])
def test_only_managers_keep_them(cast, name):
    with pytest.raises(PermissionDenied):
        add(cast, by=name)


def test_the_pages(cast, browser):
    client = browser("service_manager")
    sent = {"company": cast.store.company_id, "kind": "insurer", "name": "平安产险", "terms_days": "30"}
    assert client.post("/parties/add/", sent | {"is_active": "on", "form_token": "a"}).status_code == 302
    twice = client.post("/parties/add/", sent | {"form_token": "b"})
    assert twice.status_code == 422 and "already here" in twice.content.decode()
    party = Party.objects.get()
    assert "平安产险" in client.get("/parties/").content.decode()
    edited = {"name": "平安产险", "terms_days": "20", "is_active": "on", "version": party.version, "form_token": "c"}
    assert client.post(f"/parties/{party.pk}/", edited).status_code == 302
    stale = client.post(f"/parties/{party.pk}/", edited | {"terms_days": "10", "form_token": "d"})
    assert stale.status_code == 412
    assert browser("advisor").get("/parties/").status_code == 403


def test_the_rest_door(cast, program):
    body = {"company": cast.store.company_id, "kind": "supplier", "name": "博世", "terms_days": 10}
    manager = program("service_manager")
    made = manager("parties/", body, **{"Idempotency-Key": "a"})
    assert (made.status_code, made.json()["is_active"]) == (201, True), made.content
    put = {"name": "博世配件", "terms_days": 15, "is_active": True}
    path = f"parties/{made.json()['id']}/"
    assert manager(path, put, "put", **{"If-Match": made["ETag"]}).json()["name"] == "博世配件"
    assert manager(path, put, "put", **{"If-Match": made["ETag"]}).status_code == 412
    assert program("advisor")(path, put, "put", **{"If-Match": '"2"'}).status_code == 403
    assert program("stranger")(path, method="get").status_code == 404
