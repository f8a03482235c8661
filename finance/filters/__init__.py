"""Filters of the finance room's lists, one class for both doors; one subject a file."""

from finance.filters.books import CashCountFilter, InvoiceFilter, LedgerFilter
from finance.filters.claims import AgreementFilter, DepositFilter, ReceivableFilter
from finance.filters.gate import GatePassFilter
from finance.filters.settling import DiscountFilter, SettlementFilter

__all__ = [
    "AgreementFilter",
    "CashCountFilter",
    "DepositFilter",
    "DiscountFilter",
    "GatePassFilter",
    "InvoiceFilter",
    "LedgerFilter",
    "ReceivableFilter",
    "SettlementFilter",
]
