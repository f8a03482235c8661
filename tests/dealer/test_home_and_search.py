"""Start and search: everybody finds what waits for them, and nothing of anybody else's."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.timezone import now

from core.roles import Role
from core.web import actor_of
from finance.models import Settlement
from service.models import Job, Order


@pytest.mark.parametrize("language", ["en", "zh-hans"])
@pytest.mark.parametrize("role", [role for role in Role if role != Role.INTEGRATION])
def test_everybody_has_a_start_page(client, cast, chain, role, language):
    chain.authorised()
    client.force_login(cast.people[role])
    page = client.get("/", headers={"accept-language": language}, follow=True)
    assert page.status_code == 200
    where = page.request["PATH_INFO"]
    if role == Role.GUARD:
        assert where == reverse("gate")
    elif role in {Role.GENERAL_MANAGER, Role.GROUP_MANAGER, Role.SERVICE_MANAGER, Role.MONITOR}:
        assert where == reverse("dashboard")


def test_an_advisor_sees_what_each_car_waits_for(client, cast, chain):
    client.force_login(cast.advisor)
    visit = chain.estimated(waits=True)
    page = client.get("/").content.decode()
    assert "Waits for the customer" in page
    assert reverse("authorise", args=[visit.orders.get().pk]) in page
    assert "Customer waits" in page
    visit = type(visit).objects.get()
    type(visit).objects.update(promised_at=visit.arrived_at)
    assert "Late" in client.get("/").content.decode()


def test_each_stage_has_its_words(client, cast, chain):
    client.force_login(cast.advisor)
    visit = chain.settled()
    assert "Waits for the customer&#x27;s payment" in client.get("/").content.decode()
    Settlement.objects.update(paid=1368)
    assert reverse("hand_over", args=[visit.pk]) in client.get("/").content.decode()


def test_a_technician_starts_with_one_press(client, cast, chain):
    from service import actions

    visit = chain.authorised()
    job = visit.orders.get().jobs.get()
    actions.dispatch(job, technician=cast.technician, by=cast.by("controller"))
    client.force_login(cast.technician)
    address = f"{reverse('start', args=[job.pk])}?next=/"
    assert f'action="{address}"' in client.get("/").content.decode()
    assert client.post(address, {"form_token": "one"}).url == "/"
    assert Job.objects.get().status == Job.Status.IN_WORK
    assert reverse("finish", args=[job.pk]) in client.get("/").content.decode()


def test_the_cashier_sees_what_is_to_be_paid(client, cast, chain):
    chain.settled()
    client.force_login(cast.cashier)
    page = client.get("/").content.decode()
    assert reverse("pay", args=[Settlement.objects.get().pk]) in page
    assert "¥ 1,368.00" in page


def test_a_stranger_sees_no_car_of_another_company(client, cast, chain):
    chain.estimated()
    client.force_login(cast.stranger)
    assert "8K721" not in client.get("/").content.decode()


def found(client, text):
    """What the box shows for a text, without the marks on the letters that were looked for."""
    page = client.get(reverse("search"), {"q": text}, headers={"hx-request": "true"}).content.decode()
    return page.replace("<mark>", "").replace("</mark>", "")


@pytest.mark.duty("C-36")
@pytest.mark.parametrize(
    "text",
    ["8K721", "8k72", "沪A8", "K7", "6621", "138 0000 6621", "13800", "刘建国", "建国", "23456", "LFV2A", "沪A·8K721"],
)
def test_a_fragment_finds_the_car_and_its_owner(client, cast, chain, text):
    chain.estimated()
    client.force_login(cast.advisor)
    assert "沪A·8K721" in found(client, text)
    client.force_login(cast.stranger)
    assert 'app-hit"' not in found(client, text)


@pytest.mark.duty("C-36")
@pytest.mark.parametrize(
    ("name", "text"), [("单雄信", "sxx"), ("曾国藩", "zgf"), ("仇英", "qy"), ("解晓东", "xxd"), ("欧阳娜", "oyn")]
)
def test_pinyin_initials_find_somebody_surnames_read_as_they_are_said(client, cast, name, text):
    from customers import actions

    actions.meet_customer(cast.store.company, name, "13700001234", by=cast.by("advisor"))
    client.force_login(cast.advisor)
    assert name in found(client, text)
    assert name in found(client, text[:2])
    assert name not in found(client, text + "x")
    page = client.get(reverse("search"), {"q": text[:2]}).content.decode()
    assert f"<mark>{name[:2]}</mark>" in page, "the characters that the letters stand for are marked"


def test_several_words_must_all_fit(client, cast, car):
    client.force_login(cast.advisor)
    assert "刘建国" in found(client, "刘 6621")
    assert "刘建国" not in found(client, "刘 6622")


def test_the_end_of_a_number_comes_before_a_mere_fragment_and_who_was_here_last_before_the_others(cast, client):
    from customers.models import Customer, Vehicle, VisitNote

    company, moment = cast.store.company, now()
    cars = []
    for plate in ("沪A88812", "沪B12888", "沪C88834", "沪D34888"):
        owner = Customer.objects.create(company=company, name=f"车主{plate[1]}", phone="")
        cars.append(Vehicle.objects.create(company=company, owner=owner, plate=plate))
    for n, car in enumerate((cars[1], cars[2])):
        VisitNote.objects.create(
            store=cast.store, visit_id=n + 1, vehicle=car, customer=car.owner, kind="repair",
            left_at=moment - timedelta(days=n), left_on=moment.date(),
        )  # fmt: skip
    client.force_login(cast.advisor)
    page = found(client, "888")
    places = [page.index(f"沪{letter}·") for letter in "BDCA"]
    assert places == sorted(places)


def test_the_cars_of_ones_own_store_come_first(cast, chain, client):
    from customers.models import Vehicle
    from service import actions
    from tests.conftest import make_person

    boss = make_person("boss", "老板", Role.GROUP_MANAGER, None)
    boss.store = cast.store
    boss.save()
    Vehicle.objects.create(company=cast.store.company, plate="沪A8K729", plate_kind="ordinary")
    by = actor_of(make_person("there", "那边", Role.ADVISOR, cast.sister), "browser")
    chain.arrived()
    actions.arrive(store=cast.sister, plate="沪A8K729", by=by)
    client.force_login(boss, backend="allauth.account.auth_backends.AuthenticationBackend")
    page = found(client, "8K72")
    assert page.index("沪A·8K721") < page.index("沪A·8K729")


def test_an_old_plate_finds_the_car_and_says_until_when_it_was_worn(cast, car, client):
    from customers import actions
    from customers.forms import EditVehicleForm

    known = EditVehicleForm.known(car) | {"owner": car.owner}
    actions.edit_vehicle(car, **known | {"plate": "沪AD03918"}, by=cast.by("advisor"))
    client.force_login(cast.advisor)
    page = found(client, "8K721")
    assert "沪A·D03918" in page
    assert "wore 沪A·8K721 until today" in page
    assert "wore" not in found(client, "D03918")


def test_numbers_find_orders_and_settlements(client, cast, chain):
    chain.settled()
    client.force_login(cast.service_manager)
    order, settlement = Order.objects.get(), Settlement.objects.get()
    for text in (order.number.lower(), order.number[:-2], order.number[-6:]):
        assert order.get_absolute_url() in found(client, text)
    assert settlement.get_absolute_url() in found(client, settlement.number[-5:])
    client.force_login(cast.technician)
    assert settlement.get_absolute_url() not in found(client, settlement.number)


def test_the_box_gets_only_the_hits(client, cast, chain):
    chain.estimated()
    client.force_login(cast.advisor)
    piece = client.get(reverse("search"), {"q": "8K721"}, headers={"hx-request": "true"}).content.decode()
    assert "app-hit" in piece
    assert "<html" not in piece
    assert "沪A·<mark>8K721</mark>" in piece
    assert client.get(reverse("search"), {"q": "8"}, headers={"hx-request": "true"}).content.decode().strip() == ""
    assert client.get(reverse("search"), {"q": "\0%_'"}).status_code == 200


def test_who_is_not_here_yet_can_be_received_at_once(client, cast):
    client.force_login(cast.advisor)
    assert f"{reverse('arrive')}?plate=沪AD03918" in found(client, "沪A·D03918")
    assert reverse("add_customer") in found(client, "没有这个人")
    client.force_login(cast.technician)
    assert "app-empty" in found(client, "没有这个人")
    assert reverse("add_customer") not in found(client, "没有这个人")


def test_more_hits_cost_no_more_queries(cast, car, client):
    from customers.models import Vehicle
    from tests.conftest import Chain

    client.force_login(cast.service_manager)

    def queries():
        found(client, "8K7")
        with CaptureQueriesContext(connection) as seen:
            found(client, "8K7")
        return len(seen)

    def grow(count):
        for _n in range(count):
            plate = f"沪B8K7{Vehicle.objects.count():02d}"
            Chain(cast, Vehicle.objects.create(company=cast.store.company, owner=car.owner, plate=plate)).arrived()

    grow(2)
    few = queries()
    grow(10)
    assert queries() <= few


def test_what_is_typed_is_never_markup(client, cast):
    from customers.models import Customer

    Customer.objects.create(company=cast.store.company, name="<b>王</b>", phone="13800001111")
    client.force_login(cast.advisor)
    page = client.get(reverse("search"), {"q": "<b>"}).content.decode()
    assert "<b>" not in page
    assert "<mark>&lt;b&gt;</mark>" in page


def test_more_cars_cost_no_more_queries(client, cast, chain):
    from customers.models import Vehicle
    from tests.conftest import Chain

    client.force_login(cast.advisor)

    def queries():
        with CaptureQueriesContext(connection) as found:
            client.get("/")
        return len(found)

    chain.settled()
    queries()
    one = queries()
    for n in range(5):
        car = Vehicle.objects.create(company=cast.store.company, plate=f"沪B1234{n}", owner=chain.vehicle.owner)
        Chain(cast, car).settled()
    assert queries() == one
