"""The REST door's manners: who asks, strict JSON, and how every refusal looks.

Apart from `core.api`, because Django REST framework loads these by name while its views are being imported.
"""

import json
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.core.exceptions import BadRequest, PermissionDenied, ValidationError
from django.db import DatabaseError, InterfaceError
from django.http import Http404
from django.utils.translation import gettext as _
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework import exceptions, parsers
from rest_framework.authentication import SessionAuthentication

from core.models import Employee
from core.rows import Refused, refused_by_database
from core.uploads import json_limit
from core.web import CODES, state_of


class HouseAuthentication(SessionAuthentication):
    """The REST door's view of who asks: what ActorMiddleware found, with a CSRF check for browser sessions."""

    def authenticate(self, request: Any) -> tuple[Any, Any] | None:
        inner = request._request
        if not isinstance(inner.user, Employee):
            return None
        if inner.token is None:
            self.enforce_csrf(request)
        return inner.user, inner.token

    def authenticate_header(self, request: Any) -> str:
        return "Bearer"


class HouseAuthenticationScheme(OpenApiAuthenticationExtension):
    """How the description of the REST door speaks of signing in."""

    target_class = "core.rest.HouseAuthentication"
    name = "bearer"

    def get_security_definition(self, auto_schema: Any) -> dict[str, Any]:
        return {"type": "http", "scheme": "bearer", "description": "An access token, made on the page “My account”."}


class StrictJSONParser(parsers.JSONParser):
    """JSON without duplicate keys, NaN or characters that cannot be stored; numbers keep their decimals."""

    def parse(self, stream: Any, media_type: Any = None, parser_context: Any = None) -> Any:
        view = (parser_context or {}).get("view")
        most = json_limit(getattr(getattr(view, getattr(view, "action", None) or "", None), "form_class", None))
        body = stream.read(most + 1)
        if len(body) > most:
            raise TooLarge
        try:
            text = body.decode("utf-8")
            return json.loads(text, object_pairs_hook=_unique, parse_float=Decimal, parse_constant=_refuse_constant)
        except (ValueError, UnicodeDecodeError, RecursionError, ArithmeticError) as problem:
            why = str(problem)[:200].encode("ascii", "replace").decode()
            raise exceptions.ParseError(_("This is not valid JSON: %(why)s") % {"why": why}) from problem


def _refuse_constant(name: str) -> Any:
    raise ValueError(f"{name} is not JSON")


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key stands twice in one object")
    if any(not key.isprintable() for key in found):
        raise ValueError("a key has characters that cannot be printed")
    return found


class Invalid(exceptions.APIException):
    """A form refused what came in: 400 with a sentence for each field."""

    status_code = 400

    def __init__(self, fields: dict[str, Any]) -> None:
        super().__init__()
        self.fields = fields


class Unkeyed(exceptions.APIException):
    """A request that creates something came without an Idempotency-Key."""

    status_code = 400


class Unversioned(exceptions.APIException):
    """An edit came without If-Match."""

    status_code = 428


class TooLarge(exceptions.APIException):
    """More was sent than any step of the house needs."""

    status_code = 413


def api_answer(problem: Exception, context: Mapping[str, Any]) -> Any:
    """The REST door's answer to anything refused: code, sentence, and the fields when there are any."""
    from rest_framework.response import Response

    context["request"]._request.is_deadlock = state_of(problem) in {"40001", "40P01"}
    found = _told(problem)
    if found is not None:
        status, body = found
        headers = {"Retry-After": "2"} if status in {409, 503} else {}
        return Response(body, status=status, headers=headers)
    return _framework_answer(problem, context)


def _told(problem: Exception) -> tuple[int, dict[str, Any]] | None:
    """Status and body for what this house refuses."""
    match problem:
        case Invalid():
            fields = problem.fields
            return 400, {"code": "invalid", "detail": _("Please look at the marked fields."), "fields": fields}
        case Unkeyed():
            sentence = _("Send an Idempotency-Key header with this request.")
            return 400, {"code": "idempotency_key_required", "detail": sentence}
        case Unversioned():
            return 428, {"code": "if_match_required", "detail": _("Send the ETag you read as If-Match header.")}
        case TooLarge():
            return 413, {"code": "too_large", "detail": _("This request is too large.")}
        case Refused():
            body: dict[str, Any] = {"code": problem.code or "refused", "detail": " ".join(problem.messages)}
            if problem.field:
                body |= {"code": "invalid", "fields": {problem.field: problem.messages}}
            return problem.status, body
        case DatabaseError() | InterfaceError():
            known = refused_by_database(problem)
            return (known[0], {"code": CODES.get(known[0], "error"), "detail": known[1]}) if known else None
        case BadRequest() | ValidationError():
            words = problem.messages if isinstance(problem, ValidationError) else [str(problem)]
            return 400, {"code": "invalid", "detail": " ".join(words)}
        case Http404():
            return 404, {"code": "not_found", "detail": _("There is nothing here.")}
        case PermissionDenied():
            return 403, {"code": "not_allowed", "detail": str(problem) or _("Not allowed.")}
    return None


def _framework_answer(problem: Exception, context: Mapping[str, Any]) -> Any:
    from rest_framework.views import exception_handler

    response = exception_handler(problem, context)  # type: ignore[arg-type]
    if response is not None:
        detail = response.data.get("detail") if isinstance(response.data, dict) else response.data
        response.data = {"code": getattr(detail, "code", None) or "invalid", "detail": str(detail)}
    return response
