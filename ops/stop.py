"""Stops a `make run` and whatever a killed one left behind; with --destroy also deletes the databases."""

import fcntl
import os
import shutil
import signal
import sys

from ops import places, processes, services
from ops.private import private_root
from ops.run import end_left_over


def main() -> None:
    path = places.profile_dir("run") / "supervisor.lock"
    descriptor = places.open_lock(path)
    if not places.try_lock(descriptor, fcntl.LOCK_EX):
        told = os.pread(descriptor, 200, 0).decode()
        if told.isdigit():
            processes.end(int(told), (signal.SIGTERM, 30), (signal.SIGKILL, 5))
    places.close_lock(descriptor)
    end_left_over()
    for profile in places.PROFILES:
        if "--destroy" in sys.argv:
            services.destroy(profile)
        elif profile == "run":
            services.stop(profile)
        else:
            services.stop_unused(profile)
    if "--destroy" in sys.argv and (private := private_root()):
        shutil.rmtree(private)


if __name__ == "__main__":
    main()
