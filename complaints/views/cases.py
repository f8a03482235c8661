"""Cases: the list, the page of one, how it comes in, who keeps it."""

from typing import Any

from django.db.models import Min
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from complaints import actions
from complaints.filters import ComplaintFilter
from complaints.forms import AssignForm, EditComplaintForm, TakeForm
from complaints.models import Clock, Complaint
from complaints.tables import ComplaintTable
from complaints.views import (
    archive,
    clocks,
    closing,
    conduct,
    judging,
    learning,
    outside,
    parts,
    public,
    remedies,
    showing,
)
from core.lists import list_page
from core.logbook import note_read
from core.web import HouseRequest, door, page, verb_page

SUBJECTS = (showing, judging, remedies, closing, clocks, outside, public, conduct, learning, archive)
Status = Complaint.Status
ORDERINGS = {"-received_at": ("-received_at", "-id"), "received_at": ("received_at", "id")}


def case_of(request: HouseRequest, pk: int) -> Complaint:
    """A case that somebody may see, with what its page names."""
    rows = Complaint.objects.visible_to(request.actor).with_names().select_related("store__company", "order", "call")
    return get_object_or_404(rows, pk=pk)


def with_due(rows: list[Any]) -> None:
    """Beside each case of a list what is due next, in one query."""
    running = Clock.objects.running().filter(complaint__in=[one.pk for one in rows])
    due = dict(running.order_by().values_list("complaint").annotate(Min("due_at")))
    for one in rows:
        one.due = due.get(one.pk)
        one.is_late = one.due is not None and one.due < now()


def tabs_of(request: HouseRequest) -> dict[str, tuple[str, Any]]:
    """The questions of those who look after cases."""
    rows = Complaint.objects.visible_to(request.actor).in_list()
    return {
        "mine": (_("Mine"), rows.mine(request.user.pk).open()),
        "open": (pgettext("case", "Open"), rows.ours().open()),
        "unkept": (_("Nobody keeps it"), rows.unkept()),
        "late": (_("Late"), rows.late()),
        "to_check": (_("To check after closing"), rows.to_check()),
        "closed": (
            pgettext("case", "Closed"),
            rows.ours().filter(status__in=[Complaint.Status.CLOSED, Complaint.Status.MERGED]),
        ),
        "loaded": (_("Loaded"), rows.exclude(origin="")),
        "all": (_("All"), rows),
    }


@door("complaints.see_complaints", methods=("GET",))
def complaints(request: HouseRequest) -> HttpResponse:
    """The list of cases; whoever works on cases begins with their own."""
    tabs = tabs_of(request)
    works = request.actor.may("complaints.take") and not request.actor.may("complaints.assign")
    tab = request.GET.get("tab", "mine" if works else "open")
    may_register = request.actor.may("complaints.register")
    return list_page(
        request,
        rows=tabs.get(tab, tabs["open"])[1],
        table_class=ComplaintTable,
        filterset_class=ComplaintFilter,
        prepare=with_due,
        orderings=ORDERINGS,
        heading=_("Complaints"),
        name="complaints",
        tabs=[{"label": label, "url": f"?tab={key}", "active": key == tab} for key, (label, _r) in tabs.items()],
        new_url=reverse("register_complaint") if may_register else "",
        new_label=_("Take a case in"),
        empty={"icon": "message-circle", "title": _("No case here")},
        template="complaints/complaints.html",
    )


def next_of(request: HouseRequest, complaint: Complaint, context: dict[str, Any]) -> dict[str, Any] | None:
    """The one thing to do next, for the button in the head: a verb, or the place on the page where it is chosen."""
    steps = context.get("judging_steps")
    if steps and context.get("judging_main"):
        return steps[0]
    may, store = request.actor.may, complaint.store
    places = {
        Status.PROPOSING: (may("complaints.propose", store), "#remedies", _("To the options")),
        Status.DECIDING: (may("complaints.decide_option", store), "#remedies", _("To the decision")),
        Status.CARRYING_OUT: (may("complaints.carry_out", store), "#carrying", _("To the carrying out")),
        Status.CALLING: (may("complaints.close", store), "#closing", _("To the closing call")),
    }
    allowed, url, label = places.get(Status(complaint.status), (False, "", ""))
    return {"url": url, "label": label} if allowed and not complaint.origin else None


@door("complaints.see_complaints", methods=("GET",))
def complaint(request: HouseRequest, pk: int) -> HttpResponse:
    """One case: every subject tells its own piece of the page."""
    found = case_of(request, pk)
    note_read(found, by=request.actor)
    context: dict[str, Any] = {"complaint": found}
    for subject in SUBJECTS:
        context |= subject.shown(request, found)
    context["case_next"] = next_of(request, found, context)
    return page(request, "complaints/complaint.html", context | parts.shown(found, context))


@door("complaints.edit_complaint")
def edit_complaint(request: HouseRequest, pk: int) -> HttpResponse:
    """Put right what was written down."""
    found = case_of(request, pk)
    form = EditComplaintForm(request.POST or None, by=request.actor, initial=EditComplaintForm.known(found))
    form.only_of(found)
    return verb_page(
        request,
        form,
        actions.edit_complaint,
        found,
        heading=_("Put the case right"),
        pretitle=str(found),
        submit=_("Save"),
        done=_("The change is saved."),
        extra="customers/_version.html",
        version=request.POST.get("version", "") or found.version,
    )


@door("complaints.take")
def take(request: HouseRequest, pk: int) -> HttpResponse:
    """Keep a case from now on."""
    return verb_page(
        request,
        TakeForm(request.POST or None, by=request.actor),
        actions.take,
        case_of(request, pk),
        heading=_("Take the case"),
        done=_("You keep this case."),
    )


@door("complaints.assign")
def assign(request: HouseRequest, pk: int) -> HttpResponse:
    """Give a case to somebody."""
    found = case_of(request, pk)
    form = AssignForm(request.POST or None, by=request.actor)
    form.only_of(found)
    return verb_page(
        request,
        form,
        actions.assign,
        found,
        heading=_("Give the case to somebody"),
        pretitle=str(found),
        done=_("The case has its keeper."),
    )
