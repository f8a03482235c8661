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
    "payment_refused": ("cash", "red", _("The customer refuses to pay: %(settlement)s")),
}
# code of a task that the house gives: what is to be done
TASKS: dict[str, Any] = {
    "decide_refusal": _("Decide what becomes of a refused payment: %(settlement)s"),
    "call_customer": _("Call the customer: %(plate)s"),
    "red_invoice_due": _("Reverse the invoice %(number)s in red: its settlement was reversed"),
    "payment_promised": _("See whether it was paid as promised: %(name)s, %(settlement)s"),
    "answer_question": _("The customer of %(plate)s asks: %(question)s"),
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
}
MOST_NAMES = 4
COSTS = {"cost", "margin"}  # facts that are not for everybody's eyes


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
    return "" if approval.matter in {"gate", "question"} else money(approval.amount)


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
