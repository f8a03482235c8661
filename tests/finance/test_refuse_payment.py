"""The customer refuses to pay (拒付): a manager decides on credit or a write-off; nobody decides their own."""

from datetime import timedelta
from decimal import Decimal as D

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils.timezone import now

from core import actions as core
from core.models import Approval, Notice
from core.rows import Refused
from finance import actions
from finance.models import GatePass, Payment, Settlement
from service import actions as service
from service.models import Party, Visit
from tests.conftest import HANDED
from tests.finance.conftest import sums

SOON = now().astimezone().date() + timedelta(days=7)


@pytest.fixture
def refused(cast, settled):
    return actions.refuse_payment(settled, reason="认为价格过高", by=cast.by("cashier"))


def asked():
    return Approval.objects.get(verb="finance.release")


@pytest.mark.duty("F-26")
def test_the_manager_is_told_with_the_facts_and_grants_credit(cast, refused):
    one = asked()
    assert (one.matter, one.amount, one.asked_by) == ("credit", D(1368), cast.cashier)
    facts = dict(one.facts)
    assert (facts["due"], facts["customer"], facts["plate"]) == ("1368.00", "刘建国", "沪A8K721")
    assert Notice.objects.filter(employee=cast.advisor, code="payment_refused").exists()
    assert Notice.objects.filter(employee=cast.service_manager, code="approval_asked").exists()
    with pytest.raises(Refused):
        actions.let_go(refused, due_on=SOON, by=cast.by("cashier"))  # not granted yet
    core.decide(one, granted=True, reason="老客户，下周付", by=cast.by("service_manager"))
    released = actions.let_go(refused, due_on=SOON, by=cast.by("cashier"))
    assert released.released_at and released.due_on == SOON and released.release_reason == "老客户，下周付"
    visit = Visit.objects.get()
    assert visit.cleared_at
    service.hand_over(visit, **HANDED, by=cast.by("advisor"))
    assert actions.issue_gate_pass(Visit.objects.get(), by=cast.by("cashier"))
    assert Settlement.objects.to_pay().get() == released  # the claim stays
    with pytest.raises(Refused):
        actions.let_go(released, due_on=SOON, by=cast.by("cashier"))


def test_the_manager_says_no_and_the_page_says_why(cast, refused, desk):
    core.decide(asked(), granted=False, reason="价格无误，请收款", by=cast.by("service_manager"))
    body = desk("cashier").get(refused.get_absolute_url()).content.decode()
    assert "价格无误，请收款" in body and reverse("refuse_payment", args=[refused.pk]) in body
    with pytest.raises(Refused):
        actions.let_go(refused, due_on=SOON, by=cast.by("cashier"))
    actions.refuse_payment(refused, reason="客户仍不付", by=cast.by("cashier"))  # may be asked again


def test_a_manager_within_authority_releases_at_once_and_the_question_is_answered(cast, refused):
    actions.release(refused, reason="同意挂账", due_on=SOON, by=cast.by("service_manager"))
    assert asked().status == "used" and asked().decided_by == cast.service_manager
    assert Visit.objects.get().cleared_at


def test_nobody_releases_what_they_asked_for_themselves(cast, settled):
    by = cast.by("service_manager")
    actions.refuse_payment(settled, reason="x", by=by)
    with pytest.raises(Refused):
        actions.release(settled, reason="x", due_on=SOON, by=by)
    with pytest.raises(Refused):
        core.decide(asked(), granted=True, reason="", by=by)
    actions.release(settled, reason="同意", due_on=SOON, by=cast.by("finance_manager"))


def test_beyond_the_managers_authority_somebody_higher_decides(cast, settled):
    Settlement.objects.filter(pk=settled.pk).update(amount=D(50_000), gross=D(50_000), net=D(44_247))
    with pytest.raises(Refused) as refused:
        actions.release(settled, reason="x", due_on=SOON, by=cast.by("finance_manager"))
    assert refused.value.code == "beyond_authority"
    actions.refuse_payment(settled, reason="x", by=cast.by("finance_manager"))
    core.decide(asked(), granted=True, reason="", by=cast.by("general_manager"))
    actions.release(settled, reason="总经理同意", due_on=SOON, by=cast.by("finance_manager"))
    assert asked().status == "used"


def test_a_role_without_the_verb_and_days_in_the_past(cast, settled):
    with pytest.raises(PermissionDenied):
        actions.release(settled, reason="x", due_on=SOON, by=cast.by("cashier"))
    with pytest.raises(Refused) as refused:
        actions.release(settled, reason="x", due_on=SOON - timedelta(days=9), by=cast.by("service_manager"))
    assert refused.value.field == "due_on"


def test_the_customer_pays_after_all_and_nobody_has_to_decide_any_more(cast, refused):
    actions.pay(refused, amount=D(1368), method="cash", by=cast.by("cashier"))
    assert asked().status == "withdrawn"
    with pytest.raises(Refused):
        actions.refuse_payment(refused, reason="x", by=cast.by("cashier"))


def test_a_granted_credit_is_of_no_use_after_the_payment_was_refunded_or_reversed(cast, refused):
    core.decide(asked(), granted=True, reason="", by=cast.by("service_manager"))
    actions.reverse_settlement(refused, reason="改单", by=cast.by("finance_manager"))
    with pytest.raises(Refused):
        actions.let_go(refused, due_on=SOON, by=cast.by("cashier"))
    assert Approval.objects.get().status == "withdrawn"


