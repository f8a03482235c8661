"""Programs that ask the REST door in somebody's name."""

import itertools
import json
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from core.actions import make_token
from core.actor import CONSOLE
from core.models import Employee

_keys = itertools.count(1)


class Program:
    """A program with an access token. Each POST gets a fresh Idempotency-Key unless it brings its own (or None)."""

    def __init__(self, actor: Any) -> None:
        self.token = make_token(name="test", by=CONSOLE, employee=Employee.objects.get(pk=actor.pk)).text
        self.client = Client(headers={"Authorization": f"Bearer {self.token}"}, raise_request_exception=False)

    def get(self, path: str, **query: Any) -> Any:
        return self.client.get(f"/api/v1/{path}", query)

    def post(self, path: str, body: Any = None, *, key: str | None = "", **headers: str) -> Any:
        return self.send("post", path, body, key=f"key-{next(_keys)}" if key == "" else key, **headers)

    def send(self, method: str, path: str, body: Any = None, *, key: str | None = None, **headers: str) -> Any:
        """Any method; a body that is text is sent as it is."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        if key is not None:
            named["Idempotency-Key"] = key
        data = body if isinstance(body, str | bytes) else "" if body is None else json.dumps(body, default=str)
        return getattr(self.client, method)(f"/api/v1/{path}", data, content_type="application/json", headers=named)


@pytest.fixture
def program(cast: Any) -> Callable[[str], Program]:
    """A program for one of the cast: `program("advisor")`."""
    return lambda name: Program(cast.by(name))
