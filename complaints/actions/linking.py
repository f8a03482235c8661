"""Cases that are the same, and cases that come again (K-22)."""

from django.utils.translation import gettext as _

from complaints.actions.stages import about, enter, open_case, save
from complaints.models import Complaint
from core.actions import end_tasks
from core.actor import Actor, allow
from core.figures import touch
from core.logbook import record
from core.rows import Refused, atomic, lock

SAME, REPEAT = "same", "repeat"


def _both(complaint: Complaint, other: Complaint) -> tuple[Complaint, Complaint]:
    """Both under lock, the older row first, so that two colleagues who link the two never wait in a ring."""
    rows = {one.pk: one for one in (complaint, other)}
    if len(rows) == 1:
        raise Refused(_("A case is not part of itself."), field="other")
    locked = {pk: lock(rows[pk]) for pk in sorted(rows)}
    return open_case(complaint), locked[other.pk]


def _merge(complaint: Complaint, other: Complaint, by: Actor) -> None:
    if not other.is_open:
        raise Refused(_("The other case is closed: note this one as its repeat, or reopen it."), field="other")
    if complaint.merged.exists():
        raise Refused(_("Other cases are part of this one: link it the other way round."), field="other")
    enter(complaint, Complaint.Status.MERGED)
    complaint.same_as = other
    save(complaint, "status", "same_as")
    end_tasks("case_major", complaint, by=by)


def _repeat(complaint: Complaint, other: Complaint) -> None:
    if other.status == Complaint.Status.MERGED:
        raise Refused(_("The other case is part of another one; choose that one."), field="other")
    if other.received_at > complaint.received_at or other.repeat_of_id == complaint.pk:
        raise Refused(_("A repeat comes after the case that it repeats."), field="other")
    complaint.repeat_of = other
    save(complaint, "repeat_of")


@atomic
def link_case(complaint: Complaint, *, other: Complaint, relation: str, by: Actor) -> Complaint:
    """Two cases belong together: this one is the same as another, which goes on alone, or it is a repeat of it."""
    allow(by, "complaints.link_case", complaint.store)
    if other.store.company_id != complaint.store.company_id or other.origin:
        raise Refused(_("Only cases of the same company that were made here are linked."), field="other")
    complaint, other = _both(complaint, other)
    if relation == SAME:
        _merge(complaint, other, by)
    else:
        _repeat(complaint, other)
    values = {"relation": relation, "number": other.number}
    record("complaint.linked", complaint, by=by, about=[*about(complaint), other], **values)
    touch(complaint.store_id, complaint.received_on)
    return complaint


@atomic
def unlink_case(complaint: Complaint, *, reason: str = "", by: Actor) -> Complaint:
    """Two cases do not belong together after all: one that was merged goes on by itself from where it came in."""
    allow(by, "complaints.link_case", complaint.store)
    complaint = lock(complaint)
    other = complaint.same_as or complaint.repeat_of
    if other is None:
        raise Refused(_("This case is linked with no other."))
    if complaint.same_as_id:
        complaint.same_as = None
        enter(complaint, Complaint.Status.RECEIVED)
        if complaint.nature != Complaint.Nature.COMPLAINT:
            enter(complaint, Complaint.Status.ANSWERING)
    else:
        complaint.repeat_of = None
    save(complaint, "status", "same_as", "repeat_of")
    record("complaint.unlinked", complaint, by=by, about=[*about(complaint), other], reason=reason)
    touch(complaint.store_id, complaint.received_on)
    return complaint
