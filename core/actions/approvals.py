"""Approvals: asking for what one may not decide alone, deciding it, and using it once."""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import OuterRef
from django.utils.timezone import now
from django.utils.translation import gettext as _

from core.actions.notices import lay_aside, notify, plain
from core.actor import Actor, allow
from core.logbook import record
from core.models import Approval, Delegation, Employee, Matter, Posting, Store
from core.models.approvals import can_decide, outdated
from core.rows import Refused, atomic, lock, move


def deciders(approval: Approval) -> list[int]:
    """Who is told that something waits: those of the store who may decide it, and deputies; the company's and the
    group's people only where the store has nobody."""
    store, asked = approval.store, (approval.matter, approval.amount)
    can = can_decide(OuterRef("pk"), store.pk, store.company_id, *asked)
    people = Employee.objects.filter(can, is_active=True).exclude(pk=approval.asked_by_id)
    here = people.filter(pk__in=Posting.objects.filter(store=store, is_active=True).values("employee"))
    deputies = Delegation.objects.covering(store.pk, *asked, approval.asked_by_id).filter(deputy__is_active=True)
    found = set(deputies.values_list("deputy", flat=True)) | set(here.values_list("pk", flat=True))
    return sorted(found or set(people.values_list("pk", flat=True)))


def decider_names(approval: Approval) -> list[str]:
    """Those who are told that something waits, by name, for whoever asked and waits for them."""
    people = Employee.objects.filter(pk__in=deciders(approval))
    return list(people.order_by("name", "pk").values_list("name", flat=True))


def _take_back_outdated(rows: Any, version: int, by: Actor) -> None:
    """What was asked for an earlier version of the document holds for nothing any more."""
    for one in rows.exclude(object_version=version).select_for_update(no_key=True, of=("self",)):
        move(one, Approval.Status.WITHDRAWN)
        one.save(update_fields=["status"])
        record("approval.withdrawn", one, by=by, reason="outdated")


@atomic
def ask_approval(
    row: Any,
    *,
    store: Store,
    matter: str,
    verb: str,
    amount: Decimal,
    worth: Decimal,
    reason: str,
    title: str,
    address: str,
    facts: Iterable[Sequence[Any]],
    is_bound: bool = True,
    by: Actor,
) -> Approval:
    """Ask for what one may not decide alone; told by the verb that needs it. Whoever may decide is told.

    What was asked for an earlier version of the document is withdrawn by it; what still waits is not asked twice.
    A question that is not bound to the document as it stands (`is_bound`) outlives changes of it.
    """
    version = getattr(row, "version", 0) if is_bound else 0
    same = Approval.objects.filter(verb=verb, kind=row.kind_name(), object_id=row.pk)
    if is_bound:
        _take_back_outdated(same.filter(status__in=["asked", "granted"]), version, by)
    if same.open().exists():
        raise Refused(_("This has been asked for already and waits for the decision."), code="asked")
    approval = Approval.objects.create(
        store=store,
        matter=matter,
        verb=verb,
        kind=row.kind_name(),
        object_id=row.pk,
        object_version=version,
        title=title[:120],
        address=address,
        amount=amount,
        worth=worth,
        facts=plain({"facts": [list(one) for one in facts]})["facts"],
        reason=reason,
        asked_by_id=by.pk or 0,
        asked_at=now(),
    )
    values = {"matter": matter, "asked_for": amount, "worth": worth, "reason": reason, "title": title}
    record("approval.asked", approval, by=by, about=[row], **values)
    told = {"name": by.name, "matter": approval.matter, "title": approval.title}
    notify(deciders(approval), "approval_asked", approval.get_absolute_url(), **told)
    return approval


