"""Printed papers of the workshop."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404

from core.actor import allow
from core.prints import pdf_answer
from core.web import HouseRequest, door
from service.models import Order, Visit
from service.prints import delivery_list, job_card


@door("service.print", methods=("GET",))
def print_job_card(request: HouseRequest, pk: int) -> HttpResponse:
    """The job cards (派工单) of an order as a PDF: one sheet a job, for the technician."""
    order = get_object_or_404(Order.objects.visible_to(request.actor).with_names(), pk=pk)
    allow(request.actor, "service.print", order.store)
    return pdf_answer("job-card", job_card(order), f"{order} job card")


@door("service.print", methods=("GET",))
def print_delivery(request: HouseRequest, pk: int) -> HttpResponse:
    """The delivery list (交车清单) of a car as a PDF."""
    visit = get_object_or_404(Visit.objects.visible_to(request.actor).with_names(), pk=pk)
    allow(request.actor, "service.print", visit.store)
    return pdf_answer("delivery-list", delivery_list(visit), f"{visit} delivery list")
