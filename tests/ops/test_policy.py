"""No test is skipped in silence."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from ops import places

SUITE = """
import pytest
from tests.plumbing.policy import skip_or_fail

def test_good():
    pass
"""


def run(folder: Path, body: str, **environment: str) -> "subprocess.CompletedProcess[str]":
    (folder / "test_inner.py").write_text(SUITE + body, encoding="utf-8")
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-p",
        "no:django",
        "-p",
        "no:cacheprovider",
        "-p",
        "tests.plumbing.policy",
    ]
    clean = {
        name: value for name, value in os.environ.items() if not name.startswith(("REQUIRE_", "PYTEST_", "DJANGO_"))
    }
    return subprocess.run(
        [*command, "-c", os.devnull, "--rootdir", str(folder), str(folder)],
        cwd=folder,
        env={**clean, "PYTHONPATH": str(places.ROOT), **environment},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("reason", ["no chromium: none here", "no shared data: none here"])
def test_two_reasons_are_allowed_and_printed(tmp_path: Path, reason: str) -> None:
    done = run(tmp_path, f"def test_other():\n    skip_or_fail({reason!r})\n")
    assert done.returncode == 0
    assert f"1 skipped: {reason}" in done.stdout
    assert "1 tests executed" in done.stdout


@pytest.mark.parametrize(
    ("reason", "switch"),
    [("no chromium: none here", "REQUIRE_BROWSER"), ("no shared data: none here", "REQUIRE_SHARED")],
)
@pytest.mark.parametrize("how", ["skip_or_fail", "pytest.skip"])
def test_where_it_must_be_there_the_skip_fails(tmp_path: Path, reason: str, switch: str, how: str) -> None:
    done = run(tmp_path, f"def test_other():\n    {how}({reason!r})\n", **{switch: "1"})
    assert done.returncode == 1
    assert switch in done.stdout


@pytest.mark.parametrize(
    "body",
    [
        "def test_other():\n    pytest.skip('not today')\n",
        "@pytest.mark.skip\ndef test_other():\n    pass\n",
        "pytest.skip('all of it', allow_module_level=True)\n",
        "@pytest.mark.xfail\ndef test_other():\n    assert False\n",
        "pytest.importorskip('no_such_module')\n",
    ],
)
def test_any_other_skip_fails_the_run(tmp_path: Path, body: str) -> None:
    done = run(tmp_path, body)
    assert done.returncode == 1, done.stdout
    assert "REFUSED SKIP" in done.stdout


def test_a_skip_on_a_worker_counts_too(tmp_path: Path) -> None:
    body = "def test_other():\n    pytest.skip('not today')\n"
    done = run(tmp_path, body, PYTEST_ADDOPTS="-n 2")
    assert done.returncode == 1
    assert "REFUSED SKIP" in done.stdout
