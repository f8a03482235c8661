"""Who answers for a fault: the rule cited, what the person says, the decision; never money (K-12, rule 35)."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import F
from django.utils.timezone import now
from django.utils.translation import gettext as _

from complaints.actions.stages import about
from complaints.models import Accountability, Complaint
from core import actions as core
from core.actions import ask_approval, end_tasks, give_task, notify, people_of
from core.actor import CLOCK, Actor, allow
from core.figures import touch
from core.logbook import record
from core.models import Approval, Employee, Matter
from core.rows import Refused, atomic, lock, move

VERB = "complaints.hold_accountable"
Status = Accountability.Status
NOTHING = Decimal(0)  # no money is taken
HEARD_WITHIN = timedelta(days=3)  # in which somebody says their side


def _judged(complaint: Complaint) -> None:
    if complaint.origin:
        raise Refused(_("This case was loaded from elsewhere: it is history and is not worked on."))
    if complaint.nature != Complaint.Nature.COMPLAINT or not complaint.grounds_ok:
        raise Refused(_("Nobody is held to account before the complaint was found to hold."), code="wrong_status")
    if not complaint.cause:
        raise Refused(_("Find the root cause first: then it is known who answers for it."), code="wrong_status")


def _about(row: Accountability) -> list[Any]:
    return [*about(row.complaint), row.employee]


@atomic
def hold_accountable(
    complaint: Complaint,
    *,
    employee: Employee,
    part: str,
    rule: str,
    words: str,
    measure: str,
    points: int = 0,
    by: Actor,
) -> Accountability:
    """Propose that somebody answers for the fault, with the rule that was broken; they are told and say their side."""
    allow(by, VERB, complaint.store)
    complaint = lock(complaint)
    _judged(complaint)
    store = complaint.store
    if not people_of([store.pk]).filter(pk=employee.pk).exists():
        raise Refused(_("This person does not work in this store."), field="employee")
    if employee.pk == by.pk:
        raise Refused(_("Nobody judges themselves; somebody else proposes it."), field="employee")
    given = {"part": part, "rule": rule.strip(), "words": words, "measure": measure, "points": points}
    row = Accountability.objects.create(
        complaint=complaint, employee=employee, proposed_by_id=by.pk, proposed_at=now(), **given
    )
    record("accountability.proposed", row, by=by, about=_about(row), name=str(employee), **given)
    told: dict[str, Any] = {"number": str(complaint), "rule": row.rule}
    give_task(store, employee, "say_your_side", due_at=now() + HEARD_WITHIN, row=row, by=by, **told)
    notify([employee], "accountability_proposed", row.get_absolute_url(), name=by.name, **told)
    return row


@atomic
def hear(accountability: Accountability, *, words: str, by: Actor) -> Accountability:
    """Write down what the person says to it: by themselves, or by whoever has heard them."""
    row = lock(accountability)
    if row.employee_id != by.pk:
        allow(by, VERB, row.complaint.store)
    if row.status != Status.PROPOSED:
        raise Refused(_("This is decided already."), code="wrong_status")
    row.heard = words  # no new version: what was proposed stays the same
    row.save(update_fields=["heard"])
    record("accountability.heard", row, by=by, about=_about(row), words=words)
    end_tasks("say_your_side", row, by=by)
    if row.proposed_by_id and row.proposed_by_id != by.pk:
        told = {"name": str(row.employee), "number": str(row.complaint)}
        notify([row.proposed_by_id], "accountability_heard", row.get_absolute_url(), **told)
    return row


@atomic
def ask_accountability(accountability: Accountability, *, reason: str = "", by: Actor) -> Approval:
    """Put it before somebody who may decide it, once the person was heard."""
    allow(by, VERB, accountability.complaint.store)
    row = lock(accountability)
    if row.status != Status.PROPOSED:
        raise Refused(_("This is decided already."), code="wrong_status")
    if not row.heard.strip():
        raise Refused(_("Hear the person first, and write down what they say."), code="not_heard")
    row.version = F("version") + 1
    row.save(update_fields=["version"])
    row.refresh_from_db()
    record("accountability.asked", row, by=by, about=_about(row), reason=reason)
    return ask_approval(
        row,
        store=row.complaint.store,
        matter=Matter.ACCOUNT,
        verb=VERB,
        amount=NOTHING,
        worth=NOTHING,
        reason=reason or row.words[:400],
        title=f"{row.complaint} · {row.employee}",
        address=row.get_absolute_url(),
        facts=[
            ("person", f"{row.employee} · {row.get_part_display()}"),
            ("rule", row.rule),
            ("done_wrong", row.words),
            ("heard", row.heard),
            ("points", row.points),
        ],
        by=by,
    )


def waiting(accountability: Accountability) -> Approval | None:
    """The newest question about it as it stands, asked or decided."""
    rows = Approval.objects.filter(verb=VERB, kind=accountability.kind_name(), object_id=accountability.pk)
    return rows.filter(object_version=accountability.version).with_names().order_by("-pk").first()


@atomic
def decide_accountability(accountability: Accountability, *, granted: bool, reason: str, by: Actor) -> Accountability:
    """Decide that somebody answers for the fault, or not; never about oneself and never what one proposed oneself."""
    allow(by, "core.decide", accountability.complaint.store)
    row = lock(accountability)
    if row.employee_id == by.pk:
        raise PermissionDenied(_("Nobody decides about themselves."))
    approval = waiting(row)
    if row.status != Status.PROPOSED or approval is None or approval.status != Approval.Status.ASKED:
        raise Refused(_("Nothing waits for a decision here."), code="wrong_status")
    core.decide(approval, granted=granted, reason=reason, by=by)
    _follow(row, by)
    return row


def _follow(row: Accountability, by: Actor) -> bool:
    """Take over what was decided about it; what the person decided about themselves counts for nothing."""
    approval = waiting(row)
    if approval is None or row.status != Status.PROPOSED or approval.decided_by_id in {None, row.employee_id}:
        return False
    if approval.status == Approval.Status.GRANTED:
        core.use_approval(row, verb=VERB, matter=Matter.ACCOUNT, amount=approval.amount, by=by)
        move(row, Status.APPROVED)
    elif approval.status == Approval.Status.REFUSED:
        move(row, Status.REFUSED)
    else:
        return False
    row.decided_by_id, row.decided_at = approval.decided_by_id, approval.decided_at
    row.save(update_fields=["status", "decided_by", "decided_at"])
    reason = approval.decision_reason
    record("accountability.decided", row, by=by, about=_about(row), is_approved=row.status, reason=reason)
    end_tasks("say_your_side", row, by=by)
    code = "accountability_approved" if row.status == Status.APPROVED else "accountability_refused"
    told = {"number": str(row.complaint), "measure": row.get_measure_display(), "reason": reason}
    notify([row.employee_id], code, row.get_absolute_url(), **told)
    touch(row.complaint.store_id, row.complaint.received_on)
    return True


@atomic
def follow_accountability(pk: int) -> bool:
    """Take over one decision that was made on the page of approvals; told by the clock."""
    rows = Accountability.objects.select_for_update(no_key=True, skip_locked=True, of=("self",))
    row = rows.filter(pk=pk, status=Status.PROPOSED).first()
    return row is not None and _follow(row, CLOCK)


def follow_accountabilities() -> int:
    """Take over every decision that was made on the page of approvals; told by the clock."""
    decided = Approval.objects.filter(verb=VERB, kind=Accountability.kind_name())
    decided = decided.filter(status__in=[Approval.Status.GRANTED, Approval.Status.REFUSED])
    due = Accountability.objects.filter(status=Status.PROPOSED, pk__in=decided.values("object_id"))
    return sum(follow_accountability(pk) for pk in list(due.order_by("pk").values_list("pk", flat=True)))


@atomic
def withdraw_accountability(accountability: Accountability, *, reason: str, by: Actor) -> Accountability:
    """Take it back, before or after the decision, with the reason: it counts for nothing any more."""
    allow(by, VERB, accountability.complaint.store)
    row = lock(accountability)
    if row.employee_id == by.pk:
        raise PermissionDenied(_("Nobody decides about themselves."))
    move(row, Status.WITHDRAWN)
    row.version += 1  # what was asked for holds for nothing any more
    row.save(update_fields=["status", "version"])
    record("accountability.withdrawn", row, by=by, about=_about(row), reason=reason)
    end_tasks("say_your_side", row, by=by)
    told = {"number": str(row.complaint), "reason": reason}
    notify([row.employee_id], "accountability_withdrawn", row.get_absolute_url(), **told)
    touch(row.complaint.store_id, row.complaint.received_on)
    return row
