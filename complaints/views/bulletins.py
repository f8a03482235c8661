"""Known issues: the list, one of them, and the piece that stands where a matching car comes in (K-24)."""

from typing import Any

from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from complaints import actions
from complaints.actions.bulletins import KEEP, LINK
from complaints.filters import BulletinFilter
from complaints.forms.learning import EditBulletinForm, EndBulletinForm, LinkBulletinForm, PublishBulletinForm
from complaints.models import Bulletin, Complaint
from complaints.tables import SOURCE_TONES, BulletinTable
from core.events import events_of
from core.lists import list_page
from core.web import HouseRequest, door, page, verb_page
from service.models import Visit

NEWEST = {"-published_at": ("-published_at", "-id"), "published_at": ("published_at", "id")}
MOST = 50  # cases shown on the page of a bulletin; the list has all of them


def _row(request: HouseRequest, pk: int) -> Bulletin:
    rows = Bulletin.objects.visible_to(request.actor).select_related("company", "problem", "published_by")
    return get_object_or_404(rows, pk=pk)


def _case(request: HouseRequest, pk: int) -> Complaint:
    return get_object_or_404(Complaint.objects.visible_to(request.actor).with_names(), pk=pk)


def _may_keep(request: HouseRequest, company_id: int) -> bool:
    return request.actor.scope(KEEP).holds_company(company_id)


def _count_cases(rows: list[Any]) -> None:
    """How many cases belong to each, in one query."""
    found = Bulletin.objects.filter(pk__in=[one.pk for one in rows]).order_by().annotate(n=Count("complaints"))
    counts = dict(found.values_list("pk", "n"))
    for one in rows:
        one.n_cases = counts.get(one.pk, 0)


@door("complaints.see_bulletins", methods=("GET",))
def bulletins(request: HouseRequest) -> HttpResponse:
    """What is known of faults by model: own, of peers, of the manufacturer."""
    rows = Bulletin.objects.visible_to(request.actor).select_related("problem")
    tabs = {"in_force": (_("In force"), rows.in_force()), "ended": (_("Ended"), rows.exclude(ended_on=None))}
    tabs["all"] = (_("All"), rows)
    tab = request.GET.get("tab", "in_force")
    return list_page(
        request,
        rows=tabs.get(tab, tabs["all"])[1],
        table_class=BulletinTable,
        filterset_class=BulletinFilter,
        orderings=NEWEST,
        prepare=_count_cases,
        heading=_("Known issues"),
        name="bulletins",
        tabs=[{"label": label, "url": f"?tab={key}", "active": key == tab} for key, (label, _r) in tabs.items()],
        new_url=reverse("publish_bulletin") if request.actor.may(KEEP) else "",
        new_label=_("Publish a known issue"),
        empty={"icon": "bell", "title": _("No known issue here")},
    )


@door("complaints.see_bulletins", methods=("GET",))
def bulletin(request: HouseRequest, pk: int) -> HttpResponse:
    """One known issue: which cars, what is known, what to do, which cases."""
    row = _row(request, pk)
    cases = Complaint.objects.visible_to(request.actor).filter(bulletins=row).with_names()
    context = {
        "row": row,
        "tone": SOURCE_TONES[row.source],
        "cases": list(cases.order_by("-received_at", "-id")[:MOST]),
        "may_keep": not row.ended_on and _may_keep(request, row.company_id),
        "may_see_files": request.actor.may("core.see_attachments"),
        "events": events_of(row, 40),
    }
    return page(request, "complaints/bulletin.html", context)


@door(KEEP)
def publish_bulletin(request: HouseRequest) -> HttpResponse:
    """Publish a known issue; what a case says is filled in when one comes from there."""
    first: dict[str, Any] = {"source": Bulletin.Source.OWN}
    asked = request.GET.get("complaint", "")
    if asked.isdecimal() and len(asked) < 18:
        case = Complaint.objects.visible_to(request.actor).with_names().filter(pk=asked).first()
        if case:
            first |= {"complaint": case.pk, "company": case.store.company_id, "problem": case.problem_id}
            first |= {"brand": case.brand, "series": case.series or case.model_name, "words": case.findings}
    form = PublishBulletinForm(request.POST or None, request.FILES or None, by=request.actor, initial=first)
    told: dict[str, Any] = {"heading": _("Publish a known issue"), "done": _("Reception shows it from now on.")}
    return verb_page(request, form, actions.publish_bulletin, cancel=reverse("bulletins"), **told)


def _step(request: HouseRequest, row: Bulletin, form: Any, action: Any, **told: Any) -> HttpResponse:
    told |= {"extra": "core/_version.html", "version": request.POST.get("version", "") or row.version}
    return verb_page(request, form, action, row, pretitle=row.title, **told)


@door(KEEP)
def edit_bulletin(request: HouseRequest, pk: int) -> HttpResponse:
    """Put it right."""
    row = _row(request, pk)
    form = EditBulletinForm(request.POST or None, by=request.actor, initial=EditBulletinForm.known(row))
    told: dict[str, Any] = {
        "heading": _("Change the known issue"),
        "submit": _("Save"),
        "done": _("The change is saved."),
    }
    return _step(request, row, form, actions.edit_bulletin, **told)


@door(KEEP)
def end_bulletin(request: HouseRequest, pk: int) -> HttpResponse:
    """The issue is none any more."""
    form = EndBulletinForm(request.POST or None, by=request.actor)
    told: dict[str, Any] = {"heading": _("End the known issue"), "done": _("Reception shows it no longer.")}
    return _step(request, _row(request, pk), form, actions.end_bulletin, template="core/confirm.html", **told)


@door(LINK)
def link_bulletin(request: HouseRequest, pk: int) -> HttpResponse:
    """A case belongs to a known issue."""
    case = _case(request, pk)
    form = LinkBulletinForm(request.POST or None, by=request.actor, initial={"bulletin": request.GET.get("bulletin")})
    form.only_of(case)
    told: dict[str, Any] = {
        "heading": _("Link with a known issue"),
        "submit": _("Link"),
        "done": _("The case is linked."),
    }
    return verb_page(request, form, actions.link_bulletin, case, pretitle=str(case), **told)


@door(LINK)
def unlink_bulletin(request: HouseRequest, pk: int) -> HttpResponse:
    """A case does not belong to a known issue."""
    case = _case(request, pk)
    form = LinkBulletinForm(request.POST or None, by=request.actor, initial={"bulletin": request.GET.get("bulletin")})
    form.only_of(case, linked=True)
    told: dict[str, Any] = {
        "heading": _("Separate from a known issue"),
        "submit": _("Separate"),
        "done": _("The link is taken away."),
    }
    return verb_page(request, form, actions.unlink_bulletin, case, pretitle=str(case), **told)


@door("complaints.see_bulletins", methods=("GET",))
def visit_bulletins(request: HouseRequest, pk: int) -> HttpResponse:
    """A piece of the reception page and of a car's page: what is known of faults of this model."""
    visit = get_object_or_404(Visit.objects.visible_to(request.actor).with_names(), pk=pk)
    found: list[Any] = Bulletin.objects.visible_to(request.actor).of_car(visit.vehicle)
    for one in found:
        one.tone = SOURCE_TONES[one.source]
    template = "complaints/visit_bulletins.html"
    context = {"visit": visit, "rows": found}
    return page(request, f"{template}#piece" if request.htmx else template, context)
