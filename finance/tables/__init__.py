"""List tables of the finance room; one subject a file."""

from finance.tables.books import (
    INVOICE_TONES,
    CashCountTable,
    InvoiceTable,
    LedgerTable,
    state_of_invoice,
)
from finance.tables.claims import AgreementTable, DepositTable, ReceivableTable, state_of_agreement
from finance.tables.columns import MONEY
from finance.tables.gate import GatePassTable, state_of_pass
from finance.tables.settling import DiscountTable, SettlementTable, days_late, state_of

__all__ = [
    "INVOICE_TONES",
    "MONEY",
    "AgreementTable",
    "CashCountTable",
    "DepositTable",
    "DiscountTable",
    "GatePassTable",
    "InvoiceTable",
    "LedgerTable",
    "ReceivableTable",
    "SettlementTable",
    "days_late",
    "state_of",
    "state_of_agreement",
    "state_of_invoice",
    "state_of_pass",
]
