"""Pages of who pays: a line, a whole job, an accident; and payers themselves."""

from decimal import Decimal
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from core.lists import list_page
from core.models import Approval
from core.notices import asked_said, with_deciders
from core.templatetags.ui import money
from core.web import HouseRequest, back, door, page, submit, verb_page
from service import actions
from service.filters import PartyFilter
from service.forms import AddPartyForm, AskGoodwillForm, AssessForm, EditPartyForm, ShareJobForm, ShareLineForm
from service.models import Job, Line, Order, Party
from service.tables import PartyTable
from service.views.estimates import job_of, line_of, title_of

# Splits that come up every day: payer, reason, percent; the last one takes the rest.
SPLITS: dict[str, list[tuple[str, str, int]]] = {
    "warranty": [("manufacturer", "warranty", 100)],
    "goodwill": [("manufacturer", "goodwill", 50), ("store", "goodwill", 30), ("customer", "repair", 20)],
    "half": [("manufacturer", "goodwill", 50), ("customer", "repair", 50)],
    "store": [("store", "goodwill", 100)],
    "customer": [("customer", "repair", 100)],
}


@door("service.share_line")
def share_line(request: HouseRequest, pk: int) -> HttpResponse:
    """Who pays for a line."""
    line = line_of(request, pk)
    shares = [
        {"payer": s.payer, "party": s.party_id, "reason": s.reason, "amount": s.amount} for s in line.shares.all()
    ]
    form = ShareLineForm(request.POST or None, by=request.actor, initial={"shares": shares})
    return verb_page(
        request,
        form,
        actions.share_line,
        line,
        heading=_("Who pays"),
        pretitle=f"{line.name} · {money(line.amount)}",
        target=line.job.order.get_absolute_url(),
        done=_("The payers are noted."),
        template="service/share_line.html",
    )


def _standing(job: Job) -> list[Line]:
    return list(Line.objects.standing().filter(job=job).prefetch_related("shares"))


def _as_it_is(lines: list[Line]) -> list[dict[str, Any]]:
    """Who pays for a job now, added up over its lines."""
    found: dict[tuple[str, int | None, str], Decimal] = {}
    for line in lines:
        for s in line.shares.all():
            key = (s.payer, s.party_id, s.reason)
            found[key] = found.get(key, Decimal(0)) + s.amount
    return [{"payer": p, "party": party, "reason": r, "amount": amount} for (p, party, r), amount in found.items()]


def _split(request: HouseRequest, order: Order, name: str) -> list[dict[str, Any]]:
    """A split of every day with the payers that paid last; none where such a payer is missing."""
    rows = Party.objects.by_use().visible_to(request.actor).filter(company=order.store.company_id)
    found = []
    for payer, reason, percent in SPLITS.get(name, []):
        party = None if payer == "customer" else _usual(list(rows.filter(kind=payer)), order.visit.vehicle.brand)
        if payer != "customer" and party is None:
            return []
        found.append({"payer": payer, "party": party.pk if party else None, "reason": reason, "percent": percent})
    return found


def _usual(parties: list[Party], brand: str) -> Party | None:
    """The payer of a kind that is most likely meant: the one named after the car's brand, else the last used."""
    named = (one for one in parties if brand and brand.casefold() in one.name.casefold())
    return next(named, parties[0] if parties else None)


def _splits() -> list[dict[str, str]]:
    labels = {
        "warranty": _("Warranty"),
        "goodwill": _("Goodwill 50 / 30 / 20"),
        "half": _("Goodwill 50 / 50"),
        "store": _("The store itself"),
        "customer": _("Customer"),
    }
    return [{"label": label, "url": f"?split={name}", "name": name} for name, label in labels.items()]


def _share_context(request: HouseRequest, job: Job) -> dict[str, Any]:
    lines = _standing(job)
    granted = Approval.objects.filter(verb="service.share_line", kind="job", object_id=job.pk)
    return {
        "heading": _("Who pays for the job"),
        "pretitle": title_of(job),
        "total": sum((line.amount for line in lines), Decimal(0)),
        "lines": lines,
        "splits": _splits(),
        "split": request.GET.get("split", ""),
        "granted": granted.filter(status=Approval.Status.GRANTED).select_related("decided_by").first(),
        "asked": with_deciders(granted.filter(status=Approval.Status.ASKED).first()),
        "cancel": job.order.get_absolute_url(),
    }


