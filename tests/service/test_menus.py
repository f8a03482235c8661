"""Menus (套餐): composed or loaded, taken into an order in one tap, their own price laid over the lines to the cent."""

import io
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.core.management import call_command
from hypothesis import given, settings
from hypothesis import strategies as st

from core.rows import Refused
from service import actions
from service.actions.sharing import spread
from service.models import Job, Line, Menu

MENU = {
    "code": "T-09",
    "name": "空调清洗套餐",
    "job_kind": "maintenance",
    "scope": "small",
    "price": None,
    "brand": "",
    "fits": "",
    "since_km": None,
    "until_km": None,
    "is_quick": True,
    "is_active": True,
}

AMOUNTS = st.decimals(0, 10**6, places=2)


@settings(max_examples=300, deadline=None)
@given(AMOUNTS, st.lists(AMOUNTS, min_size=1, max_size=12))
def test_an_amount_laid_over_weights_adds_up_and_is_never_negative(total, weights):
    parts = spread(total, weights)
    assert sum(parts) == total and min(parts) >= 0
    assert all(part == part.quantize(Decimal("0.01")) for part in parts)
    if total <= sum(weights):
        assert all(part <= weight for part, weight in zip(parts, weights, strict=True))


def test_one_tap_makes_a_job_with_its_lines(cast, chain, menu):
    order = actions.add_menu(chain.received().orders.get(), menu=menu, by=cast.by("advisor"))
    job = order.jobs.order_by("position").last()
    assert (job.words, job.kind, job.scope, job.menu, job.position) == (menu.name, "maintenance", "small", menu, 2)
    labour, oil, part = job.lines.order_by("id")
    # 304 + 441 + 58 = 803 at list prices, 698 together
    assert [x.amount for x in (labour, oil, part)] == [Decimal("264.25"), Decimal("383.33"), Decimal("50.42")]
    assert sum(x.amount for x in job.lines.all()) == Decimal("698.00") == order.amount
    assert (labour.item.code, labour.unit, labour.consent, labour.cost) == ("L-0101", "h", "asked", Decimal("8.00"))
    assert all(x.shares.get().amount == x.amount for x in job.lines.all())


def test_without_a_price_of_its_own_it_costs_its_items(cast, chain, menu):
    Menu.objects.update(price=None)
    order = actions.add_menu(chain.received().orders.get(), menu=Menu.objects.get(), by=cast.by("advisor"))
    assert order.amount == Decimal("803.00")
    assert all(x.amount == x.quantity * x.price for x in Line.objects.all())


def test_a_menu_for_nothing_and_one_of_free_items_still_add_up(cast, chain, menu, shelf):
    order = chain.received().orders.get()
    Menu.objects.update(price=Decimal(0))
    assert actions.add_menu(order, menu=Menu.objects.get(), by=cast.by("advisor")).amount == 0
    type(shelf["oil"]).objects.update(price=Decimal(0))
    Menu.objects.update(price=Decimal("99.99"))
    actions.add_menu(order, menu=Menu.objects.get(), by=cast.by("advisor"))
    assert sum(Line.objects.values_list("amount", flat=True)) == Decimal("99.99")


def test_each_line_has_the_vat_of_its_supply(cast, chain, shelf):
    rows = [{"item": shelf["labour"], "quantity": Decimal(1)}, {"item": shelf["wash"], "quantity": Decimal(1)}]
    menu = actions.compose_menu(company=cast.store.company, items=rows, **MENU, by=cast.by("parts_clerk"))
    actions.add_menu(chain.received().orders.get(), menu=menu, by=cast.by("advisor"))
    labour, wash = Line.objects.order_by("id")
    assert (labour.vat_percent, wash.vat_percent) == (Decimal("13.0"), Decimal("6.0"))
    assert wash.net == Decimal("83.02")


