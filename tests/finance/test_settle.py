"""Settling: what is taken off, within one's authority or with a manager's approval, and the tax on what is left."""

from decimal import Decimal as D

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from core import actions as core
from core.models import Approval, Authority, Entry, Notice
from core.rows import Refused
from finance import actions
from finance.actions.drafting import by_rate, draft, spread
from finance.models import Settlement
from service import actions as service
from service.models import Line, Party, Visit
from tests.finance.conftest import sums


def settle(visit, cast, who="advisor", **more):
    return actions.settle(Visit.objects.get(pk=visit.pk), **more, by=cast.by(who))


def test_nothing_is_settled_before_the_bill_was_explained(cast, chain):
    with pytest.raises(Refused):
        actions.settle(chain.ready(), by=cast.by("advisor"))


def test_a_discount_goes_off_the_lines_to_the_cent_and_off_the_tax(cast, chain):
    settle(chain.explained(), cast, discount=D("68.40"), discount_reason="老客户")
    one = Settlement.objects.get()
    assert (one.gross, one.discount, one.rounding, one.amount) == (D("1368.00"), D("68.40"), D(0), D("1299.60"))
    labour, part = one.lines.all()
    assert (labour.discount, labour.amount, labour.net) == (D("28.50"), D("541.50"), D("479.20"))
    assert (part.discount, part.amount, part.net) == (D("39.90"), D("758.10"), D("670.88"))
    assert one.net == labour.net + part.net
    assert one.discount_reason == "老客户" and one.settled_by == cast.advisor and one.approval is None
    (rate,) = by_rate(one.lines.all())
    assert (rate.percent, rate.amount, rate.vat) == (D(13), one.amount, one.amount - one.net)
    assert sums() == {"receivable": one.amount, "revenue": -one.net, "vat": one.net - one.amount}


def test_rounding_down_is_spread_as_well(cast, chain):
    settle(chain.explained(), cast, rounding=D("8"))
    one = Settlement.objects.get()
    assert (one.rounding, one.amount) == (D(8), D(1360))
    assert sum(line.rounding for line in one.lines.all()) == D(8)
    assert Entry.objects.filter(verb="settlement.settled").count() == 1


@pytest.mark.parametrize(
    ("total", "over", "parts"),
    [
        ("0.05", ["1", "1", "1"], ["0.02", "0.01", "0.02"]),
        ("3", ["1", "1", "1"], ["1", "1", "1"]),
        ("0.01", ["0.01", "100"], ["0.00", "0.01"]),
        ("0.01", ["0", "0.01"], ["0", "0.01"]),
        ("0", ["5"], ["0"]),
    ],
)
def test_what_is_spread_adds_up_and_no_line_takes_more_than_it_is(total, over, parts):
    amounts = [D(one) for one in over]
    found = spread(D(total), amounts)
    assert sum(found) == D(total)
    assert all(0 <= part <= amount for part, amount in zip(found, amounts, strict=True))
    assert found == [D(one) for one in parts]


def test_tax_stands_apart_by_rate(cast, chain):
    visit = chain.explained()
    line = Line.objects.filter(kind="labour").get()
    Line.objects.filter(pk=line.pk).update(vat_percent=D(6), net=D("537.74"))
    settle(visit, cast, discount=D(40), discount_reason="x")
    one = Settlement.objects.get()
    high, low = by_rate(one.lines.all())
    assert (high.percent, low.percent) == (D(13), D(6))
    assert high.amount + low.amount == one.amount == D(1328)
    assert high.vat + low.vat == one.amount - one.net


def test_only_the_customers_part_of_a_shared_line_is_discounted(cast, chain):
    visit = chain.checked()
    maker = Party.objects.create(company=cast.store.company, kind="manufacturer", name="一汽", terms_days=45)
    line = Line.objects.filter(kind="part").get()
    shares = [
        {"payer": "customer", "party": None, "reason": "goodwill", "amount": D("100.01")},
        {"payer": "manufacturer", "party": maker, "reason": "goodwill", "amount": None},
    ]
    service.share_line(line, shares=shares, by=cast.by("advisor"))
    service.ready(Visit.objects.get(pk=visit.pk), channel="phone", by=cast.by("advisor"))
    service.explain(Visit.objects.get(pk=visit.pk), by=cast.by("advisor"))
    settle(visit, cast, discount=D("10"), discount_reason="x")
    own, theirs = Settlement.objects.order_by("pk")
    assert (own.payer, own.gross, own.amount) == ("customer", D("670.01"), D("660.01"))
    assert (theirs.party, theirs.discount, theirs.amount) == (maker, D(0), D("697.99"))
    assert theirs.gross == theirs.amount and (theirs.due_on - theirs.settled_on).days == 45
    assert own.due_on == own.settled_on and own.customer.name == "刘建国" and theirs.customer is None


