"""Conduct in a case: what was promised by whom and whether it was kept, and which rules of conduct were kept (K-19)."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef
from django.utils.timezone import now
from django.utils.translation import gettext as _

from complaints.actions.calling import keeper_of
from complaints.actions.stages import about, open_case, save
from complaints.models import Complaint, ConductCheck, Promise
from core.actions import end_tasks, give_task, notify, people_of
from core.actor import CLOCK, Actor, allow
from core.logbook import record
from core.models import Employee, Task
from core.rows import Refused, atomic, lock

LATE = "promise_late"
MOST = 2000  # late promises looked at in one run; the rest is for the next


def may_keep(promise: Promise, by: Actor) -> bool:
    """Whether somebody may say that a promise was kept: who promised it, who keeps the case, and who leads them."""
    store = promise.complaint.store
    if not by.may("complaints.keep_promise", store):
        return False
    own = by.pk is not None and by.pk in {promise.by_id, promise.complaint.keeper_id}
    return own or by.may("complaints.assign", store)


@atomic
def promise(
    complaint: Complaint, *, words: str, due_at: datetime, promised_by: Employee | None = None, by: Actor
) -> Complaint:
    """Write down what was promised to the customer, by whom and until when; somebody else who is to keep it is told."""
    allow(by, "complaints.promise", complaint.store)
    complaint = open_case(complaint)
    if due_at <= now():
        raise Refused(_("A promise is kept in the future; give a later time."), field="due_at")
    people = people_of([complaint.store_id])
    if promised_by is not None and not people.filter(pk=promised_by.pk).exists():
        raise Refused(_("This person does not work in this store."), field="promised_by")
    promiser = promised_by or Employee.objects.filter(pk=by.pk or 0, kind=Employee.Kind.PERSON).first()
    if promiser is None:
        raise Refused(_("Say who promised it."), field="promised_by")
    made = Promise.objects.create(complaint=complaint, words=words.strip(), by=promiser, made_at=now(), due_at=due_at)
    save(complaint)
    told = {"words": made.words, "name": str(promiser), "due_at": due_at}
    record("promise.made", made, by=by, about=[complaint, *about(complaint)], **told)
    if promiser.pk != by.pk:
        said = {"number": str(complaint), "words": made.words, "name": by.name, "end_at": due_at}
        notify([promiser], "promise_noted", complaint.get_absolute_url(), **said)
    return complaint


@atomic
def keep_promise(promise: Promise, *, is_kept: bool, remark: str = "", by: Actor) -> Promise:
    """Say whether a promise was kept; a broken one says why. Said by who promised it, the keeper or who leads them."""
    allow(by, "complaints.keep_promise", promise.complaint.store)
    promise = lock(promise)
    if not may_keep(promise, by):
        raise PermissionDenied(_("Only who promised it, the keeper of the case or a lead may say so."))
    if promise.ended_at:
        raise Refused(_("It was said already whether this promise was kept."), code="wrong_status")
    if not is_kept and not remark.strip():
        raise Refused(_("Say why the promise was not kept, and what the customer was told."), field="remark")
    promise.is_kept, promise.ended_at, promise.remark = is_kept, now(), remark.strip()
    promise.version += 1
    promise.save(update_fields=["is_kept", "ended_at", "remark", "version"])
    told = {"words": promise.words, "is_kept": is_kept, "remark": promise.remark}
    if is_kept:
        record("promise.kept", promise, by=by, about=[promise.complaint, *about(promise.complaint)], **told)
    else:
        record("promise.broken", promise, by=by, about=[promise.complaint, *about(promise.complaint)], **told)
    end_tasks(LATE, promise, promise.remark, by=by)
    return promise


@atomic
def check_conduct(complaint: Complaint, *, checks: Iterable[dict[str, Any]], by: Actor) -> Complaint:
    """Note after a conversation which rules of conduct were kept in a case; noted anew, the new word counts."""
    allow(by, "complaints.check_conduct", complaint.store)
    complaint = open_case(complaint)
    rows = list(checks)
    if len({one["rule"].pk for one in rows}) < len(rows):
        raise Refused(_("Each rule is answered once."), field="checks")
    moment, person = now(), by.pk if by.kind in {"employee", "integration"} else None
    for one in rows:
        fresh = {"is_kept": one["is_kept"], "by_id": person, "at": moment}
        ConductCheck.objects.update_or_create(complaint=complaint, rule=one["rule"], defaults=fresh)
    save(complaint)
    broken = [str(one["rule"]) for one in rows if not one["is_kept"]]
    told = {"reason": "；".join(broken), "kept": len(rows) - len(broken), "broken": len(broken)}
    record("complaint.conduct_checked", complaint, by=by, about=about(complaint), **told)
    return complaint


@atomic
def _remind(late: Promise, moment: datetime) -> bool:
    late = lock(late)
    if late.ended_at:
        return False
    complaint = late.complaint
    person = late.by if late.by.is_active else keeper_of(complaint)
    if person is None:
        return False
    told: dict[str, Any] = {"number": str(complaint), "words": late.words, "end_at": late.due_at}
    notify({person, complaint.keeper or person}, LATE, complaint.get_absolute_url(), **told)
    give_task(complaint.store, person, LATE, due_at=moment, row=late, by=CLOCK, **told)
    return True


def remind_promises(moment: datetime | None = None) -> int:
    """Tell once of each promise whose time has passed: a task for who promised it, a word to the keeper; told by the
    clock."""
    at = moment or now()
    asked = Task.objects.filter(code=LATE, kind=Promise.kind_name(), object_id=OuterRef("pk"))
    rows = Promise.objects.open().filter(~Exists(asked), due_at__lte=at, complaint__origin="")
    return sum(_remind(one, at) for one in list(rows.order_by("due_at", "pk")[:MOST]))
