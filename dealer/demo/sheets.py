"""Sheets: rows of one table written in one COPY, with their ids known beforehand, so that sheets can refer to others.

`bulk_create` would take a minute for what this writes in seconds.
"""

import io
from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import connection, models

_TAB = "\t"
_ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})


_TEXTS: dict[type, Callable[[Any], str]] = {  # by exact type, since this runs for millions of values
    type(None): lambda value: "\\N",
    str: lambda value: value if value.isprintable() and "\\" not in value else value.translate(_ESCAPES),
    bool: lambda value: "t" if value else "f",
    datetime: datetime.isoformat,
}


def _text(value: Any) -> str:
    return _TEXTS.get(type(value), str)(value)


def _default(field: Any) -> str:
    """A column that no row gives; an empty array is written otherwise than an empty list of JSON."""
    value = field.get_default()
    return "{}" if isinstance(field, ArrayField) and not value else _text(value)


class Sheet:
    """New rows of a model. `names` are the columns each row gives; all others get the field's default."""

    def __init__(self, model: type[models.Model], *names: str) -> None:
        table = model._meta.db_table
        self.table = table
        fields = model._meta.concrete_fields
        unknown = set(names) - {field.attname for field in fields}
        if unknown:
            raise ValueError(f"{table} has no columns {sorted(unknown)}")
        rest = [field for field in fields if not field.primary_key and field.attname not in names]
        self.columns = ["id", *names, *[field.attname for field in rest]]
        self.tail = "".join("\t" + _default(field) for field in rest) + "\n"
        self.width = len(names)
        self.rows: list[str] = []
        with connection.cursor() as cursor:
            cursor.execute("SELECT nextval(pg_get_serial_sequence(%s, 'id'))", [table])
            self.first = cursor.fetchone()[0] + 1

    @property
    def next_id(self) -> int:
        """The id that the next row gets."""
        return self.first + len(self.rows)

    def add(self, *values: Any) -> int:
        """Add a row and answer its id."""
        if len(values) != self.width:
            raise ValueError(f"{self.table} wants {self.width} values, got {len(values)}")
        found = self.next_id
        texts = [_TEXTS.get(type(value), str)(value) for value in values]
        self.rows.append(f"{found}\t{_TAB.join(texts)}{self.tail}")
        return found

    def write(self) -> int:
        """Write all rows and take their ids out of the sequence; say how many there were."""
        count = len(self.rows)
        if not count:
            return 0
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT max(id) FROM (SELECT nextval(pg_get_serial_sequence(%s, 'id')) AS id"
                " FROM generate_series(1, %s)) s",
                [self.table, count],
            )
            if cursor.fetchone()[0] != self.first + count - 1:
                raise RuntimeError(f"somebody else writes to {self.table}; the demo needs a database of its own")
            columns = ", ".join(f'"{name}"' for name in self.columns)
            cursor.copy_expert(f'COPY "{self.table}" ({columns}) FROM STDIN', io.StringIO("".join(self.rows)))
        return count
