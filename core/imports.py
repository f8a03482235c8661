"""What all loads share: headings that are known by themselves, cells read strictly, counts, and the rejected rows.

A kind of load is a `Kind`: its columns, and the function that gives the rows to an action. A row that cannot be read
is rejected with its line, its field and a sentence, and the others are loaded. The whole file is one transaction.
"""

import csv
import os
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from django.db import connection, models, transaction
from django.utils.translation import gettext as _

from core.actor import Actor
from core.cells import Bad, as_text, bare, words
from core.models import Store
from core.rows import Refused
from core.sheets import guard, read_sheet

OURS = {"rejectedline", "rejectedfield", "rejectedreason"}  # columns of a rejected file that is loaded again
HEADINGS_WITHIN = 10  # titles and notes may stand above the headings


@dataclass(frozen=True)
class Column:
    """What a kind wants to know of a row, by which headings it is recognised, and how its cells are read."""

    field: str
    headings: str  # several, separated by |
    read: Callable[[Any, "Load"], Any]
    needed: bool = False
    is_identity: bool = False
    like: str = ""  # a field whose column is read for this one too when it has none of its own

    def names(self) -> list[str]:
        """Its headings in the form in which headings are compared, the best one first."""
        return [bare(one) for one in [self.field, *self.headings.split("|")]]


@dataclass
class Row:
    """One row of the file: its line there, what was read of it, and its cells as they came."""

    line: int
    values: dict[str, Any]
    cells: list[Any]

    def __getitem__(self, name: str) -> Any:
        return self.values.get(name)


@dataclass(frozen=True)
class Kind:
    """One thing that can be loaded; `columns` is empty when its files are no tables."""

    name: str
    load: Callable[["Load", list[Row]], None]
    columns: tuple[Column, ...] = ()
    needs_store: bool = True
    needs_source: bool = True  # whether its rows are known by the id they have in an old system


@dataclass(frozen=True)
class Told:
    """What becomes of one row: new, changed (from what to what) or unchanged."""

    line: int
    state: str
    title: str
    changes: dict[str, list[str]]


@dataclass
class Load:
    """One run: the file, how it is to be read, and what came of it."""

    path: Path
    by: Actor
    store: Store | None = None
    source: str = ""
    maps: list[tuple[str, str]] = field(default_factory=list)
    replacements: dict[str, dict[str, str]] = field(default_factory=dict)
    date_format: str = ""
    sheet: str = ""
    has_headings: bool = True  # without them the columns are called 1, 2, 3 …
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    read: int = 0
    seconds: float = 0.0
    rejected: list[tuple[int, str, str, list[Any]]] = field(default_factory=list)
    sentences: list[str] = field(default_factory=list)
    headings: list[str] = field(default_factory=list)
    fields: set[str] = field(default_factory=set)  # those that the file has a column for
    cut: int = 0
    told: list[Told] = field(default_factory=list)

    @property
    def place(self) -> Store:
        """The store the rows belong to; kinds that need one always have it."""
        assert self.store is not None  # noqa: S101
        return self.store

    def reject(self, row: Row, name: str, sentence: str) -> None:
        """Put a row aside, with the reason."""
        self.rejected.append((row.line, name, sentence, row.cells))

    def say(self, sentence: str) -> None:
        """A sentence for whoever started the load."""
        self.sentences.append(sentence)

    def moment(self, value: datetime) -> datetime:
        """A time as the store's clock shows it; one without a zone is the store's own."""
        zone = ZoneInfo(self.place.time_zone)
        return value.astimezone(zone) if value.tzinfo else value.replace(tzinfo=zone)

    def counts(self) -> dict[str, Any]:
        """What the logbook keeps of this run."""
        return {
            "source": self.source,
            "file": self.path.name,
            "created": self.created,
            "updated": self.updated,
            "unchanged": self.unchanged,
            "rejected": len(self.rejected),
        }

    def last_line(self) -> str:
        """The last line of a run; scripts read it, so it is never translated."""
        return (
            f"created {self.created}, updated {self.updated}, unchanged {self.unchanged}, rejected {len(self.rejected)}"
        )


