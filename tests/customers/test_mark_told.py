"""Without a provider somebody tells the customer by hand and notes it in the outbox."""

import pytest
from django.core.exceptions import PermissionDenied

from core.models import Entry
from core.rows import Refused
from customers import actions


@pytest.fixture
def message(cast, car):
    by = cast.by("advisor")
    return actions.tell(cast.store, car.owner, car.owner.phone, "car_ready", "sms", by=by, plate=car.plate)


def test_an_sms_waits_for_a_hand_and_a_phone_call_is_done(cast, car, message):
    assert message.done_at is None
    assert actions.tell(cast.store, car.owner, "", "car_ready", "phone", by=cast.by("advisor")).done_at


def test_the_outbox_says_that_nothing_is_sent_and_who_was_told_is_noted_once(cast, message, client):
    client.force_login(cast.advisor)
    page = client.get("/messages/").content.decode()
    assert "刘建国" in page
    path = f"/messages/{message.pk}/mark-told/"
    assert path in page
    assert client.get(path).status_code == 200
    assert client.post(path, {"form_token": "1"}).url == "/messages/"
    message.refresh_from_db()
    assert message.by_hand
    assert message.done_at
    assert Entry.objects.filter(verb="message.told").count() == 1
    with pytest.raises(Refused):
        actions.mark_told(message, by=cast.by("advisor"))
    assert "刘建国" not in client.get("/messages/").content.decode()
    assert "刘建国" in client.get("/messages/?tab=all").content.decode()


def test_others_may_not(cast, message, client):
    with pytest.raises(PermissionDenied):
        actions.mark_told(message, by=cast.by("monitor"))
    client.force_login(cast.stranger)
    assert client.get(f"/messages/{message.pk}/mark-told/").status_code == 404
    client.force_login(cast.cashier)
    assert client.get("/messages/").status_code == 403


def test_a_program_notes_it_too(cast, message, client):
    from core.actions import make_token
    from core.actor import CONSOLE

    text = make_token(name="test", by=CONSOLE, employee=cast.integration).text
    headers = {"Authorization": f"Bearer {text}"}
    path = f"/api/v1/messages/{message.pk}/mark-told/"
    told = [client.post(path, "", content_type="application/json", headers=headers) for _n in range(2)]
    assert [one.status_code for one in told] == [200, 409]
    assert told[0].json()["by_hand"] is True


def test_the_words_can_be_copied_from_the_list(cast, message, client):
    client.force_login(cast.advisor)
    page = client.get("/messages/").content.decode()
    assert f'id="message-{message.pk}"' in page and f'data-copy="message-{message.pk}"' in page
    assert "app/link.js" in page
