"""List tables of the ground."""

from typing import Any

import django_tables2 as tables
from django.urls import reverse
from django.utils.html import format_html
from django.utils.timezone import localdate, now
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core.events import sentence_of
from core.lists import HouseTable
from core.models import Absence, Approval, Delegation, Employee, Entry, Matter, Notice, Task
from core.notices import amount_said, notice_said, task_said
from core.templatetags.ui import badge, icon, money, plates, quantity, when

APPROVAL_TONES = {
    Approval.Status.ASKED: "orange",
    Approval.Status.GRANTED: "green",
    Approval.Status.REFUSED: "red",
    Approval.Status.WITHDRAWN: "secondary",
    Approval.Status.USED: "blue",
}
TASK_TONES = {Task.Status.OPEN: "blue", Task.Status.DONE: "green", Task.Status.DROPPED: "secondary"}
_ONE_LINE = {"cell": {"class": "text-nowrap"}}


def _linked(url: str, first: Any, second: Any = "") -> Any:
    """What matters as a link, and under it what explains it."""
    under = format_html('<div class="text-secondary small">{}</div>', second) if second else ""
    return format_html('<div><a class="fw-medium" href="{}">{}</a>{}</div>', url, first, under)


class EntryTable(HouseTable):
    """Lines of the logbook."""

    verb = tables.Column(verbose_name=_("What"), attrs={"cell": {"class": "app-cell-wide"}})
    document = tables.Column(verbose_name=_("Document"), accessor="pk", orderable=False)
    who = tables.Column(verbose_name=_("By"), accessor="who", attrs=_ONE_LINE)
    door = tables.Column(verbose_name=_("Through"), accessor="door_said", attrs=_ONE_LINE)
    store = tables.Column(verbose_name=_("Store"), attrs={"cell": {"class": "app-tablet-hide app-phone-hide"}})
    at = tables.DateTimeColumn(verbose_name=_("When"), format="Y-m-d H:i:s", attrs={"cell": {"class": "app-num"}})

    class Meta:
        model = Entry
        fields = ["verb", "document", "who", "door", "store", "at"]
        sequence = fields

    def render_verb(self, value: str) -> Any:
        mark, tone, sentence = sentence_of(value)
        return format_html(
            '<span class="d-inline-flex align-items-center gap-2"><span class="text-{}">{}</span>{}</span>',
            tone,
            icon(mark),
            sentence,
        )

    def value_verb(self, value: str) -> str:
        return sentence_of(value)[2]

    def render_document(self, record: Any) -> Any:
        title = record.document
        name = format_html('<a class="fw-medium app-num" href="{}">{}</a>', record.url, title) if record.url else title
        return format_html('<div>{}<div class="text-secondary small">{}</div></div>', name, record.kind_said)

    def value_document(self, record: Any) -> str:
        return f"{record.kind_said} {record.document}"


class EmployeeTable(HouseTable):
    """The people whose accounts somebody keeps."""

    name = tables.Column(verbose_name=_("Name"))
    username = tables.Column(verbose_name=_("User name"))
    roles = tables.Column(verbose_name=_("Role"), accessor="pk")
    last_login = tables.Column(verbose_name=_("Last signed in"))
    is_active = tables.Column(verbose_name=_("Account"))

    class Meta:
        model = Employee
        fields = ["name", "username", "roles", "last_login", "is_active"]

    def render_name(self, record: Employee) -> Any:
        return format_html('<a class="fw-medium" href="{}">{}</a>', reverse("employee", args=[record.pk]), record.name)

    def value_name(self, record: Employee) -> str:
        return record.name

    def render_roles(self, record: Employee) -> str:
        roles = [one for one in record.postings.all() if one.is_active]
        return "、".join(f"{one.get_role_display()}{f' · {one.store}' if one.store else ''}" for one in roles) or "–"

    def render_last_login(self, value: Any) -> str:
        return when(value)

    def render_is_active(self, value: bool) -> Any:
        return badge("green", gettext("Open")) if value else badge("secondary", gettext("Closed"))

    def value_is_active(self, value: bool) -> str:
        return gettext("Open") if value else gettext("Closed")


