"""Complaints as other systems really have them: four shapes of one file, another batch, a table without headings."""

import csv
import json

import pytest
from django.core.management import CommandError

from complaints.models import Channel, Clock, Complaint, Opinion, Problem, ProblemClass
from core.models import Entry, Mapping, TouchedDay
from tests.dealer.test_load import load, table, write

STORE = ("--store", "HD01", "--source")


@pytest.fixture
def problems(cast, tmp_path):
    """A short list of problems."""
    path = tmp_path / "codes.json"
    found = [
        {
            "name": "车身附件及电器",
            "value": "H",
            "zf": "z",
            "items": [{"id": 15, "title": "异响"}, {"id": 93, "title": "B柱异响"}],
        },
        {"name": "服务态度", "value": "I", "zf": "f", "items": [{"id": 281, "title": "态度差"}]},
    ]
    path.write_text(json.dumps(found, ensure_ascii=False), encoding="utf-8")
    return load("problems", path)


def test_a_list_of_problems_is_loaded_once_and_makes_unknown_codes_known(cast, problems, tmp_path):
    assert problems[-1] == "created 3, updated 0, unchanged 0, rejected 0"
    assert ProblemClass.objects.get(letter="I").kind == "service"
    path = write(tmp_path / "a.csv", 'id,desc,problem,datetime\n1,车门异响,"H15,Z9,H86,",2020-06-08\n')
    said = load("complaints", path, *STORE, "web")
    assert any("Z9 ×1" in line and "H86 ×1" in line for line in said)
    unknown = Problem.objects.get(code="H86")
    assert unknown.is_unknown and unknown.problem_class.letter == "H"
    again = [{"name": "车身附件及电器", "value": "H", "zf": "z", "items": [{"id": 86, "title": "天窗漏水"}]}]
    more = write(tmp_path / "more.json", json.dumps(again))
    assert load("problems", more)[-1] == "created 0, updated 1, unchanged 0, rejected 0"
    unknown.refresh_from_db()
    assert (unknown.name_zh, unknown.is_unknown) == ("天窗漏水", False)
    with pytest.raises(CommandError, match="JSON"):
        load("problems", write(tmp_path / "bad.json", "[1]"))


def test_a_case_of_another_system_is_history(cast, problems, tmp_path):
    path = table(
        tmp_path / "a.xlsx",
        ["投诉编号", "品牌", "车系", "内容", "问题", "日期", "状态", "电话", "车牌"],
        [1, "奥迪", "A4L", "车内异响", "H93,H15,", "2020/6/8", "处理反馈", "13800006621", "沪A8K721"],
        [2, "奥迪", "A4L", "", "H93", "2020/6/8", "信息审核", None, None],
        [3, "奥迪", "A4L", "态度差", "i281", "2020/13/8", "信息审核", None, None],
    )
    assert load("complaints", path, *STORE, "old")[-1] == "created 1, updated 0, unchanged 0, rejected 2"
    case = Complaint.objects.get()
    assert (case.status, case.source_status, case.number, case.brand) == ("carrying_out", "处理反馈", "", "奥迪")
    assert [one.code for one in case.problems.order_by("code")] == ["H15", "H93"]
    assert case.problem.code == "H93" and case.phone == "13800006621"
    assert not Clock.objects.exists() and not Complaint.objects.ours().exists()
    assert Channel.objects.get().way == "load" and TouchedDay.objects.filter(day=case.received_on).exists()
    assert load("complaints", path, *STORE, "old")[-1] == "created 0, updated 0, unchanged 1, rejected 2"
    changed = write(tmp_path / "b.csv", "id,desc,problem,date,status\n1,车内异响,H15,2020-06-08,用户评分\n")
    assert load("complaints", changed, *STORE, "old")[-1] == "created 0, updated 1, unchanged 0, rejected 0"
    case.refresh_from_db()
    assert (case.status, case.brand, case.version) == ("calling", "奥迪", 2)
    assert [one.code for one in case.problems.all()] == ["H15"]
    assert Entry.objects.filter(verb="complaints.loaded").count() == 3
    assert load("complaints", changed, *STORE, "other")[-1].startswith("created 1"), "another source, another case"


