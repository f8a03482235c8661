"""The clocks of a case stand still while somebody is waited for (K-02)."""

from django.utils.timezone import now
from django.utils.translation import gettext as _

from complaints.actions.clocks import PAUSED, resume_clocks
from complaints.actions.stages import about, open_case, save
from complaints.models import Complaint, Pause
from core.actor import Actor, allow
from core.logbook import record
from core.rows import Refused, atomic


@atomic
def pause(complaint: Complaint, *, reason: str, remark: str = "", by: Actor) -> Complaint:
    """Let the house's own clocks of a case stand still while somebody is waited for; what others demand runs on."""
    allow(by, "complaints.pause", complaint.store)
    complaint = open_case(complaint)
    if complaint.pauses.filter(ended_at=None).exists():
        raise Refused(_("The clocks of this case stand still already."), code="wrong_status")
    moment = now()
    Pause.objects.create(complaint=complaint, reason=reason, remark=remark.strip(), started_at=moment)
    complaint.clocks.filter(due__in=PAUSED, ended_at=None).update(paused_at=moment)
    save(complaint)
    record("complaint.paused", complaint, by=by, about=about(complaint), waits_for=reason, reason=remark)
    return complaint


@atomic
def resume(complaint: Complaint, *, by: Actor) -> Complaint:
    """Let the clocks of a case go on; what is due moves by the time that they stood still."""
    allow(by, "complaints.pause", complaint.store)
    complaint = open_case(complaint)
    if not resume_clocks(complaint, now()):
        raise Refused(_("The clocks of this case are running."), code="wrong_status")
    save(complaint)
    record("complaint.resumed", complaint, by=by, about=about(complaint))
    return complaint
