"""Pages of the roster: who is absent when."""

from datetime import datetime, time, timedelta
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.timezone import localdate, localtime, make_aware
from django.utils.translation import gettext as _

from core import actions
from core.filters import AbsenceFilter
from core.forms import AddAbsenceForm, HouseForm, TradeForm
from core.lists import list_page
from core.models import Absence, Employee, Posting
from core.tables import AbsenceTable
from core.web import HouseRequest, current_store, door, verb_page

DAYS = 14


def _board(rows: Any) -> dict[str, Any]:
    """Who is absent on which of the coming days, all day or some hours."""
    today = localdate()
    days = [today + timedelta(days=n) for n in range(DAYS)]
    first, last = (make_aware(datetime.combine(day, time())) for day in (today, today + timedelta(days=DAYS)))
    people: dict[Employee, dict[Any, dict[str, str]]] = {}
    for one in rows.valid().filter(ends_at__gt=first, starts_at__lt=last).order_by("employee__name", "starts_at"):
        starts, ends = localtime(one.starts_at), localtime(one.ends_at)
        marks = people.setdefault(one.employee, {})
        for day in days:
            if starts.date() <= day <= (ends - timedelta(seconds=1)).date():
                since = starts.strftime("%H:%M") if starts.date() == day else ""
                until = ends.strftime("%H:%M") if ends.date() == day else ""
                marks[day] = {"hours": f"{since}–{until}" if since or until else "", "reason": one.reason}
    return {"days": days, "people": [{"name": str(p), "marks": [m.get(d) for d in days]} for p, m in people.items()]}


@door("core.see_roster", methods=("GET",))
def roster(request: HouseRequest) -> HttpResponse:
    """Who is not there: a board of two weeks, and the list."""
    rows = Absence.objects.visible_to(request.actor).select_related("store", "employee")
    tabs = {"ahead": (_("Now and to come"), rows.ahead()), "all": (_("All"), rows)}
    tab = request.GET.get("tab", "")
    tab = tab if tab in tabs else "ahead"
    return list_page(
        request,
        rows=tabs[tab][1],
        table_class=AbsenceTable,
        filterset_class=AbsenceFilter,
        orderings={"-starts_at": ("-starts_at", "-id"), "starts_at": ("starts_at", "id")},
        heading=_("Roster"),
        name="roster",
        template="core/roster.html",
        board=_board(rows),
        tabs=[{"label": label, "url": f"?tab={key}", "active": key == tab} for key, (label, _r) in tabs.items()],
        new_url=reverse("add_absence") if request.actor.may("core.keep_roster") else "",
        new_label=_("Note an absence"),
        empty={"icon": "calendar-event", "title": _("Nobody is absent")},
    )


@door("core.keep_roster")
def add_absence(request: HouseRequest) -> HttpResponse:
    """Somebody is not there."""
    return verb_page(
        request,
        AddAbsenceForm(request.POST or None, by=request.actor, initial={"store": current_store(request)}),
        actions.add_absence,
        heading=_("Note an absence"),
        target=reverse("roster"),
        done=_("The absence is noted."),
    )


@door("core.keep_roster")
def cancel_absence(request: HouseRequest, pk: int) -> HttpResponse:
    """Somebody is there after all."""
    found = get_object_or_404(Absence.objects.visible_to(request.actor).select_related("store", "employee"), pk=pk)
    return verb_page(
        request,
        HouseForm(request.POST if request.method == "POST" else None, by=request.actor),
        actions.cancel_absence,
        found,
        heading=_("Take the absence back"),
        text=str(found),
        template="core/confirm.html",
        target=reverse("roster"),
        done=_("The absence is taken back."),
    )


@door("core.keep_employees")
def set_trade(request: HouseRequest, pk: int) -> HttpResponse:
    """What a technician does: whose hours count for which work."""
    rows = Posting.objects.filter(employee__in=Employee.kept_by(request.actor))
    posting = get_object_or_404(rows.select_related("employee", "store"), pk=pk)
    return verb_page(
        request,
        TradeForm(
            request.POST if request.method == "POST" else None, by=request.actor, initial={"trade": posting.trade}
        ),
        actions.set_trade,
        posting,
        heading=_("Trade"),
        pretitle=str(posting.employee),
        submit=_("Save"),
        target=reverse("employee", args=[posting.employee_id]),
        done=_("The trade is changed."),
    )
