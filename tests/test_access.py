"""The access matrix, run: every URL x method x actor, with one's own documents and with a foreign company's.

Rows 17 and 18 of the acceptance table: the matrix is exactly as reviewed, through a session and with a token; and no
byte of a foreign company comes out of any list, search, filter, export, paper or form.
"""

import io
import json
import os
import re
import zipfile
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from django import forms
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.timezone import now
from pypdf import PdfReader

from complaints.figures import sheet_of
from complaints.models import CompensationKind, ConductRule, Problem, ProblemClass, ReplyTemplate
from core.actions import make_token
from core.actor import CLOCK, CONSOLE
from core.links import fresh_nonce
from core.models import Absence, Approval, Attachment, Authority, Delegation, Notice, Task
from core.roles import LINK_VERBS, VERBS, Role
from tests import access
from tests.access import METHODS, Door
from tests.conftest import make_person

ROLES = sorted(VERBS, key=str)


def test_the_matrix_is_as_reviewed():
    assert access.text() == access.FILE.read_text(encoding="utf-8"), (
        "run `python -m tests.access` and review the change"
    )
    assert not [one for one in access.doors() if one.verb == "?"], "a page without a verb"


# stand for the others in the short run: few verbs, many, and those of a desk; `make test` walks three more
SOME = ["cashier", "controller", "guard", "integration"]
# in the short run `make test` looks through these pages already, or others of SOME see as much
WALKED = set() if os.environ.get("HARD") == "full" else {"controller", "integration"}


def distinct_actors() -> list[str]:
    """One role for each distinct set of verbs; in the short run some of them."""
    seen: dict[frozenset[str], str] = {}
    for role in ROLES:
        seen.setdefault(VERBS[role], str(role))
    assert set(SOME) <= set(seen.values())
    return sorted(seen.values()) if os.environ.get("HARD") == "full" else SOME


@pytest.fixture
def documents(cast, chain) -> dict[str, Any]:
    """One document of each kind in HD01, and as many in the foreign company."""
    from core.models import Entry
    from customers import actions as customers
    from customers.models import Call, Message
    from dealer import actions as dealer
    from dealer.models import MonthlyReport
    from finance.models import GatePass, Payment, Settlement
    from service.models import Hold, Job, Line, Order, Party
    from tests.conftest import Cast, Chain

    def of(cast_: Cast, chain_: Chain) -> dict[str, Any]:
        word = "" if cast_ is cast else "CANARY "
        visit = chain_.left(jobs=[{"words": f"{word}刹车异响", "kind": "repair"}])
        customers.plan_calls(by=cast.by("care_manager"))
        report = MonthlyReport.objects.create(store=visit.store, month=visit.arrived_on.replace(day=1))
        dealer.build_reports(by=CLOCK)
        return (
            {
                "visits": visit,
                "orders": Order.objects.get(visit=visit),
                "jobs": Job.objects.get(order__visit=visit),
                "lines": Line.objects.filter(job__order__visit=visit).first(),
                "settlements": Settlement.objects.get(visit=visit),
                "payments": Payment.objects.get(settlement__visit=visit),
                "gate": GatePass.objects.get(visit=visit),
                "gate-passes": GatePass.objects.get(visit=visit),
                "customers": visit.customer,
                "vehicles": visit.vehicle,
                "calls": Call.objects.get(note__visit_id=visit.pk),
                "reports": report,
                "stores": visit.store,
                "messages": Message.objects.filter(store=visit.store).first(),
                "logbook": Entry.objects.filter(store=visit.store).first(),
                "holds": Hold.objects.filter(job__order__visit=visit).first(),
                "parties": Party.objects.create(company=visit.store.company, kind="insurer", name=f"{word}平安"),
                "employees": (
                    person := make_person(
                        f"clerk{visit.pk}", "Clerk" if cast_ is cast else "CANARY-CLERK", Role.TRAINER, visit.store
                    )
                ),
                "postings": person.postings.get(),
                "authorities": Authority.objects.filter(company=visit.store.company).first(),
                "absences": Absence.objects.create(
                    store=visit.store, employee=person, starts_at=now(), ends_at=now() + timedelta(days=1)
                ),
            }
            | money_of(visit, word)
            | cases_of(visit, person, word)
            | (desk_of(person, visit.store, word) if cast_ is not cast else {})
        )

    return {"own": of(cast, chain), "foreign": of(*foreign_house(cast))}


