"""The manners that both doors share: who asks, keyed requests, answers to refusals, and how a verb is asked for."""

import hashlib
from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied, RequestDataTooBig
from django.db import DatabaseError, InterfaceError, connection, models, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, JsonResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.timezone import now
from django.utils.translation import gettext as _

from core.actions import digest_of
from core.actor import Actor, Scope
from core.logbook import begin_act
from core.models import AccessToken, Employee, KeyedRequest, Store
from core.roles import VERBS
from core.rows import Refused, Stale, refused_by_database


class HouseRequest(HttpRequest):
    """A request once the middlewares of the house have seen it: who asks, through which door."""

    user: Any
    actor: Actor
    token: Any
    htmx: Any


SAFE = {"GET", "HEAD", "OPTIONS", "TRACE"}
NOBODY = Actor("nobody", None, "", "browser")


# Who asks


def actor_of(employee: Employee, door: str) -> Actor:
    """An employee with the verbs of all their postings, and where each may be used."""
    reach: dict[str, dict[str, Any]] = {}
    for posting in employee.postings.filter(is_active=True).select_related("store"):
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
    return Actor(kind, employee.pk, str(employee), door, scopes)


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


# Keyed requests


def _claim(asker: str, key: str, fingerprint: str) -> bool:
    table = KeyedRequest._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(
            f'INSERT INTO "{table}" (asker, key, fingerprint, status, content_type, location, etag, body, created_at) '  # noqa: S608
            "VALUES (%s, %s, %s, 0, '', '', '', '', now()) ON CONFLICT (asker, key) DO NOTHING",
            [asker, key, fingerprint],
        )
        return cursor.rowcount == 1


class KeyedRequestMiddleware:
    """Runs a request with an Idempotency-Key (REST) or form token (browser) once: claim, run, keep the answer, commit.

    The second request with the same key waits for the first and gets the same answer; with another body it is
    refused (422). A refused request leaves nothing behind, so it may be sent again with the same key.
    """

    TRIES = 3

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method in SAFE:
            return self.get_response(request)
        if request.path.startswith("/api/"):
            key = request.headers.get("Idempotency-Key", "")
            try:
                material = request.body if key else b""
            except RequestDataTooBig:
                return answer(request, 413, _("This request is too large."))
        else:
            key = request.POST.get("form_token", "")
            material = repr(sorted((k, v) for k, v in request.POST.lists() if k != "csrfmiddlewaretoken")).encode()
        actor: Actor = request.actor  # type: ignore[attr-defined]
        if not key or actor.pk is None:
            return self.get_response(request)
        if len(key) > 80 or not key.isprintable():
            return answer(request, 400, _("The Idempotency-Key must be at most 80 printable characters."))
        asker = f"{actor.kind}:{actor.pk}:{actor.door}"
        fingerprint = hashlib.sha256(f"{request.method} {request.path} ".encode() + material).hexdigest()
        for attempt in range(self.TRIES):
            try:
                with transaction.atomic():
                    if not _claim(asker, key, fingerprint):
                        return self._replay(request, asker, key, fingerprint)
                    response = self.get_response(request)
                    if response.status_code >= 400:
                        transaction.set_rollback(True)
                    else:
                        self._keep(request, asker, key, response)
                if getattr(request, "is_deadlock", False) and attempt + 1 < self.TRIES:
                    request.is_deadlock = False  # type: ignore[attr-defined]
                    continue
                return response
            except DatabaseError as problem:
                if state_of(problem) in {"40001", "40P01"} and attempt + 1 < self.TRIES:
                    continue
                return answer(request, *(refused_by_database(problem) or (500, _("Something went wrong."))))
        return answer(request, 503, _("The system is busy. Please try again."))

    def _keep(self, request: HttpRequest, asker: str, key: str, response: HttpResponse) -> None:
        if getattr(response, "is_shown_once", False):
            response = answer(request, 409, _("This was shown once and cannot be shown again."))
        if not getattr(response, "is_rendered", True):
            response.render()  # type: ignore[attr-defined]
        KeyedRequest.objects.filter(asker=asker, key=key).update(
            status=response.status_code,
            content_type=response.headers.get("Content-Type", "")[:80],
            location=response.headers.get("Location", "")[:500],
            etag=response.headers.get("ETag", "")[:80],
            body=b"" if response.streaming else response.content,
        )

    def _replay(self, request: HttpRequest, asker: str, key: str, fingerprint: str) -> HttpResponse:
        kept = KeyedRequest.objects.get(asker=asker, key=key)
        if kept.fingerprint != fingerprint:
            return answer(request, 422, _("This key was already used for another request. Open the page again."))
        response = HttpResponse(bytes(kept.body), status=kept.status, content_type=kept.content_type or None)
        for header, value in (("Location", kept.location), ("ETag", kept.etag)):
            if value:
                response.headers[header] = value
        response.headers["Idempotent-Replay"] = "true"
        return response


