"""The figures of complaints: every number leads to the very rows behind it (K-04)."""

import io
from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils.timezone import localdate, now
from openpyxl import load_workbook

from complaints import actions
from complaints.models import Complaint, Opinion, Problem, ProblemClass
from core.figures import recompute, touch
from core.models import Figure
from dealer.figures import compute

TODAY = "/complaints/figures/?from={0}&to={0}"


def loaded(cast, number, **more):
    """A complaint that was loaded from elsewhere."""
    given = {"store": cast.store, "origin": "12365auto", "source_id": str(number), "words": f"车身异响{number}"}
    given |= {"received_at": now(), "received_on": localdate(), "brand": "大众", "series": "帕萨特"}
    return Complaint.objects.create(**(given | more))


@pytest.fixture
def some(cases, cast):
    """Two of our own, one of them ended in the agreed time; three loaded ones and a loaded suggestion."""
    letter = ProblemClass.objects.create(letter="Y", name_zh="车身", kind="quality")
    fault = Problem.objects.create(problem_class=letter, code="Y1", name_zh="异响")
    ended, _open = cases.judged(brand="大众", series="帕萨特", problems=[fault]), cases.received(phone="13700000000")
    actions.agree_deadline(ended, until=now() + timedelta(days=2), words="电话约定", by=cast.by("care_agent"))
    actions.end_case(ended, result="withdrawn", words="撤诉", by=cast.by("care_manager"))
    for n in range(3):
        loaded(cast, n, problem=fault if n else None, brand="大众" if n < 2 else "")
    case = loaded(cast, "s", nature="suggestion", words="后排空间小")
    for topic, tone in (("空间", -1), ("油耗", 1)):
        Opinion.objects.create(complaint=case, topic=topic, tone=tone)
    touch(cast.store.pk, localdate())
    Figure.objects.create(store=cast.store, day=localdate() - timedelta(days=9), code="visits", numerator=1)
    while recompute(400, compute):
        pass
    Figure.objects.create(store=cast.store, day=localdate(), code="visits", dimension="repair", numerator=40)
    return fault


def rows_at(client, url):
    """How many cases the list of an address shows."""
    return len(client.get(url).context["table"].rows)


@pytest.mark.duty("K-04")
@pytest.mark.duty("K-14")
def test_the_numbers_and_the_way_down_to_their_rows(some, cast, browser):
    client = browser("care_manager")
    page = client.get(TODAY.format(localdate()) + "&brand=大众&letter=Y")
    assert page.status_code == 200
    cards = {one["label"]: one for one in page.context["cards"]}
    assert cards["Complaints"]["value"] == "2" and "3" in cards["Complaints"]["hint"]
    assert rows_at(client, cards["Complaints"]["url"]) == 2
    assert cards["Complaints in 1,000 visits"]["value"] == "50.0"
    assert (
        cards["Ended in agreed time"]["value"] == "100.0%"
        and rows_at(client, cards["Ended in agreed time"]["url"]) == 1
    )
    assert rows_at(client, cards["Reopened"]["url"]) == 0 and cards["Reopened"]["value"] == "0.0%"
    assert cards["Open complaints"]["value"] == "1" and rows_at(client, cards["Open complaints"]["url"]) == 1
    charts = page.context["charts"]
    assert sum(map(sum, (one["data"] for one in charts["trend"]["series"]))) == 5
    for name in ("trend", "classes", "problems", "brands", "series"):
        chart = charts[name]
        for place, url in enumerate(chart["urls"]):
            assert rows_at(client, url) == sum(one["data"][place] for one in chart["series"]), (name, place)
    assert charts["classes"]["series"][0]["data"] == [3, 2] and charts["classes"]["line"]["data"] == [60.0, 100.0]
    for label, n, url, *_more in [*charts["ended"]["items"], *charts["stages"]["items"][:0]]:
        assert rows_at(client, url) == n, label
    assert all(rows_at(client, url) == 1 for _l, _h, url in charts["stages"]["items"])
    assert dict(zip(charts["tones"]["labels"], charts["tones"]["urls"], strict=True)).keys() == {"空间", "油耗"}
    assert all(rows_at(client, url) == 1 for url in charts["tones"]["urls"])
    text = page.content.decode()
    assert "app-chart-table" in text and "Complaints by class of problem" in text


def test_costs_are_for_those_who_may_see_them(some, browser):
    for who, sees in (("care_manager", True), ("general_manager", True), ("monitor", False)):
        labels = [one["label"] for one in browser(who).get(TODAY.format(localdate())).context["cards"]]
        assert ("Cost a case" in labels) is sees, who
    assert browser("advisor").get("/complaints/figures/").status_code == 403


def test_a_stranger_sees_nothing_of_it(some, cast, cases, browser, program):
    cases.neighbour()
    page = browser("neighbour").get(TODAY.format(localdate()))
    assert page.context["cards"][0]["value"] == "0"
    asked = browser("neighbour").get(TODAY.format(localdate()) + f"&store={cast.store.pk}")
    assert asked.context["range"].errors and asked.context["cards"][0]["value"] == "0"
    told = program("neighbour")(f"complaints/figures/?store={cast.store.pk}", method="get")
    assert told.status_code == 400


def test_a_span_of_years_and_one_without_anything(some, browser):
    client = browser("care_manager")
    for asked in ("?from=2022-01-01&to=2026-10-31", "?from=2010-01-01&to=2010-01-02", "?from=x", ""):
        assert client.get(f"/complaints/figures/{asked}").status_code == 200, asked
    assert client.get("/complaints/figures/?from=2000-01-01&to=2026-01-01").context["range"].errors


def test_the_same_as_a_spreadsheet_and_by_rest(some, cast, browser, program):
    path = TODAY.format(localdate()) + "&brand=大众&letter=Y"
    book = load_workbook(io.BytesIO(browser("care_manager").get(path + "&export=xlsx").content))
    rows = [row[:3] for row in book.active.values]
    assert ("Brand", "大众", 3) in rows and ("Series", "帕萨特", 3) in rows and ("Problem", "Y1 异响", 3) in rows
    told = program("care_manager")(path.replace("/complaints/", "complaints/", 1), method="get").json()
    assert (told["complaints"], told["loaded"], told["visits"]) == (2, 3, 40)
    assert told["classes"][0] == {"name": "Y", "count": 3} and told["results"] == [{"name": "withdrawn", "count": 1}]
    ratios = {one["code"]: Decimal(one["numerator"]) for one in told["ratios"]}
    assert ratios["cases_in_time"] == 1 and "cases_cost" in ratios
