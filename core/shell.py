"""What surrounds every page: navigation by role, the current store, notices that concern everybody."""

from collections import Counter
from datetime import datetime, time, timedelta
from typing import Any

from django.db import DatabaseError, connection
from django.db.models import Value
from django.http import HttpRequest
from django.urls import reverse
from django.utils import translation
from django.utils.timezone import localdate, make_aware
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.actor import Actor
from core.calendar import missing_year
from core.models import Approval, Employee, Notice, Task
from core.roles import Role
from core.web import current_store, visible_stores

# The board of those who hand out, do or check the work, and of those who look after them.
_WORKSHOP = ("service.dispatch", "service.start", "service.check", "core.see_logbook")
# Those who count the cash desk, and those who confirm it.
_CASH_DESK = ("finance.count_cash", "finance.confirm_cash_count")
# group, url name, icon, label, verbs of which one opens it
NAVIGATION: list[tuple[Any, str, str, Any, str | tuple[str, ...]]] = [
    (gettext_lazy("Today"), "home", "home", gettext_lazy("Home"), ""),
    (gettext_lazy("Today"), "workshop", "tool", gettext_lazy("Workshop"), _WORKSHOP),
    (gettext_lazy("Today"), "dispatching", "user-check", gettext_lazy("Dispatch"), "service.dispatch"),
    (gettext_lazy("Today"), "visits", "car", gettext_lazy("Cars in the store"), "service.see_visits"),
    (gettext_lazy("Today"), "wall", "hourglass", gettext_lazy("Why still here"), "service.see_visits"),
    (gettext_lazy("Today"), "orders", "clipboard-list", gettext_lazy("Repair orders"), "service.see_orders"),
    (gettext_lazy("Today"), "settlements", "receipt", gettext_lazy("Settlement"), "finance.see_settlements"),
    (gettext_lazy("Today"), "gate", "barrier-block", gettext_lazy("Gate"), "finance.see_gate_passes"),
    (gettext_lazy("My desk"), "tasks", "list-check", gettext_lazy("Tasks"), "core.see_tasks"),
    (gettext_lazy("My desk"), "approvals", "clipboard-check", gettext_lazy("Approvals"), "core.see_approvals"),
    (gettext_lazy("Money"), "receivables", "coin", gettext_lazy("Receivables"), "finance.see_settlements"),
    (gettext_lazy("Money"), "deposits", "wallet", gettext_lazy("Deposits"), "finance.take_deposit"),
    (gettext_lazy("Money"), "agreements", "id", gettext_lazy("Credit accounts"), "finance.see_agreements"),
    (gettext_lazy("Money"), "invoices", "file-text", gettext_lazy("Invoices"), "finance.see_invoices"),
    (gettext_lazy("Money"), "cash_counts", "cash", gettext_lazy("Cash desk"), _CASH_DESK),
    (gettext_lazy("Money"), "discounts", "tag", gettext_lazy("Discounts"), "finance.see_ledger"),
    (gettext_lazy("Money"), "ledger", "book", gettext_lazy("Ledger"), "finance.see_ledger"),
    (
        gettext_lazy("Customers"),
        "complaints",
        "message-circle",
        gettext_lazy("Complaints"),
        "complaints.see_complaints",
    ),
    (gettext_lazy("Customers"), "calls", "phone-call", gettext_lazy("Follow-up calls"), "customers.see_calls"),
    (gettext_lazy("Customers"), "customers", "users", gettext_lazy("Customers"), "customers.see_customers"),
    (gettext_lazy("Customers"), "vehicles", "steering-wheel", gettext_lazy("Vehicles"), "customers.see_vehicles"),
    (gettext_lazy("Customers"), "messages", "send", gettext_lazy("Outbox"), "customers.see_messages"),
    (gettext_lazy("Customers"), "promises", "clock", gettext_lazy("Promises"), "complaints.keep_promise"),
    (
        gettext_lazy("Customers"),
        "outside_cases",
        "world",
        gettext_lazy("Regulator and press"),
        "complaints.keep_outside",
    ),
    (gettext_lazy("Customers"), "corrections", "flag", gettext_lazy("Corrective actions"), "complaints.see_complaints"),
    (gettext_lazy("Customers"), "bulletins", "bell", gettext_lazy("Known issues"), "complaints.see_bulletins"),
    (
        gettext_lazy("Numbers"),
        "case_figures",
        "chart-bar",
        gettext_lazy("Figures of complaints"),
        "complaints.see_case_figures",
    ),
    (gettext_lazy("Numbers"), "dashboard", "layout-dashboard", gettext_lazy("Dashboard"), "dealer.see_dashboard"),
    (gettext_lazy("Numbers"), "reports", "report-analytics", gettext_lazy("Monthly reports"), "dealer.see_reports"),
    (gettext_lazy("House"), "catalogue", "book", gettext_lazy("Catalogue and menus"), "service.see_catalogue"),
    (gettext_lazy("House"), "parties", "wallet", gettext_lazy("Payers"), "service.keep_parties"),
    (gettext_lazy("House"), "case_data", "message-circle", gettext_lazy("Data of cases"), "complaints.keep_case_data"),
    (gettext_lazy("House"), "employees", "users-group", gettext_lazy("Employees"), "core.keep_employees"),
    (gettext_lazy("House"), "roster", "calendar-event", gettext_lazy("Roster"), "core.see_roster"),
    (gettext_lazy("House"), "authorities", "shield", gettext_lazy("Authorities"), "core.see_authorities"),
    (gettext_lazy("House"), "delegations", "user-check", gettext_lazy("Deputies"), "core.delegate"),
    (gettext_lazy("House"), "calendar", "calendar", gettext_lazy("Calendar"), "core.see_calendar"),
    (gettext_lazy("House"), "logbook", "history", gettext_lazy("Logbook"), "core.see_logbook"),
    (gettext_lazy("House"), "queue", "list-check", gettext_lazy("Queued work"), "core.see_queue"),
]