@atomic
def use_approval(row: Any, *, verb: str, matter: str, amount: Decimal, by: Actor) -> Approval | None:
    """Take the approval granted for this verb on this document as it stands, up to the amount, and use it up.

    Told by the verb that needs it, before that changes the version. None: nobody granted it, or it is used already.
    """
    rows = Approval.objects.filter(verb=verb, kind=row.kind_name(), object_id=row.pk, matter=matter)
    rows = rows.filter(status=Approval.Status.GRANTED, object_version=getattr(row, "version", 0), amount__gte=amount)
    # all of them under lock, not the first alone: whoever waited here must see which ones are left
    found = list(rows.order_by("amount", "id").select_for_update(no_key=True, of=("self",)))
    if not found:
        return None
    approval = found[0]
    move(approval, Approval.Status.USED)
    approval.used_at = now()
    approval.save(update_fields=["status", "used_at"])
    record("approval.used", approval, by=by, about=[row], used_for=verb)
    return approval


def _in_whose_name(approval: Approval, by: Actor) -> Employee | None:
    """None for one's own authority, else the colleague as whose deputy one decides; everybody else is stopped."""
    if approval.asked_by_id == by.pk:
        raise Refused(_("Nobody approves their own."), code="own")
    asked = approval.matter, approval.amount
    mine = can_decide(by.pk or 0, approval.store_id, approval.store.company_id, *asked)
    is_employee = by.kind == "employee"
    if is_employee and Employee.objects.filter(mine, pk=by.pk or 0).exists():
        allow(by, "core.decide", approval.store)
        return None
    covering = Delegation.objects.covering(approval.store_id, *asked, approval.asked_by_id)
    deputyship = covering.filter(deputy=by.pk or 0).select_related("principal").order_by("id").first()
    if deputyship is None or not is_employee:
        raise PermissionDenied(_("This is beyond what you may decide."))
    return deputyship.principal


@atomic
def decide(approval: Approval, *, granted: bool, reason: str, by: Actor) -> Approval:
    """Grant or refuse what somebody asked for, within one's authority or as a deputy; whoever asked is told."""
    approval = lock(approval)
    principal = _in_whose_name(approval, by)
    is_question = approval.matter == Matter.QUESTION
    if not reason.strip() and (is_question or not granted):
        raise Refused(_("Please write the answer.") if is_question else _("Please say why you refuse."), field="reason")
    if granted and approval.status == Approval.Status.ASKED and outdated([approval]):
        raise Refused(_("The document has changed since; it must be asked for again."), code="outdated")
    move(approval, Approval.Status.GRANTED if granted else Approval.Status.REFUSED)
    approval.decided_by_id, approval.in_name_of, approval.decided_at = by.pk, principal, now()
    approval.decision_reason = reason
    approval.save(update_fields=["status", "decided_by", "in_name_of", "decided_at", "decision_reason"])
    lay_aside("approval_asked", approval.get_absolute_url())
    values = {"reason": reason, "in_name_of": str(principal or "")}
    told = {"name": by.name, "matter": approval.matter, "title": approval.title, "reason": reason}
    if granted:
        record("approval.granted", approval, by=by, **values)
        code = "question_answered" if is_question else "approval_granted"
        notify([approval.asked_by_id], code, approval.address, **told)
    else:
        record("approval.refused", approval, by=by, **values)
        notify([approval.asked_by_id], "approval_refused", approval.address, **told)
    return approval


@atomic
def withdraw_approval(approval: Approval, *, by: Actor) -> Approval:
    """Take back what one asked for, decided or not, as long as it was not used."""
    allow(by, "core.see_approvals", approval.store)
    approval = lock(approval)
    if approval.asked_by_id != by.pk:
        raise PermissionDenied(_("Only the one who asked takes it back."))
    was_open = approval.status == Approval.Status.ASKED
    move(approval, Approval.Status.WITHDRAWN)
    approval.save(update_fields=["status"])
    record("approval.withdrawn", approval, by=by)
    lay_aside("approval_asked", approval.get_absolute_url())
    if was_open:
        told = {"name": by.name, "matter": approval.matter, "title": approval.title}
        notify(deciders(approval), "approval_withdrawn", approval.get_absolute_url(), **told)
    return approval
