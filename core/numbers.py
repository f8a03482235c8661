"""Document numbers such as `SH01-RO-2611-00042`."""

from datetime import date

from django.db import connection

from core.models import Counter, Store

# Taken in this order within one action, always last, so that two actions never wait for each other in a ring.
KINDS = ("CP", "RO", "DP", "PM", "CR", "ST", "GP")


def next_number(store: Store, kind: str, day: date) -> str:
    """The next number of a store for a kind of document in the month of the business date; gapless when committed."""
    month = f"{day:%y%m}"
    table = Counter._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(
            f'INSERT INTO "{table}" (store_id, kind, month, last) VALUES (%s, %s, %s, 1) '  # noqa: S608 (our own table)
            f'ON CONFLICT (store_id, kind, month) DO UPDATE SET last = "{table}".last + 1 RETURNING last',
            [store.pk, kind, month],
        )
        (last,) = cursor.fetchone()
    return f"{store.code}-{kind}-{month}-{last:05d}"
