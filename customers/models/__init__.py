"""The people and cars a company cares for, and the calls it owes them; one subject a file."""

from customers.models.calls import Call, CallAttempt, VisitNote
from customers.models.messages import Message
from customers.models.people import Customer
from customers.models.vehicles import Vehicle

__all__ = ["Call", "CallAttempt", "Customer", "Message", "Vehicle", "VisitNote"]
