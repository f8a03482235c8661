"""One press of every form and every REST path, by somebody who may, with what a person or a program would send."""

import json
import random
import re
import uuid
from collections.abc import Iterator
from typing import Any

from django import forms
from django.db import transaction
from django.test import Client

from core.models import Entry
from core.shapes import Rows
from tests import access
from tests.access import Door
from tests.hard import telling
from tests.hard.addresses import addresses
from tests.hard.changes import Watch
from tests.hard.conftest import FULL
from tests.hard.pages import MODES, Form, fields, filled, form_at, people_for
from tests.hard.test_double_click import TOGETHER, is_secret, ways
from tests.test_access import client_of

PEOPLE, ROWS_ = (2, 30) if FULL else (1, 5)  # how many are tried before a path counts as one that nobody can press
STEP = 8 if FULL else 14
PARTS = range(STEP) if FULL else range(5, 6)  # side by side; in the short run a sample of one
# paths whose press is no business of the logbook, and why
SILENT: dict[str, str] = {
    "api-read-notice": "what somebody has looked at",
    "api-read-every-notice": "what somebody has looked at",
    "read_every_notice": "what somebody has looked at",
}


def pressable(part: int) -> list[Door]:
    """A part of all paths and methods of both doors that change something and need a verb."""
    found = [one for one in access.doors() if one.method not in {"GET", "*"} and one.verb and is_signed_in(one)]
    return found[part::STEP]


def is_signed_in(one: Door) -> bool:
    """A customer with a link signs in nowhere: tests/service/test_link.py, tests/complaints/test_complain.py."""
    return "<str:token>" not in one.path


class Press:
    """One path with one method: who presses it with what, and what the logbook says about it."""

    def __init__(self, cast: Any, one: Door, dice: random.Random, form_class: Any, watch: Watch) -> None:
        self.cast, self.one, self.dice, self.form_class, self.watch = cast, one, dice, form_class, watch
        self.wrong: list[str] = []
        self.refused: list[str] = []

    def is_done(self) -> bool:
        """Whether somebody could press it; what is wrong is remembered, and nothing stays."""
        for role in people_for(self.cast, self.one.verb)[:PEOPLE]:
            browser = client_of(self.cast, role)
            asking = client_of(self.cast, role, by_token=True) if self.one.is_api else browser
            asking.get("/api/v1/notices/")  # when a token was last used is no business of the logbook
            for path in list(addresses(self.one, {}))[:ROWS_]:
                for sent in self.sent(browser, asking, role, path):
                    if self.once(asking, role, path, sent):
                        return True
        return False

    def sent(self, browser: Client, asking: Client, role: str, path: str) -> Iterator[Any]:
        """What somebody could send to this address: as a page sends it, or as a program does."""
        one = self.one
        if not one.is_api:
            yield from [TOGETHER[one.name]()] if one.name in TOGETHER else ways(browser, path, self.dice)
            return
        if one.method != "POST":
            etag = asking.get(path).headers.get("ETag")
            if etag is None:
                return
        form = self.form_class(by=self.cast.by(role)) if self.form_class else None
        page = browser.get(path.removeprefix("/api/v1"))
        shown = form_at(page.content.decode(errors="replace"), path.removeprefix("/api/v1"))
        bound = (page.context or {}).get("form") if shown else None
        for mode in MODES if form else MODES[:1]:
            rows = filled(shown or Form(""), bound or form, self.dice, mode) if form else []
            headers = {"Idempotency-Key": str(uuid.uuid4())} | ({"If-Match": etag} if one.method != "POST" else {})
            yield headers, as_json(form, rows) if form else {}

    def once(self, client: Client, role: str, path: str, sent: Any) -> bool:
        """One press, taken back: whether it was accepted and did something."""
        with transaction.atomic():
            last = Entry.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
            self.watch.begin()
            if self.one.is_api:
                headers, body = sent
                send = getattr(client, self.one.method.lower())
                answer = send(path, json.dumps(body), content_type="application/json", headers=headers)
            else:
                answer = client.post(path, fields(sent, uuid.uuid4()))
            is_accepted = answer.status_code in {200, 201, 202, 204, 302} and (
                self.one.is_api or answer.status_code == 302 or is_secret(answer)
            )
            if not is_accepted:
                self.refused.append(f"{role} {path} {answer.status_code}")
            is_done = is_accepted and self.look(f"{role} {self.one.method} {path}", role, last)
            transaction.set_rollback(True)
        return is_done

    def look(self, name: str, role: str, last: int) -> bool:
        """Compare what was written with what was told; False when nothing happened at all."""
        lines = list(Entry.objects.filter(pk__gt=last).order_by("pk"))
        changes, removed = self.watch.changes(), self.watch.removed()
        if not lines and not changes:
            return False
        if self.one.name not in SILENT:
            door = "api" if self.one.is_api else "browser"
            found = [
                *telling.about_lines(lines, by=self.cast.people[role].pk, door=door),
                *telling.untold(lines, changes, removed),
                *telling.not_compared(lines, changes),
            ]
            self.wrong += [f"{name}: {one}" for one in found]
        return True


def as_json(form: Any, rows: list[tuple[str, Any]]) -> dict[str, Any]:
    """What stands in the fields of a page, as a program writes it."""
    there: dict[str, list[Any]] = {}
    for name, value in rows:
        there.setdefault(name, []).append(value)
    body: dict[str, Any] = {}
    for name, one in form.fields.items():
        if isinstance(one, Rows):
            found = sorted({int(m[1]) for key in there if (m := re.match(rf"{re.escape(name)}-(\d+)-", key))})
            child = one.form_class(by=form.by)
            each = [as_json(child, _of_row(rows, f"{name}-{index}-")) for index in found]
            body |= {name: [row for row in each if row]} if any(each) else {}
        elif isinstance(one, forms.BooleanField):
            body |= {name: True} if name in there else {}
        elif name in there and not isinstance(one, forms.FileField) and any(there[name]):
            body[name] = _value(one, there[name])
    return body


def _of_row(rows: list[tuple[str, Any]], prefix: str) -> list[tuple[str, Any]]:
    return [(name.removeprefix(prefix), value) for name, value in rows if name.startswith(prefix)]


def _value(one: forms.Field, values: list[Any]) -> Any:
    text = str(values[-1])
    if isinstance(one, forms.ModelMultipleChoiceField):
        return [int(value) for value in values if str(value).isdecimal()]
    if isinstance(one, forms.MultipleChoiceField):
        return [str(value) for value in values]
    if isinstance(one, forms.ModelChoiceField):
        return int(text) if text.isdecimal() else text
    if isinstance(one, forms.ChoiceField):
        is_yes_no = {value for value, _label in one.choices} == {"yes", "no"}  # type: ignore[misc]
        return text == "yes" if is_yes_no else text
    if isinstance(one, forms.DateTimeField):
        return f"{text[:16].replace(' ', 'T')}:00+08:00"
    if isinstance(one, forms.IntegerField) and not isinstance(one, forms.DecimalField):
        return int(text) if text.lstrip("-").isdecimal() else text
    return text
