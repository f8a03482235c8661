"""Data of the finance room's printed documents; one subject a file."""

from finance.prints.accounts import account_statement
from finance.prints.capitals import capitals
from finance.prints.gate import gate_pass
from finance.prints.settling import TERMS, settlement_list
from finance.prints.sums import with_sums

__all__ = ["TERMS", "account_statement", "capitals", "gate_pass", "settlement_list", "with_sums"]
