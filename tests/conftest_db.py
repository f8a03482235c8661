"""Fixtures of the plumbing: the databases, a live server, the browser, the shared data."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from ops import places

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytest_plugins = ["tests.plumbing.policy"]

CHROMIUM_ARGUMENTS = [
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-sync",
    "--disable-dev-shm-usage",
    "--force-color-profile=srgb",
    "--font-render-hinting=none",
]


@pytest.fixture(scope="session")
def django_db_setup(django_test_environment: None, django_db_blocker: Any) -> Iterator[None]:
    """Takes the place of pytest-django's: a copy of the migrated template, reached as the app role."""
    from tests.plumbing import databases

    with django_db_blocker.unblock():
        name = databases.make(os.environ.get("PYTEST_XDIST_WORKER", "main"))
    yield
    with django_db_blocker.unblock():
        databases.drop(name)


@pytest.fixture
def live(live_server: Any) -> str:
    """The address of a server on the test database; static files come from their sources."""
    return str(live_server.url)


@pytest.fixture
def environment(transactional_db: None) -> dict[str, str]:
    """For programs that a test starts (a worker, a command): they see the database of this test."""
    return dict(os.environ)


@pytest.fixture(scope="session")
def chromium() -> "Iterator[Browser]":
    """The system's own Chromium, driven by Playwright."""
    named = os.environ.get("CHROMIUM")
    names = [named] if named else ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"]
    program = next((found for name in names if (found := shutil.which(name))), None)
    if program is None:
        from tests.plumbing.policy import skip_or_fail

        skip_or_fail("no chromium: none of " + ", ".join(names) + " is on this machine")
    from playwright.sync_api import sync_playwright

    arguments = [*CHROMIUM_ARGUMENTS, *(["--no-sandbox"] if os.geteuid() == 0 else [])]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=arguments)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def shared() -> Path:
    """Real files of real dealerships, which lie beside the project and not in it."""
    path = places.ROOT.parent / "shared" / "data"
    if not path.is_dir():
        from tests.plumbing.policy import skip_or_fail

        skip_or_fail(f"no shared data: {path.name} is not beside the project")
    return path
