"""The databases of the tests: the wall stands, emptying works, nothing is left over."""

import psycopg2
import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import ProgrammingError, connection

from tests.plumbing import databases


@pytest.mark.django_db
def test_tests_run_as_the_app_role() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user, rolsuper, rolcreatedb FROM pg_roles WHERE rolname = current_user")
        assert cursor.fetchone() == ("app", False, False)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "statement",
    [
        "CREATE TABLE mine (id int)",
        "CREATE SCHEMA mine",
        "ALTER TABLE django_content_type ADD COLUMN mine int",
        "TRUNCATE django_content_type CASCADE",
        "DROP TABLE django_content_type CASCADE",
        "SET session_replication_role = replica",
        "SET ROLE owner",
        "COPY django_content_type TO PROGRAM 'cat'",
    ],
)
def test_the_app_role_changes_no_table(statement: str) -> None:
    with pytest.raises(ProgrammingError), connection.cursor() as cursor:
        cursor.execute(statement)


@pytest.mark.django_db
def test_chinese_is_searchable_by_trigrams() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT cardinality(show_trgm('沪牌')), lower('ÄÖ'), current_setting('TimeZone')")
        trigrams, lowered, _zone = cursor.fetchone()
    assert trigrams > 0
    assert lowered == "äö"


@pytest.mark.django_db(transaction=True)
def test_flush_empties_what_tests_wrote_and_keeps_the_rest() -> None:
    session = apps.get_model("sessions", "Session")
    types = apps.get_model("contenttypes", "ContentType").objects.count()
    session.objects.create(session_key="k", session_data="d", expire_date="2026-01-01T00:00:00Z")
    call_command("flush", interactive=False, verbosity=0)
    assert not session.objects.exists()
    assert types
    assert apps.get_model("contenttypes", "ContentType").objects.count() == types


def test_only_databases_of_tests_are_emptied() -> None:
    with pytest.raises(ValueError, match="no database of a test"):
        databases.empty("dealership")


@pytest.mark.django_db
def test_rows_of_migrations_come_back(django_db_setup: None) -> None:
    name = connection.settings_dict["NAME"]
    with databases.as_owner(name) as cursor:
        cursor.execute(
            "CREATE TABLE public.planted (id int PRIMARY KEY, twice int GENERATED ALWAYS AS (id * 2) STORED)"
        )
        cursor.execute("CREATE TABLE public.leaf (id int REFERENCES public.planted)")
        try:
            cursor.execute("CREATE TABLE seed.planted AS SELECT 7 AS id, 14 AS twice")
            cursor.execute("CREATE TABLE seed.leaf AS SELECT 7 AS id")
            cursor.execute("INSERT INTO public.planted VALUES (1)")
            databases.empty(name)
            cursor.execute("SELECT planted.*, leaf.id FROM public.planted JOIN public.leaf USING (id)")
            assert cursor.fetchall() == [(7, 14, 7)]
        finally:
            cursor.execute("DROP TABLE public.leaf, public.planted, seed.leaf, seed.planted")


@pytest.mark.django_db
def test_the_wrong_password_opens_nothing() -> None:
    told = connection.settings_dict
    with pytest.raises(psycopg2.OperationalError, match="password authentication failed"):
        psycopg2.connect(host=told["HOST"], port=told["PORT"], user="owner", password="guess", dbname=told["NAME"])
