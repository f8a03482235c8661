"""Adding and editing customers."""

from typing import Any

from django.utils.translation import gettext as _

from core.actor import Actor, allow_company
from core.logbook import record
from core.models import Company
from core.rows import Refused, atomic, lock
from customers.actions.calls import change_phone, drop_calls, replan
from customers.actions.words import say
from customers.models import ContactConsent, Customer
from customers.models.consents import CALLS
from customers.shapes import initials_of, is_tax_number, tidy_phone

FIELDS = ("kind", "name", "phone", "email", "level", "language", "call_from", "call_until", "quiet_from", "quiet_until",
          "do_not_call", "keeper", "city", "tax_number", "remark")  # fmt: skip
HOURS = {"call_from", "call_until", "quiet_from", "quiet_until"}


def _tidied(values: dict[str, Any]) -> dict[str, Any]:
    values["name"] = " ".join(values["name"].split())
    values["phone"] = tidy_phone(values["phone"])
    values["tax_number"] = "".join(values.get("tax_number", "").split()).upper()
    if values["tax_number"] and not is_tax_number(values["tax_number"]):
        raise Refused(_("A tax number has 15, 18 or 20 letters and digits."), field="tax_number")
    if bool(values.get("call_from")) != bool(values.get("call_until")):
        raise Refused(_("Enter both the beginning and the end of the hours for calls."), field="call_until")
    quiet = values.get("quiet_from"), values.get("quiet_until")
    if (quiet[0] is None) != (quiet[1] is None) or (quiet[0] is not None and quiet[0] == quiet[1]):
        raise Refused(_("Hours in which not to disturb need a beginning and another time as end."), field="quiet_until")
    return values


@atomic
def add_customer(*, company: Company, by: Actor, **values: Any) -> Customer:
    """Add a person or firm to a company's customers."""
    allow_company(by, "customers.add_customer", company.pk)
    values = _tidied(values)
    customer = Customer.objects.create(company=company, initials=initials_of(values["name"]), **values)
    if customer.do_not_call:
        say(customer, CALLS, False, via=ContactConsent.Via.COUNTER, by=by)
    record("customer.added", customer, by=by, **{name: str(values[name]) for name in FIELDS if values.get(name)})
    return customer


def meet_customer(company: Company, name: str, phone: str, *, by: Actor) -> Customer:
    """The customer who stands at the desk with a car: known by name and phone, or new; told by service."""
    name, phone = " ".join(name.split()), tidy_phone(phone)
    same = Customer.objects.filter(company=company, phone=phone, name=name).select_related("merged_into")
    known = same.order_by("-merged_into", "pk").first() if phone else None
    if known:
        return known.merged_into or known
    customer = Customer.objects.create(
        company=company, name=name, initials=initials_of(name), phone=phone, is_incomplete=not phone
    )
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
    customer.initials = initials_of(customer.name)
    customer.version += 1
    customer.save(update_fields=[*changed, "is_incomplete", "initials", "version"])
    if "phone" in changed:
        change_phone(customer, changed["phone"][0], customer.phone)
    if "do_not_call" in changed:
        say(customer, CALLS, not customer.do_not_call, via=ContactConsent.Via.COUNTER, by=by)
    if customer.do_not_call and "do_not_call" in changed:
        drop_calls(customer, by=by)
    elif HOURS & changed.keys():
        replan(customer)
    record("customer.edited", customer, by=by, **changed)
    return customer