MOST = 99  # a badge counts no further


def _counts(request: HttpRequest) -> dict[str, int]:
    """What waits for this person, in one query on every page: unread notices, tasks of today, approvals to decide."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    tomorrow = make_aware(datetime.combine(localdate() + timedelta(days=1), time()))
    waiting = {
        "notices": ("core.see_notices", Notice.objects.visible_to(actor).unread()),
        "tasks": ("core.see_tasks", Task.objects.open().mine(actor.pk).filter(due_at__lt=tomorrow)),
        "approvals": ("core.see_approvals", Approval.objects.to_decide_by(actor.pk)),
    }
    found = dict.fromkeys(waiting, 0)
    parts = [
        rows.order_by().annotate(what=Value(name)).values_list("what", flat=True)[:MOST]
        for name, (verb, rows) in waiting.items()
        if actor.may(verb)
    ]
    if parts:
        found |= Counter(parts[0].union(*parts[1:], all=True))
    return found


def _navigation(request: HttpRequest, counts: dict[str, int]) -> list[dict[str, Any]]:
    actor = request.actor  # type: ignore[attr-defined]
    groups: list[dict[str, Any]] = []
    here, longest = request.path, -1
    active: dict[str, Any] | None = None
    for group, name, icon, label, verbs in NAVIGATION:
        if verbs and not any(actor.may(verb) for verb in ([verbs] if isinstance(verbs, str) else verbs)):
            continue
        url = reverse(name)
        item = {"url": url, "icon": icon, "label": str(label), "active": False, "badge": counts.get(name) or ""}
        if (here == url or (url != "/" and here.startswith(url))) and len(url) > longest:
            active, longest = item, len(url)
        if not groups or groups[-1]["label"] != str(group):
            groups.append({"label": str(group), "items": []})
        groups[-1]["items"].append(item)
    if active is not None:
        active["active"] = True
    return groups


def _role_label(actor: Actor) -> str:
    return "、".join(str(role.label) for role in Role if role in actor.roles)


def _notices(request: HttpRequest) -> list[dict[str, str]]:
    if not request.actor.may("customers.see_calls"):  # type: ignore[attr-defined]
        return []
    year = missing_year()
    if year is None:
        return []
    sentence = _(
        "The official holidays of %(year)s are not loaded yet. Calls in that year are planned provisionally "
        "by weekday and will be planned again after “load holidays”."
    )
    return [{"tone": "warning", "text": sentence % {"year": year}}]


def shell(request: HttpRequest) -> dict[str, Any]:
    """Context of `core/base.html`. Without a database (an error page) it is empty and the page still stands."""
    # a table asks for the whole context once more on the same page
    if (told := getattr(request, "told_shell", None)) is None:
        told = _told(request)
        if told["nav"]:
            request.told_shell = told  # type: ignore[attr-defined]
    return {"shell": told}


def _told(request: HttpRequest) -> dict[str, Any]:
    found: dict[str, Any] = {"language": translation.get_language(), "theme": "auto", "nav": [], "notices": []}
    user = getattr(request, "user", None)
    if isinstance(user, Employee) and not connection.needs_rollback:
        try:
            counts = _counts(request)
            found |= {
                "employee": {"display_name": str(user), "initial": str(user)[:1]},
                "role_label": _role_label(request.actor),  # type: ignore[attr-defined]
                "store": current_store(request),
                "stores": list(visible_stores(request.actor).order_by("code")[:30]),  # type: ignore[attr-defined]
                "theme": user.theme,
                "nav": _navigation(request, counts | {"home": counts["tasks"] + counts["approvals"]}),
                "unread": counts["notices"] if request.actor.may("core.see_notices") else None,  # type: ignore[attr-defined]
                "notices": _notices(request),
            }
        except DatabaseError:
            pass
    return found
