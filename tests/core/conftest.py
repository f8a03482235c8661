"""The ground's clock is tried on the calls of customer care."""

from tests.customers.conftest import care

__all__ = ["care"]
