"""Lists of the REST door: as many queries for twelve rows as for two, pages without a gap, filters that are strict."""

import base64
import json
from datetime import date, timedelta
from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.timezone import now

from complaints.models import (
    Accountability,
    Bulletin,
    CompensationKind,
    Complaint,
    ConductRule,
    Correction,
    MonthSheet,
    OutsideCase,
    Phrase,
    Problem,
    ProblemClass,
    Promise,
    ReplyTemplate,
    Step,
    Target,
)
from core.models import Absence, Approval, Delegation, Figure, Notice, Task
from customers import actions as customers
from customers.models import Customer, Message, Vehicle
from dealer.models import MonthlyReport
from finance.models import CashCount, CreditAgreement, Deposit, Invoice, Settlement
from service.models import CatalogueItem, Menu, Party, Visit
from tests.conftest import Chain, make_person


def lists() -> dict[str, Any]:
    """Every list of the REST door, read from the resolver."""
    from dealer import api_urls

    return {
        str(one.pattern): one.callback
        for one in api_urls.v1
        if getattr(one.callback, "actions", {}).get("get") == "list"
    }


PATHS = ["stores/", "employees/", "logbook/", "figures/", "customers/", "vehicles/", "calls/", "messages/", "visits/",
         "orders/", "jobs/", "parties/", "catalogue/", "menus/", "settlements/", "gate-passes/", "reports/",
         "approvals/", "authorities/", "delegations/", "tasks/", "notices/", "absences/",
         "deposits/", "agreements/", "invoices/", "cash-counts/", "ledger/", "corrections/", "bulletins/",
         "month-sheets/", "complaints/", "outside/", "accountabilities/", "promises/", "compensation-kinds/",
         "phrases/", "reply-templates/", "conduct-rules/", "escalation-steps/", "problem-classes/", "problems/",
         "time-limits/"]  # fmt: skip


def test_the_lists_tested_here_are_all_lists():
    of_one_document = {"attachments/"}  # asked for with its document: tests/core/test_attach.py
    assert lists().keys() == of_one_document | set(PATHS)


def grow(cast: Any, count: int) -> None:
    """So many more rows in every list."""
    company = cast.store.company
    for _n in range(count):
        i = Vehicle.objects.count()
        keeper = make_person(f"agent{i}", f"客服{i}", "care_agent", cast.store)
        owner = Customer.objects.create(company=company, name=f"客户{i}", phone=f"1380000{i:04d}", keeper=keeper)
        car = Vehicle.objects.create(company=company, owner=owner, plate=f"沪B{i:05d}", plate_kind="ordinary")
        visit = Chain(cast, car).left()
        Party.objects.create(company=company, kind="insurer", name=f"保险{i}")
        item = CatalogueItem.objects.create(company=company, kind="part", code=f"P-{i}", name="滤芯", price=i)
        Menu.objects.create(company=company, code=f"T-{i}", name="套餐").items.create(item=item, quantity=1)
        MonthlyReport.objects.create(store=cast.store, month=visit.arrived_on.replace(day=1), report_version=i + 1)
        Figure.objects.create(store=cast.store, day=visit.arrived_on, code=f"figure{i}", numerator=i)
        type(cast.store).objects.create(
            company=company, code=f"HD9{i}", name=f"店{i}", live_from=cast.store.live_from,
            opening=cast.store.opening, calling=cast.store.calling, labour_rate=380,
        )  # fmt: skip
        lay_on_the_desk(cast.store, cast.people["head"], keeper)
        lay_money(cast, owner, visit, keeper)
        lay_what_is_learnt(cast.store, keeper, i)
        lay_cases(cast.store, visit, keeper, i)
        lay_case_data(cast.store, i)
    customers.plan_calls(by=cast.by("care_manager"))
    customers.assign_calls(by=cast.by("care_manager"))


