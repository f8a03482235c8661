"""The catalogue (工时与配件目录): kept by hand and loaded from Excel; a price change touches no line that exists."""

import base64
import io
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from openpyxl import load_workbook

from core.models import Entry
from core.rows import Refused, Stale
from service import actions
from service.models import CatalogueItem, Job, Line, Menu
from service.models.synonyms import SYNONYMS, names_of

ITEM = {
    "kind": "part",
    "code": "P-9001",
    "name": "雨刮片",
    "unit": "副",
    "quantity": Decimal(1),
    "price": Decimal(168),
    "cost": Decimal(80),
    "supply": "repair",
    "trade": "mechanic",
    "brand": "",
    "fits": "",
    "is_active": True,
}
TABLE = """类型,编码,名称,单位,数量,单价,成本,税类,适用车型
工时,L-0101,小保养,h,0.8,,92,,
配件,P-1001,机油滤清器,个,1,58.00,31.90,维修,迈腾、速腾
其他,S-0003,精洗,次,1,88,20,服务,
配件,P-1002,机油,L,4.5,abc,50,,
配件,P-1003,没有价格的件,个,1,,,,
"""


def test_an_item_is_added_changed_and_no_longer_offered(cast):
    by = cast.by("parts_clerk")
    item = actions.add_item(company=cast.store.company, **ITEM, by=by)
    assert str(item) == "P-9001 雨刮片"
    item = actions.edit_item(item, **(ITEM | {"price": Decimal("178.00"), "is_active": False}), by=by)
    assert (item.price, item.version) == (Decimal("178.00"), 2)
    assert not CatalogueItem.objects.active().exists()
    assert Entry.objects.get(verb="item.edited").fields == ["code", "is_active", "price"]
    assert actions.edit_item(item, **(ITEM | {"price": Decimal(178), "is_active": False}), by=by).version == 2
    item.expected_version = 1
    with pytest.raises(Stale):
        actions.edit_item(item, **ITEM, by=by)


def test_a_part_needs_a_price_and_labour_has_the_stores_rate(cast):
    with pytest.raises(Refused) as no:
        actions.add_item(company=cast.store.company, **(ITEM | {"price": None}), by=cast.by("parts_clerk"))
    assert no.value.field == "price"
    labour = ITEM | {"kind": "labour", "price": None, "unit": ""}
    item = actions.add_item(company=cast.store.company, **labour, by=cast.by("parts_clerk"))
    assert (item.unit, item.price_at(Decimal(380))) == ("副" if labour["unit"] else "h", Decimal(380))


def test_who_may_keep_it(cast):
    for name in ("advisor", "cashier", "technician", "stranger"):
        with pytest.raises(PermissionDenied):
            actions.add_item(company=cast.store.company, **ITEM, by=cast.by(name))


def test_a_new_price_changes_no_line_that_exists(cast, chain, shelf):
    chain.received()
    line = {"item": shelf["oil"], "kind": "part", "code": "P-1002", "name": "机油", "quantity": Decimal(2), "unit": "L"}
    line |= {"price": None, "cost": None, "payer": "customer", "party": None, "reason": "repair"}
    actions.add_lines(Job.objects.get(), lines=[line], by=cast.by("advisor"))
    same = {name: getattr(shelf["oil"], name) for name in ITEM} | {"price": Decimal(198)}
    actions.edit_item(shelf["oil"], **same, by=cast.by("parts_clerk"))
    assert (Line.objects.get().price, Line.objects.get().amount) == (Decimal(98), Decimal(196))


def test_the_pages(cast, shelf, browser):
    clerk = browser("parts_clerk")
    page = clerk.get("/catalogue/?q=机油").content.decode()
    assert "P-1002" in page and "P-1001" in page and "S-0003" not in page
    assert "labour rate" in clerk.get("/catalogue/?q=L-01").content.decode()
    sent = {name: value for name, value in ITEM.items() if value is not True} | {"is_active": "on", "form_token": "a"}
    sent["company"] = cast.store.company_id
    assert clerk.post("/catalogue/add/", sent).status_code == 302
    twice = clerk.post("/catalogue/add/", sent | {"form_token": "b"})
    assert twice.status_code == 422 and "already has this code" in twice.content.decode()
    item = CatalogueItem.objects.get(code="P-9001")
    edited = sent | {"price": "188", "version": item.version, "form_token": "c"}
    assert clerk.post(f"/catalogue/{item.pk}/", edited).status_code == 302
    conflict = clerk.post(f"/catalogue/{item.pk}/", edited | {"price": "199", "form_token": "d"})
    assert conflict.status_code == 412 and "199" in conflict.content.decode()
    advisor = browser("advisor")
    assert advisor.get("/catalogue/").status_code == 200
    assert advisor.get("/catalogue/add/").status_code == 403
    assert browser("stranger").get(f"/catalogue/{item.pk}/").status_code == 403
    export = clerk.get("/catalogue/?export=csv").content.decode("utf-8-sig")
    assert "P-9001" in export


