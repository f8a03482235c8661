"""Pieces of the money's side for pages of lower rooms: a visit's, a customer's."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404

from core.actor import Actor
from core.notices import with_deciders
from core.web import HouseRequest, door, page
from customers.models import Customer
from finance.actions.discounts import asked_discount
from finance.actions.requests import requests_of
from finance.models import CreditAgreement, Deposit, GatePass, Settlement
from finance.tables import days_late, state_of, state_of_agreement
from finance.views.settlements import may_pass
from service.models import Visit
from service.models.bill import charged_of


@door("finance.see_settlements", methods=("GET",))
def visit_money(request: HouseRequest, pk: int) -> HttpResponse:
    """A visit's settlements, deposits and gate: a piece of the car's page, or a page of its own without JavaScript."""
    visit = get_object_or_404(Visit.objects.visible_to(request.actor).with_names(), pk=pk)
    actor = request.actor
    settlements: list[Any] = list(Settlement.objects.standing().filter(visit=visit).with_names().order_by("id"))
    for one in settlements:
        one.tone, one.state = state_of(one)
        one.asked = None
        if one.due > 0 and one.refused_at and not one.released_at:
            one.asked = with_deciders(requests_of(one).with_names().order_by("-pk").first())
    passes = GatePass.objects.filter(visit=visit, kind=GatePass.Kind.SERVICE, cancelled_at__isnull=True)
    here = visit.status != Visit.Status.LEFT
    customer = visit.payer_id or visit.customer_id
    context = {
        "visit": visit,
        "settlements": settlements,
        "discount": None if visit.settled_at else with_deciders(asked_discount(visit)),
        "deposits": Deposit.objects.with_rest().filter(store=visit.store_id, customer=customer or 0).order_by("pk"),
        "gate_pass": passes.first(),
        "may_settle": _may_settle(visit, actor),
        "may_pay": actor.may("finance.pay", visit.store),
        "may_refuse": here and actor.may("finance.refuse_payment", visit.store),
        "may_deposit": here and not visit.settled_at and customer and actor.may("finance.take_deposit", visit.store),
        "may_pass": may_pass(visit, actor),
        "may_see_pass": actor.may("finance.see_gate_passes", visit.store),
    }
    return page(request, "finance/visit_money.html#money" if request.htmx else "finance/visit_money.html", context)


def _may_settle(visit: Visit, actor: Actor) -> bool:
    """Whether settling is the next step here: ready, and the bill explained where there is one."""
    if visit.status != Visit.Status.READY or visit.settled_at or not actor.may("finance.settle", visit.store):
        return False
    return bool(visit.explained_at) or not charged_of(visit).exists()


@door("finance.see_settlements", methods=("GET",))
def customer_money(request: HouseRequest, pk: int) -> HttpResponse:
    """What a customer owes, the deposits that are left and the credit account: a piece of the customer's page."""
    customer = get_object_or_404(Customer.objects.visible_to(request.actor), pk=pk)
    actor = request.actor
    owed: list[Any] = list(
        Settlement.objects.visible_to(actor).to_pay().filter(customer=customer).with_names().order_by("due_on", "id")
    )
    for one in owed:
        one.tone, one.state = state_of(one)
        one.late = days_late(one)
    agreement: Any = CreditAgreement.objects.visible_to(actor).filter(customer=customer, ended_at=None).first()
    if agreement:
        agreement.tone, agreement.state = state_of_agreement(agreement)
    context = {
        "customer": customer,
        "owed": owed[:20],
        "total": sum(one.due for one in owed),
        "deposits": Deposit.objects.visible_to(actor).with_rest().filter(customer=customer).order_by("pk")[:20],
        "agreement": agreement,
        "may_deposit": actor.may("finance.take_deposit"),
        "may_agree": not agreement and actor.may("finance.keep_agreements"),
    }
    return page(
        request, "finance/customer_money.html#money" if request.htmx else "finance/customer_money.html", context
    )
