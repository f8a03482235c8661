"""Who pays: payers of a line, of a whole job, of an accident; each line adds up to the cent."""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from core.actions import ask_approval
from core.actor import Actor, allow
from core.logbook import record
from core.models import Approval, Matter
from core.rows import Refused, atomic, lock
from core.taxes import cents
from service.actions.derive import derive, open_order
from service.actions.goodwill import VERB, given_before, given_elsewhere, may_give
from service.actions.lines import of_company
from service.models import Job, Line, Order, Party, Share

# One payer of a line: kind, party, reason, amount.
Part = tuple[str, Party | None, str, Decimal]


def spread(total: Decimal, weights: Sequence[Decimal]) -> list[Decimal]:
    """An amount laid over weights to the cent: the parts add up to it, none is negative, none exceeds its weight when
    the total does not exceed their sum; the last takes the rest."""
    whole, so_far, told, parts = sum(weights, Decimal(0)), Decimal(0), Decimal(0), []
    for weight in weights:
        so_far += weight
        until = cents(total * so_far / whole) if whole else Decimal(0)
        parts.append(until - told)
        told = until
    if parts:
        parts[-1] += total - told
    return parts


@atomic
def share_line(line: Line, *, shares: Iterable[dict[str, Any]], by: Actor) -> Order:
    """Say who pays for a line. The last payer takes the rest, so the shares always add up to the line's amount."""
    order = line.job.order
    allow(by, VERB, order.store)
    order = open_order(order)
    line = lock(line)
    given = _amounts(order, line.amount, list(shares))
    _write(order, line.job, {line: given}, by)
    record(
        "order.shared",
        order,
        by=by,
        about=[order.visit],
        line=line.name,
        shares=[[payer, str(party or ""), str(amount)] for payer, party, _reason, amount in given],
    )
    return order


@atomic
def share_job(job: Job, *, shares: Iterable[dict[str, Any]], by: Actor) -> Order:
    """Say who pays for a whole job, in percent or yuan; every line is shared alike and adds up to the cent."""
    order = job.order
    allow(by, VERB, order.store)
    order = open_order(order)
    given, laid = _of_job(order, job, list(shares))
    _write(order, job, laid, by)
    record(
        "order.job_shared",
        order,
        by=by,
        about=[order.visit],
        job=job.words,
        shares=[[payer, str(party or ""), str(amount)] for payer, party, _reason, amount in given],
    )
    return order


@atomic
def assess(job: Job, *, insurer: Party, amount: Decimal, by: Actor) -> Order:
    """The loss is assessed (定损): the insurer pays the assessed amount, the customer the difference."""
    order = job.order
    allow(by, VERB, order.store)
    order = open_order(order)
    if job.kind != Job.Kind.ACCIDENT:
        raise Refused(_("Only an accident is assessed by an insurer. Say who pays for another job by its payers."))
    if insurer.kind != Party.Kind.INSURER:
        raise Refused(_("This payer is of another kind."), field="insurer")
    total = sum((line.amount for line in _standing(job)), Decimal(0))
    if amount > total:
        raise Refused(
            _("The work comes to %(total)s; the insurer cannot pay %(amount)s for it.")
            % {"total": total, "amount": amount},
            field="amount",
        )
    parts: list[dict[str, Any]] = [
        {"payer": Party.Kind.INSURER, "party": insurer, "reason": Share.Reason.ACCIDENT, "amount": amount},
        {"payer": Party.Kind.CUSTOMER, "party": None, "reason": Share.Reason.ACCIDENT, "amount": None},
    ]
    _given, laid = _of_job(order, job, parts)
    _write(order, job, laid, by)
    record(
        "order.assessed", order, by=by, about=[order.visit], job=job.words, party=str(insurer), amount=[total, amount]
    )
    return order