def test_the_rest_door(cast, shelf, program):
    clerk, advisor = program("parts_clerk"), program("advisor")
    body = {name: str(value) if isinstance(value, Decimal) else value for name, value in ITEM.items()}
    body["company"] = cast.store.company_id
    made = clerk("catalogue/", body, **{"Idempotency-Key": "a"})
    assert made.status_code == 201, made.content
    pk, etag = made.json()["id"], made["ETag"]
    assert made.json()["cost"] == "80.00" and "cost" not in advisor(f"catalogue/{pk}/", method="get").json()
    put = clerk(f"catalogue/{pk}/", {"price": "158.00"}, "patch", **{"If-Match": etag})
    assert (put.status_code, put.json()["price"], put.json()["name"]) == (200, "158.00", "雨刮片")
    assert clerk(f"catalogue/{pk}/", {"price": "1"}, "patch", **{"If-Match": etag}).status_code == 412
    assert advisor("catalogue/", body, **{"Idempotency-Key": "b"}).status_code == 403
    assert program("stranger")(f"catalogue/{pk}/", method="get").status_code == 404
    assert [x["code"] for x in advisor("catalogue/?kind=labour", method="get").json()["results"]] == ["L-0101"]


# Files


def load(tmp_path, text, *options):
    path = tmp_path / "prices.csv"
    path.write_text(text, encoding="utf-8")
    out = io.StringIO()
    call_command("load", "catalogue", str(path), "--store", "HD01", *options, stdout=out)
    return out.getvalue().splitlines()[-1]


def test_a_price_list_is_loaded_and_a_second_time_nothing_changes(cast, tmp_path):
    assert load(tmp_path, TABLE) == "created 3, updated 0, unchanged 0, rejected 2"
    labour, part, wash = CatalogueItem.objects.order_by("code")
    assert (labour.price, labour.quantity, labour.cost) == (None, Decimal("0.8"), Decimal(92))
    assert (part.fits, part.price, wash.supply) == ("迈腾、速腾", Decimal(58), "service")
    assert load(tmp_path, TABLE) == "created 0, updated 0, unchanged 3, rejected 2"
    assert set(CatalogueItem.objects.values_list("version", flat=True)) == {1}
    assert load(tmp_path, TABLE.replace("58.00", "62.00")) == "created 0, updated 1, unchanged 2, rejected 2"
    assert CatalogueItem.objects.get(code="P-1001").version == 2
    rejected = (tmp_path / "prices.rejected.csv").read_text("utf-8-sig")
    assert "abc" in rejected and "没有价格的件" in rejected
    assert Entry.objects.filter(verb="catalogue.loaded").count() == 3


def test_a_company_is_named_instead_of_a_store(cast, tmp_path):
    path = tmp_path / "prices.csv"
    path.write_text(TABLE, encoding="utf-8")
    call_command("load", "catalogue", str(path), "--company", "远航汽车", stdout=io.StringIO())
    assert set(CatalogueItem.objects.values_list("company__name", flat=True)) == {"远航汽车"}


def test_the_same_code_twice_in_a_file_and_prices_of_three_places_are_rejected(cast, tmp_path):
    text = "类型,编码,名称,单价\n配件,A1,甲,1\n配件,A1,乙,2\n配件,A2,丙,1.005\n其他,A1,丁,3\n"
    assert load(tmp_path, text) == "created 2, updated 0, unchanged 0, rejected 2"


def sheet(text=TABLE):
    return SimpleUploadedFile("prices.csv", text.encode("gb18030"), content_type="text/csv")


