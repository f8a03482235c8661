"""Row 24 at every address of the house: a forged form, a page that writes when read, a way out, a wrong host.

Who asks is whoever may do most of those that may open the page, so that the whole page runs.
"""

import re
from collections import Counter
from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urlencode, urljoin, urlsplit

import pytest
from django.db import connection, transaction
from django.test import Client, RequestFactory

from core.roles import LINK_VERBS, Role
from core.web.browser import _next
from tests import access
from tests.access import Door
from tests.conftest import PASSWORD, Chain
from tests.hard.pages import people_for
from tests.test_access import client_of, documents, fill, own_of  # noqa: F401 (documents is a fixture)

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
FORM = "application/x-www-form-urlencoded"
HOUSE = "http://testserver"
FOREIGN = "evil.example"
# ways to say a foreign address that browsers understand
AWAY = (
    f"https://{FOREIGN}/",
    f"//{FOREIGN}/",
    f"///{FOREIGN}/",
    f"/\\{FOREIGN}/",
    f"\\\\{FOREIGN}/",
    f"/\t/{FOREIGN}/",
    f"/\n/{FOREIGN}/",
    f" //{FOREIGN}/",
    f"http:{FOREIGN}",
    f"https:///{FOREIGN}/",
    f"{HOUSE}@{FOREIGN}/",
    f"{HOUSE}.{FOREIGN}/",
    f"//testserver@{FOREIGN}/",
    f"javascript://{FOREIGN}/%0aalert(1)",
    f"data:text/html,{FOREIGN}",
)
PROXY_HOST = "other.example"
PROXY = {"X-Forwarded-Host": PROXY_HOST, "X-Host": PROXY_HOST, "Forwarded": f"host={PROXY_HOST}"}
BAD_HOSTS = (FOREIGN, f"testserver.{FOREIGN}", f"testserver@{FOREIGN}", f"testserver:80@{FOREIGN}", "testserver/x", "")
# what reading may leave behind: who looked at whose data, how often a link was opened, one's own session, the last use
# of a token, to the minute
NOTED = {"core_accessentry", "core_cache", "django_session", "usersessions_usersession", "core_accesstoken"}
# and what reading is for at one address alone: the notice that was opened counts as read
PACKAGE = ("mfa_", "account_login")  # pages of the package for sign-in: who has nothing to do there is sent on at once
OTHERS = {"loaded_sheet", "rejected_rows"}  # a file is its sender's alone: tests/service/test_catalogue.py
READING = {"open_notice": {"core_notice"}}
WRITES = re.compile(r"\b(?:INSERT\s+INTO|UPDATE|DELETE\s+FROM|TRUNCATE|MERGE\s+INTO|COPY|NEXTVAL)\b\W*(\w+)", re.I)


def written(sql: str) -> set[str]:
    """The tables that a statement changes; a row that is locked is not changed."""
    plain = re.sub(r"\bFOR\s+(NO\s+KEY\s+)?UPDATE\b", "", re.sub(r"'(?:[^']|'')*'", "'x'", sql), flags=re.I)
    return {table.lower() for table in WRITES.findall(plain)}


def test_what_a_statement_writes_is_recognised():
    assert written('SELECT "a" FROM "b" WHERE "c" = \'UPDATE d\' FOR UPDATE') == set()
    assert written('INSERT INTO "core_entry" ("id") VALUES (1)') == {"core_entry"}
    assert written('WITH x AS (DELETE FROM "core_task" RETURNING 1) SELECT 1') == {"core_task"}
    assert written("UPDATE \"core_task\" SET \"title\" = 'it''s'") == {"core_task"}
    assert written("SELECT nextval('core_task_id_seq')") != set()


class House:
    """Every address with somebody who may open it and the rows to fill in."""

    def __init__(self, cast: Any, rows: dict[str, Any]) -> None:
        self.cast, self.documents = cast, rows
        self.clients: dict[Any, Client] = {}
        self.links, self.photo = self._links()

    def _links(self) -> tuple[dict[str, str], int]:
        """What a customer holds: the address of an estimate, of a store's page, of a case; and a photo to look at."""
        from complaints.models.pages import page_token
        from core import actions as core
        from core.uploads import clean_upload
        from service import actions as service
        from tests.hard.pages import picture

        own = self.documents["own"]
        visit, advisor = Chain(self.cast, own["vehicles"]).estimated(), self.cast.by("advisor")
        link = service.send_link(visit.orders.get(), channel="wechat", hours=24, by=advisor)
        given = {"purpose": "work", "files": [clean_upload(picture())], "remark": ""}
        photo = core.attach(visit.orders.get().jobs.get(), **given, by=advisor)
        tokens = {"c": link.token, "complain": page_token(self.cast.store), "k": own["complaints"].token}
        return tokens, (photo[0] if isinstance(photo, list) else photo).pk

    def role(self, one: Door) -> str:
        """Of those who may open it, who may do most; a program only where nobody else may."""
        if one.verb in LINK_VERBS or not one.verb:
            return str(Role.ADVISOR)
        people = [role for role in people_for(self.cast, one.verb) if role != Role.INTEGRATION]
        return people[-1] if people else str(Role.INTEGRATION)

    def client(self, one: Door) -> Client:
        """A browser or a program, or the telephone of a customer."""
        role = "" if one.verb in LINK_VERBS else self.role(one)
        by_token = one.is_api and bool(one.verb)
        if (role, by_token) not in self.clients:
            client = client_of(self.cast, role, by_token=by_token) if role else Client()
            client.raise_request_exception = False
            self.clients[role, by_token] = client
        return self.clients[role, by_token]

    def path(self, one: Door) -> str:
        """The address with an id in it."""
        if one.verb in LINK_VERBS:
            token = self.links[one.path.split("/")[0]]
            return "/" + one.path.replace("<str:token>", token).replace("<int:pk>", str(self.photo))
        path = fill(one.path, own_of(self.cast, self.documents, self.role(one)))
        return path or "/" + re.sub(r"<[^>]+>", "1", one.path.replace("\\.", "."))

    def every(self, *methods: str) -> Iterator[tuple[Door, str]]:
        """All addresses that take one of the methods; `*` are those that say themselves what they take."""
        for one in access.doors():
            if one.method in methods:
                yield one, self.path(one)


