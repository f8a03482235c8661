"""Taking a case in: the registration form, who is found, who is told, and its number (K-01, K-06, K-17, K-23, C-37)."""

import pytest
from django.core.exceptions import PermissionDenied
from django.utils.timezone import now

from complaints import actions
from complaints.models import Complaint, Problem
from complaints.prints import registration
from core.models import Entry, Notice, Task
from core.rows import Refused


def register(cast, who="care_agent", **given):
    values = {"store": cast.store, "nature": "complaint", "way": "phone", "words": "空调修了两次还是不凉"}
    return actions.register(**(values | given), by=cast.by(who))


@pytest.mark.duty("K-06")
def test_a_complaint_gets_its_number_its_channel_its_keeper_and_its_line(cast, cases):
    made = cases.received()
    assert made.number.startswith("HD01-CP-")
    assert (made.status, made.nature, made.who, made.phone) == ("received", "complaint", "赵敏", "13900001111")
    assert made.keeper == cast.care_agent  # who takes it in and works on cases keeps it
    assert [(one.way, one.by_name) for one in made.channels.all()] == [("phone", str(cast.care_agent))]
    assert made.nonce and Complaint.objects.by_token(made.token).get() == made
    assert Entry.objects.filter(verb="complaint.registered", object_id=made.pk).count() == 1
    assert made.clocks.filter(due="received", ended_at=None).exists()


@pytest.mark.duty("C-37")
@pytest.mark.parametrize(
    ("nature", "status"), [("complaint", "received"), ("enquiry", "answering"), ("suggestion", "answering")]
)
def test_each_nature_takes_its_own_path(cast, nature, status):
    assert register(cast, nature=nature).status == status


def test_the_customer_is_found_by_phone_and_the_car_by_plate_or_vin(cast, car):
    by_phone = register(cast, phone="138 0000 6621")
    assert by_phone.customer == car.owner and by_phone.name == "刘建国"
    by_plate = register(cast, plate="沪a·8k721")
    assert (by_plate.vehicle, by_plate.customer, by_plate.brand) == (car, car.owner, "奥迪")
    assert register(cast, plate=car.vin.lower()).vehicle == car
    # somebody else about the same car is not taken for its owner
    other = register(cast, plate=car.plate, name="王芳", phone="13912345678")
    assert (other.vehicle, other.customer, other.who) == (car, None, "王芳")
    unknown = register(cast, plate="沪B00001")
    assert (unknown.vehicle, unknown.stated_plate, unknown.channels.get().remark) == (None, "沪B00001", "")


def test_a_plate_that_no_car_wears_stands_on_the_page_and_on_the_form(cast, car, browser, program):
    made = register(cast, plate="沪b·00001")
    page = browser("care_agent").get(made.get_absolute_url()).content.decode()
    assert "Stated plate" in page and "沪B·00001" in page
    assert ("车牌号", "沪B·00001（顾客自述）") in registration(made)["who"]
    told = program("care_agent")(f"complaints/{made.pk}/", method="get").json()
    assert told["stated_plate"] == "沪B00001"
    known = register(cast, plate=car.plate)
    assert "Stated plate" not in browser("care_agent").get(known.get_absolute_url()).content.decode()


def test_only_who_took_a_case_in_sees_its_receipt_again_and_no_namesake(cast, browser):
    from tests.conftest import make_person

    made = register(cast, who="advisor")
    cast.people["twin"] = make_person("twin", cast.advisor.name, "advisor", cast.store)
    assert made.channels.get().by == cast.advisor
    assert "/receipt/" in browser("advisor").get(made.get_absolute_url()).content.decode()
    assert "/receipt/" not in browser("twin").get(made.get_absolute_url()).content.decode()


