"""Takes the second factor of somebody who lost telephone and recovery codes; the next sign-in sets up a new one."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from core import actions
from core.actor import CONSOLE
from core.models import Employee


class Command(BaseCommand):
    help = "Take every second factor of an account away and end its sessions. Make sure who asks for it."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username")

    def handle(self, *args: Any, **options: Any) -> None:
        employee = Employee.objects.filter(username=options["username"]).first()
        if employee is None:
            raise CommandError(f"There is no account {options['username']}.")
        actions.reset_second_factor(employee, by=CONSOLE)
        self.stdout.write(f"{employee.username} signs in with the password alone until a new factor is set up.")
