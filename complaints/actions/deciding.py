"""The manager looks at every option and decides; within an empowered amount a case is settled on the spot (K-11)."""

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import F
from django.utils.timezone import now
from django.utils.translation import gettext as _

from complaints.actions.clocks import start_clock
from complaints.actions.remedies import (
    DECISION,
    OUTCOME,
    add_option,
    check_stage,
    forget,
    of_case,
    spent,
    tell_keeper,
)
from complaints.actions.stages import about, enter, open_case, save
from complaints.models import Complaint, Due, Option
from core.actions import ask_approval, authority, keep_files, lay_aside, notify, use_approval
from core.actor import Actor, allow
from core.figures import touch
from core.logbook import record
from core.models import Approval, Attachment, Matter
from core.rows import Refused, atomic
from core.templatetags.ui import money
from core.uploads import CleanFile

VERB = "complaints.decide_option"
ON_SPOT = ("grounds_ok", "demand_ok", "judged_by", "judged_at", "cause", "whys", "investigated_at", "department",
           "is_on_spot", "cost")  # fmt: skip


def person(by: Actor) -> int | None:
    """The account that a step is noted under."""
    return by.pk if by.kind in {"employee", "integration"} else None


def total_of(option: Option) -> Decimal:
    """What an option costs the house altogether: its own cost and what is given."""
    return option.cost + option.worth


def _all_seen(complaint: Complaint) -> None:
    if complaint.options.standing().filter(seen_at=None).exists():
        raise Refused(_("Look at every option first: each of them needs your mark."), code="not_seen")


@atomic
def stamp(option: Option, *, words: str = "", by: Actor) -> Option:
    """The manager has looked at an option (逐一过目), with a remark or none; no decision without it."""
    allow(by, "complaints.stamp", option.complaint.store)
    complaint, option = of_case(option, Complaint.Status.DECIDING)
    option.seen_by_id, option.seen_at, option.seen_words = person(by), now(), words
    option.save(update_fields=["seen_by", "seen_at", "seen_words"])
    record("complaint.stamped", complaint, by=by, about=about(complaint), words=option.words, remark=words)
    return option


@atomic
def ask_option(option: Option, *, reason: str, by: Actor) -> Approval:
    """Ask for an option that goes beyond one's own authority; whoever may decide it is told what it costs."""
    allow(by, VERB, option.complaint.store)
    complaint, option = of_case(option, Complaint.Status.DECIDING)
    _all_seen(complaint)
    total, given = total_of(option), option.compensations.select_related("kind")
    record("complaint.option_asked", complaint, by=by, about=about(complaint), words=option.words, reason=reason)
    return ask_approval(
        option,
        store=complaint.store,
        matter=Matter.REMEDY,
        verb=VERB,
        amount=total,
        worth=total,
        reason=reason,
        title=f"{complaint} · {option.words}",
        address=complaint.get_absolute_url(),
        facts=[
            ("customer", complaint.who),
            ("words", complaint.words[:400]),
            ("remedy", option.words),
            ("given", "、".join(f"{one.kind} {money(one.worth)}" for one in given)),
            ("case_cost", option.cost),
        ],
        by=by,
    )


def _empowered(option: Option, by: Actor) -> None:
    """Stop when an option is beyond what somebody decides alone and nobody granted it."""
    total, limit = total_of(option), authority(by, Matter.REMEDY, option.complaint.store)
    if limit is None or total <= limit:
        return
    if use_approval(option, verb=VERB, matter=Matter.REMEDY, amount=total, by=by) is None:
        raise Refused(
            _("%(total)s is more than you may decide alone (%(limit)s). Ask for approval.")
            % {"total": money(total), "limit": money(limit)},
            code="beyond_authority",
        )


@atomic
def decide_option(option: Option, *, instruction: str, due: datetime, by: Actor) -> Option:
    """Choose one of the options, with a written instruction and until when; all of them were looked at (K-11)."""
    allow(by, VERB, option.complaint.store)
    complaint, option = of_case(option, Complaint.Status.DECIDING)
    _all_seen(complaint)
    if due <= now():
        raise Refused(_("The due time lies in the past."), field="due")
    _empowered(option, by)
    # what was asked for any of them holds for nothing any more
    complaint.options.standing().update(version=F("version") + 1)
    complaint.options.filter(pk=option.pk).update(is_chosen=True)
    forget(complaint, *OUTCOME)
    complaint.instruction, complaint.instruction_due = instruction, due
    complaint.decided_by_id, complaint.decided_at = person(by), now()
    complaint.is_on_spot, complaint.cost = False, spent(complaint)
    enter(complaint, Complaint.Status.CARRYING_OUT)
    start_clock(complaint, Due.CARRYING_OUT, due_at=due, moment=complaint.decided_at)
    save(complaint, "status", "cost", "is_on_spot", *DECISION, *OUTCOME)
    told = {"words": option.words, "instruction": instruction, "due_at": due}
    record("complaint.decided", complaint, by=by, about=about(complaint), **told, cost=complaint.cost)
    touch(complaint.store_id, complaint.received_on)
    lay_aside("case_to_decide", complaint.get_absolute_url())
    tell_keeper(complaint, "case_decided", by, instruction=instruction)
    option.refresh_from_db()
    return option


