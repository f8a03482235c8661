"""Row 6: the button of a form pressed again and again, all at once: one object, and everybody ends on its page.

Every form of the browser door is found in the URL conf. What may be pressed is tried out first on the rows that are
there (and taken back); then the same form goes out many times at once with one form token.
"""

import random
import re
import uuid
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.apps import apps
from django.db import connection, transaction
from django.test import Client

from core.models import Entry
from service.models import Party
from tests import access
from tests.access import Door
from tests.hard.addresses import addresses
from tests.hard.conftest import FULL, race
from tests.hard.pages import MODES, Form, fields, filled, form_at, people_for
from tests.hard.world import day
from tests.test_access import client_of

pytestmark = [pytest.mark.hard, pytest.mark.django_db(transaction=True)]

AT_ONCE = 50 if FULL else 8
# forms that are left out, and why
LEFT_OUT: dict[str, str] = {
    "load_catalogue": "a price list is looked at first; what it would change is loaded from the page after",
    "loaded_sheet": "the page after it",
}
# forms that create nothing, and are pressed by others than those who are tried here, or need what nobody can guess
NOT_GUESSED: dict[str, str] = {
    "assess": "the sum of an insurer for an accident: tests/service/test_assess.py",
    "call": "only in the hours in which customers may be disturbed",
    "complain": "a page without an account: test_complaint_races.py",
    "confirm_cash_count": "a button of the list, and never one's own count: tests/finance/test_count_cash.py",
    "consent": "the customer's own page, with the link of one estimate: tests/service/test_link.py",
    "decide": "once among many at once: tests/core/test_approvals_races.py",
    "follow_case": "the customer's own page, with the link of one case: test_complaint_races.py",
    "let_out": "the plate that is seen on the car; one car leaves once: test_races.py",
    "merge_customer": "the other record is chosen on the page before",
    "merge_vehicle": "the other record is chosen on the page before",
    "retry_message": "only a message that was given up",
    "undo_merge_customer": "only what was merged",
    "undo_merge_vehicle": "only what was merged",
    "withdraw_approval": "only by who asked",
}
# fields that go together, where one cannot be guessed without the other
TOGETHER: dict[str, Callable[[], list[tuple[str, str]]]] = {
    "ask_goodwill": lambda: [
        ("shares-0-payer", "store"),
        ("shares-0-party", str(Party.objects.filter(kind="store").latest("pk").pk)),
        ("shares-0-reason", "goodwill"),
        ("reason", "老客户"),
    ],
    # its first button only shows what would be settled
    "settle": lambda: [("discount", "0"), ("rounding", "0"), ("discount_reason", "")],
}
FIRST_WORDS = ("add_", "ask_", "issue_", "send_", "post_")  # of what creates without a verb of its own
# what differs from one run to the next though nothing of the business does
NOISE = {"core_keyedrequest", "core_accessentry", "django_session", "usersessions_usersession"}


def counts() -> dict[str, int]:
    """How many rows every table has."""
    names = sorted({model._meta.db_table for model in apps.get_models()} - NOISE)
    text = " UNION ALL ".join(f"SELECT '{name}', count(*) FROM \"{name}\"" for name in names)
    with connection.cursor() as cursor:
        cursor.execute(text)
        return dict(cursor.fetchall())


def growth(before: dict[str, int], after: dict[str, int]) -> dict[str, int]:
    return {table: after[table] - n for table, n in before.items() if after[table] != n}


def creating() -> set[str]:
    """The verbs of which the REST door says that they create something."""
    from dealer import api_urls

    methods = (getattr(one.callback.cls, action) for one in api_urls.v1 for action in one.callback.actions.values())
    return {method.verb for method in methods if getattr(method, "creates", False)}


def doors() -> Iterator[Door]:
    """Every form of the browser door that creates something; in full every form that needs a verb."""
    verbs, left_out = creating(), LEFT_OUT | NOT_GUESSED
    for one in access.doors():
        if one.method == "POST" and one.verb and not one.is_api:
            is_creating = one.verb in verbs or one.name.startswith(FIRST_WORDS)
            if (FULL or is_creating) and one.name not in (LEFT_OUT if is_creating else left_out):
                yield one


def tried(client: Client, one: Door, path: str, dice: random.Random, told: list[str]) -> tuple[Any, ...] | None:
    """The fields with which a form is accepted, and what it makes; nothing of it stays."""
    sent = iter([TOGETHER[one.name]()]) if one.name in TOGETHER else ways(client, path, dice)
    for rows in sent:
        is_done, said, _made = once(client, path, rows, is_counted=False)
        if is_done:
            is_done, said, made = once(client, path, rows, is_counted=True)
            return (rows, made) if is_done else None
        told.append(f"{path}: {said}")
    return None


