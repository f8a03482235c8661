"""The ledger: what every verb of money posts, debit and credit alike."""

import uuid
from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal

from core.actor import Actor
from core.models import Store
from finance.models import Account, LedgerEntry, Settlement

# an account and what moves on it: a debit above zero, a credit below
Side = tuple[str, Decimal]


def employee_of(by: Actor) -> int | None:
    """Who took or gave the money, when it was somebody with an account."""
    return by.pk if by.kind in {"employee", "integration"} else None


def post(
    store: Store,
    day: date,
    at: datetime,
    document: str,
    *sides: Side,
    settlement: Settlement | None = None,
    customer: int | None = None,
) -> None:
    """Post one movement under the number of its document; Postgres refuses the commit when it does not balance."""
    posting = uuid.uuid4()
    told = {
        "settlement_number": (settlement.number or "") if settlement else "",
        "payer": settlement.payer if settlement else "",
        "party_id": settlement.party_id if settlement else None,
        "customer_id": settlement.customer_id if settlement else customer,
    }
    LedgerEntry.objects.bulk_create(
        LedgerEntry(
            store=store,
            business_date=day,
            at=at,
            posting=posting,
            account=account,
            debit=max(amount, Decimal(0)),
            credit=max(-amount, Decimal(0)),
            document=document,
            **told,
        )
        for account, amount in sides
        if amount
    )


def of_settlement(settlement: Settlement) -> Iterable[Side]:
    """A settlement list is a claim on its payer, revenue, and tax owed to the state; its counter-entry mirrors it."""
    return (
        (Account.RECEIVABLE, settlement.amount),
        (Account.REVENUE, -settlement.net),
        (Account.VAT, settlement.net - settlement.amount),
    )


# Where a means of payment stands in the ledger; the real means have the names of their accounts.
ACCOUNT_OF = {"deposit": Account.DEPOSITS, "account": Account.CREDIT_ACCOUNT, "write_off": Account.LOSSES}


def account_of(method: str) -> str:
    """The account of a means of payment."""
    return str(ACCOUNT_OF.get(method, method))
