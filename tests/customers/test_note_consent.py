"""What a customer agrees to: by purpose and channel, given and taken back as easily, never overwritten."""

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection, transaction
from django.db.utils import DatabaseError

from core.actions import make_token
from core.actor import CONSOLE
from core.models import Entry
from core.rows import Refused
from core.web import state_of
from customers import actions
from customers.models import Call, ContactConsent, Customer, may_contact


def note(customer, cast, **answers):
    return actions.note_consent(customer, via="counter", by=cast.by("advisor"), **answers)


@pytest.mark.duty("C-36")
def test_until_somebody_says_otherwise_the_order_may_be_talked_about_and_nothing_else(cast, car):
    owner = car.owner
    assert [may_contact(owner, "service", channel) for channel in ("phone", "sms", "wechat")] == [True] * 3
    assert [may_contact(owner, "marketing", channel) for channel in ("phone", "sms", "wechat")] == [False] * 3
    assert not may_contact(owner, "sharing", "")


def test_the_newest_word_counts_and_the_older_ones_stay(cast, car):
    note(car.owner, cast, marketing_sms=True)
    assert may_contact(car.owner, "marketing", "sms")
    assert not may_contact(car.owner, "marketing", "wechat")
    note(car.owner, cast, marketing_sms=False)
    assert not may_contact(car.owner, "marketing", "sms")
    said = ContactConsent.objects.order_by("id").values_list("purpose", "channel", "is_given", "by_name")
    assert list(said) == [("marketing", "sms", True, "ADVISOR"), ("marketing", "sms", False, "ADVISOR")]
    note(car.owner, cast, marketing_sms=False, sharing=None)
    assert ContactConsent.objects.count() == 2, "the same word again is no news"
    assert Entry.objects.filter(verb="customer.consent_noted").count() == 2


def test_who_refuses_calls_is_taken_off_the_queue_and_may_change_their_mind(care):
    call = care.assigned()
    note(care.customer, care.cast, service_phone=False)
    call.refresh_from_db()
    care.customer.refresh_from_db()
    assert (call.status, care.customer.do_not_call) == (Call.Status.DROPPED, True)
    assert not may_contact(care.customer, "service", "phone")
    note(care.customer, care.cast, service_phone=True)
    care.customer.refresh_from_db()
    assert (may_contact(care.customer, "service", "phone"), care.customer.do_not_call) == (True, False)


def test_whoever_hears_it_the_word_is_kept(care):
    """On the phone, in the form of the customer, from an old system: each leaves its row."""
    from customers.forms import EditCustomerForm
    from tests.conftest import at
    from tests.customers.conftest import TUESDAY

    call = care.assigned()
    moment = at(TUESDAY, 10) + (call.not_before - at(TUESDAY, 10))
    actions.call(call, outcome="refused", by=care.cast.by("care_agent"), moment=moment)
    customer = Customer.objects.get(pk=care.customer.pk)
    known = EditCustomerForm.known(customer) | {"keeper": None, "do_not_call": False}
    actions.edit_customer(customer, **known, by=care.cast.by("advisor"))
    said = ContactConsent.objects.order_by("id").values_list("is_given", "via")
    assert list(said) == [(False, "phone"), (True, "counter")]


@pytest.mark.parametrize(
    "statement",
    ["UPDATE customers_contactconsent SET is_given = true", "DELETE FROM customers_contactconsent",
     "TRUNCATE customers_contactconsent"],
)  # fmt: skip
def test_no_word_is_changed_afterwards(cast, car, statement):
    note(car.owner, cast, marketing_sms=True)
    with pytest.raises(DatabaseError) as refused, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert state_of(refused.value) == "42501"


def test_in_the_browser_each_answer_stands_beside_its_channel(cast, car, client):
    client.force_login(cast.advisor)
    path = f"/customers/{car.owner.pk}/note-consent/"
    page = client.get(path).content.decode()
    for name in ("service_sms", "marketing_wechat", "sharing"):
        assert f'name="{name}"' in page
    sent = {"marketing_sms": "yes", "sharing": "no", "via": "paper", "remark": "签字", "version": "1"}
    assert client.post(path, sent).url == f"/customers/{car.owner.pk}/"
    word = ContactConsent.objects.get()
    assert (word.purpose, word.channel, word.is_given, word.via, word.remark) == (
        "marketing", "sms", True, "paper", "签字",
    )  # fmt: skip
    assert "签字" in client.get(path).content.decode()
    assert client.post(path, sent).status_code == 412, "somebody else's word came in between"
    assert client.post(path, {"marketing_sms": "no"}).status_code == 422, "how it was said is asked for"


def test_a_program_sends_only_what_changes(cast, car, client):
    text = make_token(name="test", by=CONSOLE, employee=cast.integration).text
    headers = {"Authorization": f"Bearer {text}"}
    path = f"/api/v1/customers/{car.owner.pk}/note-consent/"

    def send(body):
        return client.post(path, body, content_type="application/json", headers=headers)

    assert send({"marketing_sms": True, "via": "wechat"}).status_code == 200
    told = send({"sharing": True, "via": "wechat"}).json()["consents"]
    assert {(one["purpose"], one["channel"]) for one in told if one["is_given"]} == {
        ("service", "phone"), ("service", "sms"), ("service", "wechat"), ("marketing", "sms"), ("sharing", ""),
    }  # fmt: skip
    assert send({"marketing_sms": "yes", "via": "wechat"}).status_code == 400
    assert send({"marketing_email": True, "via": "wechat"}).status_code == 400
    assert send({"marketing_sms": True, "via": "merge"}).status_code == 400


def test_others_may_not(cast, car, client):
    for name in ("stranger", "cashier", "monitor"):
        with pytest.raises(PermissionDenied):
            actions.note_consent(car.owner, via="phone", marketing_sms=True, by=cast.by(name))
    client.force_login(cast.stranger)
    assert client.get(f"/customers/{car.owner.pk}/note-consent/").status_code == 404


def test_the_outbox_refuses_what_is_not_consented(cast, car):
    by = cast.by("advisor")
    with pytest.raises(Refused) as told:
        actions.tell(cast.store, car.owner, car.owner.phone, "car_ready", "sms", by=by, purpose="marketing")
    assert told.value.field == "channel"
    note(car.owner, cast, service_sms=False)
    with pytest.raises(Refused):
        actions.tell(cast.store, car.owner, car.owner.phone, "car_ready", "sms", by=by)
    assert actions.tell(cast.store, car.owner, car.owner.phone, "car_ready", "wechat", by=by)
    assert actions.tell(cast.store, car.owner, car.owner.phone, "car_ready", "counter", by=by), "said face to face"


def test_the_page_shows_at_a_glance_what_is_agreed_to(cast, car, client):
    note(car.owner, cast, marketing_sms=True)
    client.force_login(cast.advisor)
    page = client.get(f"/customers/{car.owner.pk}/").content.decode()
    assert page.count('<li class="is-given">') == 4
    assert page.count('<li class="is-refused">') == 3
