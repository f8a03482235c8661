"""The rules of the house, checked: file names, verbs, woken tasks, addresses in templates, the wall, list queries."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connection, connections, transaction
from django.db.utils import DatabaseError
from django.urls import get_resolver

from core.actor import CONSOLE
from core.web import state_of

ROOT = Path(__file__).resolve().parent.parent
ROOMS = ("customers", "service", "complaints", "training", "finance", "dealer")
FILES = {
    "models", "actions", "forms", "filters", "tables", "views", "api", "tasks", "imports", "prints", "adapters",
    "figures", "admin", "urls", "__init__", "migrations", "management", "templatetags",
}  # fmt: skip
ALSO = {
    "customers": {"shapes"},
    "dealer": {"settings", "environment", "celery", "wsgi", "pages", "api_urls", "demo"},
}


def test_rooms_use_the_house_names_of_files():
    for room in ROOMS:
        folder = ROOT / room
        if folder.is_dir():
            found = {path.stem for path in folder.iterdir() if path.suffix == ".py" or (path / "__init__.py").exists()}
            assert found - {"__pycache__"} <= FILES | ALSO.get(room, set()), room


def action_files() -> Iterator[Path]:
    for room in ("core", *ROOMS):
        yield from (ROOT / room).glob("actions.py")
        yield from (ROOT / room).glob("actions/*.py")


def called(node: ast.AST) -> set[str]:
    return {
        n.func.id if isinstance(n.func, ast.Name) else n.func.attr
        for n in ast.walk(node)
        if isinstance(n, ast.Call) and isinstance(n.func, ast.Name | ast.Attribute)
    }


def asked_for_by_doors() -> set[tuple[str, str]]:
    """(room, action) pairs that a view or API names."""
    found = set()
    for room in ("core", *ROOMS):
        for path in [
            *(ROOT / room).glob("views*.py"),
            *(ROOT / room).glob("views/*.py"),
            *(ROOT / room).glob("api*.py"),
            *(ROOT / room).glob("api/*.py"),
        ]:
            found |= {(room, name) for name in re.findall(r"\bactions\.(\w+)", path.read_text(encoding="utf-8"))}
    return found


# one's own account and what one has looked at: no permission of the role table
OWN_SETTINGS = {"choose", "revoke_token", "read_notices", "read_every_notice"}


def test_every_verb_with_a_door_is_atomic_allowed_recorded_and_told():
    asked = asked_for_by_doors()
    assert len(asked) > 20
    wrong = []
    for path in action_files():
        room = path.relative_to(ROOT).parts[0]
        functions = {
            n.name: n for n in ast.parse(path.read_text(encoding="utf-8")).body if isinstance(n, ast.FunctionDef)
        }
        for name, node in functions.items():
            if (room, name) not in asked or name in OWN_SETTINGS:
                continue
            calls = called(node)
            for helper in calls & functions.keys():
                calls |= called(functions[helper])
            decorators = {d.id for d in node.decorator_list if isinstance(d, ast.Name)}
            missing = [
                word
                for word, there in {
                    "atomic": "atomic" in decorators,
                    "allow": bool(calls & {"allow", "allow_company", "allow_anywhere", "_keeps"}),
                    "record": "record" in calls,
                    "docstring": bool(ast.get_docstring(node)),
                }.items()
                if not there
            ]
            if missing:
                wrong.append(f"{room}.{name} lacks {missing}")
    assert wrong == []


def test_every_verb_that_is_asked_for_is_in_the_role_table_and_every_verb_there_is_asked_for():
    """Verbs of the console are in no role, and the table says so."""
    from core.roles import CONSOLE_VERBS, EVERY_VERB, VERBS

    rooms = "|".join(("core", *ROOMS))
    asked = set()
    for room in ("core", *ROOMS):
        for path in (ROOT / room).rglob("*.py"):
            if path.name != "roles.py" and "migrations" not in path.parts:
                text = path.read_text(encoding="utf-8")
                asked |= set(
                    re.findall(rf'(?:allow\w*\([^")]*|_working\([^")]*|door\(|verb\(|may\()"((?:{rooms})\.\w+)"', text)
                )
                asked |= set(re.findall(rf'(?:READ|reads) = "((?:{rooms})\.\w+)"', text))
    assert asked <= EVERY_VERB, asked - EVERY_VERB
    assert EVERY_VERB <= asked, EVERY_VERB - asked
    assert not CONSOLE_VERBS & frozenset().union(*VERBS.values())


def test_every_line_of_the_logbook_can_be_told():
    """Each verb that is recorded has its sentence, and no sentence is left over."""
    from core.events import EVENTS

    recorded = {
        name
        for room in ("core", *ROOMS)
        for path in (ROOT / room).rglob("*.py")
        for name in re.findall(r'record\(\s*"([\w.]+)"', path.read_text(encoding="utf-8"))
    }
    assert recorded - EVENTS.keys() == set()
    assert EVENTS.keys() - recorded == set()


def test_every_woken_task_exists():
    from dealer.celery import app

    app.loader.import_default_modules()
    woken = {
        name
        for room in ("core", *ROOMS)
        for path in (ROOT / room).rglob("*.py")
        for name in re.findall(r'wake\(\s*"([\w.]+)"', path.read_text(encoding="utf-8"))
    } | {one["task"] for one in app.conf.beat_schedule.values()}
    assert woken and woken <= set(app.tasks)


def test_every_address_named_in_a_template_resolves():
    known = {name for name in get_resolver().reverse_dict if isinstance(name, str)}
    named = {
        (name, path.name)
        for path in (ROOT / "templates").rglob("*.html")
        for name in re.findall(r"{%\s*url\s+'([\w:-]+)'", path.read_text(encoding="utf-8"))
    }
    assert {(n, p) for n, p in named if n not in known and not n.startswith(("mfa_", "account_"))} == set()


def test_templates_have_no_inline_script_or_style():
    bad = re.compile(
        r"<script(?![^>]*\bsrc=)(?![^>]*application/json)|<style|\sstyle=|\son(click|change|submit|load|input)="
    )
    wrong = [str(p.relative_to(ROOT)) for p in (ROOT / "templates").rglob("*.html") if bad.search(p.read_text("utf-8"))]
    assert wrong == []


KEPT = ("core_entry", "core_subject", "core_accessentry", "finance_payment", "finance_settlementline",
        "finance_ledgerentry", "finance_accountreceipt", "finance_dunning")  # fmt: skip


@pytest.mark.parametrize("table", KEPT)
@pytest.mark.parametrize("statement", ["UPDATE {} SET id = id", "DELETE FROM {}", "TRUNCATE {} CASCADE"])
def test_the_app_role_cannot_change_what_is_kept(chain, table, statement):
    chain.left()
    with pytest.raises(DatabaseError) as refused, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement.format(table))
    assert state_of(refused.value) == "42501"


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_not_even_the_owner_changes_what_is_kept():
    from core.logbook import note_read
    from core.models import Company, Group

    company = Company.objects.create(group=Group.objects.create(name="群星"), name="宏达")
    company.kind_name = lambda: "company"  # type: ignore[attr-defined]
    note_read(company, by=CONSOLE)
    with connections["owner"].cursor() as cursor:
        for table in KEPT:
            cursor.execute("SELECT tgname FROM pg_trigger WHERE tgrelid = %s::regclass", [table])
            assert f"{table}_no_change" in {row[0] for row in cursor.fetchall()}
        for statement in ("UPDATE core_accessentry SET door = 'x'", "DELETE FROM core_accessentry"):
            with pytest.raises(DatabaseError) as refused:
                cursor.execute(statement)
            assert state_of(refused.value) == "23514"


LISTS = ("/visits/?tab=all", "/orders/?tab=all", "/workshop/?tab=all", "/settlements/?tab=all", "/gate/?tab=all",
         "/customers/", "/vehicles/", "/calls/?tab=all", "/messages/", "/logbook/",
         "/ledger/?sort=-at", "/receivables/")  # fmt: skip


@pytest.mark.parametrize("path", LISTS)
def test_a_list_makes_as_many_queries_for_12_rows_as_for_2(cast, chain, client, path, django_assert_max_num_queries):
    from django.test.utils import CaptureQueriesContext

    from customers import actions as customers
    from customers.models import Customer, Vehicle
    from tests.conftest import Chain

    client.force_login(cast.group_manager, backend="allauth.account.auth_backends.AuthenticationBackend")

    def grow(count: int) -> None:
        for _n in range(count):
            i = Vehicle.objects.count()
            owner = Customer.objects.create(company=cast.store.company, name=f"客户{i}", phone=f"1380000{i:04d}")
            car = Vehicle.objects.create(
                company=cast.store.company, owner=owner, plate=f"沪B{i:05d}", plate_kind="ordinary"
            )
            one = Chain(cast, car)
            if path.startswith("/workshop"):
                one.authorised()
            else:
                one.left()
        customers.plan_calls(by=cast.by("care_manager"))

    def queries() -> int:
        client.get(path)
        with CaptureQueriesContext(connection) as seen:
            answer = client.get(path)
        assert answer.status_code == 200
        return len(seen)

    grow(2)
    few = queries()
    grow(10)
    assert queries() <= few
