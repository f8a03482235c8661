"""What was decided is told to the customer, accepted and signed, and carried out (K-12, K-13, K-18)."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.utils.timezone import now
from django.utils.translation import gettext as _

from complaints.actions.clocks import note_answer
from complaints.actions.remedies import asked_as, check_stage, tell_keeper
from complaints.actions.stages import about, enter, open_case, save
from complaints.models import Agreement, Complaint
from core.actions import colleagues, give_task, keep_files, notify
from core.actor import Actor, allow
from core.figures import touch
from core.logbook import record
from core.models import Attachment, Employee, Posting, Store, Task
from core.roles import VERBS
from core.rows import Refused, atomic, lock
from core.uploads import CleanFile
from core.wake import wake
from customers import actions as customers
from customers.models import Message
from service.models import Order

MEASURE = "case_measure"
REWORKED = {
    Order.Status.DONE, Order.Status.READY, Order.Status.SETTLED, Order.Status.HANDED_OVER, Order.Status.CLOSED,
    Order.Status.DROPPED,
}  # fmt: skip
OFFERING = (Complaint.Status.PROPOSING, Complaint.Status.DECIDING)


def measures_of(complaint: Complaint) -> Any:
    """The tasks that were given to people of any department within a case."""
    rows = Task.objects.filter(code=MEASURE, kind=complaint.kind_name(), object_id=complaint.pk)
    return rows.with_names().order_by("due_at", "id")


def _sees_cases(employee: Employee, store: Store) -> bool:
    held = Posting.objects.held_in(store.pk, store.company_id).filter(employee=employee).values_list("role", flat=True)
    return any("complaints.see_complaints" in VERBS.get(role, ()) for role in held)


@atomic
def give_measure(complaint: Complaint, *, assignee: Employee, words: str, due_at: datetime, by: Actor) -> Task:
    """Give somebody of any department something to do in a case, by the care manager's power (K-18); they are told."""
    allow(by, "complaints.give_measure", complaint.store)
    complaint = open_case(complaint)
    store = complaint.store
    if not colleagues(Store.objects.filter(pk=store.pk)).filter(pk=assignee.pk).exists():
        raise Refused(_("This person does no tasks in this store."), field="assignee")
    if due_at <= now():
        raise Refused(_("The due time lies in the past."), field="due_at")
    if measures_of(complaint).open().filter(assignee=assignee).exists():
        raise Refused(
            _("This person still has a measure to do in this case. Wait until it is done, or hand it on."),
            field="assignee",
        )
    told = {"number": str(complaint), "words": words}
    linked = _sees_cases(assignee, store)
    task = give_task(store, assignee, MEASURE, due_at=due_at, row=complaint, is_linked=linked, by=by, **told)
    record("complaint.measure_given", complaint, by=by, about=about(complaint), agent=str(assignee), words=words)
    if assignee.pk != by.pk:
        notify([assignee], MEASURE, task.get_absolute_url(), name=by.name, **told)
    return task


@atomic
def tell_customer(complaint: Complaint, *, channel: str, by: Actor) -> Complaint:
    """Tell the customer what is offered or what was decided, with the address where they choose and accept (K-13)."""
    allow(by, "complaints.tell_customer", complaint.store)
    complaint = open_case(complaint)
    check_stage(complaint, *OFFERING, Complaint.Status.CARRYING_OUT)
    is_decided = complaint.status == Complaint.Status.CARRYING_OUT
    if not is_decided and not complaint.options.standing().exists():
        raise Refused(_("There is no option yet that could be told."))
    phone = complaint.phone or (complaint.customer.phone if complaint.customer else "")
    if channel in {Message.Channel.SMS, Message.Channel.WECHAT} and not phone:
        raise Refused(_("No phone number is known."), field="channel")
    customers.tell(
        complaint.store,
        complaint.customer,
        phone,
        Message.Code.CASE_NEWS,
        channel,
        by=by,
        row=complaint,
        number=str(complaint),
        what="remedy" if is_decided else "options",
        nonce=complaint.nonce,
        **({"name": complaint.who} if complaint.who else {}),
    )
    if is_decided:
        complaint.told_at = now()
        save(complaint, "told_at")
        note_answer(complaint, complaint.told_at)
    record("complaint.told", complaint, by=by, about=about(complaint), channel=channel, is_decided=is_decided)
    return complaint


def _accepted(complaint: Complaint, name: str) -> None:
    """The customer accepts what was decided, which they therefore know."""
    moment = now()
    complaint.told_at = complaint.told_at or moment
    complaint.accepted_at, complaint.accepted_by = moment, name[:80]
    save(complaint, "told_at", "accepted_at", "accepted_by")
    note_answer(complaint, moment)


@atomic
def accept(
    complaint: Complaint,
    *,
    name: str,
    signature: CleanFile | None = None,
    papers: Iterable[CleanFile] = (),
    by: Actor,
) -> Complaint:
    """The customer accepts what was decided and signs: on screen, by the link, or on a paper that is photographed."""
    allow(by, asked_as(by, "complaints.accept"), complaint.store)
    complaint = open_case(complaint)
    check_stage(complaint, Complaint.Status.CARRYING_OUT)
    if complaint.accepted_at:
        raise Refused(_("The customer has accepted it already."), code="accepted")
    papers = list(papers)
    if signature is None and not papers:
        raise Refused(_("Please let the customer sign here."), field="signature")
    _accepted(complaint, name)
    _keep_signed(complaint, signature, papers, name, by)
    way = "link" if by.kind == "customer" else "screen" if signature else "paper"
    record("complaint.accepted", complaint, by=by, about=about(complaint), name=name, way=way)
    if by.kind == "customer":
        tell_keeper(complaint, "case_accepted", by)
    return complaint