def money_of(visit: Any, word: str) -> dict[str, Any]:
    """What stands around a visit: papers, price lists, claims, the cash desk."""
    from finance.models import AccountReceipt, CashCount, CreditAgreement, Deposit, Invoice, LedgerEntry, Settlement
    from service.models import CatalogueItem, Menu

    store, day = visit.store, visit.arrived_on
    settlement = Settlement.objects.get(visit=visit)
    agreement = CreditAgreement.objects.create(
        company=store.company, customer=visit.customer, number=f"{word}XY-1", limit=1000, since=day, balance=10
    )
    taken: dict[str, Any] = {"store": store, "method": "cash", "amount": 10, "at": now(), "business_date": day}
    cashier = make_person(f"till{visit.pk}", f"{word}Till", Role.TRAINER, store)
    return {
        "agreements": agreement,
        "account-receipts": AccountReceipt.objects.create(
            agreement=agreement, number=f"{store.code}-AR-0-00001", taken_by=cashier, **taken
        ),
        "deposits": Deposit.objects.create(customer=visit.customer, number=f"{store.code}-DP-0-00001", **taken),
        "invoices": Invoice.objects.create(
            store=store,
            settlement=settlement,
            title=f"{word}个人",
            amount=settlement.amount,
            net=settlement.net,
            asked_at=now(),
        ),
        "cash-counts": CashCount.objects.create(
            store=store, business_date=day, cashier=cashier, difference=0, counted_at=now()
        ),
        "ledger": LedgerEntry.objects.filter(store=store).first(),
        "catalogue": CatalogueItem.objects.create(
            company=store.company, kind="part", code=f"{word}P1", name=f"{word}机滤", price=45
        ),
        "menus": Menu.objects.create(company=store.company, code=f"{word}M1", name=f"{word}小保养"),
        "attachments": Attachment.objects.create(
            store=store,
            company=store.company,
            kind="visit",
            object_id=visit.pk,
            name=f"{word}划痕.jpg",
            path=default_storage.save("attachments/access.jpg", ContentFile(b"only its address is looked at")),
            content_type="image/jpeg",
            size=1,
            digest="0",
            added_by=f"{word}Till",
            added_at=now(),
        ),
    }


def cases_of(visit: Any, person: Any, word: str) -> dict[str, Any]:
    """A complaint about a visit and what hangs on it; and the data that cases are run by, which are everybody's."""
    from complaints import models as cases

    store, day = visit.store, visit.arrived_on
    case = cases.Complaint.objects.create(
        store=store,
        number=f"{store.code}-CP-0-00001",
        nonce=fresh_nonce(),
        customer=visit.customer,
        vehicle=visit.vehicle,
        name=f"{word}赵敏",
        words=f"{word}空调不凉",
        received_at=now(),
        received_on=day,
    )
    option = cases.Option.objects.create(complaint=case, words=f"{word}免费检修")
    letter = cases.ProblemClass.objects.get_or_create(letter="Z", defaults={"name_zh": "其他"})[0]
    return {
        "complaints": case,
        "case-options": option,
        "case-agreements": cases.Agreement.objects.create(
            complaint=case, option=option, text=f"{word}双方同意", made_at=now()
        ),
        "accountabilities": accountable(case, person, word),
        "outside": cases.OutsideCase.objects.create(complaint=case, body="12345", number=f"{word}9", came_at=now()),
        "promises": cases.Promise.objects.create(
            complaint=case, words=f"{word}周五修好", by=person, made_at=now(), due_at=now() + timedelta(days=1)
        ),
        "corrections": corrected(store, person, word),
        "bulletins": cases.Bulletin.objects.create(
            company=store.company,
            title=f"{word}空调",
            source="own",
            brand="奥迪",
            words=f"{word}不凉",
            published_at=now(),
        ),
        "month-sheets": cases.MonthSheet.objects.create(
            store=store,
            month=PAST_MONTH,
            figures=sheet_of(store, PAST_MONTH, PAST_MONTH),
            measures=f"{word}培训",
            signed_at=now(),
        ),
        "problem-classes": letter,
        "problems": cases.Problem.objects.get_or_create(
            code="Z1", defaults={"name_zh": "其他", "problem_class": letter}
        )[0],
        "compensation-kinds": cases.CompensationKind.objects.first(),
        "conduct-rules": cases.ConductRule.objects.first(),
        "escalation-steps": cases.Step.objects.first(),
        "phrases": cases.Phrase.objects.first(),
        "reply-templates": cases.ReplyTemplate.objects.first(),
        "time-limits": cases.Target.objects.first(),
    }


