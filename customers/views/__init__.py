"""The browser door of the customers room; one subject a file, re-exported for urls.py."""

from customers.views.calls import agree_time, call, calls, reassign
from customers.views.messages import mark_told, messages
from customers.views.people import add_customer, customer, customers, edit_customer, find_customer
from customers.views.vehicles import add_vehicle, edit_vehicle, vehicle, vehicles

__all__ = [
    "add_customer",
    "add_vehicle",
    "agree_time",
    "call",
    "calls",
    "customer",
    "customers",
    "edit_customer",
    "edit_vehicle",
    "find_customer",
    "mark_told",
    "messages",
    "reassign",
    "vehicle",
    "vehicles",
]
