"""The delivery checklist: a car is not handed over with an open step, and nothing is asked that was not wanted."""

import pytest
from django.core.exceptions import PermissionDenied

from core.rows import Refused
from service import actions
from service.models import Visit
from tests.conftest import HANDED

ALWAYS = {"explained": True, "operation_explained": True, "belongings_back": True}


@pytest.mark.duty("S-04")
@pytest.mark.parametrize("missing", sorted(HANDED))
def test_it_is_not_delivered_with_an_open_step(cast, chain, monkeypatch, missing):
    visit = chain.checked(wants_wash=True, wants_old_parts=True)
    visit = actions.wash(visit, done=True, by=cast.by("inspector"))
    monkeypatch.setattr(type(chain), "checked", lambda *_a, **_k: visit)
    visit = chain.paid()
    assert set(actions.delivery_steps(visit)) == set(HANDED)
    with pytest.raises(Refused) as refused:
        actions.hand_over(visit, **HANDED | {missing: False}, by=cast.by("advisor"))
    assert refused.value.field == missing
    visit = actions.hand_over(visit, **HANDED, by=cast.by("advisor"))
    assert set(visit.handed_over) == set(HANDED)


def test_what_nobody_wanted_is_not_asked(cast, chain):
    visit = chain.paid()
    assert set(actions.delivery_steps(visit)) == set(ALWAYS)
    visit = actions.hand_over(visit, **ALWAYS, by=cast.by("advisor"))
    assert (visit.status, visit.handed_over) == (Visit.Status.HANDED_OVER, list(ALWAYS))
    with pytest.raises(Refused):
        actions.hand_over(visit, **ALWAYS, by=cast.by("advisor"))


def test_not_before_it_is_settled(cast, chain):
    with pytest.raises(Refused):
        actions.hand_over(chain.explained(), **HANDED, by=cast.by("advisor"))


def test_the_page_shows_only_its_steps_and_the_car_remembers_them(cast, chain, browser):
    visit = chain.paid()
    client = browser("advisor")
    page = client.get(f"/visits/{visit.pk}/hand-over/").content.decode()
    assert 'name="belongings_back"' in page and 'name="old_parts_shown"' not in page and 'name="car_clean"' not in page
    refused = client.post(f"/visits/{visit.pk}/hand-over/", {"explained": "on"})
    assert refused.status_code == 422 and "operation_explained" in refused.context["form"].errors
    assert client.post(f"/visits/{visit.pk}/hand-over/", dict.fromkeys(ALWAYS, "on")).status_code == 302
    assert "Key, papers and personal things" in client.get(f"/visits/{visit.pk}/").content.decode()


def test_roles_strangers_and_rest(cast, chain, browser, program):
    visit = chain.paid()
    with pytest.raises(PermissionDenied):
        actions.hand_over(visit, **HANDED, by=cast.by("technician"))
    assert browser("stranger").get(f"/visits/{visit.pk}/hand-over/").status_code == 404
    refused = program("advisor")(f"visits/{visit.pk}/hand-over/", {"explained": True})
    assert refused.status_code == 400 and "operation_explained" in refused.json()["fields"]
    told = program("advisor")(f"visits/{visit.pk}/hand-over/", ALWAYS)
    assert (told.status_code, told.json()["handed_over"]) == (200, list(ALWAYS))
