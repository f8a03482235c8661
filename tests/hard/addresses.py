"""Addresses of doors, with the ids of rows that are there."""

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from django.apps import apps
from django.utils.timezone import localdate

from core.models import Store
from core.rows import HouseModel
from tests.access import Door

AT_MOST = 400  # rows looked at for one address
# words of an address that are neither the name of a model nor where the page of its rows is
WORDS = {
    "case-agreements": "complaints.Agreement",
    "case-options": "complaints.Option",
    "compensation-kinds": "complaints.CompensationKind",
    "conduct-rules": "complaints.ConductRule",
    "escalation-steps": "complaints.Step",
    "outside": "complaints.OutsideCase",
    "phrases": "complaints.Phrase",
    "problem-classes": "complaints.ProblemClass",
    "problems": "complaints.Problem",
    "reply-templates": "complaints.ReplyTemplate",
    "time-limits": "complaints.Target",
}
MONTHS = 12  # so many that are over, the newest first


def _models() -> dict[str, Any]:
    """The first word of an address -> the model whose id stands in it: by the page of its rows, or by its name."""
    found: dict[str, Any] = {}
    for model in apps.get_models():
        if not issubclass(model, HouseModel) and model._meta.app_label not in {"core", "customers"}:
            continue
        word = re.sub(r"(?<!^)(?=[A-Z])", "-", model.__name__).lower()
        plural = word[:-1] + "ies" if word.endswith("y") else word + ("es" if word.endswith("s") else "s")
        found.setdefault(plural, model)
        if hasattr(model, "get_absolute_url"):
            try:
                address = model(pk=1).get_absolute_url()
            except Exception:  # the page of a row may need more of it than its id
                continue
            found[address.strip("/").split("/")[0]] = model
    return found | {word: apps.get_model(label) for word, label in WORDS.items()}


def addresses(one: Door, more: dict[str, Any]) -> Iterator[str]:
    """The door's path with the ids of rows that are there, the newest first."""
    path = "/" + one.path.replace("\\.", ".")
    if "<" not in path:
        yield path
        return
    if "<str:month>" in path:
        yield from _months(path)
        return
    word = path.removeprefix("/api/v1").removeprefix("/case-data").strip("/").split("/")[0]
    model = _MODELS.get(word)
    if "attachments/of/" in path:
        word, path = "visits", path.replace("<str:kind>", "visit")
        model = _MODELS.get(word)
    rows = [row.pk for row in [more.get(word)] if row is not None]
    if model is not None:
        rows += list(model._base_manager.order_by("-pk").values_list("pk", flat=True)[:AT_MOST])
    for pk in dict.fromkeys(rows):
        yield re.sub(r"<[^>]+>", str(pk), path)


def _months(path: str) -> Iterator[str]:
    """A path with a store and a month, for every store and the months that are over."""
    month = localdate().replace(day=1)
    for _n in range(MONTHS):
        month = (month - timedelta(days=1)).replace(day=1)
        for pk in Store.objects.order_by("pk").values_list("pk", flat=True):
            yield path.replace("<int:store>", str(pk)).replace("<str:month>", f"{month:%Y-%m}")


class _Lazy(dict[str, Any]):
    def get(self, key: str, default: Any = None) -> Any:
        if not self:
            self.update(_models())
        return super().get(key, default)


_MODELS = _Lazy()
