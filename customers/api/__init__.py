"""REST door of customers, vehicles, follow-up calls and the outbox; one subject a file."""

from customers.api.calls import CallApi
from customers.api.messages import MessageApi
from customers.api.people import CustomerApi
from customers.api.vehicles import VehicleApi

__all__ = ["CallApi", "CustomerApi", "MessageApi", "VehicleApi"]
