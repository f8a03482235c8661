"""Two programs edit one row: the second one is told, nothing is overwritten in silence."""

import pytest

from customers.models import Customer


@pytest.fixture
def path(car):
    return f"customers/{car.owner_id}/"


def test_an_edit_needs_the_version_it_was_made_on(cast, path, program):
    asked = program("advisor")
    answer = asked.send("patch", path, {"city": "上海"})
    assert (answer.status_code, answer.json()["code"]) == (428, "if_match_required")


def test_the_second_of_two_edits_is_refused(cast, path, program):
    etag = program("advisor").get(path)["ETag"]
    assert etag == '"1"'
    first = program("advisor").send("patch", path, {"city": "上海"}, If_Match=etag)
    second = program("care_agent").send("patch", path, {"city": "苏州"}, If_Match=etag)
    assert (first.status_code, first["ETag"], second.status_code, second.json()["code"]) == (200, '"2"', 412, "stale")
    assert Customer.objects.get().city == "上海"
    again = program("care_agent").send("patch", path, {"city": "苏州"}, If_Match=f"W/{first['ETag']}")
    assert (again.status_code, again.json()["version"]) == (200, 3)


@pytest.mark.parametrize("tag", ["*", "abc", '"x"', '"1", "2"', '"²"', '"' + "9" * 50 + '"', '"-1"'])
def test_a_tag_that_is_none_of_ours_is_stale(cast, path, program, tag):
    answer = program("advisor").send("put", path, {"name": "x", "phone": "13800006621"}, If_Match=tag)
    assert answer.status_code == 412, answer.content


def test_a_step_may_name_the_version_it_was_decided_on(chain, program):
    visit = chain.received()
    body = {"promised_at": "2099-01-01T10:00:00+08:00", "channel": "phone", "reason": "等配件"}
    stale = program("advisor").post(f"visits/{visit.pk}/promise/", body, If_Match='"1"')
    assert (stale.status_code, stale.json()["code"]) == (412, "stale")
    etag = program("advisor").get(f"visits/{visit.pk}/")["ETag"]
    assert program("advisor").post(f"visits/{visit.pk}/promise/", body, If_Match=etag).status_code == 200
    order = visit.orders.get()
    job = {"words": "雨刮异响", "kind": "repair"}
    assert program("advisor").post(f"orders/{order.pk}/add-job/", job, If_Match='"99"').status_code == 412
    assert program("advisor").post(f"orders/{order.pk}/add-job/", job).status_code == 200
