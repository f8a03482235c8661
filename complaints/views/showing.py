"""What the page of a case shows of itself: the way it has come, the words, tries, what belongs together."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from complaints.models import Channel, Complaint, Word
from complaints.tables import CASE_TONES, NATURE_TONES, SEVERITY_TONES
from core.events import events_of
from core.templatetags.ui import when
from core.web import HouseRequest

Status = Complaint.Status
MOST = 5  # cases that look like the same


def _path_of(complaint: Complaint) -> list[tuple[str, Any, Any]]:
    """The stages of this case's way: status, its name, when it was left behind."""
    c = complaint
    answered: list[tuple[str, Any, Any]] = [
        (Status.RECEIVED, _("Taken in"), c.received_at),
        (Status.ANSWERING, _("Answering"), c.replied_at),
        (Status.CLOSED, pgettext("case", "Closed"), c.closed_at),
    ]
    # a customer who did not accept the answer has the case investigated all the same
    only_answered = c.grounds_ok is False and c.investigated_at is None and not c.is_open
    if c.nature != Complaint.Nature.COMPLAINT or c.status == Status.ANSWERING or only_answered:
        return answered
    if c.status == Status.CLOSED and c.result == Complaint.Result.NOT_ESTABLISHED:
        return answered
    return [
        (Status.RECEIVED, _("Judgement"), c.judged_at),
        (Status.INVESTIGATING, _("Investigation"), c.investigated_at),
        (Status.PROPOSING, _("Options"), None),
        (Status.DECIDING, _("Decision"), c.decided_at),
        (Status.CARRYING_OUT, _("Carrying out"), c.carried_out_at),
        (Status.CALLING, _("Closing call"), None),
        (Status.CLOSED, pgettext("case", "Closed"), c.closed_at),
    ]


def steps_of(complaint: Complaint) -> list[dict[str, Any]]:
    """The stages of a case as a visible path; an exit or a merge stops it where it stood."""
    path = _path_of(complaint)
    places = {status: place for place, (status, _label, _at) in enumerate(path)}
    is_over = complaint.status == Status.CLOSED
    is_stopped = complaint.status == Status.MERGED or complaint.result in Complaint.EXITS
    here = places.get(Status(complaint.status), 0)
    if complaint.nature != Complaint.Nature.COMPLAINT and not is_over:
        here = 1
    found = []
    for place, (_status, label, at) in enumerate(path):
        state = "done" if place < here or (is_over and not is_stopped) else "now" if place == here else "todo"
        if is_stopped:
            state = "stopped" if place == len(path) - 1 else "done" if at else "todo"
            label = complaint.get_result_display() or complaint.get_status_display() if state == "stopped" else label
        found.append({"label": label, "state": state, "at": when(at) if at and state in {"done", "stopped"} else ""})
    return found


def shown(request: HouseRequest, complaint: Complaint) -> dict[str, Any]:
    """What the head of a case and its own piece show."""
    actor, store = request.actor, complaint.store
    is_worked = complaint.is_open and not complaint.origin
    verbs = ("edit_complaint", "take", "assign", "add_channel", "note_attempt", "link_case")
    may: dict[str, bool] = {verb: is_worked and actor.may(f"complaints.{verb}", store) for verb in verbs}
    may["take"] = may["take"] and complaint.keeper_id != actor.pk and actor.kind == "employee"
    may["add_word"] = not (complaint.is_locked or complaint.origin) and actor.may("complaints.add_word", store)
    may["print"] = actor.may("complaints.print", store)
    may["files"] = actor.may("core.see_attachments", store)
    may["see_customer"] = actor.may("customers.see_customers", store)
    may["see_car"] = actor.may("customers.see_vehicles", store)
    may["see_order"] = actor.may("service.see_orders", store)
    merged = list(complaint.merged.order_by("received_at"))
    alike = Complaint.objects.visible_to(actor).alike(complaint).with_names()
    linked = {complaint.repeat_of_id, complaint.same_as_id, *(one.pk for one in merged)}
    repeats = list(complaint.repeats.order_by("received_at"))
    linked |= {one.pk for one in repeats}
    channels = Channel.objects.filter(complaint__in=[complaint, *merged]).select_related("complaint")
    return {
        "case_may": may,
        "case_steps": steps_of(complaint),
        "case_tone": CASE_TONES[Status(complaint.status)],
        "case_nature_tone": NATURE_TONES[complaint.nature],
        "case_severity_tone": SEVERITY_TONES[complaint.severity],
        "case_channels": list(channels.order_by("at", "id")),
        "case_said": list(Word.objects.filter(complaint__in=[complaint, *merged]).order_by("at", "id")),
        "case_attempts": list(complaint.attempts.select_related("by")),
        "case_problems": list(complaint.problems.select_related("problem_class")),
        "case_merged": merged,
        "case_repeats": repeats,
        "case_alike": [one for one in alike.order_by("-received_at", "-id")[: MOST + 5] if one.pk not in linked][:MOST],
        "events": events_of(complaint, 80),
    }
