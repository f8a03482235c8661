"""The gateways that take messages to customers: one address a channel, set by whoever runs the house.

A gateway gets `POST` with JSON `{channel, to, code, text, dedupe}` and the token as bearer. It answers 2xx when it took
the message, 409 when it already has one with this key; any other 4xx refuses it for good, and everything else is tried
again. Nothing but the address of the settings is called: no redirect is followed, no proxy of the environment used.
"""

import contextlib
import http.client
import json
import socket
import ssl
import threading
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings

MOST_OF_ANSWER = 2_000  # bytes of an answer that are read for the page of what failed
AGAIN = {408, 425, 429}  # refusals that are none for good


class GatewayProblem(Exception):
    """The gateway did not take a message; `for_good` when it never will."""

    def __init__(self, sentence: str, *, for_good: bool = False) -> None:
        super().__init__(sentence)
        self.for_good = for_good


class NoPhone(GatewayProblem):
    """Nobody knows where to send it."""

    def __init__(self) -> None:
        super().__init__("", for_good=True)


def send(*, channel: str, to: str, code: str, text: str, dedupe: str) -> None:
    """Give one message to its channel's gateway, or raise what stands in the way. The key makes a repetition safe."""
    if not to:
        raise NoPhone
    gateway = settings.MESSAGE_GATEWAYS[channel]
    body = {"channel": channel, "to": to, "code": code, "text": text, "dedupe": dedupe}
    status, answer = _post(gateway["url"], gateway["token"], json.dumps(body, ensure_ascii=False).encode())
    if 200 <= status < 300 or status == 409:
        return
    for_good = 400 <= status < 500 and status not in AGAIN
    raise GatewayProblem(f"HTTP {status} {answer}".strip()[:400], for_good=for_good)


def _post(url: str, token: str, body: bytes) -> tuple[int, str]:
    """One request within the time allowed, however slowly the other side speaks."""
    address = urlsplit(url)
    made: dict[str, Any] = {"timeout": settings.MESSAGE_TIMEOUT}
    if address.scheme == "https":
        connection: http.client.HTTPConnection = http.client.HTTPSConnection(
            address.hostname or "", address.port, context=ssl.create_default_context(), **made
        )
    else:
        connection = http.client.HTTPConnection(address.hostname or "", address.port, **made)
    headers = {"Content-Type": "application/json; charset=utf-8", "Authorization": f"Bearer {token}"}
    path = (address.path or "/") + (f"?{address.query}" if address.query else "")
    late: threading.Timer | None = None
    try:
        connection.connect()
        # a socket's timeout is for each piece; a server that sends a byte now and then would never end it
        late = threading.Timer(settings.MESSAGE_TIMEOUT, _cut, [connection.sock])
        late.start()
        connection.request("POST", path, body, headers)
        response = connection.getresponse()
        return response.status, response.read(MOST_OF_ANSWER).decode("utf-8", "replace").replace("\0", "")
    except (OSError, http.client.HTTPException, ValueError) as problem:
        raise GatewayProblem(f"{type(problem).__name__}: {problem}"[:400]) from problem
    finally:
        if late:
            late.cancel()
        connection.close()


def _cut(connected: socket.socket) -> None:
    with contextlib.suppress(OSError):
        connected.shutdown(socket.SHUT_RDWR)
