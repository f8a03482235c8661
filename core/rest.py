"""The REST door's manners: who asks, strict JSON, and how every refusal looks.

Apart from `core.api`, because Django REST framework loads these by name while its views are being imported.
"""

import json
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import BadRequest, PermissionDenied, ValidationError
from django.db import DatabaseError, InterfaceError
from django.http import Http404
from django.utils.translation import gettext as _
from rest_framework import exceptions, parsers
from rest_framework.authentication import SessionAuthentication

from core.models import Employee
from core.rows import Refused, refused_by_database
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


class StrictJSONParser(parsers.JSONParser):
    """JSON without duplicate keys, NaN or characters that cannot be stored; numbers keep their decimals."""

    def parse(self, stream: Any, media_type: Any = None, parser_context: Any = None) -> Any:
        try:
            text = stream.read().decode("utf-8")
            return json.loads(text, object_pairs_hook=_unique, parse_float=Decimal, parse_constant=_refuse_constant)
        except (ValueError, UnicodeDecodeError, RecursionError) as problem:
            raise exceptions.ParseError(_("This is not valid JSON: %(why)s") % {"why": str(problem)[:200]}) from problem


def _refuse_constant(name: str) -> Any:
    raise ValueError(f"{name} is not JSON")


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key stands twice in one object")
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


def problems_of(form: forms.Form) -> dict[str, Any]:
    """What is wrong with a form, field by field, in the words that the page would show."""
    found: dict[str, Any] = {name: list(map(str, errors)) for name, errors in form.errors.items()}
    for name, field in form.fields.items():
        if hasattr(field, "row_errors"):
            found[name] = [{k: [e["message"] for e in v] for k, v in one.items()} for one in field.row_errors]
    for name, what in getattr(form, "json_problems", {}).items():
        found[name] = what if isinstance(what, list) else [str(what)]
    return found


def api_answer(problem: Exception, context: Mapping[str, Any]) -> Any:
    """The REST door's answer to anything refused: code, sentence, and the fields when there are any."""
    from rest_framework.response import Response
    from rest_framework.views import exception_handler

    view_request = context["request"]._request
    if isinstance(problem, Invalid):
        body = {"code": "invalid", "detail": _("Please look at the marked fields."), "fields": problem.fields}
        return Response(body, status=400)
    if isinstance(problem, Unkeyed):
        body = {"code": "idempotency_key_required", "detail": _("Send an Idempotency-Key header with this request.")}
        return Response(body, status=400)
    if isinstance(problem, Unversioned):
        body = {"code": "if_match_required", "detail": _("Send the ETag you read as If-Match header.")}
        return Response(body, status=428)
    if isinstance(problem, Refused):
        body = {"code": problem.code or "refused", "detail": " ".join(problem.messages)}
        if problem.field:
            body |= {"code": "invalid", "fields": {problem.field: problem.messages}}
        return Response(body, status=problem.status)
    if isinstance(problem, DatabaseError | InterfaceError):
        view_request.is_deadlock = state_of(problem) in {"40001", "40P01"}
        known = refused_by_database(problem)
        if known is None:
            return None
        headers = {"Retry-After": "2"} if known[0] in {409, 503} else {}
        return Response({"code": CODES.get(known[0], "error"), "detail": known[1]}, status=known[0], headers=headers)
    if isinstance(problem, BadRequest | ValidationError):
        return Response({"code": "invalid", "detail": str(problem)}, status=400)
    if isinstance(problem, Http404):
        return Response({"code": "not_found", "detail": _("There is nothing here.")}, status=404)
    if isinstance(problem, PermissionDenied):
        return Response({"code": "not_allowed", "detail": str(problem) or _("Not allowed.")}, status=403)
    response = exception_handler(problem, context)  # type: ignore[arg-type]
    if response is not None:
        detail = response.data.get("detail") if isinstance(response.data, dict) else response.data
        code = getattr(detail, "code", None) or "invalid"
        response.data = {"code": code, "detail": str(detail)}
    return response
