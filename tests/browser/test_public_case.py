"""A customer without an account: scans the code, tells the store, follows the case and signs; with and without JS."""

import io
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.utils.timezone import now
from PIL import Image

from complaints import actions
from complaints.models import Complaint, Word
from complaints.models.pages import page_token
from core.models import Attachment

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def phones(chromium: Any) -> Iterator[Callable[..., Any]]:
    """Telephones of customers; no page may break its own security policy."""
    problems: list[str] = []
    contexts = []

    def phone(language: str = "zh-CN", **more: Any) -> Any:
        size = {"width": 390, "height": 844}
        context = chromium.new_context(
            locale=language, viewport=size, timezone_id="Asia/Shanghai", has_touch=True, **more
        )
        context.set_default_timeout(10_000)
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda m: problems.append(m.text) if m.type == "error" else None)
        page.on("pageerror", lambda e: problems.append(str(e)))
        return page

    yield phone
    for context in contexts:
        context.close()
    assert [one for one in problems if "422" not in one] == []


def photo() -> dict[str, Any]:
    out = io.BytesIO()
    Image.new("RGB", (600, 400), "navy").save(out, "JPEG")
    return {"name": "a.jpg", "mimeType": "image/jpeg", "buffer": out.getvalue()}


def tell(page: Any, address: str) -> None:
    """Fill in the form, forget an answer, mend it, send it."""
    page.goto(address)
    page.fill("[name=words]", "空调修了两次还是不凉")
    page.fill("[name=name]", "赵敏")
    page.fill("[name=phone]", "139 0000 1111")
    page.locator("main form.app-form > button").click()
    page.wait_for_load_state("load")
    assert page.locator(".app-errors").is_visible()
    assert page.input_value("[name=words]") == "空调修了两次还是不凉"  # nothing typed is lost
    page.locator("label[for=id_may_call_0]").click()
    page.set_input_files("input[type=file][multiple]", photo())
    page.locator("main form.app-form > button").click()
    page.wait_for_url("**/receipt/")


def sign(page: Any) -> None:
    """Draw a name on the pad with the finger or mouse."""
    pad = page.locator(".app-sign-pad")
    pad.scroll_into_view_if_needed()
    box = pad.bounding_box()
    page.mouse.move(box["x"] + 30, box["y"] + 60)
    page.mouse.down()
    for step in range(1, 8):
        page.mouse.move(box["x"] + 30 + step * 20, box["y"] + (30 if step % 2 else 90))
    page.mouse.up()


def decided(case: Complaint, cast: Any) -> None:
    """The house finds the cause, looks at two ways and decides for one."""
    care, manager = cast.by("care_manager"), cast.by("general_manager")
    actions.judge(case, grounds_ok=True, grounds_reason="属实", demand_ok=True, demand_reason="合理",
                  department="workshop", by=care)  # fmt: skip
    actions.investigate(case, route="quality", findings="冷媒泄漏", responsible=cast.technician, cause="skill",
                        whys=["未检漏"], is_done=True, by=care)  # fmt: skip
    best = actions.propose(case, words="更换压缩机", cost=900, by=care)
    actions.propose(case, words="免费重修", cost=100, by=care)
    actions.hand_in(case, by=care)
    for option in case.options.all():
        actions.stamp(option, by=manager)
    actions.decide_option(best, instruction="本周完成", due=now() + timedelta(days=2), by=manager)


@pytest.mark.duty("K-01", "K-13")
def test_the_whole_way_of_a_customer_on_the_phone(phones, live, cast):
    page = phones()
    tell(page, f"{live}/complain/{page_token(cast.store)}/")
    case = Complaint.objects.get()
    assert Attachment.objects.of(case).count() == 1 and case.number in page.inner_text("main")
    page.locator("main a.btn-primary").click()
    page.wait_for_url(f"**/k/{case.token}/")
    page.fill("[name=text]", "周三上午可以到店")
    page.locator("button[value=add]").click()
    page.wait_for_url("**sent=words")
    assert Word.objects.get().text == "周三上午可以到店"
    decided(case, cast)
    page.goto(f"{live}/k/{case.token}/")
    page.locator("button[value=accept]").scroll_into_view_if_needed()
    page.fill("[name=name]", "赵敏")
    sign(page)
    page.locator("button[value=accept]").click()
    page.wait_for_url("**sent=accepted")
    case.refresh_from_db()
    assert case.accepted_by == "赵敏"
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_without_javascript_and_in_english(phones, live, cast):
    page = phones("en-GB", java_script_enabled=False)
    tell(page, f"{live}/complain/{page_token(cast.store)}/")
    assert "Your number" in page.content()
    page.get_by_role("button", name="中文").click()
    page.wait_for_load_state("load")
    assert 'lang="zh-Hans"' in page.content() and page.url.endswith("/receipt/")
    page.locator("main a.btn-primary").click()
    page.fill("[name=text]", "also by phone")
    page.locator("button[value=add]").click()
    page.wait_for_url("**sent=words")
