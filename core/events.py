"""The logbook told to people: every verb of the house as a sentence, with an icon and a colour."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.apps import apps
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext_lazy as _

from core.actor import Actor
from core.logbook import timeline
from core.models import Detail, Employee, Entry
from core.rows import HouseModel
from core.templatetags.ui import NOTHING, money, plate, plates, when

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
    "visit.greeted": ("user", "azure", _("Customer greeted")),
    "visit.received_quick": ("bolt", "blue", _("Through the quick lane")),
    "visit.edited": ("pencil", "secondary", _("Reception put right")),
    "visit.promised": ("clock", "orange", _("New time promised")),
    "visit.promise_alarmed": ("bell", "orange", _("Warned that the promise will not hold")),
    "visit.ready": ("circle-check", "green", _("Ready, customer told")),
    "visit.washed": ("wash", "green", _("Washed")),
    "visit.wash_left_out": ("wash", "orange", _("Goes out unwashed")),
    "visit.explained": ("receipt", "blue", _("Bill explained")),
    "visit.settled": ("receipt", "green", _("Settled, nothing to pay")),
    "visit.manager_asked": ("message-circle", "orange", _("Asked the manager")),
    "visit.handed_over": ("key", "green", _("Handed over")),
    "visit.exited": ("arrow-back-up", "orange", _("Leaves without the work")),
    "order.estimated": ("tools", "blue", _("Estimate")),
    "order.line_removed": ("trash", "secondary", _("A line was taken out")),
    "order.shared": ("users-group", "blue", _("Payers of a line")),
    "order.job_shared": ("users-group", "blue", _("Payers of a job")),
    "order.assessed": ("shield-check", "blue", _("Loss assessed")),
    "order.goodwill_asked": ("gavel", "orange", _("Asked for goodwill of the store")),
    "order.opened": ("clipboard-list", "blue", _("Another repair order opened")),
    "order.edited": ("pencil", "secondary", _("Manufacturer's order number noted")),
    "order.menu_added": ("package", "blue", _("A menu was taken")),
    "order.taken_up": ("rotate", "blue", _("Work of an earlier visit offered again")),
    "item.added": ("plus", "blue", _("Item put into the catalogue")),
    "item.edited": ("pencil", "secondary", _("Item of the catalogue changed")),
    "menu.composed": ("plus", "blue", _("Menu composed")),
    "menu.edited": ("pencil", "secondary", _("Menu changed")),
    "catalogue.loaded": ("upload", "blue", _("Catalogue loaded from a file")),
    "menus.loaded": ("upload", "blue", _("Menus loaded from a file")),
    "party.added": ("plus", "blue", _("Payer added")),
    "party.edited": ("pencil", "secondary", _("Payer changed")),
    "order.authorised": ("signature", "green", _("The customer answered")),
    "order.job_added": ("plus", "blue", _("A job was added")),
    "order.link_sent": ("send", "blue", _("Estimate sent by link")),
    "order.link_opened": ("eye", "secondary", _("Link opened by the customer")),
    "order.link_closed": ("ban", "secondary", _("Link taken back")),
    "order.link_answered": ("message-circle", "green", _("Answered by link")),
    "order.held": ("player-pause", "orange", _("On hold")),
    "order.resumed": ("player-play", "blue", _("The wait is over")),
    "order.dispatched": ("user-check", "purple", _("Dispatched")),
    "order.job_started": ("tool", "blue", _("Work began")),
    "order.job_finished": ("check", "blue", _("Work finished")),
    "order.checked": ("shield-check", "cyan", _("Quality check")),
    "settlement.settled": ("receipt", "green", _("Settled")),
    "settlement.reversed": ("rotate", "orange", _("Settlement reversed")),
    "settlement.paid": ("cash", "green", _("Paid")),
    "settlement.refunded": ("cash", "orange", _("Refunded")),
    "settlement.refused": ("ban", "red", _("The customer refuses to pay")),
    "settlement.released": ("barrier-block", "orange", _("Let go on credit")),
    "settlement.written_off": ("trash", "orange", _("Written off")),
    "settlement.write_off_asked": ("hand-stop", "orange", _("Asked for a write-off")),
    "settlement.dunned": ("bell", "orange", _("Reminded of what is due")),
    "visit.discount_asked": ("hand-stop", "orange", _("Asked for a discount")),
    "deposit.taken": ("cash", "green", _("Deposit taken")),
    "deposit.returned": ("cash", "orange", _("Deposit given back")),
    "agreement.added": ("wallet", "blue", _("Credit account agreed")),
    "agreement.edited": ("pencil", "secondary", _("Credit account changed")),
    "agreement.ended": ("ban", "orange", _("Credit account ended")),
    "agreement.paid": ("cash", "green", _("Credit account paid off")),
    "agreement.refunded": ("cash", "orange", _("Receipt given back")),
    "party.paid": ("cash", "green", _("One payment for several settlements")),
    "invoice.asked": ("file-text", "blue", _("Invoice asked for")),
    "invoice.issued": ("file-text", "green", _("Invoice issued")),
    "invoice.reversed": ("rotate", "orange", _("Invoice reversed in red")),
    "invoice.dropped": ("trash", "secondary", _("Invoice not wanted")),
    "cash.counted": ("coin", "blue", _("Cash desk counted")),
    "cash.confirmed": ("check", "green", _("Count confirmed")),
    "gate_pass.issued": ("barrier-block", "green", _("Gate pass issued")),
    "gate_pass.cancelled": ("ban", "orange", _("Gate pass cancelled")),
    "gate_pass.used": ("route", "green", _("Out of the gate")),
    "gate_pass.back": ("arrow-back-up", "green", _("Back inside")),
    "calls.planned": ("phone-call", "blue", _("Follow-up calls planned")),
    "calls.assigned": ("users", "blue", _("Follow-up calls assigned")),
    "calls.held": ("hand-stop", "purple", _("Follow-up calls wait for a complaint")),
    "calls.released": ("phone-call", "blue", _("Follow-up calls go on")),
    "call.planned": ("phone-call", "blue", _("Closing call planned")),
    "calls.replanned": ("calendar-time", "blue", _("Follow-up calls planned again")),
    "call.made": ("phone-check", "green", _("Follow-up call")),
    "call.time_agreed": ("calendar-time", "blue", _("Another time for the call agreed")),
    "call.reassigned": ("user-check", "purple", _("Call given to another agent")),
    "call.barred": ("user-check", "secondary", _("Others make this call")),
    "call.dropped": ("phone-off", "secondary", _("Call not wanted")),
    "complaint.proposed": ("plus", "blue", _("An option was drawn up")),
    "complaint.option_edited": ("pencil", "secondary", _("An option was changed")),
    "complaint.option_removed": ("trash", "secondary", _("An option was taken back")),
    "complaint.preferred": ("star", "green", _("The customer prefers")),
    "complaint.handed_in": ("send", "blue", _("Options handed in")),
    "complaint.stamped": ("eye", "blue", _("The manager has seen an option")),
    "complaint.option_asked": ("clipboard-check", "orange", _("Asked for an option beyond one's own authority")),
    "complaint.decided": ("gavel", "green", _("Decided")),
    "complaint.sent_back": ("arrow-back-up", "orange", _("Options sent back")),
    "complaint.offered_again": ("rotate", "orange", _("The customer does not accept it")),
    "complaint.settled": ("bolt", "green", _("Settled on the spot")),
    "complaint.measure_given": ("list-check", "purple", _("A measure was given")),
    "complaint.told": ("message-circle", "blue", _("Customer told what is offered or decided")),
    "complaint.accepted": ("signature", "green", _("Accepted by the customer")),
    "complaint.agreement_drawn": ("file-text", "blue", _("Settlement agreement drawn up")),
    "complaint.agreement_signed": ("signature", "green", _("Settlement agreement signed")),
    "complaint.agreement_cancelled": ("ban", "orange", _("Settlement agreement cancelled")),
    "complaint.paused": ("player-pause", "orange", _("Clocks stand still")),
    "complaint.resumed": ("player-play", "blue", _("Clocks go on")),
    "complaint.escalated": ("bell", "red", _("Warned that the time runs out")),
    "complaint.call_planned": ("phone-call", "blue", _("Closing call planned")),
    "complaint.call_not_planned": ("phone-off", "orange", _("No closing call can be planned")),
    "complaint.call_answered": ("phone-check", "green", _("Closing call made")),
    "correction.added": ("list-check", "purple", _("Corrective action given")),
    "correction.edited": ("pencil", "secondary", _("Corrective action changed")),
    "correction.done": ("check", "blue", _("Corrective action done")),
    "correction.effective": ("circle-check", "green", _("Corrective action effective")),
    "correction.not_effective": ("rotate", "orange", _("Corrective action not effective")),
    "correction.dropped": ("ban", "secondary", _("Corrective action dropped")),
    "correction.reminded": ("bell", "red", _("Told that the corrective action is late")),
    "bulletin.published": ("bell", "blue", _("Known issue published")),
    "bulletin.edited": ("pencil", "secondary", _("Known issue changed")),
    "bulletin.ended": ("flag", "secondary", _("Known issue ended")),
    "bulletin.linked": ("copy", "purple", _("Linked with a known issue")),
    "bulletin.unlinked": ("arrow-back-up", "orange", _("Separated from a known issue")),
    "month_sheet.signed": ("signature", "green", _("Sheet of the month signed")),
    "complaint.closed": ("circle-check", "green", _("Complaint closed")),
    "complaint.ended": ("flag", "secondary", _("Case ended otherwise")),
    "complaint.end_asked": ("clipboard-check", "orange", _("Asked for an end without agreement")),
    "complaint.reopened": ("rotate", "orange", _("Case opened again")),
    "complaint.checked": ("eye", "blue", _("Checked after closing")),
    "complaint.carried_out": ("check", "green", _("Remedy carried out")),
    "accountability.proposed": ("gavel", "orange", _("Held to account")),
    "accountability.heard": ("message-circle", "blue", _("The person was heard")),
    "accountability.asked": ("clipboard-check", "orange", _("Put before a manager")),
    "accountability.decided": ("gavel", "blue", _("Decided who answers for it")),
    "accountability.withdrawn": ("arrow-back-up", "secondary", _("Taken back")),
    "promise.made": ("clock", "blue", _("Promised to the customer")),
    "promise.kept": ("check", "green", _("Promise kept")),
    "promise.broken": ("alert-triangle", "red", _("Promise not kept")),
    "complaint.conduct_checked": ("list-check", "blue", _("Rules of conduct gone through")),
    "case_data.added": ("plus", "blue", _("Data of cases added")),
    "case_data.edited": ("pencil", "secondary", _("Data of cases changed")),
    "target.added": ("clock", "blue", _("Time limit laid down")),
    "target.ended": ("clock", "orange", _("Time limit ends")),
    "target.taken_back": ("arrow-back-up", "orange", _("Time limit taken back")),
    "customers.loaded": ("users", "secondary", _("Customers of an old system loaded")),
    "vehicles.loaded": ("car", "secondary", _("Vehicles of an old system loaded")),
    "orders.loaded": ("clipboard-list", "secondary", _("Orders of an old system loaded")),
    "complaint.judged": ("gavel", "blue", _("Judged")),
    "complaint.deadline_agreed": ("clock", "blue", _("A time was agreed with the customer")),
    "complaint.answered": ("message-circle", "blue", _("The customer was answered")),
    "complaint.reacted": ("message-circle", "green", _("The customer's reaction")),
    "complaint.investigated": ("search", "blue", _("Investigation noted")),
    "complaint.rework_opened": ("rotate", "blue", _("Free rework opened")),
    "complaint.rework_noted": ("rotate", "orange", _("Free rework owed")),
    "complaint.rework_dropped": ("ban", "secondary", _("The rework is not done")),
    "problems.loaded": ("list-check", "secondary", _("List of problems loaded")),
    "complaints.loaded": ("message-exclamation", "secondary", _("Complaints of another system loaded")),
    "opinions.loaded": ("message-2", "secondary", _("Opinions of owners loaded")),
    "holidays.loaded": ("calendar", "secondary", _("Official holidays loaded")),
    "demo.loaded": ("package", "secondary", _("Demo dealership loaded")),
    "reports.ordered": ("report-analytics", "blue", _("Monthly reports ordered")),
    "report.ordered": ("report-analytics", "blue", _("New version of a monthly report ordered")),
    "report.built": ("report-analytics", "green", _("Monthly report built and frozen")),
    "message.told": ("message-circle", "green", _("Customer told by hand")),
    "message.sent": ("send", "green", _("Message sent")),
    "message.given_up": ("alert-triangle", "orange", _("Message could not be sent")),
    "message.retried": ("rotate", "blue", _("Message to be sent once more")),
    "customer.consent_noted": ("signature", "blue", _("Consent to contact noted")),
    "customer.merged": ("users", "purple", _("Two records made one")),
    "customer.merge_undone": ("arrow-back-up", "orange", _("Two records again")),
    "customer.kept_apart": ("users-group", "secondary", _("Noted as two people")),
    "vehicle.merged": ("car", "purple", _("Two records of the car made one")),
    "vehicle.merge_undone": ("arrow-back-up", "orange", _("Two records of the car again")),
    "vehicle.kept_apart": ("car", "secondary", _("Noted as two cars")),
    "complaint.sent_in": ("scan", "blue", _("Sent in on the public page")),
    "complaint.added_by_link": ("message-circle", "blue", _("The customer added something by the link")),
    "outside.noted": ("flag", "orange", _("Regulator, manufacturer or press noted")),
    "outside.edited": ("pencil", "secondary", _("What others keep changed")),
    "outside.answered": ("message-circle", "green", _("First answer given there")),
    "outside.appealed": ("gavel", "blue", _("Appealed to the manufacturer")),
    "outside.appeal_settled": ("gavel", "blue", _("Result of the appeal")),
    "outside.statement_drafted": ("note", "blue", _("Statement written")),
    "outside.statement_handed_in": ("clipboard-check", "orange", _("Statement handed in for approval or approved")),
    "outside.published": ("world", "green", _("Statement published")),
    "outside.closed": ("circle-check", "green", _("Closed there")),
    "complaint.registered": ("message-circle", "red", _("Case taken in")),
    "complaint.edited": ("pencil", "secondary", _("Case put right")),
    "complaint.taken": ("user-check", "blue", _("Case taken by its keeper")),
    "complaint.assigned": ("user-check", "purple", _("Case given to somebody")),
    "complaint.word_added": ("note", "blue", _("Note added")),
    "complaint.channel_added": ("plus", "blue", _("Came in by another way too")),
    "complaint.attempt_noted": ("phone", "secondary", _("Tried to reach the customer")),
    "complaint.linked": ("copy", "purple", _("Linked with another case")),
    "complaint.unlinked": ("arrow-back-up", "orange", _("Separated from another case")),
    "store.opened": ("building-store", "green", _("Store opened")),
    "employee.added": ("user-plus", "blue", _("Account made")),
    "employee.posted": ("user-check", "blue", _("Role given")),
    "employee.posting_ended": ("user", "orange", _("Role taken away")),
    "employee.deactivated": ("ban", "orange", _("Account closed")),
    "employee.reactivated": ("user-check", "green", _("Account opened again")),
    "employee.password_reset": ("key", "orange", _("New first password")),
    "approval.asked": ("clipboard-check", "orange", _("Asked for approval")),
    "approval.granted": ("circle-check", "green", _("Approval granted")),
    "approval.refused": ("ban", "red", _("Approval refused")),
    "approval.withdrawn": ("rotate", "secondary", _("Approval withdrawn")),
    "approval.used": ("check", "green", _("Approval used")),
    "authority.set": ("clipboard-check", "blue", _("Authority changed")),
    "delegation.made": ("user-check", "blue", _("Deputy named")),
    "delegation.ended": ("user", "orange", _("Deputyship ended early")),
    "task.added": ("list-check", "blue", _("Task given")),
    "task.given": ("list-check", "blue", _("Task of the house")),
    "task.edited": ("pencil", "secondary", _("Task changed")),
    "task.finished": ("check", "green", _("Task done")),
    "task.handed_on": ("user-check", "purple", _("Task handed on")),
    "task.reopened": ("rotate", "orange", _("Task opened again")),
    "task.dropped": ("ban", "secondary", _("Task dropped")),
    "absence.added": ("calendar", "orange", _("Absence noted")),
    "absence.cancelled": ("calendar", "secondary", _("Absence taken back")),
    "employee.trade_set": ("tool", "blue", _("Trade of a technician changed")),
    "employee.password_changed": ("key", "blue", _("Password changed")),
    "employee.second_factor_added": ("shield-check", "green", _("Second factor set up")),
    "employee.second_factor_removed": ("shield", "orange", _("Second factor taken away")),
    "employee.second_factor_reset": ("shield", "orange", _("Every second factor taken away on the console")),
    "employee.recovery_codes_made": ("key", "blue", _("New recovery codes")),
    "attachment.added": ("photo", "blue", _("Photos or papers added")),
    "attachment.removed": ("trash", "orange", _("A photo or paper was taken away")),
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

# kinds of documents, by their stable name
KINDS = {
    "absence": _("Absence"),
    "accesstoken": _("Access token"),
    "accountability": _("Accountability"),
    "agreement": _("Settlement agreement"),
    "approval": _("Approval"),
    "authority": _("Authority"),
    "bulletin": _("Known issue"),
    "call": _("Follow-up call"),
    "cashcount": _("Cash count"),
    "catalogueitem": _("Item of the catalogue"),
    "company": _("Company"),
    "compensationkind": _("Kind of compensation"),
    "complaint": _("Case"),
    "conductrule": _("Rule of conduct"),
    "correction": _("Corrective action"),
    "creditagreement": _("Credit agreement"),
    "customer": _("Customer"),
    "delegation": _("Deputyship"),
    "deposit": _("Deposit"),
    "employee": _("Employee"),
    "gatepass": _("Gate pass"),
    "invoice": _("Invoice"),
    "menu": _("Service menu"),
    "message": _("Message"),
    "monthlyreport": _("Monthly report"),
    "monthsheet": _("Month sheet"),
    "option": _("Option"),
    "order": _("Repair order"),
    "outsidecase": _("Case kept elsewhere"),
    "party": _("Payer"),
    "phrase": _("Phrase"),
    "problem": _("Problem"),
    "problemclass": _("Class of problem"),
    "promise": _("Promise"),
    "replytemplate": _("Answer at hand"),
    "settlement": _("Settlement document"),
    "step": _("Step of escalation"),
    "store": _("Store"),
    "target": _("Time limit"),
    "task": _("Task"),
    "vehicle": _("Vehicle"),
    "visit": _("Visit"),
}
DOORS = {
    "browser": _("Browser"),
    "api": _("REST interface"),
    "clock": _("Clock"),
    "console": _("Console"),
    "link": _("Customer's link"),
}

# who is no person, as a reader calls it
MACHINES = {"clock": _("Done by itself"), "console": _("Console")}


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
    if name == "plate":
        return plate(str(value))
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
                "who": str(MACHINES.get(one["detail"].by_name, one["detail"].by_name)) if one["detail"] else "",
                "at": one["entry"].at,
            }
        )
    return found


def tell_lines(lines: Iterable[Entry], actor: Actor) -> None:
    """Give each line of a list what people call its document, the way to it, and who it was: one query a kind.

    What this reader may not open keeps its kind and number, without a name and without a link.
    """
    lines = list(lines)
    found = _documents(lines, actor)
    names = dict(Detail.objects.filter(pk__in=[one.pk for one in lines]).values_list("entry_id", "by_name"))
    for one in lines:
        row: Any = found.get((one.kind, one.object_id))
        told: Any = one
        told.kind_said = str(KINDS.get(one.kind, one.kind))
        told.document = _title(row) if row is not None else f"#{one.object_id}"
        told.url = row.get_absolute_url() if hasattr(row, "get_absolute_url") else ""
        told.door_said = str(DOORS.get(one.door, one.door))
        told.who = NOTHING if one.by_kind == "clock" else names.get(one.pk) or NOTHING


def _title(row: Any) -> str:
    return plate(str(row)) if row.kind_name() in {"vehicle", "visit"} else plates(str(row))


def _documents(lines: list[Entry], actor: Actor) -> dict[tuple[str, int], Any]:
    """The rows that lines are about, as far as this reader may see them."""
    wanted = defaultdict(set)
    for one in lines:
        wanted[one.kind].add(one.object_id)
    found = {}
    kinds: list[Any] = [one for one in apps.get_models() if issubclass(one, HouseModel | Employee)]
    for model in kinds:
        kind = model.kind_name()
        if kind not in wanted:
            continue
        rows = Employee.kept_by(actor) if model is Employee else model._default_manager.visible_to(actor)
        beside = [field.name for field in model._meta.fields if field.many_to_one]
        for row in rows.select_related(*beside).filter(pk__in=wanted[kind]):
            found[kind, row.pk] = row
    return found
