"""The logbook told to people: every verb of the house as a sentence, with an icon and a colour."""

from typing import Any

from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext_lazy as _

from core.logbook import timeline
from core.templatetags.ui import money, when

# verb: icon, colour, sentence
EVENTS: dict[str, tuple[str, str, Any]] = {
    "customer.added": ("user-plus", "blue", _("Customer added")),
    "customer.edited": ("pencil", "secondary", _("Customer changed")),
    "customer.calls_refused": ("phone-off", "orange", _("Does not want calls any more")),
    "vehicle.added": ("car", "blue", _("Vehicle added")),
    "vehicle.edited": ("pencil", "secondary", _("Vehicle changed")),
    "vehicle.plate_taken_off": ("car", "orange", _("The plate was taken off")),
    "visit.arrived": ("map-pin", "azure", _("Arrived")),
    "visit.received": ("clipboard-list", "blue", _("Received")),
    "visit.promised": ("clock", "orange", _("New time promised")),
    "visit.ready": ("circle-check", "green", _("Ready, customer told")),
    "visit.settled": ("receipt", "green", _("Settled, nothing to pay")),
    "visit.handed_over": ("key", "green", _("Handed over")),
    "visit.exited": ("arrow-back-up", "orange", _("Leaves without the work")),
    "order.estimated": ("tools", "blue", _("Estimate")),
    "order.line_removed": ("trash", "secondary", _("A line was taken out")),
    "order.shared": ("users-group", "blue", _("Payers of a line")),
    "order.authorised": ("signature", "green", _("The customer answered")),
    "order.job_added": ("plus", "blue", _("A job was added")),
    "order.dispatched": ("user-check", "purple", _("Dispatched")),
    "order.job_started": ("tool", "blue", _("Work began")),
    "order.job_finished": ("check", "blue", _("Work finished")),
    "order.checked": ("shield-check", "cyan", _("Quality check")),
    "settlement.settled": ("receipt", "green", _("Settled")),
    "settlement.reversed": ("rotate", "orange", _("Settlement reversed")),
    "settlement.paid": ("cash", "green", _("Paid")),
    "settlement.refunded": ("cash", "orange", _("Refunded")),
    "gate_pass.issued": ("barrier-block", "green", _("Gate pass issued")),
    "gate_pass.cancelled": ("ban", "orange", _("Gate pass cancelled")),
    "gate_pass.used": ("route", "green", _("Out of the gate")),
    "calls.planned": ("phone-call", "blue", _("Follow-up calls planned")),
    "calls.assigned": ("users", "blue", _("Follow-up calls assigned")),
    "calls.replanned": ("calendar-time", "blue", _("Follow-up calls planned again")),
    "call.made": ("phone-check", "green", _("Follow-up call")),
    "call.time_agreed": ("calendar-time", "blue", _("Another time for the call agreed")),
    "call.reassigned": ("user-check", "purple", _("Call given to another agent")),
    "call.dropped": ("phone-off", "secondary", _("Call not wanted")),
    "customers.loaded": ("users", "secondary", _("Customers of an old system loaded")),
    "vehicles.loaded": ("car", "secondary", _("Vehicles of an old system loaded")),
    "orders.loaded": ("clipboard-list", "secondary", _("Orders of an old system loaded")),
    "holidays.loaded": ("calendar", "secondary", _("Official holidays loaded")),
    "demo.loaded": ("package", "secondary", _("Demo dealership loaded")),
    "reports.ordered": ("report-analytics", "blue", _("Monthly reports ordered")),
    "report.ordered": ("report-analytics", "blue", _("New version of a monthly report ordered")),
    "report.built": ("report-analytics", "green", _("Monthly report built and frozen")),
    "message.told": ("message-circle", "green", _("Customer told by hand")),
    "store.opened": ("building-store", "green", _("Store opened")),
    "employee.added": ("user-plus", "blue", _("Account made")),
    "employee.posted": ("user-check", "blue", _("Role given")),
    "employee.posting_ended": ("user", "orange", _("Role taken away")),
    "employee.deactivated": ("ban", "orange", _("Account closed")),
    "employee.reactivated": ("user-check", "green", _("Account opened again")),
    "employee.password_reset": ("key", "orange", _("New first password")),
    "token.made": ("key", "blue", _("Access token made")),
    "token.revoked": ("key", "orange", _("Access token revoked")),
}
# values of a line that are worth reading, in this order; a pair is a value before and after
TOLD = ("number", "order", "plate", "vin", "agent", "technician", "agreed_at", "promised_at", "amount", "name", "phone",
        "words", "remedy", "consent_by", "reason", "remark", "planned", "assigned", "replanned", "ordered")  # fmt: skip
# words kept as codes, and how they are read
CODES = {
    "reached": _("Reached"),
    "no_answer": _("No answer"),
    "busy": _("Busy"),
    "wrong_number": _("Wrong number"),
    "another_time": _("Asked for another time"),
    "refused": _("Does not want calls"),
    "satisfied": _("Satisfied"),
    "average": _("Average"),
    "dissatisfied": _("Dissatisfied"),
}


def sentence_of(verb: str) -> tuple[str, str, str]:
    """Icon, colour and sentence of a verb; one that is not known here is shown as it is."""
    icon, tone, sentence = EVENTS.get(verb, ("history", "secondary", verb))
    return icon, tone, str(sentence)


def _said(name: str, value: Any) -> str:
    if isinstance(value, list):
        parts = [_said(name, one) for one in value if one not in ("", None)]
        return " → ".join(parts) if len(value) == 2 and name != "words" else "、".join(parts)
    if name == "amount":
        return money(value)
    if name.endswith("_at") and isinstance(value, str) and (moment := parse_datetime(value)):
        return when(moment)
    return str(value)


def events_of(row: Any, limit: int = 40) -> list[dict[str, Any]]:
    """What happened to a document and to what concerns it, newest first, in the reader's language."""
    found = []
    for one in timeline(row, limit):
        icon, tone, text = sentence_of(one["entry"].verb)
        values = one["detail"].values if one["detail"] else {}
        told = [str(CODES[values[name]]) for name in ("outcome", "answer") if values.get(name) in CODES]
        told += [_said(name, values[name]) for name in TOLD if values.get(name)]
        found.append(
            {
                "icon": icon,
                "tone": tone,
                "text": " · ".join([text, *told[:4]]),
                "who": one["detail"].by_name if one["detail"] else "",
                "at": one["entry"].at,
            }
        )
    return found
