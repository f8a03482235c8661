"""The browser door: the verb a page needs, its form, the action asked for, and the way on."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from core.rows import Refused, Stale, refused_by_database
from core.web.answers import answer, state_of
from core.web.limits import client_ip, is_too_often


def _is_asked_as(request: HttpRequest, methods: tuple[str, ...]) -> bool:
    """Whether a page knows this method; HEAD is a GET without its words, so a page that only takes POST has none."""
    return ("GET" if request.method == "HEAD" else request.method) in methods


def door(verb: str, *, methods: tuple[str, ...] = ("GET", "POST")) -> Callable[[Any], Any]:
    """Name the verb of the role table that a page needs: without it 403. The access matrix reads it from here."""

    def wrap(view: Any) -> Any:
        @wraps(view)
        def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not _is_asked_as(request, methods):
                return HttpResponseNotAllowed(methods)
            if not request.actor.may(verb):  # type: ignore[attr-defined]
                raise PermissionDenied(_("Your role does not include this page."))
            return view(request, *args, **kwargs)

        inner: Any = checked
        inner.verb, inner.methods = verb, methods
        return inner

    return wrap


def open_page(verb: str, *, methods: tuple[str, ...] = ("GET", "POST"), most: int = 60) -> Callable[[Any], Any]:
    """A page for whoever holds its address, without signing in. It names its verb for the access matrix all the same.

    It is counted by address and by where it is asked from, kept by no cache and found by no search engine. Its address
    is told to no other site; to this one it must be, or a browser would send the form without saying from where.
    `most` is how often a minute one address is opened: more for one that many people hold.
    """

    def wrap(view: Any) -> Any:
        @login_not_required
        @wraps(view)
        def opened(request: HttpRequest, token: str, **kwargs: Any) -> HttpResponse:
            if not _is_asked_as(request, methods):
                return HttpResponseNotAllowed(methods)
            if is_too_often(f"ip:{client_ip(request)}", 600) or is_too_often(f"{verb}:{token}", most):
                return answer(request, 429, _("Too many requests. Wait a moment."))
            response: HttpResponse = view(request, token, **kwargs)
            response.headers["Cache-Control"] = "no-store"
            response.headers["X-Robots-Tag"] = "noindex, nofollow"
            response.headers["Referrer-Policy"] = "same-origin"
            return response

        inner: Any = opened
        inner.verb, inner.methods, inner.is_open = verb, methods, True
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
    if request.method != "POST":
        return None
    made = _asked(request, form, action, *rows, **more) if form.is_valid() else None
    if made is None and not getattr(request, "htmx", False):  # with htmx the page still has the files itself
        for field in form.fields.values():
            if hasattr(field, "set_aside"):
                field.set_aside()
    return made


def _asked(request: HttpRequest, form: forms.Form, action: Callable[..., Any], *rows: Any, **more: Any) -> Any:
    """The answer of the action, or None with what stands against it on the form."""
    version = request.POST.get("version", "")
    if rows and hasattr(rows[0], "version") and version.isdecimal() and len(version) < 10:
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
    done: str | Callable[[Any], str],
    target: Any = None,
    template: str = "core/form_page.html",
    more: dict[str, Any] | None = None,
    **context: Any,
) -> HttpResponse:
    """The page of one verb: its form, and after it the way to what was made or back to where one came from."""
    result = submit(request, form, action, *rows, **(more or {}))
    if result is not None:
        said = done(result) if callable(done) else done
        return back(request, said, _next(request) or target or result)
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
            if type(bound.field) in {forms.ChoiceField, forms.TypedChoiceField}:
                mine, now_saved = _chosen(bound.field, mine), _chosen(bound.field, now_saved)
                same = same or mine == now_saved
            fields.append({"label": bound.label, "yours": mine, "theirs": now_saved, "same": same})
    shown = {"fields": fields, "form": form, "version": theirs.version, "back": context["cancel"]}
    return render(request, "core/conflict.html", shown, status=412)


def _chosen(field: Any, value: Any) -> Any:
    """The words of a choice, by what the page sends (“yes”) or by what is kept of it (true)."""
    for key, label in field.choices:
        kept = field.coerce(key) if hasattr(field, "coerce") and key not in field.empty_values else key
        if str(value) in {str(key), str(kept)}:
            return label
    return value


def toast(request: HttpRequest, sentence: str) -> None:
    """A short word of success that shows on the next page."""
    messages.success(request, sentence)


def back(request: HttpRequest, sentence: str, target: Any) -> HttpResponse:
    """Say what was done and go to the document."""
    toast(request, sentence)
    return redirect(target)
