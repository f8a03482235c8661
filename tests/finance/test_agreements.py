"""Credit accounts (记账协议): agreed, changed, ended; charged within the limit; paid off; the statement adds up."""

import io
from datetime import timedelta
from decimal import Decimal as D

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils.timezone import now
from openpyxl import load_workbook
from pypdf import PdfReader

from core.rows import Refused, Stale
from finance import actions
from finance.figures import statement_of
from finance.models import AccountReceipt, CreditAgreement, Settlement

TODAY = now().astimezone().date()


@pytest.fixture
def agreement(cast, car):
    return actions.add_agreement(
        customer=car.owner, number="JZ-2026-1", limit=D(5000), terms_days=45, since=TODAY, by=cast.by("finance_manager")
    )


def test_one_agreement_a_customer_and_only_finance_keeps_it(cast, agreement, car):
    given = {"customer": car.owner, "number": "JZ-2", "limit": D(1), "terms_days": 1, "since": TODAY}
    with pytest.raises(PermissionDenied):
        actions.add_agreement(**given, by=cast.by("cashier"))
    with pytest.raises(IntegrityError), transaction.atomic():
        actions.add_agreement(**given, by=cast.by("finance_manager"))
    actions.end_agreement(agreement, reason="合同到期", by=cast.by("finance_manager"))
    actions.add_agreement(**given, by=cast.by("finance_manager"))
    with pytest.raises(Refused):
        actions.end_agreement(agreement, reason="x", by=cast.by("finance_manager"))


def test_a_settlement_is_due_by_its_terms(cast, agreement, chain):
    chain.settled()
    one = Settlement.objects.get()
    assert one.due_on == one.settled_on + timedelta(days=45)


@pytest.mark.parametrize("change", [{"since": TODAY + timedelta(days=1)}, {"until": TODAY - timedelta(days=1)}])
def test_outside_of_its_days_nothing_goes_on_it(cast, agreement, settled, change):
    CreditAgreement.objects.update(**{"since": TODAY - timedelta(days=9)} | change)
    with pytest.raises(Refused):
        actions.pay(settled, amount=D(10), method="account", by=cast.by("cashier"))


def test_two_who_edit_it_are_told_of_each_other(cast, agreement):
    mine, theirs = (CreditAgreement.objects.get() for _n in range(2))
    mine.expected_version = theirs.expected_version = 1
    told = {"number": "JZ-2026-1", "terms_days": 45, "since": TODAY}
    actions.edit_agreement(mine, **told, limit=D(8000), by=cast.by("finance_manager"))
    with pytest.raises(Stale):
        actions.edit_agreement(theirs, **told, limit=D(100), by=cast.by("finance_manager"))
    with pytest.raises(Refused) as refused:
        actions.edit_agreement(
            CreditAgreement.objects.get(),
            **told,
            limit=D(1),
            until=TODAY - timedelta(days=1),
            by=cast.by("finance_manager"),
        )
    assert refused.value.field == "until"


def test_the_statement_runs_and_closes_on_what_is_owed(cast, agreement, settled):
    cashier = cast.by("cashier")
    actions.pay(settled, amount=D(1368), method="account", by=cashier)
    actions.pay_account(agreement, store=cast.store, amount=D(1000), method="transfer", reference="B-1", by=cashier)
    with pytest.raises(Refused):
        actions.pay_account(agreement, store=cast.store, amount=D("368.01"), method="cash", by=cashier)
    with pytest.raises(Refused):
        actions.pay_account(agreement, store=cast.store, amount=D(1), method="account", by=cashier)
    receipt = AccountReceipt.objects.get()
    actions.return_receipt(receipt, reason="退票", by=cashier)
    for wrong in (receipt, AccountReceipt.objects.get(returns=receipt)):
        with pytest.raises(Refused):
            actions.return_receipt(wrong, reason="again", by=cashier)
    agreement.refresh_from_db()
    statement = statement_of(agreement, TODAY, TODAY)
    assert [one.balance for one in statement.rows] == [D(1368), D(368), D(1368)]
    assert (statement.before, statement.after) == (D(0), agreement.balance)
    later = statement_of(agreement, TODAY + timedelta(days=1), TODAY + timedelta(days=9))
    assert (later.before, later.after, later.rows) == (D(1368), D(1368), [])