class ApprovalTable(HouseTable):
    """Approvals asked for and decided."""

    title = tables.Column(verbose_name=_("What it is about"))
    amount = tables.Column(verbose_name=_("Asked for"))
    worth = tables.Column(verbose_name=_("In yuan"))
    asked_by = tables.Column(verbose_name=_("Asked by"))
    asked_at = tables.Column(verbose_name=_("Asked"))
    status = tables.Column(verbose_name=_("Status"))
    decided_by = tables.Column(verbose_name=_("Decided by"))
    store = tables.Column(verbose_name=_("Store"))

    class Meta:
        model = Approval
        fields = ["title", "amount", "worth", "asked_by", "asked_at", "status", "decided_by", "store"]

    def render_title(self, record: Approval) -> Any:
        changed = gettext("The document has changed") if getattr(record, "outdated", False) else ""
        mark = format_html("{} {}", badge("red", changed), record.reason) if changed else record.reason
        return _linked(record.get_absolute_url(), plates(str(record)), mark)

    def value_title(self, record: Approval) -> str:
        return f"{record}: {record.reason}"

    def render_amount(self, record: Approval) -> Any:
        return format_html('<span class="app-num">{}</span>', amount_said(record) or "–")

    def value_amount(self, record: Approval) -> Any:
        return record.amount

    def render_worth(self, value: Any) -> Any:
        return format_html('<span class="app-num">{}</span>', money(value))

    def value_worth(self, value: Any) -> Any:
        return value

    def render_asked_at(self, value: Any) -> Any:
        return format_html('<span class="app-num">{}</span>', when(value))

    def value_asked_at(self, value: Any) -> Any:
        return value

    def render_status(self, record: Approval) -> Any:
        return badge(APPROVAL_TONES[Approval.Status(record.status)], record.get_status_display())

    def value_status(self, record: Approval) -> str:
        return record.get_status_display()


class TaskTable(HouseTable):
    """Tasks of people."""

    title = tables.Column(verbose_name=_("What is to be done"), empty_values=())
    due_at = tables.Column(verbose_name=_("Due"))
    assignee = tables.Column(verbose_name=_("Whose it is"))
    asked_by = tables.Column(verbose_name=_("Asked by"))
    status = tables.Column(verbose_name=_("Status"))
    store = tables.Column(verbose_name=_("Store"))

    class Meta:
        model = Task
        fields = ["title", "due_at", "assignee", "asked_by", "status", "store"]

    def render_title(self, record: Task) -> Any:
        return _linked(record.get_absolute_url(), task_said(record), record.remark)

    def value_title(self, record: Task) -> str:
        return task_said(record)

    def render_due_at(self, record: Task) -> Any:
        late = badge("red", gettext("Late")) if record.is_late else ""
        return format_html('<span><span class="app-num">{}</span> {}</span>', when(record.due_at), late)

    def value_due_at(self, record: Task) -> Any:
        return record.due_at

    def render_status(self, record: Task) -> Any:
        return badge(TASK_TONES[Task.Status(record.status)], record.get_status_display())

    def value_status(self, record: Task) -> str:
        return record.get_status_display()


class NoticeTable(HouseTable):
    """One's notices."""

    code = tables.Column(verbose_name=_("Notice"))
    at = tables.Column(verbose_name=_("When"))

    class Meta:
        model = Notice
        fields = ["code", "at"]
        row_attrs = {"class": lambda record: "" if record.read_at else "fw-bold"}

    def render_code(self, record: Notice) -> Any:
        name, tone, text = notice_said(record)
        new = "" if record.read_at else badge("blue", gettext("Unread"))
        mark = format_html('<span class="text-{} me-2">{}</span>', tone, icon(name))
        return format_html('{}<a href="{}">{}</a> {}', mark, reverse("open_notice", args=[record.pk]), text, new)

    def value_code(self, record: Notice) -> str:
        return notice_said(record)[2]

    def render_at(self, value: Any) -> Any:
        return format_html('<span class="app-num">{}</span>', when(value))

    def value_at(self, value: Any) -> Any:
        return value


