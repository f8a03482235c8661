"""The way out of the store on the pages: explain, settle, pay, hand over; what is missing, who decides what waits."""

from decimal import Decimal as D

import pytest
from django.urls import reverse

from core import actions as core
from core.models import Approval, Posting
from finance import actions
from finance.models import Settlement, SettlementLine
from finance.prints import settlement_list, with_sums
from service import actions as service
from service.models import Line, Party, Visit
from tests.conftest import HANDED

SETTLE_BUTTON = 'app-settle-go" type="submit" data-busy>Settle</button>'


def settle_page(visit, client):
    return client.get(reverse("settle", args=[visit.pk])).content.decode()


def test_a_car_that_cannot_be_settled_yet_shows_what_is_missing_and_the_way_there(cast, chain, desk):
    advisor = desk("advisor")
    visit = chain.checked()
    body = settle_page(visit, advisor)
    assert SETTLE_BUTTON not in body and "The car is not ready yet" in body and 'name="discount"' not in body
    service.ready(visit, channel="phone", by=cast.by("advisor"))
    body = settle_page(visit, advisor)
    assert SETTLE_BUTTON not in body and reverse("explain", args=[visit.pk]) in body
    assert (
        reverse("settle", args=[visit.pk]) not in advisor.get(reverse("visit_money", args=[visit.pk])).content.decode()
    )
    service.explain(Visit.objects.get(), by=cast.by("advisor"))
    body = settle_page(visit, advisor)
    assert SETTLE_BUTTON in body and "not explained yet" not in body
    assert reverse("settle", args=[visit.pk]) in advisor.get(reverse("visit_money", args=[visit.pk])).content.decode()
    actions.settle(Visit.objects.get(), by=cast.by("advisor"))
    body = settle_page(visit, advisor)
    assert SETTLE_BUTTON not in body and "settled already" in body


def test_a_car_at_the_door_is_received_first(cast, chain, desk):
    visit = chain.arrived()
    body = settle_page(visit, desk("advisor"))
    assert SETTLE_BUTTON not in body and reverse("receive", args=[visit.pk]) in body


def main_step(visit, client):
    """The page's main button: its label."""
    step = client.get(visit.get_absolute_url()).context["next"]
    return step and step["label"]


def test_the_steps_come_in_their_order_and_handing_over_waits_for_the_payment(cast, chain, desk):
    advisor, cashier = desk("advisor"), desk("cashier")
    visit = chain.ready()
    assert main_step(visit, advisor) == "Explain the bill"
    service.explain(visit, by=cast.by("advisor"))
    assert main_step(visit, advisor) == "Settle"
    actions.settle(Visit.objects.get(), by=cast.by("advisor"))
    assert main_step(visit, cashier) == "Take payment"
    shown = advisor.get(visit.get_absolute_url())
    assert shown.context["next"] is None  # an advisor takes no money
    assert shown.context["other"]["label"] == "Hand over"
    labels = [one["label"] for one in shown.context["steps"]]
    assert labels[labels.index("Settled") :] == ["Settled", "Paying", "Handed over", "Out"]
    one = Settlement.objects.get()
    to_pay = cashier.get(reverse("pay_visit", args=[visit.pk]))
    assert to_pay["Location"] == reverse("pay", args=[one.pk])
    actions.pay(one, amount=one.due, method="cash", by=cast.by("cashier"))
    shown = advisor.get(visit.get_absolute_url())
    assert (shown.context["next"]["label"], shown.context["other"]) == ("Hand over", None)
    assert cashier.get(reverse("pay_visit", args=[visit.pk]))["Location"] == visit.get_absolute_url()


def test_who_was_handed_the_car_before_paying_still_pays_next(cast, chain, desk):
    visit = service.hand_over(chain.settled(), **HANDED, by=cast.by("advisor"))
    assert main_step(visit, desk("cashier")) == "Take payment"
    assert main_step(visit, desk("advisor")) is None


def test_a_stranger_finds_no_way_to_pay(chain, foreign_cashier):
    assert foreign_cashier.get(reverse("pay_visit", args=[chain.settled().pk])).status_code == 404


OVER = {"discount": "200", "rounding": "0", "discount_reason": "投诉补偿"}


@pytest.mark.duty("F-31")
def test_whoever_asks_for_a_discount_is_told_who_decides_and_the_car_shows_it(cast, chain, desk):
    visit, advisor = chain.explained(), desk("advisor")
    names = core.decider_names(Approval(store=cast.store, matter="discount", amount=D("14.62"), asked_by=cast.advisor))
    assert cast.service_manager.name in names and cast.advisor.name not in names
    told = advisor.post(reverse("ask_discount", args=[visit.pk]), OVER | {"form_token": "t"}, follow=True)
    assert f"Asked. {', '.join(names)} may decide it" in told.content.decode()
    for address in ("visit_money", "settle"):
        body = advisor.get(reverse(address, args=[visit.pk])).content.decode()
        assert f"waits for {', '.join(names)}, since" in body and "¥ 200.00" in body, address
    core.decide(Approval.objects.get(), granted=False, reason="毛利太低", by=cast.by("service_manager"))
    body = advisor.get(reverse("visit_money", args=[visit.pk])).content.decode()
    assert "did not agree: 毛利太低" in body and "waits for" not in body
    page = settle_page(visit, advisor)
    assert "did not agree" in page and 'value="200.00"' not in page  # what was refused is not offered again


