"""Counting the cash desk (F-28): blind first, the difference explained, a second person confirms, nobody their own."""

from datetime import timedelta
from decimal import Decimal as D

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils.timezone import now

from core.rows import Refused
from finance import actions
from finance.actions.counting import expected_of
from finance.models import CashCount, Payment

TODAY = now().astimezone().date()


@pytest.fixture
def taken(cast, settled, car):
    """A payment of 1,000 in cash and 368 by WeChat, a deposit of 200 in cash of which 50 went back by transfer."""
    cashier = cast.by("cashier")
    actions.pay(settled, amount=D(1000), method="cash", more=[{"amount": D(368), "method": "wechat"}], by=cashier)
    deposit = actions.take_deposit(car.owner, store=cast.store, amount=D(200), method="cash", reason="x", by=cashier)
    actions.return_deposit(deposit, amount=D(50), method="transfer", reason="x", by=cashier)
    return settled


@pytest.mark.duty("F-28")
def test_what_is_expected_is_what_one_took_oneself(cast, taken):
    found = expected_of(cast.store, cast.cashier.pk, TODAY)
    assert found == {"cash": D(1200), "card": D(0), "wechat": D(368), "alipay": D(0), "transfer": D(-50)}
    assert not any(expected_of(cast.store, cast.finance_manager.pk, TODAY).values())
    actions.refund(Payment.objects.get(method="wechat"), reason="x", by=cast.by("cashier"))
    assert expected_of(cast.store, cast.cashier.pk, TODAY)["wechat"] == 0


def count(cast, **more):
    given = {"cash": D(1200), "wechat": D(368), "transfer": D(-50)} | more
    return actions.count_cash(store=cast.store, business_date=TODAY, **given, by=cast.by("cashier"))


def test_a_difference_is_explained_also_where_two_means_even_out(cast, taken):
    for wrong in ({"cash": D(1199)}, {"cash": D(1100), "card": D(100)}):
        with pytest.raises(Refused) as refused:
            count(cast, **wrong)
        assert refused.value.field == "remark"
    one = count(cast, cash=D(1199), remark="找零差一元")
    assert (one.difference, one.number, one.differs) == (D(-1), 1, True)
    two = count(cast)
    assert (two.number, two.difference) == (2, D(0))
    with pytest.raises(Refused):  # counted again since
        actions.confirm_cash_count(one, by=cast.by("finance_manager"))
    actions.confirm_cash_count(two, by=cast.by("finance_manager"))
    with pytest.raises(Refused):
        actions.confirm_cash_count(two, by=cast.by("finance_manager"))


def test_nobody_confirms_their_own_and_nobody_counts_tomorrow(cast, taken):
    by = cast.by("finance_manager")
    own = actions.count_cash(store=cast.store, business_date=TODAY, by=by)
    with pytest.raises(Refused):
        actions.confirm_cash_count(own, by=by)
    with pytest.raises(PermissionDenied):
        actions.confirm_cash_count(own, by=cast.by("cashier"))
    with pytest.raises(Refused) as refused:
        actions.count_cash(store=cast.store, business_date=TODAY + timedelta(days=1), by=by)
    assert refused.value.field == "business_date"


def test_the_cashier_counts_blind_and_sees_the_difference_afterwards(cast, taken, desk, foreign_cashier):
    cashier, manager = desk("cashier"), desk("finance_manager")
    body = cashier.get("/cash-counts/count/").content.decode()
    assert "1200" not in body and "1,200" not in body
    form = {"store": cast.store.pk, "business_date": f"{TODAY}", "cash": "1190", "wechat": "368", "transfer": "-50"}
    refused = cashier.post("/cash-counts/count/", form)
    assert refused.status_code == 422 and not CashCount.objects.exists()
    done = cashier.post("/cash-counts/count/", form | {"remark": "少十元，已查"}, follow=True)
    assert "¥ 1,200.00" in done.content.decode() and "−¥ 10.00" in done.content.decode()
    one = CashCount.objects.get()
    confirm = reverse("confirm_cash_count", args=[one.pk])
    assert confirm not in done.content.decode() and confirm in manager.get(one.get_absolute_url()).content.decode()
    assert "少十元，已查" in manager.get("/cash-counts/").content.decode()
    assert foreign_cashier.post(confirm, {"form_token": "c2"}).status_code == 404
    assert manager.get(confirm).status_code == 200
    assert manager.post(confirm, {"form_token": "c1"}).status_code == 302
    one.refresh_from_db()
    assert one.confirmed_by == cast.finance_manager
    assert "少十元，已查" not in manager.get("/cash-counts/?tab=to_confirm").content.decode()


def test_programs_count_and_confirm(cast, taken, program):
    body = {
        "store": cast.store.pk,
        "business_date": f"{TODAY}",
        "cash": "1200.00",
        "wechat": "368.00",
        "transfer": "-50.00",
    }
    assert program("advisor").post("cash-counts/", body).status_code == 403
    made = program("cashier").post("cash-counts/", body)
    assert made.status_code == 201 and made.json()["difference"] == "0.00"
    path = f"cash-counts/{made.json()['id']}/confirm/"
    assert program("cashier").post(path, {}).status_code == 403
    assert program("finance_manager").post(path, {}).json()["confirmed_by"]["id"] == cast.finance_manager.pk
    assert program("finance_manager").post(path, {}).status_code == 409
