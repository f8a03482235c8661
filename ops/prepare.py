"""Brings database, static files and demo up to date; run by `make run` before its processes start.

python -m ops.prepare FILE_FOR_THE_DEMO_ACCOUNTS
"""

import io
import os
import sys
from pathlib import Path

import django
from django.apps import apps
from django.conf import settings
from django.core.management import call_command, get_commands
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.migrations.executor import MigrationExecutor

from ops import places


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dealer.settings")
    django.setup()
    migrate()
    collect_static()
    demo(Path(sys.argv[1]))


def migrate() -> None:
    executor = MigrationExecutor(connections["owner"])
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        print("· migrating the database", flush=True)
        call_command("migrate", database="owner", interactive=False, verbosity=0)


def collect_static() -> None:
    """Only when a file, or a package that brings files, changed."""
    files = sorted(path for path in (places.ROOT / "static").rglob("*") if path.is_file())
    look = [f"{path} {path.stat().st_mtime_ns} {path.stat().st_size}" for path in files]
    digest = places.digest(*look, *settings.INSTALLED_APPS, places.ROOT / "requirements.lock")
    stamp = Path(settings.STATIC_ROOT) / ".stamp"
    if stamp.is_file() and stamp.read_text(encoding="utf-8") == digest:
        return
    print("· collecting static files", flush=True)
    call_command("collectstatic", interactive=False, verbosity=0, clear=True)
    stamp.write_text(digest, encoding="utf-8")


def demo(answer: Path) -> None:
    """The demo dealership, once, into an empty database; its accounts for whoever reads the terminal."""
    known = get_commands()
    try:
        empty = not apps.get_model("core", "Store").objects.using(DEFAULT_DB_ALIAS).exists()
    except LookupError:
        empty = False
    if empty and "load_demo" in known:
        print("· opening the demo dealership (once)", flush=True)
        call_command("load_demo")
    elif empty:
        print("· this version has no demo dealership to load", flush=True)
    if "demo_accounts" in known:
        told = io.StringIO()
        call_command("demo_accounts", stdout=told)
        answer.write_text(told.getvalue(), encoding="utf-8")


if __name__ == "__main__":
    main()
