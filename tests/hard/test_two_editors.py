"""Row 4: two people edit one row: the second is told, in both doors, and nothing is overwritten in silence.

What can be edited is read from the URL conf: the PUT and PATCH paths of the REST door, and the pages of the browser
whose form carries a version.
"""

import json
import random
import uuid
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django import forms
from django.db import transaction
from django.test import Client
from django.utils.timezone import localdate

from core.shapes import Rows
from tests import access
from tests.access import Door
from tests.hard.addresses import addresses
from tests.hard.conftest import FULL, race
from tests.hard.pages import fields, form_at, people_for
from tests.hard.stepping import step_twice
from tests.hard.world import day
from tests.test_access import api_forms, client_of

pytestmark = [pytest.mark.hard, pytest.mark.django_db(transaction=True)]

PAIRS = 1_000 if FULL else 40  # over all of them together, in each door


@pytest.fixture
def dice() -> random.Random:
    return random.Random(4)


Try = tuple[str, str, str]  # a field and two values that differ


def tries(form: Any, dice: random.Random) -> Iterator[Try]:
    """Fields of a form in which two can write different things, the plainest first."""
    shaped = ("phone", "plate", "vin", "code", "tax", "email", "store")
    n = dice.randrange(10, 90)
    for name, one in form.fields.items():
        if type(one) is forms.CharField and not any(word in name for word in shaped):
            yield name, f"甲{n}{dice.randrange(10**4)}", f"乙{n}{dice.randrange(10**4)}"
    for name, one in form.fields.items():
        if isinstance(one, forms.DateField):
            yield name, f"{localdate() + timedelta(days=n)}", f"{localdate() + timedelta(days=n + 1)}"
        elif isinstance(one, forms.DecimalField):  # cents, so that neither is what is there already
            yield name, f"1.{n}", f"2.{n}"
        elif isinstance(one, forms.IntegerField):
            yield name, str(n), str(n + 1)
        elif type(one) in {forms.ChoiceField, forms.TypedChoiceField}:
            values = [str(value) for value, _label in one.choices if value not in ("", None)]  # type: ignore[attr-defined]
            if len(values) > 1:
                yield name, values[-1], values[-2]


# The REST door


def editable() -> Iterator[tuple[Door, Any]]:
    """Every path that takes an edit, with its form: the PATCH where there is one."""
    found = {}
    for one, form_class in api_forms():
        if one.method in {"PUT", "PATCH"}:
            found[one.path] = min((one, form_class), found.get(one.path, (one, form_class)), key=lambda x: x[0].method)
    yield from found.values()


def put(client: Client, one: Door, path: str, body: dict[str, Any], etag: str) -> Any:
    headers = {"If-Match": etag, "Idempotency-Key": str(uuid.uuid4())} if etag else {}
    send = getattr(client, one.method.lower())
    return send(path, json.dumps(body), content_type="application/json", headers=headers)


def body_for(one: Door, form: Any, row: dict[str, Any], name: str, value: str) -> dict[str, Any]:
    """A PATCH names what changes, a PUT everything."""
    kept = {key: _in(form.fields[key], row[key]) for key in form.fields if key in row} if one.method == "PUT" else {}
    whole = isinstance(form.fields[name], forms.IntegerField) and not isinstance(form.fields[name], forms.DecimalField)
    return kept | {name: int(value) if whole else value}


def _in(field: Any, value: Any) -> Any:
    """What was read, as it is written: children with the keys that their form has."""
    if isinstance(field, Rows):
        return [{key: each for key, each in one.items() if key in field.form_class.base_fields} for one in value]
    return value["id"] if isinstance(value, dict) and "id" in value else value


def editor(cast: Any, one: Door, form_class: Any, dice: random.Random) -> tuple[str, str, str] | None:
    """Somebody who may edit a row that is there, its address, and the field; what is tried is taken back."""
    for role in people_for(cast, one.verb):
        client = client_of(cast, role, by_token=True)
        for path in list(addresses(one, {}))[:16]:
            found = client.get(path)
            if found.status_code != 200:
                continue
            form = form_class(by=cast.by(role))
            for name, *both in tries(form, dice):
                bodies = [body_for(one, form, found.json(), name, value) for value in both]
                if _told_apart(client, one, path, bodies, found["ETag"]):
                    return role, path, name
    return None