@pytest.fixture
def house(cast, documents) -> House:  # noqa: F811
    return House(cast, documents)


class Undo(Exception):
    """What was done is taken back."""


class Written:
    """Watches what Postgres is told, and keeps the tables that are written."""

    def __init__(self) -> None:
        self.tables: set[str] = set()

    def __call__(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        self.tables |= written(str(sql))
        return execute(sql, params, many, context)


def asked(client: Client, method: str, path: str, body: str = "", **more: Any) -> tuple[Any, set[str]]:
    """The answer to one request and the tables it wrote; nothing of it stays."""
    answer: Any = None
    seen = Written()
    with connection.execute_wrapper(seen):
        try:
            with transaction.atomic():
                answer = client.generic(method, path, body, FORM, **more)
                if answer.streaming:
                    b"".join(answer.streaming_content)
                raise Undo
        except Undo:
            pass
    return answer, seen.tables - NOTED


# A forged form


def test_no_form_is_taken_without_its_mark(house):
    """A page of another site can make a browser send its cookies along, and nothing else."""
    wrong, count, browsers = [], 0, {}
    for one, path in house.every("POST", "PUT", "PATCH", "DELETE", "*"):
        method, role = "POST" if one.method == "*" else one.method, house.role(one)
        if role not in browsers:
            browsers[role] = Client(enforce_csrf_checks=True)
            browsers[role].force_login(house.cast.people[role], backend=BACKEND)
        answer, tables = asked(browsers[role], method, path, "form_token=1", headers={"Idempotency-Key": "1"})
        count += 1
        if answer.status_code != 403:
            wrong.append(f"{method} {path}: {answer.status_code}")
        if left := tables - {"core_keyedrequest"}:  # claimed, and taken back with the refusal
            wrong.append(f"{method} {path} wrote {left}")
    assert not wrong, "\n".join(wrong)
    assert count > 400


# Reading


def test_reading_writes_nothing_and_leads_nowhere_else(house):
    """Every page at every address, with a foreign `next` and a foreign host in the headers of a proxy."""
    wrong: list[str] = []
    seen: Counter[int] = Counter()
    for n, (one, path) in enumerate(house.every("GET", "*")):
        told = urlencode({"next": AWAY[n % len(AWAY)]})
        query = "" if one.is_api else f"?{told}"  # a program is told that it asks for what is not there
        answer, tables = asked(house.client(one), "GET", f"{path}{query}", headers=PROXY)
        seen[answer.status_code] += 1
        if left := tables - READING.get(one.name, set()):
            wrong.append(f"{path} wrote {left}")
        if answer.status_code not in {200, 302} and one.verb and one.name not in OTHERS:
            wrong.append(f"{path}: {answer.status_code}, so nothing of it was looked at")
        wrong += [f"{path}?{told}: {way}" for way in ways_out(answer)]
        if PROXY_HOST in str(answer.headers) or (not answer.streaming and PROXY_HOST.encode() in answer.content):
            wrong.append(f"{path} believes a header that names a host")
    print(f"pages read: {dict(seen)}")
    assert not wrong, "\n".join(wrong)
    assert seen[200] > 350


def test_what_only_takes_a_form_is_not_done_by_reading_it(house):
    """A HEAD is no way around a form either, though it needs no mark against forgery."""
    read = {one.path for one in access.doors() if one.method in {"GET", "*"}}
    wrong, count = [], 0
    for one, path in house.every("POST", "PUT"):
        if one.path not in read:
            for method in ("GET", "HEAD", "OPTIONS"):
                answer, tables = asked(house.client(one), method, path)
                count += 1
                if tables or answer.status_code not in ({405} if method != "OPTIONS" else {200, 405}):
                    wrong.append(f"{method} {path}: {answer.status_code}, wrote {tables}")
    assert not wrong, "\n".join(wrong)
    assert count > 200


@pytest.mark.hard
def test_asking_about_a_page_writes_nothing(house):
    """HEAD and OPTIONS of the pages that can be read."""
    wrong = []
    for one, path in house.every("GET", "*"):
        for method in ("HEAD", "OPTIONS"):
            answer, tables = asked(house.client(one), method, path)
            if tables - READING.get(one.name, set()) or answer.status_code >= 500:
                wrong.append(f"{method} {path}: {answer.status_code}, wrote {tables}")
    assert not wrong, "\n".join(wrong)


def test_a_method_that_no_page_knows_is_refused(house):
    """Where the access matrix does not look: what is open to everybody or by link."""
    wrong = []
    for one, path in house.every("GET", "*"):
        if one.verb and one.verb not in LINK_VERBS:
            continue
        for method in ("PATCH", "DELETE", "TRACE", "PROPFIND"):
            answer, tables = asked(house.client(one), method, path)
            is_sent_on = one.name.startswith(PACKAGE) and answer.status_code in {302, 404}
            if tables or not (answer.status_code == 405 or is_sent_on):
                wrong.append(f"{method} {path}: {answer.status_code}, wrote {tables}")
    assert not wrong, "\n".join(wrong)


# The way on


def leads_away(address: str) -> bool:
    """Whether a browser that stands on a page of the house would leave it."""
    plain = re.sub(r"[\t\r\n]", "", address.strip()).replace("\\", "/")
    scheme = urlsplit(plain).scheme
    return FOREIGN in (urlsplit(urljoin(f"{HOUSE}/a/", plain)).hostname or "") or scheme in {"javascript", "data"}


class Ways(HTMLParser):
    """Every address to which a page leads."""

    LEAD = {"href", "action", "formaction", "src", "content", "data-href", "data-url", "hx-get", "hx-post"}

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found += [value for name, value in attrs if value and name in self.LEAD]


def ways_out(answer: Any) -> list[str]:
    """Where an answer would send somebody out of the house."""
    ways = [
        answer.headers.get(name, "") for name in ("Location", "HX-Redirect", "HX-Location", "HX-Push-Url", "Refresh")
    ]
    if "html" in answer.headers.get("Content-Type", "") and not answer.streaming:
        reader = Ways()
        reader.feed(answer.content.decode())
        ways += [way for way in reader.found if FOREIGN in way]
    return [way for way in ways if way and leads_away(way)]


def test_foreign_addresses_are_recognised():
    browsers_leave = [way for way in AWAY if not way.startswith(("http:evil", "https:///", "data", "///"))]
    assert [way for way in browsers_leave if not leads_away(way)] == []
    assert not leads_away(f"/tasks/?next=https://{FOREIGN}/")


@pytest.mark.parametrize("away", AWAY)
def test_the_way_on_never_leads_out_of_the_house(away, rf: RequestFactory):
    assert _next(rf.get("/tasks/", {"next": away})) == ""
    assert _next(rf.get("/tasks/", {"next": "/tasks/3/?tab=all"})) == "/tasks/3/?tab=all"


def test_no_form_takes_a_way_out(house):
    """Every form at every address, sent with a foreign `next` in the address and in the form."""
    wrong, taken = [], 0
    for n, (one, path) in enumerate(house.every("POST", "*")):
        told = urlencode({"next": AWAY[n % len(AWAY)]})
        if not one.is_api:
            answer, _tables = asked(house.client(one), "POST", f"{path}?{told}", told)
            taken += answer.status_code == 302
            wrong += [f"{path}?{told}: {way}" for way in ways_out(answer)]
    assert not wrong, "\n".join(wrong)
    assert taken > 20, "forms that were taken, so that their way on was seen"


@pytest.mark.parametrize("away", AWAY)
def test_the_forms_that_carry_their_way_on_in_them(cast, away):
    for path, more in [
        ("/language/", {"language": "en"}),
        ("/theme/", {"theme": "dark"}),
        ("/store/", {"store": cast.store.pk}),
        ("/account/logout/", {}),
        ("/account/login/", {"login": "advisor", "password": PASSWORD}),
    ]:
        client = Client() if "login" in path else client_of(cast, "advisor")
        answer = client.post(f"{path}?{urlencode({'next': away})}", more | {"next": away})
        assert answer.status_code == 302, path
        assert ways_out(answer) == [], path
    answer = Client().get("/account/login/", {"next": away})
    assert ways_out(answer) == []
    assert away not in answer.headers.get("Location", "")


# The host


def test_no_address_answers_under_a_foreign_host(house):
    wrong = []
    for n, (one, path) in enumerate(house.every("GET", "POST", "PUT", "PATCH", "*")):
        for bad in (FOREIGN, BAD_HOSTS[n % len(BAD_HOSTS)]):
            method = "GET" if one.method == "*" else one.method
            answer, tables = asked(house.client(one), method, path, HTTP_HOST=bad)
            if answer.status_code != 400 or tables or FOREIGN in str(answer.headers):
                wrong.append(f"{method} {path} at {bad!r}: {answer.status_code}, wrote {tables}")
    assert not wrong, "\n".join(wrong)
