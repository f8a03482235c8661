"""The data that cases are run by: lists, adding, changing, switching off; dated time limits; steps; unknown codes."""

import io
from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.utils.timezone import localdate, now
from openpyxl import load_workbook

from complaints import actions
from complaints.actions.clocks import target_of
from complaints.actions.deadlines import Measures, reach
from complaints.models import (
    CompensationKind,
    ConductRule,
    Phrase,
    Problem,
    ProblemClass,
    ReplyTemplate,
    Step,
    Target,
)
from core.models import Entry
from core.rows import Refused

DAY = timedelta(days=1)
KINDS = {
    "problems": {"problem_class": 0, "code": "A1", "name_zh": "发动机异响", "is_active": "on"},
    "problem-classes": {"letter": "Z", "kind": "service", "name_zh": "销售承诺"},
    "escalation-steps": {"due": "", "level": "5", "percent": "300", "role": "group_manager", "is_active": "on"},
    "compensation-kinds": {"code": "film", "name_zh": "贴膜", "name_en": "Film", "unit": "times", "is_active": "on"},
    "phrases": {"words": "爱修不修", "instead": "您看这样处理可以吗", "is_active": "on"},
    "reply-templates": {
        "title": "配件到货",
        "nature": "complaint",
        "text": "{name}您好，配件已到店。",
        "is_active": "on",
    },
    "conduct-rules": {"position": "9", "words_zh": "先道歉再解释", "words_en": "", "is_active": "on"},
}
MODELS = {
    "problems": Problem, "problem-classes": ProblemClass, "escalation-steps": Step,
    "compensation-kinds": CompensationKind, "phrases": Phrase, "reply-templates": ReplyTemplate,
    "conduct-rules": ConductRule,
}  # fmt: skip


@pytest.fixture
def engine(db):
    return ProblemClass.objects.create(letter="A", kind="quality", name_zh="发动机")


@pytest.mark.parametrize("kind", KINDS)
def test_a_kind_is_listed_added_and_changed_in_both_doors(cast, engine, browser, program, kind):
    client, at = browser("care_manager"), f"/case-data/{kind}/"
    assert at in client.get("/case-data/").content.decode()
    given = {name: engine.pk if name == "problem_class" else value for name, value in KINDS[kind].items()}
    assert client.get(f"{at}add/").status_code == 200
    assert client.post(f"{at}add/", given).status_code == 302
    made = MODELS[kind].objects.latest("pk")
    assert Entry.objects.filter(verb="case_data.added", object_id=made.pk).exists()
    page = client.get(at).content.decode()
    assert f"{at}{made.pk}/edit/" in page
    twice = client.post(f"{at}add/", given)
    assert twice.status_code == (302 if kind == "conduct-rules" else 422)

    form = client.get(f"{at}{made.pk}/edit/").content.decode()
    assert 'name="version"' in form
    changed = given | {"version": "1"}
    first = next(name for name in ("name_zh", "instead", "text", "words_zh", "percent") if name in given)
    changed[first] = "350" if first == "percent" else "改过的文字"
    if "is_active" in changed:
        del changed["is_active"]
    assert client.post(f"{at}{made.pk}/edit/", changed).status_code == 302
    made.refresh_from_db()
    assert str(getattr(made, first)) == changed[first] and made.version == 2
    assert getattr(made, "is_active", False) is False
    assert client.post(f"{at}{made.pk}/edit/", changed).status_code == 412  # an old version
    assert Entry.objects.filter(verb="case_data.edited", object_id=made.pk).count() == 1

    assert browser("advisor").get(at).status_code == 403
    listed = program("care_manager")(f"{kind}/", method="get").json()["results"]
    assert made.pk in {one["id"] for one in listed}
    assert program("advisor")(f"{kind}/", method="get").status_code == 403
    book = load_workbook(io.BytesIO(client.get(f"{at}?export=xlsx").content))
    assert book.active.max_row >= 2


def test_rest_adds_changes_and_keeps_the_code(cast, program):
    ask = program("care_manager")
    body = {"code": "film", "name_zh": "贴膜", "name_en": "Film", "unit": "times", "is_cash": False, "is_active": True}
    made = ask("compensation-kinds/", body, **{"Idempotency-Key": "c1"})
    assert made.status_code == 201, made.content
    address = f"compensation-kinds/{made.json()['id']}/"
    assert ask(address, body, "put").status_code == 428
    off = ask(address, body | {"is_active": False}, "put", **{"If-Match": '"1"'})
    assert off.status_code == 200 and off.json()["is_active"] is False
    assert ask(address, body | {"code": "other"}, "put", **{"If-Match": '"2"'}).status_code == 400
    assert ask(address, body, "put", **{"If-Match": '"1"'}).status_code == 412
    assert ask("compensation-kinds/", body, **{"Idempotency-Key": "c2"}).status_code == 409


