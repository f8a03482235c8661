"""What a customer or a car had done here, and what they still need: pieces of the pages of the customers room."""

from typing import Any

from django.db.models import F, Prefetch, QuerySet, Sum
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from core.web import HouseRequest, door, page
from customers.models import Customer, Vehicle
from service.models import Job, Line, Order
from service.tables import CONSENT_TONES, ORDER_TONES

MOST = 10  # orders, and lines, that a piece shows


@door("customers.see_customers", methods=("GET",))
def customer_visits(request: HouseRequest, pk: int) -> HttpResponse:
    """The visits and orders of a customer, and the work their cars still need."""
    customer = get_object_or_404(Customer.objects.visible_to(request.actor), pk=pk)
    orders = Order.objects.visible_to(request.actor).filter(visit__customer=customer)
    # of every car (the condition on the car is true for each), then those that this customer brought
    needed = Line.objects.visible_to(request.actor).to_offer_again(F("job__order__visit__vehicle"))
    needed = needed.filter(job__order__visit__customer=customer)
    return _history(request, orders, needed, customer, cars=True)


@door("customers.see_vehicles", methods=("GET",))
def vehicle_visits(request: HouseRequest, pk: int) -> HttpResponse:
    """The visits and orders of a car, the work it still needs, and the guarantees that still run."""
    vehicle = get_object_or_404(Vehicle.objects.visible_to(request.actor), pk=pk)
    orders = Order.objects.visible_to(request.actor).filter(visit__vehicle=vehicle)
    needed = Line.objects.visible_to(request.actor).to_offer_again(vehicle)
    guaranteed = Job.objects.visible_to(request.actor).filter(order__visit__vehicle=vehicle)
    running = guaranteed.guaranteed(localdate(), vehicle.mileage).select_related("order").order_by("-guaranteed_until")
    return _history(request, orders, needed, vehicle, guarantees=running[:MOST])


def _history(request: HouseRequest, orders: QuerySet, needed: QuerySet, row: Any, **more: Any) -> HttpResponse:
    jobs = Prefetch("jobs", Job.objects.order_by("position"))
    found = list(orders.with_names().prefetch_related(jobs).order_by("-opened_at", "-id")[: MOST + 1])  # type: ignore[attr-defined]
    for order in found:
        order.tone = ORDER_TONES[order.status]
    lines = list(needed[: MOST + 1].select_related("job__order__visit__vehicle"))
    for line in lines:
        line.tone = CONSENT_TONES[line.consent]
    value = needed.order_by().aggregate(sum=Sum("amount"))["sum"] if lines else None
    context = {
        "row": row,
        "heading": _("Visits and orders"),
        "orders": found[:MOST],
        "more": f"{reverse('orders')}?tab=all&{row.kind_name()}={row.pk}" if len(found) > MOST else "",
        "needed": lines[:MOST],
        "needed_more": len(lines) > MOST,
        "value": value,
        "may_see_orders": request.actor.may("service.see_orders"),
    } | more
    return page(request, "service/_history.html#piece" if request.htmx else "service/_history.html", context)
