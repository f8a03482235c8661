"""What the rules or the database refuse, as a sentence in both doors."""

from collections.abc import Callable
from typing import Any

from django.db import DatabaseError, InterfaceError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from core.rows import Refused, refused_by_database


def state_of(problem: BaseException) -> str | None:
    """The SQLSTATE with which Postgres refused, if it was Postgres."""
    return getattr(problem.__cause__ or problem, "pgcode", None)


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
