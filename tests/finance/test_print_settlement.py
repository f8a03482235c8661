"""The printed settlement list (结算单) and gate pass (出门证) say what the screen says."""

import io
from decimal import Decimal

from django.urls import reverse
from pypdf import PdfReader

from core.prints import pdf
from core.templatetags.ui import money
from finance import actions
from finance.models import GatePass, Payment, Settlement
from finance.prints import TERMS, gate_pass, settlement_list
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
