"""A complaint at the screens, from the customer's telephone to the archive: customer, agent, managers."""

import io
from datetime import timedelta

import pytest
from django.utils import translation
from django.utils.timezone import localtime, now
from django.utils.translation import gettext as _
from PIL import Image

from complaints import actions
from complaints.models import Complaint
from complaints.models.pages import COMPLAIN, page_token
from customers.models import Call
from tests.browser.test_chain import sign

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
WIDER = "document.documentElement.scrollWidth > window.innerWidth + 1"


def picture():
    """A photo as a telephone takes it."""
    out = io.BytesIO()
    Image.new("RGB", (640, 480), (90, 120, 150)).save(out, "JPEG")
    return {"name": "oil.jpg", "mimeType": "image/jpeg", "buffer": out.getvalue()}


class Phone:
    """The customer's telephone: no account, 390 wide, nothing may stick out or complain."""

    def __init__(self, chromium, live, language):
        self.live, self.problems = live, []
        size = {"width": 390, "height": 844}
        self.context = chromium.new_context(locale=language, viewport=size, has_touch=True, timezone_id="Asia/Shanghai")
        self.context.set_default_timeout(10_000)
        self.page = self.context.new_page()
        self.page.on("console", lambda m: self.problems.append(m.text) if m.type == "error" else None)
        self.page.on("pageerror", lambda e: self.problems.append(str(e)))

    def open(self, path):
        assert self.page.goto(self.live + path).status == 200
        assert not self.page.evaluate(WIDER), path

    def tap(self, label):
        self.page.locator("button:visible, a.btn:visible").filter(has_text=label).first.tap()

    def shows(self, text):
        self.page.get_by_text(text).first.wait_for()
        assert not self.page.evaluate(WIDER), self.page.url

    def fill(self, **values):
        for name, value in values.items():
            self.page.locator(f"[name='{name}']").first.fill(value)

    def pick(self, name, value):
        box = self.page.locator(f"input[name='{name}'][value='{value}']")
        self.page.locator(f"label[for='{box.get_attribute('id')}']").tap()

    def sign(self, name):
        self.fill(name=name)
        pad = self.page.locator("[data-sign] canvas").first
        pad.scroll_into_view_if_needed()
        box = pad.bounding_box()
        self.page.mouse.move(box["x"] + 20, box["y"] + 30)
        self.page.mouse.down()
        for step in range(1, 9):
            self.page.mouse.move(box["x"] + 20 + 15 * step, box["y"] + (70 if step % 2 else 30))
        self.page.mouse.up()

    def close(self):
        self.context.close()
        assert self.problems == []


def go(desk, label):
    """Press it and wait for the next page: this one has forms of its own."""
    with desk.page.expect_navigation():
        desk.press(label)


def fits(desk):
    """Nothing sticks out to the right."""
    assert not desk.page.evaluate(WIDER), desk.path


def test_the_whole_way_in_chinese(cast, desks, chromium, live):
    with translation.override("zh-hans"):
        case, phone = told_by_the_customer(cast, chromium, live)
        agent = desks("care_agent")
        judged_by_the_agent(agent, case)
        manager = desks("care_manager")
        found_out_and_offered(manager, case, cast)
        chosen_by_the_customer(phone, case)
        leader = desks("general_manager", phone=True)
        decided_on_the_telephone(manager, leader, case)
        carried_out(manager, phone, case)
        closed_after_the_call(manager, agent, case)


def told_by_the_customer(cast, chromium, live):
    """The QR page of the store, with a photo; the receipt leads on to the case."""
    phone = Phone(chromium, live, "zh-CN")
    phone.open(COMPLAIN.format(token=page_token(cast.store)))
    phone.fill(
        words="保养完车底滴油，车位上一大摊。",
        demand="修好并清洗车位",
        name="陆静",
        phone="13900000031",
        plate="沪A8K721",
    )
    phone.page.locator("input[type=file]").first.set_input_files([picture()])
    phone.pick("may_call", "yes")
    phone.tap(_("Send"))
    phone.page.wait_for_url("**/receipt/")  # the photo is made smaller first
    case = Complaint.objects.get()
    phone.shows(case.number)
    phone.tap(_("See how it goes on"))
    phone.shows("保养完车底滴油，车位上一大摊。")
    return case, phone


def judged_by_the_agent(agent, case):
    """Taken, gone through the rules of conduct, a promise written down, judged."""
    agent.open("/complaints/?tab=unkept")
    go(agent, case.number)
    agent.shows("修好并清洗车位")
    go(agent, _("Take the case"))
    go(agent, _("Write down a promise"))
    soon = (localtime(now()) + timedelta(hours=3)).strftime("%Y-%m-%dT%H:%M")
    agent.fill(words="三小时内回电告知初检结果", due_at=soon)
    agent.send()
    go(agent, _("Kept or not?"))
    agent.fill(is_kept="yes")
    agent.send()
    agent.shows(_("Kept"))
    go(agent, _("Go through it"))
    agent.page.locator("main .app-pills label").first.click()
    agent.send()
    go(agent, _("Judge"))
    agent.fill(grounds_ok="yes", grounds_reason="放油螺栓处有新鲜油迹", demand_ok="yes", demand_reason="合理")
    agent.fill(department="workshop")
    agent.send()
    case.refresh_from_db()
    assert (case.status, str(case.keeper)) == (Complaint.Status.INVESTIGATING, str(case.judged_by))
    fits(agent)


