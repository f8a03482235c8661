"""The list of cases: tabs, filters, search inside Chinese text, as many queries for 12 rows as for 2, downloads."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.timezone import now

from complaints import actions
from complaints.models import Clock, Complaint, Problem, ProblemClass


@pytest.fixture
def several(cast, cases, car):
    """An own one, one about 刘建国's car, an unkept one, a suggestion."""
    given = {"store": cast.store, "nature": "complaint", "way": "counter", "words": "排队两小时没人理", "name": "孙丽"}
    return {
        "own": cases.received(),
        "car": cases.received(
            plate=car.plate, name="刘建国", phone=car.owner.phone, words="变速箱顿挫，发动机异响", severity="major"
        ),
        "unkept": actions.register(**given, phone="13622223333", by=cast.by("advisor")),
        "suggestion": cases.received(nature="suggestion", words="休息区希望有茶水"),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("异响", {"car"}),
        ("变速箱 异响", {"car"}),
        ("变速箱顿挫", {"car"}),
        ("顿箱", set()),
        ("孙丽", {"unkept"}),
        ("3333", {"unkept"}),
        ("沪A·8K721", {"car"}),
        ("不凉", {"own"}),
        ("没有的字", set()),
    ],
)
def test_it_is_found_by_words_name_phone_and_plate(several, query, found):
    hits = {one.pk for one in Complaint.objects.found_by(query)}
    assert hits == {several[name].pk for name in found}


def test_it_is_found_by_its_number_and_its_end(several):
    number = several["own"].number
    assert list(Complaint.objects.found_by(number)) == [several["own"]]
    assert several["own"] in Complaint.objects.found_by(number[-5:])


def test_tabs_and_filters(cast, several, browser):
    agent, manager = browser("care_agent"), browser("care_manager")

    def shown(client, query):
        text = client.get(f"/complaints/{query}").content.decode()
        return {name for name, case in several.items() if case.number in text}

    assert shown(agent, "") == {"own", "car", "suggestion"}
    assert shown(manager, "") == set(several)
    assert shown(manager, "?tab=unkept") == {"unkept"}
    assert shown(manager, "?tab=late") == shown(manager, "?tab=to_check") == shown(manager, "?tab=loaded") == set()
    assert shown(manager, "?tab=all&nature=suggestion") == {"suggestion"}
    assert shown(manager, "?tab=all&severity=major") == {"car"}
    assert shown(manager, "?tab=all&q=异响") == {"car"}
    assert shown(manager, "?tab=all&brand=奥迪") == {"car"}
    assert shown(manager, f"?tab=all&keeper={cast.care_agent.pk}&status=answering") == {"suggestion"}
    problem = Problem.objects.create(
        code="ZZ1", name_zh="异响", problem_class=ProblemClass.objects.create(letter="ZZ", name_zh="测试类")
    )
    several["car"].problems.add(problem)
    assert shown(manager, f"?tab=all&problem_class={problem.problem_class_id}") == {"car"}
    assert shown(manager, f"?tab=all&problem={problem.pk}") == {"car"}


def test_late_ones_once_even_with_several_clocks(several, browser):
    for due in ("received", "agreed"):
        Clock.objects.update_or_create(
            complaint=several["own"],
            due=due,
            defaults={
                "started_at": now() - timedelta(days=2), "due_at": now() - timedelta(days=1), "unit": "hours",
                "first_due_at": now() - timedelta(days=1), "warn_at": now() - timedelta(days=1), "amount": 24,
            },
        )  # fmt: skip
    assert list(Complaint.objects.late()) == [several["own"]]
    assert several["own"].number in browser("care_manager").get("/complaints/?tab=late").content.decode()


def test_as_many_queries_for_12_as_for_2_and_downloads(cast, cases, browser):
    manager = browser("care_manager")

    def queries():
        manager.get("/complaints/?tab=all")
        with CaptureQueriesContext(connection) as seen:
            assert manager.get("/complaints/?tab=all").status_code == 200
        return len(seen)

    made = [cases.received(), cases.received()]
    few = queries()
    made += [cases.received() for _n in range(10)]
    assert queries() <= few
    sheet = manager.get("/complaints/?tab=all&export=csv").content.decode("utf-8-sig")
    assert all(one.number in sheet for one in made)
    assert manager.get("/complaints/?tab=all&export=xlsx").status_code == 200


def test_pieces_for_the_pages_of_customer_and_car(cast, car, several, browser):
    advisor = browser("advisor")
    for path, row in ((f"/customers/{car.owner_id}/", car.owner), (f"/vehicles/{car.pk}/", car)):
        assert f"{path}complaints/" in advisor.get(path).content.decode()
        piece = advisor.get(f"{path}complaints/", headers={"HX-Request": "true"}).content.decode()
        assert several["car"].number in piece and several["own"].number not in piece and "<html" not in piece
        assert str(row) in advisor.get(f"{path}complaints/").content.decode()
        assert browser("stranger").get(f"{path}complaints/").status_code == 404


@pytest.mark.duty("K-06")
def test_the_registration_form_and_the_receipt_are_printed(cast, several, browser):
    agent = browser("care_agent")
    case = several["car"]
    for path in ("print-registration", "print-receipt"):
        answer = agent.get(f"/complaints/{case.pk}/{path}/")
        assert answer.status_code == 200 and answer.content.startswith(b"%PDF")
        assert browser("advisor").get(f"/complaints/{case.pk}/{path}/").status_code == 403
    from complaints.prints import receipt, registration

    assert receipt(case)["address"] == case.address
    said = dict(registration(case)["who"])
    assert (said["车牌号"], said["联系电话"]) == ("沪A·8K721", case.phone)
