"""What the house says to one person: each code of a notice or a task as a sentence, in the reader's language.

The codes of all rooms stand here, as their verbs do in `core.events`. A notice keeps code and parameters only.
"""

from collections import defaultdict
from typing import Any

from django.utils.dateparse import parse_date, parse_datetime
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core.actions import decider_names
from core.models import Approval, Matter, Notice, Task
from core.templatetags.ui import NOTHING, money, percent, plate, plates, quantity, when

# code: icon, tone, sentence; parameters in the sentence are shown by what their name says (…_at, amount, plate)
NOTICES: dict[str, tuple[str, str, Any]] = {
    "approval_asked": ("clipboard-check", "orange", _("%(name)s asks for your decision: %(matter)s, %(title)s")),
    "approval_granted": ("circle-check", "green", _("%(name)s granted: %(matter)s, %(title)s")),
    "approval_refused": ("ban", "red", _("%(name)s refused: %(matter)s, %(title)s. %(reason)s")),
    "question_answered": ("message-circle", "green", _("%(name)s answers, %(title)s: %(reason)s")),
    "approval_withdrawn": ("rotate", "secondary", _("%(name)s does not ask any more: %(matter)s, %(title)s")),
    "deputy_named": ("user-check", "blue", _("You decide in the name of %(name)s until %(day)s")),
    "deputy_ended": ("user", "secondary", _("You no longer decide in the name of %(name)s")),
    "task_given": ("list-check", "blue", _("%(name)s gave you a task: %(title)s")),
    "task_done": ("check", "green", _("%(name)s has done it: %(title)s")),
    "consent_answered": ("signature", "green", _("The customer of %(plate)s answered by link")),
    "check_failed": ("shield-check", "red", _("Sent back by the quality check: %(job)s")),
    "job_dispatched": ("user-check", "purple", _("A job is yours: %(job)s")),
    "promise_near": ("clock", "orange", _("The promised time of %(plate)s is near")),
    "rework_opened": ("rotate", "orange", _("Free rework under the guarantee, %(plate)s: %(job)s")),
    "payment_refused": ("cash", "red", _("The customer refuses to pay: %(settlement)s")),
    "case_to_decide": ("gavel", "orange", _("%(name)s hands in options to choose from: %(number)s")),
    "case_decided": ("gavel", "green", _("%(name)s has decided on %(number)s: %(instruction)s")),
    "case_sent_back": ("arrow-back-up", "orange", _("%(name)s sends the options of %(number)s back: %(reason)s")),
    "case_refused": ("rotate", "orange", _("The customer does not accept it, %(number)s: %(reason)s")),
    "case_preferred": ("star", "green", _("The customer of %(number)s prefers: %(words)s")),
    "case_accepted": ("signature", "green", _("The customer has accepted: %(number)s")),
    "case_signed": ("signature", "green", _("The customer has signed the agreement: %(number)s")),
    "case_measure": ("list-check", "purple", _("%(name)s gives you a measure in %(number)s: %(words)s")),
    "accountability_proposed": ("gavel", "orange", _("You are to answer for %(number)s (%(rule)s). Say your side.")),
    "accountability_heard": ("message-circle", "blue", _("%(name)s has said their side: %(number)s")),
    "accountability_approved": ("gavel", "red", _("You answer for %(number)s: %(measure)s. %(reason)s")),
    "accountability_refused": ("circle-check", "green", _("You do not answer for %(number)s. %(reason)s")),
    "accountability_withdrawn": ("circle-check", "green", _("You need not answer for %(number)s: %(reason)s")),
    "outside_regulator": ("flag", "red", _("A regulator asks about case %(case)s: %(number)s")),
    "outside_oem": ("flag", "orange", _("The manufacturer's hotline sent case %(case)s: %(number)s")),
    "outside_press": ("world", "red", _("Case %(case)s is in public: %(number)s")),
    "promise_noted": (
        "clock",
        "blue",
        _("%(name)s notes your promise in case %(number)s: %(words)s, until %(end_at)s"),
    ),
    "promise_late": ("bell", "red", _("A promise in case %(number)s was due %(end_at)s: %(words)s")),
    "case_near": ("clock", "orange", _("Case %(number)s of %(name)s is due soon: %(end_at)s")),
    "case_late": ("bell", "red", _("Case %(number)s of %(name)s is late: it was due %(end_at)s")),
    "case_close": ("phone-check", "green", _("The closing call of %(number)s has its answer: the case can be closed")),
    "case_call_failed": ("phone-off", "orange", _("The closing call of %(number)s does not come about")),
    "case_dissatisfied": ("rotate", "red", _("The customer is not satisfied, case %(number)s goes on: %(words)s")),
    "case_check": ("eye", "blue", _("Look again whether case %(number)s is still settled")),
    "case_major": ("alert-triangle", "red", _("Major case %(number)s of %(name)s: %(words)s")),
    "case_unkept": ("message-circle", "orange", _("Case %(number)s of %(name)s has no keeper yet: %(words)s")),
    "case_taken": ("user-check", "blue", _("%(name)s has taken case %(number)s")),
    "case_assigned": ("user-check", "purple", _("Case %(number)s is kept by %(name)s now. %(reason)s")),
    "correction_given": ("list-check", "purple", _("%(name)s gives you a correction, due %(due_on)s: %(words)s")),
    "correction_late": ("bell", "red", _("The corrective action of %(name)s is late, due %(due_on)s: %(words)s")),
    "correction_dropped": ("ban", "secondary", _("%(name)s drops the corrective action: %(words)s. %(reason)s")),
    "bulletin_published": ("bell", "blue", _("%(name)s publishes a known issue of %(cars)s: %(title)s")),
    "case_word": ("note", "blue", _("%(name)s wrote into case %(number)s: %(words)s")),
    "case_reacted": ("message-circle", "orange", _("The customer has reacted to the answer, %(number)s: %(words)s")),
    "case_customer_said": ("message-circle", "orange", _("The customer adds to case %(number)s: %(words)s")),
}
# code of a task that the house gives: what is to be done
TASKS: dict[str, Any] = {
    "decide_refusal": _("Decide what becomes of a refused payment: %(settlement)s"),
    "call_customer": _("Call the customer: %(plate)s"),
    "red_invoice_due": _("Reverse the invoice %(number)s in red: its settlement was reversed"),
    "payment_promised": _("See whether it was paid as promised: %(name)s, %(settlement)s"),
    "rework_owed": _("See that %(plate)s comes in for its free rework: %(job)s"),
    "answer_question": _("The customer of %(plate)s asks: %(question)s"),
    "correction_due": _("Corrective action: %(words)s"),
    "correction_check": _("See whether it helped: %(words)s"),
    "case_major": _("Look at the major case %(number)s of %(name)s: %(words)s"),
    "case_late": _("See to case %(number)s of %(name)s, due %(end_at)s"),
    "case_ask_reaction": _("Ask the customer of case %(number)s how the answer was taken"),
    "case_close": _("Close case %(number)s: the customer has answered the closing call"),
    "case_call_failed": _("Reach the customer of case %(number)s another way: the closing call does not come about"),
    "case_dissatisfied": _("Take up case %(number)s again: the customer is not satisfied. %(words)s"),
    "case_check": _("Ask the customer of case %(number)s whether it is still settled"),
    "promise_late": _("Keep the promise in case %(number)s, or say why not: %(words)s"),
    "case_measure": _("Measure in the complaint %(number)s: %(words)s"),
    "say_your_side": _("Say your side of the complaint %(number)s: %(rule)s"),
}
# code of a fact that an approval shows: its name, and how its value is written
FACTS: dict[str, tuple[Any, str]] = {
    "plate": (_("Plate"), "plate"),
    "vehicle": (_("Vehicle"), "text"),
    "customer": (_("Customer"), "text"),
    "level": (_("Membership level"), "text"),
    "party": (_("Payer"), "text"),
    "visits": (_("Visits so far"), "number"),
    "total": (_("Amount before"), "money"),
    "total_after": (_("Amount after"), "money"),
    "percent": (_("Discount in percent"), "percent"),
    "cost": (_("Cost of the work"), "money"),
    "margin": (_("Gross profit after it"), "money"),
    "owed": (_("Owed already"), "money"),
    "due": (_("Still to pay"), "money"),
    "credit_limit": (_("Credit limit"), "money"),
    "overdue": (_("Overdue"), "money"),
    "paid": (_("Paid so far"), "money"),
    "age_days": (_("Days open"), "number"),
    "given_before": (_("Given to this customer in twelve months"), "money"),
    "purpose": (_("What for"), "text"),
    "driver": (_("Who drives"), "text"),
    "due_on": (_("To be paid by"), "day"),
    "words": (_("The customer's words"), "text"),
    "statement": (_("Public statement"), "text"),
    "remedy": (_("What is offered"), "text"),
    "given": (_("What is given"), "text"),
    "case_cost": (_("Other cost to the house"), "money"),
    "person": (_("Person who answers for it"), "text"),
    "rule": (_("Rule that was broken"), "text"),
    "done_wrong": (_("What was done wrong"), "text"),
    "heard": (_("What the person says"), "text"),
    "points": (_("Points of the score"), "number"),
}
MOST_NAMES = 4
COSTS = {"cost", "margin", "case_cost"}  # facts that are not for everybody's eyes


