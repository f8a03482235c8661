"""Free rework: opened from a case, and shown at the reception of its car."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext as _

from complaints import actions
from complaints.actions.rework import MOST_REPAIRS, OVER, STAGES, owed, repairs_of, visit_of
from complaints.forms.judging import DropReworkForm, OpenReworkForm
from complaints.models import Complaint
from core.web import HouseRequest, door, page, verb_page
from service.models import Job, Visit


def _case(request: HouseRequest, pk: int) -> Complaint:
    rows = Complaint.objects.visible_to(request.actor).with_names()
    return get_object_or_404(rows.select_related("rework_of__order", "rework"), pk=pk)


def shown(request: HouseRequest, complaint: Complaint) -> dict[str, Any]:
    """Which rework is open or owed, whether it may be opened now, and whether a fault was repaired too often."""
    may = request.actor.may("complaints.open_rework", complaint.store) and not complaint.origin
    stands = complaint.rework is not None and complaint.rework.status not in OVER
    possible = may and complaint.status in STAGES and complaint.vehicle_id is not None and not stands
    times = 0
    if complaint.rework_of:
        times = next((one.times for one in repairs_of(complaint, [complaint.rework_of])), 0)
    is_owed = complaint.rework_of is not None and complaint.rework is None and complaint.is_open
    visit = visit_of(complaint) if is_owed else None
    return {
        "rework_stands": stands,
        "rework_is_owed": is_owed,
        "rework_car_here": visit is not None and visit.status == Visit.Status.RECEIVED,
        "rework_may_open": possible,
        "rework_may_drop": may and is_owed,
        "rework_times": times if times >= MOST_REPAIRS else 0,
    }


@door("complaints.open_rework")
def open_rework(request: HouseRequest, pk: int) -> HttpResponse:
    """Which job is done again free of charge, with its guarantee or why it has none."""
    complaint = _case(request, pk)
    repairs = repairs_of(complaint)
    visit = visit_of(complaint)
    runs = [one for one in repairs if not one.why_not or one.job.pk == complaint.rework_of_id]
    first = complaint.rework_of_id or (runs[0].job.pk if len(runs) == 1 else None)
    form = OpenReworkForm(request.POST or None, by=request.actor, initial={"job": first})
    form.only_of(one.job for one in runs)
    return verb_page(
        request,
        form,
        actions.open_rework,
        complaint,
        heading=_("Free rework"),
        pretitle=str(complaint),
        submit=_("Open the free rework") if _is_ready(visit) else _("Note that rework is owed"),
        done=_("The free rework is open.") if _is_ready(visit) else _("The rework is noted; the keeper has a task."),
        template="complaints/open_rework.html",
        aside="complaints/_beside.html",
        complaint=complaint,
        repairs=repairs,
        runs=runs,
        chosen=request.POST.get("job", "") or str(first or ""),
        visit=visit,
        car_is_ready=_is_ready(visit),
    )


def _is_ready(visit: Visit | None) -> bool:
    return visit is not None and visit.status == Visit.Status.RECEIVED


@door("complaints.open_rework")
def drop_rework(request: HouseRequest, pk: int) -> HttpResponse:
    """An owed rework is not done after all."""
    complaint = _case(request, pk)
    return verb_page(
        request,
        DropReworkForm(request.POST or None, by=request.actor),
        actions.drop_rework,
        complaint,
        heading=_("The rework is not done"),
        text=_("The customer does not want it, or another cause was shown."),
        pretitle=str(complaint),
        template="core/confirm.html",
        danger=True,
        done=_("No rework is owed any more."),
    )


@door("complaints.see_complaints", methods=("GET",))
def visit_rework(request: HouseRequest, pk: int) -> HttpResponse:
    """A piece of the reception page and of a car's page: the rework that is owed to this car, opened with one tap."""
    visit = get_object_or_404(Visit.objects.visible_to(request.actor).with_names(), pk=pk)
    rows: Any = owed().visible_to(request.actor).filter(vehicle=visit.vehicle_id, store=visit.store_id)
    found = list(rows.select_related("store", "rework_of__order", "vehicle").order_by("received_at", "pk")[:10])
    for one in found:
        one.one_tap = _one_tap(request, one, visit)
        one.is_ticked = str(one.rework_of_id) in request.GET.getlist("ticked")
    context = {"visit": visit, "rows": found, "at_reception": visit.status == Visit.Status.ARRIVED}
    return page(
        request, "complaints/visit_rework.html#piece" if request.htmx else "complaints/visit_rework.html", context
    )


def _one_tap(request: HouseRequest, complaint: Complaint, visit: Visit) -> str:
    """Where the rework is opened: at reception or as a further order while its guarantee runs, else on the case."""
    actor, job = request.actor, complaint.rework_of
    today = visit.store.business_date(now())
    runs = job is not None and Job.objects.guaranteed(today, visit.mileage).filter(pk=job.pk).exists()
    if visit.status == Visit.Status.ARRIVED and runs and actor.may("service.receive", visit.store):
        return f"{reverse('receive', args=[visit.pk])}?comebacks={complaint.rework_of_id}"
    if visit.status != Visit.Status.RECEIVED:
        return ""
    if actor.may("complaints.open_rework", complaint.store):
        return reverse("open_rework", args=[complaint.pk])
    if runs and actor.may("service.add_order", visit.store):
        return f"{reverse('add_order', args=[visit.pk])}?comebacks={complaint.rework_of_id}"
    return ""