def state_of(problem: BaseException) -> str | None:
    return getattr(problem.__cause__ or problem, "pgcode", None)


# Answers


def answer(request: HttpRequest, status: int, sentence: str, **more: Any) -> HttpResponse:
    """One sentence with a status, as JSON in the REST door and as a page with a way back in the browser."""
    if request.path.startswith("/api/"):
        body = {"code": CODES.get(status, "error"), "detail": sentence, **more}
        # the same bytes as from a view, so that a path that is none looks like a row that is none
        compact: dict[str, Any] = {"ensure_ascii": False, "separators": (",", ":")}
        response: HttpResponse = JsonResponse(body, status=status, json_dumps_params=compact)
    else:
        response = render(request, "core/refused.html", {"sentence": sentence, "status": status}, status=status)
    if status in {409, 503}:
        response.headers["Retry-After"] = "2"
    return response


CODES = {
    400: "invalid",
    401: "not_authenticated",
    403: "not_allowed",
    404: "not_found",
    405: "method_not_allowed",
    409: "refused",
    412: "stale",
    413: "too_large",
    422: "key_reused",
    503: "busy",
}


class AnswersMiddleware:
    """Turns what the rules or the database refuse into a sentence; nothing of it becomes a 500.

    In the REST door every other error of the framework (no such path, too much sent) becomes JSON as well.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        is_page = response.headers.get("Content-Type", "").startswith("text/html")
        if response.status_code < 400 or not is_page or not request.path.startswith("/api/"):
            return response
        return answer(request, response.status_code, self._sentence(response.status_code))

    def _sentence(self, status: int) -> str:
        if status == 404:
            return _("There is nothing here.")
        return _("Something went wrong.") if status >= 500 else _("This request cannot be read.")

    def process_exception(self, request: HttpRequest, problem: Exception) -> HttpResponse | None:
        if isinstance(problem, Refused):
            return answer(request, problem.status, " ".join(problem.messages))
        if isinstance(problem, DatabaseError | InterfaceError):
            request.is_deadlock = state_of(problem) in {"40001", "40P01"}  # type: ignore[attr-defined]
            known = refused_by_database(problem)
            return answer(request, *known) if known else None
        return None


# The browser door


def door(verb: str, *, methods: tuple[str, ...] = ("GET", "POST")) -> Callable[[Any], Any]:
    """Name the verb of the role table that a page needs: without it 403. The access matrix reads it from here."""

    def wrap(view: Any) -> Any:
        @wraps(view)
        def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if request.method not in methods and request.method != "HEAD":
                return HttpResponseNotAllowed(methods)
            if not request.actor.may(verb):  # type: ignore[attr-defined]
                raise PermissionDenied(_("Your role does not include this page."))
            return view(request, *args, **kwargs)

        inner: Any = checked
        inner.verb, inner.methods = verb, methods
        return inner

    return wrap


def page(request: HttpRequest, template: str, context: dict[str, Any] | None = None) -> HttpResponse:
    """A page; 422 when it shows a form that was sent and not accepted."""
    context = context or {}
    form = context.get("form")
    refused = request.method == "POST" and form is not None and bool(form.errors)
    return render(request, template, context, status=422 if refused else 200)


def shown_once(response: HttpResponse) -> HttpResponse:
    """A page with a secret on it: its text is not kept for a retry of the request."""
    response.is_shown_once = True  # type: ignore[attr-defined]
    return response


def submit(request: HttpRequest, form: forms.Form, action: Callable[..., Any], *rows: Any, **more: Any) -> Any:
    """Ask for an action with a form. None when nothing was sent or it was refused; the reason is then on the form."""
    if request.method != "POST" or not form.is_valid():
        return None
    version = request.POST.get("version", "")
    if version.isdigit() and rows:
        rows[0].expected_version = int(version)
    try:
        with transaction.atomic():
            return action(*rows, **form.cleaned_data, **more, by=request.actor)  # type: ignore[attr-defined]
    except Stale as problem:
        form.add_error(None, problem)
        form.stale = rows[0].__class__._base_manager.get(pk=rows[0].pk)  # type: ignore[attr-defined]
    except Refused as problem:
        form.add_error(problem.field if problem.field in form.fields else None, problem)
    except DatabaseError as problem:
        known = refused_by_database(problem)
        if known is None or state_of(problem) in {"40001", "40P01"}:
            raise
        form.add_error(None, known[1])
    return None


def verb_page(
    request: HttpRequest,
    form: forms.Form,
    action: Callable[..., Any],
    *rows: Any,
    heading: str,
    done: str,
    target: Any = None,
    template: str = "core/form_page.html",
    more: dict[str, Any] | None = None,
    **context: Any,
) -> HttpResponse:
    """The page of one verb: its form, and after it the way to what was made or back to where one came from."""
    result = submit(request, form, action, *rows, **(more or {}))
    if result is not None:
        return back(request, done, _next(request) or target or result)
    cancel = _next(request) or target or (rows[0] if rows else "/")
    context.setdefault("cancel", cancel if isinstance(cancel, str) else cancel.get_absolute_url())
    context.setdefault("submit", heading)
    stale = getattr(form, "stale", None)
    if stale is not None:
        return _conflict(request, form, stale, context)
    return page(request, template, {"heading": heading, "form": form, "row": rows[0] if rows else None} | context)


def _next(request: HttpRequest) -> str:
    """Where one came from, when the address says so and it lies in this house."""
    target = request.GET.get("next", "")
    safe = url_has_allowed_host_and_scheme(target, {request.get_host()}, request.is_secure())
    return target if target.startswith("/") and safe else ""


def _conflict(request: HttpRequest, form: forms.Form, theirs: Any, context: dict[str, Any]) -> HttpResponse:
    """Somebody changed the row meanwhile: both versions side by side, nothing typed is lost."""
    fields = []
    for bound in form:
        if not bound.is_hidden:
            mine, now_saved = bound.value(), getattr(theirs, bound.name, "")
            saved = getattr(now_saved, "pk", now_saved)
            same = str(mine or "") == str(saved or "")
            if type(bound.field) is forms.ChoiceField:
                choices: Any = bound.field.choices
                said = {str(value): label for value, label in choices}
                mine, now_saved = said.get(str(mine), mine), said.get(str(now_saved), now_saved)
            fields.append({"label": bound.label, "yours": mine, "theirs": now_saved, "same": same})
    shown = {"fields": fields, "form": form, "version": theirs.version, "back": context["cancel"]}
    return render(request, "core/conflict.html", shown, status=412)


def toast(request: HttpRequest, sentence: str) -> None:
    """A short word of success that shows on the next page."""
    messages.success(request, sentence)


def back(request: HttpRequest, sentence: str, target: Any) -> HttpResponse:
    """Say what was done and go to the document."""
    toast(request, sentence)
    return redirect(target)


# The shell around every page


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