def accountable(case: Any, person: Any, word: str) -> Any:
    """Somebody answers for a complaint, and reads that record on a page of their own."""
    from complaints.models import Accountability

    told = {"rule": f"{word}第3条", "words": f"{word}未说明", "measure": "talk", "proposed_at": now()}
    return Accountability.objects.create(complaint=case, employee=person, **told)


def corrected(store: Any, person: Any, word: str) -> Any:
    """What somebody has to change in the house, and sees as its owner."""
    from complaints.models import Correction

    day = now().astimezone().date()
    return Correction.objects.create(store=store, words=f"{word}先试车", owner=person, due_on=day, added_at=now())


def desk_of(person: Any, store: Any, word: str = "") -> dict[str, Any]:
    """What belongs to one person: what they asked for, their deputy, a task and a notice."""
    today = now().astimezone().date()
    deputy = make_person(f"deputy{person.pk}", f"{word}Deputy", Role.TRAINER, store)
    return {
        "approvals": Approval.objects.create(
            store=store,
            matter="discount",
            verb="finance.discount",
            kind="employee",
            object_id=person.pk,
            title=f"{word}8折",
            amount=20,
            reason=f"{word}老客户",
            asked_by=person,
            asked_at=now(),
        ),
        "delegations": Delegation.objects.create(
            store=store, principal=person, deputy=deputy, starts_on=today, ends_on=today
        ),
        "tasks": Task.objects.create(store=store, assignee=person, title=f"{word}回电话", due_at=now()),
        "notices": Notice.objects.create(employee=person, code="task_given", params={"title": word}, at=now()),
    }


def own_of(cast: Any, documents: dict[str, Any], role: str) -> dict[str, Any]:
    """The documents of one's own house, and what lies on one's own desk."""
    desks = documents.setdefault("desks", {})
    if role not in desks:
        person = cast.people[role]
        desks[role] = desk_of(person, person.store or cast.store)
        case = documents["own"]["complaints"]
        desks[role]["accountabilities"] = accountable(case, person, "")
        desks[role]["corrections"] = corrected(case.store, person, "")
    return documents["own"] | desks[role]


def foreign_house(cast: Any) -> tuple[Any, Any]:
    """The foreign company with a crew and a car of its own, marked with canaries."""
    from customers.models import Customer, Vehicle
    from tests.conftest import Cast, Chain, make_person

    house = Cast(cast.foreign, cast.foreign, cast.store)
    for role in (
        Role.ADVISOR,
        Role.GREETER,
        Role.TECHNICIAN,
        Role.INSPECTOR,
        Role.CONTROLLER,
        Role.CASHIER,
        Role.GUARD,
    ):
        house.people[role] = make_person(f"foreign-{role}", f"CANARY-{role}", role, cast.foreign)
    owner = Customer.objects.create(
        company=cast.foreign.company, name="CANARY-OWNER", phone="13900009999", level="gold"
    )
    car = Vehicle.objects.create(
        company=cast.foreign.company,
        owner=owner,
        plate="浙ACAN99",
        plate_kind="ordinary",
        vin="LSVAA49J132047371",
        brand="CANARY",
        model="X",
    )
    return house, Chain(house, car)


