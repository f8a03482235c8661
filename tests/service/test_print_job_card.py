"""The printed repair order and the job card (派工单) agree with the screen: every amount, name and answer."""

import io
import re
from decimal import Decimal

from django.utils import translation
from django.utils.html import strip_tags
from pypdf import PdfReader

from core.prints import pdf
from core.templatetags.ui import money
from service import actions
from service.models import Job, Line
from service.prints import guarantee_on, job_card, repair_order
from tests.conftest import make_person


def squeezed(words):
    return "".join(str(words).split())


def text_of(data):
    return "".join(squeezed(one.extract_text()) for one in PdfReader(io.BytesIO(data)).pages)


def screen_of(client, visit):
    """The page of the car as somebody who reads Chinese sees it."""
    page = client.get(f"/visits/{visit.pk}/", headers={"accept-language": "zh-hans"}).content.decode()
    return squeezed(
        strip_tags(re.sub(r"<(script|template|style)\b.*?</\1>", "", page, flags=re.S)).replace("&#x27;", "'")
    )


def full_order(cast, chain, signed):
    """An order with everything on it: a driver, a payer, a team, extra work, a refusal, a signature."""
    from core.uploads import clean_signature

    visit = chain.estimated(
        driver_name="李师傅", driver_phone="13700001111", wants_old_parts=True, wants_wash=True, parking="B-12",
        key_tag="7", spending_limit=Decimal("5000.00"),
    )  # fmt: skip
    order = visit.orders.get()
    answers = [{"line": line.pk, "answer": "authorised"} for line in Line.objects.all()]
    actions.authorise(
        order, answers=answers, via="signature", consent_by="李师傅", signature=clean_signature(signed),
        by=cast.by("advisor"),
    )  # fmt: skip
    job = Job.objects.get()
    helper = make_person("helper", "学徒小张", "technician", cast.store)
    actions.dispatch(job, technician=cast.technician, helpers=[helper], by=cast.by("controller"))
    actions.start(job, by=cast.by("technician"))
    row = {"kind": "part", "name": "雨刮片", "code": "P-1401", "quantity": Decimal(2), "price": Decimal("99.50")}
    actions.add_lines(job, lines=[row], by=cast.by("advisor"))
    answers = [{"line": Line.objects.get(code="P-1401").pk, "answer": "deferred"}]
    actions.authorise(order, answers=answers, via="phone", consent_by="刘建国", by=cast.by("advisor"))
    order.refresh_from_db()
    return order


def test_every_amount_and_name_on_the_order_stands_on_the_screen(cast, chain, browser, signed):
    order = full_order(cast, chain, signed)
    printed = text_of(pdf("repair-order", repair_order(order)))
    screen = screen_of(browser("advisor"), order.visit)
    amounts = set(re.findall(r"¥\d[\d,]*\.\d\d", printed))
    assert {"¥570.00", "¥798.00", "¥1,368.00", "¥199.00", "¥99.50"} <= amounts
    assert amounts - {money(1).replace(" ", "")} - set(re.findall(r"¥\d[\d,]*\.\d\d", screen)) <= {
        "¥1,210.61", "¥157.39",  # net and tax stand on paper only
    }  # fmt: skip
    with translation.override("zh-hans"):
        words = [line.get_consent_display() for line in Line.objects.all()]
        words += [line.get_consent_via_display() for line in Line.objects.all()]
    words += ["李师傅", "刘建国", "B-12", "学徒小张", "刹车异响", "更换前制动片", "雨刮片", "P-1401", order.number]
    for word in words:
        assert squeezed(word) in printed, word
        assert squeezed(word) in screen, word
    for word in ("交还客户", "需要", "5,000.00", "屏幕签字", guarantee_on(order.opened_on)):
        assert squeezed(word) in printed, word


def test_the_signature_is_on_the_paper(cast, chain, signed):
    order = full_order(cast, chain, signed)
    images = [
        image for page in PdfReader(io.BytesIO(pdf("repair-order", repair_order(order)))).pages for image in page.images
    ]
    assert len(images) == 1


def test_the_guarantee_on_paper_is_the_rule_in_force(db):
    from datetime import date

    from service.models import GuaranteeRule
    from service.prints import GUARANTEE

    assert guarantee_on(date(2026, 11, 23)) == GUARANTEE
    GuaranteeRule.objects.create(scope="small", since=date(2027, 1, 1), days=15, km=3000)
    assert "3000 公里或 15 日" in guarantee_on(date(2027, 6, 1))


def test_the_job_card_says_what_may_be_done_and_what_not(cast, chain, browser, signed):
    order = full_order(cast, chain, signed)
    actions.hold(Job.objects.get(), kind="parts", remark="等前制动片", by=cast.by("technician"))
    answer = browser("controller").get(f"/orders/{order.pk}/job-card/")
    assert answer["Content-Type"] == "application/pdf"
    printed, screen = text_of(answer.content), screen_of(browser("controller"), order.visit)
    for word in (
        "沪A·8K721",
        "刹车异响",
        "更换前制动片",
        "前制动片组",
        "雨刮片",
        "学徒小张",
        "TECHNICIAN",
        "B-12",
        "等前制动片",
    ):
        assert squeezed(word) in printed, word
        assert squeezed(word) in screen, word
    with translation.override("zh-hans"):
        job = Job.objects.get()
        for word in (job.get_kind_display(), job.get_trade_display(), job.get_status_display()):
            assert squeezed(word) in printed, word
    assert squeezed("1.5 h") in printed and "未同意，不得施工" in printed
    assert "¥" not in printed  # the workshop sees no prices
    assert len(PdfReader(io.BytesIO(answer.content)).pages) == 1


def test_one_page_a_job_and_none_for_what_is_not_carried_out(cast, chain):
    jobs = [{"words": "刹车异响", "kind": "repair"}, {"words": "保养", "kind": "maintenance"}]
    order = chain.estimated(jobs=jobs).orders.get()
    first = Job.objects.order_by("pk").first()
    answers = [
        {"line": x.pk, "answer": "declined" if x.job_id == first.pk else "authorised"} for x in Line.objects.all()
    ]
    actions.authorise(order, answers=answers, via="phone", consent_by="刘建国", by=cast.by("advisor"))
    data = job_card(order)
    assert [card["words"] for card in data["cards"]] == ["保养"]
    assert pdf("job-card", data) == pdf("job-card", job_card(order))


def test_strangers_and_roles(cast, chain, browser):
    order = chain.authorised().orders.get()
    assert browser("stranger").get(f"/orders/{order.pk}/job-card/").status_code == 404
    assert browser("technician").get(f"/orders/{order.pk}/job-card/").status_code == 403