def test_an_answer_at_hand_is_looked_at_too(cast, browser):
    rude = {"title": "拒绝", "nature": "", "text": "这是规定，不可以。", "is_active": "on"}
    client = browser("care_manager")
    told = client.post("/case-data/reply-templates/add/", rude)
    assert told.status_code == 422 and "我们可以这样为您处理" in told.content.decode()
    assert client.post("/case-data/reply-templates/add/", rude | {"anyway": "on"}).status_code == 302


def test_what_is_off_is_offered_no_more(cast, cases, browser):
    CompensationKind.objects.update(is_active=False)
    page = browser("care_agent").get(f"/complaints/{cases.investigated().pk}/propose/").content.decode()
    assert "Voucher" not in page


def test_unknown_codes_stand_first_and_become_known(cast, engine, browser):
    Problem.objects.create(problem_class=engine, code="A1", name_zh="异响")
    unknown = Problem.objects.create(code="X77", name_zh="X77", is_unknown=True)
    client = browser("care_manager")
    page = client.get("/case-data/problems/").content.decode()
    assert page.index("X77") < page.index("A1") and "unknown" in page
    assert "1 unknown code" in client.get("/case-data/").content.decode()
    with pytest.raises(Refused) as refused:
        actions.edit_case_data(unknown, name_zh="X77", problem_class=engine, by=cast.by("care_manager"))
    assert refused.value.field == "name_zh"
    address = f"/case-data/problems/{unknown.pk}/edit/"
    assert client.post(address, {"name_zh": "涡轮异响", "is_active": "on"}).status_code == 422
    given = {"name_zh": "涡轮异响", "is_active": "on", "problem_class": engine.pk}
    assert client.post(address, given).status_code == 302
    unknown.refresh_from_db()
    assert (unknown.is_unknown, unknown.problem_class, unknown.code) == (False, engine, "X77")


def test_a_class_that_changes_has_its_figures_counted_again(cast, cases, engine):
    from core.models import TouchedDay

    problem = Problem.objects.create(problem_class=engine, code="A1", name_zh="异响")
    complaint = cases.received(problems=[problem])
    TouchedDay.objects.all().delete()
    other = ProblemClass.objects.create(letter="S", kind="service", name_zh="服务")
    actions.edit_case_data(problem, problem_class=other, by=cast.by("care_manager"))
    assert TouchedDay.objects.filter(store=complaint.store, day=complaint.received_on).exists()


# Time limits


def laid(cast, who="group_manager", **more):
    given = {"due": "received", "amount": 60, "unit": "store_minutes", "since": localdate()} | more
    return actions.add_target(**given, by=cast.by(who))


@pytest.mark.duty("K-02")
def test_a_rule_in_force_is_followed_by_a_new_one_and_never_changed(cast, cases):
    old = Target.objects.get(due="received", severity="", company=None)
    new = laid(cast, since=localdate() + 10 * DAY)
    old.refresh_from_db()
    assert (old.until, old.amount, new.until) == (localdate() + 9 * DAY, 240, None)
    between = laid(cast, since=localdate() + 5 * DAY, amount=90)
    old.refresh_from_db()
    assert (old.until, between.until) == (localdate() + 4 * DAY, localdate() + 9 * DAY)
    assert target_of(cases.received(), "received").amount == 240
    with pytest.raises(Refused) as refused:  # deadlines ran by the old one
        laid(cast, since=localdate() - DAY)
    assert refused.value.field == "since"
    actions.take_back_target(between, by=cast.by("group_manager"))
    old.refresh_from_db()
    assert old.until == localdate() + 9 * DAY and not Target.objects.filter(pk=between.pk).exists()
    with pytest.raises(Refused):
        actions.take_back_target(old, by=cast.by("group_manager"))
    with pytest.raises(Refused):
        actions.end_target(new, until=localdate(), by=cast.by("group_manager"))
    assert Entry.objects.filter(verb="target.ended", object_id=old.pk).exists()


@pytest.mark.duty("K-02")
def test_a_gap_is_filled_from_the_day_the_law_began(cast):
    assert not Target.objects.filter(due="regulator_end", until=None).exists()
    made = laid(cast, due="regulator_end", amount=60, unit="working_days", since=date(2026, 4, 15), source="新办法")
    assert made.until is None
    ended = actions.end_target(made, until=localdate(), by=cast.by("group_manager"))
    assert ended.until == localdate()
    with pytest.raises(Refused):
        actions.end_target(made, until=localdate() - 5 * DAY, by=cast.by("group_manager"))


