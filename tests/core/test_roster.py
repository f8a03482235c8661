"""The roster: who is absent when, noted and taken back by the dispatcher; and what a technician does."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.utils.timezone import now

from core import actions
from core.models import Absence, Entry, Posting
from core.rows import Refused
from tests.core.conftest import program


def away(cast, by="controller", **more):
    begin = now() + timedelta(days=1)
    given = {"store": cast.store, "employee": cast.technician, "starts_at": begin, "ends_at": begin + timedelta(days=2)}
    return actions.add_absence(**(given | more), by=cast.by(by))


def typed(moment):
    return moment.astimezone().strftime("%Y-%m-%dT%H:%M")


def test_an_absence_in_the_browser(cast, client):
    client.force_login(cast.controller)
    begin = now() + timedelta(days=1)
    form = {"store": cast.store.pk, "employee": cast.technician.pk, "reason": "病假", "form_token": "a"}
    form |= {"starts_at": typed(begin), "ends_at": typed(begin + timedelta(days=2))}
    assert client.get("/roster/add/").status_code == 200
    assert client.post("/roster/add/", form).status_code == 302
    one = Absence.objects.get()
    assert Entry.objects.filter(verb="absence.added", object_id=one.pk).count() == 1
    page = client.get("/roster/").content.decode()
    assert "TECHNICIAN" in page and "病假" in page and "desk-board" in page
    twice = client.post("/roster/add/", form | {"form_token": "b"})
    assert twice.status_code == 422 and "noted as absent in that time already" in twice.content.decode()
    assert client.get(f"/absences/{one.pk}/cancel/").status_code == 200
    assert client.post(f"/absences/{one.pk}/cancel/", {"form_token": "c"}).status_code == 302
    assert client.post(f"/absences/{one.pk}/cancel/", {"form_token": "d"}).status_code == 422
    assert "desk-board" not in client.get("/roster/").content.decode()
    assert client.post("/roster/add/", form | {"form_token": "e"}).status_code == 302, (
        "taken back, it may be noted again"
    )


def test_the_same_through_rest(cast):
    head = program(cast.controller)
    begin = now() + timedelta(days=1)
    body = {"store": cast.store.pk, "employee": cast.technician.pk, "starts_at": begin.isoformat()}
    body |= {"ends_at": (begin + timedelta(hours=4)).isoformat()}
    answer = head.post("/api/v1/absences/", body, "application/json", headers={"Idempotency-Key": "k"})
    assert answer.status_code == 201, answer.content
    address = f"/api/v1/absences/{answer.json()['id']}/"
    assert head.get("/api/v1/absences/").json()["results"][0]["employee"]["name"] == "TECHNICIAN"
    assert program(cast.stranger).get(address).status_code == 404
    assert program(cast.technician).get(address).status_code == 403
    assert head.post(f"{address}cancel/", {}, "application/json").json()["cancelled_at"]
    assert head.post(f"{address}cancel/", {}, "application/json").status_code == 409


def test_what_makes_no_sense_is_refused(cast):
    begin = now() + timedelta(days=1)
    for given, field in (
        ({"employee": cast.stranger}, "employee"),
        ({"starts_at": begin, "ends_at": begin}, "ends_at"),
    ):
        with pytest.raises(Refused) as refused:
            away(cast, **given)
        assert refused.value.field == field
    for given in ({"store": cast.sister}, {"by": "advisor"}, {"by": "monitor"}):
        with pytest.raises(PermissionDenied):
            away(cast, **given)


def test_an_advisor_looks_and_changes_nothing(cast, client):
    one = away(cast)
    client.force_login(cast.advisor)
    page = client.get("/roster/").content.decode()
    assert "TECHNICIAN" in page and f"/absences/{one.pk}/cancel/" not in page
    assert client.get("/roster/add/").status_code == 403


def test_the_trade_of_a_technician(cast, client):
    posting = Posting.objects.get(employee=cast.technician)
    client.force_login(cast.general_manager)
    page = client.get(f"/employees/{cast.technician.pk}/").content.decode()
    address = f"/postings/{posting.pk}/trade/"
    assert address in page and "Every trade" in page
    assert client.get(address).status_code == 200
    assert client.post(address, {"trade": "paint", "form_token": "a"}).status_code == 302
    posting.refresh_from_db()
    assert posting.trade == "paint"
    assert "Paint" in client.get(f"/employees/{cast.technician.pk}/").content.decode()
    assert client.post(address, {"trade": "magic", "form_token": "b"}).status_code == 422
    other = Posting.objects.get(employee=cast.advisor)
    assert client.post(f"/postings/{other.pk}/trade/", {"trade": "paint", "form_token": "c"}).status_code == 422
    theirs = Posting.objects.get(employee=cast.stranger)
    assert client.get(f"/postings/{theirs.pk}/trade/").status_code == 404
    with pytest.raises(PermissionDenied):
        actions.set_trade(posting, trade="", by=cast.by("service_manager"))
