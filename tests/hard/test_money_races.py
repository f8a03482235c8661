"""Eight at once at the cash desk: limits and deposits hold, nothing is booked twice; and what happens without."""

import threading
from decimal import Decimal as D

import pytest
from django.db import connection
from django.db.models import F, Sum
from django.utils.timezone import now

from core.models import Counter
from core.rows import Refused
from customers.models import Vehicle
from finance import actions
from finance.models import AccountReceipt, CreditAgreement, Deposit, LedgerEntry, Payment, Settlement
from tests.conftest import Chain
from tests.hard.conftest import race

pytestmark = [pytest.mark.hard, pytest.mark.django_db(transaction=True)]

THREADS = 8


def won(answers):
    """How many won; all others were told no in a sentence."""
    lost = [one for one in answers if isinstance(one, Exception)]
    assert all(isinstance(one, Refused) for one in lost), lost
    return len(answers) - len(lost)


def balanced():
    """Debits are credits, and the claims of the ledger are those of the documents."""
    on = {
        account: debit - credit
        for account, debit, credit in LedgerEntry.objects.order_by()
        .values_list("account")
        .annotate(debit=Sum("debit"), credit=Sum("credit"))
    }
    assert sum(on.values()) == 0
    due = Settlement.objects.to_pay().aggregate(sum=Sum(F("amount") - F("paid")))["sum"] or 0
    assert on.get("receivable", 0) == due
    assert on.get("credit_account", 0) == (CreditAgreement.objects.aggregate(sum=Sum("balance"))["sum"] or 0)
    left = Deposit.objects.filter(returns=None).aggregate(sum=Sum(F("amount") - F("used") - F("returned")))["sum"]
    assert -on.get("deposits", 0) == (left or 0)
    return on


@pytest.fixture
def bills(cast, car):
    """Eight settled visits of one customer's cars, 1,368.00 each."""
    found = []
    for n in range(THREADS):
        vehicle = Vehicle.objects.create(
            company=cast.store.company, owner=car.owner, plate=f"沪B2000{n}", plate_kind="ordinary"
        )
        found.append(Settlement.objects.get(visit=Chain(cast, vehicle).settled()).pk)
    return found


@pytest.fixture
def agreement(cast, car):
    """A credit account with room for five of the eight bills."""
    return CreditAgreement.objects.create(
        company=cast.store.company,
        customer=car.owner,
        number="JZ-1",
        limit=5 * D(1368) + 1,
        since=now().astimezone().date(),
    )


def test_the_limit_of_a_credit_account_holds(cast, bills, agreement):
    by = cast.by("cashier")

    def charge(n):
        one = Settlement.objects.select_related("visit", "store").get(pk=bills[n])
        return actions.pay(one, amount=D(1368), method="account", by=by)

    assert won(race(THREADS, charge)) == 5
    agreement.refresh_from_db()
    assert agreement.balance == 5 * D(1368) == Payment.objects.aggregate(sum=Sum("amount"))["sum"]
    assert Counter.objects.get(kind="PM").last == 5, "who lost used up no number"
    balanced()


def test_control_reading_the_limit_without_the_lock_lends_to_eight(bills, agreement):
    looked = threading.Barrier(THREADS, timeout=20)

    def naive(n):
        mine = CreditAgreement.objects.get(pk=agreement.pk)
        assert mine.free >= D(1368)
        looked.wait()
        CreditAgreement.objects.filter(pk=mine.pk).update(balance=F("balance") + D(1368))

    assert race(THREADS, naive) == [None] * THREADS
    agreement.refresh_from_db()
    assert agreement.balance > agreement.limit


def test_a_deposit_is_used_no_further_than_it_goes(cast, bills, car):
    by = cast.by("cashier")
    take = {"store": cast.store, "amount": D(1000), "method": "wechat", "reason": "订件", "by": by}
    deposits = [actions.take_deposit(car.owner, **take) for _n in range(2)]

    def use(n):
        one = Settlement.objects.select_related("visit", "store").get(pk=bills[n])
        return actions.pay(one, amount=D(400), method="deposit", by=by)

    assert won(race(THREADS, use)) == 5
    for one in deposits:
        one.refresh_from_db()
    assert [one.rest for one in deposits] == [D(0), D(0)]
    assert Payment.objects.aggregate(sum=Sum("amount"))["sum"] == D(2000)
    balanced()


