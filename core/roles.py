"""The role table: which role may use which verb. Every door asks it, and so does the access matrix test.

A verb is `<room>.<verb>`; verbs that start with `see_` are read verbs, named by every page and list.
"""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    """The jobs of a dealership's after-sales side."""

    ADVISOR = "advisor", _("Service advisor")
    GREETER = "greeter", _("Greeter")
    TECHNICIAN = "technician", _("Technician")
    INSPECTOR = "inspector", _("Quality inspector")
    CONTROLLER = "controller", _("Workshop controller")
    PARTS_CLERK = "parts_clerk", _("Parts clerk")
    WARRANTY_CLERK = "warranty_clerk", _("Warranty clerk")
    ACCIDENT_SPECIALIST = "accident_specialist", _("Accident specialist")
    CARE_AGENT = "care_agent", _("Customer-care agent")
    CARE_MANAGER = "care_manager", _("Customer-care manager")
    CASHIER = "cashier", _("Cashier")
    GUARD = "guard", _("Gate guard")
    FINANCE_MANAGER = "finance_manager", _("Finance manager")
    TRAINER = "trainer", _("Trainer")
    SERVICE_MANAGER = "service_manager", _("Service manager")
    GENERAL_MANAGER = "general_manager", _("General manager")
    GROUP_MANAGER = "group_manager", _("Group manager")
    MONITOR = "monitor", _("Read-only monitor")
    INTEGRATION = "integration", _("Integration")


_SEE_CARS = {"service.see_visits", "service.see_orders", "customers.see_customers", "customers.see_vehicles"}
_SEE_ALL = _SEE_CARS | {
    "customers.see_calls",
    "finance.see_settlements",
    "finance.see_gate_passes",
    "dealer.see_dashboard",
    "dealer.see_reports",
    "core.see_logbook",
    "core.see_calendar",
    "core.see_queue",
    "customers.see_messages",
}
_KEEP_CUSTOMERS = {
    "customers.add_customer",
    "customers.edit_customer",
    "customers.add_vehicle",
    "customers.edit_vehicle",
}
_ADVISE = (
    _SEE_CARS
    | _KEEP_CUSTOMERS
    | {
        "service.arrive",
        "service.receive",
        "service.add_job",
        "service.add_lines",
        "service.remove_line",
        "service.share_line",
        "service.authorise",
        "service.promise",
        "service.ready",
        "service.hand_over",
        "service.exit",
        "service.print",
        "finance.settle",
        "finance.see_settlements",
        "finance.see_gate_passes",
        "customers.see_messages",
        "customers.mark_told",
    }
)
_WORKSHOP = {"service.dispatch", "service.start", "service.finish", "service.check"}
_CARE = _SEE_CARS | _KEEP_CUSTOMERS | {"customers.see_calls", "customers.call", "customers.agree_time"}
_CASH = {
    "finance.see_settlements",
    "finance.settle",
    "finance.pay",
    "finance.refund",
    "finance.issue_gate_pass",
    "finance.see_gate_passes",
    "service.print",
} | _SEE_CARS

VERBS: dict[str, frozenset[str]] = {
    Role.ADVISOR: frozenset(_ADVISE),
    Role.GREETER: frozenset({"service.see_visits", "service.arrive", "customers.see_vehicles"}),
    Role.TECHNICIAN: frozenset({"service.see_visits", "service.see_orders", "service.start", "service.finish"}),
    Role.INSPECTOR: frozenset({"service.see_visits", "service.see_orders", "service.check"}),
    Role.CONTROLLER: frozenset(_SEE_CARS | _WORKSHOP | {"service.promise", "dealer.see_dashboard"}),
    Role.PARTS_CLERK: frozenset({"service.see_visits", "service.see_orders", "service.add_lines"}),
    Role.WARRANTY_CLERK: frozenset(_SEE_CARS | {"service.share_line", "finance.see_settlements", "service.print"}),
    Role.ACCIDENT_SPECIALIST: frozenset(_ADVISE),
    Role.CARE_AGENT: frozenset(_CARE),
    Role.CARE_MANAGER: frozenset(
        _CARE
        | {
            "customers.reassign",
            "customers.see_messages",
            "customers.mark_told",
            "dealer.see_dashboard",
            "dealer.see_reports",
        }
    ),
    Role.CASHIER: frozenset(_CASH),
    Role.GUARD: frozenset({"finance.see_gate_passes", "finance.let_out"}),
    Role.FINANCE_MANAGER: frozenset(
        _CASH | {"finance.reverse_settlement", "dealer.see_dashboard", "dealer.see_reports", "dealer.build_report"}
    ),
    Role.TRAINER: frozenset({"service.see_visits"}),
    Role.SERVICE_MANAGER: frozenset(
        _ADVISE
        | _WORKSHOP
        | _SEE_ALL
        | {"customers.reassign", "customers.call", "customers.agree_time", "dealer.build_report", "core.keep_tokens"}
    ),
    Role.GENERAL_MANAGER: frozenset(_SEE_ALL | {"dealer.build_report", "core.keep_tokens", "core.keep_employees"}),
    Role.GROUP_MANAGER: frozenset(_SEE_ALL | {"dealer.build_report", "core.keep_tokens", "core.keep_employees"}),
    Role.MONITOR: frozenset(_SEE_ALL),
    Role.INTEGRATION: frozenset(
        _ADVISE
        | _WORKSHOP
        | _CASH
        | _CARE
        | _SEE_ALL
        | {"customers.reassign", "finance.let_out", "finance.reverse_settlement", "dealer.build_report"}
    ),
}
# What nobody does at a desk: bringing in old data, for whoever has the machine's console.
CONSOLE_VERBS = frozenset({"core.load_holidays", "customers.load", "finance.note_history"})
EVERY_VERB: frozenset[str] = CONSOLE_VERBS.union(*VERBS.values())
