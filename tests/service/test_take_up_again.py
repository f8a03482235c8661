"""Declined and put-off work is kept with its value and offered again, once."""

from decimal import Decimal

import pytest

from core.rows import Refused
from service import actions
from service.models import Job, Line
from tests.conftest import Chain


def put_off(cast, chain, first="deferred", second="declined"):
    """A visit in which the customer put one line off and declined the other; the car has left."""
    visit = chain.estimated()
    rows = [
        {"line": line.pk, "answer": answer}
        for line, answer in zip(Line.objects.order_by("id"), (first, second), strict=True)
    ]
    actions.authorise(visit.orders.get(), answers=rows, via="phone", consent_by="刘建国", by=cast.by("advisor"))
    return visit


def gone(cast, visit):
    """The car goes out without the work."""
    from finance import actions as finance

    actions.exit_visit(visit, exit="declined", reason="改日再来", by=cast.by("advisor"))
    finance.settle(visit, by=cast.by("advisor"))
    visit.refresh_from_db()
    steps = dict.fromkeys(actions.delivery_steps(visit), True)
    actions.hand_over(visit, **steps, by=cast.by("advisor"))
    passed = finance.issue_gate_pass(visit, by=cast.by("cashier"))
    finance.let_out(passed, plate_seen="8K721", by=cast.by("guard"))


@pytest.fixture
def before(cast, chain):
    """Lines of an earlier visit."""
    gone(cast, put_off(cast, chain))
    return list(Line.objects.order_by("id"))


def test_it_is_offered_again_in_a_new_order_and_listed_once(cast, car, before):
    assert list(Line.objects.to_offer_again(car)) == before
    order = Chain(cast, car).received().orders.get()
    order = actions.take_up_again(order, lines=before, by=cast.by("advisor"))
    assert not Line.objects.to_offer_again(car).exists()
    job = order.jobs.order_by("position").last()
    assert (job.words, job.kind, job.status) == ("刹车异响", "repair", Job.Status.OPEN)
    assert [(x.name, x.amount, x.consent) for x in job.lines.order_by("id")] == [
        ("更换前制动片", Decimal("570.00"), "asked"),
        ("前制动片组", Decimal("798.00"), "asked"),
    ]
    assert [x.taken_up_again for x in Line.objects.filter(pk__in=[one.pk for one in before]).order_by("id")] == list(
        job.lines.order_by("id")
    )


def test_a_line_that_is_taken_out_again_is_still_owed(cast, car, before):
    order = Chain(cast, car).received().orders.get()
    actions.take_up_again(order, lines=before[:1], by=cast.by("advisor"))
    actions.remove_line(Line.objects.order_by("id").last(), by=cast.by("advisor"))
    assert list(Line.objects.to_offer_again(car)) == before


def test_it_costs_what_the_catalogue_says_today(cast, car, before, shelf):
    Line.objects.filter(pk=before[1].pk).update(item=shelf["filter"])
    order = Chain(cast, car).received().orders.get()
    actions.take_up_again(order, lines=before[1:], by=cast.by("advisor"))
    assert Line.objects.order_by("id").last().amount == Decimal("58.00")


def test_nothing_is_taken_up_twice(cast, car, before):
    order = Chain(cast, car).received().orders.get()
    actions.take_up_again(order, lines=before, by=cast.by("advisor"))
    with pytest.raises(Refused):
        actions.take_up_again(order, lines=before, by=cast.by("advisor"))
    with pytest.raises(Refused):
        actions.take_up_again(order, lines=[], by=cast.by("advisor"))


def test_work_of_this_very_visit_is_answered_there(cast, chain):
    visit = put_off(cast, chain)
    with pytest.raises(Refused):
        actions.take_up_again(visit.orders.get(), lines=Line.objects.all(), by=cast.by("advisor"))


def test_another_cars_work_is_not_offered_here(cast, car, before):
    from customers.models import Vehicle

    other = Vehicle.objects.create(company=cast.store.company, plate="沪B11111", plate_kind="ordinary")
    order = Chain(cast, other).received().orders.get()
    with pytest.raises(Refused):
        actions.take_up_again(order, lines=before, by=cast.by("advisor"))


def test_reception_shows_it_with_its_value_and_takes_it_up(cast, car, before, browser):
    visit = Chain(cast, car).arrived()
    client = browser("advisor")
    page = client.get(f"/visits/{visit.pk}/receive/").content.decode()
    assert "前制动片组" in page and "1,368.00" in page
    from datetime import timedelta

    from django.utils.timezone import now

    sent = {
        "again": [line.pk for line in before],
        "promised_at": (now() + timedelta(hours=9)).strftime("%Y-%m-%dT%H:%M"),
        "form_token": "a",
    }
    assert client.post(f"/visits/{visit.pk}/receive/", sent).status_code == 302
    assert visit.orders.get().amount == Decimal("1368.00")


def test_both_doors(cast, car, before, browser, program):
    order = Chain(cast, car).received().orders.get()
    page = browser("advisor").get(f"/orders/{order.pk}/take-up-again/").content.decode()
    assert "更换前制动片" in page
    sent = {"lines": before[0].pk, "form_token": "a"}
    assert browser("advisor").post(f"/orders/{order.pk}/take-up-again/", sent).status_code == 302
    body = {"lines": [before[1].pk]}
    answer = program("advisor")(f"orders/{order.pk}/take-up-again/", body, **{"Idempotency-Key": "a"})
    assert answer.status_code == 200, answer.content
    assert order.jobs.count() == 3
    refused = program("stranger")(f"orders/{order.pk}/take-up-again/", body, **{"Idempotency-Key": "b"})
    assert refused.status_code == 404


@pytest.mark.parametrize(
    ("way", "stands"), [("declined", "declined"), ("taken_away", "deferred"), ("cancelled", "dropped")]
)
def test_what_nobody_answered_is_kept_when_the_car_leaves(cast, chain, way, stands):
    visit = chain.estimated()
    actions.exit_visit(visit, exit=way, reason="x", by=cast.by("advisor"))
    assert set(Line.objects.values_list("consent", flat=True)) == {stands}
    assert Line.objects.to_offer_again(visit.vehicle).exists() is (way != "cancelled")


def test_agreed_work_that_the_car_was_taken_away_without_is_kept_too(cast, chain):
    visit = chain.authorised()
    actions.exit_visit(visit, exit="taken_away", reason="x", by=cast.by("advisor"))
    assert Line.objects.to_offer_again(visit.vehicle).count() == 2
