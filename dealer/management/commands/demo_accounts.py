"""`manage.py demo_accounts`: who can sign in to the demo dealership."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _
from django.utils.translation import override

from core.models import Employee
from core.roles import Role
from dealer.demo.people import COMPANY_WIDE, GROUP, GROUP_WIDE, PASSWORD, PLACES, Place, crew_of, width


class Command(BaseCommand):
    help = "Print the accounts of the demo dealership: role, username, store; and their one password."

    def handle(self, *args: Any, **options: Any) -> None:
        known = set(Employee.objects.filter(is_active=True).values_list("username", flat=True))
        rows = [
            (self._role(role), username, name, self._reach(role, place))
            for place in PLACES
            for role, username, name in crew_of(place.code)
            if username in known and role != Role.INTEGRATION
        ]
        if not rows:
            self.stdout.write(_("There are no demo accounts in this dealership."))
            return
        widths = [max(width(row[column]) for row in rows) for column in range(3)]
        for row in rows:
            cells = [text + " " * (wide - width(text)) for text, wide in zip(row, widths, strict=False)]
            self.stdout.write("  " + "  ".join([*cells, row[3]]))
        self.stdout.write("")
        self.stdout.write("  " + _("The password of all of them is %(password)s.") % {"password": PASSWORD})
        self.stdout.write("  " + _("It is known to everybody, so keep the demo on this machine."))

    @staticmethod
    def _reach(role: Role, place: Place) -> str:
        return GROUP if role in GROUP_WIDE else place.company if role in COMPANY_WIDE else place.name

    @staticmethod
    def _role(role: Role) -> str:
        with override("zh-hans"):
            chinese = str(role.label)
        with override("en"):
            english = str(role.label)
        return chinese if chinese == english else f"{chinese} {english}"
