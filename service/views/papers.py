"""Printed papers of the workshop."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404

from core.actor import allow
from core.prints import pdf_answer
from core.web import HouseRequest, door
from service.models import Order
from service.prints import job_card


@door("service.print", methods=("GET",))
def print_job_card(request: HouseRequest, pk: int) -> HttpResponse:
    """The job cards (派工单) of an order as a PDF: one sheet a job, for the technician."""
    order = get_object_or_404(Order.objects.visible_to(request.actor).with_names(), pk=pk)
    allow(request.actor, "service.print", order.store)
    return pdf_answer("job-card", job_card(order), f"{order} job card")