@door("service.share_line")
def share_job(request: HouseRequest, pk: int) -> HttpResponse:
    """Who pays for a whole job: a split of every day in one tap, or one's own."""
    job = job_of(request, pk)
    context = _share_context(request, job)
    shares = _split(request, job.order, context["split"]) or _as_it_is(context["lines"])
    form = ShareJobForm(request.POST or None, by=request.actor, initial={"shares": shares})
    return verb_page(
        request,
        form,
        actions.share_job,
        job,
        target=job.order.get_absolute_url(),
        done=_("The payers are noted."),
        template="service/share_job.html",
        submit=_("Save"),
        **context,
    )


@door("service.share_line")
def ask_goodwill(request: HouseRequest, pk: int) -> HttpResponse:
    """Ask a manager for goodwill of the store beyond one's own authority."""
    job = job_of(request, pk)
    form = AskGoodwillForm(request.POST or None, by=request.actor, initial={"shares": _as_it_is(_standing(job))})
    asked = submit(request, form, actions.ask_goodwill, job)
    if asked is not None:
        return back(request, asked_said(asked), job.order.get_absolute_url())
    context = _share_context(request, job) | {"form": form, "row": job, "submit": _("Save"), "is_asking": True}
    return page(request, "service/share_job.html", context)


@door("service.share_line")
def assess(request: HouseRequest, pk: int) -> HttpResponse:
    """The insurer's assessment of an accident (定损)."""
    job = job_of(request, pk)
    lines = _standing(job)
    paid = [s for line in lines for s in line.shares.all() if s.payer == Party.Kind.INSURER]
    first: dict[str, Any] = {"amount": sum((s.amount for s in paid), Decimal(0)) or None}
    first |= {"insurer": paid[0].party_id} if paid else {}
    form = AssessForm(request.POST or None, by=request.actor, initial=first)
    return verb_page(
        request,
        form,
        actions.assess,
        job,
        heading=_("Loss assessment"),
        pretitle=title_of(job),
        target=job.order.get_absolute_url(),
        done=_("The insurer pays the assessed amount, the customer the difference."),
        template="service/assess.html",
        total=sum((line.amount for line in lines), Decimal(0)),
        lines=lines,
    )


@door("service.keep_parties", methods=("GET",))
def parties(request: HouseRequest) -> HttpResponse:
    """Payers other than the customer, with the days they have to pay."""
    return list_page(
        request,
        rows=Party.objects.visible_to(request.actor).select_related("company"),
        table_class=PartyTable,
        filterset_class=PartyFilter,
        orderings={"name": ("name", "id"), "-id": ("-id",)},
        heading=_("Payers"),
        name="payers",
        new_url=reverse("add_party"),
        new_label=_("Add a payer"),
        empty={"icon": "wallet", "title": _("No payer yet"), "url": reverse("add_party"), "label": _("Add a payer")},
    )


@door("service.keep_parties")
def add_party(request: HouseRequest) -> HttpResponse:
    """A new payer."""
    form = AddPartyForm(request.POST or None, by=request.actor)
    return verb_page(
        request,
        form,
        actions.add_party,
        heading=_("Add a payer"),
        done=_("The payer is added."),
        target=reverse("parties"),
        cancel=reverse("parties"),
    )


@door("service.keep_parties")
def edit_party(request: HouseRequest, pk: int) -> HttpResponse:
    """Change a payer, or offer it no longer."""
    found = get_object_or_404(Party.objects.visible_to(request.actor), pk=pk)
    form = EditPartyForm(request.POST or None, by=request.actor, initial=EditPartyForm.known(found))
    return verb_page(
        request,
        form,
        actions.edit_party,
        found,
        heading=str(found),
        submit=_("Save"),
        done=_("The change is saved."),
        target=reverse("parties"),
        extra="customers/_version.html",
        version=request.POST.get("version", "") or found.version,
    )
