"""The ground's things, one subject a file; re-exported so that rooms write `from core.models import Store`."""

from core.models.approvals import Approval, Authority, Delegation, Matter
from core.models.attachments import Attachment
from core.models.calendar import Calendar, Frame, HolidayYear, PublicHoliday, WeekFrame
from core.models.employees import AccessToken, Employee, Posting
from core.models.figures import Figure, TouchedDay
from core.models.logbook import AccessEntry, Detail, Entry, Subject
from core.models.mappings import Mapping
from core.models.numbers import Counter
from core.models.organisation import Company, Department, Group, Store
from core.models.queued import Queued
from core.models.requests import KeyedRequest
from core.models.roster import Absence, Trade
from core.models.slots import Heartbeat, Slot
from core.models.tasks import Notice, Task
from core.models.taxes import VatRate

__all__ = [
    "Absence",
    "AccessEntry",
    "AccessToken",
    "Approval",
    "Attachment",
    "Authority",
    "Calendar",
    "Company",
    "Counter",
    "Delegation",
    "Department",
    "Detail",
    "Employee",
    "Entry",
    "Figure",
    "Frame",
    "Group",
    "Heartbeat",
    "HolidayYear",
    "KeyedRequest",
    "Mapping",
    "Matter",
    "Notice",
    "Posting",
    "PublicHoliday",
    "Queued",
    "Slot",
    "Store",
    "Subject",
    "Task",
    "TouchedDay",
    "Trade",
    "VatRate",
    "WeekFrame",
]
