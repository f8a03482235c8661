"""The way of a case in plain words, as the complainant reads it: no word of the house's own trade in it."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from complaints.models import Complaint

Status, Nature, Result = Complaint.Status, Complaint.Nature, Complaint.Result

# status: where it stands, what comes next
STAGES: dict[str, tuple[Any, Any]] = {
    Status.RECEIVED: (
        gettext_lazy("We have what you told us and are looking into it."),
        gettext_lazy("We tell you what we think of it and who takes care of it."),
    ),
    Status.INVESTIGATING: (
        gettext_lazy("We are finding out how it came about."),
        gettext_lazy("We work out how it can be settled."),
    ),
    Status.PROPOSING: (
        gettext_lazy("We know the cause and are working out how it can be settled."),
        gettext_lazy("Our manager looks at every way and decides."),
    ),
    Status.DECIDING: (
        gettext_lazy("Our manager looks at the ways in which it can be settled."),
        gettext_lazy("We tell you what was decided and ask whether you agree."),
    ),
    Status.CALLING: (
        gettext_lazy("What we agreed is done."),
        gettext_lazy("We ask you whether you are satisfied."),
    ),
    Status.MERGED: (
        gettext_lazy("We handle this together with another case about the same matter."),
        gettext_lazy("What you add here is added there."),
    ),
}
ENDS: dict[str, Any] = {
    Result.SATISFIED: gettext_lazy("It is settled. Thank you for telling us."),
    Result.AVERAGE: gettext_lazy("It is settled. Thank you for telling us."),
    Result.NOT_ESTABLISHED: gettext_lazy("We have answered and you agreed with the answer."),
    Result.ANSWERED: gettext_lazy("We have answered your question."),
    Result.ADOPTED: gettext_lazy("We take up your suggestion. Thank you!"),
    Result.NOT_ADOPTED: gettext_lazy("We thought about your suggestion carefully and cannot take it up for now."),
    Result.WITHDRAWN: gettext_lazy("You have withdrawn it."),
    Result.UNREACHABLE: gettext_lazy("We could not reach you. Write to us here or call us, and we go on."),
    Result.NO_AGREEMENT: gettext_lazy("We did not come to an agreement."),
    Result.COURT: gettext_lazy("It is decided by a court."),
}
PLACE: dict[str, int] = {Status.RECEIVED: 0, Status.INVESTIGATING: 1, Status.PROPOSING: 2, Status.DECIDING: 2,
         Status.CARRYING_OUT: 3, Status.CALLING: 4, Status.CLOSED: 5}  # fmt: skip


def stage_of(case: Complaint) -> dict[str, Any]:
    """Where a case stands and what comes next, each as a sentence."""
    if case.status == Status.CLOSED:
        return {"now": ENDS[case.result], "next": ""}
    if case.status == Status.ANSWERING:
        if case.replied_at:
            is_asked = case.nature != Nature.SUGGESTION
            return {"now": _("We have answered."), "next": _("Tell us whether that settles it.") if is_asked else ""}
        return {"now": _("We are preparing our answer."), "next": _("You find our answer on this page.")}
    if case.status == Status.CARRYING_OUT:
        if case.accepted_at:
            return {"now": _("You have agreed; we are doing it."), "next": _("We tell you when it is done.")}
        return {"now": _("This is what we offer."), "next": _("Tell us whether you agree.")}
    now_said, next_said = STAGES[case.status]
    return {"now": now_said, "next": next_said}


def steps_of(case: Complaint) -> list[dict[str, Any]]:
    """The steps of the way with the one where it is now; what is only answered has a short way."""
    is_short = case.nature != Nature.COMPLAINT or case.status == Status.ANSWERING
    is_short = is_short or case.result == Result.NOT_ESTABLISHED
    if case.status == Status.MERGED:
        return []
    if is_short:
        labels = [_("Came in"), _("Our answer"), pgettext("case", "Closed")]
        place = 3 if case.status == Status.CLOSED else 1
    else:
        labels = [_("Came in"), _("Finding the cause"), _("Solution"), _("Doing it"), _("Your word")]
        place = PLACE[case.status]
    if case.status == Status.CLOSED and case.result in Complaint.EXITS:
        return []
    states = ["done" if i < place else "now" if i == place else "todo" for i in range(len(labels))]
    return [{"label": label, "state": state} for label, state in zip(labels, states, strict=True)]
