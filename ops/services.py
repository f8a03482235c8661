"""Postgres and Valkey for this copy of the project: `run` holds the demo dealership, `test` is thrown away.

python -m ops.services start|stop|status|env|destroy [--profile run|test]
"""

import argparse
import contextlib
import fcntl
import os
from collections.abc import Iterator

from ops import places
from ops.postgres import Postgres
from ops.valkey import Valkey


def ensure(profile: str = "run") -> dict[str, str]:
    """Start what is not running and answer the environment that the application needs."""
    with places.locked(places.profile_dir(profile) / "services.lock"):
        postgres, valkey = Postgres(profile), Valkey(profile)
        postgres.start()
        valkey.start()
        return environment(profile)


def environment(profile: str = "run") -> dict[str, str]:
    postgres, valkey = Postgres(profile), Valkey(profile)
    return {
        "DATABASE_URL": postgres.url("app"),
        "DATABASE_OWNER_URL": postgres.url("owner"),
        "REDIS_URL": valkey.url(),
        "SECRET_KEY": places.secret(places.profile_dir(profile) / "secret.key", 48),
    }


def stop(profile: str = "run") -> None:
    with places.locked(places.profile_dir(profile) / "services.lock"):
        Valkey(profile).stop()
        Postgres(profile).stop()


def stop_unused(profile: str) -> None:
    """Stop the services of a profile unless somebody, such as a test run, holds a share in them."""
    descriptor = places.open_lock(places.profile_dir(profile) / "users.lock")
    if places.try_lock(descriptor, fcntl.LOCK_EX):
        stop(profile)
    places.close_lock(descriptor)


def destroy(profile: str = "test") -> None:
    with places.locked(places.profile_dir(profile) / "services.lock"):
        Valkey(profile).destroy()
        Postgres(profile).destroy()


def running(profile: str = "run") -> dict[str, bool]:
    return {"postgres": Postgres(profile).running(), "valkey": Valkey(profile).running()}


class Use:
    """A share in the services of a profile. Whoever drops the last share stops them; a killed process drops its own."""

    def __init__(self, profile: str) -> None:
        self.profile = profile
        self.holder = os.getpid()
        self.descriptor = places.open_lock(places.profile_dir(profile) / "users.lock")
        fcntl.flock(self.descriptor, fcntl.LOCK_SH)
        self.environment = ensure(profile)

    def drop(self) -> None:
        """Give the share back, and stop the services if nobody else holds one."""
        if self.descriptor < 0 or self.holder != os.getpid():
            return
        last = places.try_lock(self.descriptor, fcntl.LOCK_EX)
        if last:
            stop(self.profile)
        places.close_lock(self.descriptor)
        self.descriptor = -1


@contextlib.contextmanager
def used(profile: str) -> Iterator[dict[str, str]]:
    share = Use(profile)
    try:
        yield share.environment
    finally:
        share.drop()


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m ops.services", description=__doc__.split("\n")[0])
    parser.add_argument("command", choices=["start", "stop", "status", "env", "destroy"])
    parser.add_argument("--profile", choices=places.PROFILES, default="run")
    asked = parser.parse_args()
    if asked.command == "start":
        ensure(asked.profile)
    elif asked.command == "stop":
        stop(asked.profile)
    elif asked.command == "destroy":
        destroy(asked.profile)
    elif asked.command == "env":
        for name, value in ensure(asked.profile).items():
            print(f"{name}={value}")
    if asked.command in ("start", "stop", "status"):
        for name, up in running(asked.profile).items():
            print(f"{name} ({asked.profile}): {'running' if up else 'stopped'}")


if __name__ == "__main__":
    main()