def test_what_is_not_offered_or_not_ours_is_refused(cast, chain, menu):
    order = chain.received().orders.get()
    Menu.objects.update(is_active=False)
    with pytest.raises(Refused):
        actions.add_menu(order, menu=Menu.objects.get(), by=cast.by("advisor"))
    theirs = Menu.objects.create(company=cast.foreign.company, code="T-1", name="远航套餐", price=1)
    with pytest.raises(Refused):
        actions.add_menu(order, menu=theirs, by=cast.by("integration"))
    with pytest.raises(PermissionDenied):
        actions.add_menu(order, menu=theirs, by=cast.by("stranger"))


def test_once_the_car_is_ready_no_menu_is_added(cast, chain, menu):
    order = chain.ready().orders.get()
    with pytest.raises(Refused):
        actions.add_menu(order, menu=menu, by=cast.by("advisor"))


def test_composing_and_changing(cast, shelf):
    by = cast.by("parts_clerk")
    rows = [{"item": shelf["wash"], "quantity": Decimal(1)}]
    menu = actions.compose_menu(company=cast.store.company, items=rows, **MENU, by=by)
    assert menu.price_at(Decimal(380)) == Decimal(88)
    rows.append({"item": shelf["labour"], "quantity": Decimal("0.5")})
    menu = actions.edit_menu(menu, items=rows, **MENU, by=by)
    assert (menu.version, menu.items.count(), menu.hours) == (2, 2, Decimal("0.5"))
    assert actions.edit_menu(menu, items=rows, **MENU, by=by).version == 2
    for wrong in ([], [rows[0], rows[0]]):
        with pytest.raises(Refused) as no:
            actions.edit_menu(menu, items=wrong, **MENU, by=by)
        assert no.value.field == "items"
    with pytest.raises(Refused):
        actions.edit_menu(menu, items=rows, **(MENU | {"since_km": 9, "until_km": 8}), by=by)
    with pytest.raises(PermissionDenied):
        actions.edit_menu(menu, items=rows, **MENU, by=cast.by("advisor"))


@pytest.mark.parametrize(
    ("brand", "fits", "shown"),
    [("", "", True), ("奥迪", "A4L、A6L", True), ("奥迪", "Q5", False), ("大众", "", False), ("奥迪", "a4", True)],
)
def test_reception_offers_the_menus_that_fit_the_car(cast, chain, menu, browser, brand, fits, shown):
    Menu.objects.update(brand=brand, fits=fits)
    visit = chain.arrived()
    page = browser("advisor").get(f"/visits/{visit.pk}/receive/").content.decode()
    assert ("小保养套餐" in page) is shown


def test_a_menu_for_other_mileage_stands_behind_the_fold(cast, chain, menu, browser):
    chain.vehicle.mileage = 1200
    chain.vehicle.save()
    page = browser("advisor").get(f"/visits/{chain.arrived().pk}/receive/").content.decode()
    assert page.index("More menus") < page.index("小保养套餐")


def test_the_pages(cast, chain, menu, browser, shelf):
    clerk, advisor = browser("parts_clerk"), browser("advisor")
    assert "T-02" in clerk.get("/menus/").content.decode()
    assert "698.00" in advisor.get("/menus/").content.decode()
    page = clerk.get(f"/menus/{menu.pk}/").content.decode()
    assert "全合成机油" in page
    sent = {"code": "T-09", "name": "精洗", "job_kind": "repair", "scope": "small", "company": cast.store.company_id}
    sent |= {"items-0-item": shelf["wash"].pk, "items-0-quantity": "1", "is_active": "on", "form_token": "a"}
    assert clerk.post("/menus/compose/", sent).status_code == 302
    found = clerk.post("/menus/compose/", sent | {"find": "机油", "form_token": "b"}).content.decode()
    assert "P-1002" in found and 'value="精洗"' in found, "a search without JavaScript loses nothing"
    order = chain.received().orders.get()
    assert "698.00" in advisor.get(f"/orders/{order.pk}/add-menu/").content.decode()
    for _click in range(2):
        tapped = advisor.post(f"/orders/{order.pk}/add-menu/", {"menu": menu.pk, "form_token": "c"})
        assert tapped.status_code == 302
    assert Job.objects.filter(menu=menu).count() == 1
    assert browser("technician").get(f"/orders/{order.pk}/add-menu/").status_code == 403
    assert browser("stranger").get(f"/orders/{order.pk}/add-menu/").status_code == 404


