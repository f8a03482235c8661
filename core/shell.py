"""What surrounds every page: navigation by role, the current store, notices that concern everybody."""

from typing import Any

from django.db import DatabaseError, connection
from django.http import HttpRequest
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.calendar import missing_year
from core.models import Employee
from core.roles import Role
from core.web import current_store, visible_stores

# The board of those who hand out, do or check the work, and of those who look after them.
_WORKSHOP = ("service.dispatch", "service.start", "service.check", "core.see_logbook")
# group, url name, icon, label, verbs of which one opens it
NAVIGATION: list[tuple[Any, str, str, Any, str | tuple[str, ...]]] = [
    (gettext_lazy("Today"), "home", "home", gettext_lazy("Home"), ""),
    (gettext_lazy("Today"), "visits", "car", gettext_lazy("Cars in the store"), "service.see_visits"),
    (gettext_lazy("Today"), "orders", "clipboard-list", gettext_lazy("Repair orders"), "service.see_orders"),
    (gettext_lazy("Today"), "workshop", "tool", gettext_lazy("Workshop"), _WORKSHOP),
    (gettext_lazy("Today"), "settlements", "receipt", gettext_lazy("Settlement"), "finance.see_settlements"),
    (gettext_lazy("Today"), "gate", "barrier-block", gettext_lazy("Gate"), "finance.see_gate_passes"),
    (gettext_lazy("Customers"), "calls", "phone-call", gettext_lazy("Follow-up calls"), "customers.see_calls"),
    (gettext_lazy("Customers"), "customers", "users", gettext_lazy("Customers"), "customers.see_customers"),
    (gettext_lazy("Customers"), "vehicles", "steering-wheel", gettext_lazy("Vehicles"), "customers.see_vehicles"),
    (gettext_lazy("Customers"), "messages", "send", gettext_lazy("Outbox"), "customers.see_messages"),
    (gettext_lazy("Numbers"), "dashboard", "layout-dashboard", gettext_lazy("Dashboard"), "dealer.see_dashboard"),
    (gettext_lazy("Numbers"), "reports", "report-analytics", gettext_lazy("Monthly reports"), "dealer.see_reports"),
    (gettext_lazy("House"), "employees", "users-group", gettext_lazy("Employees"), "core.keep_employees"),
    (gettext_lazy("House"), "calendar", "calendar", gettext_lazy("Calendar"), "core.see_calendar"),
    (gettext_lazy("House"), "logbook", "history", gettext_lazy("Logbook"), "core.see_logbook"),
    (gettext_lazy("House"), "queue", "list-check", gettext_lazy("Queued work"), "core.see_queue"),
]


def _navigation(request: HttpRequest) -> list[dict[str, Any]]:
    actor = request.actor  # type: ignore[attr-defined]
    groups: list[dict[str, Any]] = []
    here, longest = request.path, -1
    active: dict[str, Any] | None = None
    for group, name, icon, label, verbs in NAVIGATION:
        if verbs and not any(actor.may(verb) for verb in ([verbs] if isinstance(verbs, str) else verbs)):
            continue
        url = reverse(name)
        item = {"url": url, "icon": icon, "label": str(label), "active": False, "badge": ""}
        if (here == url or (url != "/" and here.startswith(url))) and len(url) > longest:
            active, longest = item, len(url)
        if not groups or groups[-1]["label"] != str(group):
            groups.append({"label": str(group), "items": []})
        groups[-1]["items"].append(item)
    if active is not None:
        active["active"] = True
    return groups


def _role_label(user: Employee) -> str:
    roles = user.postings.filter(is_active=True).values_list("role", flat=True)
    return "、".join(dict.fromkeys(str(Role(role).label) for role in roles))


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
    found: dict[str, Any] = {"language": translation.get_language(), "theme": "auto", "nav": [], "notices": []}
    user = getattr(request, "user", None)
    if isinstance(user, Employee) and not connection.needs_rollback:
        try:
            found |= {
                "employee": {"display_name": str(user), "initial": str(user)[:1]},
                "role_label": _role_label(user),
                "store": current_store(request),
                "stores": list(visible_stores(request.actor).order_by("code")[:30]),  # type: ignore[attr-defined]
                "theme": user.theme,
                "nav": _navigation(request),
                "notices": _notices(request),
            }
        except DatabaseError:
            pass
    return {"shell": found}
