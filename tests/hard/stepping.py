"""Two people take one step that is taken once, such as closing a case: the second is told, and it is done once."""

import random
import uuid
from typing import Any

from django.db import transaction

from core.models import Entry
from tests.hard.conftest import race
from tests.hard.pages import MODES, fields, filled, form_at
from tests.test_access import client_of

TOLD = ([302, 412], [302, 422])  # of a conflict, or that it is done already


def step_twice(cast: Any, places: list[tuple[str, str]], dice: random.Random) -> list[str]:
    """What is wrong with a step that two people take from pages they had opened before, at once."""
    seen = set()
    for role, path in places:
        clients = [client_of(cast, role) for _n in range(2)]
        for rows in _ways(clients[0], path, dice):
            sent = [fields(rows, uuid.uuid4()) for _n in clients]
            with transaction.atomic():
                told = [clients[n].post(path, sent[n]).status_code for n in range(2)]
                transaction.set_rollback(True)
            seen.add(f"{path}: {told}")
            if told in TOLD:
                return _at_once(path, clients, rows)
            if told[0] == 302:
                return [f"{path}: the second is taken too: {told}"]
    return [f"nobody can take this step: {sorted(seen)[:6]}"]


def _ways(client: Any, path: str, dice: random.Random) -> list[Any]:
    page = client.get(path)
    shown = form_at(page.content.decode(), path)
    return [filled(shown, page.context["form"], dice, mode) for mode in MODES] if shown else []


def _at_once(path: str, clients: list[Any], rows: list[Any]) -> list[str]:
    sent = [fields(rows, uuid.uuid4()) for _n in clients]
    last = Entry.objects.order_by("-pk").values_list("pk", flat=True)[0]
    told = [getattr(one, "status_code", repr(one)) for one in race(2, lambda n: clients[n].post(path, sent[n]))]
    acts = Entry.objects.filter(pk__gt=last).values_list("act", flat=True).distinct().count()
    wrong = [] if sorted(map(str, told)) in [[str(n) for n in pair] for pair in TOLD] else [f"{path}: at once {told}"]
    return wrong if acts == 1 else [*wrong, f"{path}: {acts} acts in the logbook"]
