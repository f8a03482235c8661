"""The whole chain at the screens, in Chinese and in English: from the gate in to the gate out, then the call."""

from datetime import timedelta

import pytest
from django.utils import translation
from django.utils.timezone import localtime, now
from django.utils.translation import gettext as _

from customers import actions as customers
from customers.models import Call
from finance.models import GatePass, Settlement
from service.models import Order, Visit

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_from_the_gate_in_to_the_gate_out(cast, desks, language):
    with translation.override(language):
        chain(cast, desks, {"zh-hans": "zh-CN", "en": "en-GB"}[language])


def chain(cast, desks, language):
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
    advisor.press(_("Customer's answer"))
    advisor.send()
    order = Order.objects.get()
    assert order.status == Order.Status.TO_DISPATCH

    controller = desks("controller", language)
    controller.open("/workshop/")
    controller.press(_("Dispatch"))
    controller.fill(technician=cast.technician.pk)
    controller.send()
    technician = desks("technician", language, phone=True)
    technician.open("/workshop/")
    technician.press(_("Start"))
    technician.send()
    technician.open("/workshop/?tab=mine")
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
    advisor.fill(explained=True, old_parts_shown=True)
    advisor.send()
    cashier.open(f"/visits/{visit.pk}/")
    cashier.press(_("Issue the gate pass"))
    cashier.send()
    guard = desks("guard", language, phone=True)
    guard.open("/gate/")
    guard.press("8K721")
    guard.fill(plate_seen="8k721")
    guard.send()
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
