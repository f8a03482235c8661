"""Who pays for a whole job: every line to the cent; goodwill beyond one's authority is asked for."""

from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied

from core import actions as core
from core.models import Approval
from core.rows import Refused
from service import actions
from service.models import Job, Line, Party, Share


@pytest.fixture
def payers(cast):
    names = {"manufacturer": "大众汽车（厂方）", "store": "本店承担", "insurer": "人保财险"}
    return {
        kind: Party.objects.create(company=cast.store.company, kind=kind, name=name) for kind, name in names.items()
    }


def part(payer, party=None, reason="repair", percent=None, amount=None):
    return {
        "payer": payer,
        "party": party,
        "reason": reason,
        "percent": None if percent is None else Decimal(percent),
        "amount": None if amount is None else Decimal(amount),
    }


def goodwill(payers, maker=50, store=30, customer=20):
    return [
        part("manufacturer", payers["manufacturer"], "goodwill", maker),
        part("store", payers["store"], "goodwill", store),
        part("customer", None, "repair", customer),
    ]


def adds_up():
    for line in Line.objects.prefetch_related("shares"):
        assert sum(s.amount for s in line.shares.all()) == line.amount
        assert all(s.amount >= 0 for s in line.shares.all())


def paid_by(payer):
    return sum(Share.objects.filter(payer=payer).values_list("amount", flat=True))


@pytest.mark.duty("S-14")
def test_every_line_is_shared_alike_and_adds_up(cast, chain, payers):
    chain.estimated()  # 570.00 and 798.00
    actions.share_job(Job.objects.get(), shares=goodwill(payers), by=cast.by("service_manager"))
    adds_up()
    assert (paid_by("manufacturer"), paid_by("store"), paid_by("customer")) == (
        Decimal("684.00"),
        Decimal("410.40"),
        Decimal("273.60"),
    )
    assert Share.objects.count() == 6


def test_odd_cents_go_to_the_last_payer(cast, chain, payers):
    chain.estimated()
    Line.objects.filter(name="前制动片组").update(price="799.99", amount="799.99", net="707.96")
    three = [
        part("manufacturer", payers["manufacturer"], "warranty", "33.33"),
        part("insurer", payers["insurer"], "accident", "33.33"),
        part("customer", None, "repair", "33.34"),
    ]
    actions.share_job(Job.objects.get(), shares=three, by=cast.by("advisor"))
    adds_up()
    assert paid_by("manufacturer") == paid_by("insurer") == Decimal("456.62")
    assert paid_by("customer") == Decimal("456.75")


def test_amounts_and_the_rest(cast, chain, payers):
    chain.estimated()
    two = [part("manufacturer", payers["manufacturer"], "warranty", amount="1000.00"), part("customer")]
    actions.share_job(Job.objects.get(), shares=two, by=cast.by("warranty_clerk"))
    adds_up()
    assert paid_by("customer") == Decimal("368.00")


@pytest.mark.parametrize(
    "wrong",
    [
        [("manufacturer", "60"), ("customer", "50")],
        [("manufacturer", "60"), ("customer", "30")],
        [("manufacturer", None), ("customer", "50")],
    ],
)
def test_shares_that_do_not_add_up_are_refused(cast, chain, payers, wrong):
    chain.estimated()
    rows = [part(payer, payers.get(payer), "repair", percent) for payer, percent in wrong]
    with pytest.raises(Refused) as no:
        actions.share_job(Job.objects.get(), shares=rows, by=cast.by("advisor"))
    assert no.value.field == "shares" and paid_by("customer") == Decimal("1368.00")


def test_what_was_declined_is_nobodys(cast, chain, payers):
    visit = chain.estimated()
    first, second = Line.objects.order_by("id")
    rows = [{"line": first.pk, "answer": "declined"}, {"line": second.pk, "answer": "authorised"}]
    actions.authorise(visit.orders.get(), answers=rows, via="phone", consent_by="刘建国", by=cast.by("advisor"))
    all_of_it = [part("manufacturer", payers["manufacturer"], "warranty", 100)]
    actions.share_job(Job.objects.get(), shares=all_of_it, by=cast.by("advisor"))
    assert paid_by("manufacturer") == Decimal("798.00") and first.shares.get().payer == "customer"


def test_the_customer_does_not_pay_more_after_consent(cast, chain, payers):
    chain.authorised()
    job = Job.objects.get()
    actions.share_job(job, shares=goodwill(payers), by=cast.by("service_manager"))
    with pytest.raises(Refused):
        actions.share_job(job, shares=goodwill(payers, 50, 20, 30), by=cast.by("service_manager"))
    assert paid_by("customer") == Decimal("273.60")


def test_goodwill_beyond_ones_authority_is_asked_for_and_used_once(cast, chain, payers):
    chain.estimated()
    job, by = Job.objects.get(), cast.by("advisor")
    with pytest.raises(Refused) as no:
        actions.share_job(job, shares=goodwill(payers), by=by)
    assert no.value.code == "needs_approval" and paid_by("store") == 0
    approval = actions.ask_goodwill(job, shares=goodwill(payers), reason="老客户", by=by)
    assert (approval.amount, approval.matter, approval.kind) == (Decimal("410.40"), "goodwill", "job")
    with pytest.raises(Refused):
        actions.share_job(job, shares=goodwill(payers), by=by)
    core.decide(approval, granted=True, reason="同意", by=cast.by("service_manager"))
    with pytest.raises(Refused):
        actions.share_job(job, shares=goodwill(payers, 40, 40, 20), by=by)
    actions.share_job(job, shares=goodwill(payers), by=by)
    assert paid_by("store") == Decimal("410.40")
    approval.refresh_from_db()
    assert approval.status == Approval.Status.USED
    actions.share_job(job, shares=goodwill(payers, 70, 10, 20), by=by)  # less than before needs nobody's word
    with pytest.raises(Refused):
        actions.share_job(job, shares=goodwill(payers), by=by)


