"""Where things lie on this machine: `var/`, secrets, ports, locks."""

import contextlib
import fcntl
import hashlib
import os
import secrets
import socket
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NoReturn

ROOT = Path(__file__).resolve().parent.parent
PROFILES = ("run", "test")


def var() -> Path:
    """The folder of everything that is made while running; for the user who runs it alone."""
    path = Path(os.environ.get("VAR_DIR") or ROOT / "var")
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    return path


def profile_dir(profile: str) -> Path:
    path = var() / profile
    path.mkdir(mode=0o700, exist_ok=True)
    return path


def refuse(sentence: str) -> NoReturn:
    """Stop with one sentence that says what to do."""
    sys.exit(f"Cannot go on: {sentence}")


def write_private(path: Path, text: str) -> None:
    """Write a file that only its owner reads: never half written, never readable in between."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    temporary.unlink(missing_ok=True)
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
    temporary.replace(path)


def secret(path: Path, size: int = 32) -> str:
    """The secret kept in a file; made on first use."""
    if path.is_file() and (kept := path.read_text(encoding="utf-8").strip()):
        return kept
    made = secrets.token_urlsafe(size)
    write_private(path, made + "\n")
    return made


def port_is_free(port: int, host: str = "127.0.0.1") -> bool:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        # as the servers do: a connection of a moment ago that waits out its time takes no port
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
            probe.listen(1)
        except OSError:
            return False
    return True


def kept_port(path: Path) -> int:
    """The port of the last start while it is still free, else a new one. Stays the same over restarts."""
    with contextlib.suppress(OSError, ValueError):
        port = int(path.read_text(encoding="utf-8"))
        if port_is_free(port):
            return port
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    write_private(path, f"{port}\n")
    return int(port)


@contextlib.contextmanager
def locked(path: Path, seconds: float = 120.0) -> Iterator[None]:
    """One process at a time; the lock falls with the process that holds it."""
    descriptor = open_lock(path)
    try:
        until = time.monotonic() + seconds
        while not try_lock(descriptor, fcntl.LOCK_EX):
            if time.monotonic() > until:
                refuse(f"another process has been holding {path} for {seconds:.0f} s; is a start hanging?")
            time.sleep(0.05)
        yield
    finally:
        close_lock(descriptor)


_held: set[int] = set()


def _let_go_in_child() -> None:
    """A forked child shares its parent's locks, and would keep them when the parent is killed."""
    for descriptor in _held:
        with contextlib.suppress(OSError):
            os.close(descriptor)
    _held.clear()


os.register_at_fork(after_in_child=_let_go_in_child)


def open_lock(path: Path) -> int:
    """A file to lock, for this process alone: neither forked children nor programs that are started inherit it."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    _held.add(descriptor)
    return descriptor


def close_lock(descriptor: int) -> None:
    _held.discard(descriptor)
    os.close(descriptor)


def try_lock(descriptor: int, kind: int) -> bool:
    try:
        fcntl.flock(descriptor, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def digest(*parts: Path | str) -> str:
    """One short hash over files (by content, with their names) and strings."""
    total = hashlib.sha256()
    for part in parts:
        if isinstance(part, Path):
            total.update(f"{part.name}\0".encode())
            total.update(part.read_bytes() if part.is_file() else b"absent")
        else:
            total.update(part.encode())
        total.update(b"\0")
    return total.hexdigest()[:16]
