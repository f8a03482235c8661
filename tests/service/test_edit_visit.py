"""What was noted at reception is put right later, under a version: driver, payer, limit, keys, wishes."""

from decimal import Decimal

import pytest

from core.models import Entry
from core.rows import Refused, Stale
from customers.models import Customer
from service import actions
from service.models import Line, Visit


@pytest.fixture
def firm(cast):
    return Customer.objects.create(company=cast.store.company, kind="firm", name="上海明德物流", phone="02155556666")


def test_what_changed_is_saved_and_recorded(cast, chain, firm):
    visit = chain.received(key_tag="7")
    noted = {"driver_name": "周子涵", "driver_phone": "+86 139 1234 5678", "payer": firm, "key_tag": "A12"}
    visit = actions.edit_visit(visit, **noted, spending_limit=Decimal(500), by=cast.by("advisor"))
    visit.refresh_from_db()
    assert (visit.driver_name, visit.driver_phone, visit.payer) == ("周子涵", "13912345678", firm)
    assert (visit.spending_limit, visit.key_tag) == (Decimal(500), "A12")
    line = Entry.objects.get(verb="visit.edited")
    assert {"driver_name", "payer", "key_tag", "spending_limit"} <= set(line.fields)
    before = visit.version
    assert actions.edit_visit(visit, **noted, by=cast.by("advisor")).version == before, "nothing new, nothing written"


def test_the_owner_as_payer_is_nobody_else(cast, chain):
    visit = chain.received()
    assert actions.edit_visit(visit, payer=visit.customer, by=cast.by("advisor")).payer is None


def test_an_older_version_is_refused(cast, chain):
    visit = chain.received()
    stale = Visit.objects.get()
    stale.expected_version = visit.version - 1
    with pytest.raises(Stale):
        actions.edit_visit(stale, key_tag="9", by=cast.by("advisor"))


def test_the_page_shows_both_versions(cast, chain, browser):
    visit = chain.received()
    client = browser("advisor")
    assert f'name="version" value="{visit.version}"' in client.get(f"/visits/{visit.pk}/edit/").content.decode()
    sent = {"driver_name": "周子涵", "waits": "yes", "key_tag": "B3", "version": visit.version, "form_token": "a"}
    actions.edit_visit(visit, key_tag="C9", by=cast.by("advisor"))
    answer = client.post(f"/visits/{visit.pk}/edit/", sent)
    page = answer.content.decode()
    assert answer.status_code == 412 and "B3" in page and "C9" in page
    visit.refresh_from_db()
    assert visit.key_tag == "C9"
    again = sent | {"version": visit.version, "form_token": "b"}
    assert client.post(f"/visits/{visit.pk}/edit/", again).status_code == 302
    visit.refresh_from_db()
    assert (visit.key_tag, visit.waits, visit.driver_name) == ("B3", True, "周子涵")


def test_after_settlement_nobody_else_pays_and_after_the_gate_nothing_changes(cast, chain, firm):
    visit = chain.settled()
    with pytest.raises(Refused) as no:
        actions.edit_visit(visit, payer=firm, by=cast.by("advisor"))
    assert no.value.field == "payer"
    actions.edit_visit(visit, key_tag="D4", by=cast.by("advisor"))


def test_a_car_that_left_is_history(cast, chain):
    with pytest.raises(Refused):
        actions.edit_visit(chain.left(), key_tag="D4", by=cast.by("advisor"))


def test_a_payer_of_another_company_is_refused(cast, chain):
    theirs = Customer.objects.create(company=cast.foreign.company, name="王芳", phone="13700001111")
    with pytest.raises(Refused) as no:
        actions.edit_visit(chain.received(), payer=theirs, by=cast.by("advisor"))
    assert no.value.field == "payer"


def test_a_key_tag_hangs_on_one_key(cast, chain, browser):
    from customers.models import Vehicle
    from tests.conftest import Chain

    chain.received(key_tag="7")
    other = Vehicle.objects.create(company=cast.store.company, plate="沪B11111", plate_kind="ordinary")
    visit = Chain(cast, other).received(key_tag="8")
    answer = browser("advisor").post(f"/visits/{visit.pk}/edit/", {"key_tag": "7", "waits": "no", "form_token": "a"})
    assert answer.status_code == 422 and "another car" in answer.content.decode()


def test_the_driver_agrees_up_to_the_limit_and_the_owner_beyond_it(cast, chain):
    visit = chain.estimated()
    noted = {"driver_name": "周子涵", "spending_limit": Decimal(600)}
    actions.edit_visit(visit, **noted, by=cast.by("advisor"))
    labour, part = Line.objects.order_by("id")  # 570 and 798
    order = visit.orders.get()

    def agree(line, name):
        rows = [{"line": line.pk, "answer": "authorised"}]
        actions.authorise(order, answers=rows, via="phone", consent_by=name, by=cast.by("advisor"))

    agree(labour, "周子涵")
    with pytest.raises(Refused) as no:
        agree(part, "周子涵")
    assert no.value.field == "consent_by"
    agree(part, "刘建国")


def test_the_rest_door_edits_with_the_version_it_read(cast, chain, program):
    visit = chain.received()
    ask = program("advisor")
    assert ask(f"visits/{visit.pk}/", {"key_tag": "5"}, "patch").status_code == 428
    etag = ask(f"visits/{visit.pk}/", method="get")["ETag"]
    answer = ask(f"visits/{visit.pk}/", {"key_tag": "5", "waits": True}, "patch", **{"If-Match": etag})
    assert (answer.status_code, answer.json()["key_tag"], answer.json()["waits"]) == (200, "5", True)
    assert answer.json()["driver_name"] == "刘建国", "what is left out stays"
    assert ask(f"visits/{visit.pk}/", {"key_tag": "6"}, "patch", **{"If-Match": etag}).status_code == 412
    assert program("stranger")(f"visits/{visit.pk}/", {}, "patch", **{"If-Match": etag}).status_code == 404
    assert program("cashier")(f"visits/{visit.pk}/", {}, "patch", **{"If-Match": etag}).status_code == 403
