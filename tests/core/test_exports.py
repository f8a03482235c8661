"""Exports: no text of any list is ever a formula, numbers stay numbers, and what was exported can be loaded again.

The files are opened again with openpyxl; a spreadsheet program is not needed for it, since what it does with a cell is
written in the file: a cell is a formula when, and only when, it is stored as one.
"""

import csv
import io
import itertools
from decimal import Decimal

import pytest
from django.apps import apps
from django.db import DatabaseError, connection, models, transaction
from django.test import Client
from django.urls import get_resolver
from openpyxl import load_workbook

from core.lists import safe_cell, spreadsheet
from core.sheets import is_dangerous, read_sheet, unguard
from tests.access import _patterns

pytestmark = pytest.mark.django_db
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
PREFIXES = ["=", "+", "-", "@", "\t=", "\r=", "\n=", "\0=", "＝", "＋", "－", "＠", " =", '"=']
CALL = "cmd|'/C calc'!A0"
OURS = {"core", "customers", "service", "complaints", "finance", "dealer"}
WHO = ("group_manager", "finance_manager", "service_manager", "care_manager", "advisor")


def cells_of_xlsx(content):
    """Every cell of a workbook, as it is stored."""
    book = load_workbook(io.BytesIO(content))  # not read-only, and formulas as formulas
    return [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None]


def cells_of_csv(content):
    """Every cell of a csv, as a spreadsheet splits it."""
    assert content.startswith("\ufeff".encode()), "Excel needs the mark to read UTF-8"
    return [cell for row in csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")) for cell in row]


def looks_like_number(text):
    try:
        float(text)
    except ValueError:
        return False
    return True


# One cell


@pytest.mark.parametrize("prefix", PREFIXES)
def test_no_prefix_makes_a_formula(prefix, tmp_path):
    text = f"{prefix}{CALL}"
    answer = spreadsheet("x", "xlsx", ["名称", text], [[text, 1]])
    assert [cell.data_type for cell in cells_of_xlsx(answer.content)] == ["s", "s", "s", "n"]
    for cell in cells_of_csv(spreadsheet("x", "csv", [text], [[text]]).content):
        assert cell.startswith("'")
    for kind in ("xlsx", "csv"):  # and back again, without what nobody can see
        path = tmp_path / f"x.{kind}"
        path.write_bytes(spreadsheet("x", kind, ["名称"], [[text]]).content)
        back = [cell for cell in list(read_sheet(path))[1][1] if cell is not None]
        assert back == [text.replace("\0", "").strip()]


def test_numbers_and_moments_stay_what_they_are(tmp_path):
    row = [-5, Decimal("-1234.50"), 0.5, True, "-5.25", None]
    cells = cells_of_xlsx(spreadsheet("x", "xlsx", ["a"], [row]).content)[1:]
    assert [cell.data_type for cell in cells] == ["n", "n", "n", "b", "s"]
    assert [cell.value for cell in cells] == [-5, -1234.5, 0.5, True, "-5.25"]
    assert cells_of_csv(spreadsheet("x", "csv", ["a"], [row]).content)[1:] == [
        "-5",
        "-1234.50",
        "0.5",
        "True",
        "-5.25",
        "",
    ]
    assert safe_cell("a\ufffe\uffffb\x0b") == "ab"


# Every list


def lists_of(client):
    """Every address without arguments that answers with a table to download."""
    for path, pattern in _patterns(get_resolver()):
        view = pattern.callback
        if "<" in path or path.startswith(("api/", "account/")) or "GET" not in getattr(view, "methods", ("GET",)):
            continue
        answer = client.get(f"/{path}?export=xlsx&tab=all")
        if "spreadsheetml" in answer.get("Content-Type", ""):
            yield f"/{path}"


def texts():
    """Every text of the house that somebody can have typed: table, column, room for so many characters."""
    for model in apps.get_models():
        if model._meta.app_label in OURS and not model._meta.proxy:
            for field in model._meta.local_concrete_fields:
                is_text = isinstance(field, models.CharField | models.TextField) and not field.primary_key
                if is_text and not field.choices and field.name not in {"password", "username", "digest", "path"}:
                    yield model._meta.db_table, field.column, field.max_length or 100


def poison(prefix):
    """Put the prefix before every text that the database lets us change; NUL is what no database keeps."""
    text, changed = prefix.replace("\0", "") + CALL, []
    for table, column, room in texts():
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(
                    f'UPDATE "{table}" SET "{column}" = left(%s || id, %s) WHERE "{column}" <> \'\'',
                    [text, room],
                )
                if cursor.rowcount:
                    changed.append((table, column))
        except DatabaseError:
            continue  # a constraint or the wall: nobody types this there either
    return changed


@pytest.fixture
def rich(chain, cast, car):
    """A dealership with something in its lists."""
    from customers import actions as customers
    from tests.conftest import Chain

    visit = chain.left()
    Chain(cast, car).received()
    customers.plan_calls(by=cast.by("care_manager"))
    return visit


@pytest.mark.parametrize(
    "prefixes",
    [pytest.param(["=", "\t=", "＝"], id="three"), pytest.param(PREFIXES, id="all", marks=pytest.mark.hard)],
)
def test_no_text_of_any_list_is_a_formula(prefixes, rich, cast):
    clients = {}
    for who in WHO:
        clients[who] = Client()
        clients[who].force_login(cast.people[who], backend=BACKEND)
    lists = {path: who for who in reversed(WHO) for path in lists_of(clients[who])}
    assert {"/visits/", "/orders/", "/customers/", "/vehicles/", "/settlements/", "/logbook/", "/employees/"} <= set(
        lists
    )
    seen = set()
    for prefix in prefixes:
        changed = poison(prefix)
        assert len(changed) > 15, changed
        for (path, who), kind in itertools.product(lists.items(), ("xlsx", "csv")):
            answer = clients[who].get(f"{path}?export={kind}&tab=all")
            assert answer.status_code == 200, path
            if kind == "xlsx":
                cells = cells_of_xlsx(answer.content)
                assert not [cell for cell in cells if cell.data_type == "f"], path
                found = [cell.value for cell in cells if cell.data_type == "s"]
            else:
                found = cells_of_csv(answer.content)
            bare = [text for text in found if is_dangerous(text) and not text.startswith("'")]
            assert not [text for text in bare if not looks_like_number(text)], (path, kind, prefix)
            if any(CALL in text for text in found):
                seen.add(path)
                assert any(unguard(text).strip().startswith(prefix.replace("\0", "").strip()) for text in found)
    assert len(seen) > 8, seen  # the lists that show texts showed these


def test_an_exported_customer_comes_back(rich, cast, client, tmp_path):
    from customers.models import Customer

    client.force_login(cast.group_manager, backend=BACKEND)
    for prefix, kind in itertools.product(PREFIXES, ("xlsx", "csv")):
        name = f"{prefix}刘建国".replace("\0", "")
        Customer.objects.update(name=name)
        path = tmp_path / f"customers.{kind}"
        path.write_bytes(client.get(f"/customers/?export={kind}").content)
        assert name.strip() in [cell for _line, row in read_sheet(path) for cell in row], (prefix, kind)