def test_its_pages_its_exports_and_its_paper(cast, agreement, settled, desk, foreign_cashier):
    actions.pay(settled, amount=D(1368), method="account", by=cast.by("cashier"))
    manager, url = desk("finance_manager"), agreement.get_absolute_url()
    assert "JZ-2026-1" in manager.get("/agreements/").content.decode()
    body = manager.get(url).content.decode()
    assert body.count("¥ 1,368.00") >= 3 and "¥ 3,632.00" in body
    sheet = load_workbook(io.BytesIO(manager.get(f"{url}?export=xlsx").content)).active
    assert [row[5].value for row in sheet.rows][1:] == [0, 1368]
    assert manager.get(f"{url}?from=x&to=2026-13-99").status_code == 200
    paper = manager.get(reverse("print_statement", args=[agreement.pk]))
    text = "".join("".join(page.extract_text().split()) for page in PdfReader(io.BytesIO(paper.content)).pages)
    for word in ("记账客户对账单", "刘建国", "¥1,368.00", "壹仟叁佰陆拾捌元整", settled.number, "JZ-2026-1"):
        assert word in text, word
    for path in (url, reverse("print_statement", args=[agreement.pk]), reverse("edit_agreement", args=[agreement.pk])):
        assert foreign_cashier.get(path).status_code == 404
    assert desk("technician").get("/agreements/").status_code == 403


def test_the_browser_adds_edits_takes_money_and_ends(cast, car, desk):
    manager = desk("finance_manager")
    form = {"customer": car.owner.pk, "number": "JZ-9", "limit": "3000", "terms_days": "30", "since": f"{TODAY}"}
    assert manager.post("/agreements/add/", form).status_code == 302
    one = CreditAgreement.objects.get()
    edit = reverse("edit_agreement", args=[one.pk])
    assert f'name="version" value="{one.version}"' in manager.get(edit).content.decode()
    assert manager.post(edit, form | {"limit": "4000", "version": "1"}).status_code == 302
    assert manager.post(edit, form | {"limit": "1", "version": "1"}).status_code == 412
    one.refresh_from_db()
    assert (one.limit, one.version) == (D(4000), 2)
    CreditAgreement.objects.update(balance=D(50))
    pay = {"store": cast.store.pk, "amount": "50", "method": "transfer"}
    assert desk("cashier").post(reverse("pay_account", args=[one.pk]), pay).status_code == 302
    assert manager.post(reverse("end_agreement", args=[one.pk]), {"reason": "到期"}).status_code == 302
    assert manager.get(one.get_absolute_url()).status_code == 200
    assert manager.post(edit, form | {"version": "3"}).status_code == 422


def test_programs_keep_and_pay_accounts(cast, car, program):
    body = {"customer": car.owner.pk, "number": "JZ-9", "limit": "3000.00", "terms_days": 30, "since": f"{TODAY}"}
    assert program("cashier").post("agreements/", body).status_code == 403
    made = program("finance_manager").post("agreements/", body)
    assert made.status_code == 201 and made.json()["free"] == "3000.00"
    path = f"agreements/{made.json()['id']}/"
    assert program("finance_manager").send("patch", path, {"limit": "9.00"}).status_code == 428
    done = program("finance_manager").send("patch", path, {"limit": "9000.00"}, If_Match='"1"')
    assert done.json()["limit"] == "9000.00" and done.json()["number"] == "JZ-9"
    CreditAgreement.objects.update(balance=D(50))
    told = {"store": cast.store.pk, "amount": "50.00", "method": "cash"}
    assert program("cashier").post(f"{path}pay/", told).json()["balance"] == "0.00"
    assert program("cashier").post(f"{path}pay/", told).status_code in {400, 409}
    receipt = AccountReceipt.objects.get()
    back = program("cashier").post(f"account-receipts/{receipt.pk}/return/", {"reason": "误收"})
    assert back.json()["balance"] == "50.00"
    assert program("finance_manager").post(f"{path}end/", {"reason": "到期"}).json()["ended_at"]
    assert program("stranger").get(path).status_code == 404
