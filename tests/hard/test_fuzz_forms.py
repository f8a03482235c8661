"""Row 22: whatever is typed into any field or address is answered in a sentence, and never with a 500.

Every path, form field and query parameter is found in the URL conf, the forms and the filters. What comes in is made
from a list of evils and a seed: HARD=full asks more than 20,000 times, HARD=short 1,000 times.
"""

import json
import random
import re
import uuid
from collections import Counter
from collections.abc import Iterator
from typing import Any, NamedTuple
from urllib.parse import quote_from_bytes, urlencode

import pytest
from django import forms
from django.db import transaction
from django.test import Client

from core.roles import VERBS
from core.shapes import Rows
from ops.places import ROOT
from tests import access
from tests.access import Door
from tests.hard.addresses import addresses
from tests.hard.conftest import FULL
from tests.hard.evils import BODIES, EVIL, HEADERS, HUGE, JSON_EVIL
from tests.hard.pages import people_for, typed
from tests.hard.world import day
from tests.test_access import api_forms, client_of

pytestmark = pytest.mark.hard

TIMES = 21_000 if FULL else 1_000


# what views read from the address by themselves, found in their code so that none is forgotten
READ_BY_VIEWS = sorted(
    {
        name
        for path in ROOT.glob("*/views/*.py")
        for name in re.findall(r'request\.GET(?:\.get\(|\[)"(\w+)"', path.read_text(encoding="utf-8"))
    }
)


class Asked(NamedTuple):
    """One request, so that a failure can be asked again."""

    role: str
    method: str
    path: str
    body: bytes
    kind: str


def fields_of(one: Door, client: Client, path: str) -> dict[str, Any]:
    """The fields of the form at a door of the browser."""
    page = client.get(path)
    form = (page.context or {}).get("form") if page.status_code == 200 else None
    return dict(form.fields) if form is not None else {}


def parameters() -> dict[str, list[str]]:
    """The query parameters of every list, by path, and those that any page may be asked with."""
    found: dict[str, list[str]] = {}
    for one in access.doors():
        if one.method == "GET" and one.verb:
            found[one.path] = [
                "q",
                "tab",
                "sort",
                "after",
                "before",
                "size",
                "export",
                "next",
                "lang",
                "plate",
                "store",
            ]
            found[one.path] += READ_BY_VIEWS
    from dealer import api_urls

    for path in api_urls.v1:
        filterset = getattr(path.callback.cls, "filterset_class", None)
        if filterset:
            found.setdefault(f"api/v1/{path.pattern}", []).extend(filterset.base_filters)
            # the page of the same name has the same filter
            found.setdefault(str(path.pattern), []).extend(filterset.base_filters)
    return found


def evil_pairs(names: list[str], dice: random.Random) -> bytes:
    """Some parameters with evil values, some twice, some as arrays, ranges the wrong way round."""
    pairs = []
    for name in dice.sample(names, min(len(names), dice.randint(1, 4))):
        for _twice in range(dice.choice((1, 1, 1, 2))):
            evil = dice.choice(EVIL)
            value = evil[: 2000 if len(evil) > 2000 else None]
            pairs.append(
                quote_from_bytes(name.encode()) + dice.choice(("", "", "", "[]", "[a]")) + "=" + quote_from_bytes(value)
            )
    ranges = [name for name in names if name.endswith("_from")]
    if ranges and dice.random() < 0.3:
        name = dice.choice(ranges)
        pairs += [f"{name}=2030-01-01", f"{name.removesuffix('_from')}_to=2020-01-01"]
    if dice.random() < 0.05:
        pairs.append("%zz=%&&==")
    return "&".join(pairs).encode()


def typed_pairs(fields: dict[str, Any], dice: random.Random) -> list[tuple[str, Any]]:
    """What a person would send, so that one evil value gets past the others' checks."""
    pairs: list[tuple[str, Any]] = []
    for name, one in fields.items():
        if isinstance(one, Rows):
            child = one.form_class(by=None)
            pairs += [
                (f"{name}-{i}-{key}", typed(key, f, dice, i == 1)) for i in (0, 1) for key, f in child.fields.items()
            ]
        elif not isinstance(one, forms.FileField):
            pairs.append((name, typed(name, one, dice, dice.random() < 0.5)))
    return pairs


