"""Row 5: one key, one row set: many at once over real HTTP, and web workers killed before and after the commit."""

import http.client
import json
import secrets
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.db import connection

from core.actions import make_token
from core.actor import CONSOLE
from core.models import KeyedRequest
from customers.models import Customer
from finance.models import Payment, Settlement
from tests.hard.conftest import FULL, race
from tests.hard.web import Program, Web

# faults and races one after the other on one worker, so that they disturb only themselves
pytestmark = [pytest.mark.hard, pytest.mark.django_db(transaction=True)]

AT_ONCE = 100 if FULL else 40
KILLS = 200 if FULL else 20


@pytest.fixture
def web(environment: dict[str, str], tmp_path: Path) -> Iterator[Web]:
    """The real server on the database of this test, with accidents on request."""
    more = {"DJANGO_SETTINGS_MODULE": "dealer.settings", "VAR_DIR": str(tmp_path)}
    with Web(environment | more, tmp_path, "tests.hard.dying:application") as one:
        yield one


@pytest.fixture
def tokens(cast: Any) -> dict[str, str]:
    people = ("advisor", "care_agent", "cashier")
    return {name: make_token(name="hard", by=CONSOLE, employee=cast.people[name]).text for name in people}


def counts() -> dict[str, int]:
    """How many rows every table has."""
    found = {}
    with connection.cursor() as cursor:
        for model in apps.get_models():
            cursor.execute(f'SELECT count(*) FROM "{model._meta.db_table}"')
            found[model._meta.db_table] = cursor.fetchone()[0]
    return found


def growth(before: dict[str, int], after: dict[str, int]) -> dict[str, int]:
    return {table: after[table] - n for table, n in before.items() if after[table] != n}


@pytest.fixture
def program(web: Web) -> Iterator[Callable[[str], Program]]:
    """Programs that are closed when the test is over."""
    made: list[Program] = []

    def make(token: str) -> Program:
        made.append(Program(web.port, token=token, timeout=20))
        return made[-1]

    yield make
    for one in made:
        one.close()


def body_of(cast: Any, name: str) -> dict[str, Any]:
    phone = "139" + "".join(secrets.choice("0123456789") for _ in range(8))
    return {"company": cast.store.company_id, "kind": "person", "name": name, "phone": phone}


def test_one_key_many_times_at_once_is_one_set_of_rows(cast, web, tokens, program):
    programs = [program(tokens["advisor"]) for _ in range(AT_ONCE)]
    programs[0].post("customers/", body_of(cast, "热身"))  # what only the first request ever writes
    before, body = counts(), body_of(cast, "王海燕")
    answers = race(AT_ONCE, lambda n: programs[n].post("customers/", body, key="one"))
    many = growth(before, counts())
    assert {one.status for one in answers} == {201}, answers
    assert len({one.body for one in answers}) == 1, "the same bytes for everybody"
    assert sum("idempotent-replay" not in one.headers for one in answers) == 1
    before = counts()
    assert programs[0].post("customers/", body_of(cast, "李"), key="two").status == 201
    assert many == growth(before, counts()), "as many rows in every table as one request makes"


def test_the_key_holds_for_one_body_and_one_asker(cast, web, tokens, program):
    body = body_of(cast, "王海燕")
    asked = [program(tokens["advisor"]) for _ in range(16)]
    other = program(tokens["care_agent"])

    def send(n: int) -> Any:
        # on a slow machine the first holds the key for longer than the others wait; they are told to try again
        tries = (asked[n].post("customers/", body | ({"city": f"城{n}"} if n else {}), key="one") for _try in range(9))
        return next(one for one in tries if one.status != 409)

    answers = race(16, send)
    assert sorted(one.status for one in answers) == [201] + [422] * 15
    assert all(one.json()["code"] == "key_reused" for one in answers if one.status == 422)
    assert other.post("customers/", body, key="one").status == 201
    assert Customer.objects.filter(name="王海燕").count() == 2


def test_a_part_payment_retried_by_everybody_is_taken_once(cast, chain, web, tokens, program):
    settlement = Settlement.objects.get(visit=chain.settled())
    asked = [program(tokens["cashier"]) for _ in range(AT_ONCE)]
    body = {"amount": "100.00", "method": "cash"}
    answers = race(AT_ONCE, lambda n: asked[n].post(f"settlements/{settlement.pk}/pay/", body, key="till-1"))
    assert {one.status for one in answers} == {200}, [one for one in answers if one.status != 200][:2]
    assert Payment.objects.count() == 1
    settlement.refresh_from_db()
    assert settlement.paid == 100


def test_workers_are_killed_and_the_retry_gives_exactly_one(cast, web, tokens, program):
    """Half of them after the commit and before the answer, half of them just before the commit."""
    asked = program(tokens["advisor"])
    lost, killed = 0, {one.pid for one in web.workers()}
    for n in range(KILLS):
        moment = "committed" if n % 2 == 0 else "working"
        body, key = body_of(cast, f"客户{n}"), f"kill-{n}"
        with pytest.raises(OSError):  # no answer: the connection is reset, or closed without a word
            _once(web.port, tokens["advisor"], body, key, moment)
        there = Customer.objects.filter(name=f"客户{n}").count()
        assert there == (1 if moment == "committed" else 0)
        again = _retry(asked, body, key)
        assert again.status == 201, again
        assert ("idempotent-replay" in again.headers) == (moment == "committed")
        assert Customer.objects.filter(name=f"客户{n}").count() == 1
        lost += 1
        killed |= {one.pid for one in web.workers()}
    assert lost == KILLS
    assert len(killed) > KILLS // 2, "workers really died"
    assert KeyedRequest.objects.filter(status=0).count() == 0, "no key is stuck"
    assert KeyedRequest.objects.count() == KILLS


def _once(port: int, token: str, body: dict[str, Any], key: str, moment: str) -> Any:
    """One request on a fresh connection, never asked again by the client."""
    connection_ = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    headers = {"Host": "localhost", "Authorization": f"Bearer {token}", "Idempotency-Key": key, "X-Dies": moment}
    try:
        connection_.request(
            "POST", "/api/v1/customers/", json.dumps(body), headers | {"Content-Type": "application/json"}
        )
        return connection_.getresponse().read()
    except http.client.HTTPException as problem:
        raise OSError("no answer") from problem
    finally:
        connection_.close()


def _retry(asked: Program, body: dict[str, Any], key: str) -> Any:
    """As a client does: again with the same key, until the server answers."""
    for _attempt in range(5):
        try:
            return asked.post("customers/", body, key=key)
        except (OSError, http.client.HTTPException):  # reset, or cut off in the middle of the answer
            asked.close()
    raise AssertionError("the server does not answer")


def test_killed_in_the_middle_of_others_work(cast, web, tokens, program):
    """Workers die under sixteen clients at once; each client asks until it has its answer: sixteen rows."""

    def client(n: int) -> Any:
        asked = program(tokens["advisor"])
        body, found = body_of(cast, f"并发{n}"), []
        for k in range(4):
            if n == 0 and k < 3:
                with pytest.raises(OSError):
                    _once(web.port, tokens["advisor"], body_of(cast, "x"), f"die-{k}", "committed")
            found.append(_retry(asked, body, f"mine-{n}"))
        return found

    answers = race(16, client)
    assert not [one for one in answers if isinstance(one, Exception)], answers
    assert {one.status for each in answers for one in each} == {201}
    assert Customer.objects.filter(name__startswith="并发").count() == 16
    assert KeyedRequest.objects.filter(status=0).count() == 0
