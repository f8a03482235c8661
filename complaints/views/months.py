"""The month's sheet (顾客投诉分类统计表): which months are signed, one of them as it stands, its signature (K-14)."""

from collections import Counter
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count
from django.db.models.functions import TruncMonth
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from complaints import actions
from complaints.actions.months import VERB, is_over
from complaints.figures import PARTS, UNKNOWN, counted, margins_of, said_of, sheet_of
from complaints.forms.learning import MeasuresForm
from complaints.models import Complaint, Correction, MonthSheet
from complaints.prints import month_sheet as printed
from core.figures import month_end
from core.models import Store
from core.prints import pdf_answer
from core.web import HouseRequest, door, page, verb_page

SEE = "complaints.see_case_figures"


def _month(text: str) -> date:
    try:
        year, month = text.split("-")
        if len(year) != 4 or len(month) != 2 or not (year + month).isdecimal():
            raise ValueError
        return date(int(year), int(month), 1)
    except ValueError as problem:
        raise Http404 from problem


def _place(request: HouseRequest, store: int, month: str) -> tuple[Store, date, MonthSheet | None]:
    """The store and month of an address, and their sheet when it is signed."""
    found: Store = get_object_or_404(Store.objects.for_verb(request.actor, SEE).select_related("company"), pk=store)
    first = _month(month)
    return found, first, MonthSheet.objects.filter(store=found, month=first).select_related("signed_by").first()


def _link(store: Store, month: date, row: dict[str, Any], parts: tuple[str, ...] = PARTS) -> str:
    """The list of the very cases of a row of the sheet."""
    asked: dict[str, Any] = {"tab": "all", "counted": "came", "store": store.pk}
    asked |= {"received_from": month, "received_to": month_end(month)}
    lacks = []
    for part in parts:
        name = "main_class" if part == "problem_class" else part
        if row[part] or part == "problem_class":
            asked[name] = row[part] or UNKNOWN
        else:
            lacks.append(part)
    if lacks:
        asked["lacks"] = ",".join(lacks)
    return f"{reverse('complaints')}?{urlencode(asked)}"


def _tables(store: Store, month: date, figures: dict[str, Any]) -> dict[str, Any]:
    """The sheet as the page shows it: along each column alone, and all four together."""
    names = {
        "problem_class": _("By class of problem"),
        "department": _("By responsible department"),
        "cause": _("By root cause"),
        "result": _("By result"),
    }
    margins = [
        {"title": names[part], "rows": [r | {"url": _link(store, month, {part: r["value"]}, (part,))} for r in rows]}
        for part, rows in margins_of(figures).items()
    ]
    rows = [
        {"cells": [said_of(part, row) for part in PARTS], "n": row["n"], "url": _link(store, month, row)}
        for row in figures["rows"]
    ]
    return {"margins": margins, "rows": rows}


@door(SEE, methods=("GET",))
def month_sheets(request: HouseRequest) -> HttpResponse:
    """The months of a year, store by store: how many complaints, and whether the sheet is signed."""
    today, asked = localdate(), request.GET.get("year", "")
    year = int(asked) if asked.isdecimal() and 2000 <= int(asked[:4]) <= today.year and len(asked) == 4 else today.year
    stores = list(Store.objects.for_verb(request.actor, SEE).order_by("code"))
    months = [date(year, n, 1) for n in range(12 if year < today.year else today.month, 0, -1)]
    came = counted(Complaint.objects.filter(store__in=stores, received_on__year=year).order_by(), "came")
    counts: Counter[tuple[int, date]] = Counter()
    for store_id, month, n in came.values_list("store", TruncMonth("received_on")).annotate(n=Count("id")):
        counts[store_id, month] = n
    signed = MonthSheet.objects.filter(store__in=stores, month__year=year).select_related("signed_by")
    sheets = {(one.store_id, one.month): one for one in signed}
    rows = [
        {
            "month": month,
            "store": store,
            "n": counts[store.pk, month],
            "sheet": sheets.get((store.pk, month)),
            "is_over": is_over(store, month),
            "url": reverse("month_sheet", args=[store.pk, f"{month:%Y-%m}"]),
        }
        for month in months
        for store in stores
        if month >= store.live_from.replace(day=1)
    ]
    context = {"year": year, "rows": rows, "before": year - 1, "after": year + 1 if year < today.year else None}
    return page(request, "complaints/month_sheets.html", context)


@door(SEE, methods=("GET",))
def month_sheet(request: HouseRequest, store: int, month: str) -> HttpResponse:
    """One month of a store: as it was signed, or as it stands now."""
    place, first, signed = _place(request, store, month)
    figures = signed.figures if signed else sheet_of(place, first, month_end(first))
    changed = Correction.objects.visible_to(request.actor).filter(complaint__store=place)
    changed = changed.filter(complaint__received_on__range=(first, month_end(first))).with_names()
    context = {
        "store": place,
        "month": first,
        "sheet": signed,
        "figures": figures,
        "corrections": list(changed.order_by("due_on", "id")[:30]),
        "may_sign": signed is None and is_over(place, first) and request.actor.may(VERB, place),
        "is_over": is_over(place, first),
    }
    return page(request, "complaints/month_sheet.html", context | _tables(place, first, figures))


@door(VERB)
def sign_month(request: HouseRequest, store: int, month: str) -> HttpResponse:
    """Sign a month's sheet."""
    place, first, _signed = _place(request, store, month)
    form = MeasuresForm(request.POST or None, by=request.actor)
    return verb_page(
        request,
        form,
        actions.sign_month,
        heading=_("Sign the month's sheet"),
        pretitle=f"{place} · {first:%Y-%m}",
        text=_("With your signature the figures stay as they are now."),
        done=_("The sheet is signed."),
        cancel=reverse("month_sheet", args=[place.pk, month]),
        more={"store": place, "month": first},
    )


@door(SEE, methods=("GET",))
def print_month(request: HouseRequest, store: int, month: str) -> HttpResponse:
    """The sheet on paper."""
    place, first, signed = _place(request, store, month)
    figures = signed.figures if signed else sheet_of(place, first, month_end(first))
    return pdf_answer("complaint-month", printed(place, first, figures, signed), f"{place.code} {first:%Y-%m}")
