"""What the house says in public about a case: drafted, approved, published (C-44)."""

from decimal import Decimal

from django.utils.timezone import now
from django.utils.translation import gettext as _

from complaints.actions.clocks import end_clock
from complaints.actions.outside import VERB, held, keep
from complaints.models import Due, OutsideCase
from core.actions import ask_approval, authority, use_approval
from core.actor import Actor, allow
from core.logbook import record
from core.models import Approval, Matter
from core.models.approvals import outdated
from core.rows import Refused, atomic

State = OutsideCase.Statement
NOTHING = Decimal(0)


def _public(outside: OutsideCase) -> OutsideCase:
    outside = held(outside)
    if not outside.is_media:
        raise Refused(_("A statement is for what is in public: press and platforms."))
    if outside.statement_state == State.PUBLISHED:
        raise Refused(_("The statement is published; what is added is a new one, noted with its own case."))
    return outside


def decides_alone(by: Actor, outside: OutsideCase) -> bool:
    """Whether somebody may approve what the house says in public."""
    limit = authority(by, Matter.STATEMENT, outside.complaint.store)
    return limit is None or limit > 0


def request_of(outside: OutsideCase) -> Approval | None:
    """The newest request for the statement, as long as it is about what stands there now."""
    rows = Approval.objects.filter(verb=VERB, kind=outside.kind_name(), object_id=outside.pk)
    found = rows.with_names().order_by("-id").first()
    return found if found and not outdated([found]) else None


@atomic
def draft_statement(outside: OutsideCase, *, statement: str, by: Actor) -> OutsideCase:
    """Write what the house would say in public, or write it anew; what was approved before holds no more."""
    allow(by, VERB, outside.complaint.store)
    outside = _public(outside)
    outside.statement, outside.statement_state = statement, State.DRAFT
    keep(outside, "statement", "statement_state")
    record("outside.statement_drafted", outside, by=by, about=[outside.complaint], statement=statement)
    return outside


@atomic
def approve_statement(outside: OutsideCase, *, reason: str = "", by: Actor) -> OutsideCase:
    """Approve the statement, or ask whoever may when it is not one's own to decide."""
    allow(by, VERB, outside.complaint.store)
    outside = _public(outside)
    if not outside.statement:
        raise Refused(_("There is no statement yet."))
    if outside.statement_state == State.APPROVED:
        raise Refused(_("The statement is approved already."), code="wrong_status")
    asked = request_of(outside)
    if asked and asked.status in (Approval.Status.ASKED, Approval.Status.GRANTED):
        raise Refused(_("This has been asked for already."), code="asked")
    alone = decides_alone(by, outside)
    outside.statement_state = State.APPROVED if alone else State.ASKED
    keep(outside, "statement_state")
    if not alone:
        _ask(outside, reason, by)
    record("outside.statement_handed_in", outside, by=by, about=[outside.complaint], alone=alone, reason=reason)
    return outside


def _ask(outside: OutsideCase, reason: str, by: Actor) -> None:
    complaint = outside.complaint
    ask_approval(
        outside,
        store=complaint.store,
        matter=Matter.STATEMENT,
        verb=VERB,
        amount=NOTHING,
        worth=NOTHING,
        reason=reason,
        title=f"{complaint} · {outside}",
        address=complaint.get_absolute_url(),
        facts=[("customer", complaint.who), ("statement", outside.statement), ("words", complaint.words[:400])],
        by=by,
    )


@atomic
def publish_statement(outside: OutsideCase, *, published_url: str, by: Actor) -> OutsideCase:
    """Note where the approved statement was published; nothing is published that nobody approved."""
    allow(by, VERB, outside.complaint.store)
    outside = _public(outside)
    if outside.statement_state != State.APPROVED:
        granted = use_approval(outside, verb=VERB, matter=Matter.STATEMENT, amount=NOTHING, by=by)
        if granted is None:
            raise Refused(_("Only an approved statement is published."), code="needs_approval")
    moment = now()
    outside.statement_state, outside.published_at, outside.published_url = State.PUBLISHED, moment, published_url
    keep(outside, "statement_state", "published_at", "published_url")
    end_clock(outside.complaint, Due.PRESS_ANSWER, outside=outside, moment=moment)
    record("outside.published", outside, by=by, about=[outside.complaint], published_url=published_url)
    return outside
