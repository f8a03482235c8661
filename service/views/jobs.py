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
from service.forms import CheckForm, DispatchForm, FinishForm, HoldForm, NoFieldsForm
from service.models import Hold, Job, Visit
from service.tables import JOB_TONES, JobTable
from service.views.cars import job_step, open_holds

ORDERINGS = {"id": ("id",), "-id": ("-id",)}


def _job(request: HouseRequest, pk: int) -> Job:
    rows = Job.objects.visible_to(request.actor).with_names()
    return get_object_or_404(rows, pk=pk)


def _title(job: Job) -> str:
    return f"{plate(str(job.order.visit.vehicle))} · {job.words}"


@door("service.see_orders", methods=("GET",))
def workshop(request: HouseRequest) -> HttpResponse:
    """The workshop's lists: to dispatch, in work, to check, and one's own."""
    rows = Job.objects.visible_to(request.actor).with_names().prefetch_related("helpers", "holds")
    rows = rows.filter(order__visit__status=Visit.Status.RECEIVED)
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
            job.tone = JOB_TONES[Job.Status(job.status)]
            job.waits = open_holds(job)

    return list_page(
        request,
        rows=views.get(tab, views["all"])[1],
        table_class=JobTable,
        filterset_class=JobFilter,
        orderings=ORDERINGS,
        heading=_("Workshop"),
        name="jobs",
        prepare=prepare,
        template="service/mine.html" if tab == "mine" else "core/list.html",
        may_hold=actor.may("service.hold"),
        tabs=[{"label": one[0], "url": f"?tab={key}", "active": key == tab} for key, one in views.items()],
        empty={"icon": "tool", "title": _("Nothing to do here"), "text": _("Jobs show up once the customer agreed.")},
    )


@door("service.dispatch")
def dispatch(request: HouseRequest, pk: int) -> HttpResponse:
    """Give a job to a technician."""
    job = _job(request, pk)
    first = {"technician": job.technician_id, "helpers": [one.pk for one in job.helpers.all()]}
    form = DispatchForm(request.POST or None, by=request.actor, initial=first)
    return verb_page(
        request,
        form,
        actions.dispatch,
        job,
        heading=_("Dispatch"),
        pretitle=f"{_title(job)} · {job.get_trade_display()}",
        template="service/dispatch.html",
        target=job.order.get_absolute_url(),
        done=_("The job is dispatched."),
    )


@door("service.hold")
def hold(request: HouseRequest, pk: int) -> HttpResponse:
    """The job waits for something."""
    job = _job(request, pk)
    return verb_page(
        request,
        HoldForm(request.POST or None, by=request.actor),
        actions.hold,
        job,
        heading=_("On hold"),
        pretitle=_title(job),
        target=job.order.get_absolute_url(),
        done=_("The job is on hold."),
    )


@door("service.hold")
def resume(request: HouseRequest, pk: int) -> HttpResponse:
    """What the job waited for is here."""
    rows = Hold.objects.visible_to(request.actor).select_related("job__order__visit__vehicle", "job__order__store")
    held = get_object_or_404(rows, pk=pk)
    return verb_page(
        request,
        NoFieldsForm(request.POST or None, by=request.actor),
        actions.resume,
        held,
        heading=_("The wait is over"),
        pretitle=f"{_title(held.job)} · {held}",
        template="core/confirm.html",
        target=held.job.order.get_absolute_url(),
        done=_("The job goes on."),
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