def delegation_state(one: Delegation) -> tuple[str, str]:
    """Colour and word for where a deputyship stands today."""
    if one.ended_at:
        return "secondary", gettext("Ended early")
    if one.has_ended:
        return "secondary", gettext("Ended")
    return ("green", gettext("In force")) if one.starts_on <= localdate() else ("azure", gettext("To come"))


def absence_state(one: Absence) -> tuple[str, str]:
    """Colour and word for where an absence stands now."""
    if one.cancelled_at:
        return "secondary", gettext("Taken back")
    if one.ends_at <= now():
        return "secondary", gettext("Past")
    return ("orange", gettext("Absent now")) if one.starts_at <= now() else ("azure", gettext("To come"))


class DelegationTable(HouseTable):
    """Deputies."""

    principal = tables.Column(verbose_name=_("In whose name"))
    deputy = tables.Column(verbose_name=_("Deputy"))
    matter = tables.Column(verbose_name=_("Matter"), empty_values=())
    limit = tables.Column(verbose_name=_("Up to"))
    starts_on = tables.Column(verbose_name=_("From day"))
    ends_on = tables.Column(verbose_name=_("Until and including"))
    ended_at = tables.Column(verbose_name=_("Status"), empty_values=())
    store = tables.Column(verbose_name=_("Store"))
    end = tables.Column(verbose_name="", accessor="pk", exclude_from_export=True)

    class Meta:
        model = Delegation
        fields = ["principal", "deputy", "matter", "limit", "starts_on", "ends_on", "ended_at", "store", "end"]

    def render_matter(self, record: Delegation) -> str:
        return record.get_matter_display() if record.matter else gettext("Every matter")

    def render_limit(self, record: Delegation) -> str:
        return f"{quantity(record.limit)} %" if record.matter == Matter.DISCOUNT else f"{record.limit:,.2f}"

    def value_limit(self, record: Delegation) -> Any:
        return record.limit

    def render_starts_on(self, value: Any) -> str:
        return when(value)

    def value_starts_on(self, value: Any) -> Any:
        return value

    def render_ends_on(self, value: Any) -> str:
        return when(value)

    def value_ends_on(self, value: Any) -> Any:
        return value

    def render_ended_at(self, record: Delegation) -> Any:
        return badge(*delegation_state(record))

    def value_ended_at(self, record: Delegation) -> str:
        return delegation_state(record)[1]

    def render_end(self, record: Delegation) -> Any:
        actor = self.request.actor
        own = record.principal_id == actor.pk and actor.may("core.delegate", record.store)
        if record.has_ended or not (own or actor.may("core.keep_employees", record.store)):
            return ""
        return format_html(
            '<a class="btn btn-sm" href="{}">{}</a>', reverse("end_delegation", args=[record.pk]), gettext("End early")
        )


class AbsenceTable(HouseTable):
    """Who is not there."""

    employee = tables.Column(verbose_name=_("Employee"))
    starts_at = tables.Column(verbose_name=_("From"))
    ends_at = tables.Column(verbose_name=_("Until"))
    reason = tables.Column(verbose_name=_("Reason"))
    cancelled_at = tables.Column(verbose_name=_("Status"), empty_values=())
    store = tables.Column(verbose_name=_("Store"))
    cancel = tables.Column(verbose_name="", accessor="pk", exclude_from_export=True)

    class Meta:
        model = Absence
        fields = ["employee", "starts_at", "ends_at", "reason", "cancelled_at", "store", "cancel"]

    def render_starts_at(self, value: Any) -> Any:
        return format_html('<span class="app-num">{}</span>', when(value))

    def value_starts_at(self, value: Any) -> Any:
        return value

    def render_ends_at(self, value: Any) -> Any:
        return format_html('<span class="app-num">{}</span>', when(value))

    def value_ends_at(self, value: Any) -> Any:
        return value

    def render_cancelled_at(self, record: Absence) -> Any:
        return badge(*absence_state(record))

    def value_cancelled_at(self, record: Absence) -> str:
        return absence_state(record)[1]

    def render_cancel(self, record: Absence) -> Any:
        if record.cancelled_at or not self.request.actor.may("core.keep_roster", record.store):
            return ""
        return format_html(
            '<a class="btn btn-sm" href="{}">{}</a>', reverse("cancel_absence", args=[record.pk]), gettext("Take back")
        )