def test_a_company_keeps_its_own_and_not_the_house_s_nor_anybody_else_s(cast, cases, browser, program):
    own, foreign = cast.store.company, cast.foreign.company
    made = laid(cast, who="care_manager", company=own, amount=30)
    assert target_of(cases.received(), "received") == made
    with pytest.raises(Refused) as refused:
        laid(cast, who="care_manager")
    assert refused.value.field == "company"
    with pytest.raises(PermissionDenied):
        laid(cast, who="care_manager", company=foreign)
    theirs = laid(cast, company=foreign, amount=20)
    client = browser("care_manager")
    page = client.get("/case-data/time-limits/").content.decode()
    assert own.name in page and foreign.name not in page and f"/{made.pk}/end/" in page
    assert client.get(f"/case-data/time-limits/{theirs.pk}/end/").status_code == 404
    assert program("care_manager")(f"time-limits/{theirs.pk}/", method="get").status_code == 404
    assert foreign.name not in client.get("/case-data/time-limits/add/").content.decode()
    given = {"company": own.pk, "due": "calling", "severity": "", "amount": "10", "unit": "store_hours"}
    given |= {"since": (localdate() + DAY).isoformat(), "source": "公司通知"}
    assert client.post("/case-data/time-limits/add/", given).status_code == 302
    planned = Target.objects.get(company=own, due="calling")
    assert (planned.amount, planned.unit) == (600, "store_minutes")
    assert client.post("/case-data/time-limits/add/", given).status_code == 422
    assert client.post(f"/case-data/time-limits/{planned.pk}/take-back/", {"sure": "1"}).status_code == 302
    ended = program("care_manager")(f"time-limits/{made.pk}/end/", {"until": localdate().isoformat()})
    assert ended.status_code == 200 and ended.json()["until"] == localdate().isoformat()
    body = {"company": own.pk, "due": "deciding", "amount": 60, "unit": "hours", "since": localdate().isoformat()}
    body["severity"] = "major"
    assert program("care_manager")("time-limits/", body, **{"Idempotency-Key": "t"}).status_code == 201


@pytest.mark.parametrize(
    ("typed", "unit", "kept", "said"),
    [
        ("0.5", "store_hours", (30, "store_minutes"), "0.5 h of the store"),
        ("2.25", "store_hours", (135, "store_minutes"), "2.25 h of the store"),
        ("24", "hours", (24, "hours"), "24 h round the clock"),
        ("0.5", "hours", (30, "minutes"), "0.5 h round the clock"),
        ("7", "working_days", (7, "working_days"), "7 official working days"),
    ],
)
def test_a_time_limit_is_typed_and_shown_in_hours_or_days(cast, cases, browser, program, typed, unit, kept, said):
    client, at = browser("care_manager"), "/case-data/time-limits/"
    given = {"company": cast.store.company_id, "due": "deciding", "severity": "", "amount": typed, "unit": unit}
    given |= {"since": localdate().isoformat(), "source": ""}
    assert client.post(f"{at}add/", given).status_code == 302
    made = Target.objects.get(company=cast.store.company)
    assert (made.amount, made.unit) == kept
    page = client.get(at).content.decode()
    assert said in page and "minutes of" not in page
    told = program("care_manager")(f"time-limits/{made.pk}/", method="get").json()
    assert (told["amount"], told["unit"]) == kept, "REST keeps its unit and names it"
    began = now().replace(hour=4, minute=0, second=0, microsecond=0)
    measure = Measures().of(cast.store, made.unit)
    if unit == "hours":
        assert reach(measure, began, measure.amount(made.amount)) == began + float(typed) * timedelta(hours=1)


def test_working_days_are_whole_and_a_limit_is_more_than_nothing(cast, browser):
    client, given = browser("care_manager"), {"company": cast.store.company_id, "due": "deciding", "severity": ""}
    given |= {"since": localdate().isoformat(), "source": ""}
    for amount, unit in (("1.5", "working_days"), ("0", "store_hours"), ("x", "hours"), ("60", "store_minutes")):
        refused = client.post("/case-data/time-limits/add/", given | {"amount": amount, "unit": unit})
        assert refused.status_code == 422, (amount, unit)
    assert not Target.objects.filter(company=cast.store.company).exists()


def test_a_step_that_is_off_tells_nobody(cast, program):
    from complaints.actions.clocks import first_percent

    step = Step.objects.get(level=1)
    assert first_percent("received") == 80
    body = {"due": "", "level": 1, "percent": 80, "role": "", "is_active": False}
    off = program("care_manager")(f"escalation-steps/{step.pk}/", body, "put", **{"If-Match": '"1"'})
    assert off.status_code == 200, off.content
    assert first_percent("received") == 100
