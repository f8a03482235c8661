"""Databases of the tests: one migrated template, and a copy of it for every worker.

Migrations run as `owner`, tests as `app`: what the wall forbids in a dealership it forbids here.
"""

import contextlib
import os
import shutil
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psutil
import psycopg2
from django.conf import settings
from django.core.management import call_command
from django.db import connections
from psycopg2 import sql

from ops import places

# rows that Django itself lays for the models; nothing in a test changes them
KEPT = ("django_migrations", "django_content_type", "auth_permission")
PREFIX = "test_"
TRIES = 5  # to empty the tables while somebody reads


def fingerprint() -> str:
    """Changes when a migration, a package or the wall changes."""
    migrations = sorted(places.ROOT.glob("*/migrations/*.py"))
    locks = [places.ROOT / "requirements.lock", places.ROOT / "ops" / "wall.sql", places.ROOT / __file__]
    return places.digest(*[str(path.relative_to(places.ROOT)) for path in migrations], *migrations, *locks)


@contextlib.contextmanager
def as_owner(database: str) -> Iterator[Any]:
    """A cursor of the owner beside Django's connections, which a test case may have shut."""
    told = settings.DATABASES["owner"]
    connection = psycopg2.connect(
        host=told["HOST"],
        port=told["PORT"],
        user=told["USER"],
        password=told["PASSWORD"],
        dbname=database,
        options="-c lock_timeout=10000",
    )
    connection.autocommit = True
    try:
        with connection.cursor() as cursor:
            yield cursor
    finally:
        connection.close()


def make(worker: str) -> str:
    """A fresh copy of the template for one worker; both of Django's connections point to it afterwards."""
    name = f"{PREFIX}{os.environ['TEST_RUN']}_{worker}"
    with places.locked(places.profile_dir("test") / "databases.lock", seconds=300), as_owner("postgres") as cursor:
        _drop_left_over(cursor)
        template = f"template_{fingerprint()}"
        if template not in _databases(cursor, "template_"):
            for older in _databases(cursor, "template_"):
                _drop(cursor, older)
            _build(cursor, template)
        _drop(cursor, name)
        cursor.execute(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), sql.Identifier(template)))
    point_to(name)
    return name


def drop(name: str) -> None:
    for alias in settings.DATABASES:
        connections[alias].close()
    with as_owner("postgres") as cursor:
        _drop(cursor, name)
    shutil.rmtree(settings.MEDIA_ROOT, ignore_errors=True)


def point_to(name: str) -> None:
    """Django's aliases, and the environment of programs that tests start."""
    for alias, variable in (("default", "DATABASE_URL"), ("owner", "DATABASE_OWNER_URL")):
        connections[alias].close()
        connections[alias].settings_dict["NAME"] = name
        os.environ[variable] = urlunsplit(urlsplit(os.environ[variable])._replace(path=f"/{name}"))


def _build(cursor: Any, template: str) -> None:
    building = "building"
    _drop(cursor, building)
    cursor.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(building)))
    before = settings.DATABASES["owner"]["NAME"]
    point_to(building)
    try:
        call_command("migrate", database="owner", interactive=False, verbosity=0)
    finally:
        point_to(before)
    with as_owner(building) as inside:
        _drop_truncate_triggers(inside)
        _keep_seeds(inside)
    cursor.execute(sql.SQL("ALTER DATABASE {} RENAME TO {}").format(sql.Identifier(building), sql.Identifier(template)))


def _drop_truncate_triggers(cursor: Any) -> None:
    """Between tests the owner empties tables; one test puts such a trigger back and tries it."""
    cursor.execute(
        "SELECT tgname, tgrelid::regclass::text FROM pg_trigger WHERE tgname LIKE %s AND NOT tgisinternal",
        ["%no_truncate"],
    )
    for trigger, table in cursor.fetchall():
        cursor.execute(sql.SQL("DROP TRIGGER {} ON {}").format(sql.Identifier(trigger), sql.SQL(table)))


def tables(cursor: Any) -> list[str]:
    cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> ALL(%s)", [list(KEPT)])
    return [name for (name,) in cursor.fetchall()]


def filled(cursor: Any, names: list[str]) -> list[str]:
    if not names:
        return []
    look = sql.SQL(" UNION ALL ").join(
        sql.SQL("SELECT {} WHERE EXISTS (SELECT FROM public.{})").format(sql.Literal(name), sql.Identifier(name))
        for name in names
    )
    cursor.execute(look)
    return [name for (name,) in cursor.fetchall()]


def _keep_seeds(cursor: Any) -> None:
    """Rows that migrations inserted, so that emptying the tables can lay them again."""
    cursor.execute("CREATE SCHEMA seed")
    for name in filled(cursor, tables(cursor)):
        cursor.execute(
            sql.SQL("CREATE TABLE seed.{0} AS TABLE public.{0}").format(sql.Identifier(name)),
        )


def empty(database: str) -> None:
    """All tables as the migrations left them; a page that a browser still asks for may be in the way for a moment."""
    if not database.startswith(PREFIX):
        raise ValueError(f"{database} is no database of a test")
    for left in reversed(range(TRIES)):
        try:
            return _empty(database)
        except psycopg2.errors.DeadlockDetected:
            if not left:
                raise
    return None


def _empty(database: str) -> None:
    with as_owner(database) as cursor:
        found = filled(cursor, tables(cursor))
        if found:
            names = sql.SQL(", ").join(sql.Identifier("public", name) for name in found)
            cursor.execute(sql.SQL("TRUNCATE {} CASCADE").format(names))
        cursor.execute(
            """SELECT table_name, array_agg(column_name::text) FROM information_schema.columns c
               JOIN pg_tables s ON s.schemaname = 'seed' AND s.tablename = c.table_name
               WHERE c.table_schema = 'public' AND c.is_generated = 'NEVER' GROUP BY 1"""
        )
        seeds = cursor.fetchall()
        if seeds:
            cursor.execute("SET session_replication_role = replica")
        for name, columns in seeds:
            cursor.execute(
                sql.SQL("INSERT INTO public.{0} ({1}) SELECT {1} FROM seed.{0}").format(
                    sql.Identifier(name), sql.SQL(", ").join(map(sql.Identifier, columns))
                )
            )


def _databases(cursor: Any, prefix: str) -> list[str]:
    cursor.execute("SELECT datname FROM pg_database WHERE starts_with(datname, %s)", [prefix])
    return [name for (name,) in cursor.fetchall()]


def _drop_left_over(cursor: Any) -> None:
    """Databases of runs that were killed: their process is gone."""
    for name in _databases(cursor, PREFIX):
        owner = name.removeprefix(PREFIX).split("_")[0]
        if not (owner.isdigit() and psutil.pid_exists(int(owner))):
            _drop(cursor, name)


def _drop(cursor: Any, name: str) -> None:
    cursor.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