@atomic
def ask_goodwill(job: Job, *, shares: Iterable[dict[str, Any]], reason: str, by: Actor) -> Approval:
    """Ask a manager for goodwill of the store that goes beyond one's own authority, for this job and this split."""
    order = job.order
    allow(by, VERB, order.store)
    order = open_order(order)
    _given, laid = _of_job(order, job, list(shares))
    amount = given_elsewhere(order, list(laid)) + goodwill_in(laid)
    if not amount:
        raise Refused(_("The store gives nothing in this split, so there is nothing to ask for."), field="shares")
    visit = order.visit
    facts: list[list[Any]] = [
        ["customer", str(visit.customer or "")],
        ["words", job.words],
        ["total", sum((line.amount for line in laid), Decimal(0))],
        ["given_before", given_before(order)],
    ]
    record("order.goodwill_asked", order, by=by, about=[visit], job=job.words, amount=amount, reason=reason)
    return ask_approval(
        job,
        store=order.store,
        matter=Matter.GOODWILL,
        verb=VERB,
        amount=amount,
        worth=amount,
        reason=reason,
        title=f"{visit.vehicle} · {job.words}"[:120],
        address=order.get_absolute_url(),
        facts=facts,
        by=by,
    )


def _standing(job: Job) -> list[Line]:
    """The lines of a job that somebody pays for, under lock."""
    return list(Line.objects.standing().filter(job=job).select_for_update(no_key=True).order_by("pk"))


def _amounts(order: Order, total: Decimal, shares: list[dict[str, Any]]) -> list[Part]:
    """What each payer takes of an amount: a percentage, yuan, or as the last one the rest."""
    parts: list[Part] = []
    left = total
    for i, one in enumerate(shares, 1):
        of_company(order, one["party"], "shares")
        amount = one.get("amount")
        if one.get("percent") is not None:
            amount = cents(total * one["percent"] / 100)
        if amount is None and i < len(shares):
            raise Refused(
                _("Only the last payer may be left without an amount; that one takes the rest."), field="shares"
            )
        is_all = i == len(shares) and sum((s.get("percent") or Decimal(0) for s in shares), Decimal(0)) == 100
        amount = left if amount is None or is_all else amount
        left -= amount
        parts.append((one["payer"], one["party"], one["reason"], amount))
    if left != 0 or any(amount < 0 for *_who, amount in parts):
        raise Refused(
            _("The shares must add up to %(amount)s; %(left)s is missing or too much.")
            % {"amount": total, "left": left},
            field="shares",
        )
    return parts


def _of_job(order: Order, job: Job, shares: list[dict[str, Any]]) -> tuple[list[Part], dict[Line, list[Part]]]:
    """The payers of a job, and what each takes of each of its lines."""
    lines = _standing(job)
    if not lines:
        raise Refused(_("This job has no line that anybody pays for."))
    parts = _amounts(order, sum((line.amount for line in lines), Decimal(0)), shares)
    left = [line.amount for line in lines]
    laid: dict[Line, list[Part]] = {line: [] for line in lines}
    for payer, party, reason, amount in parts:
        for i, (line, part) in enumerate(zip(lines, spread(amount, left), strict=True)):
            left[i] -= part
            laid[line].append((payer, party, reason, part))
    return parts, laid


def goodwill_in(laid: dict[Line, list[Part]]) -> Decimal:
    """What the store itself gives in a split."""
    own = (Party.Kind.STORE, Share.Reason.GOODWILL)
    return sum((part[3] for parts in laid.values() for part in parts if (part[0], part[2]) == own), Decimal(0))


def _write(order: Order, job: Job, laid: dict[Line, list[Part]], by: Actor) -> None:
    """Put new shares in the place of the old ones; the customer's part does not grow after consent."""
    may_give(order, job, goodwill_in(laid), list(laid), by)
    own: dict[int, Decimal] = {}
    for share in Share.objects.filter(line__in=list(laid), payer=Party.Kind.CUSTOMER):
        own[share.line_id] = own.get(share.line_id, Decimal(0)) + share.amount
    rows = []
    for line, parts in laid.items():
        mine = sum((amount for payer, *_rest, amount in parts if payer == Party.Kind.CUSTOMER), Decimal(0))
        if line.consent == Line.Consent.AUTHORISED and mine > own.get(line.pk, Decimal(0)):
            raise Refused(
                _("The customer has agreed to pay less for this line. Ask for consent again with a new line.")
            )
        kept = [part for part in parts if part[3]] or parts[-1:]
        rows += [Share(line=line, payer=p, party=party, reason=reason, amount=a) for p, party, reason, a in kept]
    Share.objects.filter(line__in=list(laid)).delete()
    Share.objects.bulk_create(rows)
    derive(order)
