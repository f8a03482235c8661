"""The web server's application with accidents: a request may ask that its worker is killed at a certain moment.

Only the tests name it (`gunicorn tests.hard.dying:application`); the moments are told by a header:
`committed`: the work is done and committed, the answer is not sent; `working`: the work is done and not committed.
"""

import os
import signal
from collections.abc import Callable, Iterable
from typing import Any

import django

django.setup()

from core.web import keyed  # noqa: E402  (models are looked for while it is being imported)
from dealer.wsgi import application as house  # noqa: E402

_keep = keyed.KeyedRequestMiddleware._keep


def _keep_or_die(self: Any, request: Any, *rest: Any) -> None:
    """The last step before the commit."""
    if request.headers.get("X-Dies") == "working":
        os.kill(os.getpid(), signal.SIGKILL)
    _keep(self, request, *rest)


keyed.KeyedRequestMiddleware._keep = _keep_or_die  # type: ignore[method-assign]


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """The house, and the end of it once everything is committed."""
    answer = house(environ, start_response)
    if environ.get("HTTP_X_DIES") == "committed":
        os.kill(os.getpid(), signal.SIGKILL)
    return answer
