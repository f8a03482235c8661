"""Writing the logbook: one line for each document changed, whoever asked and through whichever door."""

import hashlib
import json
import secrets
import uuid
from collections.abc import Iterable
from contextvars import ContextVar
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models.expressions import RawSQL
from django.utils.timezone import localdate, now

from core.actor import Actor
from core.models import AccessEntry, Detail, Entry, Store, Subject

_act: ContextVar[uuid.UUID | None] = ContextVar("act", default=None)


def begin_act() -> uuid.UUID:
    """Start a new act: all lines recorded from here on in this request or run share its id."""
    act = uuid.uuid4()
    _act.set(act)
    return act


def _path(row: Any, path: str) -> Any:
    for step in path.split("__"):
        row = row if step == "pk" else getattr(row, step)
    return row


def place_of(row: Any) -> tuple[Store | None, int | None]:
    """Store and company id of a document."""
    if getattr(row, "COMPANY", ""):
        return None, _path(row, row.COMPANY).pk
    store: Store | None = _path(row, row.STORE) if hasattr(row, "STORE") else None
    return store, store.company_id if store else None


def record(verb: str, row: models.Model, *, by: Actor, about: Iterable[Any] = (), **values: Any) -> Entry:
    """Write who did what to which document. Values go to the erasable detail; the line keeps their salted hash."""
    store, company_id = place_of(row)
    text = json.dumps(values, cls=DjangoJSONEncoder, sort_keys=True, ensure_ascii=False)
    salt = secrets.token_hex(16)
    moment = now()
    entry = Entry.objects.create(
        act=_act.get() or uuid.uuid4(),
        xact=RawSQL("pg_current_xact_id()::text::bigint", []),
        at=moment,
        business_date=store.business_date(moment) if store else localdate(moment),
        store=store,
        company_id=company_id,
        verb=verb,
        kind=row.kind_name() if hasattr(row, "kind_name") else row._meta.model_name or "",
        object_id=row.pk,
        by_kind=by.kind,
        by_id=by.pk,
        door=by.door,
        fields=sorted(values),
        digest=hashlib.sha256(f"{salt}{text}".encode()).hexdigest(),
    )
    Detail.objects.create(entry_id=entry.pk, by_name=by.name, salt=salt, values=json.loads(text))
    subjects = {(one.kind_name(), one.pk) for one in about if one is not None}
    Subject.objects.bulk_create([Subject(entry_id=entry.pk, kind=k, object_id=i) for k, i in sorted(subjects)])
    return entry


def note_read(row: Any, *, by: Actor) -> None:
    """Note that somebody opened a record with personal data."""
    AccessEntry.objects.create(at=now(), by_id=by.pk, door=by.door, kind=row.kind_name(), object_id=row.pk)


def timeline(row: Any, limit: int = 40) -> list[dict[str, Any]]:
    """What happened to a document and to what concerns it, newest first, with the values where they still exist."""
    kind = row.kind_name()
    about = Subject.objects.filter(kind=kind, object_id=row.pk).order_by("-entry_id").values("entry_id")[:limit]
    own = Entry.objects.filter(kind=kind, object_id=row.pk).order_by("-id").values("id")[:limit]
    entries = list(
        Entry.objects.filter(models.Q(pk__in=own) | models.Q(pk__in=about)).select_related("store").order_by("-id")
    )[:limit]
    details = Detail.objects.in_bulk([one.pk for one in entries])
    return [{"entry": one, "detail": details.get(one.pk)} for one in entries]
