"""The archive of a case: the whole case as one document (K-16)."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404

from complaints.models import Complaint
from complaints.prints import archive
from core.logbook import note_read
from core.prints import pdf_answer
from core.web import HouseRequest, door


def shown(request: HouseRequest, complaint: Complaint) -> dict[str, Any]:
    """Whether the archive of a case may be printed."""
    return {"archive_may_print": request.actor.may("complaints.print", complaint.store)}


@door("complaints.print", methods=("GET",))
def print_archive(request: HouseRequest, pk: int) -> HttpResponse:
    """Every form of a case, its files and its logbook, on paper."""
    rows = Complaint.objects.visible_to(request.actor).with_names().select_related("store__company", "order")
    found = get_object_or_404(rows, pk=pk)
    note_read(found, by=request.actor)
    return pdf_answer("complaint-archive", archive(found, request.actor), f"{found} 投诉档案")