PAST_MONTH = date(2020, 1, 1)
# in every form in which they are shown: plain, with a dot in the plate, masked
CANARIES = ("CANARY", "CAN99", "3900009999", "139 ••••", "J132047371", "LSVAA49J••", "YH01", "远航")


def fill(path: str, documents: dict[str, Any]) -> str | None:
    """A path with the id of a document in it; None when it names none."""
    if "<" not in path:
        return "/" + path.replace("\\.", ".")
    if path.startswith("complaints/months/"):
        return "/" + path.replace("<int:store>", str(documents["stores"].pk)).replace(
            "<str:month>", f"{PAST_MONTH:%Y-%m}"
        )
    kind = re.match(r"(?:api/v1/|case-data/)?([a-z-]+)/", path)
    row = documents.get(kind[1]) if kind else None
    if row is None:
        return None
    if path.startswith("attachments/of/"):
        row = documents["visits"]
    path = path.replace("<str:kind>", "visit").replace("<str:what>", "catalogue")
    return "/" + re.sub(r"<[^>]+>|\(\?P<pk>[^)]*\)", str(row.pk), path)


def ask(client: Client, one: Door, path: str, method: str) -> Any:
    extra: dict[str, Any] = {}
    if method in {"POST", "PUT", "PATCH"}:
        extra = {"data": "{}", "content_type": "application/json"} if one.is_api else {"data": {}}
        if one.is_api:
            extra["headers"] = {"Idempotency-Key": f"{method}{path}", "If-Match": '"1"'}
        elif method != "POST":
            extra = {}
    return getattr(client, method.lower())(path, **extra)


def check(cast: Any, documents: dict[str, Any], role: str) -> list[str]:
    """What differs from the matrix for one role."""
    browser, program = client_of(cast, role), client_of(cast, role, by_token=True)
    verbs = VERBS[Role(role)]
    wrong = []
    allowed: dict[str, dict[str, str]] = {}
    for one in access.doors():
        if one.name in {"loaded_sheet", "rejected_rows"}:  # a file is its sender's alone: test_catalogue.py
            continue
        if one.verb and one.verb not in LINK_VERBS:  # no role has those: tests/service/test_link.py
            allowed.setdefault(one.path, {})[one.method] = one.verb
    for path, methods in allowed.items():
        one = Door(path, "", "GET", "x")
        mine, theirs = fill(path, own_of(cast, documents, role)), fill(path, documents["foreign"])
        assert mine is not None, f"no document to fill in {path}: add one to the fixture"
        client = program if one.is_api else browser
        for method in METHODS:
            status = ask(client, one, mine, method).status_code
            if method not in methods:
                if status not in {405, 403}:
                    wrong.append(f"{role} {method} {mine}: {status}, expected 405")
            elif methods[method] not in verbs:
                if status != 403:
                    wrong.append(f"{role} {method} {mine}: {status}, expected 403")
            elif status in {403, 404, 405} or status >= 500:
                wrong.append(f"{role} {method} {mine}: {status}, expected an answer")
            is_shared = mine == theirs  # data of the whole group
            is_foreign = "<int" in path and role != Role.GROUP_MANAGER and not is_shared
            if method in methods and methods[method] in verbs and is_foreign:
                answer = ask(client, one, theirs or "", method)
                if answer.status_code != 404:
                    wrong.append(f"{role} {method} foreign {theirs}: {answer.status_code}, expected 404")
    return wrong


def client_of(cast: Any, role: str, *, by_token: bool = False) -> Client:
    """Somebody of the cast in the browser, or a program in their name."""
    person = cast.people[role]
    if by_token:
        text = make_token(name="test", by=CONSOLE, employee=person).text
        return Client(headers={"Authorization": f"Bearer {text}"})
    client = Client()
    client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


@pytest.mark.parametrize("role", ["advisor", "guard", "finance_manager"])
def test_a_sample_of_roles(cast, documents, role):
    assert check(cast, documents, role) == []


