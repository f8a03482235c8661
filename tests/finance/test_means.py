"""Paying by several means: deposits first, change on cash, credit account; and giving each of them back its own way."""

from decimal import Decimal as D

import pytest
from django.urls import reverse
from django.utils.timezone import now

from core.rows import Refused
from finance import actions
from finance.models import Deposit, GatePass, Payment, Settlement
from service import actions as service
from service.models import Visit
from tests.conftest import HANDED


def test_several_means_in_one_go_and_who_took_them(cast, settled):
    more = [{"amount": D(368), "method": "wechat", "reference": "WX-1"}]
    actions.pay(settled, amount=D(1000), method="cash", more=more, by=cast.by("cashier"))
    first, second = Payment.objects.all()
    assert (first.method, first.amount, first.taken_by) == ("cash", D(1000), cast.cashier)
    assert (second.method, second.amount, second.reference) == ("wechat", D(368), "WX-1")
    assert Visit.objects.get().cleared_at


def test_together_they_are_not_more_than_is_owed(cast, settled):
    with pytest.raises(Refused) as refused:
        actions.pay(
            settled,
            amount=D(1000),
            method="cash",
            more=[{"amount": D("368.01"), "method": "card"}],
            by=cast.by("cashier"),
        )
    assert refused.value.field == "amount" and not Payment.objects.exists()


def test_change_is_worked_out_and_goes_back_on_cash_only(cast, settled, desk):
    for given, method in ((D(1000), "cash"), (D(2000), "card")):
        with pytest.raises(Refused) as refused:
            actions.pay(settled, amount=D(1368), method=method, given=given, by=cast.by("cashier"))
        assert refused.value.field == "given"
    form = {"amount": "1368", "method": "cash", "given": "1400"}
    done = desk("cashier").post(reverse("pay", args=[settled.pk]), form, follow=True)
    assert "¥ 32.00" in done.content.decode()
    assert Payment.objects.get().amount == D(1368)


def test_a_part_says_what_is_left(settled, desk):
    done = desk("cashier").post(reverse("pay", args=[settled.pk]), {"amount": "1000", "method": "wechat"}, follow=True)
    assert "¥ 368.00" in done.content.decode()


def test_deposits_are_offered_and_used_those_of_the_visit_first(cast, chain, car, desk):
    cashier = cast.by("cashier")
    old = actions.take_deposit(car.owner, store=cast.store, amount=D(200), method="wechat", reason="存款", by=cashier)
    visit = chain.explained()
    own = actions.take_visit_deposit(visit, amount=D(500), method="cash", reason="订件", by=cashier)
    actions.settle(Visit.objects.get(pk=visit.pk), by=cast.by("advisor"))
    one = Settlement.objects.get()
    body = desk("cashier").get(reverse("pay", args=[one.pk])).content.decode()
    assert 'value="700.00"' in body and 'value="668.00"' in body
    form = {"amount": "600", "method": "deposit", "more-0-amount": "768", "more-0-method": "alipay"}
    assert desk("cashier").post(reverse("pay", args=[one.pk]), form).status_code == 302
    parts = list(Payment.objects.order_by("pk").values_list("method", "amount", "deposit"))
    assert parts == [("deposit", D(500), own.pk), ("deposit", D(100), old.pk), ("alipay", D(768), None)]
    own.refresh_from_db(), old.refresh_from_db()
    assert (own.rest, old.rest) == (D(0), D(100))
    assert Deposit.objects.with_rest().get() == old


def test_more_than_the_deposits_hold_is_refused_and_others_deposits_are_not_touched(cast, settled, car):
    from customers.models import Customer

    other = Customer.objects.create(company=cast.store.company, name="别人", phone="13900000000")
    cashier = cast.by("cashier")
    actions.take_deposit(other, store=cast.store, amount=D(900), method="wechat", reason="x", by=cashier)
    Deposit.objects.create(
        store=cast.sister, customer=car.owner, number="HD02-DP-1", method="wechat", amount=D(900), at=now(),
        business_date=now().date(),
    )  # fmt: skip
    actions.take_deposit(car.owner, store=cast.store, amount=D(100), method="wechat", reason="x", by=cashier)
    with pytest.raises(Refused) as refused:
        actions.pay(settled, amount=D("100.01"), method="deposit", by=cashier)
    assert refused.value.field == "amount"
    assert not Deposit.objects.filter(used__gt=0).exists()