def _said(name: str, value: Any) -> str:
    if name.endswith("_at") and isinstance(value, str) and (moment := parse_datetime(value)):
        return when(moment)
    if (name == "day" or name.endswith("_on")) and isinstance(value, str) and (day := parse_date(value)):
        return when(day)
    if name == "amount" or name.endswith("_amount"):
        return money(value)
    if name == "matter" and value in Matter.values:
        return str(Matter(value).label)
    return plate(str(value)) if name == "plate" else plates(value) if name == "title" else str(value)


def _told(sentence: Any, params: dict[str, Any]) -> str:
    """A sentence with its parameters; one that is missing leaves a dash, so that nothing is ever unreadable."""
    said = defaultdict(lambda: NOTHING, {name: _said(name, value) for name, value in params.items()})
    return str(sentence) % said


def notice_said(notice: Notice) -> tuple[str, str, str]:
    """Icon, tone and sentence of a notice; a code that is not known here is shown as it is."""
    icon, tone, sentence = NOTICES.get(notice.code, ("bell", "secondary", notice.code.replace("%", "%%")))
    return icon, tone, _told(sentence, notice.params)


def task_said(task: Task) -> str:
    """What is to be done: a person's own words, or the sentence of a task that the house gave."""
    if task.title or not task.code:
        return task.title
    return _told(TASKS.get(task.code, task.code.replace("%", "%%")), task.params)


