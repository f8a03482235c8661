"""The estimate: lines out of the catalogue or in one's own words; nobody types what the house knows."""

from decimal import Decimal

import pytest

from core.rows import Refused
from service import actions
from service.models import CatalogueItem, Job, Line, Order, Party

FREE = {"kind": "part", "name": "雨刮片", "quantity": Decimal(1), "price": Decimal(168), "cost": Decimal(80)}


@pytest.fixture
def job(chain):
    chain.received()
    return Job.objects.get()


def add(cast, job, *lines):
    actions.add_lines(job, lines=lines, by=cast.by("advisor"))
    return list(Line.objects.order_by("id"))


def test_an_item_fills_its_line(cast, job, program, shelf):
    body = {"lines": [{"item": shelf["oil"].pk}, {"item": shelf["labour"].pk, "quantity": "1.5"}]}
    answer = program("advisor")(f"jobs/{job.pk}/add-lines/", body, **{"Idempotency-Key": "a"})
    assert answer.status_code == 200, answer.content
    oil, labour = Line.objects.order_by("id")
    assert (oil.kind, oil.code, oil.name, oil.unit) == ("part", "P-1002", "全合成机油 5W-30", "L")
    assert (oil.quantity, oil.amount, oil.cost, oil.item) == (
        Decimal("4.50"),
        Decimal("441.00"),
        Decimal("45.00"),
        shelf["oil"],
    )
    assert (labour.kind, labour.price, labour.amount, labour.unit) == ("labour", Decimal(380), Decimal(570), "h")


def test_a_price_may_differ_from_the_list(cast, job, shelf):
    (line,) = add(cast, job, FREE | {"item": shelf["oil"], "price": Decimal(90)})
    assert (line.price, line.item) == (Decimal(90), shelf["oil"])


def test_labour_without_a_price_is_at_the_stores_rate(cast, job):
    (line,) = add(cast, job, {"kind": "labour", "name": "检查", "quantity": Decimal("0.5"), "price": None})
    assert (line.price, line.unit, line.amount) == (Decimal(380), "h", Decimal(190))


def test_a_part_in_ones_own_words_needs_a_price(cast, job):
    with pytest.raises(Refused) as no:
        add(cast, job, FREE | {"price": None})
    assert no.value.field == "lines"


@pytest.mark.parametrize(("supply", "percent", "net"), [("repair", "13.0", "148.67"), ("service", "6.0", "158.49")])
def test_vat_follows_the_supply(cast, job, supply, percent, net):
    (line,) = add(cast, job, FREE | {"supply": supply})
    assert (line.vat_percent, line.net) == (Decimal(percent), Decimal(net))


def test_a_wash_of_the_catalogue_is_another_service_whatever_is_sent(cast, job, shelf):
    (line,) = add(cast, job, FREE | {"item": shelf["wash"], "supply": "repair"})
    assert line.vat_percent == Decimal("6.0")


def test_another_companys_item_is_refused(cast, job, program):
    theirs = CatalogueItem.objects.create(company=cast.foreign.company, kind="part", code="X", name="灯", price=1)
    with pytest.raises(Refused):
        add(cast, job, FREE | {"item": theirs})
    body = {"lines": [{"item": theirs.pk}]}
    answer = program("advisor")(f"jobs/{job.pk}/add-lines/", body, **{"Idempotency-Key": "a"})
    assert answer.status_code == 400


def test_goodwill_of_the_store_is_no_way_round_the_authority(cast, job):
    own = Party.objects.create(company=cast.store.company, kind="store", name="本店承担")
    with pytest.raises(Refused) as no:
        add(cast, job, FREE | {"payer": "store", "party": own, "reason": "goodwill"})
    assert no.value.code == "needs_approval"
    assert not Line.objects.exists()


def test_a_spare_row_that_nobody_touched_is_no_line(cast, job, browser):
    client = browser("advisor")
    page = client.get(f"/jobs/{job.pk}/add-lines/").content.decode()
    assert page.count('value="380.00"') == 3, "two spare rows and the one to copy begin with the store's rate"
    spare = {"price": "380.00", "unit": "h", "kind": "labour", "payer": "customer", "reason": "repair"}
    sent = {f"lines-{i}-{name}": value for i in (0, 1) for name, value in spare.items()}
    sent |= {"lines-0-name": "更换前制动片", "lines-0-quantity": "1.5", "form_token": "a"}
    assert client.post(f"/jobs/{job.pk}/add-lines/", sent).status_code == 302
    assert Line.objects.get().amount == Decimal("570.00")


def test_what_was_typed_comes_back_with_what_is_wrong(cast, job, browser):
    sent = {"lines-0-kind": "part", "lines-0-name": "雨刮片", "lines-0-quantity": "x", "form_token": "a"}
    answer = browser("advisor").post(f"/jobs/{job.pk}/add-lines/", sent)
    page = answer.content.decode()
    assert answer.status_code == 422 and "雨刮片" in page and 'value="x"' in page and "is-invalid" in page


def test_hits_come_while_one_types(cast, job, shelf, browser):
    find = browser("advisor")
    piece = find.get(f"/catalogue/find/?job={job.pk}&find=机油").content.decode()
    assert f'data-item="{shelf["oil"].pk}"' in piece and 'data-price="98.00"' in piece
    assert "380.00" in find.get(f"/catalogue/find/?job={job.pk}&find=L-01").content.decode()
    CatalogueItem.objects.filter(code="P-1002").update(is_active=False)
    assert "P-1002" not in find.get(f"/catalogue/find/?job={job.pk}&find=机油").content.decode()
    assert browser("stranger").get(f"/catalogue/find/?job={job.pk}&find=机油").status_code == 404
    assert "data-item" not in browser("stranger").get("/catalogue/find/?find=机油").content.decode()
    assert browser("cashier").get("/catalogue/find/?find=机油").status_code == 403


def test_without_javascript_the_form_itself_searches_and_takes_over(cast, job, shelf, browser):
    client = browser("advisor")
    typed = {"lines-0-kind": "labour", "lines-0-name": "检查底盘", "lines-0-quantity": "0.3", "lines-0-price": "380.00"}
    found = client.post(f"/jobs/{job.pk}/add-lines/", typed | {"find": "机油", "form_token": "a"})
    page = found.content.decode()
    assert found.status_code == 200 and "检查底盘" in page and f'name="add" value="{shelf["oil"].pk}"' in page
    assert 'name="form_token" value="a"' not in page
    taken = client.post(f"/jobs/{job.pk}/add-lines/", typed | {"add": shelf["oil"].pk, "form_token": "b"})
    assert f'name="lines-1-item" value="{shelf["oil"].pk}"' in taken.content.decode()
    assert not Line.objects.exists()


def test_the_order_adds_up(cast, job, shelf):
    add(cast, job, FREE, FREE | {"item": shelf["wash"], "quantity": Decimal(2)})
    assert Order.objects.get().amount == sum(Line.objects.values_list("amount", flat=True))
