"""What is still owed: ageing, my overdue, reminders and promises, one payment of an insurer for many settlements."""

from datetime import timedelta
from decimal import Decimal as D

import pytest
from django.urls import reverse
from django.utils.timezone import now

from core.models import Task
from core.rows import Refused
from customers.models import Message
from finance import actions
from finance.models import Age, Dunning, Payment, Settlement
from service.models import Party, Visit

TODAY = now().astimezone().date()


def owed(visit, number, days, amount=113, party=None, **more):
    """A settlement that fell due so many days ago."""
    return Settlement.objects.create(
        store=visit.store,
        visit=visit,
        number=number,
        payer=party.kind if party else "customer",
        party=party,
        customer=None if party else visit.customer,
        amount=D(amount),
        gross=D(amount),
        net=D(amount),
        settled_at=now(),
        settled_on=TODAY,
        due_on=TODAY - timedelta(days=days),
        **more,
    )


@pytest.fixture
def insurers(cast):
    make = Party.objects.create
    return [
        make(company=cast.store.company, kind="insurer", name=name) for name in ("人保", "平安", "太保", "国寿", "阳光")
    ]


@pytest.mark.duty("F-29")
def test_each_payer_stands_in_the_right_bucket(cast, chain, insurers, desk, foreign_cashier):
    visit = chain.received()
    for n, (days, party) in enumerate(zip((-1, 0, 31, 90, 91), insurers, strict=True)):
        owed(visit, f"N-{n}", days, 100 + n, party)
    ages = [Settlement.objects.to_pay().aged(age, TODAY).values_list("number", flat=True) for age in Age]
    assert [list(one) for one in ages] == [["N-0"], ["N-1"], ["N-2"], ["N-3"], ["N-4"]]
    for edge, age in ((30, Age.UPTO_30), (60, Age.UPTO_60), (61, Age.UPTO_90)):
        Settlement.objects.filter(number="N-4").update(due_on=TODAY - timedelta(days=edge))
        assert Settlement.objects.aged(age, TODAY).filter(number="N-4").exists(), edge
    cashier = desk("cashier")
    body = cashier.get("/receivables/").content.decode()
    for word in ("人保", "阳光", "¥ 104.00", "¥ 510.00"):
        assert word in body, word
    link = f"{reverse('settlements')}?tab=open&amp;payer=insurer&amp;party={insurers[1].pk}"
    assert link in body
    found = cashier.get(f"/settlements/?tab=open&payer=insurer&party={insurers[1].pk}").content.decode()
    assert "N-1" in found and "N-2" not in found
    assert "N-0" in cashier.get("/settlements/?tab=open&age=not_due").content.decode()
    assert "104" in cashier.get("/receivables/?export=csv").content.decode()
    assert "平安" not in cashier.get("/receivables/?q=人保").content.decode()
    assert cashier.get("/receivables/?payer=customer").status_code == 200
    assert "人保" not in foreign_cashier.get("/receivables/").content.decode()


@pytest.mark.duty("S-19")
def test_an_advisor_sees_her_own_overdue(cast, chain, desk):
    from tests.conftest import make_person

    visit = chain.received()
    owed(visit, "MINE-1", 3)
    other = make_person("other", "别的顾问", "advisor", cast.store)
    body = desk("advisor").get("/settlements/?tab=mine").content.decode()
    assert "MINE-1" in body
    Visit.objects.update(advisor=other)
    assert "MINE-1" not in desk("advisor").get("/settlements/?tab=mine").content.decode()
    assert "MINE-1" in desk("advisor").get("/settlements/?tab=overdue").content.decode()


def test_what_is_due_first_comes_first(cast, chain, insurers, desk):
    visit = chain.received()
    owed(visit, "LATE-9", 9, party=insurers[0])
    owed(visit, "LATE-40", 40, party=insurers[1])
    body = desk("cashier").get("/settlements/?tab=overdue").content.decode()
    assert body.index("LATE-40") < body.index("LATE-9")


def test_reminders_count_up_and_a_message_goes_to_the_customer(cast, chain):
    one = owed(chain.received(), "D-1", 3)
    by = cast.by("cashier")
    actions.dun(one, channel="sms", by=by)
    promised = TODAY + timedelta(days=2)
    actions.dun(one, channel="phone", promised_on=promised, remark="周五转账", by=by)
    first, second = Dunning.objects.all()
    assert (first.level, first.channel, second.level, second.promised_on) == (1, "sms", 2, promised)
    message = Message.objects.get(code="dunned")
    assert (message.phone, message.params["amount"], message.done_at) == ("13800006621", "113.00", None)
    task = Task.objects.get(code="payment_promised")
    assert (task.assignee, task.due_at.astimezone().date()) == (cast.cashier, promised)
    actions.pay(one, amount=D(113), method="transfer", by=by)
    task.refresh_from_db()
    assert task.status == "done"
    with pytest.raises(Refused):
        actions.dun(one, channel="phone", by=by)