def evil_form(fields: dict[str, Any], dice: random.Random) -> bytes:
    """The body of a form in which some fields are evil."""
    pairs = typed_pairs(fields, dice)
    names = [name for name, _value in pairs] or ["reason", "name"]
    bad = set(dice.sample(names, min(len(names), dice.randint(1, 3))))
    parts = []
    for name, value in pairs:
        values = value if isinstance(value, list) else [value]
        if name in bad:
            values = [dice.choice(EVIL) for _ in range(dice.choice((1, 1, 2)))]
        parts += [
            quote_from_bytes(name.encode())
            + "="
            + quote_from_bytes(each if isinstance(each, bytes) else str(each).encode())
            for each in values
        ]
    extra = [("version", str(HUGE)), ("version", "-1"), ("version", "²"), ("lines-9999-name", "x"), ("jobs-0-", "")]
    parts += [urlencode([dice.choice(extra)])] if dice.random() < 0.3 else []
    token = dice.choice(EVIL)[:500] if dice.random() < 0.1 else str(uuid.UUID(int=dice.getrandbits(128))).encode()
    return "&".join([*parts, "form_token=" + quote_from_bytes(token)]).encode()


def plain_json(fields: dict[str, Any], dice: random.Random) -> dict[str, Any]:
    """What a program would send."""
    body: dict[str, Any] = {}
    for name, one in fields.items():
        if isinstance(one, Rows):
            body[name] = [plain_json(one.form_class(by=None).fields, dice)]
        elif isinstance(one, forms.BooleanField):
            body[name] = True
        elif isinstance(one, forms.ModelChoiceField):
            body[name] = dice.randint(1, 60)
        elif isinstance(one, forms.IntegerField) and not isinstance(one, forms.DecimalField):
            body[name] = 1
        elif isinstance(one, forms.DateTimeField):
            body[name] = "2099-01-01T10:00:00+08:00"
        elif not isinstance(one, forms.FileField):
            body[name] = typed(name, one, dice, dice.random() < 0.5)
    return body


def evil_json(fields: dict[str, Any], dice: random.Random) -> bytes:
    """A body in which some values are evil, or that is none at all."""
    if dice.random() < 0.06:
        return dice.choice(BODIES)
    body = plain_json(fields, dice)
    for name in dice.sample(sorted(body), min(len(body), dice.randint(1, 3))):
        inner = (
            body[name][0] if isinstance(body[name], list) and body[name] and isinstance(body[name][0], dict) else None
        )
        if inner and dice.random() < 0.7:
            inner[dice.choice(sorted(inner))] = dice.choice(JSON_EVIL)
        else:
            body[name] = dice.choice(JSON_EVIL)
    if dice.random() < 0.05:
        body[dice.choice(["", "\x00", "id", "__class__", "a" * 5000])] = 1
    return json.dumps(body).encode()


def odd_address(path: str, dice: random.Random) -> str:
    """The id in an address made impossible, now and then."""
    if dice.random() < 0.08:
        return re.sub(r"/\d+/", f"/{dice.choice([HUGE, 0, 2**31, 2**63, '00000000001'])}/", path)
    return path


