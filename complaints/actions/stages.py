"""The way of a case from stage to stage: every step goes through here, so that clocks and calls follow it."""

from typing import Any

from django.utils.timezone import now
from django.utils.translation import gettext as _

from complaints.actions.clocks import switch_stage
from complaints.models import Complaint
from core.rows import Refused, lock, move


def open_case(complaint: Complaint) -> Complaint:
    """The case under lock, if it is still being worked on; told by every verb of a case."""
    complaint = lock(complaint)
    if complaint.origin:
        raise Refused(_("This case was loaded from elsewhere: it is history and is not worked on."))
    if not complaint.is_open:
        raise Refused(_("This case is closed."), code="wrong_status")
    return complaint


def enter(complaint: Complaint, status: str) -> None:
    """Move a case to a stage and let its clocks follow; the caller saves and records."""
    move(complaint, status)
    switch_stage(complaint, now())


def save(complaint: Complaint, *fields: str) -> None:
    """Write these fields, one version further."""
    complaint.version += 1
    complaint.save(update_fields=["version", *fields])


def about(complaint: Complaint) -> list[Any]:
    """Whose timelines a line about a case stands in."""
    return [complaint.customer, complaint.vehicle, complaint.order]
