"""Adding and changing customers: both doors of the desk, two at once, and nobody else's."""

import pytest
from django.core.exceptions import PermissionDenied

from core.models import AccessEntry, Entry
from core.rows import Refused
from customers import actions
from customers.models import Call, Customer

FORM = {"kind": "person", "name": "陈静", "phone": "139 0000 1234", "level": "", "call_from": "", "call_until": ""}


def given(customer, **more):
    from customers.forms import EditCustomerForm

    known = EditCustomerForm.known(customer) | {"keeper": customer.keeper}
    return known | more


def test_a_customer_is_added_in_the_browser_once(cast, client):
    client.force_login(cast.advisor)
    assert client.get("/customers/add/").status_code == 200
    sent = FORM | {"company": cast.store.company.pk, "form_token": "once"}
    first, second = client.post("/customers/add/", sent), client.post("/customers/add/", sent)
    customer = Customer.objects.get()
    assert first["Location"] == second["Location"] == f"/customers/{customer.pk}/"
    assert (customer.name, customer.phone, customer.company) == ("陈静", "13900001234", cast.store.company)
    assert Entry.objects.filter(verb="customer.added").count() == 1


@pytest.mark.parametrize(
    ("wrong", "words"),
    [({"phone": "1390000123"}, "11"), ({"name": ""}, "id_name"), ({"call_from": "09:00"}, "id_call_until")],
)
def test_what_is_wrong_is_said_and_nothing_typed_is_lost(cast, client, wrong, words):
    client.force_login(cast.advisor)
    answer = client.post("/customers/add/", FORM | {"company": cast.store.company.pk, "remark": "常来"} | wrong)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert words in page
    assert "常来" in page
    assert not Customer.objects.exists()


def test_a_changed_customer_keeps_in_the_logbook_what_it_was(cast, car):
    from core.models import Detail

    customer = actions.edit_customer(car.owner, **given(car.owner, city="上海"), by=cast.by("advisor"))
    assert (customer.city, customer.version) == ("上海", 2)
    line = Entry.objects.get(verb="customer.edited")
    assert Detail.objects.get(pk=line.pk).values == {"city": ["", "上海"]}
    actions.edit_customer(customer, **given(customer), by=cast.by("advisor"))
    assert Entry.objects.filter(verb="customer.edited").count() == 1, "nothing changed, nothing to say"


def test_two_at_once_see_both_versions_and_decide(cast, car, client):
    client.force_login(cast.advisor)
    path = f"/customers/{car.owner.pk}/edit/"
    sent = FORM | {"name": "刘建国", "phone": "13800006621", "level": "gold", "remark": "我写的", "version": "1"}
    assert 'name="version" value="1"' in client.get(path).content.decode()
    actions.edit_customer(car.owner, **given(car.owner, remark="别人写的"), by=cast.by("care_agent"))
    answer = client.post(path, sent)
    page = answer.content.decode()
    assert answer.status_code == 412
    assert "我写的" in page
    assert "别人写的" in page
    assert 'name="version" value="2"' in page
    assert Customer.objects.get().remark == "别人写的"
    assert client.post(path, sent | {"version": "2"}).url == f"/customers/{car.owner.pk}/"
    assert Customer.objects.get().remark == "我写的"


def test_a_corrected_phone_stands_on_the_open_calls(care):
    call = care.assigned()
    actions.edit_customer(care.customer, **given(care.customer, phone="13800009999"), by=care.cast.by("care_agent"))
    call.refresh_from_db()
    assert call.phone == "13800009999"


def test_who_does_not_want_calls_is_taken_off_the_queue(care):
    care.assigned()
    actions.edit_customer(care.customer, **given(care.customer, do_not_call=True), by=care.cast.by("care_agent"))
    assert Call.objects.get().status == "dropped"


def test_a_stranger_and_a_reader(cast, car, client):
    with pytest.raises(PermissionDenied):
        actions.edit_customer(car.owner, **given(car.owner, city="北京"), by=cast.by("stranger"))
    client.force_login(cast.stranger)
    for path in (f"/customers/{car.owner.pk}/", f"/customers/{car.owner.pk}/edit/"):
        assert client.get(path).status_code == 404
    assert "刘建国" not in client.get("/customers/").content.decode()
    assert "刘建国" not in client.get("/customers/find/?owner_q=刘建国").content.decode()
    client.force_login(cast.monitor)
    assert client.get(f"/customers/{car.owner.pk}/edit/").status_code == 403


def test_the_page_of_a_customer_shows_everything_and_notes_who_read_it(care, client):
    call = care.assigned()
    client.force_login(care.cast.care_agent)
    page = client.get(f"/customers/{care.customer.pk}/").content.decode()
    for piece in ("13800006621", "沪A·8K721", "更换制动片", f"/calls/{call.pk}/"):
        assert piece in page
    read = AccessEntry.objects.get()
    assert (read.kind, read.object_id, read.by_id) == ("customer", care.customer.pk, care.cast.care_agent.pk)


def test_the_timeline_speaks_the_readers_language(cast, car, client):
    actions.edit_customer(car.owner, **given(car.owner, city="上海"), by=cast.by("advisor"))
    cast.advisor.language = "en"
    cast.advisor.save()
    client.force_login(cast.advisor)
    assert "Customer changed" in client.get(f"/customers/{car.owner.pk}/?tab=history").content.decode()


def test_half_of_the_hours_is_refused(cast, car):
    from datetime import time

    with pytest.raises(Refused) as told:
        actions.edit_customer(car.owner, **given(car.owner, call_from=time(9)), by=cast.by("advisor"))
    assert told.value.field == "call_until"
