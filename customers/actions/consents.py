"""Noting what a customer agrees to, and taking it back just as easily."""

from core.actor import Actor, allow_company
from core.logbook import record
from core.rows import atomic, lock
from customers.actions.calls import drop_calls
from customers.actions.words import say
from customers.models import Customer
from customers.models.consents import ANSWERS, words_of_customer


@atomic
def note_consent(customer: Customer, *, via: str, remark: str = "", by: Actor, **answers: bool | None) -> Customer:
    """Note what a customer agrees to, by purpose and channel (`marketing_sms=False`); the newest word counts."""
    allow_company(by, "customers.note_consent", customer.company_id)
    customer = lock(customer)
    present = {(one.purpose, one.channel): one.is_given for one in words_of_customer(customer)}
    changed = {
        name: answer for name, answer in answers.items() if answer is not None and answer != present[ANSWERS[name]]
    }
    if not changed:
        return customer
    for name, is_given in changed.items():
        say(customer, ANSWERS[name], is_given, via=via, by=by, remark=remark)
    customer.version += 1
    if "service_phone" in changed:
        customer.do_not_call = not changed["service_phone"]
    customer.save(update_fields=["do_not_call", "version"])
    if "service_phone" in changed and customer.do_not_call:
        drop_calls(customer, by=by)
    given, refused = ([name for name, answer in changed.items() if answer == kind] for kind in (True, False))
    record("customer.consent_noted", customer, by=by, via=via, remark=remark, given=given, refused=refused)
    return customer