def run(kind: Kind, load: Load, *, rejected_path: Path, dry: bool = False) -> None:
    """Load a file whole or not at all; a dry run does all of it and takes it back."""
    began = time.monotonic()
    with transaction.atomic():
        kind.load(load, read_rows(kind, load) if kind.columns else [])
        if load.cut:
            load.say(
                _("%(count)s long texts were cut to the length that fits; … stands at their end.") % {"count": load.cut}
            )
        if load.rejected:
            _write_rejected(load, rejected_path)
        if dry:
            with connection.cursor() as cursor:  # what is checked at the commit is checked in a dry run too
                cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            transaction.set_rollback(True)
    load.seconds = time.monotonic() - began


def _write_rejected(load: Load, path: Path) -> None:
    if path.resolve() == load.path.resolve():
        raise Refused(_("The rejected rows cannot be written over the file they come from."))
    try:
        private = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)  # it holds what the file held: people
        with os.fdopen(private, "w", encoding="utf-8-sig", newline="") as out:
            writer = csv.writer(out)
            again = [i for i, name in enumerate(load.headings) if bare(name) not in OURS]
            writer.writerow([*(guard(load.headings[i]) for i in again), *REJECTED])
            for line, name, sentence, cells in sorted(load.rejected, key=lambda one: one[0]):
                told = [as_text(cells[i]) if i < len(cells) else "" for i in again]
                writer.writerow([guard(text) for text in [*told, str(line), name, sentence]])
    except OSError as problem:
        raise Refused(
            _(
                "The rejected rows cannot be written to “%(file)s” (%(why)s), so nothing was loaded. "
                "Name another file: --rejected FILE."
            )
            % {"file": path, "why": problem.strerror}
        ) from problem


REJECTED = ("rejected_line", "rejected_field", "rejected_reason")


def read_rows(kind: Kind, load: Load) -> list[Row]:
    """The rows of a table that can be read; the others are rejected."""
    lines = read_sheet(load.path, load.sheet)
    head: list[tuple[int, list[Any]]] = []
    for line in lines:
        head.append(line)
        if len(head) == HEADINGS_WITHIN:
            break
    if not head:
        raise Refused(_("“%(file)s” is empty.") % {"file": load.path.name})
    top = _headings(kind, load, head)
    places = _places(kind, load)
    rows: list[Row] = []
    seen: dict[Any, int] = {}
    identity = next((column.field for column in kind.columns if column.is_identity), "")
    given = [
        (column, places.get(column.field), load.replacements.get(column.field))
        for column in kind.columns
        if column.field in load.fields
    ]
    for number, cells in [*head[top + 1 :], *lines]:
        load.read += 1
        row = Row(number, {}, cells)
        if not _read_row(load, given, row):
            continue
        key = row[identity] if identity else None
        if key is not None and key in seen:
            load.reject(row, identity, _("Line %(line)s of this file has the same id.") % {"line": seen[key]})
            continue
        seen[key] = number
        rows.append(row)
    return rows


def _headings(kind: Kind, load: Load, head: list[tuple[int, list[Any]]]) -> int:
    """Which of the first lines holds the headings; -1 where the file has none and its columns are numbered."""
    if not load.has_headings:
        load.headings = [str(n) for n in range(1, max(len(cells) for _line, cells in head) + 1)]
        return -1
    known = set().union(*(column.names() for column in kind.columns)) | {bare(name) for name, _to in load.maps}
    top = max(range(len(head)), key=lambda i: (sum(bare(one) in known for one in head[i][1]), -i))
    load.headings = [as_text(one).strip() for one in head[top][1]]
    return top


