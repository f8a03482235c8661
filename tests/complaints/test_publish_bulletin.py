"""Known issues by model and fault: published, shown where a matching car comes in, linked with cases (K-24)."""

import io
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.timezone import now
from openpyxl import load_workbook

from complaints import actions
from complaints.models import Bulletin, Complaint, Problem
from complaints.models.matching import fits, names_series
from core.models import Entry, Notice
from core.rows import Refused
from service import actions as actions_of_service
from tests.conftest import Chain

KNOWN = {"title": "A4L 变速箱顿挫", "source": "peer", "brand": "奥迪", "series": "A4L", "words": "7速双离合低速顿挫"}


def published(cast, **more):
    """A known issue of the store's company."""
    return actions.publish_bulletin(company=cast.store.company, **(KNOWN | more), by=cast.by("care_manager"))


@pytest.mark.parametrize(
    ("series", "text", "brand", "is_it"),
    [
        ("A4L", "A4L 40 TFSI", "奥迪", True),
        ("a4l", "A4L40 TFSI", "奥迪", True),
        ("A4", "A4L 40 TFSI", "奥迪", False),
        ("奥迪A4L", "A4L 40 TFSI", "奥迪", True),
        ("A4L", "RA4L", "奥迪", False),
        ("CR-V", "crv 锐·混动", "本田", True),
        ("Model 3", "Model3 后轮驱动", "特斯拉", True),
        ("帕萨特", "新帕萨特 330TSI", "大众", True),
        ("宝来", "朗逸 1.5L", "大众", False),
        ("奥迪", "奥迪", "奥迪", True),
    ],
)
def test_a_series_is_found_in_the_name_of_a_model(series, text, brand, is_it):
    assert names_series(series, text, brand) is is_it


@pytest.mark.parametrize(
    ("brand", "since", "until", "car", "is_it"),
    [
        ("大众", None, None, ("一汽-大众", "迈腾", 2019), True),
        ("大众", None, None, ("奥迪", "迈腾", 2019), False),
        ("大众", 2018, 2020, ("大众", "迈腾", 2021), False),
        ("大众", 2018, 2020, ("大众", "迈腾", 2018), True),
        ("大众", 2018, None, ("大众", "迈腾", None), True),
        ("大众", None, None, ("", "大众 迈腾", None), True),
        ("大众", None, None, ("", "迈腾", None), False),
    ],
)
def test_a_car_is_told_by_brand_and_years(brand, since, until, car, is_it):
    one = Bulletin(brand=brand, series="", since_year=since, until_year=until)
    assert fits(one, *car) is is_it


@pytest.mark.duty("K-24")
def test_reception_sees_what_is_known_of_the_car_that_comes_in(cast, car, browser):
    visit, advisor = Chain(cast, car).arrived(), browser("advisor")
    known, other = published(cast, advice="先路试并读取变速箱数据"), published(cast, title="别的车", series="Q5L")
    ended = published(cast, title="旧通报")
    actions.end_bulletin(ended, reason="已召回", by=cast.by("care_manager"))
    there = f'hx-get="/visits/{visit.pk}/bulletins/"'
    assert there in advisor.get(f"/visits/{visit.pk}/receive/").content.decode()
    piece = advisor.get(f"/visits/{visit.pk}/bulletins/", headers={"HX-Request": "true"}).content.decode()
    assert known.title in piece and "先路试" in piece and "<html" not in piece
    assert other.title not in piece and ended.title not in piece
    assert known.title in advisor.get(f"/visits/{visit.pk}/bulletins/").content.decode()  # without JavaScript too
    jobs = [{"words": "低速顿挫", "kind": "repair"}]
    actions_of_service.receive(
        visit, promised_at=now() + timedelta(hours=3), mileage=68214, jobs=jobs, by=cast.by("advisor")
    )
    assert there in advisor.get(visit.get_absolute_url()).content.decode()
    assert browser("stranger").get(f"/visits/{visit.pk}/bulletins/").status_code == 404
    assert Notice.objects.filter(code="bulletin_published", employee=cast.advisor).count() == 3
    assert not Notice.objects.filter(code="bulletin_published", employee=cast.stranger).exists()


@pytest.mark.duty("K-24")
def test_cases_of_such_cars_are_offered_it_and_linked_after_their_end_too(cases, cast, car, browser):
    case = cases.received(vehicle=car, phone="")
    known = published(cast)
    assert Bulletin.objects.of_case(case) == [known]
    agent = browser("care_agent")
    page = agent.get(case.get_absolute_url()).content.decode()
    assert known.title in page and f"/complaints/{case.pk}/link-bulletin/?bulletin={known.pk}" in page
    actions.end_case(case, result="withdrawn", words="顾客撤诉", by=cast.by("care_manager"))
    assert agent.get(f"/complaints/{case.pk}/link-bulletin/?bulletin={known.pk}").status_code == 200
    for _n in range(2):  # twice is once
        actions.link_bulletin(case, bulletin=known, by=cast.by("care_agent"))
    assert Entry.objects.filter(verb="bulletin.linked").count() == 1
    assert str(case) in agent.get(known.get_absolute_url()).content.decode()
    data = {"bulletin": known.pk}
    assert (
        agent.post(f"/complaints/{case.pk}/unlink-bulletin/", data).status_code == 302 and not known.complaints.count()
    )
    with pytest.raises(Refused):
        actions.unlink_bulletin(case, bulletin=known, by=cast.by("care_agent"))
    fault = Problem.objects.exclude(problem_class=None).first()
    if fault:
        about_fault = published(cast, title="别的故障", problem=fault)
        assert about_fault not in Bulletin.objects.of_case(case)  # another fault


