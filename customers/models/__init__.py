"""The people and cars a company cares for, and the calls it owes them; one subject a file."""

from customers.models.calls import Call, CallAttempt, CallHold, VisitNote
from customers.models.consents import ContactConsent, may_contact
from customers.models.history import MileageReading, OwnerSpan, PlateSpan
from customers.models.merges import Apart, Merge
from customers.models.messages import Message
from customers.models.people import Customer
from customers.models.vehicles import Vehicle

__all__ = [
    "Apart",
    "Call",
    "CallAttempt",
    "CallHold",
    "ContactConsent",
    "Customer",
    "Merge",
    "Message",
    "MileageReading",
    "OwnerSpan",
    "PlateSpan",
    "Vehicle",
    "VisitNote",
    "may_contact",
]
