"""`make run`: services, database, demo, then web, worker and beat under one supervisor that stops all it started."""

import contextlib
import fcntl
import json
import os
import signal
import subprocess
import sys
import threading
import time
import urllib.request
from typing import Any, NoReturn

import psutil
from honcho.manager import Manager

from ops import places, processes, services

HOSTS = ("127.0.0.1", "::1")  # localhost is either; passkeys want that name


def main() -> None:
    port = web_port()
    for sign in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(sign, _leave)
    home = places.profile_dir("run")
    with alone(home), contextlib.suppress(KeyboardInterrupt):
        end_left_over()
        hosts = free_hosts(port)
        share = services.Use("run")
        try:
            environment = write_environment(share.environment, port)
            told = prepare(environment)
            supervise(environment, hosts, port, told)
        finally:
            # a second Ctrl-C must not leave a database running
            for sign in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
                signal.signal(sign, signal.SIG_IGN)
            services.stop("run")
            (home / "processes.json").unlink(missing_ok=True)
            print("· stopped", flush=True)


def _leave(*_: Any) -> NoReturn:
    raise KeyboardInterrupt


def web_port() -> int:
    told = os.environ.get("PORT") or "8000"
    if not told.isdigit() or not 0 < int(told) < 65536:
        places.refuse(f"PORT={told} is no port: make run PORT=8001")
    return int(told)


def free_hosts(port: int) -> list[str]:
    """Both loopback addresses where the machine has them; the port must be free on each."""
    have = [host for host in HOSTS if places.port_is_free(0, host)]
    if any(not places.port_is_free(port, host) for host in have):
        other = next(p for p in range(port + 1, 65536) if all(places.port_is_free(p, host) for host in have))
        places.refuse(f"port {port} is taken by another program: make run PORT={other}")
    return have


@contextlib.contextmanager
def alone(home: Any) -> Any:
    """One `make run` a folder."""
    descriptor = places.open_lock(home / "supervisor.lock")
    if not places.try_lock(descriptor, fcntl.LOCK_EX):
        running = os.pread(descriptor, 200, 0).decode() or "?"
        places.refuse(f"it is running already, as process {running}: stop that one with Ctrl-C there, or make stop")
    os.ftruncate(descriptor, 0)
    os.pwrite(descriptor, str(os.getpid()).encode(), 0)
    try:
        yield
    finally:
        places.close_lock(descriptor)


def end_left_over() -> None:
    """Processes of a `make run` that was killed before it could stop them."""
    path = places.profile_dir("run") / "processes.json"
    with contextlib.suppress(OSError, ValueError):
        for pid, born in json.loads(path.read_text(encoding="utf-8")):
            with contextlib.suppress(psutil.Error):
                process = psutil.Process(pid)
                if abs(process.create_time() - born) < 1:  # else the number belongs to somebody else by now
                    family = [process, *process.children(recursive=True)]
                    for one in family:
                        processes.end(one.pid, (signal.SIGTERM, 3), (signal.SIGKILL, 3))
        path.unlink()


def write_environment(environment: dict[str, str], port: int | None = None) -> dict[str, str]:
    """What Django needs, for our processes and, in var/environment, for `python manage.py …` by hand."""
    path = places.var() / "environment"
    site = f"http://localhost:{port or 8000}"
    if port is None and path.is_file():  # a command beside a running dealership: its address stays
        kept = dict(line.split("=", 1) for line in path.read_text(encoding="utf-8").splitlines())
        site = kept.get("SITE_URL", site)
    environment = environment | {"SITE_URL": site, "DEMO": os.environ.get("DEMO", "1")}
    places.write_private(path, "".join(f"{name}={value}\n" for name, value in environment.items()))
    clean = {name: value for name, value in os.environ.items() if name.removesuffix("_FILE") not in environment}
    return clean | environment | {"PYTHONUNBUFFERED": "1", "DJANGO_SETTINGS_MODULE": "dealer.settings"}


