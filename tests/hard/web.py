"""The real web server (gunicorn, 2 workers x 8 threads) on loopback, and programs that ask it over real HTTP."""

import contextlib
import http.client
import itertools
import json
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlencode

import psutil

from ops import places, processes

_keys = itertools.count(1)


class Answer(NamedTuple):
    """What came back."""

    status: int
    headers: dict[str, str]
    body: bytes

    def json(self) -> Any:
        return json.loads(self.body)

    def __getitem__(self, name: Any) -> Any:
        return self.headers[name.lower()] if isinstance(name, str) else tuple.__getitem__(self, name)


class Program:
    """Somebody with an access token (REST) or a session (browser), on one connection that is kept."""

    def __init__(self, port: int, *, token: str = "", session: str = "", timeout: float = 60) -> None:
        self.port, self.timeout = port, timeout
        self.headers = {"Host": "localhost", "Accept-Language": "en"}
        if token:
            self.headers["Authorization"] = f"Bearer {token}"
        # the CSRF mark is the browser's own; any of the right shape will do as long as both sides agree
        self.csrf = "c" * 32
        if not token:
            self.headers["Cookie"] = f"csrf={self.csrf}" + (f"; session={session}" if session else "")
        self.connection: http.client.HTTPConnection | None = None

    def send(self, method: str, path: str, body: bytes | str | None = None, **headers: str) -> Answer:
        """One request; a kept connection that the server had closed meanwhile is opened again."""
        named = self.headers | {name.replace("_", "-"): value for name, value in headers.items()}
        data = body.encode() if isinstance(body, str) else body
        for attempt in (1, 2):
            fresh = self.connection is None
            if self.connection is None:
                self.connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=self.timeout)
            try:
                self.connection.request(method, path, data, named)
                found = self.connection.getresponse()
                return Answer(found.status, {k.lower(): v for k, v in found.getheaders()}, found.read())
            except (OSError, http.client.HTTPException):
                self.close()
                # a GET, or what failed on a connection that had been idle, may be asked again without doing it twice
                if fresh or attempt == 2 or (method != "GET" and "Idempotency-Key" not in named):
                    raise
        raise AssertionError("not reached")

    def get(self, path: str, **query: Any) -> Answer:
        asked = f"?{urlencode(query)}" if query else ""
        return self.send("GET", f"/api/v1/{path}{asked}")

    def post(self, path: str, body: Any = None, *, key: str = "", **headers: str) -> Answer:
        """A verb of the REST door, under a key of its own unless one is named."""
        key = key or f"key-{os.getpid()}-{next(_keys)}"
        return self.json("POST", path, body, Idempotency_Key=key, **headers)

    def json(self, method: str, path: str, body: Any = None, **headers: str) -> Answer:
        data = body if isinstance(body, str | bytes) else "" if body is None else json.dumps(body, default=str)
        return self.send(method, f"/api/v1/{path}", data, Content_Type="application/json", **headers)

    def visit(self, path: str) -> Answer:
        """A page."""
        return self.send("GET", path)

    def submit(self, path: str, fields: dict[str, Any] | list[tuple[str, Any]], *, token: str = "") -> Answer:
        """A form of the browser door, sent as the page sends it."""
        rows = list(fields.items()) if isinstance(fields, dict) else list(fields)
        rows.append(("csrfmiddlewaretoken", self.csrf))
        if token:
            rows.append(("form_token", token))
        body = urlencode(rows, doseq=True)
        return self.send("POST", path, body, Content_Type="application/x-www-form-urlencoded")

    def close(self) -> None:
        if self.connection is not None:
            self.connection.close()
            self.connection = None


class Web:
    """The web server as `make run` starts it."""

    def __init__(self, environment: dict[str, str], folder: Path, app: str = "dealer.wsgi", **settings: str) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.environment = environment | {"WEB_WORKERS": "2", "WEB_THREADS": "8", "LOG_LEVEL": "WARNING"} | settings
        self.log, self.app = folder / "web.log", app
        self.process: psutil.Popen | None = None

    def start(self) -> "Web":
        command = ["-m", "gunicorn", self.app, "--config", "ops/gunicorn_conf.py", "--bind", f"127.0.0.1:{self.port}"]
        with self.log.open("ab") as log:
            self.process = psutil.Popen(
                [sys.executable, *command], cwd=places.ROOT, env=self.environment, stdout=log, stderr=log
            )
        until = time.monotonic() + 60
        while time.monotonic() < until and self.process.poll() is None:
            with contextlib.suppress(OSError, http.client.HTTPException):
                with contextlib.closing(Program(self.port, timeout=5)) as asked:
                    if asked.send("GET", "/livez").status == 200:
                        return self
            time.sleep(0.05)
        self.stop()
        raise AssertionError(f"the web server does not answer /livez: {self.said()}")

    def workers(self) -> list[Any]:
        """The processes that answer requests."""
        return self.process.children() if self.process else []

    def said(self) -> str:
        """The end of what it wrote, for a test that fails."""
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-25:])

    def stop(self) -> None:
        if self.process is not None:
            processes.end(self.process.pid, (signal.SIGTERM, 10), (signal.SIGKILL, 5))
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.process.wait(5)
            self.process = None

    def __enter__(self) -> "Web":
        return self.start()

    def __exit__(self, *_: Any) -> None:
        self.stop()
