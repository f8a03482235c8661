"""What can be done with customers, vehicles and calls; one subject a file."""

from customers.actions.calls import agree_time, call, reassign
from customers.actions.cases import bar_case_call, drop_case_call, hold_calls, plan_case_call, release_calls
from customers.actions.consents import note_consent
from customers.actions.history import keep_history
from customers.actions.loading import cars_for, load_customers, load_vehicles, note_mileages, note_past_visits
from customers.actions.merging import keep_apart, merge_customer, merge_vehicle, undo_merge
from customers.actions.messages import mark_told, retry_message, send_next, tell
from customers.actions.notes import note_visit
from customers.actions.people import add_customer, edit_customer, meet_customer
from customers.actions.planning import assign_calls, callers_of, plan_calls, replan_calls
from customers.actions.vehicles import add_vehicle, attach_vehicle, edit_vehicle, note_mileage, note_owner

__all__ = [
    "add_customer",
    "add_vehicle",
    "agree_time",
    "assign_calls",
    "attach_vehicle",
    "bar_case_call",
    "call",
    "callers_of",
    "cars_for",
    "drop_case_call",
    "edit_customer",
    "edit_vehicle",
    "hold_calls",
    "keep_apart",
    "keep_history",
    "load_customers",
    "load_vehicles",
    "mark_told",
    "meet_customer",
    "merge_customer",
    "merge_vehicle",
    "note_consent",
    "note_mileage",
    "note_mileages",
    "note_owner",
    "note_past_visits",
    "note_visit",
    "plan_calls",
    "plan_case_call",
    "reassign",
    "release_calls",
    "replan_calls",
    "retry_message",
    "send_next",
    "tell",
    "undo_merge",
]