def test_who_pays_the_customers_part_is_on_it(cast, chain, car):
    from customers.models import Customer

    visit = chain.explained()
    firm = Customer.objects.create(company=cast.store.company, name="申通物流", phone="", kind="firm")
    Visit.objects.filter(pk=visit.pk).update(payer=firm)
    settle(visit, cast)
    one = Settlement.objects.get()
    assert (one.customer, one.payer_name) == (firm, "申通物流")


def test_more_than_there_is_cannot_be_taken_off(cast, chain):
    visit = chain.explained()
    for given in ({"discount": D("1368.01")}, {"discount": D("1368"), "rounding": D("0.01")}):
        with pytest.raises(Refused) as refused:
            draft(visit, given["discount"], given.get("rounding", D(0)))
        assert refused.value.field == "discount"
    with pytest.raises(Refused) as refused:
        settle(visit, cast, discount=D(10))
    assert refused.value.field == "discount_reason"


@pytest.mark.duty("S-11")
def test_beyond_ones_authority_a_manager_is_asked_and_sees_what_it_costs(cast, chain):
    visit = chain.explained()
    over = {"discount": D("136.80"), "discount_reason": "返修补偿"}
    with pytest.raises(Refused) as refused:
        settle(visit, cast, **over)
    assert (refused.value.code, refused.value.field) == ("beyond_authority", "discount")
    asked = actions.ask_discount(visit, **over, by=cast.by("advisor"))
    assert (asked.amount, asked.worth, asked.matter) == (D("10.00"), D("136.80"), "discount")
    facts = dict(asked.facts)
    assert (facts["total"], facts["total_after"], facts["cost"]) == ("1368.00", "1231.20", "600.00")
    assert D(facts["margin"]) == Settlement(net=D("1089.56"), cost=D(600)).margin
    assert Notice.objects.filter(employee=cast.service_manager, code="approval_asked").exists()
    with pytest.raises(Refused):
        settle(visit, cast, **over)  # asked is not granted
    core.decide(asked, granted=True, reason="同意", by=cast.by("service_manager"))
    with pytest.raises(Refused):
        settle(visit, cast, discount=D("136.81"), discount_reason="再多一分")
    settle(visit, cast, **over)
    one = Settlement.objects.get()
    assert (one.discount, one.approval, one.approval.decided_by) == (D("136.80"), asked, cast.service_manager)
    assert Approval.objects.get().status == "used"


@pytest.mark.duty("F-31")
def test_an_approval_is_used_once_and_only_for_the_bill_that_was_looked_at(cast, chain):
    visit = chain.explained()
    over = {"discount": D("136.80"), "discount_reason": "x"}
    asked = actions.ask_discount(visit, **over, by=cast.by("advisor"))
    core.decide(asked, granted=True, reason="", by=cast.by("finance_manager"))
    settle(visit, cast, **over)
    actions.reverse_settlement(Settlement.objects.get(), reason="付款方有误", by=cast.by("finance_manager"))
    service.explain(Visit.objects.get(), by=cast.by("advisor"))
    with pytest.raises(Refused):
        settle(visit, cast, **over)


def test_another_version_of_the_visit_needs_another_approval(cast, chain):
    visit = chain.explained()
    over = {"discount": D("136.80"), "discount_reason": "x"}
    asked = actions.ask_discount(visit, **over, by=cast.by("advisor"))
    core.decide(asked, granted=True, reason="", by=cast.by("finance_manager"))
    service.explain(Visit.objects.get(), by=cast.by("advisor"))  # explained anew: another version
    with pytest.raises(Refused):
        settle(visit, cast, **over)
    actions.ask_discount(Visit.objects.get(), **over, by=cast.by("advisor"))
    assert sorted(Approval.objects.values_list("status", flat=True)) == ["asked", "withdrawn"]


def test_before_the_bill_was_explained_nobody_is_asked(cast, chain):
    with pytest.raises(Refused):
        actions.ask_discount(chain.ready(), discount=D(200), discount_reason="x", by=cast.by("advisor"))


def test_rounding_beyond_ones_authority_needs_a_manager_too(cast, chain):
    visit = chain.explained()
    with pytest.raises(Refused) as refused:
        settle(visit, cast, rounding=D("10.01"))
    assert refused.value.field == "rounding"
    settle(visit, cast, rounding=D("10.00"))


def test_a_role_without_the_verb_takes_nothing_off(cast, chain):
    with pytest.raises(PermissionDenied):
        settle(chain.explained(), cast, "technician", rounding=D(1))


def test_a_limit_is_the_companys_own(cast, chain):
    Authority.objects.filter(role="advisor", matter="discount").update(limit=None)
    settle(chain.explained(), cast, discount=D(1368), discount_reason="全免")
    one = Settlement.objects.get()
    assert (one.amount, one.net, sums()) == (D(0), D(0), {})
    assert Visit.objects.get().cleared_at  # nothing to pay: the gate is free