def test_control_reading_a_deposit_without_the_lock_uses_it_eight_times(cast, car):
    one = actions.take_deposit(
        car.owner, store=cast.store, amount=D(400), method="wechat", reason="x", by=cast.by("cashier")
    )
    looked = threading.Barrier(THREADS, timeout=20)

    def naive(_n):
        mine = Deposit.objects.get(pk=one.pk)
        assert mine.rest >= D(400)
        looked.wait()
        # what each believes: the constraint sees one use, the customer's bill was paid eight times
        Deposit.objects.filter(pk=mine.pk).update(used=mine.used + D(400))
        return D(400)

    assert sum(race(THREADS, naive)) == THREADS * D(400)
    one.refresh_from_db()
    assert one.used == D(400)


def test_a_deposit_goes_back_or_is_used_never_both(cast, bills, car):
    by = cast.by("cashier")
    deposit = actions.take_deposit(car.owner, store=cast.store, amount=D(400), method="wechat", reason="x", by=by)

    def either(n):
        if n % 2:
            mine = Deposit.objects.select_related("store", "customer").get(pk=deposit.pk)
            return actions.return_deposit(mine, amount=D(400), method="wechat", reason="x", by=by)
        one = Settlement.objects.select_related("visit", "store").get(pk=bills[n])
        return actions.pay(one, amount=D(400), method="deposit", by=by)

    assert won(race(THREADS, either)) == 1
    deposit.refresh_from_db()
    assert deposit.rest == 0
    balanced()


def test_deposits_accounts_and_money_at_once_wait_for_each_other_in_no_ring(cast, bills, agreement, car):
    """Each pays by three means, half of them told in the other order; nobody is thrown out by the database."""
    by = cast.by("cashier")
    for _n in range(3):
        actions.take_deposit(car.owner, store=cast.store, amount=D(700), method="wechat", reason="x", by=by)
    deadlocks = "SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()"

    def pay(n):
        one = Settlement.objects.select_related("visit", "store").get(pk=bills[n])
        means = [
            {"amount": D(100), "method": "deposit"},
            {"amount": D(200), "method": "account"},
            {"amount": D(50), "method": "cash"},
        ]
        first, *more = means[:: -1 if n % 2 else 1]
        actions.pay(one, **first, more=more, by=by)
        if n % 2:
            mine = CreditAgreement.objects.get(pk=agreement.pk)
            return actions.pay_account(mine, store=cast.store, amount=D(100), method="transfer", by=by)
        return actions.refund(Payment.objects.get(settlement=one, method="account"), reason="x", by=by)

    with connection.cursor() as cursor:
        cursor.execute(deadlocks)
        before = cursor.fetchone()
    assert won(race(THREADS, pay)) == THREADS
    with connection.cursor() as cursor:
        cursor.execute(deadlocks)
        assert cursor.fetchone() == before
    on = balanced()
    assert (on["cash"], on["transfer"]) == (D(400), D(400))
    assert AccountReceipt.objects.count() == 4


def test_one_insurers_payment_is_booked_once(cast, bills):
    from service.models import Party

    party = Party.objects.create(company=cast.store.company, kind="insurer", name="人保")
    Settlement.objects.filter(pk__in=bills).update(payer="insurer", party=party, customer=None)
    by = cast.by("cashier")

    def receive(_n):
        mine = list(Settlement.objects.filter(pk__in=bills))
        return actions.receive_from_party(party, settlements=mine, amount=8 * D(1368), method="transfer", by=by)

    assert won(race(THREADS, receive)) == 1
    assert Payment.objects.count() == len(bills)
    assert not Settlement.objects.to_pay().exists()


def test_a_settlement_is_reversed_once_with_its_money(cast, bills):
    pk, by = bills[0], cast.by("finance_manager")
    actions.pay(Settlement.objects.get(pk=pk), amount=D(1368), method="cash", by=cast.by("cashier"))

    def reverse(_n):
        mine = Settlement.objects.select_related("visit", "store").get(pk=pk)
        return actions.reverse_settlement(mine, reason="x", refund=True, by=by)

    assert won(race(THREADS, reverse)) == 1
    assert Settlement.objects.filter(reverses=pk).count() == 1
    assert Payment.objects.filter(settlement=pk).aggregate(sum=Sum("amount"))["sum"] == 0
    balanced()


def test_an_approved_discount_is_used_by_one(cast, chain):
    from core import actions as core
    from service.models import Visit

    visit = chain.explained()
    over = {"discount": D(200), "discount_reason": "x"}
    asked = actions.ask_discount(visit, **over, by=cast.by("advisor"))
    core.decide(asked, granted=True, reason="", by=cast.by("finance_manager"))
    by = cast.by("advisor")
    assert won(race(THREADS, lambda _n: actions.settle(Visit.objects.get(pk=visit.pk), **over, by=by))) == 1
    assert Settlement.objects.get().amount == D(1168)
    balanced()
