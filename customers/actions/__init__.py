"""What can be done with customers, vehicles and calls; one subject a file."""

from customers.actions.calls import agree_time, call, reassign
from customers.actions.loading import cars_for, load_customers, load_vehicles, note_mileages, note_past_visits
from customers.actions.messages import mark_told, tell
from customers.actions.notes import note_visit
from customers.actions.people import add_customer, edit_customer, meet_customer
from customers.actions.planning import assign_calls, plan_calls, replan_calls
from customers.actions.vehicles import add_vehicle, attach_vehicle, edit_vehicle, note_mileage, note_owner

__all__ = [
    "add_customer",
    "add_vehicle",
    "agree_time",
    "assign_calls",
    "attach_vehicle",
    "call",
    "cars_for",
    "edit_customer",
    "edit_vehicle",
    "load_customers",
    "load_vehicles",
    "mark_told",
    "meet_customer",
    "note_mileage",
    "note_mileages",
    "note_owner",
    "note_past_visits",
    "note_visit",
    "plan_calls",
    "reassign",
    "replan_calls",
    "tell",
]
