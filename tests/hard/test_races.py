"""Eight at once: one winner for one payment, one gate pass, document numbers without gaps; and what happens without."""

import threading
from decimal import Decimal

import pytest
from django.db import transaction
from django.db.models import Sum

from core.models import Counter, Store
from core.numbers import next_number
from core.rows import Refused
from finance import actions
from finance.models import GatePass, Payment, Settlement
from service.models import Visit
from tests.customers.conftest import TUESDAY
from tests.hard.conftest import race

# faults and races one after the other on one worker, so that they disturb only themselves
pytestmark = [pytest.mark.hard, pytest.mark.django_db(transaction=True)]

THREADS = 8


def outcome(answers):
    """How many won, and that all others were told no in a sentence."""
    lost = [one for one in answers if isinstance(one, Exception)]
    assert all(isinstance(one, Refused) for one in lost), lost
    return len(answers) - len(lost)


def test_one_payment_of_the_whole_amount_wins(cast, chain):
    pk = Settlement.objects.get(visit=chain.settled()).pk
    by = cast.by("cashier")

    def pay(_n):
        mine = Settlement.objects.get(pk=pk)
        return actions.pay(mine, amount=mine.due, method="wechat", by=by)

    assert outcome(race(THREADS, pay)) == 1
    settlement = Settlement.objects.get(pk=pk)
    assert settlement.paid == settlement.amount
    assert Payment.objects.aggregate(total=Sum("amount"))["total"] == settlement.amount
    assert Counter.objects.get(kind="PM").last == 1, "who lost used up no number"


def test_control_reading_without_the_lock_takes_the_money_eight_times(cast, chain):
    pk = Settlement.objects.get(visit=chain.settled()).pk
    looked = threading.Barrier(THREADS, timeout=20)

    def naive(n):
        mine = Settlement.objects.get(pk=pk)
        assert mine.due > 0
        looked.wait()
        Payment.objects.create(
            store=mine.store,
            settlement=mine,
            number=f"naive-{n}",
            method="cash",
            amount=mine.due,
            at=mine.settled_at,
            business_date=mine.settled_on,
        )
        Settlement.objects.filter(pk=pk).update(paid=mine.due)

    assert race(THREADS, naive) == [None] * THREADS
    settlement = Settlement.objects.get(pk=pk)
    assert Payment.objects.aggregate(total=Sum("amount"))["total"] == THREADS * settlement.amount


def test_one_gate_pass_wins(cast, chain):
    pk = chain.handed_over().pk
    by = cast.by("cashier")
    answers = race(THREADS, lambda _n: actions.issue_gate_pass(Visit.objects.get(pk=pk), by=by))
    assert outcome(answers) == 1
    assert GatePass.objects.count() == 1
    assert Counter.objects.get(kind="GP").last == 1


def test_one_car_leaves_once(cast, chain):
    from customers.models import VisitNote

    pk = chain.passed().pk
    by = cast.by("guard")
    answers = race(
        THREADS,
        lambda _n: actions.let_out(GatePass.objects.select_related("visit").get(pk=pk), plate_seen="K721", by=by),
    )
    assert outcome(answers) == 1
    assert VisitNote.objects.count() == 1


class Undone(Exception):
    """A transaction that took a number and came to nothing."""


def test_numbers_are_unique_and_without_gaps_though_some_come_to_nothing(cast):
    def number(n):
        kept = []
        for k in range(20):
            try:
                with transaction.atomic():
                    given = next_number(Store.objects.get(pk=cast.store.pk), "RO", TUESDAY)
                    if (n + k) % 3 == 0:
                        raise Undone
                kept.append(given)
            except Undone:
                pass
        return kept

    numbers = sorted(one for kept in race(THREADS, number) for one in kept)
    assert numbers == [f"HD01-RO-2603-{n:05}" for n in range(1, len(numbers) + 1)]
    assert len(numbers) == sum((n + k) % 3 != 0 for n in range(THREADS) for k in range(20))


def test_control_a_counter_that_is_read_and_written_gives_one_number_to_eight(cast):
    Counter.objects.create(store=cast.store, kind="RO", month="2603", last=0)
    looked = threading.Barrier(THREADS, timeout=20)

    def naive(_n):
        counter = Counter.objects.get(store=cast.store, kind="RO", month="2603")
        looked.wait()
        counter.last += 1
        counter.save()
        return counter.last

    assert race(THREADS, naive) == [1] * THREADS


def test_parts_of_a_payment_never_add_up_to_more_than_is_owed(cast, chain):
    settlement = Settlement.objects.get(visit=chain.settled())
    by, part = cast.by("cashier"), (settlement.amount / 4).quantize(Decimal("0.01"))

    def pay(_n):
        return actions.pay(Settlement.objects.get(pk=settlement.pk), amount=part, method="cash", by=by)

    assert outcome(race(THREADS, pay)) == 4
    settlement.refresh_from_db()
    assert settlement.paid == 4 * part == Payment.objects.aggregate(total=Sum("amount"))["total"]
