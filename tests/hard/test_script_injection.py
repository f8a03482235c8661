"""Row 23: what is typed as a script stays words, on every page, in every field, in a file's name and in a header.

The payloads are put past all forms straight into the columns that people fill with words, so that no check of a form
hides a page that would run them. Then Chromium opens the pages. HARD=short opens a part of them, HARD=full all.
"""

import re
from collections import Counter
from itertools import count
from typing import Any

import pytest
from django.test import Client, override_settings

from tests.hard.conftest import FULL
from tests.hard.running import TOUCH, unclean, window
from tests.hard.scripts import PAYLOADS, Walk, is_a_file
from tests.test_access import client_of

pytestmark = [pytest.mark.hard, pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_there_are_forty():
    assert len(PAYLOADS) == len(set(PAYLOADS)) == 40


@pytest.fixture
def walk(cast) -> Walk:
    return Walk(cast)


PARTS = 4 if FULL else 1


@pytest.mark.parametrize("part", range(PARTS))
def test_no_answer_carries_a_script(walk, part):
    """Pages as the server sends them, with payloads in the headers and in the address; and refusals of every kind.

    In full every page is seen forty times, with another script in every field each time.
    """
    wrong, seen = [], Counter()
    clients: dict[str, Client] = {}
    payload = count(part)
    pages = list(walk.pages())

    def see(role: str, path: str, *given: Any, **more: Any) -> None:
        if role not in clients:
            clients[role] = client_of(walk.cast, role)
            clients[role].raise_request_exception = False
        answer = clients[role].get(path, *given, **more)
        seen[answer.status_code] += 1
        wrong.extend(f"{path} as {role}: {one}" for one in unclean(answer))
        if answer.status_code >= 500:
            why = getattr(answer, "exc_info", ["", ""])[1]
            wrong.append(f"{path} as {role}: {answer.status_code} {why!r:.200}")

    for role, path in pages[part :: PARTS if FULL else 3]:
        evil = PAYLOADS[next(payload) % len(PAYLOADS)]
        plain = re.sub(r"[^ -~]", "", evil)
        for data in ({}, {"q": evil, "next": evil, "tab": evil, "sort": evil, "plate": evil}):
            see(role, path, data, headers={"User-Agent": plain, "Referer": plain})
    for turn in range(part, len(PAYLOADS), PARTS) if FULL else ():
        walk.turn(turn)
        for role, path in {re.sub(r"\d+", "", path): (role, path) for role, path in reversed(pages)}.values():
            see(role, path)
    for path in walk.links:
        answer = Client().get(path, headers={"User-Agent": PAYLOADS[15], "Referer": PAYLOADS[15]})
        seen[answer.status_code] += 1
        wrong += [f"{path}: {one}" for one in unclean(answer)]
    print(f"{sum(walk.took.values())} columns, {walk.values} values and {walk.told} lines hold payloads")
    print(f"answers {dict(sorted(seen.items()))}; not taken: {walk.left}")
    assert not wrong, "\n".join(wrong[:40])
    assert sum(walk.took.values()) > 90 and walk.told > 40 and walk.values > 20
    assert seen[200] > (1500 if FULL else 60)


def test_refusals_have_the_policy_too(cast, monkeypatch):
    """400, 403, 404, 405, 422, a form without its mark, a page that breaks, a page that is too slow."""
    from core import views

    evil = PAYLOADS[0]
    advisor, guard, nobody = client_of(cast, "advisor"), client_of(cast, "guard"), Client()
    strict = Client(enforce_csrf_checks=True)
    answers = {
        400: advisor.get("/", HTTP_HOST="evil.example"),
        403: guard.get("/employees/add/"),
        404: advisor.get(f"/{evil}/"),
        405: advisor.get("/notices/read-all/"),
        422: advisor.post("/tasks/add/", {"title": evil}),
    }
    mark = strict.post("/account/login/", {"login": evil})
    refused = nobody.post("/account/login/", {"login": evil, "password": evil})
    advisor.raise_request_exception = False
    monkeypatch.setattr("core.shell.shell", broken, raising=True)
    with override_settings(DEBUG=False):
        monkeypatch.setattr(views.tasks, "list_page", broken, raising=False)
        answers[500] = advisor.get("/tasks/")
    for status, answer in answers.items():
        assert answer.status_code == status, f"{answer.status_code}, expected {status}"
        assert unclean(answer) == [], status
        if status != 405:
            assert answer.headers.get("Content-Security-Policy"), status
    assert mark.status_code == 403 and unclean(mark) == []
    assert refused.status_code == 200 and unclean(refused) == []


def broken(*_args: Any, **_more: Any) -> Any:
    raise RuntimeError(PAYLOADS[0])


def test_no_payload_runs_in_a_browser(walk, chromium, live):
    problems: list[str] = []
    windows: dict[str, Any] = {"": window(chromium, live, problems)}
    asked = [(role, path) for role, path in walk.pages() if not is_a_file(path)]
    asked = asked if FULL else asked[:: max(1, len(asked) // 24)]
    opened = 0
    for role, path in [*asked, *(("", path) for path in walk.links)]:
        if role not in windows:
            windows[role] = window(chromium, live, problems, client_of(walk.cast, role))
        page = windows[role]
        page.goto(live + path, wait_until="load")
        ran, handlers = page.evaluate(TOUCH)
        opened += 1
        if ran is not None or handlers:
            problems.append(f"{path} as {role}: ran {ran}, handlers {handlers}")
    for page in windows.values():
        page.context.close()
    print(f"{opened} pages opened in the browser")
    assert not problems, "\n".join(problems[:40])
    assert opened > (200 if FULL else 20)


def test_a_script_on_a_page_would_be_noticed(db, chromium, live):
    """The policy is what stops it, and the walk sees that it had to."""
    problems: list[str] = []
    page = window(chromium, live, problems)
    page.goto(live + "/account/login/")
    assert page.evaluate(TOUCH) == [None, []] and problems == []
    page.evaluate("words => document.body.insertAdjacentHTML('beforeend', words)", PAYLOADS[15])
    assert page.evaluate(TOUCH) == [None, ["IMG onerror"]]
    page.wait_for_timeout(300)
    assert any("script-src" in one for one in problems)
    page.context.close()
