"""What the tests of the money share: a desk that signs in, programs, and a car whose bill was explained."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from tests.api.conftest import Program

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@pytest.fixture
def desk(cast: Any) -> Callable[[str], Client]:
    """A browser in which one of the cast is signed in: `desk("cashier")`."""

    def signed_in(name: str) -> Client:
        client = Client()
        client.force_login(cast.people[name], backend=BACKEND)
        return client

    return signed_in


@pytest.fixture
def program(cast: Any) -> Callable[[str], Program]:
    """A program for one of the cast: `program("cashier")`."""
    return lambda name: Program(cast.by(name))


@pytest.fixture
def settled(chain: Any) -> Any:
    """The customer's settlement list of 1,368.00, nothing paid yet."""
    from finance.models import Settlement

    return Settlement.objects.get(visit=chain.settled())


@pytest.fixture
def foreign_cashier(cast: Any) -> Client:
    """Somebody with the same role in another company."""
    from tests.conftest import make_person

    client = Client()
    client.force_login(make_person("foreign-cashier", "远航收银", "finance_manager", cast.foreign), backend=BACKEND)
    return client


def sums(**where: Any) -> dict[str, Decimal]:
    """What is on each account of the ledger."""
    from finance.figures import trial_balance
    from finance.models import LedgerEntry

    return {one.account: one.balance for one in trial_balance(LedgerEntry.objects.filter(**where)).rows}
