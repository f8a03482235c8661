"""The first word to the customer: one tap stops the waiting clock of the reception (S-01)."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import translation
from django.utils.timezone import now

from core.models import Entry
from core.rows import Refused
from service import actions
from service.models import Visit
from service.tables import waiting


@pytest.mark.duty("S-01")
def test_one_tap_notes_the_first_greeting(cast, chain, browser):
    visit = chain.arrived()
    client = browser("greeter")
    assert "/greet/" in client.get("/visits/").content.decode()
    assert client.post(f"/visits/{visit.pk}/greet/?next=/visits/", {"form_token": "one"}).status_code == 302
    visit.refresh_from_db()
    assert visit.greeted_at and visit.status == Visit.Status.ARRIVED
    assert Entry.objects.filter(verb="visit.greeted", object_id=visit.pk).count() == 1
    assert "/greet/" not in client.get("/visits/").content.decode()


def test_nobody_is_greeted_twice(cast, chain):
    visit = actions.greet(chain.arrived(), by=cast.by("greeter"))
    with pytest.raises(Refused):
        actions.greet(visit, by=cast.by("advisor"))


def test_reception_is_a_greeting_when_nobody_said_a_word_before(cast, chain):
    visit = chain.received()
    assert visit.greeted_at == visit.received_at


def test_an_earlier_greeting_stays(cast, chain):
    early = actions.greet(chain.arrived(), by=cast.by("greeter")).greeted_at
    promise = now() + timedelta(hours=1)
    job = {"words": "异响", "kind": "repair"}
    visit = actions.receive(Visit.objects.get(), jobs=[job], promised_at=promise, by=cast.by("advisor"))
    assert visit.greeted_at == early < visit.received_at


@pytest.mark.parametrize(("ago", "tone"), [(1, "green"), (5, "orange"), (9, "orange"), (10, "red"), (90, "red")])
def test_the_clock_turns_amber_at_the_stores_target_and_red_at_twice_that(cast, chain, ago, tone):
    visit = chain.arrived()
    visit.arrived_at = now() - timedelta(minutes=ago)
    with translation.override("en"):
        assert waiting(visit)[0] == tone
        visit.greeted_at = now()
        assert waiting(visit)[0] == "azure"
        visit.status = Visit.Status.RECEIVED
        assert waiting(visit) is None


def test_the_rest_door_and_strangers(cast, chain, program):
    visit = chain.arrived()
    assert program("stranger")(f"visits/{visit.pk}/greet/").status_code == 404
    assert program("cashier")(f"visits/{visit.pk}/greet/").status_code == 403
    answer = program("greeter")(f"visits/{visit.pk}/greet/")
    assert answer.status_code == 200 and answer.json()["greeted_at"]
    assert program("greeter")(f"visits/{visit.pk}/greet/").status_code == 409
    with pytest.raises(PermissionDenied):
        actions.greet(visit, by=cast.by("stranger"))