def _told_apart(client: Client, one: Door, path: str, bodies: list[dict[str, Any]], etag: str) -> bool:
    with transaction.atomic():
        told = [put(client, one, path, body, etag).status_code for body in bodies]
        # and once more: who edits an authority may have taken away their own
        again = client.get(path)
        told += [put(client, one, path, bodies[1], again["ETag"]).status_code] if told == [200, 412] else []
        transaction.set_rollback(True)
    return told == [200, 412, 200]


def edits(cast: Any, one: Door, form_class: Any, pairs: int, dice: random.Random) -> list[str]:
    """So many pairs on one kind of row; what is wrong."""
    found = editor(cast, one, form_class, dice)
    if found is None:
        return [f"{one.path}: nobody can edit a row in the world of the test, or the second edit is taken too"]
    role, path, name = found
    first, second = (client_of(cast, role, by_token=True) for _n in range(2))
    form, wrong = form_class(by=cast.by(role)), []
    if put(first, one, path, {}, "").status_code != 428:
        wrong.append(f"{one.path} takes an edit without If-Match")
    for n in range(pairs):
        answer = first.get(path)
        row, etag = answer.json(), answer["ETag"]
        both = next(rest for key, *rest in tries(form, dice) if key == name)
        bodies = [body_for(one, form, row, name, value) for value in both]
        if n % 2:
            answers = race(2, lambda k, etag=etag, bodies=bodies: put((first, second)[k], one, path, bodies[k], etag))
        else:
            answers = [put((first, second)[k], one, path, bodies[k], etag) for k in (0, 1)]
        told = [getattr(answer, "status_code", repr(answer)) for answer in answers]
        if sorted(map(str, told)) != ["200", "412"]:
            wrong.append(f"{one.method} {path} {bodies}: {told} {[getattr(a, 'content', b'')[:200] for a in answers]}")
            break
        now_there = first.get(path).json()
        won = both[told.index(200)]
        if name in now_there and not _same(now_there[name], won):
            wrong.append(f"{path}: {won} won and {now_there[name]} is there")
    return wrong


def _same(there: Any, value: str) -> bool:
    try:
        return float(there) == float(value)
    except (TypeError, ValueError):
        return str(there) == value


