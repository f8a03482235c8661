"""Ways out without the work: the car can always be handed back."""

from decimal import Decimal

import pytest

from core.rows import Refused
from customers.models import VisitNote
from finance import actions as finance
from finance.models import Settlement
from service import actions
from service.models import Job, Line, Order, Visit
from tests.conftest import HANDED


def leave(cast, visit):
    visit = finance.settle(visit, by=cast.by("advisor"))
    visit = actions.hand_over(visit, **HANDED, by=cast.by("advisor"))
    gate_pass = finance.issue_gate_pass(visit, by=cast.by("cashier"))
    finance.let_out(gate_pass, plate_seen="8K721", by=cast.by("guard"))
    visit.refresh_from_db()
    return visit


@pytest.mark.parametrize("stage", ["arrived", "received", "estimated", "authorised"])
@pytest.mark.parametrize("way", ["declined", "cancelled", "taken_away"])
def test_the_car_goes_out_unrepaired_and_nothing_is_charged(cast, chain, stage, way):
    visit = getattr(chain, stage)()
    visit = actions.exit_visit(visit, exit=way, reason="客户改日再来", by=cast.by("advisor"))
    assert visit.status == Visit.Status.READY
    visit = leave(cast, visit)
    assert (visit.status, visit.exit) == (Visit.Status.LEFT, way)
    assert not Settlement.objects.exists()
    assert not Job.objects.exclude(status=Job.Status.DROPPED).exists()
    assert set(Order.objects.values_list("status", flat=True)) <= {Order.Status.DROPPED}
    assert VisitNote.objects.get().call_pending is False


def test_what_is_done_is_paid_even_when_the_rest_is_dropped(cast, chain):
    visit = chain.checked()
    actions.add_job(visit.orders.get(), words="再看看空调", kind="repair", by=cast.by("advisor"))
    visit = actions.exit_visit(visit, exit="taken_away", reason="赶时间", by=cast.by("advisor"))
    actions.explain(visit, by=cast.by("advisor"))
    finance.settle(visit, by=cast.by("advisor"))
    assert Settlement.objects.get().amount == 1368


def test_a_car_that_is_ready_has_no_other_way_out(cast, chain):
    with pytest.raises(Refused):
        actions.exit_visit(chain.ready(), exit="declined", reason="x", by=cast.by("advisor"))


def fee(cast, visit, **more):
    given = {"exit": "declined", "reason": "改日再来", "diagnosis_fee": Decimal("120.00"), "via": "phone"} | more
    return actions.exit_visit(visit, **given, by=cast.by("advisor"))


@pytest.mark.parametrize("stage", ["arrived", "received", "authorised"])
def test_a_diagnosis_may_have_its_price_and_is_settled(cast, chain, stage):
    visit = fee(cast, getattr(chain, stage)(), consent_by="刘建国")
    line = Line.objects.get(name="诊断费")
    assert (line.consent, line.consent_via, line.consent_by) == ("authorised", "phone", "刘建国")
    assert (line.amount, line.vat_percent, line.job.status) == (Decimal(120), Decimal("13.0"), Job.Status.DONE)
    assert line.job.order.number and line.job.order.amount == Decimal(120)
    actions.explain(visit, by=cast.by("advisor"))
    finance.settle(visit, by=cast.by("advisor"))
    assert Settlement.objects.get().amount == Decimal(120)


def test_the_fee_stands_beside_work_that_is_done(cast, chain):
    fee(cast, chain.checked(), exit="taken_away")
    assert Order.objects.get().amount == Decimal(1488)


def test_nobody_pays_a_fee_that_nobody_agreed_to(cast, chain):
    visit = chain.received()
    with pytest.raises(Refused) as no:
        fee(cast, visit, via="")
    assert no.value.field == "consent_by"
    visit.refresh_from_db()
    assert visit.status == Visit.Status.RECEIVED and not Line.objects.exists()


def test_both_doors_take_the_fee(cast, chain, browser, program):
    visit = chain.received()
    sent = {"exit": "declined", "reason": "x", "diagnosis_fee": "88", "form_token": "a"}
    wrong = browser("advisor").post(f"/visits/{visit.pk}/exit/", sent)
    assert wrong.status_code == 422 and 'value="88"' in wrong.content.decode()
    body = {"exit": "declined", "reason": "x", "diagnosis_fee": "88.00", "via": "paper"}
    assert program("stranger")(f"visits/{visit.pk}/exit/", body).status_code == 404
    assert program("advisor")(f"visits/{visit.pk}/exit/", body).status_code == 200
    assert Line.objects.get().amount == Decimal(88)
