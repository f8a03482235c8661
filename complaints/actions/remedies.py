"""Options of a case: drawn up, chosen among with the customer, looked at and decided by a manager (K-11, K-21)."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django.utils.timezone import now
from django.utils.translation import gettext as _

from complaints.actions.stages import about, enter, open_case, save
from complaints.models import Compensation, Complaint, Option
from core.actions import notify
from core.actor import Actor, allow
from core.logbook import record
from core.models import Employee, Posting
from core.roles import VERBS
from core.rows import Refused, atomic, lock

# what a decision says, and what came of it: forgotten when it is taken back
DECISION = ("instruction", "instruction_due", "decided_by", "decided_at")
OUTCOME = ("told_at", "accepted_at", "accepted_by", "carried_out_at")
LEAST = 2  # options that a manager is shown to choose among


def asked_as(by: Actor, verb: str) -> str:
    """The verb by which somebody does what the customer may do too: by the link it is following one's own case."""
    return "complaints.follow" if by.kind == "customer" else verb


def check_stage(complaint: Complaint, *stages: str) -> None:
    """Stop with a sentence when a case is not at one of these stages."""
    if complaint.status not in stages:
        raise Refused(
            _("This step is not possible now: the status is “%(status)s”.")
            % {"status": complaint.get_status_display()},
            code="wrong_status",
        )


def forget(complaint: Complaint, *names: str) -> None:
    """Take a decision, or what came of it, out of a case; the logbook keeps it."""
    for name in names:
        setattr(complaint, name, "" if name in {"instruction", "accepted_by"} else None)


def close_round(complaint: Complaint) -> None:
    """A case that was opened again starts with fresh options: what was carried out stays, out of the choice."""
    if complaint.options.standing().filter(is_chosen=True).exists():
        complaint.options.standing().update(removed_at=now())
        forget(complaint, *DECISION, *OUTCOME)
        complaint.is_on_spot = False
        save(complaint, "is_on_spot", *DECISION, *OUTCOME)


def spent(complaint: Complaint) -> Decimal:
    """What a case costs the house: every option that was decided, with what its compensations are worth."""
    chosen = complaint.options.filter(is_chosen=True).prefetch_related("compensations")
    return sum((one.cost + sum(c.worth for c in one.compensations.all()) for one in chosen), Decimal(0))


def add_option(complaint: Complaint, compensations: Iterable[dict[str, Any]], **values: Any) -> Option:
    """One more option of a case with what is given; told by proposing and by settling on the spot."""
    last = complaint.options.order_by("-position").values_list("position", flat=True).first() or 0
    option = Option.objects.create(complaint=complaint, position=last + 1, **values)
    give(option, compensations)
    return option


def give(option: Option, compensations: Iterable[dict[str, Any]]) -> None:
    """Write down what is given with an option."""
    Compensation.objects.bulk_create(Compensation(option=option, **one) for one in compensations)


def listed(option: Option) -> list[list[str]]:
    """What is given with an option, as the logbook keeps it."""
    return [[str(one.kind), str(one.quantity), str(one.worth)] for one in option.compensations.select_related("kind")]


def _only_best(option: Option) -> None:
    if option.is_best:
        option.complaint.options.standing().exclude(pk=option.pk).update(is_best=False)


def of_case(option: Option, *stages: str) -> tuple[Complaint, Option]:
    """The case and one of its options under lock, if the option stands and the case is at one of these stages."""
    complaint = open_case(option.complaint)
    option = lock(option)
    check_stage(complaint, *stages)
    if option.removed_at:
        raise Refused(_("This option was taken back."))
    option.complaint = complaint
    return complaint, option


@atomic
def propose(
    complaint: Complaint,
    *,
    words: str,
    cost: Decimal = Decimal(0),
    remark: str = "",
    is_best: bool = False,
    compensations: Iterable[dict[str, Any]] = (),
    by: Actor,
) -> Option:
    """Draw up one more way to settle a case: what is offered, what it costs the house, what is given with it."""
    allow(by, "complaints.propose", complaint.store)
    complaint = open_case(complaint)
    check_stage(complaint, Complaint.Status.PROPOSING)
    close_round(complaint)
    option = add_option(complaint, compensations, words=words, cost=cost, remark=remark, is_best=is_best)
    _only_best(option)
    given = listed(option)
    record("complaint.proposed", complaint, by=by, about=about(complaint), words=words, cost=cost, compensations=given)
    return option


