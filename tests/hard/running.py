"""What of an answer would run in a browser: read from its bytes and its policy, and watched in Chromium."""

import re
from html.parser import HTMLParser
from typing import Any

from django.test import Client

from tests.hard.scripts import PAYLOADS


def policy_of(answer: Any) -> str:
    """What is wrong about the policy of an answer."""
    if "html" not in answer.headers.get("Content-Type", ""):
        return ""
    policy = answer.headers.get("Content-Security-Policy", "")
    said = {part.split()[0]: part.split()[1:] for part in policy.split(";") if part.strip()}
    scripts = said.get("script-src", said.get("default-src", ["*"]))
    styles = said.get("style-src", said.get("default-src", ["*"]))
    loose = {"'unsafe-inline'", "'unsafe-eval'", "'unsafe-hashes'", "*", "data:", "https:", "http:"}
    if not policy or loose & {*scripts, *styles} or said.get("object-src") != ["'none'"]:
        return f"policy {policy!r}"
    return ""


class Reader(HTMLParser):
    """What of a page would run: inline scripts, handlers in attributes, addresses that are scripts."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = {name: value or "" for name, value in attrs}
        if tag == "script" and "src" not in said and said.get("type") not in {"application/json", "text/template"}:
            self.found.append(f"<script {said}>")
        for name, value in said.items():
            if name.startswith("on") or name in {"srcdoc", "style"}:
                self.found.append(f"<{tag} {name}={value[:60]!r}>")
            if name in {"href", "src", "action", "formaction", "data"} and re.match(
                r"[\s\x00-\x1f]*(java|vb)script:", value, re.I
            ):
                self.found.append(f"<{tag} {name}={value[:60]!r}>")


def unclean(answer: Any) -> list[str]:
    """Everything that is wrong about an answer."""
    found = [policy_of(answer)]
    if "html" in answer.headers.get("Content-Type", "") and not answer.streaming:
        reader = Reader()
        reader.feed(answer.content.decode())
        found += reader.found
    return [one for one in found if one]


WATCH = """
document.addEventListener('securitypolicyviolation', e =>
  console.error('violation ' + e.violatedDirective + ' ' + e.blockedURI + ' ' + e.sample));
"""
# what a payload waits for
TOUCH = """() => {
  for (const one of document.querySelectorAll('input, textarea, select, button, a')) {
    one.dispatchEvent(new FocusEvent('focus')); one.dispatchEvent(new MouseEvent('mouseover', {bubbles: true}));
  }
  return [window.__ran, [...document.querySelectorAll('*')].flatMap(e =>
    [...e.attributes].filter(a => /^on/i.test(a.name)).map(a => e.tagName + ' ' + a.name))];
}"""


def window(chromium: Any, live: str, problems: list[str], client: Client | None = None) -> Any:
    """A browser that says what a page did that it should not."""
    context = chromium.new_context(
        locale="zh-CN", viewport={"width": 1280, "height": 900}, user_agent=f"Mozilla {PAYLOADS[15]}",
        extra_http_headers={"Referer": PAYLOADS[16]},
    )  # fmt: skip
    context.set_default_timeout(15_000)
    context.add_init_script(WATCH)
    if client is not None:
        context.add_cookies([{"name": "session", "value": client.cookies["session"].value, "url": live}])
    page = context.new_page()

    def told(message: Any) -> None:
        if message.type == "error" and not re.search(r"the server responded with a status of 4\d\d", message.text):
            problems.append(f"{page.url}: {message.text[:300]}")

    page.on("console", told)
    page.on("pageerror", lambda problem: problems.append(f"{page.url}: {str(problem)[:300]}"))
    page.on("dialog", lambda one: (problems.append(f"{page.url}: a dialog {one.message[:80]}"), one.dismiss()))
    return page