def test_the_page_shows_what_each_owes_with_the_tax_and_a_live_total(cast, chain, desk):
    visit = chain.explained()
    url, advisor = reverse("settle", args=[visit.pk]), desk("advisor")
    body = advisor.get(url).content.decode()
    assert "¥ 1,368.00" in body and "¥ 157.39" in body
    piece = advisor.get(url, {"discount": "68.40", "rounding": "0.60"}, headers={"HX-Request": "true"})
    assert "¥ 1,299.00" in piece.content.decode() and "<html" not in piece.content.decode()
    over = advisor.get(url, {"discount": "200"}, headers={"HX-Request": "true"}).content.decode()
    assert reverse("ask_discount", args=[visit.pk]) in over
    odd = advisor.get(url, {"discount": "x", "rounding": "-5"}, headers={"HX-Request": "true"})
    assert odd.status_code == 200 and "¥ 1,368.00" in odd.content.decode()


def test_without_javascript_the_total_is_worked_out_by_a_button(cast, chain, desk):
    visit, advisor = chain.explained(), desk("advisor")
    url = reverse("settle", args=[visit.pk])
    form = {"discount": "60.50", "rounding": "0", "discount_reason": "x", "form_token": "t1"}
    shown = advisor.post(url, form | {"preview": "yuan"})
    assert shown.status_code == 422 and 'value="0.50"' in shown.content.decode()
    assert not Settlement.objects.exists()
    done = advisor.post(url, form | {"rounding": "0.50"})
    assert done.status_code == 302 and Settlement.objects.get().amount == D(1307)


def test_what_was_refused_is_on_the_form_and_asking_is_one_button(cast, chain, desk):
    visit, advisor = chain.explained(), desk("advisor")
    form = {"discount": "200", "rounding": "0", "discount_reason": "投诉补偿", "form_token": "t2"}
    refused = advisor.post(reverse("settle", args=[visit.pk]), form)
    assert refused.status_code == 422 and "14.62" in refused.content.decode()
    asked = advisor.post(reverse("ask_discount", args=[visit.pk]), form, follow=True)
    assert asked.status_code == 200 and Approval.objects.get().worth == D(200)
    body = advisor.get(reverse("settle", args=[visit.pk])).content.decode()
    assert 'value="200.00"' in body  # what was asked for stands in the form
    again = advisor.post(reverse("ask_discount", args=[visit.pk]), form | {"form_token": "t3"})
    assert again.status_code == 422 and Approval.objects.count() == 1


def test_a_program_settles_with_a_discount_and_a_stranger_does_not(cast, chain, program):
    visit = chain.explained()
    path = f"visits/{visit.pk}/settle/"
    body = {"discount": "68.40", "rounding": "0.60", "discount_reason": "活动"}
    assert program("stranger").post(path, body).status_code == 404
    assert program("technician").post(path, body).status_code == 403
    refused = program("advisor").post(path, body | {"discount": "300.00"})
    assert (refused.status_code, list(refused.json()["fields"])) == (400, ["discount"])
    asked = program("advisor").post(f"visits/{visit.pk}/ask-discount/", body | {"discount": "300.00"})
    assert asked.status_code == 201 and asked.json()["worth"] == "300.60"
    made = program("advisor").post(path, body)
    assert made.status_code == 201, made.content
    (one,) = made.json()["settlements"]
    assert (one["gross"], one["discount"], one["rounding"], one["amount"]) == ("1368.00", "68.40", "0.60", "1299.00")
    assert program("advisor").post(path, {}).status_code == 409  # twice


@pytest.mark.duty("F-31")
def test_finance_sees_what_was_given_away_by_whom_and_what_it_left(cast, chain, desk, program):
    visit = chain.explained()
    over = {"discount": D("136.80"), "discount_reason": "返修补偿"}
    asked = actions.ask_discount(visit, **over, by=cast.by("advisor"))
    core.decide(asked, granted=True, reason="", by=cast.by("service_manager"))
    settle(visit, cast, **over)
    one = Settlement.objects.get()
    body = desk("finance_manager").get("/discounts/").content.decode()
    for word in (one.number, str(cast.advisor), str(cast.service_manager), "¥ 136.80", "10.0%", "返修补偿", "¥ 489.56"):
        assert word in body, word
    assert "¥ 489.56" not in desk("cashier").get("/discounts/").content.decode()  # no costs for the cashier
    assert "489.56" in desk("finance_manager").get("/discounts/?export=csv").content.decode()
    assert "489.56" not in desk("cashier").get("/discounts/?export=csv").content.decode()
    assert desk("advisor").get("/discounts/").status_code == 403
    from core.figures import total
    from core.models import Figure
    from dealer import actions as dealer

    dealer.refresh_figures()
    assert total(Figure.objects.filter(store=cast.store), "discounts") == (D("136.80"), D("1368.00"))
    assert total(Figure.objects.filter(store=cast.store), "revenue")[0] == one.amount  # revenue is after the discount
