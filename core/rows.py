"""What every row of the house shares: who may see it, how it is locked, how its status moves, how rules say no."""

from typing import Any, ClassVar, Self, TypeVar

from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.actor import Actor

__all__ = ["HouseModel", "Refused", "Rows", "Stale", "atomic", "lock", "move", "refused_by_database"]

atomic = transaction.atomic
Row = TypeVar("Row", bound=models.Model)


class Refused(ValidationError):
    """The rules say no: 409 when the state forbids the step, 400 when a value given for `field` is wrong."""

    def __init__(self, sentence: str, *, field: str | None = None, code: str = "refused") -> None:
        super().__init__(sentence, code=code)
        self.field = field
        self.status = 400 if field else 409


class Stale(Refused):
    """Somebody else changed the row since it was read (412)."""

    def __init__(self) -> None:
        super().__init__(_("Somebody changed this in the meantime. Look at both versions and decide."), code="stale")
        self.status = 412


class Rows(models.QuerySet):
    """Reads of a table. `visible_to` is where every door starts; the model says by which path a row has a store."""

    def visible_to(self, actor: Actor) -> Self:
        """Only the rows in stores (or companies) where the role table lets this actor read them."""
        model: Any = self.model
        scope = actor.scope(model.READ)
        if scope.everywhere:
            return self
        if model.COMPANY:
            return self.filter(**{f"{model.COMPANY}__in": scope.any_company})
        store = model.STORE
        own = Q(**{f"{store}__in": scope.stores})
        if scope.companies:
            company = "company" if store == "pk" else f"{store}__company"
            own |= Q(**{f"{company}__in": scope.companies})
        return self.filter(own)


class HouseModel(models.Model):
    """A row with a read verb and a path to its store or company."""

    READ: ClassVar[str] = ""
    STORE: ClassVar[str] = "store"
    COMPANY: ClassVar[str] = ""
    KIND: ClassVar[str] = ""
    HAS_ATTACHMENTS: ClassVar[bool] = False  # whether photos, signatures and papers may belong to it
    MOVES: ClassVar[dict[str, set[str]]] = {}

    class Meta:
        abstract = True

    @classmethod
    def kind_name(cls) -> str:
        """The stable name of this kind of document in the logbook."""
        return cls.KIND or cls._meta.model_name or ""


def lock(row: Row) -> Row:
    """The row read again under lock; when the asker holds an older version of it, `Stale`."""
    fresh = type(row)._base_manager.select_for_update(no_key=True, of=("self",)).get(pk=row.pk)
    expected = getattr(row, "expected_version", None)
    if expected is not None and expected != fresh.version:  # type: ignore[attr-defined]
        raise Stale
    return fresh


def move(row: Any, status: str) -> None:
    """Change a status along its model's MOVES; anything else is refused, never silently passed over."""
    if status not in row.MOVES.get(row.status, set()):
        raise Refused(
            _("This step is not possible now: the status is “%(status)s”.") % {"status": row.get_status_display()},
            code="wrong_status",
        )
    row.status = status


_sentences: dict[str, Any] = {}


def _sentence(constraint: str) -> Any:
    if not _sentences:
        for model in apps.get_models():
            for one in model._meta.constraints:
                _sentences[one.name] = one.violation_error_message
    return _sentences.get(constraint)


_BY_STATE = {
    "23P01": (409, gettext_lazy("This overlaps with something that is already there.")),
    "23505": (409, gettext_lazy("This is already there.")),
    "23503": (409, gettext_lazy("This is still used elsewhere, or what it refers to is gone.")),
    "23514": (400, gettext_lazy("A value is outside of what is allowed.")),
    "23502": (400, gettext_lazy("A required value is missing.")),
    "55P03": (409, gettext_lazy("Somebody else is working on this right now. Please try again in a moment.")),
    "40P01": (503, gettext_lazy("The system is busy. Please try again.")),
    "40001": (503, gettext_lazy("The system is busy. Please try again.")),
    "57014": (503, gettext_lazy("This took too long and was stopped. Please try again.")),
}


def refused_by_database(problem: Exception) -> tuple[int, str] | None:
    """Status and sentence for what Postgres refused, by constraint name first and SQLSTATE second; None if unknown."""
    cause = problem.__cause__ or problem
    state = getattr(cause, "pgcode", None)
    name = getattr(getattr(cause, "diag", None), "constraint_name", None)
    sentence = _sentence(name) if name else None
    if state in _BY_STATE:
        status, default = _BY_STATE[state]
        return status, str(sentence or default)
    if state and state.startswith("22"):
        return 400, _("A value has a form that cannot be stored.")
    if isinstance(problem, IntegrityError):
        return 409, str(sentence or _("This contradicts something that is already there."))
    if type(problem).__name__ in {"OperationalError", "InterfaceError"}:
        return 503, _("The database cannot be reached at the moment. Nothing was changed; please try again.")
    return None
