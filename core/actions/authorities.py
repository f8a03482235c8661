"""Authorities: how much each role decides alone in a company, laid with the company and kept by its managers."""

from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from core.actor import Actor, allow_company
from core.logbook import record
from core.models import Authority, Company, Employee, Matter, Posting, Store
from core.roles import Role
from core.rows import Refused, atomic, lock

NOTHING = Decimal(0)
_WITHOUT: dict[str, int | None] = dict.fromkeys(Matter.values, None)
# What a company starts with: role, matter, limit (None: without limit). What is not named here is nothing.
_FIRST: dict[str, dict[str, int | None]] = {
    Role.ADVISOR: {Matter.DISCOUNT: 5, Matter.ROUNDING: 10, Matter.REMEDY: 200},
    Role.ACCIDENT_SPECIALIST: {Matter.DISCOUNT: 5, Matter.ROUNDING: 10, Matter.REMEDY: 200},
    Role.CARE_AGENT: {Matter.REMEDY: 300},
    Role.CARE_MANAGER: {Matter.REMEDY: 2_000, Matter.STATEMENT: None},
    Role.CASHIER: {Matter.ROUNDING: 1},
    Role.SERVICE_MANAGER: {
        Matter.DISCOUNT: 15,
        Matter.ROUNDING: 100,
        Matter.CREDIT: 5_000,
        Matter.WRITE_OFF: 500,
        Matter.GOODWILL: 2_000,
        Matter.QUESTION: None,
        Matter.REMEDY: 5_000,
        Matter.ACCOUNT: None,
    },
    Role.FINANCE_MANAGER: {
        Matter.DISCOUNT: 20,
        Matter.ROUNDING: 200,
        Matter.CREDIT: 20_000,
        Matter.WRITE_OFF: 5_000,
        Matter.GOODWILL: 10_000,
        Matter.GATE: None,
    },
    Role.GENERAL_MANAGER: _WITHOUT,
    Role.GROUP_MANAGER: _WITHOUT,
}
NOT_OF_PEOPLE = {Role.MONITOR, Role.INTEGRATION}


@atomic
def lay_authorities(company: Company) -> None:
    """Give a company the usual authorities where it has none of its own yet; told when a store is opened."""
    Authority.objects.bulk_create(
        (
            Authority(company=company, role=role, matter=matter, limit=_FIRST.get(role, {}).get(matter, 0))
            for role in Role.values
            if role not in NOT_OF_PEOPLE
            for matter in Matter.values
        ),
        ignore_conflicts=True,
    )


def _largest(limits: Any) -> Decimal | None:
    found = list(limits)
    return None if None in found else max(found, default=NOTHING)


def authority(who: Actor | Employee, matter: str, store: Store) -> Decimal | None:
    """How far somebody decides alone in a store: the largest limit among their roles there. None is without limit."""
    if isinstance(who, Actor) and who.kind == "clock":
        return None
    if who.pk is None or who.kind not in {"employee", "integration", "person"}:
        return NOTHING
    roles = Posting.objects.held_in(store.pk, store.company_id).filter(employee=who.pk).values("role")
    rows = Authority.objects.filter(company=store.company_id, matter=matter, role__in=roles)
    return _largest(rows.values_list("limit", flat=True))


def _own_limit(by: Actor, row: Authority) -> Decimal | None:
    """How far the one who keeps the authorities decides themselves, in the stores of the company they keep."""
    stores = Store.objects.for_verb(by, "core.keep_authorities").filter(company=row.company_id)
    return _largest(authority(by, row.matter, one) for one in stores)


def _is_within(limit: Decimal | None, own: Decimal | None) -> bool:
    return own is None or (limit is not None and limit <= own)


@atomic
def set_authority(row: Authority, *, limit: Decimal | None, by: Actor) -> Authority:
    """Change how much a role decides alone (empty: without limit); nobody gives or takes more than they have."""
    allow_company(by, "core.keep_authorities", row.company_id)
    row = lock(row)
    own = _own_limit(by, row)
    if not (_is_within(limit, own) and _is_within(row.limit, own)):
        raise Refused(_("Nobody gives or takes away more than they may decide themselves."), field="limit")
    if row.matter == Matter.DISCOUNT and limit is not None and limit > 100:
        raise Refused(_("A discount is at most 100 percent."), field="limit")
    before, row.limit, row.version = row.limit, limit, row.version + 1
    row.save(update_fields=["limit", "version"])
    record("authority.set", row, by=by, role=row.role, matter=row.matter, limit=[before, limit])
    return row
