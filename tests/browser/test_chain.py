"""The whole chain at the screens, in Chinese and in English: from the gate in to the gate out, then the call."""

from datetime import timedelta

import pytest
from django.utils import translation
from django.utils.timezone import localtime, now
from django.utils.translation import gettext as _

from core.links import PATH
from core.models import Attachment
from customers import actions as customers
from customers.models import Call
from finance.models import GatePass, Settlement
from service.models import ConsentLink, Order, Visit

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_from_the_gate_in_to_the_gate_out(cast, desks, chromium, live, language):
    """In Chinese the customer answers by the link on the phone, in English by signing at the counter."""
    with translation.override(language):
        answer = by_link if language == "zh-hans" else by_signature
        chain(cast, desks, {"zh-hans": "zh-CN", "en": "en-GB"}[language], lambda one: answer(one, chromium, live))


def sign(desk):
    """A stroke on the pad, as a hand draws it."""
    pad = desk.page.locator("[data-sign] canvas")
    pad.scroll_into_view_if_needed()
    box = pad.bounding_box()
    desk.page.mouse.move(box["x"] + 20, box["y"] + 30)
    desk.page.mouse.down()
    for step in range(1, 9):
        desk.page.mouse.move(box["x"] + 20 + 15 * step, box["y"] + (70 if step % 2 else 30))
    desk.page.mouse.up()


def by_signature(advisor, _chromium, _live):
    """At the counter: agreed line by line and signed on screen."""
    advisor.press(_("Customer's answer"))
    sign(advisor)
    advisor.send()
    assert Attachment.objects.filter(kind="order", purpose="signature").exists()


def by_link(advisor, chromium, live):
    """The customer opens the link on the phone, without an account, looks at it once more and sends it."""
    advisor.press(_("Send by link"))
    advisor.send()
    problems = []
    context = chromium.new_context(locale="zh-CN", viewport={"width": 390, "height": 844}, has_touch=True)
    phone = context.new_page()
    phone.on("console", lambda m: problems.append(m.text) if m.type == "error" else None)
    phone.goto(live + PATH.format(token=ConsentLink.objects.get().token))
    phone.locator("label[for=a0]").tap()
    assert "570.00" in phone.locator("#total").inner_text()
    phone.locator("label[for=a1]").tap()
    assert "1,368.00" in phone.locator("#total").inner_text()
    phone.locator("button[value=look]").tap()
    phone.locator("input[name=name]").fill("刘建国")
    phone.locator("button[value=send]").tap()
    phone.locator(".app-notice.tone-green").wait_for()
    context.close()
    assert problems == []
    advisor.open(f"/orders/{Order.objects.get().pk}/")


def chain(cast, desks, language, answer):
    advisor = desks("advisor", language)
    advisor.open("/visits/")
    advisor.press(_("Receive a car"))
    advisor.fill(plate="沪A8K721", brand="奥迪", model="A4L", customer_name="刘建国", phone="138 0000 6621")
    advisor.send()
    assert advisor.path.endswith("/receive/")
    promised = (localtime(now()) + timedelta(hours=3)).strftime("%Y-%m-%dT%H:%M")
    advisor.fill(mileage="68214", key_tag="7", promised_at=promised, jobs__0__words="刹车异响", jobs__0__kind="repair")
    advisor.send()
    visit = Visit.objects.get()
    assert advisor.path == f"/visits/{visit.pk}/"
    advisor.shows("刹车异响")
    advisor.press(_("Estimate"))
    advisor.fill(lines__0__name="更换前制动片", lines__0__quantity="1.5", lines__0__price="380")
    advisor.fill(lines__1__kind="part", lines__1__name="前制动片组", lines__1__quantity="1", lines__1__price="798")
    advisor.send()
    advisor.shows("1,368.00")
    answer(advisor)
    order = Order.objects.get()
    assert order.status == Order.Status.TO_DISPATCH

    controller = desks("controller", language)
    controller.open("/workshop/dispatch/")  # the first job is chosen, so one tap gives it out
    controller.page.locator(f"button[name=technician][value='{cast.technician.pk}']").click()
    controller.page.locator(".wall-bench-works").get_by_text("刹车异响").wait_for()
    technician = desks("technician", language, phone=True)
    technician.open("/workshop/")
    technician.press(_("Start"))
    technician.press(_("Finish"))
    technician.fill(cause="制动片磨损", remedy="更换制动片")
    technician.send()
    inspector = desks("inspector", language, phone=True)
    inspector.open("/workshop/")
    inspector.press(_("Quality check"))
    inspector.fill(passed="yes")
    inspector.send()

    advisor.open(f"/visits/{visit.pk}/")
    advisor.press(_("Ready, customer told"))
    advisor.send()
    advisor.press(_("Explain the bill"))
    advisor.shows("1,368.00")
    advisor.send()
    advisor.press(_("Settle"))
    advisor.shows("1,368.00")
    advisor.send()
    cashier = desks("cashier", language)
    cashier.open("/settlements/")
    cashier.press(Settlement.objects.get().number)
    cashier.press(_("Take payment"))
    cashier.fill(method="wechat")
    cashier.send()
    cashier.shows(_("Paid"))
    advisor.open(f"/visits/{visit.pk}/")
    advisor.press(_("Hand over"))
    advisor.fill(explained=True, operation_explained=True, belongings_back=True)
    advisor.send()
    cashier.open(f"/visits/{visit.pk}/")
    cashier.press(_("Issue the gate pass"))
    cashier.send()
    guard = desks("guard", language, phone=True)
    guard.open("/gate/")
    guard.page.fill("#barrier-plate", "8k721")
    guard.page.click(".gate-finder-go")
    guard.page.click("form button.gate-go")
    guard.page.wait_for_url("**/gate/")
    visit.refresh_from_db()
    assert (visit.status, GatePass.objects.get().used_at is not None) == (Visit.Status.LEFT, True)

    customers.plan_calls(by=cast.by("care_manager"))
    customers.assign_calls(by=cast.by("care_manager"))
    call = Call.objects.get()
    assert call.agent == cast.care_agent
    Call.objects.update(not_before=now() - timedelta(minutes=5), not_after=now() + timedelta(hours=1), is_agreed=True)
    agent = desks("care_agent", language)
    agent.open("/calls/")
    agent.press("刘建国")
    agent.fill(outcome="reached", answer="satisfied", suggestion="等待区加充电口")
    agent.send()
    call.refresh_from_db()
    assert (call.status, call.answer) == (Call.Status.REACHED, Call.Answer.SATISFIED)
