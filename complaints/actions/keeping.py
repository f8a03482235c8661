"""Who keeps a case: taken, given, handed over with the reason (K-04, K-18)."""

from django.utils.translation import gettext as _

from complaints.actions.calling import barred_from_call
from complaints.actions.cases import WORKING, people_with
from complaints.actions.stages import about, open_case, save
from complaints.models import Complaint
from core.actions import notify
from core.actor import Actor, allow
from core.logbook import record
from core.models import Employee
from core.rows import Refused, atomic
from customers import actions as customers


def _hand_to(complaint: Complaint, keeper_id: int, by: Actor) -> int | None:
    """Give a case its keeper, who from now on does not make its closing call; the one before, when there was one."""
    before = complaint.keeper_id
    complaint.keeper_id = keeper_id
    complaint.handovers += before is not None
    save(complaint, "keeper", "handovers")
    if complaint.status == Complaint.Status.CALLING:
        customers.bar_case_call(complaint.pk, barred_from_call(complaint), by=by)
    return before


@atomic
def take(complaint: Complaint, *, by: Actor) -> Complaint:
    """Take a case: from now on one keeps it."""
    allow(by, "complaints.take", complaint.store)
    complaint = open_case(complaint)
    if by.kind != "employee" or by.pk is None:
        raise Refused(_("A case is kept by a person."))
    if complaint.keeper_id == by.pk:
        raise Refused(_("You keep this case already."))
    before = _hand_to(complaint, by.pk, by)
    record("complaint.taken", complaint, by=by, about=about(complaint))
    if before:
        notify([before], "case_taken", complaint.get_absolute_url(), number=complaint.number, name=by.name)
    return complaint


@atomic
def assign(complaint: Complaint, *, keeper: Employee, reason: str = "", by: Actor) -> Complaint:
    """Give a case to somebody who works on cases; handing over says why (K-18)."""
    allow(by, "complaints.assign", complaint.store)
    complaint = open_case(complaint)
    if keeper.pk == complaint.keeper_id:
        raise Refused(_("This person keeps the case already."), field="keeper")
    if not people_with(complaint.store, WORKING).filter(pk=keeper.pk).exists():
        raise Refused(_("This person does not work on cases in this store."), field="keeper")
    if complaint.keeper_id and not reason:
        raise Refused(_("Say why the case is handed over."), field="reason")
    before = _hand_to(complaint, keeper.pk, by)
    values = {"name": keeper.name, "reason": reason}
    record("complaint.assigned", complaint, by=by, about=about(complaint), **values)
    address = complaint.get_absolute_url()
    notify([one for one in (before, keeper.pk) if one and one != by.pk], "case_assigned", address,
           number=complaint.number, name=keeper.name, reason=reason)  # fmt: skip
    return complaint