def test_what_others_owe_never_holds_the_gate(cast, chain):
    visit = chain.checked()
    maker = Party.objects.create(company=cast.store.company, kind="manufacturer", name="一汽")
    from service.models import Line

    for line in Line.objects.all():
        shares = [{"payer": "manufacturer", "party": maker, "reason": "warranty", "amount": None}]
        service.share_line(line, shares=shares, by=cast.by("advisor"))
    service.ready(Visit.objects.get(pk=visit.pk), channel="phone", by=cast.by("advisor"))
    service.explain(Visit.objects.get(pk=visit.pk), by=cast.by("advisor"))
    visit = actions.settle(Visit.objects.get(pk=visit.pk), by=cast.by("advisor"))
    assert visit.cleared_at
    one = Settlement.objects.get()
    for refuse in (
        lambda: actions.refuse_payment(one, reason="x", by=cast.by("cashier")),
        lambda: actions.release(one, reason="x", due_on=SOON, by=cast.by("service_manager")),
    ):
        with pytest.raises(Refused):
            refuse()


def test_a_part_is_written_off_within_authority_and_the_rest_is_paid(cast, refused):
    with pytest.raises(Refused) as beyond:
        actions.write_off(refused, amount=D("500.01"), reason="x", by=cast.by("service_manager"))
    assert beyond.value.code == "beyond_authority"
    actions.write_off(refused, amount=D(68), reason="尾款", by=cast.by("service_manager"))
    assert Settlement.objects.get().due == D(1300) and sums()["losses"] == D(68)
    assert Payment.objects.get().reason == "尾款"
    actions.pay(refused, amount=D(1300), method="cash", by=cast.by("cashier"))
    assert Visit.objects.get().cleared_at
    from core.figures import total
    from core.models import Figure
    from dealer import actions as dealer

    dealer.refresh_figures()
    assert total(Figure.objects.all(), "money_in")[0] == D(1300)  # what is written off is no money


def test_a_bigger_write_off_is_asked_for(cast, settled):
    by = cast.by("service_manager")
    one = actions.ask_write_off(settled, amount=D(1368), reason="无法收回", by=by)
    with pytest.raises(Refused):
        actions.write_off(settled, amount=D(1368), reason="x", by=by)
    core.decide(one, granted=True, reason="", by=cast.by("finance_manager"))
    actions.write_off(settled, amount=D(1368), reason="无法收回", by=by)
    assert Settlement.objects.get().due == 0


def test_what_was_written_off_is_owed_again_by_the_same_leave(cast, settled):
    actions.write_off(settled, amount=D(100), reason="x", by=cast.by("finance_manager"))
    with pytest.raises(PermissionDenied):
        actions.refund(Payment.objects.get(), reason="x", by=cast.by("cashier"))
    actions.refund(Payment.objects.get(), reason="客户付了", by=cast.by("finance_manager"))
    assert Settlement.objects.get().paid == 0 and sums()["losses"] == 0


def test_the_browser_goes_the_whole_way(cast, chain, desk):
    visit = chain.settled()
    one, cashier, manager = Settlement.objects.get(), desk("cashier"), desk("service_manager")
    url = one.get_absolute_url()
    assert reverse("refuse_payment", args=[one.pk]) in cashier.get(url).content.decode()
    refuse = {"reason": "认为价格过高"}
    assert cashier.post(reverse("refuse_payment", args=[one.pk]), refuse).status_code == 302
    assert cashier.post(reverse("refuse_payment", args=[one.pk]), refuse).status_code == 422  # twice
    assert "认为价格过高" in manager.get(url).content.decode()
    assert reverse("release", args=[one.pk]) in manager.get(url).content.decode()
    core.decide(asked(), granted=True, reason="同意", by=cast.by("service_manager"))
    piece = reverse("visit_money", args=[visit.pk])
    assert reverse("let_go", args=[one.pk]) in cashier.get(piece, headers={"HX-Request": "true"}).content.decode()
    assert cashier.post(reverse("let_go", args=[one.pk]), {"due_on": f"{SOON}"}).status_code == 302
    assert Visit.objects.get().cleared_at
    assert not GatePass.objects.exists()


def test_a_manager_writes_off_or_asks_in_the_browser(cast, settled, desk, foreign_cashier):
    manager, form = desk("service_manager"), {"amount": "600", "reason": "尾款"}
    body = manager.post(reverse("write_off", args=[settled.pk]), form)
    assert body.status_code == 422 and reverse("ask_write_off", args=[settled.pk]) in body.content.decode()
    assert manager.post(reverse("ask_write_off", args=[settled.pk]), form).status_code == 302
    assert manager.post(reverse("write_off", args=[settled.pk]), form | {"amount": "60"}).status_code in {302, 422}
    for name in ("write_off", "ask_write_off", "release", "refuse_payment", "let_go"):
        assert foreign_cashier.get(reverse(name, args=[settled.pk])).status_code == 404


def test_programs_refuse_release_and_write_off(cast, settled, program):
    path = f"settlements/{settled.pk}/"
    assert program("stranger").post(f"{path}refuse-payment/", {"reason": "x"}).status_code == 404
    assert program("cashier").post(f"{path}refuse-payment/", {"reason": "x"}).json()["refused_at"]
    assert program("cashier").post(f"{path}release/", {"reason": "x", "due_on": f"{SOON}"}).status_code == 403
    done = program("service_manager").post(f"{path}release/", {"reason": "同意", "due_on": f"{SOON}"})
    assert done.json()["released_at"] and done.json()["due_on"] == f"{SOON}"
    off = program("service_manager").post(f"{path}write-off/", {"amount": "8.00", "reason": "零头"}).json()
    assert (off["due"], off["payments"][0]["method"]) == ("1360.00", "write_off")
    made = program("service_manager").post(f"{path}ask-write-off/", {"amount": "1360.00", "reason": "x"})
    assert made.status_code == 201 and made.json()["matter"] == "write_off"