@pytest.mark.hard
@pytest.mark.parametrize("role", distinct_actors())
def test_every_distinct_set_of_verbs(cast, documents, role):
    assert check(cast, documents, role) == []


def test_nobody_gets_in_without_signing_in(cast, documents):
    client = Client()
    for one in access.doors():
        path = fill(one.path, own_of(cast, documents, "advisor"))
        if not one.verb or path is None:
            continue
        answer = ask(client, one, path, one.method)
        assert answer.status_code in ({401} if one.is_api else {302}), f"{one.method} {path}: {answer.status_code}"


def test_what_is_open_is_open_to_those_signed_in_but_for_the_front_door():
    everybody = {"livez", "readyz", "set_language", "account_login", "account_logout", "mfa_authenticate"}
    everybody |= {"account_inactive"}
    client = Client()
    for one in access.doors():
        if one.verb or one.name in everybody:
            continue
        answer = client.get("/" + re.sub(r"<[^>]+>", "1", one.path))
        assert answer.status_code in {302, 401}, f"{one.path}: {answer.status_code}"
        assert answer.status_code == 401 or "/account/login/" in answer["Location"], answer["Location"]


def test_a_session_is_as_good_as_a_token_for_the_rest_door(cast, documents):
    wrong = []
    for role in ("advisor", "guard"):
        browser, program = client_of(cast, role), client_of(cast, role, by_token=True)
        for one in access.doors():
            if one.is_api and one.verb and one.method == "GET":
                path = fill(one.path, own_of(cast, documents, role))
                told = [client.get(path).status_code for client in (browser, program)]
                if told != [200 if one.verb in VERBS[Role(role)] else 403] * 2:
                    wrong.append(f"{role} {path}: {told}")
    assert wrong == []


def test_a_foreign_row_looks_like_a_missing_one(cast, documents, client):
    client.force_login(cast.advisor, backend="allauth.account.auth_backends.AuthenticationBackend")
    missing = {kind: type(row)(pk=999_999_999) for kind, row in documents["foreign"].items()}
    looked = 0
    for one in access.doors():
        if one.method == "GET" and "<" in one.path and one.verb in VERBS[Role.ADVISOR]:
            answers, counts = [], []
            for rows in (documents["foreign"], missing):
                with CaptureQueriesContext(connection) as seen:
                    answers.append(client.get(fill(one.path, rows)))
                counts.append(len(seen))
            theirs, none = answers
            assert counts[0] == counts[1], f"{one.path}: a foreign row takes another time than a missing one"
            assert (theirs.status_code, none.status_code) == (404, 404), one.path
            assert _without_tokens(theirs.content) == _without_tokens(none.content), one.path
            looked += 1
    assert looked > 30


def _without_tokens(body: bytes) -> bytes:
    """An answer without the random marks of its forms, in which any four letters may stand by chance."""
    return re.sub(rb'(?i)(csrfmiddlewaretoken|form_token|csrf(?:token)?)[^>]*?"[^"]{20,}"', b"", body)


# No byte of a foreign company


def words_of(answer: Any) -> str:
    """Everything an answer says: the text of pages, JSON and csv, of all parts of a workbook, all pages of a PDF."""
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    kind = answer.headers.get("Content-Type", "")
    said = [str(answer.headers)]
    if "spreadsheetml" in kind:
        with zipfile.ZipFile(io.BytesIO(body)) as book:
            said += [book.read(name).decode(errors="replace") for name in book.namelist()]
    elif kind == "application/pdf":
        reader = PdfReader(io.BytesIO(body))
        said += ["".join(page.extract_text().split()) for page in reader.pages] + [str(reader.metadata)]
    elif "json" in kind:
        said.append(json.dumps(json.loads(body), ensure_ascii=False))
    else:
        said.append(re.sub("</?mark>", "", _without_tokens(body).decode(errors="replace")))
    return "".join(said)


# what is asked for is not yet the whole of a canary, since a page repeats what was typed
TAILS = ("ANARY-OW", "AN99", "00009999", "047371", "00001", "远")


