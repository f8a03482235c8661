"""Estimate, consent and who pays, line by line."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django.utils.timezone import now
from django.utils.translation import gettext as _

from core.actor import Actor, allow
from core.logbook import record
from core.models import VatRate
from core.rows import Refused, atomic, lock, move
from core.taxes import cents, net_of, vat_percent
from service.actions.derive import derive, derive_visit
from service.models import Job, Line, Order, Party, Share, Visit


def open_order(order: Order) -> Order:
    """The order under lock, with its visit locked before it; refused once the car is ready."""
    visit = lock(order.visit)
    order = lock(order)
    order.visit = visit
    if visit.status != Visit.Status.RECEIVED:
        raise Refused(_("The car is ready or gone; nothing can be added to or changed in this order."))
    return order


def _of_company(order: Order, party: Party | None, field: str) -> None:
    if party and party.company_id != order.store.company_id:
        raise Refused(_("This payer belongs to another company."), field=field)


@atomic
def add_lines(job: Job, *, lines: Iterable[dict[str, Any]], by: Actor) -> Order:
    """Estimate a job: labour and parts at tax-inclusive prices; each waits for the customer's consent."""
    allow(by, "service.add_lines", job.order.store)
    order = open_order(job.order)
    job = lock(job)
    if job.status == Job.Status.DROPPED:
        raise Refused(_("This job is not carried out. Add a new job instead."))
    percent = vat_percent(order.store.company, VatRate.Supply.REPAIR, order.opened_on)
    rows, shares = [], []
    for one in lines:
        given = dict(one)
        payer, party, reason = given.pop("payer"), given.pop("party", None), given.pop("reason")
        _of_company(order, party, "lines")
        amount = cents(given["quantity"] * given["price"])
        line = Line(job=job, amount=amount, vat_percent=percent, net=net_of(amount, percent), **given)
        line.unit = line.unit or ("h" if line.kind == Line.Kind.LABOUR else "")
        rows.append(line)
        shares.append(Share(line=line, payer=payer, party=party, reason=reason, amount=amount))
    Line.objects.bulk_create(rows)
    Share.objects.bulk_create(shares)
    derive(order)
    record(
        "order.estimated",
        order,
        by=by,
        about=[order.visit],
        lines=[[x.name, str(x.amount)] for x in rows],
        job=job.words,
    )
    return order


@atomic
def remove_line(line: Line, *, by: Actor) -> Order:
    """Take a line out of the estimate again, as long as the customer has not agreed to it."""
    order = line.job.order
    allow(by, "service.remove_line", order.store)
    order = open_order(order)
    line = lock(line)
    if line.consent != Line.Consent.ASKED:
        raise Refused(_("The customer has already answered this line; it stays on record."))
    what = [line.name, str(line.amount)]
    line.delete()
    derive(order)
    record("order.line_removed", order, by=by, about=[order.visit], line=what)
    return order


@atomic
def share_line(line: Line, *, shares: Iterable[dict[str, Any]], by: Actor) -> Order:
    """Say who pays for a line. The last payer takes the rest, so the shares always add up to the line's amount."""
    order = line.job.order
    allow(by, "service.share_line", order.store)
    order = open_order(order)
    line = lock(line)
    rows, left = [], line.amount
    given = list(shares)
    for i, one in enumerate(given, 1):
        _of_company(order, one["party"], "shares")
        amount = one["amount"] if one["amount"] is not None else left
        if i < len(given) and one["amount"] is None:
            raise Refused(
                _("Only the last payer may be left without an amount; that one takes the rest."), field="shares"
            )
        left -= amount
        rows.append(Share(line=line, payer=one["payer"], party=one["party"], reason=one["reason"], amount=amount))
    if left != 0:
        raise Refused(
            _("The shares must add up to %(amount)s; %(left)s is missing or too much.")
            % {"amount": line.amount, "left": left},
            field="shares",
        )
    customer_before = sum((s.amount for s in line.shares.all() if s.payer == Party.Kind.CUSTOMER), Decimal(0))
    customer_now = sum((s.amount for s in rows if s.payer == Party.Kind.CUSTOMER), Decimal(0))
    if line.consent == Line.Consent.AUTHORISED and customer_now > customer_before:
        raise Refused(_("The customer has agreed to pay less for this line. Ask for consent again with a new line."))
    line.shares.all().delete()
    Share.objects.bulk_create(rows)
    derive(order)
    record(
        "order.shared",
        order,
        by=by,
        about=[order.visit],
        line=line.name,
        shares=[[s.payer, str(s.party or ""), str(s.amount)] for s in rows],
    )
    return order


@atomic
def authorise(order: Order, *, answers: Iterable[dict[str, Any]], via: str, consent_by: str, by: Actor) -> Order:
    """Write down the customer's answer to each line: agreed, declined or deferred, given by whom and how."""
    allow(by, "service.authorise", order.store)
    order = open_order(order)
    lines = {
        line.pk: line for line in Line.objects.filter(job__order=order).select_for_update(no_key=True).order_by("pk")
    }
    told, touched, agreed = [], set(), set()
    for one in answers:
        line = lines.get(one["line"])
        if line is None:
            raise Refused(_("A line of this list is not in the order. Open the page again."), field="answers")
        if one["answer"] == Line.Consent.ASKED:
            continue
        move_consent(line, one["answer"])
        line.consent_via, line.consent_by, line.consent_at = via, consent_by, now()
        line.save(update_fields=["consent", "consent_via", "consent_by", "consent_at"])
        told.append([line.name, line.consent, str(line.amount)])
        touched.add(line.job_id)
        if line.consent == Line.Consent.AUTHORISED:
            agreed.add(line.job_id)
    if not told:
        raise Refused(_("Choose an answer for at least one line."), field="answers")
    for job in Job.objects.filter(pk__in=touched).select_for_update(no_key=True).order_by("pk"):
        _after_consent(job, job.pk in agreed, [line for line in lines.values() if line.job_id == job.pk])
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
