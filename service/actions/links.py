"""Consent by link: an address is sent, the customer answers line by line on the phone."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.utils.timezone import now
from django.utils.translation import gettext as _

from core.actions import give_task, notify
from core.actor import Actor, allow
from core.links import fresh_nonce
from core.logbook import record
from core.rows import Refused, atomic, lock
from core.uploads import CleanFile
from customers import actions as customers
from customers.models import Message
from service.actions.consent import note_answers
from service.actions.derive import open_order
from service.models import ConsentLink, Line, Order
from service.models.links import phone_for

CALL_WITHIN = timedelta(minutes=30)  # a customer who asks to be called is called by then


@atomic
def send_link(order: Order, *, channel: str, hours: int, to: str = ConsentLink.To.DRIVER, by: Actor) -> ConsentLink:
    """Send the customer an address that expires, to answer the open lines there; a new link closes the old one."""
    allow(by, "service.send_link", order.store)
    order = open_order(order)
    visit = order.visit
    if not Line.objects.open().filter(job__order=order).exists():
        raise Refused(_("Every line of this order is answered; there is nothing to ask."))
    moment = now()
    ConsentLink.objects.filter(order=order, closed_at__isnull=True).update(closed_at=moment)
    link = ConsentLink.objects.create(
        order=order,
        nonce=fresh_nonce(),
        made_by_id=by.pk,
        made_at=moment,
        expires_at=moment + timedelta(hours=hours),
    )
    customers.tell(
        visit.store,
        visit.customer,
        phone_for(visit, to),
        Message.Code.CONSENT_ASKED,
        channel,
        by=by,
        row=order,
        plate=visit.vehicle.plate,
        nonce=link.nonce,
    )
    record(
        "order.link_sent",
        order,
        by=by,
        about=[visit, visit.customer],
        channel=channel,
        to=to,
        expires_at=link.expires_at,
    )
    return link


@atomic
def close_link(order: Order, *, by: Actor) -> Order:
    """Take a link back: its address shows nothing any more."""
    allow(by, "service.send_link", order.store)
    order = lock(order)
    if not ConsentLink.objects.filter(order=order, closed_at__isnull=True).update(closed_at=now()):
        raise Refused(_("There is no open link of this order."))
    record("order.link_closed", order, by=by, about=[order.visit])
    return order


@atomic
def answer_link(
    link: ConsentLink,
    *,
    answers: Iterable[dict[str, Any]],
    name: str,
    signature: CleanFile | None = None,
    question: str = "",
    call_back: bool = False,
    by: Actor,
) -> ConsentLink:
    """The customer answers by the link, line by line, and may ask something or ask to be called."""
    allow(by, "service.answer_link", link.order.store)
    order = open_order(link.order)
    link = lock(link)
    if not link.is_alive:
        raise Refused(_("This link is closed. Please ask your service advisor for a new one."))
    given = [one for one in answers if one["answer"] != Line.Consent.ASKED]
    if not (given or question or call_back):
        raise Refused(_("Choose an answer for at least one line."), field="answers")
    moment = now()
    _still_open(given)
    if given:
        note_answers(order, given, via=Line.Via.LINK, consent_by=name, signature=signature, by=by)
        link.answered_at = moment
        if not Line.objects.open().filter(job__order=order).exists():
            link.closed_at = moment
    link.opened_at = link.opened_at or moment
    link.save(update_fields=["opened_at", "answered_at", "closed_at"])
    _tell_advisor(order, link, question, call_back, by)
    record(
        "order.link_answered",
        order,
        by=by,
        about=[order.visit, order.visit.customer],
        name=name,
        answered=len(given),
        question=question,
        call_back=call_back,
    )
    return link


def _still_open(given: list[dict[str, Any]]) -> None:
    """What was answered meanwhile, by phone or at the counter, is not answered a second time by the link."""
    for line in Line.objects.filter(pk__in=[one["line"] for one in given]).exclude(consent=Line.Consent.ASKED):
        raise Refused(
            _("“%(line)s” was already answered: %(consent)s.")
            % {"line": line.name, "consent": line.get_consent_display()},
            field="answers",
        )


def _tell_advisor(order: Order, link: ConsentLink, question: str, call_back: bool, by: Actor) -> None:
    advisor = order.visit.advisor_id or link.made_by_id
    if advisor is None:
        return
    address, plate = order.get_absolute_url(), str(order.visit.vehicle)
    notify([advisor], "consent_answered", address, plate=plate)
    if question or call_back:
        code = "answer_question" if question else "call_customer"
        give_task(
            order.store,
            advisor,
            code,
            due_at=now() + CALL_WITHIN,
            row=order,
            by=by,
            plate=plate,
            question=question,
        )


@atomic
def open_link(link: ConsentLink, *, by: Actor) -> ConsentLink:
    """The customer has opened the link; told by the page itself, so that a preview robot does not count."""
    allow(by, "service.answer_link", link.order.store)
    link = lock(link)
    if link.opened_at is None:
        link.opened_at = now()
        link.save(update_fields=["opened_at"])
        record("order.link_opened", link.order, by=by, about=[link.order.visit])
    return link
