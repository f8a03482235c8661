"""Deputies (代理授权): who decides in another's name, from when until when, and how far."""

from datetime import date
from decimal import Decimal
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _

from core.actions.notices import notify
from core.actor import Actor, allow
from core.logbook import record
from core.models import Delegation, Employee, Posting, Store
from core.models.approvals import DECIDING
from core.roles import VERBS
from core.rows import Refused, atomic, lock

READING = sorted(role for role, verbs in VERBS.items() if "core.see_approvals" in verbs)


def _posted_in(stores: Any, roles: list[str]) -> Any:
    """People with one of these roles in these stores: there, in their company, or in the whole group."""
    ids, companies = stores.order_by().values("pk"), stores.order_by().values("company")
    here = Q(store__in=ids) | Q(company__in=companies) | Q(store=None, company=None)
    posted = Posting.objects.filter(here, is_active=True, role__in=roles)
    people = Employee.objects.filter(is_active=True, kind=Employee.Kind.PERSON, pk__in=posted.values("employee"))
    return people.order_by("name", "pk")


def possible_deputies(stores: Any) -> Any:
    """Who can stand in for somebody in these stores: everybody there who sees approvals."""
    return _posted_in(stores, READING)


def possible_principals(stores: Any) -> Any:
    """In whose name somebody can decide in these stores: everybody who decides there."""
    return _posted_in(stores, DECIDING)


def _for_whom(principal: Employee | None, store: Store, by: Actor) -> Employee:
    """Oneself; a colleague only for whoever keeps the people of the store, such as the general manager."""
    if principal is None or principal.pk == by.pk:
        principal = Employee.objects.get(pk=by.pk or 0)
    elif not by.may("core.keep_employees", store):
        raise PermissionDenied(_("A deputy is named for oneself; the general manager names one for a colleague."))
    here = Store.objects.filter(pk=store.pk)
    if not possible_principals(here).filter(pk=principal.pk).exists():
        raise Refused(_("This person decides nothing in this store."), field="principal")
    return principal


@atomic
def delegate(
    *,
    store: Store,
    deputy: Employee,
    starts_on: date,
    ends_on: date,
    matter: str = "",
    limit: Decimal | None = None,
    reason: str = "",
    principal: Employee | None = None,
    by: Actor,
) -> Delegation:
    """Name a deputy who decides in one's name in a store for some days, in one matter or all, up to a limit."""
    allow(by, "core.delegate", store)
    principal = _for_whom(principal, store, by)
    if deputy.pk == principal.pk:
        raise Refused(_("Nobody is their own deputy."), field="deputy")
    if not possible_deputies(Store.objects.filter(pk=store.pk)).filter(pk=deputy.pk).exists():
        raise Refused(_("This person sees no approvals in this store."), field="deputy")
    if ends_on < max(starts_on, localdate()):
        raise Refused(_("A deputyship must end after it starts, and not in the past."), field="ends_on")
    made = Delegation.objects.create(
        store=store,
        principal=principal,
        deputy=deputy,
        matter=matter,
        limit=limit,
        starts_on=starts_on,
        ends_on=ends_on,
        reason=reason,
    )
    days = {"starts_on": starts_on, "ends_on": ends_on}
    who = {"principal": str(principal), "deputy": str(deputy)}
    record("delegation.made", made, by=by, about=[principal, deputy], matter=matter, limit=limit, **who, **days)
    notify([deputy], "deputy_named", made.get_absolute_url(), name=str(principal), day=ends_on)
    return made


@atomic
def end_delegation(delegation: Delegation, *, by: Actor) -> Delegation:
    """End a deputyship early, effective at once."""
    allow(by, "core.delegate", delegation.store)
    delegation = lock(delegation)
    if delegation.principal_id != by.pk and not by.may("core.keep_employees", delegation.store):
        raise PermissionDenied(_("Only the one in whose name it is, or the general manager, ends it."))
    if delegation.ended_at or delegation.ends_on < localdate():
        raise Refused(_("This deputyship has ended already."))
    delegation.ended_at = now()
    delegation.save(update_fields=["ended_at"])
    record("delegation.ended", delegation, by=by, about=[delegation.principal, delegation.deputy])
    notify([delegation.deputy_id], "deputy_ended", delegation.get_absolute_url(), name=str(delegation.principal))
    return delegation
