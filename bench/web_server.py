"""Which web server for `make run`: gunicorn (gthread) or granian, on the application itself, on this machine.

make bench                                   both, 8 s each, /livez and the sign-in page
make bench ARGS="--seconds 20 --paths /livez --servers gunicorn"

Loopback only, bounded in time. Granian is measured where it is installed: pip install granian.
"""

import argparse
import http.client
import importlib.util
import os
import signal
import socket
import statistics
import subprocess
import sys
import threading
import time

import psutil

from ops import places, processes, services

CLIENTS = 16
COMMANDS = {
    "gunicorn": ["-m", "gunicorn", "dealer.wsgi", "--config", "ops/gunicorn_conf.py", "--bind", "127.0.0.1:{port}"],
    "granian": [
        *("-m", "granian", "dealer.wsgi:application", "--interface", "wsgi", "--host", "127.0.0.1", "--port", "{port}"),
        *("--workers", "2", "--blocking-threads", "8", "--log-level", "warning"),
    ],
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=int, default=8, choices=range(1, 61))
    parser.add_argument("--paths", nargs="+", default=["/livez", "/account/login/"])
    parser.add_argument("--servers", nargs="+", default=list(COMMANDS), choices=list(COMMANDS))
    asked = parser.parse_args()
    with services.used("run") as given:
        environment = os.environ | given | {"SITE_URL": "http://localhost:8000", "PYTHONUNBUFFERED": "1"}
        subprocess.run(
            [sys.executable, "-m", "ops.prepare", os.devnull], cwd=places.ROOT, env=environment, check=True, stdout=2
        )
        head = (
            "server, path, requests/s, p50 ms, p95 ms, p99 ms, max ms, failed, CPU ms a request, memory MB, up after s"
        )
        print(f"| {head.replace(', ', ' | ')} |")
        print("|" + " --- |" * len(head.split(",")))
        for server in asked.servers:
            if importlib.util.find_spec(server) is None:
                print(f"| {server} | not installed |")
                continue
            measure(server, asked.paths, asked.seconds, environment)


def measure(server: str, paths: list[str], seconds: int, environment: dict[str, str]) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, *(word.format(port=port) for word in COMMANDS[server])]
    began = time.monotonic()
    process = psutil.Popen(
        command, cwd=places.ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        while not _once(port, "/livez"):
            if time.monotonic() - began > 60 or process.poll() is not None:
                sys.exit(f"{server} does not answer /livez")
            time.sleep(0.05)
        up = time.monotonic() - began
        for path in paths:
            load(port, path, 2)
            before = cpu(process)
            took, failed = load(port, path, seconds)
            used = (cpu(process) - before) * 1000 / len(took)  # hardly changed by what else the machine does
            memory = sum(one.memory_info().rss for one in [process, *process.children(recursive=True)]) / 1e6
            cut = statistics.quantiles(took, n=100)
            numbers = [len(took) / seconds, *(x * 1000 for x in (cut[49], cut[94], cut[98], max(took)))]
            told = " | ".join(f"{number:.1f}" for number in numbers)
            print(f"| {server} | {path} | {told} | {failed} | {used:.2f} | {memory:.0f} | {up:.1f} |", flush=True)
    finally:
        processes.end(process.pid, (signal.SIGTERM, 10), (signal.SIGKILL, 5))


def cpu(process: psutil.Process) -> float:
    """Seconds of processor that a server and its children have used."""
    return sum(sum(one.cpu_times()[:2]) for one in [process, *process.children(recursive=True)])


def _once(port: int, path: str) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        connection.request("GET", path)
        return connection.getresponse().status == 200
    except OSError:
        return False
    finally:
        connection.close()


def load(port: int, path: str, seconds: int) -> tuple[list[float], int]:
    """So many clients that keep their connection, each asking again as soon as it has its answer."""
    took: list[float] = []
    failed = [0]
    until = time.monotonic() + seconds

    def client() -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
        while time.monotonic() < until:
            began = time.perf_counter()
            try:
                connection.request("GET", path)
                answer = connection.getresponse()
                answer.read()
                if answer.status != 200:
                    failed[0] += 1
            except (OSError, http.client.HTTPException):
                failed[0] += 1
                connection.close()
            took.append(time.perf_counter() - began)

    threads = [threading.Thread(target=client) for _ in range(CLIENTS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return took, failed[0]


if __name__ == "__main__":
    main()