def test_a_file_without_headings_is_read_by_a_saved_mapping(cast, tmp_path):
    path = write(tmp_path / "a.tsv", "1\tFORD\tFOCUS\t20150608\tBRAKES, HYDRAULIC:PEDALS\tBrake failed\n")
    maps = [
        word
        for one in ("1=id", "2=brand", "3=series", "4=received", "5=problems", "6=words")
        for word in ("--map", one)
    ]
    said = load("complaints", path, *STORE, "usa", "--no-headings", *maps, "--save-mapping", "flat")
    assert said[-1] == "created 1, updated 0, unchanged 0, rejected 0"
    assert Problem.objects.get().code == "BRAKES, HYDRAULIC:PEDALS", "words are no list of codes"
    assert Mapping.objects.get().has_headings is False
    assert load("complaints", path, *STORE, "usa", "--mapping", "flat")[-1].startswith(
        "created 0, updated 0, unchanged 1"
    )
    with pytest.raises(CommandError, match="flat"):
        load("complaints", path, *STORE, "usa", "--mapping", "flut")


def test_opinions_come_as_suggestions_each_text_once(cast, tmp_path):
    path = write(
        tmp_path / "a.csv",
        "content_id,content,subject,sentiment_value,sentiment_word\n"
        "a,油耗高但空间大,油耗,-1,高\na,油耗高但空间大,空间,1,大\nb,还行,价格,0,\na,油耗高但空间大,油耗,-1,高\n",
    )
    assert load("opinions", path, *STORE, "club")[-1] == "created 2, updated 0, unchanged 0, rejected 0"
    case = Complaint.objects.get(source_id="a")
    assert case.nature == "suggestion" and case.words == "油耗高但空间大"
    assert set(case.opinions.values_list("topic", "tone")) == {("油耗", -1), ("空间", 1)}
    assert load("opinions", path, *STORE, "club")[-1] == "created 0, updated 0, unchanged 2, rejected 0"


@pytest.mark.shared
@pytest.mark.duty("C-37")
def test_the_same_600_rows_in_three_shapes_are_600_complaints_once(cast, shared, django_assert_max_num_queries):
    folder = shared / "complaints"
    assert load("problems", folder / "12365auto_problem_codes.json")[-1].startswith("created 280,")
    names = [f"12365auto_20200608{end}" for end in ("_utf8.csv", "_gb18030.csv", ".xlsx")]
    with django_assert_max_num_queries(45):
        said = [load("complaints", folder / name, *STORE, "12365auto")[-1] for name in names]
    assert said[0] == "created 600, updated 0, unchanged 0, rejected 0"
    assert said[1] == said[2] == "created 0, updated 0, unchanged 600, rejected 0"
    assert load("complaints", folder / "12365auto_20210130_utf8.csv", *STORE, "12365auto")[-1].startswith(
        "created 600,"
    )
    assert Complaint.objects.count() == 1200
    with (folder / "12365auto_20200608_utf8.csv").open(encoding="utf-8-sig") as file:
        told = {row["id"]: {code for code in row["problem"].split(",") if code} for row in csv.DictReader(file)}
    found = {}
    for case in Complaint.objects.filter(source_id__in=told).prefetch_related("problems"):
        found[case.source_id] = {one.code for one in case.problems.all()}
    assert found == told, "every code of every row"
    assert set(Problem.objects.filter(is_unknown=True).values_list("code", flat=True)) == {"M315", "H86"}
    assert Complaint.objects.filter(words__endswith="\t").count() == 0


@pytest.mark.shared
def test_a_foreign_table_and_the_opinions_of_owners(cast, shared):
    folder = shared / "complaints"
    maps = ["2=id", "4=brand", "5=series", "6=model_name", "12=problems", "17=received", "20=words"]
    words = [word for one in maps for word in ("--map", one)]
    said = load(
        "complaints",
        folder / "nhtsa_complaints_1of2.tsv",
        *STORE,
        "nhtsa",
        "--no-headings",
        *words,
        "--save-mapping",
        "nhtsa",
    )
    assert said[-1] == "created 50, updated 0, unchanged 0, rejected 0"
    said = load("complaints", folder / "nhtsa_complaints_1of2.tsv", *STORE, "nhtsa", "--mapping", "nhtsa")
    assert said[-1] == "created 0, updated 0, unchanged 50, rejected 0"
    said = load("opinions", folder / "ccf2018_car_owner_opinions_A.csv", *STORE, "ccf2018")
    assert said[-1] == "created 4065, updated 0, unchanged 0, rejected 0"
    assert Opinion.objects.values("topic").distinct().count() == 10
    assert load("opinions", folder / "ccf2018_car_owner_opinions_A.csv", *STORE, "ccf2018")[-1].startswith("created 0,")
