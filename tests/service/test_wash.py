"""The wash: wanted or not, done or left out with a reason, and asked for before the car is ready."""

import pytest
from django.core.exceptions import PermissionDenied

from core.models import Detail, Entry
from core.rows import Refused
from service import actions
from service.models import Visit


def test_a_car_that_is_to_be_washed_is_not_ready_unwashed(cast, chain):
    visit = chain.checked(wants_wash=True)
    with pytest.raises(Refused):
        actions.ready(visit, channel="phone", by=cast.by("advisor"))
    visit = actions.wash(visit, done=True, by=cast.by("inspector"))
    assert visit.washed_at
    with pytest.raises(Refused):
        actions.wash(visit, done=True, by=cast.by("inspector"))
    assert actions.ready(visit, channel="phone", by=cast.by("advisor")).status == Visit.Status.READY


def test_the_wash_is_left_out_only_with_a_reason(cast, chain):
    visit = chain.checked(wants_wash=True)
    with pytest.raises(Refused) as refused:
        actions.wash(visit, done=False, by=cast.by("advisor"))
    assert refused.value.field == "reason"
    visit = actions.wash(visit, done=False, reason="客户赶时间", by=cast.by("advisor"))
    assert (visit.wants_wash, visit.washed_at) == (False, None)
    entry = Entry.objects.get(verb="visit.wash_left_out")
    assert Detail.objects.get(entry_id=entry.pk).values["reason"] == "客户赶时间"
    actions.ready(visit, channel="phone", by=cast.by("advisor"))
    with pytest.raises(Refused):
        actions.wash(visit, done=False, reason="again", by=cast.by("advisor"))


def test_without_a_wash_nobody_is_asked_for_one(cast, chain):
    assert chain.ready().washed_at is None


def test_its_page_rest_and_strangers(cast, chain, browser, program):
    visit = chain.checked(wants_wash=True)
    page = browser("inspector").get(f"/visits/{visit.pk}/wash/")
    assert page.status_code == 200
    refused = browser("advisor").post(f"/visits/{visit.pk}/wash/", {"done": "no"})
    assert refused.status_code == 422 and "reason" in refused.context["form"].errors
    assert browser("stranger").get(f"/visits/{visit.pk}/wash/").status_code == 404
    with pytest.raises(PermissionDenied):
        actions.wash(visit, done=True, by=cast.by("technician"))
    told = program("inspector")(f"visits/{visit.pk}/wash/", {"done": True})
    assert told.status_code == 200 and told.json()["washed_at"]
    assert program("inspector")(f"visits/{visit.pk}/wash/", {"done": True}).status_code == 409
