"""Reads the settings of a deployment from the environment.

Each value may come directly (`SECRET_KEY`) or as the path of a file that holds it
(`SECRET_KEY_FILE`), the way container platforms hand over secrets. A machine that does not say
where its database is gets what `make run` wrote into var/environment, so that a plain
`python manage.py …` finds the services of `make run`.
"""

import functools
import os
import sys
from pathlib import Path
from typing import NoReturn


def env(name: str, default: str = "") -> str:
    """The value of a variable, or of the file that `<name>_FILE` points to, or the default."""
    path = os.environ.get(f"{name}_FILE")
    if path:
        try:
            return Path(path).read_text(encoding="utf-8").strip()
        except OSError as problem:
            refuse(f"{name}_FILE points to {path}, which cannot be read ({problem.strerror}).")
    return os.environ.get(name) or _written_by_make_run().get(name) or default


@functools.cache
def _written_by_make_run() -> dict[str, str]:
    """All or nothing: a deployment that names its own database never mixes with a demo's secrets."""
    if os.environ.get("DATABASE_URL") or os.environ.get("DATABASE_URL_FILE"):
        return {}
    var = Path(os.environ.get("VAR_DIR") or Path(__file__).resolve().parent.parent / "var")
    try:
        lines = (var / "environment").read_text(encoding="utf-8").splitlines()
    except OSError:
        return {}
    return dict(line.split("=", 1) for line in lines if "=" in line)


def refuse(sentence: str) -> NoReturn:
    """Stop the start with one sentence that says what to set."""
    sys.exit(f"Cannot start: {sentence}")
