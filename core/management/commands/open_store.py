"""Opens a store on the console: the way in for a real dealership."""

from decimal import Decimal, InvalidOperation
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import IntegrityError

from core import actions
from core.actor import CONSOLE
from core.rows import refused_by_database


class Command(BaseCommand):
    help = "Open a store, and its company and group when they are new."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("code", help="stands in every document number, such as HD01")
        parser.add_argument("name")
        parser.add_argument("--group", required=True)
        parser.add_argument("--company", required=True)
        parser.add_argument("--tax-number", default="")
        parser.add_argument("--city", default="")
        parser.add_argument("--labour-rate", required=True, help="yuan an hour, tax included")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            rate = Decimal(options["labour_rate"])
            store = actions.open_store(
                group=options["group"],
                company=options["company"],
                tax_number=options["tax_number"],
                code=options["code"],
                name=options["name"],
                city=options["city"],
                labour_rate=rate,
                by=CONSOLE,
            )
        except InvalidOperation as problem:
            raise CommandError("The labour rate must be a number such as 380.00.") from problem
        except ValidationError as problem:
            raise CommandError(" ".join(problem.messages)) from problem
        except IntegrityError as problem:
            raise CommandError((refused_by_database(problem) or (0, str(problem)))[1]) from problem
        self.stdout.write(
            f"{store.code} {store.name} is open. Next: manage.py add_employee USERNAME NAME ROLE {store.code}"
        )
