"""Adding and editing customers."""

from typing import Any

from django.utils.translation import gettext as _

from core.actor import Actor, allow_company
from core.logbook import record
from core.models import Company
from core.rows import Refused, atomic, lock
from customers.actions.calls import change_phone, drop_calls
from customers.models import Customer
from customers.shapes import tidy_phone

FIELDS = ("kind", "name", "phone", "level", "call_from", "call_until", "do_not_call", "keeper", "city", "remark")


def _tidied(values: dict[str, Any]) -> dict[str, Any]:
    values["name"] = " ".join(values["name"].split())
    values["phone"] = tidy_phone(values["phone"])
    if bool(values["call_from"]) != bool(values["call_until"]):
        raise Refused(_("Enter both the beginning and the end of the hours for calls."), field="call_until")
    return values


@atomic
def add_customer(*, company: Company, by: Actor, **values: Any) -> Customer:
    """Add a person or firm to a company's customers."""
    allow_company(by, "customers.add_customer", company.pk)
    customer = Customer.objects.create(company=company, **_tidied(values))
    record("customer.added", customer, by=by, **{name: str(values[name]) for name in FIELDS if values.get(name)})
    return customer


def meet_customer(company: Company, name: str, phone: str, *, by: Actor) -> Customer:
    """The customer who stands at the desk with a car: known by name and phone, or new; told by service."""
    name, phone = " ".join(name.split()), tidy_phone(phone)
    known = Customer.objects.filter(company=company, phone=phone, name=name).first() if phone else None
    if known:
        return known
    customer = Customer.objects.create(company=company, name=name, phone=phone, is_incomplete=not phone)
    record("customer.added", customer, by=by, name=name, phone=phone)
    return customer


@atomic
def edit_customer(customer: Customer, *, by: Actor, **values: Any) -> Customer:
    """Change what is known of a customer; the logbook keeps what it was before."""
    allow_company(by, "customers.edit_customer", customer.company_id)
    customer = lock(customer)
    changed = {}
    for name, value in _tidied(values).items():
        if getattr(customer, name) != value:
            changed[name] = [str(getattr(customer, name) or ""), str(value or "")]
            setattr(customer, name, value)
    if not changed:
        return customer
    customer.is_incomplete = not (customer.name and customer.phone)
    customer.version += 1
    customer.save(update_fields=[*changed, "is_incomplete", "version"])
    if "phone" in changed:
        change_phone(customer, changed["phone"][0], customer.phone)
    if customer.do_not_call and "do_not_call" in changed:
        drop_calls(customer, by=by)
    record("customer.edited", customer, by=by, **changed)
    return customer