def lay_on_the_desk(store: Any, head: Any, keeper: Any) -> None:
    """One more of everything around the work: an approval, a deputy, a task, a notice, an absence."""
    day = now().date()
    given = {"matter": "discount", "verb": "finance.discount", "kind": "order", "object_id": keeper.pk, "amount": 5}
    Approval.objects.create(store=store, title="折扣", reason="老客户", asked_by=keeper, asked_at=now(), **given)
    Delegation.objects.create(store=store, principal=keeper, deputy=head, starts_on=day, ends_on=day)
    Task.objects.create(store=store, assignee=keeper, asked_by=head, title="回电话", due_at=now())
    Notice.objects.create(employee=head, code="task_given", at=now())
    Absence.objects.create(store=store, employee=keeper, starts_at=now(), ends_at=now() + timedelta(days=1))


def lay_money(cast: Any, owner: Any, visit: Any, keeper: Any) -> None:
    """One more of everything at the cash desk; the ledger grows with the visits."""
    day = now().date()
    given = {"store": cast.store, "customer": owner, "method": "cash", "amount": 5, "at": now(), "business_date": day}
    Deposit.objects.create(number=f"DP-{owner.pk}", visit=visit, **given)
    company = cast.store.company
    CreditAgreement.objects.create(company=company, customer=owner, number=f"JZ-{owner.pk}", limit=5, since=day)
    settlement = Settlement.objects.filter(visit=visit).first()
    names = {"title": "抬头", "amount": 5, "net": 4, "asked_at": now()}
    Invoice.objects.create(store=cast.store, settlement=settlement, **names)
    counted = {"business_date": day, "difference": 0, "counted_at": now()}
    CashCount.objects.create(store=cast.store, cashier=keeper, confirmed_by=cast.people["head"], **counted)


