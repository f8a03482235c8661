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
# What everybody at a desk has: one's own tasks and notices, what one asked for, the papers of documents one sees, and
# the corrective actions that one owns (K-15).
_DESK = {
    "core.see_tasks",
    "core.add_task",
    "core.finish_task",
    "core.see_notices",
    "core.see_approvals",
    "core.see_attachments",
    "core.attach",
    "complaints.do_correction",
}
# Everybody may take a complaint in, see what is known of a car's faults, and do what one promised (K-01, K-24).
_TAKE_IN = {
    "complaints.see_complaints",
    "complaints.register",
    "complaints.add_word",
    "complaints.promise",
    "complaints.see_bulletins",
}
# Whoever works on cases: judging, investigating, proposing, telling the customer, closing.
_CASES = _TAKE_IN | {
    "complaints.edit_complaint",
    "complaints.take",
    "complaints.add_channel",
    "complaints.note_attempt",
    "complaints.judge",
    "complaints.agree_deadline",
    "complaints.answer",
    "complaints.investigate",
    "complaints.propose",
    "complaints.settle_on_spot",
    "complaints.tell_customer",
    "complaints.accept",
    "complaints.draw_agreement",
    "complaints.carry_out",
    "complaints.close",
    "complaints.check_closed",
    "complaints.pause",
    "complaints.link_case",
    "complaints.check_conduct",
    "complaints.keep_promise",
    "complaints.add_correction",
    "complaints.do_correction",
    "complaints.print",
}
# The care manager's power within a case (K-18), and what comes of cases.
_KEEP_CASES = _CASES | {
    "complaints.assign",
    "complaints.give_measure",
    "complaints.hold_accountable",
    "complaints.see_accountability",
    "complaints.end_case",
    "complaints.reopen",
    "complaints.keep_outside",
    "complaints.open_rework",
    "complaints.sign_month",
    "complaints.check_correction",
    "complaints.publish_bulletin",
    "complaints.see_case_figures",
}
# Deciding which option is taken, and the data that cases are run by.
_DECIDE_CASES = {"complaints.stamp", "complaints.decide_option", "complaints.see_costs", "complaints.see_case_figures"}
_KEEP_CASE_DATA = {"complaints.keep_case_data"}
_DECIDE = {"core.decide", "core.delegate", "core.see_every_approval", "core.see_every_task", "core.see_authorities"}
_SEE_ALL = _SEE_CARS | {
    "core.see_tasks",
    "core.see_notices",
    "core.see_approvals",
    "core.see_every_approval",
    "core.see_every_task",
    "core.see_authorities",
    "core.see_attachments",
    "core.see_roster",
    "service.see_catalogue",
    "finance.see_agreements",
    "finance.see_invoices",
    "finance.see_ledger",
    "customers.see_calls",
    "finance.see_settlements",
    "finance.see_gate_passes",
    "dealer.see_dashboard",
    "dealer.see_reports",
    "core.see_logbook",
    "core.see_calendar",
    "core.see_queue",
    "customers.see_messages",
    "complaints.see_complaints",
    "complaints.see_bulletins",
    "complaints.see_case_figures",
}
_KEEP_CUSTOMERS = {
    "customers.add_customer",
    "customers.edit_customer",
    "customers.add_vehicle",
    "customers.edit_vehicle",
    "customers.note_consent",
    "customers.merge",
}
_ADVISE = (
    _SEE_CARS
    | _TAKE_IN
    | {"complaints.settle_on_spot", "complaints.do_correction", "complaints.keep_promise"}
    | _KEEP_CUSTOMERS
    | _DESK
    | {
        "service.see_catalogue",
        "service.greet",
        "service.ask_manager",
        "service.receive_quick",
        "service.edit_visit",
        "service.add_order",
        "service.add_menu",
        "service.send_link",
        "service.hold",
        "service.wash",
        "service.explain",
        "finance.see_agreements",
        "finance.see_invoices",
        "finance.ask_invoice",
        "finance.discount",
        "finance.refuse_payment",
        "finance.take_deposit",
        "finance.issue_test_pass",
        "finance.dun",
        "core.see_roster",
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
        "finance.print_settlement",
        "finance.see_gate_passes",
        "customers.see_messages",
        "customers.mark_told",
    }
)
_WORKSHOP = {
    "service.dispatch",
    "service.start",
    "service.finish",
    "service.check",
    "service.hold",
    "service.wash",
    "finance.issue_test_pass",
    "core.see_roster",
    "core.keep_roster",
}
_CARE = _SEE_CARS | _KEEP_CUSTOMERS | _DESK | _CASES | {"customers.see_calls", "customers.call", "customers.agree_time"}
_CASH = {
    "finance.see_settlements",
    "finance.print_settlement",
    "finance.settle",
    "finance.pay",
    "finance.refund",
    "finance.issue_gate_pass",
    "finance.see_gate_passes",
    "service.print",
    "finance.discount",
    "finance.refuse_payment",
    "finance.take_deposit",
    "finance.return_deposit",
    "finance.see_agreements",
    "finance.pay_account",
    "finance.see_invoices",
    "finance.ask_invoice",
    "finance.issue_invoice",
    "finance.dun",
    "finance.count_cash",
    "finance.see_ledger",
    *_DESK,
} | _SEE_CARS
# What a manager of money decides.
_MONEY = {
    "finance.reverse_settlement",
    "finance.release",
    "finance.write_off",
    "finance.keep_agreements",
    "finance.reverse_invoice",
    "finance.confirm_cash_count",
    "finance.issue_other_pass",
}

