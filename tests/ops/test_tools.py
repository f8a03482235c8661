"""The small tools: duties, translations, the import contract, the fall-back of the environment."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from ops import duties, places, translations


def test_duties_are_the_rows_without_a_proof(tmp_path: Path) -> None:
    page = tmp_path / "duties.md"
    page.write_text(
        "| ID | Duty |\n| --- | --- |\n| A-01 | count |\n| `C-27` | call in three days |\n", encoding="utf-8"
    )
    test = tmp_path / "test_one.py"
    test.write_text('import pytest\n\n@pytest.mark.duty("C-27")\ndef test_it():\n    pass\n', encoding="utf-8")
    assert duties.rows(page) == {"A-01": "count", "C-27": "call in three days"}
    assert duties.proven(tmp_path) == {"C-27"}


PO = """msgid ""
msgstr "Content-Type: text/plain; charset=UTF-8\\n"

msgid "Gate pass"
msgstr "放行条"
"""


def test_translations_compile_without_gettext(tmp_path: Path) -> None:
    folder = tmp_path / "locale" / "zh_Hans" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    (folder / "django.po").write_text(PO, encoding="utf-8")
    translations.compile_all(tmp_path)
    import gettext

    with (folder / "django.mo").open("rb") as file:
        assert gettext.GNUTranslations(file).gettext("Gate pass") == "放行条"


def test_a_translation_must_keep_the_variables() -> None:
    lost = translations._placeholders_lost
    assert lost("%(n)s cars", "%(n)s 辆") == ""
    assert lost("%(n)s cars", "辆") == "%(n)s"
    assert lost(("{n} car", "{n} cars"), ("{m} 辆",)) == "{m}, {n}"


@pytest.mark.parametrize(
    ("environment", "url"),
    [
        ({}, "postgres://from-make-run"),
        ({"DATABASE_URL": "postgres://mine"}, "postgres://mine"),
    ],
)
def test_manage_py_finds_what_make_run_wrote(tmp_path: Path, environment: dict[str, str], url: str) -> None:
    lines = "DATABASE_URL=postgres://from-make-run\nSECRET_KEY=of-make-run=\n"
    (tmp_path / "environment").write_text(lines, encoding="utf-8")
    # in a process of its own: what is read is remembered
    code = "from environment import env; print(env('DATABASE_URL'), env('SECRET_KEY'))"
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=places.ROOT,
        env={"PYTHONPATH": str(places.ROOT / "dealer"), "VAR_DIR": str(tmp_path), **environment},
        capture_output=True,
        text=True,
        check=True,
    )
    # all or nothing: who names a database of his own gets no secret of a demo
    assert done.stdout.split() == [url] if environment else [url, "of-make-run="]


def contract(monkeypatch: pytest.MonkeyPatch, root: Path, edges: list[tuple[str, str]]) -> list[str]:
    import grimp

    from ops.contracts import RoomContract

    monkeypatch.setattr(places, "ROOT", root)
    graph = grimp.ImportGraph()
    for one, other in edges:
        for module in (one, other):
            graph.add_module(module)
        graph.add_import(importer=one, imported=other)
    options: dict[str, Any] = {
        "doors": ["views", "api", "tasks", "admin", "forms", "urls"],
        "inner": ["models", "actions"],
        "inner_never": ["django.http"],
        "gatherers": ["urls"],
        "shared": ["forms"],
    }
    made = RoomContract("rooms", {"root_packages": ["service", "finance"]}, options)
    return list(made.check(graph, verbose=False).metadata["broken"])


def test_the_inside_of_a_room_is_held(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("actions.py", "views.py", "models.py", "tasks.py", "urls.py", "forms.py"):
        (tmp_path / "service").mkdir(exist_ok=True)
        (tmp_path / "service" / name).write_text("")
    (tmp_path / "finance").mkdir()
    (tmp_path / "finance" / "actions.py").write_text("def f():\n    from django.http import HttpRequest\n")
    (tmp_path / "finance" / "views.py").write_text("")
    fine = [("service.views", "service.forms"), ("service.urls", "service.views"), ("service.views", "service.actions")]
    assert contract(monkeypatch, tmp_path, fine) == []
    wrong = [
        ("service.actions", "service.tasks"),
        ("service.models", "service.forms"),
        ("service.tasks", "service.views"),
        ("finance.views", "service.views"),
    ]
    assert len(contract(monkeypatch, tmp_path, wrong)) == 4
    (told,) = contract(monkeypatch, tmp_path, [("finance.actions", "service.actions")])
    assert told == "finance.actions imports django.http.HttpRequest: actions must not know django.http."
