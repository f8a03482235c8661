"""Keyed requests: a retry or a double click does nothing twice."""

import hashlib
from collections.abc import Callable

from django.core.exceptions import RequestDataTooBig
from django.db import DatabaseError, connection, transaction
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from core.actor import Actor
from core.models import KeyedRequest
from core.rows import refused_by_database
from core.web.answers import answer, state_of

SAFE = {"GET", "HEAD", "OPTIONS", "TRACE"}


def _claim(asker: str, key: str, fingerprint: str) -> bool:
    table = KeyedRequest._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(
            f'INSERT INTO "{table}" (asker, key, fingerprint, status, content_type, location, etag, body, created_at) '  # noqa: S608
            "VALUES (%s, %s, %s, 0, '', '', '', '', now()) ON CONFLICT (asker, key) DO NOTHING",
            [asker, key, fingerprint],
        )
        return cursor.rowcount == 1


def _files_of(request: HttpRequest) -> bytes:
    """What tells one set of files from another; they are read in pieces and stay on the disk."""
    told = b""
    for field, files in sorted(request.FILES.lists()):
        for file in files:
            digest = hashlib.sha256()
            for piece in file.chunks():
                digest.update(piece)
            told += repr((field, file.name)).encode() + digest.digest()
    return told


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
            material += _files_of(request)
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
