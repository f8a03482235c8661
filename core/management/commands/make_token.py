"""Make an access token for an integration, which has nobody who signs in for it."""

from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from core import actions
from core.actor import CONSOLE
from core.models import Employee


class Command(BaseCommand):
    """The token on the last line is shown this once; only its hash is kept."""

    help = "Make an access token in an account's name: make_token USERNAME NAME"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("username", help="the account in whose name the program asks")
        parser.add_argument("name", help="what the token is for")

    def handle(self, *args: Any, **options: Any) -> None:
        employee = Employee.objects.filter(username=options["username"]).first()
        if employee is None:
            raise CommandError(f"There is no account “{options['username']}”.")
        if not 0 < len(options["name"]) <= 60:
            raise CommandError("Say in at most 60 characters what the token is for.")
        try:
            made = actions.make_token(name=options["name"], by=CONSOLE, employee=employee)
        except ValidationError as problem:
            raise CommandError(" ".join(problem.messages)) from problem
        self.stdout.write(f"In the name of {employee}, with the rights of that account. Shown this once:")
        self.stdout.write(made.text)
