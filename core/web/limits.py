"""How often somebody who is not signed in may ask: counted in the database, one at a time, so that no two slip past."""

import hashlib
import time

from allauth.account.adapter import get_adapter
from django.core.cache import cache
from django.db import connection, transaction
from django.http import HttpRequest


def client_ip(request: HttpRequest) -> str:
    """Where a request comes from, as sign-in counts it too."""
    return str(get_adapter().get_client_ip(request))


def is_too_often(key: str, most: int, seconds: int = 60) -> bool:
    """Count one more request under this key; whether that is more than so many in this span of time."""
    digest = hashlib.sha256(key.encode()).hexdigest()[:40]
    place = f"limit:{digest}:{int(time.time()) // seconds}"
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [place])
        count = int(cache.get(place, 0)) + 1
        if count <= most + 1:  # beyond it nothing changes any more
            cache.set(place, count, seconds * 2)
    return count > most
