"""Consent line by line, who pays for what, and the status that follows from both."""

from decimal import Decimal

import pytest

from core.rows import Refused
from service import actions
from service.models import Job, Line, Order, Party, Share


def lines_of(visit):
    return list(Line.objects.filter(job__order__visit=visit).order_by("id"))


def answer(cast, visit, answers):
    rows = [{"line": line.pk, "answer": one} for line, one in zip(lines_of(visit), answers, strict=True)]
    return actions.authorise(visit.orders.get(), answers=rows, via="phone", consent_by="刘建国", by=cast.by("advisor"))


def test_each_line_has_its_own_answer(cast, chain):
    visit = chain.estimated()
    order = answer(cast, visit, ["authorised", "deferred"])
    labour, part = lines_of(visit)
    assert (labour.consent, part.consent) == ("authorised", "deferred")
    assert labour.consent_via == "phone" and labour.consent_at
    assert order.status == Order.Status.TO_DISPATCH
    assert order.amount == Decimal("570.00")
    assert Job.objects.get().status == Job.Status.TO_DISPATCH


def test_a_job_all_declined_is_not_carried_out(cast, chain):
    order = answer(cast, chain.estimated(), ["declined", "declined"])
    assert (Job.objects.get().status, order.status) == (Job.Status.DROPPED, Order.Status.DROPPED)


def test_an_answered_line_is_not_answered_twice(cast, chain):
    visit = chain.authorised()
    with pytest.raises(Refused):
        answer(cast, visit, ["declined", "declined"])


@pytest.mark.duty("S-14")
def test_a_line_is_shared_and_settled_with_each_payer(cast, chain):
    from finance import actions as finance
    from finance.models import Settlement

    maker = Party.objects.create(company=cast.store.company, kind="manufacturer", name="一汽奥迪")
    visit = chain.estimated()
    labour, _part = lines_of(visit)
    shares = [
        {"payer": "manufacturer", "party": maker, "reason": "warranty", "amount": Decimal("333.33")},
        {"payer": "customer", "party": None, "reason": "repair", "amount": None},
    ]
    actions.share_line(labour, shares=shares, by=cast.by("warranty_clerk"))
    answer(cast, visit, ["authorised", "authorised"])
    for job in Job.objects.all():
        actions.dispatch(job, technician=cast.technician, by=cast.by("controller"))
        actions.start(job, by=cast.by("technician"))
        actions.finish(job, cause="磨损", remedy="更换", by=cast.by("technician"))
        actions.check(job, passed=True, remark="", by=cast.by("inspector"))
    visit = actions.ready(visit, channel="counter", by=cast.by("advisor"))
    actions.explain(visit, by=cast.by("advisor"))
    finance.settle(visit, by=cast.by("advisor"))
    mine, theirs = Settlement.objects.order_by("id")
    assert (mine.payer, mine.amount) == ("customer", Decimal("1034.67"))
    assert (theirs.payer_name, theirs.amount) == ("一汽奥迪", Decimal("333.33"))
    assert mine.net + theirs.net == sum(line.net for line in lines_of(visit))
    assert mine.cost + theirs.cost == Decimal("600.00")
    assert Settlement.objects.receivables().get() == theirs


def test_shares_that_do_not_add_up_are_refused(cast, chain):
    labour, _part = lines_of(chain.estimated())
    one = {"payer": "customer", "party": None, "reason": "repair", "amount": Decimal("100.00")}
    with pytest.raises(Refused) as refused:
        actions.share_line(labour, shares=[one], by=cast.by("advisor"))
    assert refused.value.field == "shares"
    assert Share.objects.filter(line=labour).get().amount == labour.amount


def test_a_failed_check_goes_back_and_counts(cast, chain):
    visit = chain.authorised()
    job = Job.objects.get()
    actions.dispatch(job, technician=cast.technician, by=cast.by("controller"))
    actions.start(job, by=cast.by("technician"))
    actions.finish(job, cause="磨损", remedy="更换", by=cast.by("technician"))
    with pytest.raises(Refused):
        actions.check(job, passed=False, remark="", by=cast.by("inspector"))
    actions.check(job, passed=False, remark="仍有异响", by=cast.by("inspector"))
    job.refresh_from_db()
    assert (job.status, job.check_failures) == (Job.Status.IN_WORK, 1)
    with pytest.raises(Refused):
        actions.ready(visit, channel="phone", by=cast.by("advisor"))


