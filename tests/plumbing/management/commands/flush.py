"""Empties the tables as the owner: the app role that tests run as may not, and Django's own command would try."""

from typing import Any

from django.core.management.commands import flush
from django.db import connections

from tests.plumbing import databases


class Command(flush.Command):
    def handle(self, **options: Any) -> None:
        databases.empty(connections[options["database"]].settings_dict["NAME"])
