"""The ground's clock is tried on the calls of customer care; approvals on the discount of an order."""

from decimal import Decimal
from typing import Any

from django.test import Client

from core import actions
from core.actor import CONSOLE
from tests.customers.conftest import care

__all__ = ["care"]

REFUSE = {"granted": "no", "reason": "nein", "form_token": "x"}


def program(person: Any) -> Any:
    """A program that asks the REST door in somebody's name."""
    text = actions.make_token(name="test", by=CONSOLE, employee=person).text
    return Client(headers={"Authorization": f"Bearer {text}"})


def asked_about(chain: Any) -> Any:
    """An order with an estimate, for which somebody wants a discount."""
    return chain.estimated().orders.get()


def ask(order: Any, cast: Any, *, by: str = "advisor", **more: Any) -> Any:
    """Somebody asks for a discount of 12 % on an order."""
    given = {
        "store": order.visit.store,
        "matter": "discount",
        "verb": "finance.discount",
        "amount": Decimal(12),
        "worth": Decimal("164.16"),
        "reason": "老客户，第三次来",
        "title": order.number,
        "address": order.get_absolute_url(),
        "facts": [("customer", "刘建国"), ("total", Decimal("1368.00")), ("cost", Decimal("510.00"))],
    } | more
    return actions.ask_approval(order, **given, by=cast.by(by))


def grant(order: Any, cast: Any, **more: Any) -> Any:
    """The same, granted by the service manager."""
    return actions.decide(ask(order, cast, **more), granted=True, reason="", by=cast.by("service_manager"))
