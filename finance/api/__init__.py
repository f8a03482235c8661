"""REST door of the finance room; one subject a file."""

from finance.api.books import CashCountApi, LedgerApi
from finance.api.gate import GatePassApi, VisitGateApi
from finance.api.invoices import InvoiceApi
from finance.api.paying import (
    AccountReceiptApi,
    AgreementApi,
    CustomerMoneyApi,
    DepositApi,
    PartyMoneyApi,
)
from finance.api.settling import PaymentApi, SettlementApi, VisitMoneyApi

__all__ = [
    "AccountReceiptApi",
    "AgreementApi",
    "CashCountApi",
    "CustomerMoneyApi",
    "DepositApi",
    "GatePassApi",
    "InvoiceApi",
    "LedgerApi",
    "PartyMoneyApi",
    "PaymentApi",
    "SettlementApi",
    "VisitGateApi",
    "VisitMoneyApi",
]