@atomic
def edit_option(
    option: Option,
    *,
    words: str,
    cost: Decimal = Decimal(0),
    remark: str = "",
    is_best: bool = False,
    compensations: Iterable[dict[str, Any]] = (),
    by: Actor,
) -> Option:
    """Change an option that is not handed in; whoever has seen or preferred it has to look again."""
    allow(by, "complaints.propose", option.complaint.store)
    complaint, option = of_case(option, Complaint.Status.PROPOSING)
    before = [option.words, str(option.cost), listed(option)]
    option.words, option.cost, option.remark, option.is_best = words, cost, remark, is_best
    option.seen_by, option.seen_at, option.seen_words, option.is_preferred = None, None, "", False
    option.version += 1
    option.save()
    option.compensations.all().delete()
    give(option, compensations)
    _only_best(option)
    after = [words, str(cost), listed(option)]
    record("complaint.option_edited", complaint, by=by, about=about(complaint), before=before, after=after)
    return option


@atomic
def remove_option(option: Option, *, by: Actor) -> Option:
    """Take an option back that is not handed in; it stays to be seen."""
    allow(by, "complaints.propose", option.complaint.store)
    complaint, option = of_case(option, Complaint.Status.PROPOSING)
    option.removed_at, option.is_best, option.is_preferred = now(), False, False
    option.version += 1
    option.save(update_fields=["removed_at", "is_best", "is_preferred", "version"])
    record("complaint.option_removed", complaint, by=by, about=about(complaint), words=option.words)
    return option


@atomic
def prefer(option: Option, *, by: Actor) -> Option:
    """Note which option the customer would like best: told at the desk, or chosen by the customer's own link (K-21)."""
    allow(by, asked_as(by, "complaints.propose"), option.complaint.store)
    complaint, option = of_case(option, Complaint.Status.PROPOSING, Complaint.Status.DECIDING)
    complaint.options.filter(is_preferred=True).update(is_preferred=False)
    option.is_preferred = True  # no new version: what was looked at and asked for stays the same
    option.save(update_fields=["is_preferred"])
    record("complaint.preferred", complaint, by=by, about=about(complaint), words=option.words)
    if by.kind == "customer":
        tell_keeper(complaint, "case_preferred", by, words=option.words)
    return option


def tell_keeper(complaint: Complaint, code: str, by: Actor, **more: Any) -> None:
    """Tell the keeper of a case what somebody else did in it."""
    if complaint.keeper_id and not (by.kind == "employee" and by.pk == complaint.keeper_id):
        told = {"number": str(complaint), "name": by.name} | more
        notify([complaint.keeper_id], code, complaint.get_absolute_url(), **told)


def managers(complaint: Complaint) -> list[int]:
    """Who decides about options in the store of a case."""
    roles = [role for role, verbs in VERBS.items() if "complaints.decide_option" in verbs]
    people = Posting.objects.filter(store=complaint.store, is_active=True, role__in=roles).values("employee")
    found = Employee.objects.filter(pk__in=people, is_active=True, kind=Employee.Kind.PERSON)
    return list(found.order_by("pk").values_list("pk", flat=True))


@atomic
def hand_in(complaint: Complaint, *, by: Actor) -> Complaint:
    """Put the options before the manager: at least two, so that there is something to choose (K-11)."""
    allow(by, "complaints.propose", complaint.store)
    complaint = open_case(complaint)
    check_stage(complaint, Complaint.Status.PROPOSING)
    close_round(complaint)
    count = complaint.options.standing().count()
    if count < LEAST:
        raise Refused(_("Draw up at least two options first, so that there is something to choose."), code="too_few")
    enter(complaint, Complaint.Status.DECIDING)
    save(complaint, "status")
    record("complaint.handed_in", complaint, by=by, about=about(complaint), count=count)
    told = [pk for pk in managers(complaint) if pk != by.pk]
    notify(told, "case_to_decide", complaint.get_absolute_url(), number=str(complaint), name=by.name)
    return complaint
