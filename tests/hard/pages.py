"""Pages as a browser has them: their forms with what stands in the fields, and what a person types into them."""

import base64
import io
import random
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from html.parser import HTMLParser
from typing import Any

from django import forms
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.timezone import localdate, localtime, now
from PIL import Image

from core.forms import PhotosField, SignatureField
from core.roles import VERBS, Role
from core.shapes import Rows


@dataclass
class Form:
    """One form of a page: where it goes, and name and value of every field as it would be sent untouched."""

    action: str
    fields: list[tuple[str, str]] = field(default_factory=list)
    offers: dict[str, list[str]] = field(default_factory=dict)  # boxes that may be ticked
    button: tuple[str, str] = ("", "")  # the first button that says something

    def value(self, name: str) -> str:
        return next((value for key, value in self.fields if key == name), "")


class Reader(HTMLParser):
    """Gathers the POST forms of a page."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.forms: list[Form] = []
        self.here: Form | None = None
        self.choice: list[Any] | None = None
        self.area: list[Any] | None = None
        self.in_template = 0

    def handle_starttag(self, tag: str, found: list[tuple[str, str | None]]) -> None:
        said = {name: value or "" for name, value in found}
        if tag == "template":
            self.in_template += 1
        elif tag == "form" and said.get("method", "").lower() == "post":
            self.here = Form(said.get("action", ""))
            self.forms.append(self.here)
        elif self.here is None or self.in_template:
            return
        elif tag == "input" and said.get("name"):
            kind = said.get("type", "text")
            if kind in {"checkbox", "radio"}:
                self.here.offers.setdefault(said["name"], []).append(said.get("value", "on"))
            if kind not in {"checkbox", "radio", "file", "submit"} or "checked" in said:
                if kind not in {"file", "submit"}:
                    self.here.fields.append((said["name"], said.get("value", "on" if "checked" in said else "")))
        elif tag == "button" and said.get("name") and not self.here.button[0]:
            self.here.button = said["name"], said.get("value", "")
        elif tag == "select":
            self.choice = [said.get("name", ""), None]
        elif tag == "option" and self.choice is not None and (self.choice[1] is None or "selected" in said):
            self.choice[1] = said.get("value", "")
        elif tag == "textarea":
            self.area = [said.get("name", ""), ""]

    def handle_data(self, data: str) -> None:
        if self.area is not None:
            self.area[1] += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "template":
            self.in_template -= 1
        elif tag == "form":
            self.here = None
        elif tag == "select" and self.here is not None and self.choice is not None:
            if self.choice[0]:
                self.here.fields.append((self.choice[0], self.choice[1] or ""))
            self.choice = None
        elif tag == "textarea" and self.here is not None and self.area is not None:
            self.here.fields.append((self.area[0], self.area[1].strip()))
            self.area = None


def form_at(body: str, path: str) -> Form | None:
    """The form of a page that goes to the page itself."""
    reader = Reader()
    reader.feed(body)
    return next((one for one in reader.forms if one.action in {"", path}), None)


# What a person types where nothing stands yet


def _vin(dice: random.Random) -> str:
    from customers.shapes import check_digit

    letters = "".join(dice.choice("ABCDEFGHJKLMNPRSTUVWXYZ0123456789") for _ in range(17))
    return letters[:8] + check_digit(letters) + letters[9:]


def plate_of(dice: random.Random) -> str:
    """A plate that no car wears yet, as good as."""
    return "沪" + dice.choice("ABCDEFGH") + "".join(dice.choice("0123456789") for _ in range(5))


def typed(name: str, one: forms.Field, dice: random.Random, other: bool) -> Any:
    """Something that fits a field; `other` chooses what is not suggested first."""
    last = name.rsplit("-", 1)[-1]
    if isinstance(one, forms.ModelMultipleChoiceField):
        return [str(row.pk) for row in one.queryset[:1]]  # type: ignore[index]
    if isinstance(one, forms.ModelChoiceField):
        rows = list(one.queryset[:2])  # type: ignore[index]
        return str(rows[-1 if other else 0].pk) if rows else ""
    if isinstance(one, forms.ChoiceField):
        values = [str(value) for value, _label in one.choices if value not in ("", None)]  # type: ignore[misc]
        return (values[min(1, len(values) - 1)] if other else values[0]) if values else ""
    if isinstance(one, forms.BooleanField):
        return "on"
    if last == "month":
        return f"{(localdate().replace(day=1) - timedelta(days=1)).replace(day=1):%Y-%m-%d}"
    if isinstance(one, forms.DateTimeField):
        return f"{localtime(now() + timedelta(hours=5)):%Y-%m-%dT%H:%M}"
    if isinstance(one, forms.DateField):
        return f"{localtime(now() + timedelta(days=1)):%Y-%m-%d}"
    if isinstance(one, forms.TimeField):
        return "10:30"
    if isinstance(one, forms.DecimalField):
        return "1.00"
    if isinstance(one, forms.IntegerField):
        return str(max(one.min_value or 1, 1))
    if isinstance(one, forms.EmailField):
        return "wang@example.com"
    if isinstance(one, forms.URLField):
        return f"https://example.com/{dice.randrange(10**6)}"
    if isinstance(one, SignatureField):
        return "data:image/png;base64," + base64.b64encode(picture().read()).decode()
    shaped = {"plate": plate_of, "vin": _vin}
    if last in shaped:
        return shaped[last](dice)
    if "phone" in last:
        return "138" + "".join(dice.choice("0123456789") for _ in range(8))
    return f"word{dice.randrange(10**6)}"[: getattr(one, "max_length", None) or 40]


MODES = ("needed", "words", "all")  # what a person fills in: what is asked for, every word and number, everything
_WORDS = (forms.CharField, forms.IntegerField, forms.DateField, forms.DateTimeField, forms.TimeField)


def _is_typed(one: forms.Field, there: str, mode: str) -> bool:
    """Whether somebody in this mode writes into a field in which this stands."""
    if isinstance(one, forms.BooleanField):
        return not there
    if mode == "all":
        is_zero = isinstance(one, forms.DecimalField) and not there.strip("0.")
        return not there or is_zero or isinstance(one, forms.ChoiceField)
    return not there and (one.required or (mode == "words" and isinstance(one, _WORDS)))


def filled(shown: Form, form: Any, dice: random.Random, mode: str) -> list[tuple[str, Any]]:
    """The form as a person would send it: what stands there stays, what is needed is typed, what may be ticked is."""
    there = dict(shown.fields)
    rows: list[tuple[str, Any]] = [
        (name, value) for name, value in shown.fields if name not in {"csrfmiddlewaretoken", "form_token"}
    ]
    for name, one in form.fields.items() if form is not None else ():
        if isinstance(one, Rows):
            rows += _child_rows(name, one, there, form, dice, mode)
        elif isinstance(one, PhotosField):
            rows.append((name, picture()))
        elif not isinstance(one, forms.FileField) and _is_typed(one, there.get(name, ""), mode):
            rows = [row for row in rows if row[0] != name]
            value = typed(name, one, dice, mode == "all")
            if isinstance(one, forms.ModelMultipleChoiceField) and name not in there:
                value = shown.offers.get(name, [])[:1]  # what the page shows can be ticked, and nothing else
            rows += [(name, each) for each in (value if isinstance(value, list) else [value])]
    pressed = [shown.button] if shown.button[0] and shown.button[0] not in dict(rows) else []
    return rows + pressed


def picture() -> SimpleUploadedFile:
    """A small photo."""
    held = io.BytesIO()
    Image.new("RGB", (40, 30), "gray").save(held, "PNG")
    return SimpleUploadedFile("photo.png", held.getvalue(), "image/png")


def _child_rows(
    name: str, one: Rows, there: dict[str, str], form: Any, dice: random.Random, mode: str
) -> Iterator[tuple[str, str]]:
    """The first row of children where none is filled in; where rows stand, the other answer of each choice."""
    child = one.form_class(by=form.by)
    chosen = [key for key, inner in child.fields.items() if isinstance(inner, forms.ChoiceField)]
    written = [
        key for key in there if key.startswith(f"{name}-") and key.rsplit("-", 1)[-1] not in chosen and there[key]
    ]
    if mode == "needed" and not one.required and not written:
        return  # an empty row that nobody has to fill in
    indexes = sorted({int(m[1]) for key in there if (m := re.match(rf"{re.escape(name)}-(\d+)-", key))}) or [0]
    for index in indexes if mode == "all" else indexes[:1]:
        for key, inner in child.fields.items():
            whole = f"{name}-{index}-{key}"
            if not isinstance(inner, forms.BooleanField) and _is_typed(inner, there.get(whole, ""), mode):
                yield whole, str(typed(whole, inner, dice, mode == "all"))


def fields(rows: list[tuple[str, Any]], token: Any) -> dict[str, list[Any]]:
    """As the page sends it, with the token of the form; every press of the button reads a file anew."""
    told: dict[str, list[Any]] = {}
    for name, value in [*rows, ("form_token", str(token))]:
        told.setdefault(name, []).append(picture() if hasattr(value, "seek") else value)
    return told


def people_for(cast: Any, verb: str) -> list[str]:
    """Who may press it: people first, programs last, since they have no browser."""
    order = sorted(VERBS, key=lambda role: (role == Role.INTEGRATION, len(VERBS[role])))
    return [str(role) for role in order if verb in VERBS[role] and str(role) in cast.people]
