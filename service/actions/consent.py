"""The customer's answer, line by line: at the counter, by phone, on paper, or by the link."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django.utils.timezone import now
from django.utils.translation import gettext as _

from core.actions import keep_files
from core.actor import Actor, allow
from core.logbook import record
from core.models import Attachment
from core.rows import Refused, atomic, move
from core.templatetags.ui import money
from core.uploads import CleanFile
from service.actions.derive import derive_visit, open_order
from service.models import Job, Line, Order, Visit


@atomic
def authorise(
    order: Order,
    *,
    answers: Iterable[dict[str, Any]],
    via: str,
    consent_by: str,
    signature: CleanFile | None = None,
    by: Actor,
) -> Order:
    """Write down the customer's answer to each line: agreed, declined or deferred, given by whom and how."""
    allow(by, "service.authorise", order.store)
    if via == Line.Via.LINK:
        raise Refused(_("By the link only the customer answers."), field="via")
    return note_answers(open_order(order), answers, via=via, consent_by=consent_by, signature=signature, by=by)


def note_answers(
    order: Order,
    answers: Iterable[dict[str, Any]],
    *,
    via: str,
    consent_by: str,
    signature: CleanFile | None,
    by: Actor,
) -> Order:
    """What `authorise` and the customer's link share: the answers, the signature, the line of the logbook; told."""
    told = take_answers(order, answers, via=via, consent_by=consent_by)
    if signature:
        keep_files(order, [signature], purpose=Attachment.Purpose.SIGNATURE, by=by, remark=consent_by)
    derive_visit(order.visit)
    order.refresh_from_db()
    record(
        "order.authorised",
        order,
        by=by,
        about=[order.visit, order.visit.customer],
        answers=told,
        via=via,
        consent_by=consent_by,
    )
    return order


def take_answers(order: Order, answers: Iterable[dict[str, Any]], *, via: str, consent_by: str) -> list[list[str]]:
    """The answers on the lines of an order that is locked, and what follows for its jobs; told by every way to answer.

    Says what was answered.
    """
    rows = Line.objects.filter(job__order=order).select_for_update(no_key=True).order_by("pk")
    lines = {line.pk: line for line in rows}
    told: list[Line] = []
    moment = now()  # what is said in one breath has one time
    for one in answers:
        line = lines.get(one["line"])
        if line is None:
            raise Refused(_("A line of this list is not in the order. Open the page again."), field="answers")
        if one["answer"] == Line.Consent.ASKED:
            continue
        move_consent(line, one["answer"])
        line.consent_via, line.consent_by, line.consent_at = via, consent_by, moment
        line.save(update_fields=["consent", "consent_via", "consent_by", "consent_at"])
        told.append(line)
    if not told:
        raise Refused(_("Choose an answer for at least one line."), field="answers")
    agreed = {line.job_id for line in told if line.consent == Line.Consent.AUTHORISED}
    if agreed:
        _within_limit(order.visit, consent_by)
    touched = Job.objects.filter(pk__in={line.job_id for line in told})
    for job in touched.select_for_update(no_key=True).order_by("pk"):
        _after_consent(job, job.pk in agreed, [line for line in lines.values() if line.job_id == job.pk])
    return [[line.name, line.consent, str(line.amount)] for line in told]


def _bare(name: str) -> str:
    return "".join(name.split())


def is_limited(visit: Visit, name: str) -> bool:
    """Whether this is the driver, who may agree only up to the limit that the owner set."""
    owner = visit.customer.name if visit.customer else ""
    return visit.spending_limit is not None and _bare(name) == _bare(visit.driver_name) != _bare(owner)


def _within_limit(visit: Visit, consent_by: str) -> None:
    """The driver agrees only to as much of the customer's money as the owner let them; what others agreed is apart."""
    if not is_limited(visit, consent_by):
        return
    lines: Any = Line.objects.charged().filter(job__order__visit=visit).with_own_amount()
    total = sum((line.own_amount for line in lines if is_limited(visit, line.consent_by)), Decimal(0))
    if total > (visit.spending_limit or 0):
        raise Refused(
            _("%(driver)s may agree to %(limit)s in all, and this comes to %(total)s. Ask the owner: by phone or link.")
            % {"driver": visit.driver_name, "limit": money(visit.spending_limit), "total": money(total)},
            field="consent_by",
        )


def move_consent(line: Line, answer: str) -> None:
    """Change a line's consent along its MOVES."""
    if answer not in line.MOVES.get(line.consent, set()):
        raise Refused(
            _("“%(line)s” was already answered: %(consent)s.")
            % {"line": line.name, "consent": line.get_consent_display()},
            field="answers",
        )
    line.consent = answer


def _after_consent(job: Job, is_agreed: bool, lines: list[Line]) -> None:
    """What was just agreed to is still to be done: a finished or dropped job goes back to the workshop."""
    after = {Job.Status.OPEN: Job.Status.TO_DISPATCH, Job.Status.DONE: Job.Status.TO_DISPATCH}
    after |= {Job.Status.DROPPED: Job.Status.TO_DISPATCH, Job.Status.CHECKING: Job.Status.IN_WORK}
    if not is_agreed:
        is_over = {line.consent for line in lines} <= {
            Line.Consent.DECLINED,
            Line.Consent.DEFERRED,
            Line.Consent.DROPPED,
        }
        after = {Job.Status.OPEN: Job.Status.DROPPED, Job.Status.TO_DISPATCH: Job.Status.DROPPED} if is_over else {}
    if job.status in after:
        move(job, after[Job.Status(job.status)])
        job.save(update_fields=["status"])
