"""The data that cases are run by, kept by the house: what is offered, said, asked and due, and by when."""

import re
from datetime import date, timedelta
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from complaints.models import Complaint, Problem, Target
from core.actor import Actor, allow_anywhere, allow_company
from core.figures import touch_many
from core.logbook import record
from core.models import Company
from core.rows import Refused, atomic, lock

KEEP = "complaints.keep_case_data"
DAY = timedelta(days=1)
FIXED = ("code", "letter")  # by what others know a row: never changed
_CODE = re.compile(r"[A-Z]\d{1,5}")


def _told(value: Any) -> Any:
    return str(value) if isinstance(value, models.Model) else value


@atomic
def add_case_data(*, model: Any, by: Actor, **values: Any) -> Any:
    """Add a compensation, a phrase, an answer at hand, a rule of conduct, a step, a class or a problem."""
    allow_anywhere(by, KEEP)
    row = model.objects.create(**values)
    record("case_data.added", row, by=by, **{name: _told(value) for name, value in values.items()})
    return row


@atomic
def edit_case_data(row: Any, *, by: Actor, **values: Any) -> Any:
    """Change it, or offer it no longer; what was made of it before stays as it is."""
    allow_anywhere(by, KEEP)
    row = lock(row)
    for name in FIXED:
        if name in values and values[name] != getattr(row, name):
            raise Refused(_("The code stays: others know the row by it. Add a new one instead."), field=name)
    if isinstance(row, Problem):
        values = _known(row, values)
    changed = {name: [_told(getattr(row, name)), _told(value)] for name, value in values.items()}
    changed = {name: pair for name, pair in changed.items() if pair[0] != pair[1]}
    for name, value in values.items():
        setattr(row, name, value)
    row.version += 1
    row.save(update_fields=[*values, "version"])
    record("case_data.edited", row, by=by, **changed)
    if isinstance(row, Problem) and "problem_class" in changed:
        touch_many(Complaint.objects.filter(problem=row).order_by().values_list("store", "received_on").distinct())
    return row


def _known(row: Problem, values: dict[str, Any]) -> dict[str, Any]:
    """An unknown code of a loaded file becomes known by its class and a name."""
    if not row.is_unknown:
        return values
    if values.get("problem_class") is None:
        raise Refused(_("Say which class this code belongs to."), field="problem_class")
    if values.get("name_zh") == row.code and _CODE.fullmatch(row.code):
        raise Refused(_("Give this code a name that people understand."), field="name_zh")
    return values | {"is_unknown": False}


def _allow_target(by: Actor, company: Company | None) -> None:
    """Targets of the whole house are kept by who keeps all of it, those of a company by its own people."""
    if company is not None:
        allow_company(by, KEEP, company.pk)
        return
    allow_anywhere(by, KEEP)
    if not by.scope(KEEP).everywhere:
        raise Refused(
            _("Only the group changes what counts for the whole house. Choose your company."), field="company"
        )


@atomic
def add_target(
    *,
    company: Company | None = None,
    due: str,
    severity: str = "",
    amount: int,
    unit: str,
    since: date,
    source: str = "",
    by: Actor,
) -> Target:
    """Lay down how long something may take from a day on; the rule in force until then ends the day before."""
    _allow_target(by, company)
    same = Target.objects.filter(company=company, due=due, severity=severity)
    if company is not None:
        Company.objects.select_for_update(no_key=True).get(pk=company.pk)
    before = list(same.filter(Q(until=None) | Q(until__gte=since), since__lt=since).select_for_update(no_key=True))
    later = same.filter(since__gt=since).order_by("since").first()
    today = localdate()
    ruled = same.filter(Q(until=None) | Q(until__gte=since), since__lte=today)
    if since < today and ruled.exists():
        raise Refused(
            _("A rule was in force on that day already, and deadlines ran by it. Begin today or later."), field="since"
        )
    for one in before:
        one.until, one.version = since - DAY, one.version + 1
        one.save(update_fields=["until", "version"])
        record("target.ended", one, by=by, due=one.due, severity=one.severity, until=one.until)
    row = Target.objects.create(
        company=company,
        due=due,
        severity=severity,
        amount=amount,
        unit=unit,
        since=since,
        until=later.since - DAY if later else None,
        source=source,
    )
    told: dict[str, Any] = {
        "due": due,
        "severity": severity,
        "amount": amount,
        "unit": unit,
        "since": since,
        "source": source,
    }
    record("target.added", row, by=by, company=_told(company), **told)
    return row


@atomic
def end_target(target: Target, *, until: date, by: Actor) -> Target:
    """Let a rule end on a day without a new one: after it the deadline is typed from the letter."""
    _allow_target(by, target.company)
    target = lock(target)
    if target.since > localdate():
        raise Refused(_("This rule has not begun yet. Take it back instead."), code="wrong_status")
    if until < localdate() - DAY:
        raise Refused(
            _("Deadlines ran by this rule on the days after that. It ends yesterday at the earliest."), field="until"
        )
    if target.until is not None and target.until < until:
        raise Refused(_("This rule ends earlier than that already."), field="until")
    before, target.until, target.version = target.until, until, target.version + 1
    target.save(update_fields=["until", "version"])
    record("target.ended", target, by=by, due=target.due, severity=target.severity, until=[before, until])
    return target


@atomic
def take_back_target(target: Target, *, by: Actor) -> Target:
    """Take back a rule that has not begun yet: the one that it would have followed goes on."""
    _allow_target(by, target.company)
    target = lock(target)
    if target.since <= localdate():
        raise Refused(_("Deadlines run by this rule. Let it end, or lay down a new one."), code="wrong_status")
    same = Target.objects.filter(company=target.company, due=target.due, severity=target.severity)
    for one in same.filter(until=target.since - DAY).select_for_update(no_key=True):
        one.until, one.version = target.until, one.version + 1
        one.save(update_fields=["until", "version"])
    record("target.taken_back", target, by=by, due=target.due, severity=target.severity, since=target.since)
    kept = target.pk
    target.delete()
    target.pk = kept
    return target
