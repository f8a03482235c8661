"""Paying, refunding, reversing: the gate opens for what is paid, and final documents are never edited."""

from decimal import Decimal

import pytest

from core.rows import Refused
from finance import actions
from finance.models import GatePass, Payment, Settlement
from service import actions as service
from service.models import Order, Visit
from tests.conftest import HANDED


def test_a_payment_in_two_parts(cast, chain):
    chain.settled()
    one = Settlement.objects.get()
    actions.pay(one, amount=Decimal("1000.00"), method="cash", by=cast.by("cashier"))
    assert Settlement.objects.to_pay().get().due == Decimal("368.00")
    with pytest.raises(Refused) as refused:
        actions.pay(one, amount=Decimal("368.01"), method="cash", by=cast.by("cashier"))
    assert refused.value.field == "amount"
    actions.pay(one, amount=Decimal("368.00"), method="card", by=cast.by("cashier"))
    with pytest.raises(Refused):
        actions.pay(one, amount=Decimal("0.01"), method="cash", by=cast.by("cashier"))
    assert [p.amount for p in Payment.objects.all()] == [Decimal("1000.00"), Decimal("368.00")]


@pytest.mark.duty("F-26")
def test_no_gate_pass_before_the_customer_has_paid(cast, chain):
    visit = service.hand_over(chain.settled(), **HANDED, by=cast.by("advisor"))
    with pytest.raises(Refused):
        actions.issue_gate_pass(visit, by=cast.by("cashier"))
    one = Settlement.objects.get()
    actions.pay(one, amount=one.due, method="wechat", by=cast.by("cashier"))
    assert actions.issue_gate_pass(visit, by=cast.by("cashier")).number.startswith("HD01-GP-")
    with pytest.raises(Refused):
        actions.issue_gate_pass(visit, by=cast.by("cashier"))


def test_a_refund_is_a_counter_entry_and_takes_the_gate_pass_back(cast, chain):
    chain.passed()
    payment = Payment.objects.get()
    settlement = actions.refund(payment, reason="多收", by=cast.by("cashier"))
    assert (settlement.paid, Payment.objects.count()) == (Decimal(0), 2)
    assert Payment.objects.get(amount__lt=0).refunds_number == payment.number
    assert GatePass.objects.get().cancelled_at
    with pytest.raises(Refused):
        actions.refund(payment, reason="again", by=cast.by("cashier"))


def test_a_reversal_makes_a_counter_settlement_and_the_visit_is_settled_anew(cast, chain):
    visit = chain.settled()
    first = Settlement.objects.get()
    actions.reverse_settlement(first, reason="付款方有误", by=cast.by("finance_manager"))
    visit.refresh_from_db()
    assert (visit.status, visit.settled_at) == (Visit.Status.READY, None)
    assert Order.objects.get().status == Order.Status.READY
    counter = Settlement.objects.get(reverses=first)
    assert (counter.amount, counter.net) == (-first.amount, -first.net)
    assert sum(line.amount for line in counter.lines.all()) == -first.amount
    actions.settle(visit, by=cast.by("advisor"))
    assert Settlement.objects.standing().count() == 1
    assert Settlement.objects.count() == 3


def test_what_was_paid_is_refunded_before_a_reversal(cast, chain):
    chain.paid()
    with pytest.raises(Refused):
        actions.reverse_settlement(Settlement.objects.get(), reason="x", by=cast.by("finance_manager"))


def test_a_visit_is_settled_once(cast, chain):
    visit = chain.settled()
    with pytest.raises(Refused):
        actions.settle(visit, by=cast.by("advisor"))
