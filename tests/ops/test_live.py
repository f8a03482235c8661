"""The live server and the browser that later tests lean on."""

import urllib.request
from typing import Any

import pytest


def test_static_files_are_served_from_their_sources(live: str) -> None:
    with urllib.request.urlopen(f"{live}/static/vendor/htmx/htmx.min.js") as answer:
        assert b"htmx" in answer.read()


@pytest.mark.browser
def test_chromium_opens_a_page(live: str, chromium: Any) -> None:
    context = chromium.new_context(locale="zh-CN")
    page = context.new_page()
    answer = page.goto(f"{live}/livez")
    assert answer.status == 200
    assert page.evaluate("navigator.language") == "zh-CN"
    context.close()
