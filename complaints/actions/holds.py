"""An open complaint holds the calls after service of the one who complains, until it is closed (K-05)."""

from datetime import datetime

from complaints.models import Complaint
from core.actor import CLOCK
from customers import actions as customers


def follow_calls(complaint: Complaint, moment: datetime) -> None:
    """Hold the calls of somebody whose complaint is open, and let them go on once it is not; told.

    An enquiry or a suggestion holds none. The closing call is no call after service and is not held.
    """
    if complaint.origin:
        return
    if complaint.is_open and complaint.nature == Complaint.Nature.COMPLAINT:
        customers.hold_calls(
            store=complaint.store,
            case_id=complaint.pk,
            about=f"{complaint.number} {complaint.words[:60]}".strip(),
            address=complaint.get_absolute_url(),
            customer=complaint.customer,
            phone=complaint.phone,
            moment=moment,
            by=CLOCK,
        )
    else:
        customers.release_calls(complaint.pk, moment=moment, by=CLOCK)