def _places(kind: Kind, load: Load) -> dict[str, int]:
    """Which column of the file holds which field; a sentence when a needed one is missing."""
    at: dict[str, int] = {}
    for i, heading in enumerate(load.headings):
        at.setdefault(bare(heading), i)  # of two columns with one heading the first counts
    listed = ", ".join(one for one in load.headings if one)
    fields = {column.field: column for column in kind.columns}
    places: dict[str, int] = {}
    spoken_for: set[int] = set()
    for heading, name in load.maps:
        if bare(heading) not in at:
            raise Refused(
                _("The file has no column “%(column)s”. It has: %(all)s.") % {"column": heading, "all": listed}
            )
        if name not in fields and name != "-":
            raise Refused(
                _("“%(field)s” is no field of %(kind)s. There are: %(all)s; - leaves a column out.")
                % {"field": name, "kind": kind.name, "all": ", ".join(fields)}
            )
        spoken_for.add(at[bare(heading)])
        if name != "-":
            places[name] = at[bare(heading)]
    for name in load.replacements:
        if name not in fields:
            raise Refused(
                _("“%(field)s” is no field of %(kind)s. There are: %(all)s.")
                % {"field": name, "kind": kind.name, "all": ", ".join(fields)}
            )
    for column in kind.columns:
        if column.field in places:
            continue
        found = [at[name] for name in column.names() if name in at and at[name] not in spoken_for]
        if found:
            places[column.field] = found[0]
            spoken_for.add(found[0])
        elif column.like in places:
            places[column.field] = places[column.like]
        elif not {"", "*"} & set(load.replacements.get(column.field, ())) and (
            column.needed or column.field in load.replacements
        ):
            raise Refused(
                _(
                    "The file has no column for “%(field)s”. It has: %(all)s. "
                    "Say which one it is: --map 'COLUMN=%(field)s'."
                )
                % {"field": column.field, "all": listed}
            )
    left = [one for i, one in enumerate(load.headings) if one and i not in spoken_for and bare(one) not in OURS]
    if left and load.has_headings:
        load.say(_("These columns are not loaded: %(columns)s.") % {"columns": ", ".join(left)})
    load.fields = set(places) | set(load.replacements)
    return places


def _read_row(load: Load, given: list[tuple[Column, int | None, dict[str, str] | None]], row: Row) -> bool:
    cells = row.cells
    if len(cells) > len(load.headings) and any(one is not None for one in cells[len(load.headings) :]):
        load.reject(row, "", _("This line has more cells than the headings. A quotation mark may be missing."))
        return False
    for column, place, pairs in given:
        cell = cells[place] if place is not None and place < len(cells) else None
        try:
            if pairs:
                cell = _replaced(cell, pairs)
            value = None if cell is None else column.read(cell, load)
        except Bad as problem:
            load.reject(row, column.field, str(problem))
            return False
        if value is None and column.needed:
            load.reject(row, column.field, _("This is needed and empty."))
            return False
        row.values[column.field] = value
    return True


def _replaced(cell: Any, pairs: dict[str, str]) -> Any:
    """What --value says of a cell: by its text, by * for every other text, by nothing for an empty cell."""
    text = "" if cell is None else words(cell).casefold()
    if text in pairs:
        return pairs[text] or None
    return (pairs["*"] or None) if "*" in pairs else cell


def fill(thing: models.Model, values: dict[str, Any], *, by_hand: bool) -> list[str]:
    """Bring a record up to date and say what changed. An empty cell erases nothing; what somebody of the store typed
    here since (`by_hand`) is newer than the old system and stays."""
    changed = []
    for name, value in values.items():
        present = getattr(thing, name)
        if value is None or value == present or (by_hand and present not in (None, "")):
            continue
        setattr(thing, name, value)
        changed.append(name)
    return changed


def parts_of(things: Sequence[Any], most: int = 2000) -> Iterable[Sequence[Any]]:
    """A long list in parts, so that no statement grows without end."""
    for start in range(0, len(things), most):
        yield things[start : start + most]
