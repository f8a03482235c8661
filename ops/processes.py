"""Ending processes, and knowing one of ours again although its number may have been given to another."""

import contextlib
import signal
import time

import psutil


def end(pid: int, *steps: tuple[signal.Signals, float]) -> bool:
    """Send one signal after the other, each with its patience in seconds, until the process is gone."""
    with contextlib.suppress(psutil.NoSuchProcess):
        process = psutil.Process(pid)
        for sign, seconds in steps:
            process.send_signal(sign)
            until = time.monotonic() + seconds
            while time.monotonic() < until:
                if gone(process):
                    return True
                time.sleep(0.02)
        return gone(process)
    return True


def gone(process: psutil.Process) -> bool:
    """Ended; also when nobody has collected its exit status yet (in a container often nobody does)."""
    try:
        return not process.is_running() or process.status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True