def test_nothing_is_dispatched_without_consent(cast, chain):
    chain.estimated()
    with pytest.raises(Refused):
        actions.dispatch(Job.objects.get(), technician=cast.technician, by=cast.by("controller"))


def test_extra_work_asks_consent_for_its_own_lines_only(cast, chain):
    visit = chain.checked()
    order = actions.add_job(visit.orders.get(), words="雨刮更换", kind="repair", by=cast.by("advisor"))
    first, second = order.jobs.all()
    line = {"kind": "part", "name": "雨刮片", "quantity": Decimal(1), "price": Decimal(168), "cost": Decimal(80)}
    base = {"code": "", "unit": "副", "payer": "customer", "party": None, "reason": "repair"}
    order = actions.add_lines(second, lines=[base | line], by=cast.by("advisor"))
    assert first.status == Job.Status.DONE
    assert order.status == Order.Status.ESTIMATED


def test_a_customer_who_agrees_later_gets_the_work_and_not_just_the_bill(cast, chain):
    visit = chain.estimated()
    answer(cast, visit, ["declined", "declined"])
    assert Job.objects.get().status == Job.Status.DROPPED
    order = answer(cast, visit, ["authorised", "asked"])
    assert (Job.objects.get().status, order.status) == (Job.Status.TO_DISPATCH, Order.Status.TO_DISPATCH)
    with pytest.raises(Refused):
        actions.ready(visit, channel="phone", by=cast.by("advisor"))


def extra(cast, visit):
    row = {"kind": "part", "code": "", "name": "雨刮片", "quantity": Decimal(1), "unit": "", "price": Decimal(98)}
    row |= {"cost": Decimal(40), "payer": "customer", "party": None, "reason": "repair"}
    actions.add_lines(Job.objects.get(), lines=[row], by=cast.by("advisor"))
    return lines_of(visit)[-1]


def answer_one(cast, visit, line, word):
    rows = [{"line": line.pk, "answer": word}]
    actions.authorise(visit.orders.get(), answers=rows, via="phone", consent_by="刘建国", by=cast.by("advisor"))


def test_extra_work_that_is_declined_leaves_a_finished_job_finished(cast, chain):
    visit = chain.checked()
    answer_one(cast, visit, extra(cast, visit), "declined")
    assert Job.objects.get().status == Job.Status.DONE
    answer_one(cast, visit, extra(cast, visit), "authorised")
    assert Job.objects.get().status == Job.Status.TO_DISPATCH


def test_extra_work_agreed_to_while_the_job_is_checked_goes_back_to_the_technician(cast, chain):
    visit = chain.authorised()
    actions.dispatch(Job.objects.get(), technician=cast.technician, by=cast.by("controller"))
    actions.start(Job.objects.get(), by=cast.by("technician"))
    actions.finish(Job.objects.get(), cause="磨损", remedy="更换", by=cast.by("technician"))
    answer_one(cast, visit, extra(cast, visit), "authorised")
    assert Job.objects.get().status == Job.Status.IN_WORK


def test_a_payer_of_another_company_pays_nothing_here(cast, chain):
    visit = chain.estimated()
    theirs = Party.objects.create(company=cast.foreign.company, kind="insurer", name="平安")
    share = {"payer": "insurer", "party": theirs, "reason": "accident", "amount": None}
    with pytest.raises(Refused) as no:
        actions.share_line(lines_of(visit)[0], shares=[share], by=cast.by("integration"))
    assert no.value.status == 400
    row = {"kind": "part", "name": "灯", "quantity": Decimal(1), "price": Decimal(98), "cost": Decimal(0)}
    row |= {"payer": "insurer", "party": theirs, "reason": "accident"}
    with pytest.raises(Refused):
        actions.add_lines(Job.objects.get(), lines=[row], by=cast.by("integration"))
    assert not Share.objects.filter(party=theirs).exists()


def test_only_a_technician_of_the_store_gets_its_jobs(cast, chain):
    from tests.conftest import make_person

    chain.authorised()
    for person in (make_person("tech2", "姐妹店技师", "technician", cast.sister), cast.cashier):
        with pytest.raises(Refused) as no:
            actions.dispatch(Job.objects.get(), technician=person, by=cast.by("controller"))
        assert no.value.field == "technician"
    assert Job.objects.get().status == Job.Status.TO_DISPATCH
