"""What was found out about a complaint: findings, evidence, who is responsible, the root cause (K-03, K-10)."""

from collections.abc import Iterable
from typing import Any

from django.utils.timezone import now
from django.utils.translation import gettext as _

from complaints.actions.remedies import check_stage
from complaints.actions.stages import about, enter, open_case, save
from complaints.models import Complaint
from core.actions import keep_files, people_of
from core.actor import Actor, allow
from core.figures import touch
from core.logbook import record
from core.models import Attachment, Employee
from core.rows import Refused, atomic
from core.uploads import CleanFile

Status, Cause = Complaint.Status, Complaint.Cause
WHYS = 5
OWN_CAUSES = (Cause.SKILL, Cause.ATTITUDE)  # causes that lie with a person of the house


@atomic
def investigate(
    complaint: Complaint,
    *,
    route: str = "",
    department: str = "",
    findings: str = "",
    responsible: Employee | None = None,
    cause: str = "",
    whys: Iterable[str] = (),
    photos: Iterable[CleanFile] = (),
    is_done: bool = False,
    by: Actor,
) -> Complaint:
    """Note what was found out, with evidence; done it needs route, findings, root cause and why, and options follow.

    It may be kept unfinished, and it is taken up again while the options are drawn up.
    """
    allow(by, "complaints.investigate", complaint.store)
    complaint = open_case(complaint)
    check_stage(complaint, Status.INVESTIGATING, Status.PROPOSING)
    given: dict[str, Any] = {"route": route, "findings": findings.strip(), "responsible": responsible, "cause": cause}
    given["whys"] = [one.strip() for one in whys if one.strip()][:WHYS]
    given["department"] = department or complaint.department
    _check_person(complaint, responsible)
    if is_done:
        _check_done(given)
    for name, value in given.items():
        setattr(complaint, name, value)
    complaint.investigated_at = now() if is_done else None
    if (stage := Status.PROPOSING if is_done else Status.INVESTIGATING) != complaint.status:
        enter(complaint, stage)
    keep_files(complaint, photos, purpose=Attachment.Purpose.WORK, by=by)
    save(complaint, *given, "investigated_at", "status")
    told = given | {"responsible": str(responsible or ""), "findings": complaint.findings[:400], "is_done": is_done}
    record("complaint.investigated", complaint, by=by, about=about(complaint), **told)
    touch(complaint.store_id, complaint.received_on)
    return complaint


def _check_person(complaint: Complaint, person: Employee | None) -> None:
    """Somebody of the store, or who was named before and has left since."""
    if person is None or person.pk == complaint.responsible_id:
        return
    if not people_of([complaint.store_id]).filter(pk=person.pk).exists():
        raise Refused(_("This person does not work in this store."), field="responsible")


def _check_done(given: dict[str, Any]) -> None:
    """What an investigation needs before options can be drawn up; each thing that is missing stands at its field."""
    needed = {
        "route": _("Say where the investigation looked."),
        "findings": _("Write down what was found."),
        "cause": _("Name the root cause: without it a case is not settled."),
        "whys": _("Ask why at least once, better five times."),
        "department": _("Name the department that answers for it."),
    }
    for name, sentence in needed.items():
        if not given[name]:
            raise Refused(sentence, field=name)
    if given["cause"] in OWN_CAUSES and given["responsible"] is None:
        raise Refused(_("With this root cause somebody is responsible: name the person."), field="responsible")
