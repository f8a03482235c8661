"""Who asks, in which language, and whose stores: what every request brings along."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.utils.timezone import now

from core.actions import digest_of
from core.actor import Actor, Scope
from core.logbook import begin_act
from core.models import AccessToken, Employee, Store
from core.roles import VERBS


class HouseRequest(HttpRequest):
    """A request once the middlewares of the house have seen it: who asks, through which door."""

    user: Any
    actor: Actor
    token: Any
    htmx: Any


NOBODY = Actor("nobody", None, "", "browser")


def actor_of(employee: Employee, door: str) -> Actor:
    """An employee with the verbs of all their postings, and where each may be used."""
    reach: dict[str, dict[str, Any]] = {}
    roles = set()
    for posting in employee.postings.filter(is_active=True).select_related("store"):
        roles.add(posting.role)
        for verb in VERBS[posting.role]:
            one = reach.setdefault(verb, {"everywhere": False, "companies": set(), "stores": set(), "of": set()})
            if posting.store:
                one["stores"].add(posting.store_id)
                one["of"].add(posting.store.company_id)
            elif posting.company_id:
                one["companies"].add(posting.company_id)
            else:
                one["everywhere"] = True
    scopes = {
        verb: Scope(one["everywhere"], frozenset(one["companies"]), frozenset(one["stores"]), frozenset(one["of"]))
        for verb, one in reach.items()
    }
    kind = "integration" if employee.kind == Employee.Kind.INTEGRATION else "employee"
    return Actor(kind, employee.pk, str(employee), door, scopes, frozenset(roles))


class ActorMiddleware:
    """Finds out who asks: a signed-in employee, or a program with an access token (REST door only)."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        begin_act()
        in_api = request.path.startswith("/api/")
        request.token = None  # type: ignore[attr-defined]
        scheme, _space, text = request.headers.get("Authorization", "").partition(" ")
        if in_api and scheme.lower() == "bearer":
            self._read_token(request, text.strip())
        user = request.user
        door = "api" if in_api else "browser"
        request.actor = actor_of(user, door) if isinstance(user, Employee) else NOBODY  # type: ignore[attr-defined]
        return self.get_response(request)

    def _read_token(self, request: HttpRequest, text: str) -> None:
        request.user = AnonymousUser()
        token = (
            AccessToken.objects.select_related("employee")
            .filter(digest=digest_of(text), revoked_at__isnull=True, employee__is_active=True)
            .first()
        )
        if token is None:
            return
        request.user, request.token = token.employee, token  # type: ignore[attr-defined]
        if token.used_at is None or token.used_at < now() - timedelta(minutes=1):
            AccessToken.objects.filter(pk=token.pk).update(used_at=now())


class LanguageMiddleware:
    """Chinese or English: the employee's own choice, else the browser's."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        own = getattr(request.user, "language", "")
        translation.activate(own or translation.get_language_from_request(request))
        request.LANGUAGE_CODE = translation.get_language()
        response = self.get_response(request)
        patch_vary_headers(response, ("Accept-Language",))
        response.headers.setdefault("Content-Language", translation.get_language() or settings.LANGUAGE_CODE)
        if isinstance(request.user, Employee):
            response.headers.setdefault("Cache-Control", "no-store")
        return response


def current_store(request: HttpRequest) -> Store | None:
    """The store whose work is shown first: the one chosen, if still allowed, else the first one."""
    if not hasattr(request, "_store"):
        actor: Actor = request.actor  # type: ignore[attr-defined]
        stores = Store.objects.filter(pk__in=visible_stores(actor).values("pk")).select_related("company")
        chosen = getattr(request.user, "store_id", None)
        request._store = (stores.filter(pk=chosen).first() if chosen else None) or stores.first()  # type: ignore[attr-defined]
    return request._store  # type: ignore[attr-defined]


def visible_stores(actor: Actor) -> Any:
    """Every store in which this actor may do or see anything at all."""
    companies: set[int] = set()
    stores: set[int] = set()
    for scope in actor.scopes.values():
        if scope.everywhere:
            return Store.objects.all()
        companies |= scope.companies
        stores |= scope.stores
    return Store.objects.filter(models.Q(pk__in=stores) | models.Q(company__in=companies))
