"""Stores and the people who work in them."""

import secrets
from dataclasses import dataclass
from decimal import Decimal

from django.core.exceptions import PermissionDenied
from django.utils.timezone import now
from django.utils.translation import gettext as _

from core.actions.authorities import lay_authorities
from core.actor import Actor, allow
from core.calendar import lay_stock
from core.logbook import record
from core.models import Calendar, Company, Employee, Group, Posting, Store, WeekFrame
from core.roles import Role
from core.rows import Refused, atomic, lock

_WEEK = {
    # name of the calendar: its frames on ordinary days, and on official holidays; lunch is the gap between two
    "Opening hours": ([("08:30", "12:00"), ("13:00", "18:00")], [("09:00", "12:00"), ("13:00", "17:00")]),
    "Calling hours": ([("09:30", "11:30"), ("14:00", "17:30")], []),
}


def _calendar(name: str) -> Calendar:
    calendar, is_new = Calendar.objects.get_or_create(name=name)
    if is_new:
        week, holiday = _WEEK[name]
        frames = [(day, *frame) for day in range(7) for frame in week]
        frames += [(WeekFrame.HOLIDAY, *frame) for frame in holiday]
        WeekFrame.objects.bulk_create(
            WeekFrame(calendar=calendar, day=day, starts=starts, ends=ends) for day, starts, ends in frames
        )
    return calendar


@atomic
def open_store(
    *, group: str, company: str, tax_number: str, code: str, name: str, city: str, labour_rate: Decimal, by: Actor
) -> Store:
    """Open a store, and its company and group when they are new; it goes live today, what is loaded from before is
    history. Its working hours are the usual ones until somebody changes them."""
    owner, _is_new = Company.objects.get_or_create(
        group=Group.objects.get_or_create(name=group)[0], name=company, defaults={"tax_number": tax_number}
    )
    store = Store.objects.create(
        company=owner,
        code=code.upper(),
        name=name,
        city=city,
        labour_rate=labour_rate,
        live_from=now().astimezone().date(),
        opening=_calendar("Opening hours"),
        calling=_calendar("Calling hours"),
    )
    lay_stock()
    lay_authorities(owner)
    record("store.opened", store, by=by, name=name, code=store.code, company=company)
    return store


@dataclass
class FreshPassword:
    """An account with the password that is shown once and never kept in plain."""

    employee: Employee
    text: str


def _new_password(employee: Employee) -> str:
    text = secrets.token_urlsafe(9)
    employee.set_password(text)
    return text


@atomic
def add_employee(*, username: str, name: str, role: str, store: Store, by: Actor) -> FreshPassword:
    """Give a new colleague an account and a first role; the first password is shown once."""
    allow(by, "core.keep_employees", store)
    if Employee.objects.filter(username__iexact=username).exists():
        raise Refused(_("This user name is taken."), field="username")
    kind = Employee.Kind.INTEGRATION if role == Role.INTEGRATION else Employee.Kind.PERSON
    employee = Employee(username=username, name=name, store=store, kind=kind)
    text = _new_password(employee)
    employee.save()
    Posting.objects.create(employee=employee, role=role, store=store)
    record("employee.added", employee, by=by, about=[store], name=name, role=role)
    return FreshPassword(employee, text)


def _keeps(employee: Employee, by: Actor) -> None:
    """Only who keeps the people of one of the stores where somebody works, and nobody keeps their own account."""
    if employee.pk == by.pk:
        raise Refused(_("Nobody changes their own account here. Ask somebody else who keeps the employees."))
    if not Employee.kept_by(by).filter(pk=employee.pk).exists():
        raise PermissionDenied(_("Your role does not allow this step in this store."))


@atomic
def post_employee(employee: Employee, *, role: str, store: Store, by: Actor) -> Employee:
    """Give a colleague one more role in a store."""
    allow(by, "core.keep_employees", store)
    _keeps(employee, by)
    posting, is_new = Posting.objects.get_or_create(employee=employee, role=role, store=store, company=None)
    if not is_new and posting.is_active:
        raise Refused(_("This person already has this role there."), field="role")
    Posting.objects.filter(pk=posting.pk).update(is_active=True)
    record("employee.posted", employee, by=by, about=[store], role=role)
    return employee


@atomic
def end_posting(posting: Posting, *, by: Actor) -> Employee:
    """Take a role away; what was done in it stays in the logbook."""
    if posting.store is None:
        raise Refused(_("A role in a whole company or group is ended on the console."))
    allow(by, "core.keep_employees", posting.store)
    _keeps(posting.employee, by)
    Posting.objects.filter(pk=posting.pk).update(is_active=False)
    record("employee.posting_ended", posting.employee, by=by, about=[posting.store], role=posting.role)
    return posting.employee


@atomic
def deactivate_employee(employee: Employee, *, by: Actor) -> Employee:
    """Close the account of somebody who left: effective with their next request, and their tokens with it."""
    _keeps(employee, by)
    employee = lock(employee)
    if not employee.is_active:
        raise Refused(_("This account is already closed."))
    employee.is_active = False
    employee.save(update_fields=["is_active"])
    record("employee.deactivated", employee, by=by, is_active=[True, False])
    return employee


@atomic
def reactivate_employee(employee: Employee, *, by: Actor) -> Employee:
    """Open the account of somebody who came back."""
    _keeps(employee, by)
    employee = lock(employee)
    if employee.is_active:
        raise Refused(_("This account is open."))
    employee.is_active = True
    employee.save(update_fields=["is_active"])
    record("employee.reactivated", employee, by=by, is_active=[False, True])
    return employee


@atomic
def reset_password(employee: Employee, *, by: Actor) -> FreshPassword:
    """Give somebody who forgot theirs a new first password, shown once; their open sessions end."""
    _keeps(employee, by)
    employee = lock(employee)
    text = _new_password(employee)
    employee.save(update_fields=["password"])
    record("employee.password_reset", employee, by=by)
    return FreshPassword(employee, text)
