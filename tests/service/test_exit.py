"""Ways out without the work: the car can always be handed back."""

import pytest

from core.rows import Refused
from customers.models import VisitNote
from finance import actions as finance
from finance.models import Settlement
from service import actions
from service.models import Job, Order, Visit


def leave(cast, visit):
    visit = finance.settle(visit, by=cast.by("advisor"))
    visit = actions.hand_over(visit, explained=True, by=cast.by("advisor"))
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
    finance.settle(visit, by=cast.by("advisor"))
    assert Settlement.objects.get().amount == 1368


def test_a_car_that_is_ready_has_no_other_way_out(cast, chain):
    with pytest.raises(Refused):
        actions.exit_visit(chain.ready(), exit="declined", reason="x", by=cast.by("advisor"))