@atomic
def send_back(complaint: Complaint, *, reason: str, by: Actor) -> Complaint:
    """The manager chooses none of the options: they are drawn up again, with the reason."""
    allow(by, VERB, complaint.store)
    complaint = open_case(complaint)
    check_stage(complaint, Complaint.Status.DECIDING)
    enter(complaint, Complaint.Status.PROPOSING)
    save(complaint, "status")
    complaint.options.standing().update(seen_by=None, seen_at=None)
    record("complaint.sent_back", complaint, by=by, about=about(complaint), reason=reason)
    lay_aside("case_to_decide", complaint.get_absolute_url())
    tell_keeper(complaint, "case_sent_back", by, reason=reason)
    return complaint


@atomic
def offer_again(complaint: Complaint, *, reason: str, by: Actor) -> Complaint:
    """The customer does not accept what was decided: the decision is taken back, options are drawn up again."""
    allow(by, "complaints.propose", complaint.store)
    complaint = open_case(complaint)
    check_stage(complaint, Complaint.Status.CARRYING_OUT)
    if complaint.accepted_at:
        raise Refused(_("The customer has accepted it already; carry it out, or end the case."))
    if complaint.agreements.filter(cancelled_at=None).exists():
        raise Refused(_("There is an agreement already; cancel it first."))
    complaint.options.filter(is_chosen=True, removed_at=None).update(is_chosen=False)
    complaint.options.standing().update(seen_by=None, seen_at=None)
    decider = complaint.decided_by_id
    forget(complaint, *DECISION, *OUTCOME)
    complaint.cost = spent(complaint)
    enter(complaint, Complaint.Status.PROPOSING)
    save(complaint, "status", "cost", *DECISION, *OUTCOME)
    record("complaint.offered_again", complaint, by=by, about=about(complaint), reason=reason)
    touch(complaint.store_id, complaint.received_on)
    told = {decider, complaint.keeper_id} - {by.pk}
    notify(told, "case_refused", complaint.get_absolute_url(), number=str(complaint), reason=reason)
    return complaint


def _within(complaint: Complaint, option: Option, by: Actor) -> None:
    """On the spot nobody is asked: what is beyond one's authority goes the usual way."""
    total, limit = total_of(option), authority(by, Matter.REMEDY, complaint.store)
    if limit is not None and total > limit:
        raise Refused(
            _("On the spot you may give up to %(limit)s. For %(total)s draw up options and have a manager decide.")
            % {"limit": money(limit), "total": money(total)},
            field="cost",
            code="beyond_authority",
        )


def _on_spot(complaint: Complaint, name: str, by: Actor) -> None:
    """Whoever settles on the spot finds the complaint right, where nobody has judged it yet, and decides."""
    moment = now()
    if complaint.judged_at is None:
        complaint.grounds_ok = complaint.demand_ok = True
        complaint.judged_by_id, complaint.judged_at = person(by), moment
    forget(complaint, *OUTCOME)
    complaint.is_on_spot, complaint.instruction, complaint.instruction_due = True, "", None
    complaint.decided_by_id, complaint.decided_at = person(by), moment
    complaint.investigated_at = complaint.told_at = complaint.accepted_at = moment
    complaint.accepted_by, complaint.cost = (name or complaint.who)[:80], spent(complaint)


@atomic
def settle_on_spot(
    complaint: Complaint,
    *,
    words: str,
    cost: Decimal = Decimal(0),
    compensations: Iterable[dict[str, Any]] = (),
    cause: str,
    whys: Iterable[str],
    department: str = "",
    signature: CleanFile | None = None,
    name: str = "",
    by: Actor,
) -> Complaint:
    """Settle a complaint on the spot (现场解决): one remedy within one's authority, accepted, with its root cause."""
    allow(by, "complaints.settle_on_spot", complaint.store)
    complaint = open_case(complaint)
    check_stage(complaint, Complaint.Status.RECEIVED, Complaint.Status.INVESTIGATING)
    if complaint.nature != Complaint.Nature.COMPLAINT:
        raise Refused(_("Only a complaint is settled on the spot; an enquiry or a suggestion is answered."))
    complaint.cause, complaint.whys = cause, [one.strip() for one in whys if one.strip()]
    if not complaint.whys:
        raise Refused(_("Say at least once why it happened."), field="whys")
    complaint.department = department or complaint.department
    complaint.options.standing().update(removed_at=now())
    option = add_option(complaint, compensations, words=words, cost=cost, is_best=True, is_chosen=True)
    _within(complaint, option, by)
    _on_spot(complaint, name, by)
    enter(complaint, Complaint.Status.CARRYING_OUT)
    save(complaint, "status", *ON_SPOT, *DECISION, *OUTCOME)
    if signature:
        keep_files(complaint, [signature], purpose=Attachment.Purpose.SIGNATURE, by=by, remark=complaint.accepted_by)
    values = {"words": words, "cost": complaint.cost, "cause": cause, "whys": complaint.whys}
    record("complaint.settled", complaint, by=by, about=about(complaint), **values)
    touch(complaint.store_id, complaint.received_on)
    return complaint
