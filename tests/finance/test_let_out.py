"""The guard lets a car out: the last link of the chain, on the phone page and through REST."""

from decimal import Decimal

import pytest

from core.models import Entry
from core.rows import Refused
from customers import actions as customers
from customers.models import Call, VisitNote
from finance import actions
from finance.models import GatePass, Settlement
from service import actions as service
from service.models import Order, Visit
from tests.conftest import HANDED


@pytest.fixture
def guard(cast, client):
    client.force_login(cast.guard, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


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


@pytest.mark.parametrize("seen", ["9999", "721", "", "K72l1", "沪B8K721"])
def test_another_plate_stays_inside(cast, chain, seen):
    with pytest.raises(Refused) as refused:
        actions.let_out(chain.passed(), plate_seen=seen, by=cast.by("guard"))
    assert refused.value.field == "plate_seen"
    assert GatePass.objects.get().used_at is None
    assert Visit.objects.get().status == "handed_over"


@pytest.mark.parametrize("seen", ["k721", "沪A·8K721", "沪a8k721", " ８Ｋ７２１ "])
def test_the_plate_is_compared_as_it_is_typed(cast, chain, seen):
    assert actions.let_out(chain.passed(), plate_seen=seen, by=cast.by("guard")).used_at


@pytest.mark.duty("F-26")
def test_the_gate_stays_shut_until_the_customer_has_paid(cast, chain):
    visit = chain.settled()
    settlement = Settlement.objects.get(visit=visit)
    with pytest.raises(Refused):
        actions.issue_gate_pass(visit, by=cast.by("cashier"))
    actions.pay(settlement, amount=settlement.amount - 1, method="cash", by=cast.by("cashier"))
    service.hand_over(Visit.objects.get(), **HANDED, by=cast.by("advisor"))
    with pytest.raises(Refused):
        actions.issue_gate_pass(Visit.objects.get(), by=cast.by("cashier"))
    assert not GatePass.objects.exists()


def test_twice_and_cancelled_are_refused(cast, chain):
    gate_pass = chain.passed()
    actions.let_out(gate_pass, plate_seen="K721", by=cast.by("guard"))
    with pytest.raises(Refused):
        actions.let_out(GatePass.objects.get(), plate_seen="K721", by=cast.by("guard"))
    assert VisitNote.objects.count() == 1


def test_a_pass_that_was_taken_back_is_no_pass(cast, chain, guard):
    gate_pass = chain.passed()
    actions.cancel_gate_pass(gate_pass, reason="客户要求再检查", by=cast.by("cashier"))
    with pytest.raises(Refused):
        actions.let_out(GatePass.objects.get(), plate_seen="K721", by=cast.by("guard"))
    answer = guard.get("/gate/?plate=K721")
    assert "gate-stop" in answer.content.decode()
    again = actions.issue_gate_pass(Visit.objects.get(), by=cast.by("cashier"))
    assert again.number != gate_pass.number


def test_only_those_who_issue_take_back(cast, chain):
    from django.core.exceptions import PermissionDenied

    gate_pass = chain.passed()
    for name in ("guard", "advisor", "stranger"):
        with pytest.raises(PermissionDenied):
            actions.cancel_gate_pass(gate_pass, reason="x", by=cast.by(name))


def test_the_guard_types_four_characters_and_lets_it_out_with_one_tap(cast, chain, guard):
    gate_pass = chain.passed()
    page = guard.get("/gate/?plate=k721")
    body = page.content.decode()
    assert "沪A·8K721" in body and f'action="/gate/{gate_pass.pk}/let-out/"' in body and 'value="K721"' in body
    answer = guard.post(f"/gate/{gate_pass.pk}/let-out/", {"plate_seen": "K721"}, follow=True)
    assert answer.redirect_chain == [("/gate/", 302)]
    assert Visit.objects.get().status == "left"


def test_a_wrong_plate_is_a_red_page_that_says_what_to_do(cast, chain, guard):
    gate_pass = chain.passed()
    answer = guard.post(f"/gate/{gate_pass.pk}/let-out/", {"plate_seen": "9999"})
    body = answer.content.decode()
    assert answer.status_code == 422 and "gate-stop gate-whole" in body
    assert "9999" in body and "沪A·8K721" in body
    assert Visit.objects.get().status == "handed_over"


def test_a_car_without_a_pass_is_stopped_and_its_advisor_named(cast, chain, guard):
    chain.received()
    body = guard.get("/gate/?plate=K721").content.decode()
    assert "gate-stop" in body and str(cast.advisor) in body
    unknown = guard.get("/gate/?plate=ZZZZ").content.decode()
    assert "gate-stop" in unknown and "ZZZZ" in unknown and str(cast.advisor) not in unknown
    assert guard.get("/gate/?plate=1").status_code == 200


def test_the_list_shows_who_may_leave_and_exports(cast, chain, guard):
    chain.passed()
    assert "沪A·8K721" in guard.get("/gate/").content.decode()
    assert "沪A·8K721" not in guard.get("/gate/?tab=outside").content.decode()
    assert "沪A·8K721" in guard.get("/gate/?tab=all").content.decode()
    assert "沪A·8K721" in guard.get("/gate/?tab=all&export=csv").content.decode()


def test_another_companys_car_is_not_there(cast, chain, client):
    gate_pass = chain.passed()
    from tests.conftest import make_person

    theirs = make_person("their-guard", "远航门卫", "guard", cast.foreign)
    client.force_login(theirs, backend="allauth.account.auth_backends.AuthenticationBackend")
    assert client.get(f"/gate/{gate_pass.pk}/").status_code == 404
    assert client.post(f"/gate/{gate_pass.pk}/let-out/", {"plate_seen": "K721"}).status_code == 404
    body = client.get("/gate/?plate=K721").content.decode()
    assert "gate-stop" in body and str(cast.advisor) not in body


def test_the_print_says_what_the_screen_says(cast, chain):
    from finance.prints import gate_pass as data

    gate_pass = chain.passed()
    told = data(gate_pass)
    assert (told["plate"], told["state"], told["title"]) == ("沪A·8K721", "准予放行", "车辆出门证")
    assert ["签发人", str(cast.cashier)] in told["meta"]
    assert told["statement"] == "客户应付款项已结清，准予本车出厂一次。"
    actions.let_out(gate_pass, plate_seen="K721", by=cast.by("guard"))
    assert data(GatePass.objects.get())["state"] == "已放行"


def test_through_rest(cast, chain):
    import json

    from django.test import Client

    from core.actions import make_token
    from core.actor import CONSOLE

    gate_pass = chain.passed()
    token = make_token(name="test", by=CONSOLE, employee=cast.guard).text
    program = Client(headers={"Authorization": f"Bearer {token}"})
    row = program.get(f"/api/v1/gate-passes/{gate_pass.pk}/").json()
    assert (row["state"], row["plate"], row["kind"]) == ("waiting", "沪A8K721", "service")

    def post(body):
        return program.post(
            f"/api/v1/gate-passes/{gate_pass.pk}/let-out/", json.dumps(body), content_type="application/json"
        )

    assert post({"plate_seen": "0000"}).status_code == 400
    assert (post({"plate_seen": "8K721"}).json()["state"], post({"plate_seen": "8K721"}).status_code) == ("left", 409)
