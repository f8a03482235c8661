"""Deputies: named for oneself, by the general manager for a colleague; ended early; told to the deputy."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.utils.timezone import localdate

from core import actions
from core.models import Delegation, Entry, Notice
from core.rows import Refused
from tests.core.conftest import program


def name(cast, by="service_manager", **more):
    given = {
        "store": cast.store,
        "deputy": cast.controller,
        "starts_on": localdate(),
        "ends_on": localdate() + timedelta(days=3),
    } | more
    return actions.delegate(**given, by=cast.by(by))


@pytest.mark.duty("S-26")
def test_a_manager_names_a_deputy_in_the_browser(cast, client):
    client.force_login(cast.service_manager)
    form = {
        "store": cast.store.pk,
        "deputy": cast.controller.pk,
        "starts_on": localdate().isoformat(),
        "ends_on": (localdate() + timedelta(days=3)).isoformat(),
        "limit": "10",
        "matter": "discount",
        "reason": "年假",
        "form_token": "a",
    }
    assert client.get("/delegations/add/").status_code == 200
    assert client.post("/delegations/add/", form).status_code == 302
    made = Delegation.objects.get()
    assert (made.principal, made.deputy, made.limit) == (cast.service_manager, cast.controller, 10)
    assert Entry.objects.filter(verb="delegation.made", object_id=made.pk).count() == 1
    notice = Notice.objects.get(code="deputy_named")
    assert notice.employee == cast.controller
    page = client.get("/delegations/").content.decode()
    assert "CONTROLLER" in page and f"/delegations/{made.pk}/end/" in page
    client.force_login(cast.controller)
    page = client.get("/delegations/").content.decode()
    assert "SERVICE_MANAGER" in page and f"/delegations/{made.pk}/end/" not in page


def test_the_same_through_rest_and_ended_early(cast):
    boss = program(cast.service_manager)
    body = {"store": cast.store.pk, "deputy": cast.controller.pk, "starts_on": localdate().isoformat()}
    body |= {"ends_on": localdate().isoformat()}
    answer = boss.post("/api/v1/delegations/", body, "application/json", headers={"Idempotency-Key": "k1"})
    assert answer.status_code == 201, answer.content
    same = boss.post("/api/v1/delegations/", body, "application/json", headers={"Idempotency-Key": "k1"})
    assert same.json()["id"] == answer.json()["id"] and Delegation.objects.count() == 1
    address = f"/api/v1/delegations/{answer.json()['id']}/"
    assert program(cast.controller).post(f"{address}end/", {}, "application/json").status_code == 403
    assert boss.post(f"{address}end/", {}, "application/json").json()["ended_at"]
    assert boss.post(f"{address}end/", {}, "application/json").status_code == 409
    assert Notice.objects.filter(code="deputy_ended", employee=cast.controller).count() == 1
    assert program(cast.stranger).get(address).status_code == 404


def test_only_for_oneself_but_for_the_general_manager(cast):
    with pytest.raises(PermissionDenied):
        name(cast, principal=cast.finance_manager)
    made = name(cast, by="general_manager", principal=cast.service_manager)
    assert made.principal == cast.service_manager
    actions.end_delegation(made, by=cast.by("general_manager"))
    with pytest.raises(Refused) as refused:
        name(cast, by="general_manager", principal=cast.advisor)
    assert refused.value.field == "principal"
    mine = name(cast, by="service_manager")
    with pytest.raises(PermissionDenied):
        actions.end_delegation(mine, by=cast.by("finance_manager"))


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"deputy": "service_manager"}, "deputy"),
        ({"deputy": "guard"}, "deputy"),
        ({"deputy": "stranger"}, "deputy"),
        ({"starts_on": 2, "ends_on": 1}, "ends_on"),
        ({"starts_on": -3, "ends_on": -1}, "ends_on"),
    ],
)
def test_what_makes_no_sense_is_refused(cast, given, field):
    made = {
        key: getattr(cast, value) if isinstance(value, str) else localdate() + timedelta(days=value)
        for key, value in given.items()
    }
    with pytest.raises(Refused) as refused:
        name(cast, **made)
    assert refused.value.field == field


def test_who_decides_nothing_names_nobody(cast, client):
    for by in ("advisor", "controller", "monitor"):
        with pytest.raises(PermissionDenied):
            name(cast, by=by)
    with pytest.raises(PermissionDenied):
        name(cast, store=cast.sister)
    client.force_login(cast.advisor)
    assert client.get("/delegations/add/").status_code == 403
