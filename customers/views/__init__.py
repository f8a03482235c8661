"""The browser door of the customers room; one subject a file, re-exported for urls.py."""

from customers.views.calls import agree_time, call, calls, reassign
from customers.views.consents import note_consent
from customers.views.merges import (
    duplicate_customers,
    duplicate_vehicles,
    keep_customers_apart,
    keep_vehicles_apart,
    merge_customer,
    merge_vehicle,
    undo_merge_customer,
    undo_merge_vehicle,
)
from customers.views.messages import mark_told, messages, retry_message
from customers.views.people import add_customer, customer, customers, edit_customer, find_customer
from customers.views.vehicles import add_vehicle, edit_vehicle, find_vehicle, vehicle, vehicles

__all__ = [
    "add_customer",
    "add_vehicle",
    "agree_time",
    "call",
    "calls",
    "customer",
    "customers",
    "duplicate_customers",
    "duplicate_vehicles",
    "edit_customer",
    "edit_vehicle",
    "find_customer",
    "find_vehicle",
    "keep_customers_apart",
    "keep_vehicles_apart",
    "mark_told",
    "merge_customer",
    "merge_vehicle",
    "messages",
    "note_consent",
    "reassign",
    "retry_message",
    "undo_merge_customer",
    "undo_merge_vehicle",
    "vehicle",
    "vehicles",
]