def lay_what_is_learnt(store: Any, keeper: Any, number: int) -> None:
    """One more corrective action, one more known issue, one more signed sheet of a month."""
    day, moment = now().date(), now()
    Correction.objects.create(store=store, owner=keeper, words="培训", due_on=day, added_at=moment)
    known = {"title": f"通报{number}", "source": "own", "brand": "大众", "words": "已知", "published_at": moment}
    Bulletin.objects.create(company=store.company, **known)
    month = date(2010 + number // 12, number % 12 + 1, 1)
    MonthSheet.objects.create(store=store, month=month, figures={}, measures="改进", signed_at=moment)


def lay_cases(store: Any, visit: Any, keeper: Any, number: int) -> None:
    """One more case with everything that hangs on it."""
    day, moment = now().date(), now()
    given = {
        "store": store,
        "customer": visit.customer,
        "vehicle": visit.vehicle,
        "keeper": keeper,
        "words": "空调不凉",
    }
    given |= {"nonce": f"n{number}", "number": f"HD01-CP-0-{number:05d}"}
    case = Complaint.objects.create(received_at=moment, received_on=day, **given)
    OutsideCase.objects.create(complaint=case, body="12345", number=f"{number}", came_at=moment)
    Promise.objects.create(complaint=case, words="周五修好", by=keeper, made_at=moment, due_at=moment)
    told = {"rule": "第3条", "words": "未说明", "measure": "talk", "proposed_at": moment}
    Accountability.objects.create(complaint=case, employee=keeper, **told)


def lay_case_data(store: Any, number: int) -> None:
    """One more of all that cases are run by."""
    CompensationKind.objects.create(code=f"k{number}", name_zh="礼品")
    Phrase.objects.create(words=f"不行{number}", instead="可以")
    ReplyTemplate.objects.create(title=f"答复{number}", text="您好")
    ConductRule.objects.create(position=50 + number, words_zh="先听完")
    Step.objects.create(level=50 + number, percent=300 + number)
    letter = ProblemClass.objects.create(letter=f"X{number}", name_zh="其他")
    Problem.objects.create(code=f"X{number}-1", name_zh="其他", problem_class=letter)
    since = date(2021, 1, 1) + timedelta(days=number)
    Target.objects.create(company=store.company, due="received", amount=60, unit="store_minutes", since=since)


def test_a_list_makes_as_many_queries_for_12_rows_as_for_2(cast, program):
    cast.people["head"] = make_person("head", "集团", "integration")
    asked = program("head")

    def queries() -> dict[str, tuple[int, int]]:
        found = {}
        for path in PATHS:
            asked.get(path)
            with CaptureQueriesContext(connection) as seen:
                answer = asked.get(path, size=200)
            assert answer.status_code == 200, (path, answer.content)
            found[path] = (len(seen), len(answer.json()["results"]))
        return found

    grow(cast, 2)
    few = queries()
    grow(cast, 10)
    many = queries()
    assert {path: many[path][0] for path in PATHS if many[path][0] > few[path][0]} == {}
    assert {path: few[path][1] for path in PATHS if few[path][1] < 2} == {}
    assert {path: many[path][1] for path in PATHS if many[path][1] < 12} == {}


def test_pages_follow_each_other_without_gap_or_repeat(cast, program):
    people = [Customer(company=cast.store.company, name=f"客户{i % 3}", phone="") for i in range(23)]
    Customer.objects.bulk_create(people)
    asked = program("advisor")
    for sort in ("name", "-id", "id"):
        seen, page = [], asked.get("customers/", sort=sort, size=5).json()
        assert page["previous"] is None
        while True:
            seen += [one["id"] for one in page["results"]]
            if page["next"] is None:
                break
            assert page["next"].startswith("http://testserver/api/v1/customers/?")
            page = asked.client.get(page["next"]).json()
        wanted = Customer.objects.order_by(*({"name": ("name", "id")}.get(sort, (sort,)))).values_list("pk", flat=True)
        assert seen == list(wanted)
        back = asked.client.get(page["previous"]).json()
        assert [one["id"] for one in back["results"]] == seen[15:20]


def cursor(*values: Any) -> str:
    return base64.urlsafe_b64encode(json.dumps(values).encode()).decode().rstrip("=")


UNKNOWN: list[dict[str, Any]] = [
    {"colour": "red"},
    {"status": "magic"},
    {"store": "x"},
    {"waits": "maybe"},
    {"waits": "True"},
    {"arrived_from": "01/02/2026"},
    {"arrived_from": "2026-02-30"},
    {"q": "a\x00"},
    {"q": "x" * 61},
    {"vehicle": "1e400"},
    {"vehicle": "-1"},
    {"sort": "phone"},
    {"size": "many"},
    {"after": "rubbish"},
    {"after": cursor("2026-01-01T00:00:00+08:00")},
    {"after": cursor(None, 1)},
    {"after": cursor("2026-01-01T00:00:00+08:00", None)},
    {"after": cursor("2026-01-01T00:00:00+08:00", "x")},
    {"after": cursor("yesterday", 1)},
    {"before": cursor([], {})},
]


def test_what_a_list_does_not_know_is_refused(cast, program):
    asked = program("advisor")
    for query in UNKNOWN:
        answer = asked.get("visits/", **query)
        assert (answer.status_code, answer.json()["code"]) == (400, "invalid"), query


ODD: list[dict[str, Any]] = [
    {"after": cursor("2026-01-01T00:00:00+08:00", 10**30)},
    {"after": cursor("0001-01-01T00:00:00+14:00", 1)},
    {"after": cursor("9999-12-31T23:59:59-14:00", 1)},
    {"arrived_from": "0001-01-01", "arrived_to": "9999-12-31"},
    {"size": "0"},
    {"size": "100000"},
    {"q": "%_\\'\""},
    {"q": "😀"},
    {"vehicle": "999999999999999999"},
]


def test_odd_values_are_never_an_error_of_ours(cast, program):
    asked = program("advisor")
    for query in ODD:
        assert asked.get("visits/", **query).status_code in {200, 400}, query


def test_a_name_in_a_page_address_may_hold_anything(cast, program):
    for text in ("a\x00", "\ud800", "x" * 5000):
        assert program("advisor").get("customers/", sort="name", after=cursor(text, 1)).status_code in {200, 400}


def test_filters_find_and_stay_inside_the_company(chain, program, cast):
    visit = chain.left()
    Visit.objects.filter(pk=visit.pk).update(driver_name="李师傅", driver_phone="13700001111")
    asked, stranger = program("service_manager"), program("stranger")
    order = visit.orders.get()
    words = ("8K721", "沪A·8K721", "123456", "刘建国", "6621", "李师傅", "1111", order.number[-5:])
    for query in (
        *({"q": word} for word in words),
        {"status": "left"},
        {"store": cast.store.pk},
        {"vehicle": visit.vehicle_id},
        {"arrived_from": str(visit.arrived_on), "waits": "false"},
    ):
        assert [one["id"] for one in asked.get("visits/", **query).json()["results"]] == [visit.pk], query
        answer = stranger.get("visits/", **query)
        assert answer.status_code == 400 if "store" in query else answer.json()["results"] == []
    for query in ({"q": "9999"}, {"status": "ready"}, {"waits": "true"}, {"arrived_to": "2020-01-01"}):
        assert asked.get("visits/", **query).json()["results"] == [], query
    for path in ("orders/", "jobs/", "settlements/", "gate-passes/", "customers/", "vehicles/"):
        assert len(asked.get(path, q="刘建国" if path == "customers/" else "8k721").json()["results"]) == 1, path
        foreign = stranger.get(path)
        assert foreign.status_code == 403 or foreign.json()["results"] == [], path
    assert Message.objects.count() == len(asked.get("messages/").json()["results"]) == 1
    assert [one["name"] for one in asked.get("employees/", role="technician").json()["results"]] == ["TECHNICIAN"]
    assert stranger.get("employees/", role="technician").json()["results"] == []


def test_a_company_wide_role_sees_all_its_stores_and_no_other(cast, chain, program):
    chain.arrived()
    cast.people["head"] = make_person("head", "公司总经理", "general_manager", company=cast.store.company)
    asked = program("head")
    assert {one["code"] for one in asked.get("stores/").json()["results"]} == {"HD01", "HD02"}
    assert len(asked.get("visits/", store=cast.store.pk).json()["results"]) == 1
    assert asked.get("visits/", store=cast.foreign.pk).status_code == 400
    assert asked.get("logbook/", q="visit").json()["results"][0]["verb"] == "visit.arrived"
    assert [one["code"] for one in program("group_manager").get("stores/").json()["results"]] == [
        "HD01",
        "HD02",
        "YH01",
    ]


WHERE = ("store", "company")  # what a reader's rows are narrowed to, and what an index may begin with


def keys(model: Any) -> list[tuple[str, ...]]:
    """The columns of every index of a table, without what the index may begin with."""
    found = [
        tuple(one.fields) for one in (*model._meta.indexes, *model._meta.constraints) if getattr(one, "fields", ())
    ]
    found += [(one.name, "id") for one in model._meta.concrete_fields if one.unique]
    plain = [tuple(name.lstrip("-") for name in one) for one in found]
    return [("id",), *(one[1:] if one[0] in WHERE else one for one in plain)]


def test_every_order_of_a_list_ends_in_id_is_never_null_and_has_an_index():
    wrong = []
    for path, view in lists().items():
        model = view.cls.queryset.model
        for name, order in view.cls.orderings.items():
            fields = tuple(one.lstrip("-") for one in order)
            if fields[-1] != "id" or len({one.startswith("-") for one in order}) > 1:
                wrong.append(f"{path} {name}: {order} must end in id and run one way")
            if any(model._meta.get_field(one).null for one in fields):
                wrong.append(f"{path} {name}: may be null")
            if fields not in keys(model):
                wrong.append(f"{path} {name}: no index for {fields}")
    assert wrong == []