def test_the_rest_door(cast, chain, menu, program, shelf):
    clerk = program("parts_clerk")
    body = MENU | {"company": cast.store.company_id, "items": [{"item": shelf["wash"].pk, "quantity": "2"}]}
    made = clerk("menus/", body, **{"Idempotency-Key": "a"})
    assert made.status_code == 201, made.content
    assert made.json()["items"] == [{"item": shelf["wash"].pk, "code": "S-0003", "name": "精洗", "quantity": "2.00"}]
    same = {name: value for name, value in body.items() if name != "company"} | {"price": "150.00"}
    put = clerk(f"menus/{made.json()['id']}/", same, "put", **{"If-Match": made["ETag"]})
    assert (put.status_code, put.json()["price"]) == (200, "150.00"), put.content
    order = chain.received().orders.get()
    taken = program("advisor")(f"orders/{order.pk}/add-menu/", {"menu": menu.pk}, **{"Idempotency-Key": "b"})
    assert (taken.status_code, taken.json()["amount"]) == (200, "698.00")
    theirs = Menu.objects.create(company=cast.foreign.company, code="T-1", name="远航套餐", price=1)
    wrong = program("advisor")(f"orders/{order.pk}/add-menu/", {"menu": theirs.pk}, **{"Idempotency-Key": "c"})
    assert (wrong.status_code, list(wrong.json()["fields"])) == (400, ["menu"])


TABLE = """套餐编码,套餐名称,编码,类型,数量,套餐价,作业类型,起始里程,快修
T-02,小保养套餐,L-0101,工时,0.8,698,保养,5000,是
T-02,小保养套餐,P-1002,配件,4.5,,,,
T-31,精洗,S-0003,,1,,,,是
T-40,坏套餐,P-9999,配件,1,,,,
T-41,坏行,P-1001,配件,abc,,,,
T-41,坏行,P-1002,配件,1,,,,
"""


def load(tmp_path, text):
    path = tmp_path / "menus.csv"
    path.write_text(text, encoding="utf-8")
    out = io.StringIO()
    call_command("load", "menus", str(path), "--store", "HD01", stdout=out)
    return out.getvalue().splitlines()[-1]


def test_menus_are_loaded_whole_or_not_at_all_and_once(cast, shelf, tmp_path):
    assert load(tmp_path, TABLE) == "created 2, updated 0, unchanged 0, rejected 3"
    menu = Menu.objects.get(code="T-02")
    assert (menu.price, menu.since_km, menu.is_quick, menu.items.count()) == (Decimal(698), 5000, True, 2)
    assert load(tmp_path, TABLE) == "created 0, updated 0, unchanged 2, rejected 3"
    assert load(tmp_path, TABLE.replace("4.5", "5")) == "created 0, updated 1, unchanged 1, rejected 3"
    menu.refresh_from_db()
    assert (menu.version, menu.items.get(item=shelf["oil"]).quantity) == (2, Decimal(5))
    rejected = (tmp_path / "menus.rejected.csv").read_text("utf-8-sig")
    assert rejected.count("坏") == 3, "a menu with one bad row waits with all of its rows"


def test_lists_ask_as_often_for_many_rows_as_for_two(cast, menu, shelf, browser):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client = browser("service_manager")

    def queries(path):
        client.get(path)
        with CaptureQueriesContext(connection) as seen:
            assert client.get(path).status_code == 200
        return len(seen)

    paths = ("/menus/", "/catalogue/", "/api/v1/menus/", "/api/v1/catalogue/")
    before = [queries(path) for path in paths]
    for number in range(10):
        rows = [{"item": one, "quantity": Decimal(1)} for one in shelf.values()]
        code = f"T-1{number}"
        actions.compose_menu(
            company=cast.store.company, items=rows, **(MENU | {"code": code}), by=cast.by("parts_clerk")
        )
        type(menu.items.first().item).objects.create(
            company=cast.store.company, kind="part", code=f"Q-{number}", name="件", price=1
        )
    assert [queries(path) for path in paths] == before