_LEAD = (
    _DESK
    | _DECIDE
    | _KEEP_CASES
    | _DECIDE_CASES
    | _KEEP_CASE_DATA
    | {
        "dealer.build_report",
        "core.keep_tokens",
        "core.keep_employees",
        "core.keep_authorities",
        "service.keep_parties",
        "finance.release",
        "finance.write_off",
        "finance.confirm_cash_count",
        "finance.issue_other_pass",
    }
)

VERBS: dict[str, frozenset[str]] = {
    Role.ADVISOR: frozenset(_ADVISE),
    Role.GREETER: frozenset(
        _DESK | {"service.see_visits", "service.arrive", "service.greet", "customers.see_vehicles"}
    ),
    Role.TECHNICIAN: frozenset(
        _DESK | {"service.see_visits", "service.see_orders", "service.start", "service.finish", "service.hold"}
    ),
    Role.INSPECTOR: frozenset(
        _DESK | {"service.see_visits", "service.see_orders", "service.check", "service.wash", "finance.issue_test_pass"}
    ),
    Role.CONTROLLER: frozenset(
        _SEE_CARS
        | _WORKSHOP
        | _DESK
        | {"service.promise", "service.see_catalogue", "service.print", "dealer.see_dashboard"}
    ),
    Role.PARTS_CLERK: frozenset(
        _DESK
        | {
            "service.see_visits",
            "service.see_orders",
            "service.add_lines",
            "service.hold",
            "service.see_catalogue",
            "service.keep_catalogue",
        }
    ),
    Role.WARRANTY_CLERK: frozenset(
        _SEE_CARS
        | _DESK
        | {
            "service.share_line",
            "service.hold",
            "service.print",
            "finance.see_settlements",
            "finance.print_settlement",
        }
    ),
    Role.ACCIDENT_SPECIALIST: frozenset(_ADVISE),
    Role.CARE_AGENT: frozenset(_CARE),
    Role.CARE_MANAGER: frozenset(
        _CARE
        | _KEEP_CASES
        | _DECIDE_CASES
        | _KEEP_CASE_DATA
        | {
            "core.decide",
            "core.see_every_task",
            "customers.reassign",
            "customers.see_messages",
            "customers.mark_told",
            "dealer.see_dashboard",
            "dealer.see_reports",
        }
    ),
    Role.CASHIER: frozenset(_CASH | _TAKE_IN | {"complaints.keep_promise"}),
    Role.GUARD: frozenset(
        {"finance.see_gate_passes", "finance.let_out", "finance.note_back", "core.see_tasks", "core.see_notices"}
    ),
    Role.FINANCE_MANAGER: frozenset(
        _CASH
        | _MONEY
        | _DECIDE
        | {"core.keep_authorities", "dealer.see_dashboard", "dealer.see_reports", "dealer.build_report"}
        | {"service.keep_parties"}
    ),
    Role.TRAINER: frozenset(_DESK | {"service.see_visits"}),
    Role.SERVICE_MANAGER: frozenset(
        _ADVISE
        | _WORKSHOP
        | _SEE_ALL
        | _DECIDE
        | _KEEP_CASES
        | _DECIDE_CASES
        | {
            "customers.reassign",
            "customers.call",
            "customers.agree_time",
            "dealer.build_report",
            "core.keep_tokens",
            "service.keep_catalogue",
            "service.keep_parties",
            "finance.release",
            "finance.write_off",
        }
    ),
    Role.GENERAL_MANAGER: frozenset(_SEE_ALL | _LEAD),
    Role.GROUP_MANAGER: frozenset(_SEE_ALL | _LEAD),
    Role.MONITOR: frozenset(_SEE_ALL),
    Role.INTEGRATION: frozenset(
        _ADVISE
        | _WORKSHOP
        | _CASH
        | _CARE
        | _SEE_ALL
        | _MONEY
        | _KEEP_CASES
        | _KEEP_CASE_DATA
        | {
            "customers.reassign",
            "finance.let_out",
            "finance.note_back",
            "dealer.build_report",
            "service.keep_catalogue",
            "service.keep_parties",
        }
    ),
}
# What nobody does at a desk: bringing in old data, for whoever has the machine's console.
CONSOLE_VERBS = frozenset({"core.load_holidays", "customers.load", "finance.note_history", "complaints.load"})
# What a customer does with a link that was sent to them; no role has it.
LINK_VERBS = frozenset({"service.answer_link", "complaints.complain", "complaints.follow"})
EVERY_VERB: frozenset[str] = CONSOLE_VERBS.union(LINK_VERBS, *VERBS.values())