def questions(documents: dict[str, Any]) -> Iterator[str]:
    """What may be added to the address of a list: search, filters by foreign rows, orders, files."""
    theirs = documents["foreign"]
    people = {"employee": theirs["employees"].pk, "agent": theirs["employees"].pk, "keeper": theirs["employees"].pk}
    people |= {"advisor": theirs["visits"].advisor_id, "technician": theirs["jobs"].technician_id}
    people |= {"by_id": theirs["visits"].advisor_id}
    rows = {"store": "stores", "customer": "customers", "owner": "customers", "vehicle": "vehicles", "visit": "visits",
            "order": "orders", "job": "jobs", "settlement": "settlements", "party": "parties",
            "object_id": "visits"}  # fmt: skip
    ids = people | {name: theirs[kind].pk for name, kind in rows.items()} | {"company": theirs["stores"].company_id}
    yield ""
    for file in ("csv", "xlsx"):
        yield f"export={file}&tab=all&size=200"
        yield f"export={file}&store={ids['store']}"
    yield from (f"q={tail}&tab=all" for tail in TAILS)
    yield from (f"q={tail}&export=csv&tab=all" for tail in TAILS[:2])
    if os.environ.get("HARD") == "full":
        pieces = {word[i : i + n] for word in CANARIES for n in (3, 4) for i in range(len(word) - n + 1)}
        whole = {piece for piece in pieces if any(canary in piece for canary in CANARIES)}
        yield from (f"q={piece}&tab=all" for piece in sorted(pieces - whole))
    yield from (f"{name}={value}&tab=all" for name, value in ids.items())
    yield from ("tab=all&size=200", "sort=id&size=200", "sort=-id&size=200", "sort=name", "sort=plate", "sort=due_on")


def leaks(cast: Any, documents: dict[str, Any], role: str, asked: list[str]) -> tuple[list[str], int]:
    """Where somebody is shown something of the foreign company, and how many answers were looked through."""
    browser, program = client_of(cast, role), client_of(cast, role, by_token=True)
    found, looked = [], 0
    own = [*access.doors(), *(Door(path, "", "GET", "") for path in ("", "search/", "account/me/"))]
    for one in own:
        if one.method != "GET" or (one.verb and one.verb not in VERBS[Role(role)]):
            continue
        path, client = fill(one.path, own_of(cast, documents, role)), program if one.is_api else browser
        for question in [""] if "<" in one.path else asked:
            answer = client.get(f"{path}?{question}")
            said, looked = words_of(answer), looked + 1
            found += [f"{role} {path}?{question}: {canary}" for canary in CANARIES if canary in said]
            if answer.status_code >= 500:
                found.append(f"{role} {path}?{question}: {answer.status_code}")
    return found, looked


# data that every company of the group shares, so that none of their rows is foreign
OF_THE_GROUP = {CompensationKind, ConductRule, Problem, ProblemClass, ReplyTemplate}


def foreign_choices(form: Any, documents: dict[str, Any]) -> Iterator[tuple[str, int]]:
    """The fields of a form that name another row, each with a row of the foreign company."""
    by_model = {type(row): row for row in documents["foreign"].values()}
    by_model[type(documents["foreign"]["stores"].company)] = documents["foreign"]["stores"].company
    for name, field in form.fields.items():
        if isinstance(field, forms.ModelChoiceField) and field.queryset.model not in OF_THE_GROUP:  # type: ignore[union-attr]
            yield name, by_model[field.queryset.model].pk  # type: ignore[union-attr]