@pytest.mark.duty("K-24")
def test_three_alike_suggest_a_bulletin(cases, cast, browser):
    fault = Problem.objects.create(code="Z9", name_zh="顿挫")
    about = {"brand": "奥迪", "series": "A4L", "problems": [fault]}
    case = [cases.received(phone=f"1390000222{n}", name=f"顾客{n}", **about) for n in range(3)][-1]
    assert "3 cases of this series and fault" in browser("care_manager").get(case.get_absolute_url()).content.decode()
    assert "3 cases of this series" not in browser("care_agent").get(case.get_absolute_url()).content.decode()
    form = browser("care_manager").get(f"/bulletins/publish/?complaint={case.pk}").content.decode()
    assert 'value="奥迪"' in form and 'value="A4L"' in form
    published(cast, problem=fault)
    assert "3 cases of this series" not in browser("care_manager").get(case.get_absolute_url()).content.decode()


def test_what_is_refused(cases, cast):
    with pytest.raises(Refused) as refused:
        published(cast, brand=" ", series="")
    assert refused.value.field == "brand"
    with pytest.raises(PermissionDenied):
        actions.publish_bulletin(company=cast.store.company, **KNOWN, by=cast.by("advisor"))
    with pytest.raises(PermissionDenied):
        actions.publish_bulletin(company=cast.foreign.company, **KNOWN, by=cast.by("care_manager"))
    known = published(cast)
    cases.neighbour()
    foreign = actions.publish_bulletin(company=cast.foreign.company, **KNOWN, by=cast.by("neighbour"))
    with pytest.raises(Refused):
        actions.link_bulletin(cases.received(), bulletin=foreign, by=cast.by("care_agent"))
    actions.end_bulletin(known, reason="x", by=cast.by("care_manager"))
    for step in (actions.end_bulletin, actions.edit_bulletin):
        with pytest.raises(Refused):
            step(known, **({"reason": "x"} if step is actions.end_bulletin else KNOWN), by=cast.by("care_manager"))


def test_the_browser_publishes_changes_and_ends_it(cases, cast, browser):
    case, manager = cases.received(), browser("care_manager")
    data = KNOWN | {"company": cast.store.company_id, "complaint": case.pk, "words": "<script>alert(1)</script>"}
    bad = manager.post("/bulletins/publish/", data | {"since_year": "2020", "until_year": "2018"})
    assert bad.status_code == 422 and "until_year" in bad.context["form"].errors
    assert manager.post("/bulletins/publish/", data).status_code == 302
    known = Bulletin.objects.get()
    assert list(known.complaints.all()) == [case]
    page = manager.get(known.get_absolute_url()).content.decode()
    assert "<script>alert(1)" not in page and f"/bulletins/{known.pk}/edit/" in page
    edited = {**KNOWN, "advice": "先路试", "since_year": "2017"}
    assert manager.get(f"/bulletins/{known.pk}/edit/").status_code == 200
    assert manager.post(f"/bulletins/{known.pk}/edit/", edited).status_code == 302
    assert "先路试" in browser("advisor").get(known.get_absolute_url()).content.decode()
    assert browser("advisor").get(f"/bulletins/{known.pk}/edit/").status_code == 403
    cases.neighbour()
    for path in ("", "edit/", "end/"):
        assert browser("neighbour").get(f"/bulletins/{known.pk}/{path}").status_code == 404
    assert known.title not in browser("neighbour").get("/bulletins/").content.decode()
    book = load_workbook(io.BytesIO(manager.get("/bulletins/?export=xlsx").content))
    assert list(book.active.values)[1][:2] == (known.title, "奥迪 A4L 2017–")
    assert manager.post(f"/bulletins/{known.pk}/end/", {"reason": "已解决"}).status_code == 302
    assert known.title not in manager.get("/bulletins/").content.decode()
    assert known.title in manager.get("/bulletins/?tab=ended&q=顿挫").content.decode()


def test_the_rest_door(cases, cast, car, program):
    ask, case = program("care_manager"), cases.received(vehicle=car, phone="")
    body = KNOWN | {"company": cast.store.company_id}
    made = [ask("bulletins/", body, **{"Idempotency-Key": "k"}) for _n in range(2)]
    assert [one.status_code for one in made] == [201, 201] and Bulletin.objects.count() == 1
    pk, tag = made[0].json()["id"], f'"{made[0].json()["version"]}"'
    changed = ask(f"bulletins/{pk}/", {"advice": "先路试"}, "patch", **{"If-Match": tag})
    assert changed.status_code == 200 and changed.json()["advice"] == "先路试"
    assert ask(f"complaints/{case.pk}/bulletins/", method="get").json()["fitting"][0]["id"] == pk
    assert ask(f"complaints/{case.pk}/link-bulletin/", {"bulletin": pk}).json()["bulletins"][0]["id"] == pk
    assert program("advisor")(f"bulletins/{pk}/", method="get").json()["complaints"] == [case.pk]
    assert ask(f"complaints/{case.pk}/unlink-bulletin/", {"bulletin": pk}).json()["bulletins"] == []
    assert ask(f"bulletins/{pk}/end/", {"reason": "x"}).json()["ended_on"]
    assert ask("bulletins/?is_in_force=true", method="get").json()["results"] == []
    assert program("stranger")(f"bulletins/{pk}/", method="get").status_code == 404
    assert Complaint.objects.get().pk == case.pk


def test_the_list_makes_as_many_queries_for_12_as_for_2(cast, browser):
    client = browser("care_manager")

    def queries(count):
        for _n in range(count):
            published(cast)
        client.get("/bulletins/")
        with CaptureQueriesContext(connection) as seen:
            assert client.get("/bulletins/").status_code == 200
        return len(seen)

    few = queries(2)
    assert queries(10) <= few