def test_in_the_browser_a_file_is_looked_at_first_and_then_taken_over(cast, shelf, browser):
    clerk = browser("parts_clerk")
    sent = {"what": "catalogue", "company": cast.store.company_id, "form_token": "a"}
    looked = clerk.post("/catalogue/load/", sent | {"sheet": sheet()})
    assert looked.status_code == 302 and CatalogueItem.objects.count() == 4, "a look keeps nothing"
    page = clerk.get(looked["Location"]).content.decode()
    assert "0 new, 3 changed" in page and "abc" in page and "Nothing is kept yet" in page
    taken = clerk.post(looked["Location"], {"form_token": "b"})
    assert taken.status_code == 302
    assert CatalogueItem.objects.get(code="P-1001").fits == "迈腾、速腾"
    done = clerk.get(looked["Location"]).content.decode()
    assert "Taken over" in done and "没有价格的件" in done, "the other rows are not lost"
    rejected = clerk.get(f"{looked['Location']}rejected/").content.decode("utf-8-sig")
    assert "abc" in rejected and "rejected_reason" in rejected
    assert browser("service_manager").get(looked["Location"]).status_code == 404, "a file is its sender's alone"
    assert browser("advisor").get("/catalogue/load/").status_code == 403


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 no zip", b"\xff\xfe\x00", "只有,标题\n".encode()])
def test_a_file_that_cannot_be_read_is_a_sentence(cast, browser, content):
    sent = {"what": "catalogue", "company": cast.store.company_id, "form_token": "a"}
    sent["sheet"] = SimpleUploadedFile("x.xlsx", content)
    assert browser("parts_clerk").post("/catalogue/load/", sent).status_code == 422


def test_rows_without_a_kind_are_what_the_sender_says(cast, browser):
    sent = {"what": "catalogue", "company": cast.store.company_id, "kind_of_rows": "labour", "form_token": "a"}
    sent["sheet"] = sheet("工时编码,工时名称,工时数\nX-1,四轮定位,1.2\n")
    clerk = browser("parts_clerk")
    looked = clerk.post("/catalogue/load/", sent)
    clerk.post(looked["Location"], {"form_token": "b"})
    assert CatalogueItem.objects.get().kind == "labour"


@pytest.mark.parametrize("what", ["catalogue", "menus"])
def test_the_template_can_be_loaded_as_it_comes(cast, browser, what):
    clerk = browser("parts_clerk")
    for one in dict.fromkeys(["catalogue", what]):
        book = clerk.get(f"/catalogue/template/{one}/")
        assert load_workbook(io.BytesIO(book.content)).active.max_row >= 3
        sent = {"what": one, "company": cast.store.company_id, "form_token": f"a-{one}"}
        looked = clerk.post("/catalogue/load/", sent | {"sheet": SimpleUploadedFile("t.xlsx", book.content)})
        assert clerk.post(looked["Location"], {"form_token": f"b-{one}"}).status_code == 302
    assert CatalogueItem.objects.count() == 3
    assert Menu.objects.count() == (what == "menus")
    assert clerk.get("/catalogue/template/other/").status_code == 404


def test_the_rest_door_loads_and_only_says_what_would_happen_when_asked_so(cast, program):
    content = base64.b64encode(TABLE.encode()).decode()
    body = {"company": cast.store.company_id, "what": "catalogue", "sheet": [{"name": "p.csv", "content": content}]}
    clerk = program("parts_clerk")
    told = clerk("catalogue/load/", body, **{"Idempotency-Key": "a"})
    assert told.status_code == 200, told.content
    assert (told.json()["created"], len(told.json()["rejected"])) == (3, 2)
    assert not CatalogueItem.objects.exists()
    assert clerk("catalogue/load/", body | {"dry_run": False}, **{"Idempotency-Key": "b"}).json()["created"] == 3
    assert CatalogueItem.objects.count() == 3
    assert program("advisor")("catalogue/load/", body, **{"Idempotency-Key": "c"}).status_code == 403
    foreign = body | {"company": cast.foreign.company_id}
    assert clerk("catalogue/load/", foreign, **{"Idempotency-Key": "d"}).status_code == 400


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("刹车", "前制动片更换"),
        ("刹车片", "制动片"),
        ("前刹车片", "前制动片更换"),
        ("制动", "刹车油"),
        ("机油", "全合成润滑油"),
        ("机滤", "机油滤清器"),
        ("轮胎", "补胎"),
        ("电瓶", "蓄电池"),
        ("雨刷", "雨刮片"),
        ("雨刮", "前刮水器"),
        ("大灯", "左前照灯总成"),
        ("保养", "常规维护"),
        ("皮带", "发电机传动带"),
        ("前 大灯", "左前照灯总成"),
    ],
)
def test_the_words_of_the_counter_find_what_the_price_list_calls_otherwise(cast, typed, name):
    CatalogueItem.objects.create(company=cast.store.company, kind="part", code="P-1", name=name, price=1)
    CatalogueItem.objects.create(company=cast.store.company, kind="part", code="P-2", name="其他", price=1)
    assert [one.name for one in CatalogueItem.objects.found_by(typed)] == [name]


def test_each_name_of_the_trade_stands_in_one_group_once():
    for names in SYNONYMS:
        assert len(names) == len(set(names)) > 1
    assert names_of("机油") == ["机油", "润滑油"]
    assert names_of("P-9001") == ["P-9001"]
