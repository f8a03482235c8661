"""Reception in seconds: a known car in at most 3 screens and 8 taps from the home page, typing four characters only."""

from decimal import Decimal

import pytest

from core.models import Attachment
from service.models import CatalogueItem, Job, Line, Menu, MenuItem, Order, Visit

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

COUNT_TAPS = """
(() => {
  const count = () => sessionStorage.setItem("taps", 1 + Number(sessionStorage.getItem("taps") || 0));
  addEventListener("click", (e) => { if (e.isTrusted && e.detail) { count(); } }, true);
})()
"""


class Hand:
    """A hand at the screen: counts the pages it sees, its taps, and the characters that it types."""

    def __init__(self, desk):
        self.page, self.screens, self.typed = desk.page, [], 0
        self.page.context.add_init_script(COUNT_TAPS)
        self.page.on("framenavigated", self._see)

    def _see(self, frame):
        if frame == self.page.main_frame:
            self.screens.append(frame.url)

    def tap(self, place):
        place.click()

    def write(self, place, text):
        place.press_sequentially(text)
        self.typed += len(text)

    @property
    def taps(self):
        return int(self.page.evaluate("sessionStorage.getItem('taps') || 0"))


@pytest.fixture
def menu(cast):
    """小保养套餐: labour and oil at 698 together."""
    company = cast.store.company
    labour = CatalogueItem.objects.create(
        company=company, kind="labour", code="L-0101", name="小保养", unit="h", quantity=Decimal("0.8")
    )
    oil = CatalogueItem.objects.create(
        company=company, kind="part", code="P-1002", name="全合成机油", unit="L", price=Decimal(98), cost=Decimal(50)
    )
    found = Menu.objects.create(company=company, code="T-02", name="小保养套餐", price=Decimal(698), is_quick=True)
    MenuItem.objects.create(menu=found, item=labour, quantity=Decimal("0.8"))
    MenuItem.objects.create(menu=found, item=oil, quantity=Decimal("4.5"))
    return found


def main(page):
    return page.locator("main")


@pytest.mark.duty("S-01")
@pytest.mark.parametrize("phone", [False, True])
def test_a_known_car_has_its_order_after_three_screens_and_eight_taps(cast, car, menu, desks, phone):
    desk = desks("advisor", phone=phone)
    hand = Hand(desk)
    desk.open("/")  # the first screen
    hand.tap(main(desk.page).locator("a[href='/visits/arrive/']").first)
    search = main(desk.page).locator("input[type=search]")  # the second: it waits for four characters
    search.wait_for()
    assert search.evaluate("e => e === document.activeElement"), "nobody has to tap into the search first"
    hand.write(search, "K721")
    hit = main(desk.page).locator("#known button.app-hit")
    hit.wait_for()
    assert hit.count() == 1
    hand.tap(hit)
    desk.page.wait_for_url("**/receive/")  # the third: everything that is known, and what is left to tap
    desk.shows("刘建国")
    hand.tap(main(desk.page).get_by_text("小保养套餐"))
    promised = main(desk.page).locator("[name=promised_at]").input_value()
    assert promised, "the hours of the menu have set the promise"
    hand.tap(main(desk.page).locator("[data-minutes='60']"))
    hand.tap(main(desk.page).locator("label[for$=waits_0]"))
    screens = len({url.split("?")[0] for url in hand.screens if url.startswith(desk.live)})
    hand.tap(main(desk.page).locator("form[data-reception] button[type=submit]"))
    desk.page.wait_for_url("**/visits/*/")
    order = Order.objects.get()
    taps = hand.taps
    assert (screens <= 3, taps <= 8, hand.typed) == (True, True, 4), (hand.screens, taps)
    assert taps >= 6, "the taps were counted"
    assert order.number and order.visit.status == Visit.Status.RECEIVED and order.visit.waits
    assert order.amount == Decimal("698.00")
    assert Job.objects.get().menu == menu


