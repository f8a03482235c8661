"""What is said in a case after its beginning, by which ways it comes in again, and tries to reach the customer."""

from collections.abc import Iterable
from typing import Any

from django.utils.timezone import now
from django.utils.translation import gettext as _

from complaints.actions.cases import add_way
from complaints.actions.stages import about, open_case, save
from complaints.models import Attempt, Complaint, Word
from core.actions import keep_files, notify
from core.actor import Actor, allow
from core.logbook import record
from core.models import Attachment
from core.rows import Refused, atomic, lock


@atomic
def say(
    complaint: Complaint,
    text: str,
    *,
    is_customer: bool = False,
    is_shown: bool = False,
    photos: Iterable[Any] = (),
    by: Actor,
) -> Word:
    """Write down what was said in a case; what the customer adds is told to its keeper. Told."""
    if complaint.is_locked and not is_customer:
        raise Refused(_("This case is archived: only the customer may still add to it."))
    if complaint.origin:
        raise Refused(_("This case was loaded from elsewhere: it is history and is not worked on."))
    kept = {"is_customer": is_customer, "is_shown": is_shown or is_customer, "text": text.strip()}
    word = Word.objects.create(complaint=complaint, at=now(), by_name=by.name[:80], **kept)
    keep_files(complaint, photos, purpose=Attachment.Purpose.DAMAGE, by=by)
    save(complaint)
    record("complaint.word_added", complaint, by=by, about=about(complaint), words=text.strip()[:400])
    if complaint.keeper_id and complaint.keeper_id != by.pk:
        code = "case_customer_said" if is_customer else "case_word"
        address, words = complaint.get_absolute_url(), text.strip()[:60]
        notify([complaint.keeper_id], code, address, number=complaint.number, name=by.name, words=words)
    return word


@atomic
def add_word(
    complaint: Complaint, *, text: str, is_shown: bool = False, photos: Iterable[Any] = (), by: Actor
) -> Complaint:
    """Add a note to a case; one that is shown stands on the customer's page too."""
    allow(by, "complaints.add_word", complaint.store)
    complaint = lock(complaint)
    say(complaint, text, is_shown=is_shown, photos=photos, by=by)
    return complaint


@atomic
def add_channel(
    complaint: Complaint, *, way: str, remark: str = "", photos: Iterable[Any] = (), by: Actor
) -> Complaint:
    """Note that the same case came in by another way too; it stays one case."""
    allow(by, "complaints.add_channel", complaint.store)
    complaint = open_case(complaint)
    add_way(complaint, way, remark, at=now(), by=by)
    keep_files(complaint, photos, purpose=Attachment.Purpose.PAPER, by=by)
    save(complaint)
    record("complaint.channel_added", complaint, by=by, about=about(complaint), way=way, remark=remark)
    return complaint


@atomic
def note_attempt(complaint: Complaint, *, way: str, outcome: str, remark: str = "", by: Actor) -> Complaint:
    """Note a try to reach the customer: the proof that is asked for before a case ends as unreachable (失联)."""
    allow(by, "complaints.note_attempt", complaint.store)
    complaint = open_case(complaint)
    kept = {"way": way, "outcome": outcome, "remark": remark}
    employee = by.pk if by.kind in {"employee", "integration"} else None
    Attempt.objects.create(complaint=complaint, at=now(), by_id=employee, **kept)
    save(complaint)
    record("complaint.attempt_noted", complaint, by=by, about=about(complaint), **kept)
    return complaint
