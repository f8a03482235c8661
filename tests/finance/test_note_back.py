"""The car is back from the road test or the sublet."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.utils.timezone import now

from core.models import Entry
from core.rows import Refused
from customers.models import Vehicle
from finance import actions
from finance.models import GatePass
from service.models import Visit


@pytest.fixture
def outside(cast, chain):
    visit = chain.received(mileage=68214)
    one = actions.issue_test_pass(
        visit,
        kind="road_test",
        driver_name="李",
        expected_at=now() + timedelta(minutes=30),
        by=cast.by("advisor"),
    )
    return actions.let_out(one, plate_seen="K721", by=cast.by("guard"))


def test_it_comes_back_with_its_mileage(cast, outside):
    assert actions.note_back(outside, mileage=68220, by=cast.by("guard")).state == "back"
    assert Vehicle.objects.get().mileage == 68220
    assert Visit.objects.get().status == "received"
    assert Entry.objects.filter(verb="gate_pass.back").count() == 1


def test_without_mileage_and_not_with_less_than_it_came_with(cast, outside):
    with pytest.raises(Refused) as refused:
        actions.note_back(outside, mileage=60000, by=cast.by("guard"))
    assert refused.value.field == "mileage"
    assert actions.note_back(outside, by=cast.by("guard")).back_at
    assert Vehicle.objects.get().mileage == 68214


def test_twice_not_out_and_for_good_are_refused(cast, chain, outside):
    actions.note_back(outside, by=cast.by("guard"))
    with pytest.raises(Refused):
        actions.note_back(GatePass.objects.get(), by=cast.by("guard"))
    again = actions.issue_test_pass(
        Visit.objects.get(),
        kind="road_test",
        driver_name="李",
        expected_at=now() + timedelta(minutes=30),
        by=cast.by("advisor"),
    )
    with pytest.raises(Refused):
        actions.note_back(again, by=cast.by("guard"))


def test_a_car_that_left_after_service_does_not_come_back(cast, chain):
    chain.left()
    with pytest.raises(Refused):
        actions.note_back(GatePass.objects.get(), by=cast.by("guard"))


def test_only_the_gate_notes_it(cast, outside):
    for name in ("advisor", "cashier", "stranger"):
        with pytest.raises(PermissionDenied):
            actions.note_back(outside, by=cast.by(name))


def test_with_two_taps_on_the_phone(cast, outside, client):
    client.force_login(cast.guard, backend="allauth.account.auth_backends.AuthenticationBackend")
    body = client.get("/gate/?plate=K721").content.decode()
    assert f'action="/gate/{outside.pk}/note-back/"' in body
    answer = client.post(f"/gate/{outside.pk}/note-back/", {"mileage": ""}, follow=True)
    assert answer.redirect_chain == [("/gate/?tab=outside", 302)]
    assert GatePass.objects.get().back_at
    assert client.post(f"/gate/{outside.pk}/note-back/", {"mileage": ""}).status_code == 422
    client.force_login(cast.stranger, backend="allauth.account.auth_backends.AuthenticationBackend")
    assert client.get(f"/gate/{outside.pk}/").status_code == 404


def test_through_rest(cast, outside):
    from tests.api.conftest import Program

    guard = Program(cast.by("guard"))
    path = f"gate-passes/{outside.pk}/note-back/"
    assert guard.post(path, {"mileage": "viel"}).status_code == 400
    answer = guard.post(path, {"mileage": 68230})
    assert (answer.status_code, answer.json()["state"]) == (200, "back")
    assert guard.post(path, {}).status_code == 409
    assert Program(cast.by("stranger")).post(path, {}).status_code in {403, 404}


def test_the_print_tells_it(cast, outside):
    from finance.prints import gate_pass as data

    assert data(outside)["state"] == "未返厂"
    actions.note_back(outside, by=cast.by("guard"))
    told = data(GatePass.objects.get())
    assert (told["state"], told["title"], told["comes_back"]) == ("已返厂", "试车出门证", True)
