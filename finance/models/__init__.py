"""Money at the end of a visit: settlements, payments, the ledger, claims, the gate; one subject a file."""

from finance.models.claims import AccountReceipt, CreditAgreement, Dunning, Invoice
from finance.models.gate import GatePass
from finance.models.ledger import Account, LedgerEntry
from finance.models.payments import CashCount, Deposit, Payment
from finance.models.settlements import Age, Settlement, SettlementLine

__all__ = [
    "Account",
    "AccountReceipt",
    "Age",
    "CashCount",
    "CreditAgreement",
    "Deposit",
    "Dunning",
    "GatePass",
    "Invoice",
    "LedgerEntry",
    "Payment",
    "Settlement",
    "SettlementLine",
]