def test_nobody_is_reminded_before_the_day_and_a_firm_without_a_phone_not_by_message(cast, chain, insurers):
    visit = chain.received()
    early = owed(visit, "E-1", -1)
    firm = owed(visit, "F-1", 5, party=insurers[0])
    for one, channel in ((early, "phone"), (firm, "sms")):
        with pytest.raises(Refused):
            actions.dun(one, channel=channel, by=cast.by("cashier"))
    with pytest.raises(Refused) as refused:
        actions.dun(firm, channel="phone", promised_on=TODAY - timedelta(days=1), by=cast.by("cashier"))
    assert refused.value.field == "promised_on"


def test_reminding_in_both_doors(cast, chain, desk, program, foreign_cashier):
    one = owed(chain.received(), "D-1", 3)
    url = reverse("dun", args=[one.pk])
    form = {"channel": "phone", "remark": "答应下周付"}
    assert foreign_cashier.post(url, form).status_code == 404
    assert desk("advisor").post(url, form).status_code == 302
    assert "答应下周付" in desk("advisor").get(one.get_absolute_url()).content.decode()
    told = program("cashier").post(f"settlements/{one.pk}/dun/", form).json()
    assert [entry["level"] for entry in told["dunnings"]] == [1, 2]
    assert program("technician").post(f"settlements/{one.pk}/dun/", form).status_code == 403


def test_only_the_payers_own_settlements_and_real_money(cast, chain, insurers):
    visit, by = chain.received(), cast.by("cashier")
    own, others = owed(visit, "Q-0", 5, 100, insurers[0]), owed(visit, "Q-1", 5, 100, insurers[1])
    given = {"amount": D(100), "method": "transfer"}
    for wrong in (
        {"settlements": [others]},
        {"settlements": [own, others], "amount": D(200)},
        {"settlements": []},
        {"settlements": [own], "method": "account"},
        {"settlements": [own], "amount": D(0)},
    ):
        with pytest.raises(Refused):
            actions.receive_from_party(insurers[0], **given | wrong, by=by)
    assert not Payment.objects.exists()


@pytest.fixture
def fleet(cast, insurers):
    """Three cars of which one insurer owes 100, 101 and 102."""
    from customers.models import Customer, Vehicle
    from tests.conftest import Chain

    rows = []
    for n in range(3):
        owner = Customer.objects.create(company=cast.store.company, name=f"客户{n}", phone=f"1380000{n:04d}")
        car = Vehicle.objects.create(
            company=cast.store.company, owner=owner, plate=f"沪B1000{n}", plate_kind="ordinary"
        )
        rows.append(owed(Chain(cast, car).received(), f"Q-{n}", 5, 100 + n, insurers[0]))
    return rows


@pytest.mark.duty("F-29")
def test_what_was_chosen_must_match_and_only_the_newest_stays_open(cast, fleet, insurers, desk, foreign_cashier):
    party, by = insurers[0], cast.by("cashier")
    for amount in (D(201), D("303.01")):
        with pytest.raises(Refused) as refused:
            actions.receive_from_party(party, settlements=fleet, amount=amount, method="transfer", by=by)
        assert refused.value.field == "amount"
    url = reverse("receive_from_party", args=[party.pk])
    cashier = desk("cashier")
    assert all(one.number in cashier.get(url).content.decode() for one in fleet)
    form = {"settlements": [one.pk for one in fleet], "amount": "300", "method": "transfer", "reference": "PICC-7"}
    assert cashier.post(url, form | {"amount": "9"}).status_code == 422
    assert cashier.post(url, form).status_code == 302
    assert [one.due for one in Settlement.objects.order_by("pk")] == [D(0), D(0), D(3)]
    assert set(Payment.objects.values_list("reference", flat=True)) == {"PICC-7"}
    assert cashier.post(url, form).status_code == 422  # what is paid cannot be chosen again
    assert foreign_cashier.get(url).status_code == 404


def test_a_program_books_an_insurers_payment(fleet, insurers, program):
    path = f"parties/{insurers[0].pk}/receive/"
    body = {"settlements": [one.pk for one in fleet], "amount": "303.00", "method": "transfer"}
    assert program("stranger").post(path, body).status_code in {403, 404}
    done = program("cashier").post(path, body)
    assert done.json()["settlements"] == [one.pk for one in fleet]
    assert program("cashier").post(path, body).status_code == 400


def test_the_piece_of_the_customers_page(cast, chain, car, desk):
    one = owed(chain.received(), "D-1", 3)
    actions.take_deposit(car.owner, store=cast.store, amount=D(50), method="wechat", reason="x", by=cast.by("cashier"))
    actions.add_agreement(
        customer=car.owner, number="JZ-1", limit=D(9), terms_days=3, since=TODAY, by=cast.by("finance_manager")
    )
    url = reverse("customer_money", args=[car.owner.pk])
    piece = desk("advisor").get(url, headers={"HX-Request": "true"}).content.decode()
    for word in (one.number, "¥ 113.00", "¥ 50.00", "JZ-1"):
        assert word in piece, word
    assert "<html" not in piece and "<html" in desk("advisor").get(url).content.decode()
    assert desk("technician").get(url).status_code == 403