def amount_said(approval: Approval) -> str:
    """What is asked for, in the unit of its matter: percent of a discount, yuan, or nothing to measure."""
    if approval.matter == "discount":
        return percent(approval.amount / 100)
    return "" if approval.matter in {"gate", "question", "account", "statement", "end_case"} else money(approval.amount)


def deciders_said(approval: Approval) -> str:
    """Who may decide it, by name; of many the first few, so that the line stays readable."""
    names = decider_names(approval)
    if len(names) <= MOST_NAMES:
        return gettext(", ").join(names)
    told = {"names": gettext(", ").join(names[:MOST_NAMES]), "count": len(names) - MOST_NAMES}
    return gettext("%(names)s and %(count)s more") % told


def asked_said(approval: Approval | None) -> str:
    """What whoever asked is told at once: who decides now."""
    names = deciders_said(approval) if approval else ""
    if not names:
        return gettext("Asked, but nobody here has the authority to decide that much. Please tell finance.")
    return gettext("Asked. %(names)s may decide it; you are told when it is decided.") % {"names": names}


def with_deciders(approval: Any) -> Any:
    """An approval for a page: as long as it waits, it says for whom."""
    if approval is not None and approval.status == Approval.Status.ASKED:
        approval.waits_for = deciders_said(approval)
    return approval


def facts_said(approval: Approval, *, with_costs: bool) -> list[tuple[str, str]]:
    """What the one who decides should know, by name and as it is read; costs only for those who may see them."""
    write: dict[str, Any] = {
        "money": money,
        "plate": plate,
        "number": quantity,
        "percent": lambda value: f"{quantity(value)}%",
        "day": lambda value: _said("day", value),
        "text": str,
    }
    found = []
    for code, value in approval.facts:
        if value in (None, "") or (code in COSTS and not with_costs):
            continue
        name, kind = FACTS.get(code, (code, "text"))
        found.append((str(name), write[kind](value)))
    return found
