"""List tables of the ground."""

from typing import Any

import django_tables2 as tables
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core.events import sentence_of
from core.lists import HouseTable
from core.models import Employee, Entry
from core.templatetags.ui import badge, when


class EntryTable(HouseTable):
    """Lines of the logbook."""

    at = tables.DateTimeColumn(verbose_name=_("When"), format="Y-m-d H:i:s")
    verb = tables.Column(verbose_name=_("What"))
    kind = tables.Column(verbose_name=_("Document"))
    object_id = tables.Column(verbose_name=_("Id"))
    store = tables.Column(verbose_name=_("Store"))
    by_id = tables.Column(verbose_name=_("By"))
    door = tables.Column(verbose_name=_("Through"))

    def render_verb(self, value: str) -> str:
        return sentence_of(value)[2]

    def value_verb(self, value: str) -> str:
        return value

    class Meta:
        model = Entry
        fields = ["at", "verb", "kind", "object_id", "store", "by_id", "door"]


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
