"""How a case is shut, whatever its end: closed on a day, its result counted, its file archived and locked (K-16); a
complaint is looked at again later."""

from datetime import timedelta

from django.utils.timezone import now

from complaints.actions.stages import enter
from complaints.models import Complaint
from core.actions import end_tasks
from core.actor import Actor

# what is to be done in a case as long as it is open
TASKS = ("case_ask_reaction", "case_close", "case_call_failed", "case_check", "case_late", "case_major", "rework_owed")
CHECK_DAYS = 30  # after closing the customer is asked once more (K-22)
SHUT = ("status", "result", "result_words", "closed_at", "closed_on", "check_due_on", "call_pending", "is_locked")
OPENED = (*SHUT, "reopened", "closing_call", "answered_at", "checked_at", "check_reaction")


def shut(complaint: Complaint, result: str, words: str = "", *, by: Actor) -> None:
    """End a case with its result, and what was still to be done in it; the caller saves the fields in SHUT and records.

    Told by every way to end one.
    """
    moment = now()
    enter(complaint, Complaint.Status.CLOSED)
    complaint.result, complaint.result_words = result, words.strip()
    complaint.closed_at, complaint.call_pending, complaint.is_locked = moment, False, True
    complaint.closed_on = complaint.store.business_date(moment)
    is_settled = result in (Complaint.Result.SATISFIED, Complaint.Result.AVERAGE, Complaint.Result.NOT_ESTABLISHED)
    complaint.check_due_on = complaint.closed_on + timedelta(days=CHECK_DAYS) if is_settled else None
    for code in TASKS:
        end_tasks(code, complaint, by=by)


def open_again(complaint: Complaint) -> None:
    """Go on with a case from its investigation, or its answer; the caller saves the fields in OPENED and records."""
    is_complaint = complaint.nature == Complaint.Nature.COMPLAINT
    stage = Complaint.Status.INVESTIGATING if is_complaint else Complaint.Status.ANSWERING
    if complaint.is_locked:  # its clocks are not started in a file that is locked
        Complaint.objects.filter(pk=complaint.pk).update(status=stage, is_locked=False)
    enter(complaint, stage)
    complaint.reopened, complaint.is_locked = complaint.reopened + 1, False
    complaint.result = complaint.check_reaction = ""
    complaint.closed_at = complaint.closed_on = complaint.check_due_on = complaint.checked_at = None
    # the next remedy has its own closing call; the earlier ones are still found by the case
    complaint.closing_call, complaint.answered_at, complaint.call_pending = None, None, False
