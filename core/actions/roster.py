"""The roster: who is not at work, and what a technician does."""

from datetime import datetime
from typing import Any

from django.utils.timezone import now
from django.utils.translation import gettext as _

from core.actions.stores import _keeps
from core.actor import Actor, allow
from core.logbook import record
from core.models import Absence, Employee, Posting, Store
from core.roles import Role
from core.rows import Refused, atomic, lock


def people_of(stores: Any) -> Any:
    """Who works in these stores."""
    posted = Posting.objects.filter(is_active=True, store__in=stores)
    people = Employee.objects.filter(is_active=True, kind=Employee.Kind.PERSON, pk__in=posted.values("employee"))
    return people.order_by("name", "pk")


@atomic
def add_absence(
    *, store: Store, employee: Employee, starts_at: datetime, ends_at: datetime, reason: str = "", by: Actor
) -> Absence:
    """Note that somebody is not there, so that the dispatcher does not count on them."""
    allow(by, "core.keep_roster", store)
    if not Posting.objects.filter(employee=employee, store=store, is_active=True).exists():
        raise Refused(_("This person does not work in this store."), field="employee")
    if ends_at <= starts_at:
        raise Refused(_("An absence must end after it starts."), field="ends_at")
    lock(employee)  # two colleagues who note the same illness wait for each other
    same = Absence.objects.filter(employee=employee, store=store, cancelled_at=None)
    if same.filter(starts_at__lt=ends_at, ends_at__gt=starts_at).exists():
        raise Refused(_("This person is noted as absent in that time already."), field="starts_at")
    absence = Absence.objects.create(
        store=store, employee=employee, starts_at=starts_at, ends_at=ends_at, reason=reason
    )
    values = {"starts_at": starts_at, "ends_at": ends_at, "reason": reason, "name": str(employee)}
    record("absence.added", absence, by=by, about=[employee], **values)
    return absence


@atomic
def cancel_absence(absence: Absence, *, by: Actor) -> Absence:
    """Take an absence back: the person is there after all."""
    allow(by, "core.keep_roster", absence.store)
    absence = lock(absence)
    if absence.cancelled_at:
        raise Refused(_("This absence is taken back already."))
    absence.cancelled_at = now()
    absence.save(update_fields=["cancelled_at"])
    record("absence.cancelled", absence, by=by, about=[absence.employee], name=str(absence.employee))
    return absence


@atomic
def set_trade(posting: Posting, *, trade: str, by: Actor) -> Employee:
    """Say what a technician does; hours of one trade are no hours of another. Empty: every trade."""
    if posting.store is None or posting.role != Role.TECHNICIAN or not posting.is_active:
        raise Refused(_("Only a technician of a store has a trade."))
    allow(by, "core.keep_employees", posting.store)
    _keeps(posting.employee, by)
    before = posting.trade
    Posting.objects.filter(pk=posting.pk).update(trade=trade)
    record("employee.trade_set", posting.employee, by=by, about=[posting.store], trade=[before, trade])
    return posting.employee
