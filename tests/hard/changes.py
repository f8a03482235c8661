"""What a transaction did to the tables, read from Postgres itself: rows written, with what stood there before."""

import json
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.db import connection

from tests import audit
from tests.plumbing.databases import as_owner

Stood = dict[str, Any]  # column: value


@dataclass(frozen=True)
class Change:
    """One row that was inserted or changed."""

    row: Any
    before: Stood | None  # None: it was not there
    after: Stood

    @property
    def columns(self) -> set[str]:
        """What is different; every column of a row that is new."""
        return {name for name, value in self.after.items() if self.before is None or self.before.get(name) != value}

    @property
    def label(self) -> str:
        return str(self.row._meta.label)


class Watch:
    """Looks at the tables from inside a transaction, and from outside it at what stood there before."""

    def __init__(self, outside: Any) -> None:
        self.outside = outside
        self.tables = {m._meta.label: m for m in audit.every_model() if m._meta.label not in audit.NOT_AUDITED}
        self.xact, self.gone = 0, dict[str, int]()

    def begin(self) -> None:
        """From here on: what is written carries the id of this transaction or, in a savepoint, a later one."""
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_current_xact_id()::text::bigint & 4294967295")
            self.xact = int(cursor.fetchone()[0])
        self.gone = deleted()

    def hold(self) -> None:
        """The same for what commits by itself: outside, the tables stay as they are now until the next time."""
        self.outside.execute("ROLLBACK")
        self.outside.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
        self.outside.execute("SELECT count(*) FROM core_entry")
        self.begin()

    def changes(self) -> list[Change]:
        """Every row of an audited table that was inserted, or changed in one of its columns."""
        text = " UNION ALL ".join(
            f"SELECT '{label}', {model._meta.pk.column}::bigint FROM \"{model._meta.db_table}\" "
            "WHERE xmin::text::bigint >= %(xact)s"
            for label, model in self.tables.items()
        )
        found: defaultdict[str, list[int]] = defaultdict(list)
        with connection.cursor() as cursor:
            cursor.execute(text, {"xact": self.xact})
            for label, pk in cursor.fetchall():
                found[label].append(pk)
        return [one for label, ids in found.items() for one in self._of_table(self.tables[label], ids) if one.columns]

    def _of_table(self, model: Any, ids: list[int]) -> Iterator[Change]:
        with connection.cursor() as cursor:
            after = stood(cursor, model, ids)
        before = stood(self.outside, model, ids)
        for pk, row in model._base_manager.in_bulk(ids).items():
            yield Change(row, before.get(pk), after[pk])

    def removed(self) -> set[str]:
        """Tables in which rows were deleted since."""
        return {table for table, n in deleted().items() if n > self.gone.get(table, 0)}


@contextmanager
def watching() -> Iterator[Watch]:
    """A look from outside, for tests whose rows are committed."""
    with as_owner(connection.settings_dict["NAME"]) as outside:
        yield Watch(outside)
        outside.execute("ROLLBACK")


def stood(cursor: Any, model: Any, ids: list[int]) -> dict[int, Stood]:
    """The columns of rows as this connection sees them."""
    key = model._meta.pk.column
    cursor.execute(f'SELECT {key}, to_jsonb(t)::text FROM "{model._meta.db_table}" t WHERE {key} = ANY(%s)', [ids])
    return {pk: json.loads(text) for pk, text in cursor.fetchall()}


def deleted() -> dict[str, int]:
    """How many rows of each table this connection has deleted and not yet reported."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT relname, n_tup_del FROM pg_stat_xact_user_tables WHERE n_tup_del > 0")
        return dict(cursor.fetchall())
