"""Playing actions at another moment: what happened over weeks is told by the actions themselves, each on its day."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any

from django.utils import timezone

ROOMS = ("core.actions", "core.logbook", "core.models", "customers.actions", "service.actions", "complaints")


def _modules() -> list[Any]:
    return [one for name, one in list(sys.modules.items()) if name.startswith(ROOMS) and one is not None]


@contextmanager
def played_at(moment: datetime) -> Iterator[None]:
    """Within, this moment is the present for actions and the logbook; only the demo does so, in its one process."""
    now, localdate = timezone.now, timezone.localdate

    def today(value: datetime | None = None, zone: Any = None) -> date:
        return localdate(value or moment, zone)

    moved: dict[Any, Any] = {now: lambda: moment, localdate: today}
    held = [
        (one, name, getattr(one, name))
        for one in _modules()
        for name in ("now", "localdate")
        if getattr(one, name, None) in (now, localdate)
    ]
    for one, name, real in held:
        setattr(one, name, moved[real])
    try:
        yield
    finally:
        for one, name, real in held:
            setattr(one, name, real)
