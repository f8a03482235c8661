"""Printed documents of the complaints room, by subject."""

from complaints.prints.agreements import agreement_draft, given_said, settlement_agreement
from complaints.prints.archive import archive
from complaints.prints.cases import receipt, registration
from complaints.prints.months import month_sheet

__all__ = [
    "agreement_draft",
    "archive",
    "given_said",
    "month_sheet",
    "receipt",
    "registration",
    "settlement_agreement",
]
