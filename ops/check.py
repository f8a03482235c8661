"""`make check`: every look at the code that needs no running application; all of them, then the verdict."""

import os
import subprocess
import sys
import time

from ops import places

PYTHON = sys.executable
# reads no database: the settings want only names
NO_SERVICES = {
    "DATABASE_URL": "postgres://app@127.0.0.1:1/none",
    "DATABASE_OWNER_URL": "postgres://owner@127.0.0.1:1/none",
    "REDIS_URL": "redis://127.0.0.1:1/0",
    "SECRET_KEY": "x" * 50,
    "SITE_URL": "http://localhost:8000",
    "DJANGO_SETTINGS_MODULE": "dealer.settings",
}
DEPLOYED = {"SITE_URL": "https://dealer.example", "SECRET_KEY": "0123456789abcdefghijklmnopqrstuvwxyz" * 2}
LOOKS: dict[str, tuple[list[str], dict[str, str]]] = {
    "format": ([PYTHON, "-m", "ruff", "format", "--check", "."], {}),
    "lint": ([PYTHON, "-m", "ruff", "check", "."], {}),
    "imports": ([PYTHON, "-c", "from importlinter.cli import lint_imports_command as c; c()"], {}),
    "types": ([PYTHON, "-m", "mypy"], {}),
    "migrations": (
        [PYTHON, "-W", "ignore", "manage.py", "makemigrations", "--check", "--dry-run", "--skip-checks"],
        {},
    ),
    "deployment": ([PYTHON, "manage.py", "check", "--deploy", "--fail-level", "WARNING"], DEPLOYED),
    "translations": ([PYTHON, "-m", "ops.translations", "check"], {}),
}


def main() -> None:
    asked = sys.argv[1:] or list(LOOKS)
    failed = []
    for name in asked:
        command, more = LOOKS[name]
        began = time.monotonic()
        done = subprocess.run(command, cwd=places.ROOT, env={**os.environ, **NO_SERVICES, **more}, check=False)
        print(f"{'ok    ' if done.returncode == 0 else 'FAILED'} {name} ({time.monotonic() - began:.1f} s)", flush=True)
        if done.returncode:
            failed.append(name)
    if failed:
        sys.exit(f"make check failed: {', '.join(failed)}")


if __name__ == "__main__":
    main()
