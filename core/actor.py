"""Who asks: an employee, an integration, a customer with a link, or the clock."""

from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _


@dataclass(frozen=True)
class Scope:
    """The stores a verb may be used in: all of them, whole companies, or single stores."""

    everywhere: bool = False
    companies: frozenset[int] = frozenset()
    stores: frozenset[int] = frozenset()
    store_companies: frozenset[int] = frozenset()  # the companies that the single stores belong to

    def holds(self, store: Any) -> bool:
        """Whether this scope reaches a store."""
        return self.everywhere or store.pk in self.stores or store.company_id in self.companies

    def holds_company(self, company_id: int) -> bool:
        """Whether this scope reaches a company or a store of it."""
        return self.everywhere or company_id in self.companies or company_id in self.store_companies

    @property
    def any_company(self) -> frozenset[int]:
        """Every company of which something may be seen."""
        return self.companies | self.store_companies

    def __bool__(self) -> bool:
        return self.everywhere or bool(self.companies or self.stores)


@dataclass(frozen=True)
class Actor:
    """Somebody who asks for an action, with what the role table lets them do and where."""

    kind: str
    pk: int | None
    name: str
    door: str
    scopes: dict[str, Scope] = field(default_factory=dict, hash=False, compare=False)
    roles: frozenset[str] = field(default=frozenset(), hash=False, compare=False)

    def scope(self, verb: str) -> Scope:
        """Where this actor may use a verb."""
        if self.kind == "clock":
            return Scope(everywhere=True)
        return self.scopes.get(verb, Scope())

    def may(self, verb: str, store: Any = None) -> bool:
        """Whether the verb is allowed in a store, or anywhere at all when no store is given."""
        scope = self.scope(verb)
        return bool(scope) if store is None else scope.holds(store)

    def through(self, door: str) -> "Actor":
        """The same actor, asking through another door."""
        return Actor(self.kind, self.pk, self.name, door, self.scopes, self.roles)


CLOCK = Actor("clock", None, "clock", "clock")
CONSOLE = Actor("clock", None, "console", "console")


def allow(by: Actor, verb: str, store: Any) -> None:
    """Stop with a readable sentence when the role table does not give this actor the verb in this store."""
    if not by.may(verb, store):
        raise PermissionDenied(_("Your role does not allow this step in this store."))


def allow_anywhere(by: Actor, verb: str) -> None:
    """The same for what belongs to no store, such as one's own access tokens."""
    if not by.may(verb):
        raise PermissionDenied(_("Your role does not include this."))


def allow_company(by: Actor, verb: str, company_id: int) -> None:
    """The same for what belongs to a whole company, such as its customers."""
    if not by.scope(verb).holds_company(company_id):
        raise PermissionDenied(_("Your role does not allow this step in this company."))