def _keep_signed(row: Any, signature: CleanFile | None, papers: list[CleanFile], name: str, by: Actor) -> None:
    keep_files(row, [signature] if signature else [], purpose=Attachment.Purpose.SIGNATURE, by=by, remark=name)
    keep_files(row, papers, purpose=Attachment.Purpose.PAPER, by=by, remark=name)


@atomic
def draw_agreement(complaint: Complaint, *, text: str, by: Actor) -> Agreement:
    """Draw up the settlement agreement (和解协议) on what was decided; from now on its text stays as it is."""
    allow(by, "complaints.draw_agreement", complaint.store)
    complaint = open_case(complaint)
    check_stage(complaint, Complaint.Status.CARRYING_OUT)
    if complaint.agreements.filter(cancelled_at=None).exists():
        raise Refused(_("There is an agreement already; cancel it first."))
    option = complaint.options.standing().get(is_chosen=True)
    employee = by.pk if by.kind in {"employee", "integration"} else None
    given = {"complaint": complaint, "option": option, "text": text, "made_at": now(), "made_by_id": employee}
    agreement = Agreement.objects.create(**given)
    save(complaint)
    record("complaint.agreement_drawn", complaint, by=by, about=about(complaint), text=text)
    return agreement


def _standing(agreement: Agreement) -> tuple[Complaint, Agreement]:
    complaint = open_case(agreement.complaint)
    agreement = lock(agreement)
    if agreement.cancelled_at:
        raise Refused(_("This agreement was cancelled."))
    agreement.complaint = complaint
    return complaint, agreement


@atomic
def sign_agreement(
    agreement: Agreement,
    *,
    name: str,
    signature: CleanFile | None = None,
    papers: Iterable[CleanFile] = (),
    by: Actor,
) -> Agreement:
    """The customer signs the agreement, on screen, by the link or on paper, and thereby accepts what was decided."""
    allow(by, asked_as(by, "complaints.accept"), agreement.complaint.store)
    complaint, agreement = _standing(agreement)
    if agreement.signed_at:
        raise Refused(_("This agreement is signed already."), code="accepted")
    papers = list(papers)
    if signature is None and not papers:
        raise Refused(_("Please let the customer sign here."), field="signature")
    agreement.signed_at, agreement.signed_name = now(), name[:80]
    agreement.save(update_fields=["signed_at", "signed_name"])
    _keep_signed(agreement, signature, papers, name, by)
    if complaint.accepted_at is None:
        _accepted(complaint, name)
    record("complaint.agreement_signed", complaint, by=by, about=about(complaint), name=name)
    if by.kind == "customer":
        tell_keeper(complaint, "case_signed", by)
    return agreement


@atomic
def cancel_agreement(agreement: Agreement, *, reason: str, by: Actor) -> Agreement:
    """Cancel an agreement, with the reason: another one may be drawn up; this one is kept."""
    allow(by, "complaints.draw_agreement", agreement.complaint.store)
    complaint, agreement = _standing(agreement)
    agreement.cancelled_at = now()
    agreement.save(update_fields=["cancelled_at"])
    save(complaint)
    record("complaint.agreement_cancelled", complaint, by=by, about=about(complaint), reason=reason)
    return agreement


@atomic
def carry_out(complaint: Complaint, *, by: Actor) -> Complaint:
    """What was decided is done: the customer accepted it, every measure is finished; the closing call follows."""
    allow(by, "complaints.carry_out", complaint.store)
    complaint = open_case(complaint)
    check_stage(complaint, Complaint.Status.CARRYING_OUT)
    if complaint.accepted_at is None:
        raise Refused(_("The customer has not accepted it yet."), code="not_accepted")
    if complaint.agreements.filter(cancelled_at=None, signed_at=None).exists():
        raise Refused(_("The agreement is not signed yet: have it signed, or cancel it."), code="not_signed")
    left = [str(one.assignee) for one in measures_of(complaint).open()]
    if left:
        raise Refused(_("These people are not done yet: %(names)s.") % {"names": "、".join(left)}, code="measures_open")
    if complaint.rework_of_id and complaint.rework_id is None:
        raise Refused(_("The free rework is still owed: it is done, or dropped with the reason, before."), code="owed")
    if complaint.rework and complaint.rework.status not in REWORKED:
        raise Refused(_("The free rework is not finished yet: %(order)s.") % {"order": complaint.rework})
    complaint.carried_out_at, complaint.call_pending = now(), True
    enter(complaint, Complaint.Status.CALLING)
    save(complaint, "status", "carried_out_at", "call_pending")
    record("complaint.carried_out", complaint, by=by, about=about(complaint))
    touch(complaint.store_id, complaint.received_on)
    wake("complaints.tasks.plan_closing_calls")
    return complaint
