"""Moving everything that points to one record over to another, whatever room it lives in, and back again.

Which tables point there is read from the models, so no upper room has to be known here. What the database lets nobody
change (ledger, logbook, consents) stays where it is; the record that was merged keeps its id for it.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.apps import apps
from django.db import connection, models
from django.utils.translation import gettext as _

from core.models import Entry
from core.rows import HouseModel, Refused

Moved = dict[str, list[int]]


def _may_change(table: str, column: str) -> bool:
    """Whether the database lets us change a column at all."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT has_column_privilege(%s, %s, 'UPDATE')", [table, column])
        (found,) = cursor.fetchone()
    return bool(found)


def _named(model: Any, field: str) -> str:
    return f"{model._meta.label_lower}.{field}"


def _pointers(model: Any) -> Iterator[tuple[Any, str, dict[str, Any]]]:
    """Every table and column that may point to a row of this model, with what else must hold there."""
    for relation in model._meta.get_fields(include_hidden=True):
        if relation.auto_created and not relation.concrete and (relation.one_to_many or relation.one_to_one):
            yield relation.related_model, relation.field.name, {}
    for other in apps.get_models():
        # papers, tasks and messages name their document by kind and id
        if {"kind", "object_id"} <= {field.name for field in other._meta.get_fields()}:
            yield other, "object_id", {"kind": model.kind_name()}


def _changeable(model: Any) -> Iterator[tuple[Any, str, dict[str, Any]]]:
    for other, name, also in _pointers(model):
        if _may_change(other._meta.db_table, other._meta.get_field(name).column):
            yield other, name, also


def move_all(lost: HouseModel, kept: HouseModel) -> Moved:
    """Let everything that points to the lost record point to the kept one; says which rows did."""
    moved: Moved = {}
    for model, name, also in _changeable(type(lost)):
        rows = model._base_manager.filter(**{name: lost.pk}, **also)
        ids = list(rows.order_by("pk").values_list("pk", flat=True))
        if ids:
            model._base_manager.filter(pk__in=ids).update(**{name: kept.pk})
            moved[_named(model, name)] = ids
    return moved


def check_unchanged(moved: Moved, kept: HouseModel, since: datetime) -> None:
    """Refuse when something new happened to what moved: it points elsewhere now, or the logbook tells of it."""
    for model, name, _also in _changeable(type(kept)):
        ids = moved.get(_named(model, name), [])
        if not ids:
            continue
        still = model._base_manager.filter(pk__in=ids, **{name: kept.pk}).count()
        told = Entry.objects.none()
        if issubclass(model, HouseModel):
            told = Entry.objects.filter(kind=model.kind_name(), object_id__in=ids, at__gt=since)
        if still != len(ids) or told.exists():
            raise Refused(
                _("Something new happened since to what came from the other record (%(what)s), so they stay one.")
                % {"what": model._meta.verbose_name}
            )


def move_back(moved: Moved, kept: HouseModel, lost: HouseModel) -> None:
    """Let what moved point to the record again from which it came."""
    for model, name, _also in _changeable(type(kept)):
        ids = moved.get(_named(model, name), [])
        if ids:
            model._base_manager.filter(pk__in=ids).update(**{name: lost.pk})


def lock_both(one: models.Model, other: models.Model) -> tuple[Any, Any]:
    """Both records under lock, sorted by id, so that nothing new can point to either before we are done."""
    rows = type(one)._base_manager.select_for_update(of=("self",)).filter(pk__in=[one.pk, other.pk]).order_by("pk")
    found = {row.pk: row for row in rows}
    return found[one.pk], found[other.pk]
