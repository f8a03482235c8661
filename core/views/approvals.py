"""Pages of approvals: the inbox, and one of them with the two large buttons."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from core import actions
from core.documents import may_see_cost
from core.events import events_of
from core.filters import ApprovalFilter
from core.forms import DecideForm
from core.lists import list_page
from core.models import Approval
from core.models.approvals import outdated
from core.notices import amount_said, facts_said
from core.tables import APPROVAL_TONES, ApprovalTable
from core.web import HouseRequest, back, door, page, submit


def _tabs(request: HouseRequest) -> dict[str, tuple[str, Any]]:
    rows, mine = Approval.objects.visible_to(request.actor).with_names(), request.user.pk
    tabs = {
        "decide": (_("For me to decide"), rows.to_decide_by(mine)),
        "asked": (_("Asked by me"), rows.filter(asked_by=mine)),
        "decided": (_("Decided"), rows.exclude(status=Approval.Status.ASKED)),
        "all": (_("All"), rows),
    }
    if not request.actor.may("core.decide") and not tabs["decide"][1].exists():
        del tabs["decide"]
    if not request.actor.may("core.see_every_approval"):
        del tabs["all"]
    return tabs


def _mark_outdated(rows: list[Approval]) -> None:
    changed = outdated(rows)
    for one in rows:
        one.outdated = one.pk in changed  # type: ignore[attr-defined]


@door("core.see_approvals", methods=("GET",))
def approvals(request: HouseRequest) -> HttpResponse:
    """One's inbox: what waits for one's decision, what one asked for, what is decided; the newest first."""
    tabs = _tabs(request)
    tab = request.GET.get("tab", "")
    tab = tab if tab in tabs else next(iter(tabs))
    return list_page(
        request,
        rows=tabs[tab][1],
        table_class=ApprovalTable,
        filterset_class=ApprovalFilter,
        orderings={"-asked_at": ("-asked_at", "-id"), "asked_at": ("asked_at", "id")},
        heading=_("Approvals"),
        name="approvals",
        prepare=_mark_outdated,
        tabs=[{"label": label, "url": f"?tab={key}", "active": key == tab} for key, (label, _r) in tabs.items()],
        empty={
            "icon": "clipboard-check",
            "title": _("Nothing waits for your decision") if tab == "decide" else _("No approval here"),
            "text": _("What somebody may not decide alone comes here, and the one who asked is told what you say."),
        },
    )


def _shown(request: HouseRequest, approval: Approval, form: DecideForm) -> HttpResponse:
    """The page of one approval: what is asked, what one should know, and the two buttons for who may decide."""
    may_decide = Approval.objects.filter(pk=approval.pk).to_decide_by(request.user.pk).exists()
    context = {
        "approval": approval,
        "form": form,
        "tone": APPROVAL_TONES[Approval.Status(approval.status)],
        "amount": amount_said(approval),
        "facts": facts_said(approval, with_costs=may_decide or may_see_cost(request.actor, approval.store)),
        "outdated": bool(outdated([approval])),
        "may_decide": may_decide,
        "may_withdraw": approval.asked_by_id == request.user.pk and bool(approval.MOVES.get(approval.status)),
        "events": events_of(approval),
    }
    return page(request, "core/approval.html", context)


def _approval(request: HouseRequest, pk: int) -> Approval:
    return get_object_or_404(Approval.objects.visible_to(request.actor).with_names(), pk=pk)


@door("core.see_approvals", methods=("GET",))
def approval(request: HouseRequest, pk: int) -> HttpResponse:
    """One approval: who asks, what, how much and why; decided here with one press."""
    return _shown(request, _approval(request, pk), DecideForm(by=request.actor))


@door("core.see_approvals")
def decide(request: HouseRequest, pk: int) -> HttpResponse:
    """Grant or refuse; a deputy does it in the other's name."""
    found = _approval(request, pk)
    form = DecideForm(request.POST or None, by=request.actor)
    decided = submit(request, form, actions.decide, found)
    if decided is None:
        return _shown(request, found, form)
    granted = decided.status == Approval.Status.GRANTED
    return back(request, _("Granted.") if granted else _("Refused."), reverse("approvals"))


@door("core.see_approvals", methods=("POST",))
def withdraw_approval(request: HouseRequest, pk: int) -> HttpResponse:
    """Take back what one asked for."""
    withdrawn = actions.withdraw_approval(_approval(request, pk), by=request.actor)
    return back(request, _("You no longer ask for this."), withdrawn)
