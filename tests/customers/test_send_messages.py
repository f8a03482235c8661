"""Messages go out by a gateway: once, with no transaction open, with patience, and only where they are wanted."""

import json
import socket
import threading
from collections.abc import Iterator
from datetime import time, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from django.db import connection
from django.utils.timezone import localtime, now

from core.actor import CLOCK
from core.models import Entry
from core.rows import Refused
from customers import actions, adapters
from customers.models import Message


class Gateway(ThreadingHTTPServer):
    """A provider on this machine: takes what it is given, or does what `answers` says first."""

    daemon_threads = True

    def __init__(self) -> None:
        self.got: list[dict[str, Any]] = []
        self.headers: list[dict[str, str]] = []
        self.answers: list[Any] = []
        self.let_go = threading.Event()
        super().__init__(("127.0.0.1", 0), _Hear)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/send?v=1"


class _Hear(BaseHTTPRequestHandler):
    server: Gateway

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.got.append(json.loads(body) | {"path": self.path})
        self.server.headers.append(dict(self.headers))
        answer = self.server.answers.pop(0) if self.server.answers else 200
        if answer == "hang":
            self.server.let_go.wait(20)
            return
        if answer == "drip":
            while not self.server.let_go.wait(0.05):
                try:
                    self.wfile.write(b"H")
                except OSError:
                    return
            return
        status, more = answer if isinstance(answer, tuple) else (answer, {})
        self.send_response(status)
        for name, value in more.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(b'{"ok": true}')

    def log_message(self, *_words: Any) -> None:
        pass


@pytest.fixture
def gateway(settings: Any) -> Iterator[Gateway]:
    server = Gateway()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    settings.MESSAGE_GATEWAYS = {"sms": {"url": server.url, "token": "secret-token"}}
    settings.MESSAGE_TIMEOUT = 0.4
    yield server
    server.let_go.set()
    server.shutdown()
    server.server_close()


def tell(cast, car, channel="sms", code="car_ready", **more):
    return actions.tell(
        cast.store, car.owner, car.owner.phone, code, channel, by=cast.by("advisor"), plate=car.plate, **more
    )


def run() -> int:
    """What the clock does, until nothing is due."""
    count = 0
    while actions.send_next(adapters.send, by=CLOCK):
        count += 1
    return count


def due_again() -> None:
    Message.objects.filter(done_at=None).update(due_at=now() - timedelta(seconds=1))


def test_a_message_is_sent_once_with_its_key_and_the_token(cast, car, gateway):
    message = tell(cast, car)
    assert message.state == Message.State.WAITING
    assert run() == 1
    (got,) = gateway.got
    assert (got["channel"], got["to"], got["code"], got["path"]) == ("sms", "13800006621", "car_ready", "/send?v=1")
    assert got["dedupe"] == message.dedupe
    assert "沪A·8K721" in got["text"] and "宏达一店" in got["text"]
    assert gateway.headers[0]["Authorization"] == "Bearer secret-token"
    message.refresh_from_db()
    assert (message.state, message.by_hand, message.attempts) == (Message.State.SENT, False, 1)
    assert run() == 0
    assert Entry.objects.filter(verb="message.sent").count() == 1


def test_told_twice_under_one_name_is_one_message(cast, car, gateway):
    first, second = (tell(cast, car, dedupe="car_ready-7") for _n in range(2))
    assert first == second
    assert (run(), len(gateway.got)) == (1, 1)
    assert tell(cast, car, dedupe="car_ready-7") == first
    assert run() == 0


def test_no_transaction_is_open_while_the_gateway_is_asked(cast, car, gateway):
    """And the attempt is on record before the call, so that one that kills its worker counts."""
    tell(cast, car)
    outside = len(connection.savepoint_ids)
    seen = []

    def send(**_more: Any) -> None:
        seen.append((len(connection.savepoint_ids), Message.objects.get().attempts))

    actions.send_next(send, by=CLOCK)
    assert seen == [(outside, 1)]


@pytest.mark.parametrize("answer", [500, 503, 429, (302, {"Location": "http://127.0.0.1:1/"}), "hang", "drip"])
def test_what_goes_wrong_is_tried_again_and_given_up_after_the_fifth_time(cast, car, gateway, settings, answer):
    settings.MESSAGE_TIMEOUT = 0.1
    message = tell(cast, car)
    gateway.answers = [answer] * 5
    for attempt in range(1, 6):
        due_again()
        assert run() == 1
        message.refresh_from_db()
        assert message.attempts == attempt
        assert message.state == (Message.State.GIVEN_UP if attempt == 5 else Message.State.WAITING)
    due_again()
    assert run() == 0
    assert len({got["dedupe"] for got in gateway.got}) == 1, "the same key each time"
    assert message.last_error
    assert Entry.objects.filter(verb="message.given_up").count() == 1


