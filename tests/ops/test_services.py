"""The embedded services: what a machine does to them, they come back from with their data."""

import contextlib
import os
import shutil
import signal
import socket
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psutil
import psycopg2
import pytest

from ops import places
from ops.postgres import Postgres
from ops.services import environment
from ops.valkey import Valkey


@pytest.fixture
def cli(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., Any]]:
    """The services of a copy of the project of its own, in a folder too long for a Unix socket."""
    var = tmp_path / ("long-" * 20) / "var"
    var.mkdir(parents=True)
    monkeypatch.setenv("VAR_DIR", str(var))

    def call(*words: str) -> "subprocess.CompletedProcess[str]":
        command = [sys.executable, "-m", "ops.services", *words]
        return subprocess.run(command, cwd=places.ROOT, capture_output=True, text=True, check=False, timeout=120)

    yield call
    call("destroy")
    private = Postgres("run").private
    if private:
        for folder in private.parent.glob(f"{private.name}*"):
            shutil.rmtree(folder)


def query(role: str, statement: str) -> Any:
    with contextlib.closing(psycopg2.connect(environment("run")[role])) as connection:
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute(statement)
            return cursor.fetchone() if cursor.description else None


OWNER, APP = "DATABASE_OWNER_URL", "DATABASE_URL"


def test_they_come_back_from_what_a_machine_does(cli: Callable[..., Any]) -> None:
    assert cli("start").returncode == 0
    query(OWNER, "CREATE TABLE kept (id int)")
    query(APP, "INSERT INTO kept VALUES (1)")
    first = environment("run")

    # the postmaster is killed, its children may still hold the memory
    postgres, valkey = Postgres("run"), Valkey("run")
    os.kill(postgres.pid() or 0, signal.SIGKILL)
    os.kill(valkey.pid() or 0, signal.SIGKILL)
    assert cli("start").returncode == 0
    assert query(APP, "SELECT count(*) FROM kept") == (1,)
    assert environment("run") == first, "ports, and with them the addresses, stay"

    # the pid file names a process that is somebody else's: it must live on
    assert cli("stop").returncode == 0
    other = subprocess.Popen(["sleep", "60"])
    pid_file = postgres.data / "postmaster.pid"
    pid_file.write_text(f"{other.pid}\n{postgres.data}\n0\n{postgres.port()}\n\n127.0.0.1\n\nready\n")
    os.chown(pid_file, postgres.data.stat().st_uid, postgres.data.stat().st_gid)
    pid_file.chmod(0o600)
    try:
        started = cli("start")
        assert other.poll() is None
    finally:
        other.kill()
        other.wait()
    assert started.returncode == 0, started.stderr
    assert query(APP, "SELECT count(*) FROM kept") == (1,)

    # both ports are taken meanwhile: others are chosen
    assert cli("stop").returncode == 0
    with socket.socket() as one, socket.socket() as two:
        for taken, port in ((one, postgres.port()), (two, valkey.port())):
            taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            taken.bind(("127.0.0.1", port))
            taken.listen(1)
        assert cli("start").returncode == 0
        assert query(APP, "SELECT count(*) FROM kept") == (1,)
        assert environment("run")["REDIS_URL"] != first["REDIS_URL"]

    # stopped means gone
    family = [psutil.Process(pid) for pid in (postgres.pid(), valkey.pid()) if pid]
    assert len(family) == 2
    assert cli("stop").stdout == "postgres (run): stopped\nvalkey (run): stopped\n"
    assert all(not p.is_running() or p.status() == psutil.STATUS_ZOMBIE for p in family)


def test_nobody_else_can_read_what_they_keep(cli: Callable[..., Any], tmp_path: Path) -> None:
    before = stat.S_IMODE(tmp_path.stat().st_mode)
    assert cli("start").returncode == 0
    postgres, valkey = Postgres("run"), Valkey("run")
    assert stat.S_IMODE(tmp_path.stat().st_mode) == before, "parent folders are left as they were"
    assert not stat.S_IMODE(postgres.data.stat().st_mode) & 0o077
    assert not stat.S_IMODE((valkey.data / "valkey.conf").stat().st_mode) & 0o077
    for path in places.profile_dir("run").iterdir():
        if path.suffix in (".password", ".key"):
            assert not stat.S_IMODE(path.stat().st_mode) & 0o077, path
    for process in (psutil.Process(postgres.pid() or 0), psutil.Process(valkey.pid() or 0)):
        assert process.uids().real != 0
        listening = [c.laddr.ip for c in process.net_connections() if c.status == psutil.CONN_LISTEN]
        assert set(listening) == {"127.0.0.1"}
    with pytest.raises(psycopg2.OperationalError):
        psycopg2.connect(host="127.0.0.1", port=postgres.port(), user="postgres", dbname="postgres", password="")


def test_the_wall_stands_in_every_new_table(cli: Callable[..., Any]) -> None:
    assert cli("start").returncode == 0
    query(OWNER, "CREATE TABLE book (id bigint GENERATED BY DEFAULT AS IDENTITY, word text)")
    query(APP, "INSERT INTO book (word) VALUES ('one')")
    query(APP, "UPDATE book SET word = 'two'")
    query(OWNER, "REVOKE UPDATE, DELETE ON book FROM app")
    for statement in ("UPDATE book SET word = 'three'", "DELETE FROM book", "TRUNCATE book", "DROP TABLE book"):
        with pytest.raises(psycopg2.errors.InsufficientPrivilege):
            query(APP, statement)
    assert query(OWNER, "SELECT count(*) FROM pg_extension WHERE extname IN ('btree_gist', 'pg_trgm')") == (2,)
