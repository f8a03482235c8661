"""The ledger: what every verb of money posts balances, stays for ever, and says the same as the documents."""

import uuid
from decimal import Decimal as D

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import F, Sum
from django.urls import reverse
from django.utils.timezone import now

from core.rows import refused_by_database
from finance import actions
from finance.models import CreditAgreement, Deposit, LedgerEntry, Payment, Settlement
from tests.finance.conftest import sums


def entry(cast, posting, account, debit=0, credit=0):
    return LedgerEntry(
        store=cast.store,
        business_date=now().date(),
        at=now(),
        posting=posting,
        account=account,
        debit=D(debit),
        credit=D(credit),
        document="X-1",
    )


def at_once():
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ({"debit": 100}, {"credit": "99.99"}),
        ({"debit": 100}, {"debit": 100}),
        ({"debit": 100}, None),
    ],
)
def test_postgres_refuses_a_posting_that_does_not_balance(cast, first, second):
    posting = uuid.uuid4()
    with pytest.raises(IntegrityError) as refused, transaction.atomic():
        entry(cast, posting, "cash", **first).save()
        if second:
            entry(cast, posting, "receivable", **second).save()
        at_once()
    assert refused_by_database(refused.value)[0] == 400
    assert not LedgerEntry.objects.exists()


def test_a_posting_is_of_one_store(cast):
    posting = uuid.uuid4()
    other = entry(cast, posting, "receivable", credit=100)
    other.store = cast.sister
    with pytest.raises(IntegrityError), transaction.atomic():
        entry(cast, posting, "cash", debit=100).save()
        other.save()
        at_once()


def test_an_entry_has_one_side(cast):
    for both in ({"debit": 1, "credit": 1}, {}, {"debit": -1}):
        with pytest.raises(IntegrityError), transaction.atomic():
            entry(cast, uuid.uuid4(), "cash", **both).save()


def test_a_whole_life_of_money_and_what_the_documents_say(cast, chain, car):
    """Deposit, settlement, three means, refund, credit account and its receipt, write-off, reversal."""
    by = cast.by("finance_manager")
    agreement = actions.add_agreement(
        customer=car.owner, number="JZ-1", limit=D(1000), terms_days=30, since=now().date(), by=by
    )
    deposit = actions.take_deposit(
        car.owner, store=cast.store, amount=D(300), method="wechat", reason="订件", by=cast.by("cashier")
    )
    one = Settlement.objects.get(visit=chain.settled())
    more = [{"amount": D(200), "method": "account"}, {"amount": D(100), "method": "cash"}]
    actions.pay(one, amount=D(250), method="deposit", more=more, by=cast.by("cashier"))
    actions.return_deposit(deposit, amount=D(50), method="cash", reason="多收", by=cast.by("cashier"))
    actions.pay_account(agreement, store=cast.store, amount=D(150), method="transfer", by=cast.by("cashier"))
    actions.refund(Payment.objects.get(method="cash"), reason="改刷卡", by=cast.by("cashier"))
    actions.pay(one, amount=D(100), method="card", by=cast.by("cashier"))
    actions.write_off(one, amount=D(18), reason="尾款", by=cast.by("finance_manager"))
    at_once()
    on = sums()
    assert on == {
        "receivable": D(800),
        "credit_account": D(50),
        "deposits": D(0),
        "revenue": D("-1210.61"),
        "vat": D("-157.39"),
        "cash": D(-50),
        "card": D(100),
        "wechat": D(300),
        "transfer": D(150),
        "losses": D(18),
    }
    assert sum(on.values()) == 0
    due = Settlement.objects.to_pay().aggregate(sum=Sum(F("amount") - F("paid")))["sum"]
    assert on["receivable"] == due
    assert on["credit_account"] == CreditAgreement.objects.aggregate(sum=Sum("balance"))["sum"]
    rest = Deposit.objects.with_rest().aggregate(sum=Sum(F("amount") - F("used") - F("returned")))["sum"]
    assert -on["deposits"] == (rest or 0)


def test_a_reversal_mirrors_what_was_posted(cast, settled):
    actions.pay(settled, amount=D(500), method="wechat", by=cast.by("cashier"))
    actions.reverse_settlement(settled, reason="单价有误", refund=True, by=cast.by("finance_manager"))
    assert {account: balance for account, balance in sums().items() if balance} == {}
    assert LedgerEntry.objects.count() == 2 * (3 + 2)
    at_once()


@pytest.mark.duty("F-28")
def test_the_page_shows_the_trial_balance_of_a_span_and_its_entries(cast, chain, desk):
    chain.paid()
    manager = desk("finance_manager")
    body = manager.get("/ledger/", follow=True).content.decode()
    for word in ("¥ 1,368.00", "¥ 1,210.61", "¥ 157.39", Settlement.objects.get().number, Payment.objects.get().number):
        assert word in body, word
    assert Payment.objects.get().number not in manager.get("/ledger/?account=vat").content.decode()
    assert "1210.61" in manager.get("/ledger/?export=csv").content.decode()
    assert "¥ 1,368.00" not in manager.get("/ledger/?day_to=2020-01-01").content.decode()
    assert desk("advisor").get("/ledger/").status_code == 403


def test_a_stranger_sees_nothing_of_it_and_a_program_reads_it(cast, chain, foreign_cashier, program):
    chain.paid()
    assert "HD01" not in foreign_cashier.get("/ledger/", follow=True).content.decode()
    rows = program("finance_manager").get("ledger/", account="vat").json()["results"]
    assert [(one["credit"], one["debit"]) for one in rows] == [("157.39", "0.00")]
    assert program("stranger").get("ledger/").status_code == 403


def test_what_stood_before_the_ledger_is_posted_by_its_migration(cast, chain, car):
    """The migration's own statements, over settlements that no action posted."""
    from importlib import import_module

    from finance.models import SettlementLine

    migration = import_module("finance.migrations.0006_money_of_before")
    visit = chain.explained()
    moment = now()
    old = {"store": cast.store, "visit": visit, "settled_at": moment, "settled_on": moment.date()}
    one = Settlement.objects.create(
        **old, number="HD01-ST-0001", payer="customer", amount=D(113), gross=D(113), net=D(100), paid=D(50),
        due_on=moment.date(),
    )  # fmt: skip
    SettlementLine.objects.create(
        settlement=one, kind="labour", reason="repair", name="x", quantity=1, price=D(113), amount=D(113), net=D(100)
    )
    Payment.objects.create(
        store=cast.store, settlement=one, number="HD01-PM-0001", method="cash", amount=D(50), at=moment,
        business_date=moment.date(),
    )  # fmt: skip
    with connection.cursor() as cursor:
        for statement in [*migration.FILL, *migration.POST]:
            cursor.execute(statement)
    at_once()
    assert sums() == {"receivable": D(63), "revenue": D(-100), "vat": D(-13), "cash": D(50)}
    one.refresh_from_db()
    assert one.customer == car.owner


def test_a_document_of_the_ledger_leads_to_its_settlement(desk, settled):
    body = desk("finance_manager").get("/ledger/", follow=True).content.decode()
    assert f"{reverse('settlements')}?tab=all&amp;q={settled.number}" in body
