"""The tabs of the list of orders: an advisor's questions, each answered by the rows behind it."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.timezone import now

from customers.models import Customer, Vehicle
from service import actions
from service.models import Job, Order, Visit
from tests.conftest import Chain


def shown(client, tab):
    return Order.objects.get().number in client.get(f"/orders/?tab={tab}").content.decode()


def test_mine_comes_first_for_an_advisor_and_all_of_them_for_a_manager(cast, chain, browser):
    number = chain.received().orders.get().number
    advisor = browser("advisor").get("/orders/").content.decode()
    assert number in advisor and advisor.index('class="active"') < advisor.index("?tab=waiting")
    assert number not in browser("accident_specialist").get("/orders/").content.decode()
    assert number in browser("service_manager").get("/orders/").content.decode()


@pytest.mark.parametrize(("waits", "is_shown"), [(True, True), (False, False)])
def test_customers_who_wait(cast, chain, browser, waits, is_shown):
    chain.received(waits=waits)
    assert shown(browser("advisor"), "waiting") is is_shown


def test_late(cast, chain, browser):
    chain.received()
    assert not shown(browser("advisor"), "late")
    Visit.objects.update(promised_at=now() - timedelta(minutes=1))
    assert shown(browser("advisor"), "late")


def test_waiting_for_parts_as_long_as_the_hold_is_open(cast, chain, browser):
    chain.authorised()
    assert not shown(browser("advisor"), "parts")
    actions.hold(Job.objects.get(), kind="parts", expected_at=None, remark="", by=cast.by("advisor"))
    assert shown(browser("advisor"), "parts")
    actions.resume(Job.objects.get().holds.get(kind="parts"), by=cast.by("advisor"))
    assert not shown(browser("advisor"), "parts")


def test_to_settle(cast, chain, browser):
    chain.ready()
    assert shown(browser("advisor"), "to_settle")


def test_every_tab_asks_as_often_for_many_rows_as_for_one(cast, chain, browser):
    client = browser("service_manager")

    def queries(tab):
        client.get(f"/orders/?tab={tab}")
        with CaptureQueriesContext(connection) as seen:
            client.get(f"/orders/?tab={tab}")
        return len(seen)

    chain.received(waits=True)
    before = {tab: queries(tab) for tab in ("waiting", "late", "parts", "to_settle", "open", "all")}
    for number in range(4):
        owner = Customer.objects.create(company=cast.store.company, name=f"客户{number}", phone=f"1380000111{number}")
        plate = f"沪B1111{number}"
        car = Vehicle.objects.create(company=cast.store.company, owner=owner, plate=plate, plate_kind="ordinary")
        Chain(cast, car).received(waits=True)
    assert {tab: queries(tab) for tab in before} == before
