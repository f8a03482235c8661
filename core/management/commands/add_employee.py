"""Gives somebody an account on the console: the first general manager, who then adds the others on the page."""

from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser

from core import actions
from core.actor import CONSOLE
from core.models import Store
from core.roles import Role


class Command(BaseCommand):
    help = "Give somebody an account and a role in a store; prints the first password once."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username")
        parser.add_argument("name")
        parser.add_argument("role", choices=[str(role) for role in Role if role != Role.GROUP_MANAGER])
        parser.add_argument("store", help="its code")

    def handle(self, *args: Any, **options: Any) -> None:
        store = Store.objects.filter(code=options["store"].upper()).first()
        if store is None:
            known = (
                ", ".join(Store.objects.order_by("code").values_list("code", flat=True)[:20]) or "none yet: open_store"
            )
            raise CommandError(f"There is no store {options['store']}. There are: {known}.")
        try:
            made = actions.add_employee(
                username=options["username"], name=options["name"], role=options["role"], store=store, by=CONSOLE
            )
        except ValidationError as problem:
            raise CommandError(" ".join(problem.messages)) from problem
        self.stdout.write(f"{made.employee.username}  {made.text}")