@pytest.mark.duty("K-23")
def test_from_an_order_and_from_a_call_in_one_click(cast, chain, browser, client):
    from customers import actions as customers
    from customers.models import Call

    visit = chain.left()
    order = visit.orders.get()
    from_order = register(cast, order=order, way="order")
    assert (from_order.order, from_order.vehicle, from_order.customer) == (order, visit.vehicle, visit.customer)
    customers.plan_calls(by=cast.by("care_manager"))
    call = Call.objects.get()
    from_call = register(cast, call=call, way="call")
    assert (from_call.call, from_call.vehicle, from_call.phone) == (call, visit.vehicle, call.phone)
    agent = browser("care_agent")
    assert f"/complaints/register/?call={call.pk}" in agent.get(f"/calls/{call.pk}/").content.decode()
    form = agent.get(f"/complaints/register/?call={call.pk}").content.decode()
    assert f'name="call" value="{call.pk}"' in form and call.phone in form
    shown = browser("advisor").get(f"/orders/{order.pk}/").content.decode()
    assert f"/complaints/register/?order={order.pk}" in shown


@pytest.mark.duty("K-23")
def test_the_order_page_shows_that_a_complaint_about_it_exists(cast, chain, browser):
    visit = chain.left()
    order, at = visit.orders.get(), f"/visits/{visit.pk}/complaints/"
    advisor = browser("advisor")
    assert f'hx-get="{at}"' in advisor.get(f"/orders/{order.pk}/").content.decode()
    piece = {"headers": {"HX-Request": "true"}}
    assert advisor.get(at, **piece).content.decode().strip() == "", "nothing where there is none"
    assert "No complaint about" in advisor.get(at).content.decode()
    about, other = register(cast, order=order, way="order"), register(cast, vehicle=visit.vehicle)
    told = advisor.get(at, **piece).content.decode()
    assert f'href="{about.get_absolute_url()}"' in told and about.number in told and "Taken in" in told
    assert other.number not in told, "it is about the car, not about this order"
    assert about.number in advisor.get(at).content.decode(), "without JavaScript too"
    assert at not in browser("technician").get(f"/orders/{order.pk}/").content.decode()
    assert browser("technician").get(at, **piece).status_code == 403
    assert browser("stranger").get(at, **piece).status_code == 404


@pytest.mark.duty("K-17")
def test_a_major_case_is_told_at_once_to_the_general_manager_and_the_care_manager(cast):
    made = register(cast, severity="major")
    told = Notice.objects.filter(code="case_major", address=made.get_absolute_url())
    people = set(told.values_list("employee", flat=True))
    assert {cast.general_manager.pk, cast.care_manager.pk} <= people
    assert not Notice.objects.filter(code="case_major", address=register(cast).get_absolute_url()).exists()


@pytest.mark.duty("K-17")
def test_a_major_case_is_a_task_of_the_general_manager_until_he_has_seen_to_it_or_it_is_over(cast, browser):
    def tasks(case):
        return list(Task.objects.open().filter(code="case_major", object_id=case.pk).values_list("assignee", flat=True))

    made = register(cast, severity="major")
    assert tasks(made) == [cast.general_manager.pk]
    assert made.number in browser("general_manager").get("/tasks/").content.decode()
    browser("general_manager").get(made.get_absolute_url())
    assert tasks(made) == [cast.general_manager.pk], "reading changes nothing"
    task = Task.objects.get(code="case_major", object_id=made.pk)
    assert browser("general_manager").post(f"/tasks/{task.pk}/finish/", {"outcome": "已致电顾客"}).status_code == 302
    assert tasks(made) == []
    over, eased, merged = (register(cast, severity="major") for _n in range(3))
    actions.end_case(over, result="withdrawn", words="顾客撤诉", by=cast.by("care_manager"))
    given = {"grounds_ok": True, "grounds_reason": "属实", "demand_ok": True, "demand_reason": "合理"}
    actions.judge(eased, **given, department="workshop", severity="ordinary", by=cast.by("care_agent"))
    actions.link_case(merged, other=eased, relation="same", by=cast.by("care_agent"))
    assert [tasks(one) for one in (over, eased, merged)] == [[], [], []]


