"""What comes in about money and the gate: one form a verb, for both doors; one subject a file."""

from finance.forms.accounts import AddAgreementForm, EditAgreementForm, EndAgreementForm
from finance.forms.claims import AskWriteOffForm, DunForm, LetGoForm, RefusePaymentForm, ReleaseForm, WriteOffForm
from finance.forms.counting import CountCashForm
from finance.forms.gate import CancelGatePassForm, LetOutForm, NoteBackForm, OtherPassForm, TestPassForm
from finance.forms.invoices import AskInvoiceForm, DropInvoiceForm, IssueInvoiceForm, ReverseInvoiceForm
from finance.forms.paying import (
    MeansForm,
    PayAccountForm,
    PayForm,
    ReceiveFromPartyForm,
    RefundForm,
    ReturnDepositForm,
    TakeDepositForm,
    VisitDepositForm,
)
from finance.forms.settling import AskDiscountForm, ReverseSettlementForm, SettleForm

__all__ = [
    "AddAgreementForm",
    "AskDiscountForm",
    "AskInvoiceForm",
    "AskWriteOffForm",
    "CancelGatePassForm",
    "CountCashForm",
    "DropInvoiceForm",
    "DunForm",
    "EditAgreementForm",
    "EndAgreementForm",
    "IssueInvoiceForm",
    "LetGoForm",
    "LetOutForm",
    "MeansForm",
    "NoteBackForm",
    "OtherPassForm",
    "PayAccountForm",
    "PayForm",
    "ReceiveFromPartyForm",
    "RefundForm",
    "RefusePaymentForm",
    "ReleaseForm",
    "ReturnDepositForm",
    "ReverseInvoiceForm",
    "ReverseSettlementForm",
    "SettleForm",
    "TakeDepositForm",
    "TestPassForm",
    "VisitDepositForm",
    "WriteOffForm",
]
