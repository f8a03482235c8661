"""People at their screens, signed in through the real page; no page may break its own security policy."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.conftest import PASSWORD

pytestmark = pytest.mark.browser


class Desk:
    """One person's browser window."""

    def __init__(self, context: Any, live: str, username: str, problems: list[str]) -> None:
        self.context, self.live, self.problems = context, live, problems
        self.page = context.new_page()
        self.page.on("console", lambda m: problems.append(f"{username}: {m.text}") if m.type == "error" else None)
        self.page.on("pageerror", lambda e: problems.append(f"{username}: {e}"))
        self.page.goto(f"{live}/account/login/")
        self.page.fill("input[name=login]", username)
        self.page.fill("input[name=password]", PASSWORD)
        self.page.click("main button[type=submit]")
        self.page.wait_for_selector("#main")

    def open(self, path: str) -> None:
        answer = self.page.goto(self.live + path)
        assert answer.status == 200, f"{path}: {answer.status}"

    def press(self, label: str) -> None:
        """Press the button or link that says so."""
        main = self.page.locator("main")
        main.locator("a:visible, button:visible").filter(has_text=label).first.wait_for()
        buttons = main.locator(".btn:visible").filter(has_text=label)
        (buttons.first if buttons.count() else main.locator("a:visible").filter(has_text=label).first).click()
        self.page.wait_for_load_state("load")

    def fill(self, **values: Any) -> None:
        for name, value in values.items():
            field = self.page.locator(f"main [name='{name.replace('__', '-')}']").first
            if field.evaluate("e => e.tagName") == "SELECT":
                field.select_option(str(value))
            elif field.get_attribute("type") in {"checkbox"}:
                field.set_checked(bool(value))
            elif field.get_attribute("type") == "radio":
                radio = self.page.locator(f"main input[name='{name.replace('__', '-')}'][value='{value}']")
                self.page.locator(f"label[for='{radio.get_attribute('id')}']").click()
            else:
                field.fill(str(value))

    def send(self) -> None:
        self.page.click("main form.app-form button[type=submit]")
        self.page.wait_for_load_state("load")

    def shows(self, text: str) -> None:
        self.page.locator("main").get_by_text(text).first.wait_for(timeout=5000)

    @property
    def path(self) -> str:
        return self.page.url.removeprefix(self.live).split("?")[0]


@pytest.fixture
def desks(chromium: Any, live: str) -> Iterator[Callable[..., Desk]]:
    """Opens a desk for somebody of the cast; at the end no page may have complained."""
    problems: list[str] = []
    contexts = []

    def open_desk(username: str, language: str = "zh-CN", phone: bool = False) -> Desk:
        size = {"width": 390, "height": 844} if phone else {"width": 1440, "height": 900}
        context = chromium.new_context(locale=language, viewport=size, timezone_id="Asia/Shanghai", has_touch=phone)
        context.set_default_timeout(10_000)
        contexts.append(context)
        return Desk(context, live, username, problems)

    yield open_desk
    for context in contexts:
        context.close()
    expected = ("422", "409")  # the browser notes a refused form as an error of the network
    assert [one for one in problems if not any(code in one for code in expected)] == []