def draw(page):
    """A signature: two strokes of the pen."""
    pad = page.locator(".app-sign-pad")
    pad.scroll_into_view_if_needed()
    box = pad.bounding_box()
    for start, end in (((0.2, 0.3), (0.6, 0.7)), ((0.3, 0.8), (0.8, 0.2))):
        page.mouse.move(box["x"] + box["width"] * start[0], box["y"] + box["height"] * start[1])
        page.mouse.down()
        page.mouse.move(box["x"] + box["width"] * end[0], box["y"] + box["height"] * end[1], steps=12)
        page.mouse.up()


def test_the_quick_lane_is_one_screen_and_one_signature(cast, car, menu, desks):
    desk = desks("advisor")
    desk.open("/visits/arrive/")
    desk.page.locator("main input[type=search]").press_sequentially("6621")  # the last digits of the phone
    desk.page.locator("#known a[href*='quick']").click()
    desk.page.wait_for_url("**/visits/quick/**")
    main(desk.page).get_by_text("小保养套餐").click()
    desk.shows("698.00")
    draw(desk.page)
    main(desk.page).locator("form[data-reception] button[type=submit]").click()
    desk.page.wait_for_url("**/visits/*/")
    visit = Visit.objects.get()
    assert (visit.status, visit.is_quick) == (Visit.Status.RECEIVED, True)
    assert set(Line.objects.values_list("consent", "consent_via")) == {("authorised", "signature")}
    assert Order.objects.get().status == Order.Status.TO_DISPATCH
    assert Attachment.objects.get().purpose == Attachment.Purpose.SIGNATURE


def test_lines_come_out_of_the_catalogue_by_keyboard(cast, chain, menu, desks):
    chain.received()
    desk = desks("advisor")
    desk.open(f"/jobs/{Job.objects.get().pk}/add-lines/")
    find = desk.page.locator("[data-find]")
    for word in ("小保", "P-10"):
        find.press_sequentially(word)
        desk.page.locator("#item-hits [data-item]").first.wait_for()
        find.press("Enter")
        desk.page.wait_for_function("!document.querySelector('#item-hits [data-item]')")
    desk.page.locator("[name='lines-1-quantity']").fill("4.5")
    desk.shows("745.00")  # 0.8 × 380 + 4.5 × 98
    desk.send()
    desk.page.wait_for_url("**/orders/*/")
    labour, oil = Line.objects.order_by("id")
    assert (labour.item.code, labour.price, labour.quantity) == ("L-0101", Decimal(380), Decimal("0.80"))
    assert (oil.item.code, oil.amount, oil.cost) == ("P-1002", Decimal("441.00"), Decimal("225.00"))


def test_without_javascript_the_search_and_its_hits_work_by_the_form_itself(cast, chain, menu, chromium, live):
    from tests.conftest import PASSWORD

    chain.received()
    context = chromium.new_context(locale="zh-CN", java_script_enabled=False)
    try:
        page = context.new_page()
        page.goto(f"{live}/account/login/")
        page.fill("input[name=login]", "advisor")
        page.fill("input[name=password]", PASSWORD)
        page.click("main button[type=submit]")
        page.goto(f"{live}/jobs/{Job.objects.get().pk}/add-lines/")
        page.fill("[name='lines-0-name']", "检查底盘")
        page.fill("[name='lines-0-quantity']", "0.3")
        page.fill("[name=find]", "机油")
        page.click(".rec-find button")
        assert page.input_value("[name='lines-0-name']") == "检查底盘", "nothing typed is lost"
        page.click("#item-hits [name=add]")
        assert page.input_value("[name='lines-1-name']") == "全合成机油"
        page.fill("[name='lines-1-quantity']", "4")
        page.click("main form.app-form button[type=submit]")
        page.wait_for_url("**/orders/*/")
    finally:
        context.close()
    assert [x.name for x in Line.objects.order_by("id")] == ["检查底盘", "全合成机油"]
    assert Line.objects.get(name="检查底盘").price == Decimal(380)
