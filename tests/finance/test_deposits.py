"""Deposits (订金): taken before anything is settled, used up by payments, given back by a counter-entry."""

from decimal import Decimal as D

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from core.models import Entry
from core.rows import Refused
from finance import actions
from finance.models import Deposit


@pytest.fixture
def deposit(cast, car):
    return actions.take_deposit(
        car.owner, store=cast.store, amount=D(500), method="wechat", reason="订大灯", by=cast.by("cashier")
    )


def test_a_deposit_is_taken_and_given_back_in_parts(cast, deposit):
    assert deposit.number.startswith("HD01-DP-") and deposit.taken_by == cast.cashier
    actions.return_deposit(deposit, amount=D(200), method="wechat", reason="少订一件", by=cast.by("cashier"))
    deposit.refresh_from_db()
    assert (deposit.rest, deposit.returned) == (D(300), D(200))
    counter = Deposit.objects.get(returns=deposit)
    assert counter.amount == D(-200)
    with pytest.raises(Refused):
        actions.return_deposit(deposit, amount=D("300.01"), method="wechat", reason="x", by=cast.by("cashier"))
    with pytest.raises(Refused):
        actions.return_deposit(counter, amount=D(1), method="wechat", reason="x", by=cast.by("cashier"))
    actions.return_deposit(deposit, amount=D(300), method="cash", reason="不修了", by=cast.by("cashier"))
    with pytest.raises(Refused):
        actions.return_deposit(deposit, amount=D(1), method="cash", reason="x", by=cast.by("cashier"))
    assert Entry.objects.filter(verb="deposit.returned").count() == 2


def test_cash_is_taken_where_it_is_counted(cast, car):
    given = {"store": cast.store, "amount": D(10), "reason": "x"}
    with pytest.raises(Refused) as refused:
        actions.take_deposit(car.owner, **given, method="cash", by=cast.by("advisor"))
    assert refused.value.field == "method"
    for method in ("deposit", "account", "write_off"):
        with pytest.raises(Refused):
            actions.take_deposit(car.owner, **given, method=method, by=cast.by("cashier"))
    actions.take_deposit(car.owner, **given, method="wechat", by=cast.by("advisor"))
    with pytest.raises(PermissionDenied):
        actions.take_deposit(car.owner, **given, method="wechat", by=cast.by("technician"))


def test_the_advisor_takes_one_on_the_cars_page(cast, chain, desk, car):
    visit = chain.estimated()
    advisor = desk("advisor")
    piece = advisor.get(reverse("visit_money", args=[visit.pk]), headers={"HX-Request": "true"}).content.decode()
    assert reverse("take_visit_deposit", args=[visit.pk]) in piece
    form = {"amount": "500", "method": "wechat", "reason": "订大灯"}
    assert advisor.post(reverse("take_visit_deposit", args=[visit.pk]), form).status_code == 302
    one = Deposit.objects.get()
    assert (one.visit, one.customer) == (visit, car.owner)
    piece = advisor.get(reverse("visit_money", args=[visit.pk]), headers={"HX-Request": "true"}).content.decode()
    assert one.number in piece and "¥ 500.00" in piece


def test_a_settled_visit_takes_a_payment_instead(cast, chain):
    visit = chain.settled()
    with pytest.raises(Refused):
        actions.take_visit_deposit(visit, amount=D(5), method="wechat", reason="x", by=cast.by("cashier"))


def test_nobody_pays_a_deposit_for_a_car_of_nobody(cast, chain, desk):
    from service.models import Visit

    visit = chain.arrived()
    Visit.objects.filter(pk=visit.pk).update(customer=None)
    with pytest.raises(Refused):
        actions.take_visit_deposit(Visit.objects.get(), amount=D(5), method="wechat", reason="x", by=cast.by("cashier"))
    assert desk("cashier").get(reverse("take_visit_deposit", args=[visit.pk])).status_code == 200


def test_the_list_its_page_and_a_stranger(cast, deposit, desk, foreign_cashier):
    cashier = desk("cashier")
    assert deposit.number in cashier.get("/deposits/").content.decode()
    assert "500" in cashier.get("/deposits/?export=csv").content.decode()
    body = cashier.get(deposit.get_absolute_url()).content.decode()
    assert "订大灯" in body and reverse("return_deposit", args=[deposit.pk]) in body
    form = {"amount": "500", "method": "wechat", "reason": "不修了"}
    assert foreign_cashier.get(deposit.get_absolute_url()).status_code == 404
    assert foreign_cashier.post(reverse("return_deposit", args=[deposit.pk]), form).status_code == 404
    assert cashier.post(reverse("return_deposit", args=[deposit.pk]), form).status_code == 302
    assert deposit.number not in cashier.get("/deposits/").content.decode()
    counter = Deposit.objects.get(returns=deposit)
    assert deposit.number in cashier.get(counter.get_absolute_url()).content.decode()


def test_programs_take_and_return_deposits(cast, chain, car, program):
    visit = chain.received()
    body = {"amount": "80.00", "method": "transfer", "reason": "订件"}
    made = program("cashier").post(f"visits/{visit.pk}/take-deposit/", body)
    assert made.status_code == 201 and made.json()["rest"] == "80.00"
    more = program("cashier").post(f"customers/{car.owner.pk}/take-deposit/", body | {"store": cast.store.pk})
    assert more.status_code == 201
    foreign = program("cashier").post(f"customers/{car.owner.pk}/take-deposit/", body | {"store": cast.foreign.pk})
    assert foreign.status_code == 400
    assert program("stranger").post(f"visits/{visit.pk}/take-deposit/", body).status_code == 404
    path = f"deposits/{made.json()['id']}/return/"
    told = {"amount": "80.00", "method": "transfer", "reason": "取消"}
    assert program("cashier").post(path, told).json()["rest"] == "0.00"
    assert program("cashier").post(path, told).status_code == 409
    assert len(program("cashier").get("deposits/").json()["results"]) == 3
