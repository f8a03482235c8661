"""What faults and races are made with: threads with connections of their own, a worker and a Valkey to kill."""

import contextlib
import os
import random
import secrets
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connections

from ops import places
from ops.valkey import Valkey

FULL = os.environ.get("HARD") == "full"


def race(count: int, run: Callable[[int], Any]) -> list[Any]:
    """Run it in so many threads at once, each with a connection of its own; their answers or what they raised."""
    start, answers = threading.Barrier(count, timeout=20), [None] * count

    def one(n: int) -> None:
        try:
            start.wait()
            answers[n] = run(n)
        except Exception as problem:
            answers[n] = problem
        finally:
            connections.close_all()

    threads = [threading.Thread(target=one, args=(n,)) for n in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(90)
    assert not any(thread.is_alive() for thread in threads), "a thread hangs"
    return answers


class Worker:
    """The real Celery worker with its beat, in a process group of its own."""

    def __init__(self, environment: dict[str, str], folder: Path) -> None:
        self.environment, self.folder = environment, folder
        self.process: subprocess.Popen[bytes] | None = None
        self.lives = 0

    def start(self) -> None:
        self.lives += 1
        schedule = self.folder / f"beat-{self.lives}"
        command = ["-m", "celery", "-A", "tests.hard.worker", "worker", "--beat", "--schedule", str(schedule)]
        more = ["--concurrency", "1", "--without-gossip", "--without-mingle", "--loglevel", "WARNING"]
        with (self.folder / "worker.log").open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, *command, *more],
                cwd=places.ROOT,
                env=self.environment,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def said(self) -> str:
        """The end of what it wrote, for a test that fails."""
        return "\n".join((self.folder / "worker.log").read_text(errors="replace").splitlines()[-15:])

    def kill(self) -> None:
        """SIGKILL to the worker, its children and its beat, all at once."""
        if self.process is not None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait(10)
            self.process = None


@pytest.fixture
def worker(environment: dict[str, str], tmp_path: Path) -> Iterator[Worker]:
    """A worker on the database of this test, with a queue of its own on the shared broker."""
    more = {
        "DJANGO_SETTINGS_MODULE": "dealer.settings",
        "HARD_QUEUE": f"hard-{secrets.token_hex(4)}",
        "PLAN_PAUSE": "0.1",
        "LOG_LEVEL": "WARNING",
        "VAR_DIR": str(tmp_path),
    }
    one = Worker(environment | more, tmp_path)
    yield one
    one.kill()


class OwnValkey:
    """A Valkey that a test may kill: no persistence, so everything in it is lost each time."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.password = folder, secrets.token_urlsafe(16)
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"redis://:{self.password}@127.0.0.1:{self.port}/0"

    def start(self) -> None:
        settings = self.folder / "valkey.conf"
        lines = [
            "bind 127.0.0.1",
            f"port {self.port}",
            f"requirepass {self.password}",
            f'dir "{self.folder}"',
            'save ""',
            "appendonly no",
        ]
        places.write_private(settings, "\n".join(lines) + "\n")
        self.process = subprocess.Popen(
            [str(Valkey("test")._binary()), str(settings)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        until = time.monotonic() + 10
        while time.monotonic() < until:
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self.port), timeout=1):
                return
            time.sleep(0.02)
        raise AssertionError("Valkey does not answer")

    def kill(self) -> None:
        if self.process is not None:
            self.process.kill()
            self.process.wait(10)
            self.process = None


@pytest.fixture
def own_valkey(tmp_path: Path) -> Iterator[OwnValkey]:
    """A broker to kill."""
    one = OwnValkey(tmp_path)
    one.start()
    yield one
    one.kill()


@pytest.fixture
def dice(request: pytest.FixtureRequest) -> random.Random:
    """The same accidents each time a seed is named; print it and they can be had again."""
    return random.Random(getattr(request, "param", 1))
