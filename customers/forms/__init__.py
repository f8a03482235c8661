"""What comes in about customers, vehicles and calls: one form a verb, for both doors; one subject a file."""

from customers.forms.calls import AgreeTimeForm, CallForm, MarkToldForm, ReassignForm, RetryMessageForm
from customers.forms.finding import CustomerField, Find, FindVehicle, Typed, VehicleField, companies_for
from customers.forms.merges import (
    MergeCustomerForm,
    MergeVehicleForm,
    OtherCustomerForm,
    OtherVehicleForm,
    UndoMergeForm,
)
from customers.forms.people import AddCustomerForm, EditCustomerForm, NoteConsentForm, PhoneField
from customers.forms.vehicles import AddVehicleForm, EditVehicleForm

__all__ = [
    "AddCustomerForm",
    "AddVehicleForm",
    "AgreeTimeForm",
    "CallForm",
    "CustomerField",
    "EditCustomerForm",
    "EditVehicleForm",
    "Find",
    "FindVehicle",
    "MarkToldForm",
    "MergeCustomerForm",
    "MergeVehicleForm",
    "NoteConsentForm",
    "OtherCustomerForm",
    "OtherVehicleForm",
    "PhoneField",
    "ReassignForm",
    "RetryMessageForm",
    "Typed",
    "UndoMergeForm",
    "VehicleField",
    "companies_for",
]