def test_of_two_programs_the_second_gets_412(cast, dice):
    day(cast, dice)
    found = list(editable())
    assert len(found) >= 2
    wrong = [
        problem for one, form_class in found for problem in edits(cast, one, form_class, -(-PAIRS // len(found)), dice)
    ]
    assert not wrong, "\n".join(wrong)
    print(f"{[one.path for one, _form in found]}: {PAIRS} pairs")


# The browser door


def edit_pages(cast: Any) -> Iterator[tuple[Door, list[tuple[str, str]]]]:
    """Every door whose form carries the version of a row, with people who open it and addresses of such rows."""
    clients: dict[str, Client] = {}
    for one in access.doors():
        if one.is_api or one.method != "POST" or not one.verb or "<" not in one.path:
            continue
        places: list[tuple[str, str]] = []
        is_edit = None
        every = list(addresses(one, {}))
        rows = every[:: max(1, len(every) // 8)]  # some of all ages
        for role, path in ((role, path) for role in people_for(cast, one.verb)[:5] for path in rows):
            clients.setdefault(role, client_of(cast, role))
            page = clients[role].get(path)
            if page.status_code != 200:
                if page.status_code == 405:
                    break  # a button of another page
                continue
            shown = form_at(page.content.decode(errors="replace"), path)
            is_edit = bool(shown and shown.value("version") and (page.context or {}).get("form") is not None)
            if not is_edit:
                break
            places.append((role, path))
        if is_edit and places:
            yield one, places


def type_in(client: Client, path: str, name: str, value: str) -> dict[str, list[str]]:
    """The page as somebody opened it, with another value in one field."""
    page = client.get(path)
    shown = form_at(page.content.decode(), path)
    assert shown is not None, path
    rows = [(k, v) for k, v in shown.fields if k not in {name, "csrfmiddlewaretoken", "form_token"}]
    return fields([*rows, (name, value)], uuid.uuid4())


def page_for(cast: Any, places: list[tuple[str, str]], dice: random.Random) -> tuple[str, str, str] | None:
    """Who, where and which field: the first is saved, the second is told; what is tried is taken back."""
    for role, path in places:
        client = client_of(cast, role)
        form = client.get(path).context["form"]
        for name, *both in tries(form, dice):
            sent = [type_in(client, path, name, value) for value in both]
            with transaction.atomic():
                told = [client.post(path, one).status_code for one in sent]
                # not a field that another one outweighs, such as a limit beside “without limit”
                is_choice = isinstance(form.fields[name], forms.ChoiceField)
                is_kept = is_choice or _same(_value_at(client, path, name), both[0])
                is_kept = is_kept and told == [302, 412] and _again(client, path, name, both[1])
                transaction.set_rollback(True)
            if is_kept:
                return role, path, name
    return None


def _again(client: Client, path: str, name: str, value: str) -> bool:
    """Whether it can be changed once more: a step is taken once."""
    page = client.get(path)
    is_there = page.status_code == 200 and form_at(page.content.decode(), path) is not None
    return is_there and client.post(path, type_in(client, path, name, value)).status_code == 302


def typed_twice(cast: Any, one: Door, places: list[tuple[str, str]], pairs: int, dice: random.Random) -> list[str]:
    """So many pairs on one page; what is wrong."""
    found = page_for(cast, places, dice)
    if found is None and not one.name.startswith("edit_"):
        return [f"{one.path}: {problem}" for problem in step_twice(cast, places, dice)]
    if found is None:
        return [f"{one.path}: nobody can change anything there, or the second change is taken too"]
    role, path, name = found
    first, second, last = client_of(cast, role), client_of(cast, role), ""
    for n in range(pairs):
        form = first.get(path).context["form"]
        both = next(rest for key, *rest in tries(form, dice) if key == name)
        is_choice = isinstance(form.fields[name], forms.ChoiceField)
        if both[0] == last:  # of two choices one is what is there, and choosing that changes nothing
            both.reverse()
        sent = [type_in(client, path, name, value) for client, value in zip((first, second), both, strict=True)]
        if n % 2 and not is_choice:
            answers = race(2, lambda k, sent=sent: (first, second)[k].post(path, sent[k]))
        else:
            answers = [(first, second)[k].post(path, sent[k]) for k in (0, 1)]
        told = [getattr(answer, "status_code", repr(answer)) for answer in answers]
        if sorted(map(str, told)) != ["302", "412"]:
            return [f"{path} {name}={both}: {told} {[_errors(answer) for answer in answers]}"]
        lost, won = told.index(412), told.index(302)
        last = both[won]
        label = answers[lost].context["form"][name].label
        rows = [(r["yours"], r["theirs"]) for r in answers[lost].context["fields"] if r["label"] == label]
        if not is_choice and not any(_same(y, both[lost]) and _same(t, both[won]) for y, t in rows):
            return [f"{path}: the page of the conflict does not show both {both}: {rows}"]
        if not is_choice and not _same(_value_at(first, path, name), both[won]):
            return [f"{path}: {both[won]} was saved and {_value_at(first, path, name)} is there"]
    return []


def _errors(answer: Any) -> Any:
    form = (getattr(answer, "context", None) or {}).get("form")
    return form.errors if form is not None else None


def _value_at(client: Client, path: str, name: str) -> str:
    shown = form_at(client.get(path).content.decode(), path)
    return shown.value(name) if shown else ""


def test_of_two_people_the_second_sees_both_versions(cast, dice):
    day(cast, dice)
    found = list(edit_pages(cast))
    names = {one.name for one, _places in found}
    assert {"edit_customer", "edit_vehicle"} <= names
    edits_ = {one.name for one in access.doors() if one.name.startswith("edit_") and one.method == "POST"}
    assert edits_ <= names, f"pages that edit without a version: {edits_ - names}"
    wrong = [
        problem for one, places in found for problem in typed_twice(cast, one, places, -(-PAIRS // len(found)), dice)
    ]
    assert not wrong, "\n".join(wrong)
    print(f"{sorted(names)}: {PAIRS} pairs")
