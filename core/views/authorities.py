"""Pages of who may decide how much: the matrix of roles and matters, and deputies."""

from typing import Any

from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from core import actions
from core.forms import AuthorityForm, DelegateForm, HouseForm
from core.lists import list_page
from core.models import Authority, Company, Delegation, Matter
from core.roles import Role
from core.tables import DelegationTable
from core.web import HouseRequest, current_store, door, page, verb_page


def _matrix(company: Company, rows: list[Authority]) -> dict[str, Any]:
    """A company's authorities: one line a role, one column a matter; those who decide nothing stand apart."""
    cells: dict[str, dict[str, Authority]] = {}
    for one in rows:
        cells.setdefault(one.role, {})[one.matter] = one
    lines: list[dict[str, Any]] = [
        {"role": Role(role).label, "cells": [cells[role].get(matter) for matter in Matter.values]}
        for role in Role.values
        if role in cells
    ]
    decides = [any(one and one.limit != 0 for one in line["cells"]) for line in lines]
    return {
        "company": company,
        "deciding": [line for line, yes in zip(lines, decides, strict=True) if yes],
        "others": [line for line, yes in zip(lines, decides, strict=True) if not yes],
    }


@door("core.see_authorities", methods=("GET",))
def authorities(request: HouseRequest) -> HttpResponse:
    """Who decides how much alone, in each of one's companies."""
    rows = Authority.objects.visible_to(request.actor).select_related("company").order_by("company_id", "id")
    found: dict[Company, list[Authority]] = {}
    for one in rows:
        found.setdefault(one.company, []).append(one)
    context = {
        "matrices": [_matrix(company, cells) for company, cells in found.items()],
        "matters": Matter.choices,
        "may_keep": request.actor.may("core.keep_authorities"),
    }
    return page(request, "core/authorities.html", context)


@door("core.keep_authorities")
def set_authority(request: HouseRequest, pk: int) -> HttpResponse:
    """How much one role decides alone in one matter."""
    row = get_object_or_404(Authority.objects.visible_to(request.actor).select_related("company"), pk=pk)
    initial = {"limit": row.limit, "without_limit": row.limit is None}
    return verb_page(
        request,
        AuthorityForm(request.POST or None, by=request.actor, initial=initial),
        actions.set_authority,
        row,
        heading=str(row),
        pretitle=row.company.name,
        submit=_("Save"),
        text=_("For letting cars out: “without limit” is yes, 0 is no.") if row.matter == Matter.GATE else "",
        extra="core/_version.html",
        version=request.POST.get("version") or row.version,
        target=reverse("authorities"),
        done=_("The authority is changed."),
    )


@door("core.see_approvals", methods=("GET",))
def delegations(request: HouseRequest) -> HttpResponse:
    """Deputies: who decides in whose name, now, in future and before."""
    rows = Delegation.objects.visible_to(request.actor).with_names()
    over = Q(ended_at__isnull=False) | Q(ends_on__lt=localdate())
    tabs = {
        "open": (_("In force and to come"), rows.exclude(over)),
        "ended": (_("Ended"), rows.filter(over)),
        "all": (_("All"), rows),
    }
    tab = request.GET.get("tab", "")
    tab = tab if tab in tabs else "open"
    return list_page(
        request,
        rows=tabs[tab][1],
        table_class=DelegationTable,
        orderings={"-id": ("-id",)},
        heading=_("Deputies"),
        name="delegations",
        tabs=[{"label": label, "url": f"?tab={key}", "active": key == tab} for key, (label, _r) in tabs.items()],
        new_url=reverse("delegate") if request.actor.may("core.delegate") else "",
        new_label=_("Name a deputy"),
        empty={
            "icon": "user-check",
            "title": _("No deputy here"),
            "text": _("Before you are away, name somebody who decides in your name."),
        },
    )


@door("core.delegate")
def delegate(request: HouseRequest) -> HttpResponse:
    """Name a deputy for oneself; the general manager may name one for a colleague."""
    return verb_page(
        request,
        DelegateForm(request.POST or None, by=request.actor, initial={"store": current_store(request)}),
        actions.delegate,
        heading=_("Name a deputy"),
        text=_("A deputy decides approvals in your name, as far as you could. What you ask for yourself stays closed."),
        target=reverse("delegations"),
        done=_("The deputy is named and told."),
    )


@door("core.delegate")
def end_delegation(request: HouseRequest, pk: int) -> HttpResponse:
    """End a deputyship early."""
    found = get_object_or_404(Delegation.objects.visible_to(request.actor).with_names(), pk=pk)
    return verb_page(
        request,
        HouseForm(request.POST if request.method == "POST" else None, by=request.actor),
        actions.end_delegation,
        found,
        heading=_("End this deputyship"),
        text=str(found),
        danger=True,
        template="core/confirm.html",
        target=reverse("delegations"),
        done=_("The deputyship is ended."),
    )
