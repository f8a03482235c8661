"""Notices: a word to one employee, kept as code and parameters and translated when it is read."""

import json
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.utils.timezone import now

from core.actor import Actor
from core.models import Employee, Notice
from core.rows import atomic

KEPT_DAYS = 180  # what somebody should have known half a year ago stands in the logbook


def plain(values: dict[str, Any]) -> dict[str, Any]:
    """Parameters as they are kept: amounts and moments as text."""
    kept: dict[str, Any] = json.loads(json.dumps(values, cls=DjangoJSONEncoder))
    return kept


@atomic
def notify(people: Iterable[Employee | int | None], code: str, address: str = "", **params: Any) -> list[Notice]:
    """Tell people something, each of them once; told by whoever did what it is about, so nobody's leave is asked."""
    ids = {one.pk if isinstance(one, Employee) else one for one in people}
    moment, kept = now(), plain(params)
    told = sorted(pk for pk in ids if pk is not None)
    return Notice.objects.bulk_create(
        Notice(employee_id=pk, code=code, params=kept, address=address, at=moment) for pk in told
    )


@atomic
def lay_aside(code: str, address: str) -> int:
    """Take notices as read that ask for what somebody else has done meanwhile; told."""
    return Notice.objects.filter(code=code, address=address).unread().update(read_at=now())


@atomic
def read_notices(notices: Iterable[Notice], *, by: Actor) -> int:
    """Note that somebody looked at notices of theirs; nothing of the business changes by it. Twice is once."""
    ids = [one.pk for one in notices]
    return Notice.objects.filter(employee=by.pk or 0, pk__in=ids).unread().update(read_at=now())


@atomic
def read_every_notice(*, by: Actor) -> int:
    """Note that somebody has seen all of theirs."""
    return Notice.objects.filter(employee=by.pk or 0).unread().update(read_at=now())


@atomic
def forget_notices(moment: datetime) -> int:
    """Forget notices of half a year ago; told by the clock."""
    return Notice.objects.filter(at__lt=moment - timedelta(days=KEPT_DAYS)).delete()[0]
