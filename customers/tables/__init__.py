"""List tables of the customers room, and the colours of its states; one subject a file."""

from customers.tables.calls import ANSWER_TONES, CALL_TONES, CallTable, UnplannedTable, two_lines
from customers.tables.messages import MESSAGE_TONES, MessageTable
from customers.tables.people import LEVEL_TONES, CustomerTable, VehicleTable, person

__all__ = [
    "ANSWER_TONES",
    "CALL_TONES",
    "LEVEL_TONES",
    "MESSAGE_TONES",
    "CallTable",
    "CustomerTable",
    "MessageTable",
    "UnplannedTable",
    "VehicleTable",
    "person",
    "two_lines",
]