def requests(cast: Any, dice: random.Random) -> Iterator[Asked]:
    """So many requests over every door, each door as often as the others."""
    asked = [one for one in access.doors() if one.verb]
    clients: dict[str, Client] = {}
    by_path = parameters()
    form_of = {(one.path, one.method): form_class for one, form_class in api_forms()}
    kept: dict[tuple[str, str], tuple[str, list[str], dict[str, Any]]] = {}
    for n in range(TIMES):
        one = asked[n % len(asked)]
        if (one.path, one.method) not in kept:
            roles = people_for(cast, one.verb)
            role = roles[0] if roles else "integration"
            paths = list(addresses(one, {}))[:6]
            fields: dict[str, Any] = {}
            if one.is_api and (one.path, one.method) in form_of:
                fields = dict(form_of[one.path, one.method](by=cast.by(role)).fields)
            elif one.method == "POST" and not one.is_api:
                clients.setdefault(role, client_of(cast, role))
                for path in paths:
                    fields = fields or fields_of(one, clients[role], path)
            kept[one.path, one.method] = role, paths or ["/" + one.path], fields
        role, paths, fields = kept[one.path, one.method]
        path = odd_address(dice.choice(paths), dice)
        if one.method == "GET":
            query = evil_pairs(sorted(set(by_path.get(one.path, ["q"]))), dice)
            yield Asked(role, "GET", f"{path}?{query.decode()}", b"", "")
        elif one.is_api:
            yield Asked(role, one.method, path, evil_json(fields, dice), "application/json")
        else:
            yield Asked(role, "POST", path, evil_form(fields, dice), "application/x-www-form-urlencoded")


class Undo(Exception):
    """What was accepted is taken back."""


def send(client: Client, asked: Asked, dice: random.Random) -> Any:
    """One request; nothing of it stays."""
    headers = (
        {"Idempotency-Key": str(dice.getrandbits(64)), "If-Match": '"1"'} if asked.path.startswith("/api/") else {}
    )
    if dice.random() < 0.1:
        headers |= dict([dice.choice(HEADERS)])
    answer: Any = None
    try:
        with transaction.atomic():
            answer = client.generic(asked.method, asked.path, asked.body, asked.kind or "text/plain", headers=headers)
            raise Undo
    except Undo:
        return answer


def wrong_with(answer: Any) -> str:
    """What is wrong about an answer: a 5xx, or a refusal that says nothing."""
    if answer.status_code >= 500:
        why = getattr(answer, "exc_info", None)
        return f"{answer.status_code} {why[0].__name__}: {str(why[1])[:160]}" if why else str(answer.status_code)
    if answer.status_code < 400:
        return ""
    body = answer.content.decode(errors="replace")
    if "json" in answer.headers.get("Content-Type", ""):
        told = json.loads(body)
        return "" if isinstance(told, dict) and told.get("detail") else f"{answer.status_code} says {body[:120]}"
    return "" if "<h1" in body or answer.status_code == 405 else f"{answer.status_code} says {body[:120]!r}"


@pytest.mark.django_db
def test_nothing_that_is_typed_breaks_a_page(cast, request):
    seed = random.SystemRandom().getrandbits(32) if FULL else 22
    dice = random.Random(seed)
    day(cast, dice)
    clients: dict[tuple[str, bool], Client] = {}
    seen: Counter[int] = Counter()
    wrong: dict[str, str] = {}
    for asked in requests(cast, dice):
        by_token = asked.path.startswith("/api/")
        if (asked.role, by_token) not in clients:
            client = client_of(cast, asked.role, by_token=by_token)
            client.raise_request_exception = False
            clients[asked.role, by_token] = client
        answer = send(clients[asked.role, by_token], asked, dice)
        seen[answer.status_code] += 1
        problem = wrong_with(answer)
        if problem:
            where = f"{asked.method} {asked.path.partition('?')[0]}"
            wrong.setdefault(f"{problem} at {where}", f"{asked.path[:300]} {asked.body[:300]!r} as {asked.role}")
    print(f"seed {seed}: {sum(seen.values())} requests, {dict(sorted(seen.items()))}")
    assert not wrong, "\n".join(f"{problem}\n    {how}" for problem, how in list(wrong.items())[:25])
    assert sum(seen.values()) >= TIMES
    assert {200, 400, 422} <= set(seen), "pages, refusals of both doors"


def test_the_evils_are_those_of_the_row():
    """None of the kinds that the row names is missing."""
    said = b"\n".join(EVIL)
    for word in (
        b"\x00",
        b"\xed\xa0\x80",
        str(HUGE).encode(),
        b"NaN",
        b"Infinity",
        b"0001-01-01",
        b"9999-12-31",
        "👩".encode(),
    ):
        assert word in said
    assert max(map(len, EVIL)) >= 2**20
    assert len(VERBS) > 10