def test_a_refund_gives_the_deposit_back_to_the_deposit_and_closes_the_gate(cast, chain, car):
    cashier = cast.by("cashier")
    deposit = actions.take_deposit(car.owner, store=cast.store, amount=D(1368), method="wechat", reason="x", by=cashier)
    visit = chain.settled()
    actions.pay(Settlement.objects.get(), amount=D(1368), method="deposit", by=cashier)
    visit = service.hand_over(Visit.objects.get(), **HANDED, by=cast.by("advisor"))
    actions.issue_gate_pass(visit, by=cashier)
    actions.refund(Payment.objects.get(), reason="改付现金", by=cashier)
    deposit.refresh_from_db()
    visit.refresh_from_db()
    assert (deposit.rest, visit.cleared_at) == (D(1368), None)
    assert GatePass.objects.get().cancelled_at


def test_on_the_credit_account_within_its_limit(cast, settled, car):
    today, cashier = now().date(), cast.by("cashier")
    with pytest.raises(Refused) as refused:
        actions.pay(settled, amount=D(1368), method="account", by=cashier)
    assert refused.value.field == "method"
    agreement = actions.add_agreement(
        customer=car.owner, number="JZ-7", limit=D(1000), terms_days=30, since=today, by=cast.by("finance_manager")
    )
    with pytest.raises(Refused) as refused:
        actions.pay(settled, amount=D("1000.01"), method="account", by=cashier)
    assert refused.value.field == "amount"
    actions.pay(settled, amount=D(1000), method="account", by=cashier)
    agreement.refresh_from_db()
    assert (agreement.balance, agreement.free) == (D(1000), D(0))
    actions.refund(Payment.objects.get(), reason="改付", by=cashier)
    agreement.refresh_from_db()
    assert agreement.balance == 0


def test_what_was_paid_off_meanwhile_does_not_come_back_to_the_account(cast, settled, car):
    cashier = cast.by("cashier")
    agreement = actions.add_agreement(
        customer=car.owner,
        number="JZ-7",
        limit=D(5000),
        terms_days=30,
        since=now().date(),
        by=cast.by("finance_manager"),
    )
    actions.pay(settled, amount=D(1368), method="account", by=cashier)
    actions.pay_account(agreement, store=cast.store, amount=D(1000), method="transfer", by=cashier)
    with pytest.raises(Refused):
        actions.refund(Payment.objects.get(), reason="x", by=cashier)
    actions.return_receipt(agreement.receipts.get(), reason="退回", by=cashier)
    actions.refund(Payment.objects.get(), reason="x", by=cashier)
    agreement.refresh_from_db()
    assert agreement.balance == 0


def test_writing_off_is_no_means_of_paying(settled, program):
    answer = program("cashier").post(f"settlements/{settled.pk}/pay/", {"amount": "10.00", "method": "write_off"})
    assert answer.status_code == 400


def test_a_program_pays_by_several_means(cast, settled, program):
    body = {
        "amount": "1000.00",
        "method": "card",
        "reference": "POS-1",
        "more": [{"amount": "368.00", "method": "cash"}],
    }
    path = f"settlements/{settled.pk}/pay/"
    assert program("stranger").post(path, body).status_code == 403
    whole = program("cashier").post(path, body).json()
    assert (whole["paid"], whole["due"], [one["method"] for one in whole["payments"]]) == (
        "1368.00",
        "0.00",
        ["card", "cash"],
    )
    assert program("cashier").post(path, body).status_code == 409  # twice


def test_after_the_car_left_only_a_manager_of_finance_gives_the_customers_money_back(cast, chain):
    chain.left()
    payment = Payment.objects.get()
    with pytest.raises(Refused):
        actions.refund(payment, reason="投诉", by=cast.by("cashier"))
    actions.refund(payment, reason="投诉", by=cast.by("finance_manager"))
    assert Settlement.objects.to_pay().get().due == D(1368)
    assert Visit.objects.get().status == "left" and Visit.objects.get().cleared_at


def test_a_paid_settlement_is_reversed_and_refunded_in_one_flow(cast, chain, desk):
    chain.passed()
    one, manager = Settlement.objects.get(), desk("finance_manager")
    body = manager.get(reverse("reverse_settlement", args=[one.pk])).content.decode()
    assert "¥ 1,368.00" in body and 'name="refund"' in body
    form = {"reason": "单价有误"}
    assert manager.post(reverse("reverse_settlement", args=[one.pk]), form).status_code == 422
    done = manager.post(reverse("reverse_settlement", args=[one.pk]), form | {"refund": "on"})
    assert done.status_code == 302
    one.refresh_from_db()
    assert one.reversed_at and one.paid == 0 and GatePass.objects.get().cancelled_at
    visit = Visit.objects.get()
    assert (visit.status, visit.settled_at, visit.cleared_at) == ("ready", None, None)
    assert [payment.amount for payment in Payment.objects.order_by("pk")] == [D(1368), D(-1368)]
