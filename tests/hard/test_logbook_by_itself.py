"""Row 16, the doors without a person: what the clock does and what a file brings is told in the logbook too."""

import random
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.db.models import F
from django.utils.timezone import now

from complaints import actions as complaints
from complaints import tasks as cases
from core.models import Entry
from customers import tasks as care
from dealer import tasks as house
from service import tasks as workshop
from tests import audit
from tests.dealer.test_load import load, write
from tests.hard.changes import Watch, watching
from tests.hard.telling import about_lines, untold
from tests.hard.world import day

pytestmark = [pytest.mark.hard, pytest.mark.django_db(transaction=True)]

DUE = {"due_at", "promised_at", "warn_at"}  # columns that say when something is late


def escalate() -> None:
    """What a clock has used up is measured from its beginning, so here it is the moment that is later."""
    complaints.escalate(now() + timedelta(days=5))


TASKS: tuple[Callable[[], Any], ...] = (
    care.plan_calls, care.assign_calls, care.send_messages,
    escalate, cases.recount_clocks, cases.plan_closing_calls, cases.follow_answers, cases.remind_checks,
    cases.follow_accountabilities, cases.link_reworks, cases.remind_promises, cases.remind_corrections,
    house.order_reports, house.build_reports,
    workshop.promise_near,
)  # fmt: skip
# what is no business of the logbook: core.tasks and dealer.refresh_figures keep tables that are not audited


@pytest.fixture
def watch(cast: Any):
    with watching() as one:
        yield one


def late() -> None:
    """Two weeks pass for whatever has a time limit, as far as the tables allow it."""
    for model in audit.every_model():
        for name in DUE & {field.name for field in model._meta.concrete_fields}:
            try:
                with transaction.atomic():
                    model._base_manager.exclude(**{name: None}).update(**{name: F(name) - timedelta(days=14)})
            except DatabaseError:
                continue  # a limit before its beginning is not allowed


def wrong_about(watch: Watch, last: int, door: str) -> list[str]:
    """What was written since the look was held, and is not told as it should be."""
    lines = list(Entry.objects.filter(pk__gt=last).order_by("pk"))
    changes = watch.changes()
    if not lines and not changes:
        return []
    return [*about_lines(lines, by=None, door=door), *untold(lines, changes, set())]


def newest() -> int:
    return Entry.objects.order_by("-pk").values_list("pk", flat=True).first() or 0


def test_whatever_the_clock_does_is_told(cast, watch):
    day(cast, random.Random(16))
    late()
    first, wrong = newest(), []
    for task in TASKS:
        last = newest()
        watch.hold()
        task()
        wrong += [f"{task.__name__}: {one}" for one in wrong_about(watch, last, "clock")]
    verbs = set(Entry.objects.filter(pk__gt=first).values_list("verb", flat=True))
    print(sorted(verbs))
    assert not wrong, "\n".join(wrong)
    assert {"calls.assigned", "complaint.escalated", "reports.ordered"} <= verbs


FILES: dict[str, str] = {
    "customers": "客户编号,姓名,手机\nC1,王建国,13800001111\nC2,李娜,13800002222\n",
    "vehicles": "车辆编号,客户编号,车牌号,车架号,品牌\nV1,C1,沪A8K721,LFV2A21K0D3123456,奥迪\n",
    "service-orders": (
        "工单号,车辆编号,客户编号,进厂日期,出厂日期,里程,维修类型,故障描述,工时费,配件费,优惠率,实收金额,评分\n"
        "W1,V1,C1,2022-11-24,2023-01-06,68214,保养,换机油,530.34,592.40,5.25,1063.80,4\n"
    ),
    "catalogue": "类型,编码,名称,单价\n配件,A1,雨刮片,58.00\n工时,A2,更换,80.00\n",
    "complaints": "id,desc,problem,date,status\n1,车内异响,H15,2020-06-08,用户评分\n",
}  # fmt: skip


def test_whatever_a_file_brings_is_told_in_one_line(cast, watch, tmp_path):
    wrong = []
    for kind, text in FILES.items():
        last = newest()
        watch.hold()
        source = () if kind == "catalogue" else ("--source", "old")
        said = load(kind, write(tmp_path / f"{kind}.csv", text), "--store", "HD01", *source)
        assert said[-1].endswith("updated 0, unchanged 0, rejected 0") and "created 0" not in said[-1], said
        wrong += [f"{kind}: {one}" for one in wrong_about(watch, last, "console")]
        told = Entry.objects.filter(pk__gt=last, kind="store")
        assert [one.verb.endswith(".loaded") for one in told] == [True], kind
    assert not wrong, "\n".join(wrong)
