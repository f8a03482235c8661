"""The bill is explained as it will be, before anything is settled (rule 11): by job, by payer, with what changed."""

from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied

from core.models import Attachment, Entry
from core.rows import Refused
from finance import actions as finance
from service import actions
from service.models import Job, Line, Visit
from service.models.bill import bill_of
from tests.conftest import HANDED


def add(cast, visit, name, price, answer):
    """Extra work on the first job, answered by phone."""
    row = {"kind": "part", "code": "", "name": name, "quantity": Decimal(1), "unit": "", "price": Decimal(price)}
    row |= {"cost": Decimal(40), "payer": "customer", "party": None, "reason": "repair"}
    actions.add_lines(Job.objects.first(), lines=[row], by=cast.by("advisor"))
    line = Line.objects.get(name=name)
    rows = [{"line": line.pk, "answer": answer}]
    actions.authorise(visit.orders.get(), answers=rows, via="phone", consent_by="刘建国", by=cast.by("advisor"))


@pytest.mark.duty("S-04")
def test_nothing_is_settled_before_the_bill_was_explained(cast, chain):
    visit = chain.ready()
    with pytest.raises(Refused):
        finance.settle(visit, by=cast.by("advisor"))
    visit = actions.explain(visit, by=cast.by("advisor"))
    assert visit.explained_at and Entry.objects.filter(verb="visit.explained").count() == 1
    finance.settle(visit, by=cast.by("advisor"))
    visit.refresh_from_db()
    with pytest.raises(Refused):
        actions.explain(visit, by=cast.by("advisor"))


def test_where_nothing_is_charged_nothing_has_to_be_explained(cast, chain):
    visit = actions.exit_visit(chain.received(), exit="taken_away", reason="赶时间", by=cast.by("advisor"))
    finance.settle(visit, by=cast.by("advisor"))
    visit.refresh_from_db()
    assert visit.settled_at and not visit.explained_at


def test_the_bill_says_what_changed_against_the_estimate(cast, chain):
    visit = chain.authorised()
    add(cast, visit, "雨刮片", 98, "authorised")
    add(cast, visit, "空调滤清器", 138, "declined")
    bill = bill_of(visit)
    assert (bill.total, bill.first, bill.added, bill.own) == (
        Decimal("1466.00"), Decimal("1368.00"), Decimal("98.00"), Decimal("1466.00"),
    )  # fmt: skip
    assert [line.name for line in bill.jobs[0].left_out] == ["空调滤清器"]
    assert bill.net + bill.vat == bill.total


def test_the_page_shows_the_bill_and_takes_a_signature(cast, chain, browser, signed):
    visit = chain.ready()
    page = browser("advisor").get(f"/visits/{visit.pk}/explain/").content.decode()
    for word in (
        "刹车异响",
        "更换前制动片",
        "前制动片组",
        "570.00",
        "798.00",
        "1,368.00",
        "1,210.61",
        "157.39",
        "刘建国",
    ):
        assert word in page, word
    answer = browser("advisor").post(f"/visits/{visit.pk}/explain/", {"signature": signed})
    assert answer.status_code == 302
    visit.refresh_from_db()
    assert visit.explained_at
    assert Attachment.objects.of(visit).get().purpose == "signature"


def test_roles_strangers_and_rest(cast, chain, browser, program):
    visit = chain.ready()
    with pytest.raises(PermissionDenied):
        actions.explain(visit, by=cast.by("technician"))
    assert browser("stranger").get(f"/visits/{visit.pk}/explain/").status_code == 404
    assert program("stranger")(f"visits/{visit.pk}/explain/").status_code == 404
    assert program("cashier")(f"visits/{visit.pk}/explain/").status_code == 403
    told = program("advisor")(f"visits/{visit.pk}/explain/")
    assert told.status_code == 200 and told.json()["explained_at"]
    assert program("advisor")(f"visits/{visit.pk}/explain/", {"signature": "no picture"}).status_code == 400


def test_a_reversed_settlement_shuts_the_gate_again(cast, chain):
    visit = chain.settled()
    actions.mark_cleared(visit, True)
    visit.refresh_from_db()
    assert visit.cleared_at
    visit = actions.unmark_settled(visit)
    assert (visit.settled_at, visit.cleared_at) == (None, None)
    assert visit.explained_at  # the lines are the same, so it need not be explained twice


def test_unsettled_after_hand_over_goes_back_to_ready(cast, chain):
    visit = actions.hand_over(chain.paid(), **HANDED, by=cast.by("advisor"))
    assert actions.unmark_settled(visit).status == Visit.Status.READY
