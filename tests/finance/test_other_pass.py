"""A car that was not in for service: sold, or on its way to another place."""

import pytest
from django.core.exceptions import PermissionDenied

from core import actions as core
from core.models import Approval, Authority
from core.rows import Refused
from finance import actions
from finance.models import GatePass
from tests.conftest import make_person

VIN = "LSVAA49J132047371"


def issue(cast, by="finance_manager", **more):
    given = {"store": cast.store, "kind": "sale", "plate": "", "vin": VIN, "driver_name": "周强", "reason": "新车交付"}
    return actions.issue_other_pass(**given | more, by=cast.by(by))


def limit_of(cast, role, limit):
    Authority.objects.update_or_create(company=cast.store.company, role=role, matter="gate", defaults={"limit": limit})


@pytest.mark.duty("F-26")
def test_within_ones_authority_the_car_may_leave_at_once(cast):
    limit_of(cast, "general_manager", None)
    one = issue(cast, "general_manager")
    assert (one.state, one.visit, one.worn) == ("waiting", None, VIN)
    assert not Approval.objects.exists()
    assert actions.let_out(one, plate_seen=VIN[-6:], by=cast.by("guard")).state == "left"
    with pytest.raises(Refused):
        actions.let_out(GatePass.objects.get(), plate_seen=VIN[-6:], by=cast.by("guard"))


def test_beyond_it_the_manager_is_asked_and_the_gate_waits(cast):
    limit_of(cast, "finance_manager", 0)
    limit_of(cast, "general_manager", None)
    one = issue(cast)
    assert one.state == "held"
    with pytest.raises(Refused):
        actions.let_out(one, plate_seen=VIN[-6:], by=cast.by("guard"))
    asked = Approval.objects.get()
    with pytest.raises(Refused):
        core.decide(asked, granted=True, reason="", by=cast.by("finance_manager"))
    core.decide(asked, granted=True, reason="已付全款", by=cast.by("general_manager"))
    one = GatePass.objects.with_names().get()
    assert one.state == "waiting"
    assert actions.let_out(one, plate_seen=VIN[-6:], by=cast.by("guard")).used_at
    assert Approval.objects.get().status == "used"


def test_refused_it_stays_inside(cast):
    limit_of(cast, "finance_manager", 0)
    limit_of(cast, "general_manager", None)
    one = issue(cast)
    core.decide(Approval.objects.get(), granted=False, reason="未付款", by=cast.by("general_manager"))
    one = GatePass.objects.get()
    assert one.state == "refused"
    with pytest.raises(Refused):
        actions.let_out(one, plate_seen=VIN[-6:], by=cast.by("guard"))
    actions.cancel_gate_pass(one, reason="未批准", by=cast.by("finance_manager"))
    assert GatePass.objects.get().state == "cancelled"


def test_taken_back_while_the_manager_is_asked(cast):
    limit_of(cast, "finance_manager", 0)
    one = issue(cast)
    actions.cancel_gate_pass(one, reason="不卖了", by=cast.by("finance_manager"))
    assert Approval.objects.get().status == "withdrawn"


def test_a_car_in_for_service_leaves_by_its_settlement_only(cast, chain):
    visit = chain.received()
    for more in ({"plate": "沪A·8K721", "vin": ""}, {"vin": visit.vehicle.vin}):
        with pytest.raises(Refused) as refused:
            issue(cast, **more)
        assert refused.value.field in {"plate", "vin"}


@pytest.mark.parametrize(
    ("more", "field"),
    [({"plate": "ABC", "vin": ""}, "plate"), ({"vin": "123"}, "vin"), ({"vin": "", "plate": ""}, "plate")],
)
def test_the_car_is_named(cast, more, field):
    with pytest.raises(Refused) as refused:
        issue(cast, **more)
    assert refused.value.field == field


def test_one_pass_a_car(cast):
    issue(cast)
    with pytest.raises(Refused):
        issue(cast, driver_name="另一人")


def test_who_may(cast):
    for name in ("advisor", "cashier", "guard", "stranger"):
        with pytest.raises(PermissionDenied):
            issue(cast, name)


def test_in_the_browser(cast, client):
    limit_of(cast, "general_manager", None)
    client.force_login(cast.general_manager, backend="allauth.account.auth_backends.AuthenticationBackend")
    body = {
        "store": cast.store.pk,
        "kind": "transfer",
        "plate": "沪A12345",
        "driver_name": "周强",
        "reason": "调往二店",
    }
    assert client.post("/gate/other-pass/", {**body, "plate": "?"}).status_code == 422
    answer = client.post("/gate/other-pass/", body)
    one = GatePass.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, f"/gate/{one.pk}/")
    assert "沪A·12345" in client.get(f"/gate/{one.pk}/").content.decode()
    assert client.post("/gate/other-pass/", body).status_code == 422
    assert client.post(f"/gate/{one.pk}/cancel/", {"reason": "错了"}).status_code == 302
    assert client.get(f"/gate/{one.pk}/print/")["Content-Type"] == "application/pdf"
    theirs = make_person("their-guard", "远航门卫", "guard", cast.foreign)
    client.force_login(theirs, backend="allauth.account.auth_backends.AuthenticationBackend")
    assert client.get(f"/gate/{one.pk}/").status_code == 404


def test_through_rest(cast):
    from tests.api.conftest import Program

    limit_of(cast, "finance_manager", 0)
    asked = Program(cast.by("finance_manager"))
    body = {"store": cast.store.pk, "kind": "sale", "vin": VIN, "driver_name": "周强", "reason": "交车"}
    answer = asked.post("gate-passes/", body)
    assert (answer.status_code, answer.json()["state"], answer.json()["vehicle"]) == (201, "held", None)
    assert asked.post("gate-passes/", body).status_code == 400
    assert asked.post("gate-passes/", body | {"store": cast.foreign.pk}).status_code == 400
    one = answer.json()["id"]
    assert asked.post(f"gate-passes/{one}/cancel/", {"reason": "x"}).json()["state"] == "cancelled"
    assert Program(cast.by("guard")).post(f"gate-passes/{one}/cancel/", {"reason": "x"}).status_code == 403
