"""What can be done with money and the gate; one subject a file."""

from finance.actions.accounts import add_agreement, edit_agreement, end_agreement, pay_account, return_receipt
from finance.actions.claims import (
    ask_write_off,
    dun,
    let_go,
    receive_from_party,
    refuse_payment,
    release,
    write_off,
)
from finance.actions.counting import confirm_cash_count, count_cash
from finance.actions.deposits import return_deposit, take_deposit, take_visit_deposit
from finance.actions.discounts import ask_discount
from finance.actions.gate import (
    cancel_gate_pass,
    issue_gate_pass,
    issue_other_pass,
    issue_test_pass,
    let_out,
    note_back,
)
from finance.actions.history import note_history
from finance.actions.invoices import ask_invoice, drop_invoice, issue_invoice, reverse_invoice
from finance.actions.paying import pay, refund
from finance.actions.settling import reverse_settlement, settle

__all__ = [
    "add_agreement",
    "ask_discount",
    "ask_invoice",
    "ask_write_off",
    "cancel_gate_pass",
    "confirm_cash_count",
    "count_cash",
    "drop_invoice",
    "dun",
    "edit_agreement",
    "end_agreement",
    "issue_gate_pass",
    "issue_invoice",
    "issue_other_pass",
    "issue_test_pass",
    "let_go",
    "let_out",
    "note_back",
    "note_history",
    "pay",
    "pay_account",
    "receive_from_party",
    "refund",
    "refuse_payment",
    "release",
    "return_deposit",
    "return_receipt",
    "reverse_invoice",
    "reverse_settlement",
    "settle",
    "take_deposit",
    "take_visit_deposit",
    "write_off",
]