def posted(cast: Any, documents: dict[str, Any], role: str) -> tuple[list[str], int]:
    """Which forms take the id of a foreign row, or say something of it; and how many were asked."""
    from core.shapes import Rows

    program, wrong, asked = client_of(cast, role, by_token=True), [], 0
    for one, form_class in api_forms():
        if one.verb not in VERBS[Role(role)]:
            continue
        form = form_class(by=cast.by(role))
        bodies = [({name: pk}, name) for name, pk in foreign_choices(form, documents)]
        for name, field in form.fields.items():
            if isinstance(field, Rows):
                child = field.form_class(by=cast.by(role))
                bodies += [({name: [{inner: pk}]}, name) for inner, pk in foreign_choices(child, documents)]
        for body, name in bodies:
            asked += 1
            path = fill(one.path, own_of(cast, documents, role))
            headers = {"Idempotency-Key": f"{one.method} {path} {name}"}
            headers |= {} if one.method == "POST" else {"If-Match": '"1"'}
            send = getattr(program, one.method.lower())
            answer = send(path, json.dumps(body), content_type="application/json", headers=headers)
            if answer.status_code != 400 or name not in answer.json().get("fields", {}):
                wrong.append(f"{role} {one.method} {path} {body}: {answer.status_code} {answer.content[:200]!r}")
            wrong += [f"{role} {path} {body}: {canary}" for canary in CANARIES if canary in words_of(answer)]
    return wrong, asked


def api_forms() -> Iterator[tuple[Door, Any]]:
    """Every path of the REST door that takes a form."""
    from dealer import api_urls

    for one in api_urls.v1:
        for method, action in getattr(one.callback, "actions", {}).items():
            form_class = getattr(getattr(one.callback.cls, action), "form_class", None)
            if form_class:
                verb = getattr(one.callback.cls, action).verb
                yield Door(f"api/v1/{one.pattern}", str(one.name), method.upper(), verb), form_class


def test_no_byte_of_a_foreign_company_comes_out(cast, documents):
    found, looked = leaks(cast, documents, "integration", list(questions(documents)))
    assert found == []
    assert looked > 800


def test_the_search_for_canaries_would_find_one(cast, documents):
    """The same walk as the foreign company's own manager finds them everywhere, in papers and workbooks too."""
    from tests.conftest import make_person

    cast.people["integration"] = make_person("theirs", "theirs", Role.INTEGRATION, cast.foreign)
    asked = ["", "q=AN99", "export=csv&tab=all", "export=xlsx&tab=all"]
    found, _looked = leaks(cast, {"own": documents["foreign"]}, "integration", asked)
    shown = " ".join(found)
    for part in (
        "/print/?",
        "/pdf/?",
        "/xlsx/?",
        "export=xlsx",
        "export=csv",
        "/search/?q=",
        "/dashboard/",
        "/api/v1/",
    ):
        assert part in shown, part
    for canary in CANARIES:
        assert f": {canary}" in shown or canary in {"139 ••••", "LSVAA49J••"}, canary


@pytest.mark.parametrize("role", ["integration", "service_manager"])
def test_the_id_of_a_foreign_row_is_taken_by_no_form(cast, documents, role):
    wrong, asked = posted(cast, documents, role)
    assert wrong == []
    assert asked >= 8


def test_forms_of_the_browser_offer_and_take_nothing_foreign(cast, documents):
    browser, asked = client_of(cast, "integration"), 0
    for one in access.doors():
        if one.method != "POST" or one.is_api or one.verb not in VERBS[Role.INTEGRATION]:
            continue
        path = fill(one.path, own_of(cast, documents, "integration"))
        form = (browser.get(path).context or {}).get("form")
        for name, pk in foreign_choices(form, documents) if form is not None else ():
            asked += 1
            answer = browser.post(path, {name: str(pk)})
            assert answer.status_code == 422, f"{path} {name}: {answer.status_code}"
            assert name in answer.context["form"].errors, f"{path} {name}"
            assert [one for one in CANARIES if one in words_of(answer)] == [], path
    assert asked >= 8


@pytest.mark.hard
@pytest.mark.parametrize("role", sorted(set(distinct_actors()) - {"group_manager"} - WALKED))
def test_nobody_is_shown_anything_foreign(cast, documents, role):
    every = list(questions(documents))
    asked = every if os.environ.get("HARD") == "full" else [one for one in every if "export" in one or "store" in one]
    (found, looked), (taken, sent) = leaks(cast, documents, role, ["", *asked]), posted(cast, documents, role)
    assert (found, taken) == ([], [])
    print(f"{role}: {looked + sent} answers looked through")