def ways(client: Client, path: str, dice: random.Random) -> Iterator[list[tuple[str, Any]]]:
    """What a person could send from this page; nothing from one that is not for these eyes or has no form."""
    page = client.get(path)
    shown = form_at(page.content.decode(errors="replace"), path) if page.status_code == 200 else None
    bound = (page.context or {}).get("form") if page.status_code == 200 else None
    if page.status_code == 405 or shown is not None:
        yield from (filled(shown or Form(""), bound, dice, mode) for mode in MODES)


def once(
    client: Client, path: str, rows: list[tuple[str, Any]], *, is_counted: bool
) -> tuple[bool, str, dict[str, int]]:
    """One press of the button, taken back: whether it is accepted, else why not, and what it makes."""
    with transaction.atomic():
        before = counts() if is_counted else {}
        answer = client.post(path, fields(rows, uuid.uuid4()))
        made = growth(before, counts()) if is_counted else {}
        transaction.set_rollback(True)
    is_done = answer.status_code == 302 or is_secret(answer)
    return is_done, "" if is_done else f"{answer.status_code} {why(answer)}", made


def is_secret(answer: Any) -> bool:
    """A page with a first password, which is shown to nobody twice."""
    return bool(getattr(answer, "is_shown_once", False))


def why(answer: Any) -> str:
    """What a page said against it."""
    form = (answer.context or {}).get("form")
    return str(dict(form.errors.get_json_data())) if form is not None and form.errors else str(answer.content[:80])


PEOPLE, ROWS_, LAID = 3, 45, 3  # how many are tried before a form counts as one that nobody can press


def pressed(
    cast: Any, one: Door, dice: random.Random, clients: dict[str, Client], told: list[str]
) -> tuple[Any, ...] | None:
    """Somebody, an address and fields with which the form is accepted."""
    for role in people_for(cast, one.verb)[:PEOPLE]:
        client = clients.setdefault(role, client_of(cast, role))
        for path in list(addresses(one, {}))[:ROWS_]:
            try:
                found = tried(client, one, path, dice, told)
            except Exception as problem:
                raise AssertionError(f"{role} {path}") from problem
            if found:
                return role, path, *found
    return None


def test_one_form_many_times_at_once_is_done_once(cast):
    known = {one.name for one in access.doors()}
    assert {*LEFT_OUT, *NOT_GUESSED, *TOGETHER} <= known, "a form that is no more"
    dice = random.Random(6)
    day(cast, dice)
    clients: dict[str, Client] = {}
    wrong, pressed_all, laid = [], [], 0
    for one in doors():
        told: list[str] = []
        found = pressed(cast, one, dice, clients, told)
        if found is None and laid < LAID:
            laid += 1
            day(cast, dice)  # what it needs was used up by the forms before it
            found = pressed(cast, one, dice, clients, told)
        if found is None:
            wrong.append(f"{one.path}: no row, nobody and no fields with which it is accepted: {sorted(set(told))[:6]}")
            continue
        role, path, rows, made = found
        wrong += many_times(cast, role, path, rows, made)
        pressed_all.append(one.name)
    assert not wrong, "\n".join(wrong)
    assert len(pressed_all) >= 40
    print(f"{len(pressed_all)} forms, each {AT_ONCE} times at once")


def many_times(cast: Any, role: str, path: str, rows: list[tuple[str, str]], made: dict[str, int]) -> list[str]:
    """The same form so many times at once; what is wrong about it."""
    clients = [client_of(cast, role) for _ in range(AT_ONCE)]
    token, before, last = uuid.uuid4(), counts(), Entry.objects.order_by("-pk").values_list("pk").first()
    sent = [fields(rows, token) for _n in range(AT_ONCE)]
    answers = race(AT_ONCE, lambda n: clients[n].post(path, sent[n]))
    name = f"{role} {path}"
    told = sorted(str(getattr(one, "status_code", repr(one))) for one in answers)
    is_once = any(map(is_secret, answers))
    if told != (["200"] + ["409"] * (AT_ONCE - 1) if is_once else ["302"] * AT_ONCE):
        return [f"{name}: {told}"]
    wrong = []
    if growth(before, counts()) != made:
        wrong.append(f"{name}: made {growth(before, counts())}, once makes {made}")
    acts = Entry.objects.filter(pk__gt=last[0] if last else 0).values_list("act", flat=True).distinct().count()
    if acts > 1:
        wrong.append(f"{name}: {acts} acts in the logbook")
    return wrong if is_once else wrong + ends(name, clients[0], answers)


def ends(name: str, client: Client, answers: list[Any]) -> list[str]:
    """All are led to one page, and it is there."""
    places = {_bare(one["Location"]) for one in answers}
    end = client.get(answers[0]["Location"], follow=True)
    wrong = [f"{name}: ends on {places}"] if len(places) != 1 else []
    if end.status_code not in {200, 403}:
        wrong.append(f"{name}: its page answers {end.status_code}")
    return wrong


def _bare(address: str) -> str:
    return re.sub(r"[?#].*", "", address)
