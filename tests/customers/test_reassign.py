"""The manager gives a call to another agent."""

import pytest
from django.core.exceptions import PermissionDenied

from core.models import Detail, Entry
from core.rows import Refused
from customers import actions


def test_another_agent_makes_the_call(care):
    call, other = care.assigned(), care.agent("乙")
    call = actions.reassign(call, agent=other, reason="熟悉这位客户", by=care.cast.by("care_manager"))
    assert call.agent == other
    line = Entry.objects.get(verb="call.reassigned")
    assert Detail.objects.get(pk=line.pk).values["reason"] == "熟悉这位客户"


def test_a_call_nobody_had_is_assigned_by_it(care):
    call = actions.reassign(care.planned(), agent=care.cast.care_agent, by=care.cast.by("care_manager"))
    assert call.status == "assigned"


def test_not_to_whoever_worked_on_the_car_and_not_to_another_store(care):
    call, by = care.assigned(), care.cast.by("care_manager")
    call.note.workers.add(worker := care.agent("乙"))
    elsewhere = care.agent("远", care.cast.foreign)
    for agent in (worker, elsewhere, care.cast.technician):
        with pytest.raises(Refused) as told:
            actions.reassign(call, agent=agent, by=by)
        assert told.value.field == "agent"


def test_an_agent_may_not_pass_calls_on(care, client):
    call = care.assigned()
    with pytest.raises(PermissionDenied):
        actions.reassign(call, agent=care.agent("乙"), by=care.cast.by("care_agent"))
    client.force_login(care.cast.care_agent)
    assert client.get(f"/calls/{call.pk}/reassign/").status_code == 403


def test_in_the_browser(care, client):
    call, other, elsewhere = care.assigned(), care.agent("乙"), care.agent("远", care.cast.foreign)
    client.force_login(care.cast.care_manager)
    path = f"/calls/{call.pk}/reassign/"
    page = client.get(path).content.decode()
    assert f'value="{other.pk}"' in page
    assert f'value="{elsewhere.pk}"' not in page
    assert client.post(path, {"agent": elsewhere.pk}).status_code == 422
    assert client.post(path, {"agent": other.pk}).url == f"/calls/{call.pk}/"
    call.refresh_from_db()
    assert call.agent == other