def found_out_and_offered(manager, case, cast):
    """The care manager finds out why, draws up two options, and lets the customer choose."""
    manager.open(f"/complaints/{case.pk}/")
    go(manager, _("Note what was found out"))
    manager.fill(route="quality", findings="放油螺栓垫片重复使用", cause="skill", responsible=cast.technician.pk)
    manager.fill(whys__0__why="没有换垫片", whys__1__why="领料单没有垫片", is_done=True)
    manager.send()
    for words, cost in (("上门取车免费修复并清洗车位", "731.50"), ("到店免费修复", "90")):
        go(manager, _("Draw up an option"))
        manager.fill(words=words, cost=cost)
        manager.send()
        manager.shows(words)
    go(manager, _("Let the customer choose"))
    manager.fill(channel="wechat")
    manager.send()
    fits(manager)


def chosen_by_the_customer(phone, case):
    """On the link the customer sees both ways, without what they cost, and chooses."""
    phone.open(f"/k/{case.token}/")
    phone.shows("到店免费修复")
    assert "731" not in phone.page.locator("main").inner_text()
    phone.page.locator(".case-option").filter(has_text="上门取车").locator("button").tap()
    phone.shows(_("You would like this best."))


def decided_on_the_telephone(manager, leader, case):
    """Handed in; the general manager looks at every option on the phone, and decides."""
    manager.open(f"/complaints/{case.pk}/")
    go(manager, _("Hand the options in"))
    manager.send()
    leader.open(f"/complaints/{case.pk}/")
    for left in (1, 0):
        with leader.page.expect_navigation():
            leader.page.locator("form[action$='/stamp/'] button").first.tap()
        assert case.options.filter(seen_at=None).count() == left
    fits(leader)
    first = leader.page.locator("#remedies li").filter(has_text="上门取车")
    with leader.page.expect_navigation():
        first.get_by_text(_("Decide for this option")).tap()
    leader.fill(instruction="今天上门，客服全程跟进")
    leader.send()
    leader.shows("今天上门，客服全程跟进")
    fits(leader)


def carried_out(manager, phone, case):
    """The customer is told, signs on the telephone, and what was decided is done."""
    manager.open(f"/complaints/{case.pk}/")
    go(manager, _("Tell the customer"))
    manager.fill(channel="wechat")
    manager.send()
    phone.open(f"/k/{case.token}/")
    phone.sign("陆静")
    phone.tap(_("I agree"))
    phone.shows(_("Thank you. Your signature has arrived."))
    phone.close()
    manager.open(f"/complaints/{case.pk}/")
    go(manager, _("Carried out"))
    manager.send()
    case.refresh_from_db()
    assert (case.status, case.accepted_by) == (Complaint.Status.CALLING, "陆静")


def closed_after_the_call(caller, agent, case):
    """The clock plans the closing call, which the keeper does not make; with its answer the case is closed."""
    actions.plan_closing_calls()
    moment = now()
    Call.objects.update(
        not_before=moment - timedelta(minutes=5),
        not_after=moment + timedelta(hours=1),
        is_agreed=True,
    )
    caller.open(f"/calls/{Call.objects.get().pk}/")
    caller.fill(outcome="reached", answer="satisfied", suggestion="以后一次修好")
    caller.send()
    actions.follow_answers()
    agent.open(f"/complaints/{case.pk}/")
    with agent.page.expect_navigation():  # other buttons speak of closing too
        agent.page.locator("main a[href$='/close/']").first.click()
    agent.send()
    case.refresh_from_db()
    assert (case.status, case.result, case.is_locked) == (Complaint.Status.CLOSED, "satisfied", True)
    agent.open(f"/complaints/{case.pk}/")
    fits(agent)
    paper = agent.page.request.get(f"{agent.live}/complaints/{case.pk}/print-archive/")
    assert paper.status == 200 and paper.body().startswith(b"%PDF")


@pytest.mark.parametrize("phone", [False, True])
def test_the_short_way_in_english(cast, desks, phone):
    """Taken in at the desk and settled on the spot, with the customer's signature; closed after the call."""
    with translation.override("en"):
        agent = desks("care_agent", "en-GB", phone=phone)
        agent.open("/complaints/")
        go(agent, "Take a case in")
        agent.fill(way="counter", name="Lu Jing", phone="13900000031", words="The car was not washed as promised.")
        agent.send()
        case = Complaint.objects.get()
        go(agent, "Settle on the spot")
        agent.fill(words="这是规定", cause="method", whys__0__why="Nobody looked at the list", department="workshop")
        agent.fill(name="Lu Jing")
        sign(agent)
        agent.send()
        agent.shows("is not said to a customer")  # a warning, with what to say instead
        agent.fill(words="Washed at once, with an apology.", name="Lu Jing")
        sign(agent)
        agent.send()
        go(agent, "Carried out")
        agent.send()
        closed_after_the_call(desks("care_manager", "en-GB", phone=phone), agent, case)
