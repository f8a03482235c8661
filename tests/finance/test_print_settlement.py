"""The printed settlement list (结算单) and gate pass (出门证) say what the screen says."""

import io
from decimal import Decimal

import pytest
from django.urls import reverse
from pypdf import PdfReader

from core.prints import pdf
from core.templatetags.ui import money
from finance import actions
from finance.models import GatePass, Payment, Settlement
from finance.prints import TERMS, capitals, gate_pass, settlement_list
from service.prints import GUARANTEE


def text_of(data):
    return "".join("".join(one.extract_text().split()) for one in PdfReader(io.BytesIO(data)).pages)


def squeezed(words):
    return "".join(str(words).split())


def test_it_holds_every_line_the_total_and_the_payments(client, cast, chain):
    chain.settled()
    settlement = Settlement.objects.get()
    actions.pay(settlement, amount=Decimal(1000), method="cash", by=cast.by("cashier"))
    settlement.refresh_from_db()
    client.force_login(cast.cashier)
    answer = client.get(reverse("print_settlement", args=[settlement.pk]))
    assert answer["Content-Type"] == "application/pdf"
    text = text_of(answer.content)
    words = [
        settlement.number,
        "刘建国",
        "沪A·8K721",
        "LFV2A21K0D3123456",
        Payment.objects.get().number,
        GUARANTEE,
        *TERMS,
    ]
    for line in settlement.lines.all():
        words += [line.name, money(line.price), money(line.net), money(line.amount)]
    words += ["工时费", "材料费（配件）", "¥ 1,368.00", "¥ 1,210.61", "¥ 157.39", "¥ 1,000.00", "¥ 368.00"]
    words += [cast.store.name, cast.store.company.tax_number]
    for word in words:
        assert squeezed(word) in text, word
    assert answer.content == client.get(reverse("print_settlement", args=[settlement.pk])).content


def test_what_was_taken_off_agrees_with_the_screen_line_by_line(client, cast, chain):
    """Every amount on the screen stands on the paper: lines, discount, tax by rate, sums, in capitals too."""
    import re

    visit = chain.explained()
    actions.settle(
        visit, discount=Decimal("68.40"), rounding=Decimal("0.60"), discount_reason="老客户", by=cast.by("advisor")
    )
    one = Settlement.objects.get()
    actions.pay(one, amount=Decimal(300), method="cash", by=cast.by("cashier"))
    client.force_login(cast.cashier)
    screen = client.get(one.get_absolute_url()).content.decode()
    text = text_of(client.get(reverse("print_settlement", args=[one.pk])).content)
    amounts = set(re.findall(r"¥ [\d,]+\.\d\d", screen))
    assert {"¥ 1,368.00", "¥ 68.40", "¥ 0.60", "¥ 1,299.00", "¥ 999.00", "¥ 300.00"} <= amounts
    for word in amounts:
        assert squeezed(word) in text, word
    for word in ("优惠前合计", "抹零", "13%", "壹仟贰佰玖拾玖元整", "部分付款"):
        assert squeezed(word) in text, word


def test_each_payer_has_a_list_of_their_own_that_names_the_others(cast, chain):
    from service import actions as service
    from service.models import Line, Party, Visit

    visit = chain.checked()
    maker = Party.objects.create(company=cast.store.company, kind="manufacturer", name="一汽奥迪")
    shares = [{"payer": "manufacturer", "party": maker, "reason": "warranty", "amount": None}]
    service.share_line(Line.objects.get(kind="part"), shares=shares, by=cast.by("advisor"))
    service.ready(Visit.objects.get(pk=visit.pk), channel="phone", by=cast.by("advisor"))
    service.explain(Visit.objects.get(pk=visit.pk), by=cast.by("advisor"))
    actions.settle(Visit.objects.get(pk=visit.pk), by=cast.by("advisor"))
    own, theirs = Settlement.objects.order_by("pk")
    assert settlement_list(own)["others"] == f"一汽奥迪 ¥ 798.00（{theirs.number}）"
    assert theirs.number not in settlement_list(own)["number"]
    assert "刘建国 ¥ 570.00" in settlement_list(theirs)["others"]
    assert settlement_list(theirs)["capitals"] == "柒佰玖拾捌元整"


@pytest.mark.parametrize(
    ("amount", "said"),
    [
        ("0", "零元整"),
        ("1299.60", "壹仟贰佰玖拾玖元陆角"),
        ("1005.05", "壹仟零伍元零伍分"),
        ("10", "壹拾元整"),
        ("100000", "壹拾万元整"),
        ("10001", "壹万零壹元整"),
        ("20300405.01", "贰仟零叁拾万零肆佰零伍元零壹分"),
        ("0.05", "伍分"),
        ("-12.30", "负壹拾贰元叁角"),
    ],
)
def test_amounts_in_capitals(amount, said):
    assert capitals(Decimal(amount)) == said


def test_a_reversed_list_names_its_counter_entry(cast, chain):
    chain.settled()
    settlement = Settlement.objects.get()
    actions.reverse_settlement(settlement, reason="单价有误", by=cast.by("finance_manager"))
    first, counter = Settlement.objects.order_by("pk")
    assert counter.number in settlement_list(first)["note"]
    assert first.number in settlement_list(counter)["note"]
    assert settlement_list(first)["due"] == money(0)
    text = text_of(pdf("settlement-list", settlement_list(counter)))
    assert squeezed(money(-first.amount)) in text


def test_the_gate_pass_shows_plate_and_number_and_whether_it_is_used(client, cast, chain):
    issued = chain.passed()
    client.force_login(cast.cashier)
    answer = client.get(reverse("print_gate_pass", args=[issued.pk]))
    text = text_of(answer.content)
    for word in ("沪A·8K721", issued.number, Settlement.objects.get().number, "准予本车出厂一次"):
        assert squeezed(word) in text, word
    assert answer.content == client.get(reverse("print_gate_pass", args=[issued.pk])).content
    actions.let_out(issued, plate_seen="K721", by=cast.by("guard"))
    assert "本证已使用" in gate_pass(GatePass.objects.get())["statement"]


def test_a_stranger_gets_no_paper(client, cast, chain):
    from tests.conftest import make_person

    issued = chain.passed()
    client.force_login(make_person("fremd", "远航收银", "cashier", cast.foreign))
    assert client.get(reverse("print_gate_pass", args=[issued.pk])).status_code == 404
    assert client.get(reverse("print_settlement", args=[Settlement.objects.get().pk])).status_code == 404
