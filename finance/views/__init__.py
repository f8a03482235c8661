"""The browser door of the finance room, by subject."""

from finance.views.accounts import (
    add_agreement,
    agreement,
    agreements,
    edit_agreement,
    end_agreement,
    pay_account,
    print_statement,
    return_receipt,
)
from finance.views.books import cash_count, cash_counts, confirm_cash_count, count_cash, ledger
from finance.views.claims import ask_write_off, dun, let_go, receivables, refuse_payment, release, write_off
from finance.views.deposits import deposit, deposits, return_deposit, take_deposit, take_visit_deposit
from finance.views.gate import (
    cancel_gate_pass,
    gate,
    gate_pass,
    issue_gate_pass,
    issue_other_pass,
    issue_test_pass,
    let_out,
    note_back,
    print_gate_pass,
)
from finance.views.invoices import ask_invoice, drop_invoice, invoice, invoices, issue_invoice, reverse_invoice
from finance.views.paying import pay, pay_visit, receive_from_party, refund
from finance.views.pieces import customer_money, visit_money
from finance.views.settlements import discounts, print_settlement, settlement, settlements
from finance.views.settling import ask_discount, reverse_settlement, settle

__all__ = [
    "add_agreement",
    "agreement",
    "agreements",
    "ask_discount",
    "ask_invoice",
    "ask_write_off",
    "cancel_gate_pass",
    "cash_count",
    "cash_counts",
    "confirm_cash_count",
    "count_cash",
    "customer_money",
    "deposit",
    "deposits",
    "discounts",
    "drop_invoice",
    "dun",
    "edit_agreement",
    "end_agreement",
    "gate",
    "gate_pass",
    "invoice",
    "invoices",
    "issue_gate_pass",
    "issue_invoice",
    "issue_other_pass",
    "issue_test_pass",
    "ledger",
    "let_go",
    "let_out",
    "note_back",
    "pay",
    "pay_account",
    "pay_visit",
    "print_gate_pass",
    "print_settlement",
    "print_statement",
    "receivables",
    "receive_from_party",
    "refund",
    "refuse_payment",
    "release",
    "return_deposit",
    "return_receipt",
    "reverse_invoice",
    "reverse_settlement",
    "settle",
    "settlement",
    "settlements",
    "take_deposit",
    "take_visit_deposit",
    "visit_money",
    "write_off",
]
