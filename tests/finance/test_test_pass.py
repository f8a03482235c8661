"""A road test or a sublet: the car goes out and comes back, its visit stays open."""

from datetime import timedelta

import pytest
from django.utils.timezone import now

from core.models import Entry
from core.rows import Refused
from finance import actions
from finance.models import GatePass
from service.models import Visit
from tests.conftest import make_person


def issue(cast, visit, by="inspector", **more):
    given = {"kind": "road_test", "driver_name": "质检小李", "reason": "", "expected_at": now() + timedelta(minutes=30)}
    return actions.issue_test_pass(visit, **given | more, by=cast.by(by))


@pytest.mark.duty("F-26")
def test_it_goes_out_and_its_visit_stays_open(cast, chain):
    gate_pass = issue(cast, chain.checked())
    assert (gate_pass.kind, gate_pass.state, gate_pass.worn) == ("road_test", "waiting", "沪A8K721")
    assert actions.let_out(gate_pass, plate_seen="K721", by=cast.by("guard")).state == "outside"
    visit = Visit.objects.get()
    assert (visit.status, visit.left_at) == ("received", None)
    assert [one.verb for one in Entry.objects.filter(kind="gatepass").order_by("id")] == [
        "gate_pass.issued",
        "gate_pass.used",
    ]


def test_one_at_a_time(cast, chain):
    visit = chain.received()
    issue(cast, visit)
    with pytest.raises(Refused):
        issue(cast, visit)
    first = GatePass.objects.get()
    actions.cancel_gate_pass(first, reason="下雨", by=cast.by("controller"))
    second = issue(cast, visit, kind="sublet", reason="送轮毂厂修复")
    actions.let_out(second, plate_seen="8K721", by=cast.by("guard"))
    with pytest.raises(Refused):
        issue(cast, visit)
    with pytest.raises(Refused):
        actions.cancel_gate_pass(GatePass.objects.get(pk=second.pk), reason="x", by=cast.by("controller"))


@pytest.mark.parametrize(
    ("more", "field"),
    [({"expected_at": now() - timedelta(minutes=1)}, "expected_at"), ({"kind": "sublet", "reason": " "}, "reason")],
)
def test_what_is_wrong_stands_beside_its_field(cast, chain, more, field):
    with pytest.raises(Refused) as refused:
        issue(cast, chain.received(), **more)
    assert refused.value.field == field


def test_a_car_that_is_handed_over_goes_on_no_road_test(cast, chain):
    visit = chain.ready()
    waiting = issue(cast, visit)
    Visit.objects.update(status="handed_over")
    with pytest.raises(Refused):
        issue(cast, Visit.objects.get())
    with pytest.raises(Refused):
        actions.let_out(waiting, plate_seen="K721", by=cast.by("guard"))


def test_the_pass_after_service_waits_for_the_car_and_ends_the_others(cast, chain):
    visit = chain.handed_over()
    Visit.objects.update(status="ready")
    one = issue(cast, Visit.objects.get())
    actions.let_out(one, plate_seen="K721", by=cast.by("guard"))
    Visit.objects.update(status="handed_over")
    with pytest.raises(Refused):
        actions.issue_gate_pass(visit, by=cast.by("cashier"))
    actions.note_back(GatePass.objects.get(), by=cast.by("guard"))
    Visit.objects.update(status="ready")
    unused = issue(cast, Visit.objects.get())
    Visit.objects.update(status="handed_over")
    actions.issue_gate_pass(Visit.objects.get(), by=cast.by("cashier"))
    assert GatePass.objects.get(pk=unused.pk).state == "cancelled"


def test_in_the_browser_and_through_rest(cast, chain, client):
    visit = chain.received()
    client.force_login(cast.controller, backend="allauth.account.auth_backends.AuthenticationBackend")
    path = f"/visits/{visit.pk}/test-pass/"
    assert cast.controller.name in client.get(path).content.decode()
    soon = (now() + timedelta(hours=1)).astimezone()
    body = {"kind": "road_test", "driver_name": "李", "expected_at": f"{soon:%Y-%m-%dT%H:%M}"}
    assert client.post(path, body).status_code == 302
    assert client.post(path, body).status_code == 422, "twice is refused"
    actions.cancel_gate_pass(GatePass.objects.get(), reason="x", by=cast.by("controller"))

    from tests.api.conftest import Program

    answer = Program(cast.by("controller")).post(
        f"visits/{visit.pk}/test-pass/", {"kind": "road_test", "driver_name": "李", "expected_at": soon.isoformat()}
    )
    assert (answer.status_code, answer.json()["state"], answer.json()["driver"]) == (201, "waiting", "李")


def test_strangers_and_those_without_the_verb(cast, chain, client):
    visit = chain.received()
    client.force_login(cast.stranger, backend="allauth.account.auth_backends.AuthenticationBackend")
    assert client.get(f"/visits/{visit.pk}/test-pass/").status_code == 404
    client.force_login(cast.guard, backend="allauth.account.auth_backends.AuthenticationBackend")
    assert client.get(f"/visits/{visit.pk}/test-pass/").status_code == 403


def test_overdue_cars_are_red_on_the_guards_page(cast, chain, client):
    actions.let_out(issue(cast, chain.received()), plate_seen="K721", by=cast.by("guard"))
    client.force_login(cast.guard, backend="allauth.account.auth_backends.AuthenticationBackend")
    assert "gate-card tone-blue" in client.get("/gate/?tab=outside").content.decode()
    GatePass.objects.update(expected_at=now() - timedelta(minutes=5))
    body = client.get("/gate/?tab=outside").content.decode()
    assert "gate-card tone-red" in body and '<span class="app-count">1</span>' in body
    row = client.get("/api/v1/gate-passes/?status=overdue").json()["results"][0]
    assert row["state"] == "overdue"
    theirs = make_person("their-guard", "远航门卫", "guard", cast.foreign)
    client.force_login(theirs, backend="allauth.account.auth_backends.AuthenticationBackend")
    assert "app-count" not in client.get("/gate/").content.decode().partition('id="tabs"')[2].partition("</nav>")[0]
