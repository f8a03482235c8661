"""`manage.py load_demo`: opens the invented dealership in an empty database."""

import time
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from core.models import Store
from dealer.demo.load import count_up, open_dealership


class Command(BaseCommand):
    help = "Open the demo dealership: three invented stores with eighteen months of history, and cars in them today."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--customers", type=int, default=2000, help="how many customers (2000)")
        parser.add_argument("--months", type=int, default=18, help="how many months of history (18)")
        parser.add_argument("--seed", type=int, default=4, help="another number, another dealership (4)")
        parser.add_argument("--force", action="store_true", help="also where SITE_URL is https; the password is known")

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.SECURE and not options["force"]:
            raise CommandError(
                _("SITE_URL is https, and the demo's accounts share one known password. --force loads it anyway.")
            )
        if Store.objects.exists():
            raise CommandError(_("There is a store already. The demo dealership opens only in an empty database."))
        if options["customers"] < 30 or not 1 <= options["months"] <= 36:
            raise CommandError(_("The demo needs at least 30 customers and 1 to 36 months."))
        start = time.monotonic()

        def say(what: str) -> None:
            if options["verbosity"] > 1:
                self.stdout.write(f"{time.monotonic() - start:6.1f} s  {what}")

        loaded = open_dealership(count=options["customers"], months=options["months"], seed=options["seed"], say=say)
        reports = count_up(say)
        self.stdout.write(
            _("%(visits)s past visits, %(cars)s cars today, %(calls)s calls to make, %(reports)s monthly reports")
            % {"visits": loaded.visits, "cars": loaded.cars_today, "calls": loaded.calls, "reports": reports}
        )
