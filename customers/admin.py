"""Support views of the customers room: read-only."""

from django.contrib import admin

from core.support import ReadOnly
from customers.models import Call, Customer, Message, Vehicle, VisitNote


@admin.register(Customer)
class CustomerAdmin(ReadOnly):
    """Customers."""

    list_display = ("name", "kind", "level", "company", "is_incomplete", "source")
    search_fields = ("name", "phone")
    list_select_related = ("company",)


@admin.register(Vehicle)
class VehicleAdmin(ReadOnly):
    """Vehicles."""

    list_display = ("plate", "vin", "brand", "model", "company", "is_incomplete")
    search_fields = ("plate", "vin")
    list_select_related = ("company",)


@admin.register(VisitNote)
class VisitNoteAdmin(ReadOnly):
    """Visits as care was told of them."""

    list_display = ("visit_id", "store", "vehicle", "left_on", "call_pending", "origin")
    list_select_related = ("store", "vehicle")


@admin.register(Call)
class CallAdmin(ReadOnly):
    """Follow-up calls."""

    list_display = ("id", "name", "store", "due_on", "not_before", "status", "agent", "is_provisional")
    list_filter = ("status",)
    list_select_related = ("store", "agent")


@admin.register(Message)
class MessageAdmin(ReadOnly):
    """The outbox."""

    list_display = ("id", "code", "customer", "channel", "done_at", "by_hand")
    list_select_related = ("customer",)