def test_where_nobody_may_decide_it_says_so(cast, chain, desk):
    visit = chain.explained()
    Posting.objects.exclude(role__in=["advisor", "cashier", "technician"]).update(is_active=False)
    told = desk("advisor").post(reverse("ask_discount", args=[visit.pk]), OVER | {"form_token": "t"}, follow=True)
    assert "nobody here has the authority" in told.content.decode()


def test_a_refused_payment_says_on_the_car_who_decides(cast, settled, desk):
    advisor = desk("advisor")
    form = {"reason": "不认可维修质量", "form_token": "r"}
    told = advisor.post(reverse("refuse_payment", args=[settled.pk]), form, follow=True).content.decode()
    assert cast.service_manager.name in told
    body = advisor.get(reverse("visit_money", args=[settled.visit_id])).content.decode()
    assert "waits for" in body and cast.service_manager.name in body


def test_a_line_says_how_its_amount_came_about_on_screen_and_on_paper(cast, chain, desk):
    visit = chain.checked()
    maker = Party.objects.create(company=cast.store.company, kind="manufacturer", name="一汽奥迪")
    shares = [
        {"payer": "manufacturer", "party": maker, "reason": "goodwill", "amount": D("558.60")},
        {"payer": "customer", "party": None, "reason": "repair", "amount": None},
    ]
    service.share_line(Line.objects.get(kind="part"), shares=shares, by=cast.by("advisor"))
    service.ready(Visit.objects.get(), channel="phone", by=cast.by("advisor"))
    service.explain(Visit.objects.get(), by=cast.by("advisor"))
    client = desk("advisor")
    assert "30% share of ¥ 798.00: ¥ 239.40" in settle_page(visit, client)
    actions.settle(Visit.objects.get(), discount=D("20.00"), rounding=D("0.40"), discount_reason="老客户",
                   by=cast.by("advisor"))  # fmt: skip
    own, theirs = Settlement.objects.order_by("pk")
    body = client.get(own.get_absolute_url()).content.decode()
    labour, part = with_sums(own.lines.all())
    assert (
        part.made
        == "1 × ¥ 798.00 = ¥ 798.00 · 30% share of ¥ 798.00: ¥ 239.40 · discount −¥ 5.92 · rounded down −¥ 0.12"
    )
    assert labour.taken == "" and labour.made.startswith("1.5 × ¥ 380.00 = ¥ 570.00 · discount")
    assert all(f"<span>{said}</span>" in body for said in (*part.parts, *labour.parts))
    assert "70% share of ¥ 798.00: ¥ 558.60" in client.get(theirs.get_absolute_url()).content.decode()
    paper = str(settlement_list(own)["parts"])
    assert "30%" in paper and "¥ 239.40" in paper
    for line in SettlementLine.objects.all():
        assert line.before - line.cut == line.amount


def test_a_line_where_quantity_times_price_is_all_says_nothing(settled):
    assert [line.made for line in with_sums(settled.lines.all())] == ["", ""]


def test_a_share_that_is_no_round_percentage_names_both_amounts(settled):
    line = settled.lines.get(kind="part")
    line.amount = D("33.33")
    Line.objects.filter(pk=line.line_id).update(amount=D("12345.67"))
    (said,) = (one.made for one in with_sums([line]))
    assert "price of the menu: ¥ 12,345.67" in said and "0.27% share" in said
    line.amount = D("33.34")
    (said,) = (one.made for one in with_sums([line]))
    assert said.endswith("share of ¥ 12,345.67: ¥ 33.34")


def test_the_gate_pass_page_offers_nothing_that_would_be_refused(cast, chain, desk):
    cashier = desk("cashier")
    visit = chain.settled()
    address = reverse("issue_gate_pass", args=[visit.pk])
    assert cashier.get(address)["Location"] == visit.get_absolute_url()
    service.hand_over(visit, **HANDED, by=cast.by("advisor"))
    assert cashier.get(address)["Location"] == visit.get_absolute_url()  # handed over, and not paid
    one = Settlement.objects.get()
    actions.pay(one, amount=one.due, method="cash", by=cast.by("cashier"))
    assert cashier.get(address).status_code == 200
    issued = actions.issue_gate_pass(Visit.objects.get(), by=cast.by("cashier"))
    assert cashier.get(address)["Location"] == issued.get_absolute_url()
