"""Pages of the workshop: what is to be dispatched, worked on, checked."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from core.lists import list_page
from core.templatetags.ui import plate
from core.web import HouseRequest, door, verb_page
from service import actions
from service.filters import JobFilter
from service.forms import AddLinesForm, CheckForm, DispatchForm, FinishForm, NoFieldsForm
from service.models import Job, Visit
from service.tables import JobTable
from service.views.cars import job_step

ORDERINGS = {"id": ("id",), "-id": ("-id",)}


def _job(request: HouseRequest, pk: int) -> Job:
    rows = Job.objects.visible_to(request.actor).with_names()
    return get_object_or_404(rows, pk=pk)


def _title(job: Job) -> str:
    return f"{plate(str(job.order.visit.vehicle))} · {job.words}"


@door("service.see_orders", methods=("GET",))
def workshop(request: HouseRequest) -> HttpResponse:
    """The workshop's lists: to dispatch, in work, to check, and one's own."""
    rows = Job.objects.visible_to(request.actor).with_names().filter(order__visit__status=Visit.Status.RECEIVED)
    views = {
        "mine": (_("Mine"), rows.of_technician(request.user.pk)),
        "to_dispatch": (_("To dispatch"), rows.to_dispatch()),
        "in_work": (_("In work"), rows.filter(status__in=[Job.Status.DISPATCHED, Job.Status.IN_WORK])),
        "to_check": (_("To check"), rows.to_check()),
        "all": (_("All"), rows),
    }
    actor = request.actor
    usual = "to_dispatch" if actor.may("service.dispatch") else "mine" if actor.may("service.start") else "to_check"
    tab = request.GET.get("tab", usual)

    def prepare(jobs: list[Any]) -> None:
        for job in jobs:
            job.step = job_step(job, actor, job.order.store)

    return list_page(
        request,
        rows=views.get(tab, views["all"])[1],
        table_class=JobTable,
        filterset_class=JobFilter,
        orderings=ORDERINGS,
        heading=_("Workshop"),
        name="jobs",
        prepare=prepare,
        tabs=[{"label": one[0], "url": f"?tab={key}", "active": key == tab} for key, one in views.items()],
        empty={"icon": "tool", "title": _("Nothing to do here"), "text": _("Jobs show up once the customer agreed.")},
    )


@door("service.add_lines")
def add_lines(request: HouseRequest, pk: int) -> HttpResponse:
    """Labour and parts of a job."""
    job = _job(request, pk)
    form = AddLinesForm(request.POST or None, by=request.actor)
    return verb_page(
        request,
        form,
        actions.add_lines,
        job,
        heading=_("Estimate"),
        pretitle=_title(job),
        target=job.order.get_absolute_url(),
        template="service/add_lines.html",
        done=_("The lines wait for the customer's consent."),
        rate=job.order.store.labour_rate,
        wide=True,
    )


@door("service.dispatch")
def dispatch(request: HouseRequest, pk: int) -> HttpResponse:
    """Give a job to a technician."""
    job = _job(request, pk)
    form = DispatchForm(request.POST or None, by=request.actor, initial={"technician": job.technician_id})
    return verb_page(
        request,
        form,
        actions.dispatch,
        job,
        heading=_("Dispatch"),
        pretitle=_title(job),
        target=job.order.get_absolute_url(),
        done=_("The job is dispatched."),
    )


@door("service.start")
def start(request: HouseRequest, pk: int) -> HttpResponse:
    """The technician begins."""
    job = _job(request, pk)
    form = NoFieldsForm(request.POST or None, by=request.actor)
    return verb_page(
        request,
        form,
        actions.start,
        job,
        heading=_("Start"),
        pretitle=_title(job),
        template="core/confirm.html",
        target=job.order.get_absolute_url(),
        done=_("The work has begun."),
    )


@door("service.finish")
def finish(request: HouseRequest, pk: int) -> HttpResponse:
    """The technician is done: cause and remedy."""
    job = _job(request, pk)
    form = FinishForm(request.POST or None, by=request.actor, initial={"cause": job.cause, "remedy": job.remedy})
    return verb_page(
        request,
        form,
        actions.finish,
        job,
        heading=_("Finish"),
        pretitle=_title(job),
        target=job.order.get_absolute_url(),
        done=_("The job waits for the quality check."),
    )


@door("service.check")
def check(request: HouseRequest, pk: int) -> HttpResponse:
    """Quality check."""
    job = _job(request, pk)
    form = CheckForm(request.POST or None, by=request.actor)
    return verb_page(
        request,
        form,
        actions.check,
        job,
        heading=_("Quality check"),
        pretitle=_title(job),
        target=job.order.get_absolute_url(),
        done=_("The check is on record."),
    )