def test_the_cashier_takes_one_in_too(cast, browser):
    body = {"store": cast.store.pk, "nature": "complaint", "way": "counter", "name": "赵敏", "phone": "13900001111"}
    body |= {"words": "收款时多等了半小时", "severity": "ordinary"}
    answer = browser("cashier").post("/complaints/register/", body)
    made = Complaint.objects.get()
    assert answer.status_code == 302 and answer["Location"] == made.get_absolute_url() and made.keeper is None
    assert browser("cashier").get(made.get_absolute_url()).status_code == 200


def test_whoever_does_not_work_on_cases_takes_one_in_for_the_care_manager(cast):
    made = register(cast, who="advisor")
    assert made.keeper is None
    assert Notice.objects.filter(code="case_unkept", employee=cast.care_manager).count() == 1
    assert Complaint.objects.unkept().get() == made


def test_what_is_not_right_is_refused(cast, chain):
    with pytest.raises(Refused):
        register(cast, words="   ")
    with pytest.raises(Refused):
        register(cast, happened_on=now().date().replace(year=now().year + 1))
    with pytest.raises(Refused):
        register(cast, store=cast.store, vehicle=_foreign_car(cast))
    with pytest.raises(PermissionDenied):
        register(cast, store=cast.foreign)
    assert not Complaint.objects.exists()


def _foreign_car(cast):
    from customers.models import Vehicle

    return Vehicle.objects.create(company=cast.foreign.company, plate="沪C12345", plate_kind="ordinary")


def test_in_the_browser_with_problems_and_what_is_known_while_one_types(cast, car, browser):
    main, second = Problem.objects.order_by("code")[:2] if Problem.objects.count() > 1 else _problems()
    agent = browser("care_agent")
    page = agent.get(f"/complaints/register/?vehicle={car.pk}")
    assert page.status_code == 200 and "刘建国" in page.content.decode()
    piece = agent.get("/complaints/known/", {"phone": "13800006621", "plate": ""}).content.decode()
    assert "A·8K721" in piece and 'name="customer"' in piece
    body = {
        "store": cast.store.pk, "nature": "complaint", "way": "counter", "phone": "13800006621", "plate": "",
        "vehicle": car.pk, "words": "空调不凉", "problems": [str(main), second.code], "severity": "serious",
    }  # fmt: skip
    answer = agent.post("/complaints/register/", body)
    made = Complaint.objects.get()
    assert answer.status_code == 302 and answer["Location"] == made.get_absolute_url()
    assert (made.customer, made.vehicle, made.problem, made.severity) == (car.owner, car, main, "serious")
    assert set(made.problems.all()) == {main, second}
    assert agent.get(made.get_absolute_url()).status_code == 200
    wrong = agent.post("/complaints/register/", body | {"problems": ["没有的"], "words": ""})
    assert wrong.status_code == 422 and "没有的" in wrong.content.decode()


def _problems():
    return [Problem.objects.create(code=code, name_zh=name) for code, name in (("A1", "异响"), ("H2", "空调不凉"))]


def test_by_rest_once_for_a_key_and_with_cases_that_look_alike(cast, car, program):
    ask = program("integration")
    body = {"store": cast.store.pk, "nature": "complaint", "way": "rest", "phone": car.owner.phone, "words": "漏油"}
    first = ask("complaints/", body, **{"Idempotency-Key": "a"})
    again = ask("complaints/", body, **{"Idempotency-Key": "a"})
    assert (first.status_code, again.json()["id"]) == (201, first.json()["id"])
    second = ask("complaints/", body | {"words": "又漏油"}, **{"Idempotency-Key": "b"}).json()
    assert [one["id"] for one in second["alike"]] == [first.json()["id"]]
    assert ask("complaints/", body).status_code == 400  # without a key
    assert ask("complaints/", body | {"store": cast.foreign.pk}, **{"Idempotency-Key": "c"}).status_code == 400


def test_a_stranger_finds_nothing_of_it(cast, cases, browser):
    made = cases.received()
    stranger = browser("stranger")
    assert stranger.get(made.get_absolute_url()).status_code == 404
    assert made.number not in stranger.get("/complaints/?tab=all").content.decode()
