"""Invoices (发票): asked for from the settlement, issued, reversed in red; a settlement list is none."""

from datetime import timedelta
from decimal import Decimal as D

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils.timezone import now

from core.models import Task
from core.rows import Refused
from finance import actions
from finance.models import Invoice

TODAY = now().astimezone().date()


@pytest.fixture
def invoice(cast, settled):
    return actions.ask_invoice(
        settled,
        kind="special",
        title="申通物流有限公司",
        tax_number="9131 0000-test 000003",
        email="fapiao@example.com",
        by=cast.by("advisor"),
    )


def test_amount_and_net_are_the_settlements(cast, invoice, settled):
    assert (invoice.amount, invoice.net, invoice.vat) == (D("1368.00"), D("1210.61"), D("157.39"))
    assert invoice.tax_number == "91310000TEST000003"
    with pytest.raises(IntegrityError), transaction.atomic():  # twice
        actions.ask_invoice(settled, kind="ordinary", title="刘建国", by=cast.by("advisor"))


@pytest.mark.parametrize(
    ("kind", "number"), [("special", ""), ("special", "123"), ("ordinary", "12345"), ("ordinary", "中" * 16)]
)
def test_a_tax_number_has_its_shape_and_a_special_invoice_needs_one(cast, settled, kind, number):
    with pytest.raises(Refused) as refused:
        actions.ask_invoice(settled, kind=kind, title="x", tax_number=number, by=cast.by("advisor"))
    assert refused.value.field == "tax_number"


def test_issued_reversed_in_red_and_asked_for_anew(cast, invoice, settled):
    with pytest.raises(PermissionDenied):
        actions.issue_invoice(invoice, number="26310001", issued_on=TODAY, by=cast.by("advisor"))
    for day in (TODAY + timedelta(days=1), TODAY - timedelta(days=1)):
        with pytest.raises(Refused) as refused:
            actions.issue_invoice(invoice, number="26310001", issued_on=day, by=cast.by("cashier"))
        assert refused.value.field == "issued_on"
    actions.issue_invoice(invoice, number="26310001", issued_on=TODAY, by=cast.by("cashier"))
    with pytest.raises(Refused):
        actions.issue_invoice(invoice, number="26310002", issued_on=TODAY, by=cast.by("cashier"))
    with pytest.raises(Refused):
        actions.drop_invoice(invoice, reason="x", by=cast.by("cashier"))
    red = {"red_number": "26310009", "red_on": TODAY, "reason": "抬头有误"}
    with pytest.raises(PermissionDenied):
        actions.reverse_invoice(invoice, **red, by=cast.by("cashier"))
    with pytest.raises(Refused):
        actions.reverse_invoice(invoice, **red | {"red_number": "26310001"}, by=cast.by("finance_manager"))
    actions.reverse_invoice(invoice, **red, by=cast.by("finance_manager"))
    invoice.refresh_from_db()
    assert (invoice.status, invoice.red_number, invoice.amount) == ("red", "26310009", D(1368))
    actions.ask_invoice(settled, kind="ordinary", title="刘建国", by=cast.by("advisor"))


def test_a_number_is_used_once(cast, invoice, settled):
    actions.issue_invoice(invoice, number="26310001", issued_on=TODAY, by=cast.by("cashier"))
    actions.reverse_invoice(invoice, red_number="26310009", red_on=TODAY, reason="x", by=cast.by("finance_manager"))
    other = actions.ask_invoice(settled, kind="ordinary", title="x", by=cast.by("advisor"))
    with pytest.raises(IntegrityError), transaction.atomic():
        actions.issue_invoice(other, number="26310001", issued_on=TODAY, by=cast.by("cashier"))


def test_a_reversed_settlement_drops_what_was_asked_and_sends_the_cashier_for_the_red_one(cast, invoice, settled, desk):
    actions.issue_invoice(invoice, number="26310001", issued_on=TODAY, by=cast.by("cashier"))
    actions.reverse_settlement(settled, reason="单价有误", by=cast.by("finance_manager"))
    task = Task.objects.get(code="red_invoice_due")
    assert (task.assignee, task.address) == (cast.cashier, invoice.get_absolute_url())
    cashier = desk("cashier")
    assert "申通物流有限公司" in cashier.get("/invoices/?tab=red_due").content.decode()
    assert "申通物流有限公司" not in cashier.get("/invoices/?tab=to_issue").content.decode()
    actions.reverse_invoice(invoice, red_number="26310009", red_on=TODAY, reason="x", by=cast.by("finance_manager"))
    task.refresh_from_db()
    assert task.status == "done"


def test_one_that_was_only_asked_for_is_dropped_with_its_settlement(cast, invoice, settled):
    actions.reverse_settlement(settled, reason="单价有误", by=cast.by("finance_manager"))
    invoice.refresh_from_db()
    assert invoice.status == "dropped" and not Task.objects.filter(code="red_invoice_due").exists()
    with pytest.raises(Refused):
        actions.ask_invoice(settled, kind="ordinary", title="x", by=cast.by("advisor"))


def test_the_browser_asks_with_what_is_known_issues_and_lists(cast, settled, desk, foreign_cashier):
    advisor, cashier = desk("advisor"), desk("cashier")
    ask = reverse("ask_invoice", args=[settled.pk])
    assert ask in advisor.get(settled.get_absolute_url()).content.decode()
    assert 'value="刘建国"' in advisor.get(ask).content.decode()
    form = {"kind": "ordinary", "title": "刘建国", "tax_number": "", "email": "liu@example.com"}
    assert advisor.post(ask, form).status_code == 302
    one = Invoice.objects.get()
    assert "刘建国" in cashier.get("/invoices/").content.decode()
    issue = reverse("issue_invoice", args=[one.pk])
    assert foreign_cashier.get(one.get_absolute_url()).status_code == 404
    assert foreign_cashier.post(issue, {"number": "1", "issued_on": f"{TODAY}"}).status_code == 404
    assert cashier.post(issue, {"number": "26310001", "issued_on": f"{TODAY}"}).status_code == 302
    body = cashier.get(settled.get_absolute_url()).content.decode()
    assert "26310001" in body and ask not in body
    assert "26310001" in cashier.get("/invoices/?tab=issued&export=csv").content.decode()
    assert cashier.get(one.get_absolute_url()).status_code == 200


def test_programs_ask_issue_drop_and_reverse(cast, settled, program):
    path = f"settlements/{settled.pk}/ask-invoice/"
    made = program("advisor").post(path, {"kind": "ordinary", "title": "刘建国"})
    assert made.status_code == 201 and made.json()["amount"] == "1368.00"
    assert program("advisor").post(path, {"kind": "ordinary", "title": "刘建国"}).status_code == 409
    first = f"invoices/{made.json()['id']}/"
    assert program("stranger").get(first).status_code == 404
    assert program("advisor").post(f"{first}drop/", {"reason": "不要了"}).json()["status"] == "dropped"
    second = f"invoices/{program('advisor').post(path, {'kind': 'ordinary', 'title': '刘建国'}).json()['id']}/"
    issued = program("cashier").post(f"{second}issue/", {"number": "26310001", "issued_on": f"{TODAY}"})
    assert issued.json()["status"] == "issued"
    red = {"red_number": "26310009", "red_on": f"{TODAY}", "reason": "x"}
    assert program("cashier").post(f"{second}reverse/", red).status_code == 403
    assert program("finance_manager").post(f"{second}reverse/", red).json()["status"] == "red"
    assert len(program("cashier").get("invoices/").json()["results"]) == 2
