"""Support views of the ground: read-only."""

from django.contrib import admin

from core.models import Calendar, Employee, Entry, Heartbeat, PublicHoliday, Slot, Store
from core.support import ReadOnly


@admin.register(Store)
class StoreAdmin(ReadOnly):
    """Stores with their policy values."""

    list_display = ("code", "name", "company", "live_from", "follow_up_days")


@admin.register(Employee)
class EmployeeAdmin(ReadOnly):
    """Employees; of a password not even the hash is shown."""

    list_display = ("username", "name", "kind", "is_active", "last_login")
    search_fields = ("username", "name")
    exclude = ("password", "user_permissions", "groups")


@admin.register(Entry)
class EntryAdmin(ReadOnly):
    """Lines of the logbook."""

    list_display = ("id", "at", "verb", "kind", "object_id", "store", "door")
    list_filter = ("kind", "door")


@admin.register(Slot)
class SlotAdmin(ReadOnly):
    """Slots of periodic work."""

    list_display = ("job", "at", "done_at")
    list_filter = ("job",)
    ordering = ("-at",)


@admin.register(Heartbeat)
class HeartbeatAdmin(ReadOnly):
    """When each sweep last came to its end."""

    list_display = ("job", "at")


@admin.register(Calendar)
class CalendarAdmin(ReadOnly):
    """Working calendars."""

    list_display = ("name", "time_zone")


@admin.register(PublicHoliday)
class PublicHolidayAdmin(ReadOnly):
    """Official holidays and make-up days."""

    list_display = ("day", "name", "is_off")
    date_hierarchy = "day"
