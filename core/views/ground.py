"""The ground's own pages: language and look, the current store, the account, calendar, logbook, queued work, health."""

from datetime import date, timedelta
from typing import Any

from django.apps import apps
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, connection
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from core import actions
from core.calendar import missing_year, official_years
from core.events import tell_lines
from core.forms import TokenForm
from core.lists import list_page
from core.models import AccessToken, Calendar, Employee, Entry, Heartbeat, Posting, PublicHoliday, Queued, Store
from core.tables import EntryTable
from core.web import door, page, shown_once, submit, toast, visible_stores


def _back(request: HttpRequest) -> HttpResponse:
    target = request.POST.get("next", "/")
    if not url_has_allowed_host_and_scheme(target, {request.get_host()}, request.is_secure()):
        target = "/"
    return redirect(target)


@login_not_required
@require_POST
def set_language(request: HttpRequest) -> HttpResponse:
    """Chinese or English, remembered for the employee, or in this browser before sign-in."""
    language = request.POST.get("language", "")
    if language not in dict(settings.LANGUAGES):
        return _back(request)
    if isinstance(request.user, Employee):
        actions.choose(request.user, language=language)
    response = _back(request)
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        language,
        max_age=31_536_000,
        samesite="Lax",
        secure=settings.SECURE,
        httponly=True,
    )
    return response


@require_POST
def set_theme(request: HttpRequest) -> HttpResponse:
    """Light, dark, or like the device."""
    theme = request.POST.get("theme", "")
    if theme in Employee.Theme.values:
        actions.choose(request.user, theme=theme)
    return _back(request)


@require_POST
def switch_store(request: HttpRequest) -> HttpResponse:
    """Work in another store that this employee may see."""
    chosen = request.POST.get("store", "")
    stores = visible_stores(request.actor)  # type: ignore[attr-defined]
    store = get_object_or_404(stores, pk=chosen if chosen.isdecimal() else 0)
    actions.choose(request.user, store=store)
    return _back(request)


@require_http_methods(["GET", "HEAD", "POST"])
def profile(request: HttpRequest) -> HttpResponse:
    """One's own account: roles, sign-in with a second factor, access tokens."""
    user = request.user
    form = TokenForm(request.POST or None, by=request.actor)  # type: ignore[attr-defined]
    fresh = ""
    if request.actor.may("core.keep_tokens"):  # type: ignore[attr-defined]
        made = submit(request, form, actions.make_token)
        if made:
            fresh, form = made.text, TokenForm(by=request.actor)  # type: ignore[attr-defined]
    context = {
        "form": form,
        "fresh": fresh,
        "tokens": AccessToken.objects.filter(employee=user.pk or 0, revoked_at__isnull=True).order_by("-id"),
        "postings": Posting.objects.filter(employee=user.pk or 0, is_active=True).select_related("store", "company"),
        "may_keep_tokens": request.actor.may("core.keep_tokens"),  # type: ignore[attr-defined]
    }
    answer = page(request, "core/profile.html", context)
    return shown_once(answer) if fresh else answer


@require_POST
def revoke_token(request: HttpRequest, pk: int) -> HttpResponse:
    """Take an access token back at once."""
    token = get_object_or_404(AccessToken, pk=pk, employee=request.user, revoked_at__isnull=True)
    actions.revoke_token(token, by=request.actor)  # type: ignore[attr-defined]
    toast(request, _("The access token is revoked."))
    return redirect("profile")


@door("core.see_calendar", methods=("GET",))
def calendar(request: HttpRequest) -> HttpResponse:
    """The working calendars with their frames of the next four weeks, and the official holidays on file."""
    today = localdate()
    last = today + timedelta(days=27)
    holidays = PublicHoliday.objects.filter(day__gte=today.replace(month=1, day=1))
    names = {one.day: one.name for one in holidays if one.is_off}
    stores = Store.objects.for_verb(request.actor, "core.see_calendar")  # type: ignore[attr-defined]
    kept = Calendar.objects.filter(Q(opening_stores__in=stores) | Q(calling_stores__in=stores)).distinct()
    calendars = [
        {
            "calendar": one,
            "stores": "、".join(map(str, stores.filter(Q(opening=one) | Q(calling=one)).order_by("code")[:6])),
            "days": _days(one.frames.filter(day__range=(today, last)), today, last, names),
        }
        for one in kept.order_by("pk")
    ]
    context = {
        "calendars": calendars,
        "holidays": holidays,
        "years": sorted(official_years()),
        "missing_year": missing_year(),
    }
    return page(request, "core/calendar.html", context)


def _days(frames: Any, first: date, last: date, holidays: dict[date, str]) -> list[dict[str, Any]]:
    """Each day with its frames; a day without any is closed, unless none at all are laid."""
    found: dict[date, dict[str, Any]] = {}
    for frame in frames:
        one = found.setdefault(frame.day, {"frames": [], "is_provisional": frame.is_provisional})
        one["frames"].append(frame)
    laid = min(last, max(found)) if found else first
    days = [first + timedelta(days=n) for n in range((laid - first).days + 1)] if found else []
    closed: dict[str, Any] = {"frames": [], "is_provisional": False}
    return [{"day": day, "holiday": holidays.get(day, ""), **found.get(day, closed)} for day in days]


@door("core.see_logbook", methods=("GET",))
def logbook(request: HttpRequest) -> HttpResponse:
    """Who did what, newest first."""
    return list_page(
        request,
        rows=Entry.objects.visible_to(request.actor).select_related("store"),  # type: ignore[attr-defined]
        table_class=EntryTable,
        orderings={"-id": ("-id",)},
        heading=_("Logbook"),
        name="logbook",
        prepare=lambda lines: tell_lines(lines, request.actor),  # type: ignore[attr-defined]
        empty={"icon": "history", "title": _("Nothing has been recorded yet")},
    )


@door("core.see_queue", methods=("GET",))
def queue(request: HttpRequest) -> HttpResponse:
    """Queued work: what waits, what runs, what was given up and why."""
    piles = []
    for model in apps.get_models():
        if issubclass(model, Queued):
            rows = model.objects.visible_to(request.actor)  # type: ignore[attr-defined]
            piles.append(
                {
                    "label": model._meta.verbose_name,
                    "open": rows.filter(done_at__isnull=True, failed_at__isnull=True).order_by("due_at", "id")[:20],
                    "dead": rows.dead().order_by("-failed_at")[:20],
                }
            )
    beats = list(Heartbeat.objects.order_by("job"))
    return page(request, "core/queue.html", {"piles": piles, "beats": beats, "stopped": not swept_lately(beats)})


def swept_lately(beats: list[Heartbeat]) -> bool:
    """Whether any sweep came to its end in the last three minutes."""
    return any(one.at > now() - timedelta(minutes=3) for one in beats)


@login_not_required
@require_GET
def livez(request: HttpRequest) -> HttpResponse:
    """The web process answers."""
    return HttpResponse("ok", content_type="text/plain")


@login_not_required
@require_GET
def readyz(request: HttpRequest) -> HttpResponse:
    """The database answers, and the clock's last sweep is younger than three minutes."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        beats = list(Heartbeat.objects.all())
    except DatabaseError:
        return HttpResponse("the database cannot be reached", status=503, content_type="text/plain")
    if not swept_lately(beats):
        return HttpResponse("the clock has not swept for three minutes", status=503, content_type="text/plain")
    return HttpResponse("ready", content_type="text/plain")


@login_not_required
def missing(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Nothing here, or nothing for this reader: both doors say the same."""
    return render(request, "404.html", status=404)


# The people of a store