def test_a_line_alone_is_no_way_round_it(cast, chain, payers):
    chain.estimated()
    line = Line.objects.first()
    with pytest.raises(Refused) as no:
        actions.share_line(line, shares=[part("store", payers["store"], "goodwill")], by=cast.by("advisor"))
    assert no.value.code == "needs_approval"


def test_the_limit_counts_the_whole_visit(cast, chain, payers):
    visit = chain.estimated()
    order = actions.add_job(visit.orders.get(), words="雨刮", kind="repair", by=cast.by("advisor"))
    second = order.jobs.order_by("position").last()
    line = {"kind": "part", "name": "发动机总成", "quantity": Decimal(1), "price": Decimal(1800)}
    actions.add_lines(second, lines=[line], by=cast.by("advisor"))
    own = [part("store", payers["store"], "goodwill", 100)]
    actions.share_job(second, shares=own, by=cast.by("service_manager"))  # 1,800 of the 2,000 they may give
    with pytest.raises(Refused):
        actions.share_job(Job.objects.order_by("id").first(), shares=own, by=cast.by("service_manager"))


def test_two_taps_in_the_browser(cast, chain, payers, browser):
    chain.estimated()
    job = Job.objects.get()
    client = browser("service_manager")
    page = client.get(f"/jobs/{job.pk}/share/?split=goodwill").content.decode()
    assert "Goodwill 50 / 30 / 20" in page and 'value="50"' in page
    sent = {"form_token": "a"}
    for i, one in enumerate(goodwill(payers)):
        sent |= {f"shares-{i}-{name}": getattr(value, "pk", value) for name, value in one.items() if value is not None}
    assert client.post(f"/jobs/{job.pk}/share/", sent).status_code == 302
    adds_up()
    assert paid_by("store") == Decimal("410.40")


def test_an_advisor_is_told_and_asks_in_the_same_form(cast, chain, payers, browser):
    chain.estimated()
    job = Job.objects.get()
    client = browser("advisor")
    sent = {"form_token": "a", "reason": "老客户"}
    for i, one in enumerate(goodwill(payers)):
        sent |= {f"shares-{i}-{name}": getattr(value, "pk", value) for name, value in one.items() if value is not None}
    told = client.post(f"/jobs/{job.pk}/share/", sent)
    assert told.status_code == 422 and "Ask for approval" in told.content.decode()
    assert client.post(f"/jobs/{job.pk}/ask-goodwill/", sent | {"form_token": "b"}).status_code == 302
    assert Approval.objects.get().reason == "老客户"
    waiting = client.get(f"/jobs/{job.pk}/share/").content.decode()
    assert f"waits for {cast.service_manager.name}" in waiting or f", {cast.service_manager.name}" in waiting
    empty = client.post(f"/jobs/{job.pk}/ask-goodwill/", sent | {"reason": "", "form_token": "c"})
    assert empty.status_code == 422


def test_the_rest_door_and_strangers(cast, chain, payers, program):
    chain.estimated()
    job = Job.objects.get()
    body = {
        "shares": [
            {"payer": "manufacturer", "party": payers["manufacturer"].pk, "reason": "warranty", "percent": "70"},
            {"payer": "customer", "reason": "repair"},
        ]
    }
    answer = program("warranty_clerk")(f"jobs/{job.pk}/share/", body)
    assert answer.status_code == 200, answer.content
    adds_up()
    assert paid_by("customer") == Decimal("410.40")
    assert program("stranger")(f"jobs/{job.pk}/share/", body).status_code == 404
    assert program("technician")(f"jobs/{job.pk}/share/", body).status_code == 403
    theirs = Party.objects.create(company=cast.foreign.company, kind="manufacturer", name="丰田")
    foreign = {"shares": [{"payer": "manufacturer", "party": theirs.pk, "reason": "warranty"}]}
    assert program("warranty_clerk")(f"jobs/{job.pk}/share/", foreign).status_code == 400
    with pytest.raises(PermissionDenied):
        actions.share_job(job, shares=goodwill(payers), by=cast.by("cashier"))
    store = {"payer": "store", "party": payers["store"].pk, "reason": "goodwill", "percent": "100"}
    asked = program("advisor")(f"jobs/{job.pk}/ask-goodwill/", {"shares": [store], "reason": "老客户"})
    assert asked.status_code == 200 and Approval.objects.count() == 1, asked.content


def test_only_payers_on_offer_are_listed_the_last_used_first(cast, chain, payers):
    chain.estimated()
    later = Party.objects.create(company=cast.store.company, kind="manufacturer", name="A 后来的厂家")
    assert Party.objects.by_use().filter(kind="manufacturer").first() == later, "by name while nobody was used"
    warranty = [part("manufacturer", payers["manufacturer"], "warranty", 100)]
    actions.share_job(Job.objects.get(), shares=warranty, by=cast.by("advisor"))
    assert Party.objects.by_use().filter(kind="manufacturer").first() == payers["manufacturer"]
    Party.objects.filter(pk=later.pk).update(is_active=False)
    assert later not in Party.objects.by_use()
