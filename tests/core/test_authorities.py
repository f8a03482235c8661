"""Authorities: laid with a company, read as a matrix, changed within what one may decide oneself."""

from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied

from core import actions
from core.actor import CONSOLE
from core.models import Authority, Company, Entry, Matter
from core.roles import Role
from core.rows import Refused, Stale
from tests.core.conftest import program


def cell(cast, role, matter="discount"):
    return Authority.objects.get(company=cast.store.company, role=role, matter=matter)


@pytest.mark.duty("S-11")
@pytest.mark.parametrize(
    ("role", "matter", "limit"),
    [
        ("advisor", "discount", 5),
        ("advisor", "rounding", 10),
        ("advisor", "credit", 0),
        ("cashier", "discount", 0),
        ("cashier", "rounding", 1),
        ("service_manager", "discount", 15),
        ("service_manager", "credit", 5_000),
        ("service_manager", "gate", 0),
        ("finance_manager", "write_off", 5_000),
        ("finance_manager", "goodwill", 10_000),
        ("finance_manager", "gate", None),
        ("general_manager", "credit", None),
        ("group_manager", "gate", None),
        ("technician", "discount", 0),
        ("monitor", "discount", 0),
        ("integration", "discount", 0),
    ],
)
def test_what_each_role_decides_alone_from_the_first_day(cast, role, matter, limit):
    assert actions.authority(cast.by(role), matter, cast.store) == limit
    assert actions.authority(cast.people[role], matter, cast.store) == limit


def test_elsewhere_and_for_nobody_it_is_nothing_and_the_clock_has_no_limit(cast):
    assert actions.authority(cast.by("service_manager"), "discount", cast.sister) == 0
    assert actions.authority(CONSOLE, "discount", cast.store) is None
    Authority.objects.filter(role="advisor").delete()
    assert actions.authority(cast.by("advisor"), "discount", cast.store) == 0


def test_the_largest_limit_among_the_roles_counts(cast):
    actions.post_employee(cast.cashier, role="advisor", store=cast.store, by=cast.by("general_manager"))
    assert actions.authority(cast.by("cashier"), "discount", cast.store) == 5
    actions.post_employee(cast.cashier, role="general_manager", store=cast.store, by=cast.by("group_manager"))
    assert actions.authority(cast.by("cashier"), "discount", cast.store) is None


def test_a_new_store_brings_the_authorities_of_its_company_and_keeps_those_that_are_there(db):
    given = {"group": "群星", "company": "新宏达", "tax_number": "1", "city": "苏州", "labour_rate": 360, "by": CONSOLE}
    actions.open_store(code="SZ01", name="苏州一店", **given)
    row = Authority.objects.get(company__name="新宏达", role="advisor", matter="discount")
    assert row.limit == 5
    Authority.objects.filter(pk=row.pk).update(limit=3)
    actions.open_store(code="SZ02", name="苏州二店", **given)
    row.refresh_from_db()
    assert row.limit == 3
    assert Company.objects.get(name="新宏达").authorities.count() == len(Matter) * (len(Role) - 2)


def test_the_migration_lays_the_same_as_the_action():
    from importlib import import_module

    from core.actions import authorities

    first: dict[str, dict[str, int | None]] = {}
    for name in ("0009_authorities_of_companies", "0012_authorities_in_complaints"):
        laid = import_module(f"core.migrations.{name}")
        assert set(laid.ROLES) == set(Role.values) - authorities.NOT_OF_PEOPLE
        for role, limits in laid.FIRST.items():
            first.setdefault(role, {}).update(limits)
    assert first == {str(role): {str(m): v for m, v in row.items()} for role, row in authorities._FIRST.items()}


def test_the_matrix_and_one_cell_in_the_browser(cast, client):
    client.force_login(cast.general_manager)
    page = client.get("/authorities/").content.decode()
    row = cell(cast, "advisor")
    address = f"/authorities/{row.pk}/set/"
    assert address in page and "without limit" in page and "¥ 5,000.00" in page
    assert client.post(address, {"limit": "", "version": "1", "form_token": "a"}).status_code == 422
    assert client.post(address, {"limit": "101", "version": "1", "form_token": "b"}).status_code == 422
    assert client.post(address, {"limit": "6.5", "version": "1", "form_token": "c"}).status_code == 302
    row.refresh_from_db()
    assert (row.limit, row.version) == (Decimal("6.5"), 2)
    entry = Entry.objects.get(verb="authority.set")
    assert (entry.company_id, entry.by_id) == (cast.store.company_id, cast.general_manager.pk)
    stale = client.post(address, {"limit": "7", "version": "1", "form_token": "d"})
    assert stale.status_code == 412
    assert client.post(address, {"without_limit": "on", "version": "2", "form_token": "e"}).status_code == 302
    row.refresh_from_db()
    assert row.limit is None


def test_one_cell_through_rest(cast):
    row = cell(cast, "advisor", "rounding")
    boss = program(cast.finance_manager)
    address = f"/api/v1/authorities/{row.pk}/"
    read = boss.get(address)
    assert read.json()["limit"] == "10.00"
    send = {"content_type": "application/json"}
    assert boss.put(address, {"limit": "20"}, **send).status_code == 428
    assert boss.put(address, {}, headers={"If-Match": read["ETag"]}, **send).status_code == 400
    assert boss.put(address, {"limit": "20"}, headers={"If-Match": read["ETag"]}, **send).json()["limit"] == "20.00"
    assert boss.put(address, {"limit": "30"}, headers={"If-Match": read["ETag"]}, **send).status_code == 412
    assert program(cast.advisor).get("/api/v1/authorities/").status_code == 403


def test_nobody_gives_or_takes_more_than_they_have(cast):
    by = cast.by("finance_manager")
    for role, limit in (("advisor", None), ("finance_manager", 25), ("finance_manager", None), ("general_manager", 5)):
        with pytest.raises(Refused) as refused:
            actions.set_authority(cell(cast, role), limit=limit if limit is None else Decimal(limit), by=by)
        assert refused.value.field == "limit", role
    assert actions.set_authority(cell(cast, "finance_manager"), limit=Decimal(18), by=by).limit == 18
    assert actions.set_authority(cell(cast, "advisor"), limit=None, by=cast.by("group_manager")).limit is None


def test_twice_with_the_same_version_is_stale(cast):
    by = cast.by("general_manager")
    one, same = cell(cast, "advisor"), cell(cast, "advisor")
    one.expected_version = same.expected_version = 1
    actions.set_authority(one, limit=Decimal(6), by=by)
    with pytest.raises(Stale):
        actions.set_authority(same, limit=Decimal(7), by=by)


def test_others_only_look_and_strangers_find_nothing(cast, client):
    row = cell(cast, "advisor")
    client.force_login(cast.service_manager)
    page = client.get("/authorities/")
    assert page.status_code == 200 and f"/authorities/{row.pk}/set/" not in page.content.decode()
    assert client.get(f"/authorities/{row.pk}/set/").status_code == 403
    with pytest.raises(PermissionDenied):
        actions.set_authority(row, limit=None, by=cast.by("service_manager"))
    client.force_login(cast.advisor)
    assert client.get("/authorities/").status_code == 403
    theirs = Authority.objects.get(company=cast.foreign.company, role="advisor", matter="discount")
    client.force_login(cast.general_manager)
    assert client.get(f"/authorities/{theirs.pk}/set/").status_code == 404
    assert cast.foreign.company.name not in client.get("/authorities/").content.decode()
    with pytest.raises(PermissionDenied):
        actions.set_authority(theirs, limit=None, by=cast.by("general_manager"))
