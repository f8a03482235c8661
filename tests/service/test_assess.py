"""An accident is assessed (定损): the insurer pays the assessed amount, the customer the difference."""

from decimal import Decimal

import pytest

from core.models import Entry
from core.rows import Refused
from service import actions
from service.models import Job, Line, Party, Share

ACCIDENT = [{"words": "追尾，后保险杠开裂", "kind": "accident"}]


@pytest.fixture
def insurer(cast):
    return Party.objects.create(company=cast.store.company, kind="insurer", name="人保财险")


def paid_by(payer):
    return sum(Share.objects.filter(payer=payer).values_list("amount", flat=True))


def test_the_assessed_amount_is_laid_over_the_lines_to_the_cent(cast, chain, insurer):
    chain.estimated(jobs=ACCIDENT)
    actions.assess(Job.objects.get(), insurer=insurer, amount=Decimal("1000.01"), by=cast.by("accident_specialist"))
    assert (paid_by("insurer"), paid_by("customer")) == (Decimal("1000.01"), Decimal("367.99"))
    for line in Line.objects.prefetch_related("shares"):
        assert sum(s.amount for s in line.shares.all()) == line.amount
    assert set(Share.objects.values_list("reason", flat=True)) == {"accident"}
    assert Entry.objects.filter(verb="order.assessed").count() == 1


def test_a_second_assessment_takes_the_place_of_the_first(cast, chain, insurer):
    chain.estimated(jobs=ACCIDENT)
    for amount in ("900", "1368"):
        actions.assess(Job.objects.get(), insurer=insurer, amount=Decimal(amount), by=cast.by("advisor"))
    assert (paid_by("insurer"), paid_by("customer")) == (Decimal(1368), 0)


def test_more_than_the_work_comes_to_is_refused(cast, chain, insurer):
    chain.estimated(jobs=ACCIDENT)
    with pytest.raises(Refused) as no:
        actions.assess(Job.objects.get(), insurer=insurer, amount=Decimal("1368.01"), by=cast.by("advisor"))
    assert no.value.field == "amount" and paid_by("insurer") == 0


def test_only_an_accident_and_only_an_insurer(cast, chain, insurer):
    chain.estimated()
    with pytest.raises(Refused):
        actions.assess(Job.objects.get(), insurer=insurer, amount=Decimal(1), by=cast.by("advisor"))
    Job.objects.update(kind="accident")
    maker = Party.objects.create(company=cast.store.company, kind="manufacturer", name="大众")
    theirs = Party.objects.create(company=cast.foreign.company, kind="insurer", name="平安")
    for wrong, field in ((maker, "insurer"), (theirs, "shares")):
        with pytest.raises(Refused) as no:
            actions.assess(Job.objects.get(), insurer=wrong, amount=Decimal(1), by=cast.by("advisor"))
        assert no.value.field == field


def test_the_customer_does_not_pay_more_after_consent(cast, chain, insurer):
    visit = chain.estimated(jobs=ACCIDENT)
    job = Job.objects.get()
    actions.assess(job, insurer=insurer, amount=Decimal(1300), by=cast.by("advisor"))
    rows = [{"line": line.pk, "answer": "authorised"} for line in Line.objects.all()]
    actions.authorise(visit.orders.get(), answers=rows, via="phone", consent_by="刘建国", by=cast.by("advisor"))
    with pytest.raises(Refused):
        actions.assess(job, insurer=insurer, amount=Decimal(1200), by=cast.by("advisor"))
    actions.assess(job, insurer=insurer, amount=Decimal(1350), by=cast.by("advisor"))
    assert paid_by("customer") == Decimal(18)


def test_both_doors_and_strangers(cast, chain, insurer, browser, program):
    chain.estimated(jobs=ACCIDENT)
    job = Job.objects.get()
    assert "人保财险" in browser("advisor").get(f"/jobs/{job.pk}/assess/").content.decode()
    sent = {"insurer": insurer.pk, "amount": "1100", "form_token": "a"}
    assert browser("advisor").post(f"/jobs/{job.pk}/assess/", sent).status_code == 302
    wrong = browser("advisor").post(f"/jobs/{job.pk}/assess/", sent | {"amount": "9999", "form_token": "b"})
    assert wrong.status_code == 422 and "9999" in wrong.content.decode()
    body = {"insurer": insurer.pk, "amount": "1200.00"}
    assert program("accident_specialist")(f"jobs/{job.pk}/assess/", body).status_code == 200
    assert paid_by("insurer") == Decimal(1200)
    assert program("stranger")(f"jobs/{job.pk}/assess/", body).status_code == 404
    assert program("cashier")(f"jobs/{job.pk}/assess/", body).status_code == 403
