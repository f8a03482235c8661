"""The cash desk of today: a deposit for ordered parts, a credit account, invoices, a reminder; all by the actions."""

from collections.abc import Mapping
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.utils.timezone import localdate, now

from core.models import Employee, Store
from core.roles import Role
from core.web import actor_of
from customers.models import Customer
from finance import actions as finance
from finance.actions.counting import expected_of
from finance.models import CreditAgreement, Invoice, Settlement
from service.models import Visit


def play_desk(store: Store, people: Mapping[Any, list[Employee]]) -> None:
    """What a cashier and finance did before noon, in a store that has both."""
    if Role.CASHIER not in people or Role.FINANCE_MANAGER not in people:
        return
    cashier, manager = (actor_of(people[role][0], "browser") for role in (Role.CASHIER, Role.FINANCE_MANAGER))
    received = Visit.objects.filter(store=store, status=Visit.Status.RECEIVED, customer__isnull=False)
    for visit in received.order_by("pk")[:2]:
        finance.take_visit_deposit(visit, amount=Decimal(500), method="wechat", reason="订购配件", by=cashier)
    today = localdate()
    firm = Customer.objects.filter(company=store.company, kind="firm").order_by("pk").first()
    regular = firm or Customer.objects.filter(company=store.company, level="platinum").order_by("pk").first()
    if regular:
        finance.add_agreement(
            customer=regular,
            number=f"JZ-{today:%Y}-001",
            limit=Decimal(20_000),
            terms_days=30,
            since=today - timedelta(days=60),
            by=manager,
        )
    _invoices(store, cashier)
    _account_and_count(store, cashier)
    late = Settlement.objects.receivables().overdue(today).filter(store=store).order_by("due_on", "pk").first()
    if late:
        promised = today + timedelta(days=5)
        finance.dun(late, channel="phone", promised_on=promised, remark="对方财务答应本周内付款", by=cashier)


def _account_and_count(store: Store, cashier: Any) -> None:
    """A credit account is paid off in part, and what was taken until noon is counted and waits for a second person."""
    owing = CreditAgreement.objects.filter(company=store.company, balance__gt=0).order_by("pk").first()
    if owing:
        part = (owing.balance / 2).quantize(Decimal(1))
        finance.pay_account(owing, store=store, amount=part, method="transfer", reference="对公转账 1123", by=cashier)
    today = store.business_date(now())
    taken: Any = {method: max(sum_, Decimal(0)) for method, sum_ in expected_of(store, cashier.pk, today).items()}
    finance.count_cash(store=store, business_date=today, **taken, by=cashier)


def _invoices(store: Store, cashier: Any) -> None:
    """One invoice is issued, two wait for it."""
    paid = Settlement.objects.standing().of_customer().filter(store=store, amount__gt=0, customer__isnull=False)
    for n, one in enumerate(paid.exclude(pk__in=Settlement.objects.to_pay()).order_by("-pk")[:3]):
        asked = finance.ask_invoice(one, kind=Invoice.Kind.ORDINARY, title=one.payer_name, by=cashier)
        if n == 2:
            finance.issue_invoice(asked, number="26312000000000000001", issued_on=localdate(), by=cashier)