def test_a_redirect_is_not_followed(cast, car, gateway):
    other = Gateway()
    threading.Thread(target=other.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    tell(cast, car)
    gateway.answers = [(307, {"Location": other.url})]
    run()
    assert other.got == []
    other.shutdown()
    other.server_close()


def test_nobody_listening_is_a_failed_attempt(cast, car, gateway, settings):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        settings.MESSAGE_GATEWAYS = {"sms": {"url": f"http://127.0.0.1:{free.getsockname()[1]}/", "token": ""}}
    message = tell(cast, car)
    assert run() == 1
    message.refresh_from_db()
    assert message.attempts == 1 and "ConnectionRefused" in message.last_error


def test_one_bad_message_does_not_keep_the_others(cast, car, gateway):
    bad, good = tell(cast, car), tell(cast, car)
    gateway.answers = [500]
    assert run() == 2
    bad.refresh_from_db()
    good.refresh_from_db()
    assert (bad.state, good.state) == (Message.State.WAITING, Message.State.SENT)


@pytest.mark.parametrize(("status", "state"), [(409, "sent"), (400, "given_up"), (422, "given_up")])
def test_a_double_is_as_good_as_sent_and_a_refusal_is_for_good(cast, car, gateway, status, state):
    message = tell(cast, car)
    gateway.answers = [status]
    run()
    message.refresh_from_db()
    assert message.state == state


def test_without_a_gateway_it_waits_for_a_hand_and_an_old_one_is_not_sent_later(cast, car, gateway):
    wechat, old = tell(cast, car, channel="wechat"), tell(cast, car)
    Message.objects.filter(pk=old.pk).update(due_at=now() - timedelta(days=3))
    assert run() == 0
    for message in (wechat, old):
        message.refresh_from_db()
        assert (message.state, message.attempts) == (Message.State.BY_HAND, 0)


def test_who_takes_consent_back_meanwhile_is_not_written_to(cast, car, gateway):
    message = tell(cast, car)
    actions.note_consent(car.owner, via="phone", service_sms=False, by=cast.by("advisor"))
    run()
    message.refresh_from_db()
    assert (gateway.got, message.state) == ([], Message.State.GIVEN_UP)
    assert "does not want" in message.why
    with pytest.raises(Refused):
        actions.retry_message(message, by=cast.by("advisor"))


def _hours(begin: timedelta, end: timedelta) -> dict[str, time]:
    clock = localtime(now())
    return {"quiet_from": (clock + begin).time(), "quiet_until": (clock + end).time()}


def test_in_quiet_hours_it_waits_for_their_end(cast, car, gateway):
    for name, value in _hours(timedelta(hours=-1), timedelta(hours=2)).items():
        setattr(car.owner, name, value)
    car.owner.save()
    message = tell(cast, car)
    assert message.state == Message.State.QUIET
    assert timedelta(minutes=119) < message.due_at - now() < timedelta(minutes=121)
    assert run() == 0
    due_again()
    assert run() == 1, "looked at again, since the hours may have changed"
    message.refresh_from_db()
    assert (message.state, message.attempts, gateway.got) == (Message.State.QUIET, 0, [])


def test_without_a_phone_it_is_given_up_at_once(cast, car, gateway):
    car.owner.phone = ""
    message = tell(cast, car)
    run()
    message.refresh_from_db()
    assert (message.state, message.why) == (Message.State.GIVEN_UP, "No phone number is known.")


def test_what_was_given_up_is_sent_once_more_when_somebody_says_so(cast, car, gateway, client):
    message = tell(cast, car)
    gateway.answers = [400]
    run()
    client.force_login(cast.advisor)
    page = client.get("/messages/?tab=given_up").content.decode()
    path = f"/messages/{message.pk}/retry/"
    assert path in page and "HTTP 400" in page
    assert client.get(path).status_code == 200
    assert client.post(path, {"form_token": "1"}).url == "/messages/"
    assert run() == 1
    message.refresh_from_db()
    assert (message.state, len(gateway.got)) == (Message.State.SENT, 2)
    assert client.post(path, {"form_token": "2"}).status_code in {409, 422}
    client.force_login(cast.stranger)
    assert client.get(path).status_code == 404


def test_a_program_retries_too(cast, car, gateway, client):
    from core.actions import make_token
    from core.actor import CONSOLE

    message = tell(cast, car)
    gateway.answers = [400]
    run()
    text = make_token(name="test", by=CONSOLE, employee=cast.integration).text
    headers = {"Authorization": f"Bearer {text}"}
    path = f"/api/v1/messages/{message.pk}/retry/"
    told = [client.post(path, "", content_type="application/json", headers=headers) for _n in range(2)]
    assert [one.status_code for one in told] == [200, 409]
    assert told[0].json()["state"] == "waiting"


def test_the_words_are_in_the_customers_language_and_marketing_says_how_to_stop(cast, car):
    actions.note_consent(car.owner, via="counter", marketing_sms=True, by=cast.by("advisor"))
    car.owner.language = "en"
    car.owner.save()
    until = now() + timedelta(days=1)
    ready, later = tell(cast, car), tell(cast, car, code="new_promise", promised_at=until.isoformat())
    assert "your car 沪A·8K721 is ready" in ready.text and "unsubscribe" not in ready.text
    assert f"will be ready {localtime(until).day} " in later.text and "tomorrow" not in later.text
    assert "unsubscribe" in tell(cast, car, purpose="marketing").text


def test_the_link_of_an_estimate_is_written_anew_and_never_shown_to_a_program(cast, car, client):
    from core.links import address_of, fresh_nonce

    nonce = fresh_nonce()
    message = tell(cast, car, code="consent_asked", nonce=nonce)
    assert address_of(nonce) in message.text
    client.force_login(cast.advisor)
    told = client.get(f"/api/v1/messages/{message.pk}/").json()
    assert "nonce" not in told["params"]


def test_the_task_and_its_place_in_the_beat():
    from customers import tasks
    from dealer.celery import app

    assert app.conf.beat_schedule["send-messages"]["task"] == tasks.send_messages.name
