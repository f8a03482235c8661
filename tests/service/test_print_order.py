"""The printed repair order (委托书) says what the screen says."""

import io

from django.urls import reverse
from django.utils import translation
from pypdf import PdfReader

from core.prints import pdf
from core.templatetags.ui import money
from service.models import Line, Order
from service.prints import TERMS, repair_order


def text_of(data):
    return "".join("".join(one.extract_text().split()) for one in PdfReader(io.BytesIO(data)).pages)


def squeezed(words):
    return "".join(str(words).split())


def test_it_holds_every_line_and_total(client, cast, chain):
    visit = chain.checked()
    order = Order.objects.get(visit=visit)
    client.force_login(cast.advisor)
    answer = client.get(reverse("print_order", args=[order.pk]), headers={"accept-language": "en"})
    assert answer["Content-Type"] == "application/pdf"
    text = text_of(answer.content)
    with translation.override("zh-hans"):
        words = [order.get_status_display(), order.jobs.get().get_status_display()]
    for line in Line.objects.filter(job__order=order):
        words += [line.name, money(line.price), money(line.amount)]
    words += [
        order.number,
        money(order.amount),
        "¥ 1,210.61",
        "¥ 157.39",
        "1.5",
        "刹车异响",
        "制动片磨损",
        "更换制动片",
    ]
    words += ["刘建国", "13800006621", "沪A·8K721", "LFV2A21K0D3123456", "68,214 km", "奥迪 A4L 40 TFSI"]
    words += [cast.store.name, cast.store.company.name, cast.store.company.tax_number, *TERMS]
    for word in words:
        assert squeezed(word) in text, word


def test_what_was_declined_is_shown_and_not_counted(cast, chain):
    from service import actions

    order = chain.estimated().orders.get()
    first, second = Line.objects.order_by("pk")
    answers = [{"line": first.pk, "answer": "authorised"}, {"line": second.pk, "answer": "declined"}]
    actions.authorise(order, answers=answers, via="phone", consent_by="刘建国", by=cast.by("advisor"))
    order.refresh_from_db()
    data = repair_order(order)
    assert data["total"] == "¥ 570.00"
    assert len(data["jobs"][0]["lines"]) == 2
    assert squeezed(second.name) in text_of(pdf("repair-order", data))


def test_the_same_order_gives_the_same_bytes(cast, chain):
    order = chain.authorised().orders.get()
    assert pdf("repair-order", repair_order(order)) == pdf("repair-order", repair_order(order))


def test_nothing_typed_becomes_markup(cast, chain):
    visit = chain.received(jobs=[{"words": '#panic("x") *fett* $a$ [b] <c> \\', "kind": "repair"}])
    text = text_of(pdf("repair-order", repair_order(visit.orders.get())))
    assert '#panic("x")*fett*$a$[b]<c>\\' in text


def test_a_stranger_gets_no_paper(client, cast, chain):
    order = chain.authorised().orders.get()
    client.force_login(cast.stranger)
    assert client.get(reverse("print_order", args=[order.pk])).status_code == 404
    client.force_login(cast.technician)
    assert client.get(reverse("print_order", args=[order.pk])).status_code == 403
