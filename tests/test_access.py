"""The access matrix, run: every URL x method x actor, with one's own documents and with a foreign company's."""

import re
from typing import Any

import pytest
from django.test import Client

from core.actor import CLOCK
from core.roles import VERBS, Role
from tests import access
from tests.access import METHODS, Door

ROLES = sorted(VERBS, key=str)


def test_the_matrix_is_as_reviewed():
    assert access.text() == access.FILE.read_text(encoding="utf-8"), (
        "run `python -m tests.access` and review the change"
    )
    assert not [one for one in access.doors() if one.verb == "?"], "a page without a verb"


def distinct_actors() -> list[str]:
    """One role for each distinct set of verbs."""
    seen: dict[frozenset[str], str] = {}
    for role in ROLES:
        seen.setdefault(VERBS[role], str(role))
    return sorted(seen.values())


@pytest.fixture
def documents(cast, chain) -> dict[str, Any]:
    """One document of each kind in HD01, and as many in the foreign company."""
    from customers import actions as customers
    from customers.models import Call
    from dealer import actions as dealer
    from dealer.models import MonthlyReport
    from finance.models import GatePass, Payment, Settlement
    from service.models import Job, Line, Order
    from tests.conftest import Cast, Chain

    def of(cast_: Cast, chain_: Chain) -> dict[str, Any]:
        visit = chain_.left()
        customers.plan_calls(by=cast.by("care_manager"))
        report = MonthlyReport.objects.create(store=visit.store, month=visit.arrived_on.replace(day=1))
        dealer.build_reports(by=CLOCK)
        return {
            "visits": visit,
            "orders": Order.objects.get(visit=visit),
            "jobs": Job.objects.get(order__visit=visit),
            "lines": Line.objects.filter(job__order__visit=visit).first(),
            "settlements": Settlement.objects.get(visit=visit),
            "payments": Payment.objects.get(settlement__visit=visit),
            "gate": GatePass.objects.get(visit=visit),
            "gate-passes": GatePass.objects.get(visit=visit),
            "customers": visit.customer,
            "vehicles": visit.vehicle,
            "calls": Call.objects.get(note__visit_id=visit.pk),
            "reports": report,
            "stores": visit.store,
        }

    return {"own": of(cast, chain), "foreign": of(*foreign_house(cast))}


def foreign_house(cast: Any) -> tuple[Any, Any]:
    """The foreign company with a crew and a car of its own, marked with canaries."""
    from customers.models import Customer, Vehicle
    from tests.conftest import Cast, Chain, make_person

    house = Cast(cast.foreign, cast.foreign, cast.store)
    for role in (
        Role.ADVISOR,
        Role.GREETER,
        Role.TECHNICIAN,
        Role.INSPECTOR,
        Role.CONTROLLER,
        Role.CASHIER,
        Role.GUARD,
    ):
        house.people[role] = make_person(f"foreign-{role}", f"CANARY-{role}", role, cast.foreign)
    owner = Customer.objects.create(
        company=cast.foreign.company, name="CANARY-OWNER", phone="13900009999", level="gold"
    )
    car = Vehicle.objects.create(
        company=cast.foreign.company,
        owner=owner,
        plate="浙ACAN99",
        plate_kind="ordinary",
        vin="LSVAA49J132047371",
        brand="CANARY",
        model="X",
    )
    return house, Chain(house, car)


CANARIES = ("CANARY", "浙ACAN99", "13900009999", "LSVAA49J132047371", "YH01-")


def fill(path: str, documents: dict[str, Any]) -> str | None:
    """A path with the id of a document in it; None when it names none."""
    if "<" not in path:
        return "/" + path.replace("\\.", ".")
    kind = re.match(r"(?:api/v1/)?([a-z-]+)/", path)
    row = documents.get(kind[1]) if kind else None
    if row is None:
        return None
    return "/" + re.sub(r"<[^>]+>|\(\?P<pk>[^)]*\)", str(row.pk), path)


def ask(client: Client, one: Door, path: str, method: str) -> Any:
    extra: dict[str, Any] = {}
    if method in {"POST", "PUT", "PATCH"}:
        extra = {"data": "{}", "content_type": "application/json"} if one.is_api else {"data": {}}
        if one.is_api:
            extra["headers"] = {"Idempotency-Key": f"{method}{path}", "If-Match": '"1"'}
        elif method != "POST":
            extra = {}
    return getattr(client, method.lower())(path, **extra)


def check(cast: Any, documents: dict[str, Any], role: str) -> list[str]:
    """What differs from the matrix for one role."""
    client = Client(raise_request_exception=True)
    client.force_login(cast.people[role], backend="allauth.account.auth_backends.AuthenticationBackend")
    verbs = VERBS[Role(role)]
    wrong = []
    allowed: dict[str, dict[str, str]] = {}
    for one in access.doors():
        if one.verb:
            allowed.setdefault(one.path, {})[one.method] = one.verb
    for path, methods in allowed.items():
        one = Door(path, "", "GET", "x")
        mine, theirs = fill(path, documents["own"]), fill(path, documents["foreign"])
        if mine is None:
            continue
        for method in METHODS:
            status = ask(client, one, mine, method).status_code
            if method not in methods:
                if status not in {405, 403}:
                    wrong.append(f"{role} {method} {mine}: {status}, expected 405")
            elif methods[method] not in verbs:
                if status != 403:
                    wrong.append(f"{role} {method} {mine}: {status}, expected 403")
            elif status in {403, 404, 405} or status >= 500:
                wrong.append(f"{role} {method} {mine}: {status}, expected an answer")
            if method in methods and methods[method] in verbs and role != Role.GROUP_MANAGER and "<" in path:
                answer = ask(client, one, theirs or "", method)
                if answer.status_code != 404:
                    wrong.append(f"{role} {method} foreign {theirs}: {answer.status_code}, expected 404")
        if methods.get("GET") in verbs and "<" not in path and role != Role.GROUP_MANAGER:
            body = client.get(mine).content.decode(errors="replace")
            wrong += [f"{role} GET {mine}: shows {canary}" for canary in CANARIES if canary in body]
    return wrong


@pytest.mark.parametrize("role", ["advisor", "guard", "finance_manager"])
def test_a_sample_of_roles(cast, documents, role):
    assert check(cast, documents, role) == []


@pytest.mark.hard
@pytest.mark.parametrize("role", distinct_actors())
def test_every_distinct_set_of_verbs(cast, documents, role):
    assert check(cast, documents, role) == []


def test_nobody_gets_in_without_signing_in(cast, documents):
    client = Client()
    for one in access.doors():
        path = fill(one.path, documents["own"])
        if not one.verb or path is None:
            continue
        answer = ask(client, one, path, one.method)
        assert answer.status_code in ({401} if one.is_api else {302}), f"{one.method} {path}: {answer.status_code}"


def test_a_foreign_row_looks_like_a_missing_one(cast, documents, client):
    client.force_login(cast.advisor, backend="allauth.account.auth_backends.AuthenticationBackend")
    for path in ("/visits/{}/", "/api/v1/visits/{}/", "/api/v1/customers/{}/"):
        kind = path.strip("/").split("/")[-2]
        foreign = client.get(path.format(documents["foreign"][kind].pk))
        missing = client.get(path.format(999_999_999))
        assert (foreign.status_code, missing.status_code) == (404, 404)
        if path.startswith("/api"):
            assert foreign.content == missing.content
