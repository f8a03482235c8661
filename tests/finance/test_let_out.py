"""The guard lets a car out: the last link of the chain."""

from decimal import Decimal

import pytest

from core.models import Entry
from core.rows import Refused
from customers import actions as customers
from customers.models import Call, VisitNote
from finance import actions
from finance.models import GatePass, Settlement
from service.models import Order, Visit


def test_the_car_leaves_and_care_plans_a_call(cast, chain, django_capture_on_commit_callbacks):
    gate_pass = chain.passed()
    actions.let_out(gate_pass, plate_seen="K721", by=cast.by("guard"))
    visit = Visit.objects.get()
    assert (visit.status, visit.exit) == ("left", "served")
    assert Order.objects.get().status == Order.Status.CLOSED
    settlement = Settlement.objects.get()
    assert (settlement.amount, settlement.paid, settlement.net) == (
        Decimal("1368.00"),
        Decimal("1368.00"),
        Decimal("1210.61"),
    )
    note = VisitNote.objects.get()
    assert set(note.workers.all()) == {cast.advisor, cast.technician}
    assert customers.plan_calls(by=cast.by("care_manager")) == 1
    assert customers.plan_calls(by=cast.by("care_manager")) == 0
    call = Call.objects.get()
    assert call.phone == "13800006621"
    assert visit.left_on < call.not_before.astimezone().date() <= call.due_on
    assert Entry.objects.filter(verb="gate_pass.used").count() == 1


def test_another_plate_stays_inside(cast, chain):
    with pytest.raises(Refused):
        actions.let_out(chain.passed(), plate_seen="9999", by=cast.by("guard"))
    assert GatePass.objects.get().used_at is None
