"""Planned calls are given to agents: balanced, members first, never to somebody who worked on the car."""

from core.actor import CLOCK
from core.models import Entry
from customers import actions
from customers.models import Call


def assign():
    return actions.assign_calls(by=CLOCK)


def test_calls_are_spread_by_open_load(care):
    first, second, third = care.cast.care_agent, care.agent("乙"), care.agent("丙")
    for _ in range(4):
        care.note()
    care.plan()
    Call.objects.all().update(agent=first, status="assigned")
    for _ in range(8):
        care.note()
    care.plan()
    assert assign() == 8
    load = {agent: Call.objects.filter(agent=agent).count() for agent in (first, second, third)}
    assert load == {first: 4, second: 4, third: 4}
    assert Entry.objects.filter(verb="calls.assigned").count() == 1
    assert assign() == 0


def test_never_to_the_advisor_or_the_technicians_of_the_order(care):
    first, second = care.cast.care_agent, care.agent("乙")
    call = care.planned(workers=[first])
    assign()
    call.refresh_from_db()
    assert call.agent == second


def test_when_everybody_worked_on_the_car_the_call_waits(care):
    call = care.planned(workers=[care.cast.care_agent])
    assert assign() == 0
    call.refresh_from_db()
    assert (call.status, call.agent) == ("planned", None)


def test_members_are_given_out_first(care):
    plain = care.planned()
    member = care.planned(was_member=True)
    assign()
    assert [one.pk for one in Call.objects.mine(care.cast.care_agent.pk).in_queue_order()] == [member.pk, plain.pk]


def test_only_agents_of_the_store(care):
    elsewhere = care.agent("远", care.cast.sister)
    call = care.assigned()
    assert call.agent == care.cast.care_agent != elsewhere


def test_calls_of_somebody_who_left_the_house_go_to_others(care):
    call, leaver, second = care.assigned(), care.cast.care_agent, care.agent("乙")
    leaver.is_active = False
    leaver.save()
    assert assign() == 1
    call.refresh_from_db()
    assert (call.agent, call.status) == (second, "assigned")
