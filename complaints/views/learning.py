"""What was learnt from a case: corrective actions, known issues (K-15, K-24)."""

from typing import Any

from complaints.actions.bulletins import KEEP, LINK, OFTEN, WITHIN_DAYS, same_of
from complaints.models import Bulletin, Complaint, Correction
from complaints.tables import CORRECTION_TONES
from core.web import HouseRequest


def shown(request: HouseRequest, complaint: Complaint) -> dict[str, Any]:
    """The corrective actions and known issues of a case, the known issues that fit it, and what is worth one."""
    actor, store = request.actor, complaint.store
    ours = not complaint.origin
    rows: list[Any] = list(complaint.corrections.select_related("owner").order_by("due_on", "id"))
    for one in rows:
        one.tone = CORRECTION_TONES[one.status]
    sees = actor.may("complaints.see_bulletins", store)
    seen = Bulletin.objects.visible_to(actor)
    linked = list(seen.filter(complaints=complaint)) if sees else []
    fitting = seen.of_case(complaint) if sees and ours else []
    offered = [one for one in fitting if one not in linked]
    may_publish = ours and actor.scope(KEEP).holds_company(store.company_id)
    often = same_of(complaint) if may_publish and not linked and not offered else 0
    is_judged = bool(complaint.judged_at or complaint.status == Complaint.Status.CLOSED)
    return {
        "learning_corrections": rows,
        "learning_may_correct": ours and is_judged and actor.may("complaints.add_correction", store),
        "learning_linked": linked,
        "learning_offered": offered,
        "learning_may_link": ours and actor.may(LINK, store),
        "learning_may_publish": may_publish,
        "learning_often": often if often >= OFTEN else 0,
        "learning_days": WITHIN_DAYS,
        "learning_open": any(one.status == Correction.Status.OPEN for one in rows),
    }