def prepare(environment: dict[str, str]) -> str:
    """Database, static files and demo, in a process of its own: this one stays small. Answers the demo's accounts."""
    answer = places.profile_dir("run") / "accounts.txt"
    answer.unlink(missing_ok=True)
    child = subprocess.Popen(
        [sys.executable, "-m", "ops.prepare", str(answer)],
        cwd=places.ROOT,
        env=environment,
        start_new_session=True,
    )
    try:
        code = child.wait()
    except BaseException:
        processes.end(child.pid, (signal.SIGTERM, 5), (signal.SIGKILL, 5))
        raise
    if code:
        sys.exit("Cannot go on: the database could not be prepared; what went wrong is above.")
    return answer.read_text(encoding="utf-8") if answer.is_file() else ""


def commands(hosts: list[str], port: int) -> dict[str, str]:
    binds = " ".join(f"--bind [{host}]:{port}" if ":" in host else f"--bind {host}:{port}" for host in hosts)
    python = sys.executable
    # as root Celery warns at every start; that this is a machine of one's own is known
    quiet = '-W "ignore:You\'re running the worker"'
    return {
        "web": f"exec '{python}' -m gunicorn dealer.wsgi --config ops/gunicorn_conf.py {binds}",
        "worker": f"exec '{python}' {quiet} -m celery -A dealer worker"
        " --concurrency 1 --without-gossip --without-mingle --loglevel INFO",
        "beat": f"exec '{python}' -m celery -A dealer beat --loglevel WARNING",
    }


class Supervisor(Manager):
    def __init__(self, port: int, told: str) -> None:
        super().__init__()
        self._procmgr = Gently()
        self._after = [
            threading.Thread(target=announce, args=(self, port, told), daemon=True),
            threading.Thread(target=watch, args=(self,), daemon=True),
        ]

    def _start(self) -> None:
        super()._start()
        for thread in self._after:  # not before: the processes start by fork, which does not go with threads
            thread.start()


class Gently:
    """Ends the process itself and lets it end its children; only what does not go is killed with its group."""

    def terminate(self, pid: int) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGTERM)

    def kill(self, pid: int) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(pid, signal.SIGKILL)


def supervise(environment: dict[str, str], hosts: list[str], port: int, told: str) -> None:
    manager = Supervisor(port, told)
    for name, command in commands(hosts, port).items():
        manager.add_process(name, command, env=environment, cwd=str(places.ROOT))
    # honcho listens to Ctrl-C and SIGTERM; a closed terminal means the same
    signal.signal(signal.SIGHUP, lambda *_: os.kill(os.getpid(), signal.SIGTERM))
    manager.loop()
    if manager.returncode not in (0, 130, 143):
        print("· one of the processes ended by itself, so all were stopped; its last lines are above", flush=True)


def watch(manager: Manager) -> None:
    """A database or broker that was killed comes back on the same port; the others wait and go on."""
    while not manager._terminating:
        time.sleep(2)
        if not manager._terminating and not all(services.running("run").values()):
            print("· a service had gone; starting it again", flush=True)
            services.ensure("run")


def announce(manager: Manager, port: int, told: str) -> None:
    """Note the processes, for the case that we are killed; tell the address once the application answers."""
    path = places.profile_dir("run") / "processes.json"
    until = time.monotonic() + 120
    while time.monotonic() < until:
        pids = [known["pid"] for known in manager._processes.values() if "pid" in known]
        with contextlib.suppress(psutil.Error):
            places.write_private(path, json.dumps([(pid, psutil.Process(pid).create_time()) for pid in pids]))
        if len(pids) == len(manager._processes) and answers(port):
            print(f"\n  The dealership is open: http://localhost:{port}\n\n{told}\n  Ctrl-C closes it.\n", flush=True)
            return
        time.sleep(0.1)
    print("· the application does not answer in good order; what it says is above", flush=True)


def answers(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/livez", timeout=5) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False


if __name__ == "__main__":
    main()
