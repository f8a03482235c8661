"""Pages of the books: the ledger with its trial balance, and the counts of the cash desk."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from core.events import events_of
from core.lists import list_page
from core.web import HouseRequest, door, page, verb_page
from finance import actions
from finance.figures import trial_balance
from finance.filters import CashCountFilter, LedgerFilter
from finance.forms import CountCashForm
from finance.models import CashCount, LedgerEntry
from finance.tables import CashCountTable, LedgerTable
from service.forms import NoFieldsForm


@door("finance.see_ledger", methods=("GET",))
def ledger(request: HouseRequest) -> HttpResponse:
    """The ledger: the balance of each account in the span that was asked for, and the entries behind it."""
    if not request.GET:
        # a whole history is asked for, never shown by itself
        return redirect(f"{request.path}?day_from={localdate().replace(day=1)}")
    rows = LedgerEntry.objects.visible_to(request.actor)
    chosen = LedgerFilter(request.GET, queryset=rows, request=request)
    balance = trial_balance(chosen.qs if chosen.form.is_valid() else rows.none())
    return list_page(
        request,
        rows=rows.select_related("store"),
        table_class=LedgerTable,
        filterset_class=LedgerFilter,
        orderings={"-at": ("-at", "-id"), "at": ("at", "id")},
        heading=_("Ledger"),
        name="ledger",
        template="finance/ledger.html",
        balance=balance,
        empty={"icon": "book", "title": _("Nothing was posted yet")},
    )


@door("finance.see_settlements", methods=("GET",))
def cash_counts(request: HouseRequest) -> HttpResponse:
    """Counts of the cash desk: those to confirm, and all."""
    rows = CashCount.objects.visible_to(request.actor).select_related("store", "cashier", "confirmed_by")
    views = {"to_confirm": (_("To confirm"), rows.filter(confirmed_at__isnull=True)), "all": (_("All"), rows)}
    tab = request.GET.get("tab", "to_confirm" if request.actor.may("finance.confirm_cash_count") else "all")
    return list_page(
        request,
        rows=views.get(tab, views["all"])[1],
        table_class=CashCountTable,
        filterset_class=CashCountFilter,
        orderings={"-business_date": ("-business_date", "-id"), "business_date": ("business_date", "id")},
        heading=_("Cash desk"),
        name="cash-counts",
        new_url="/cash-counts/count/" if request.actor.may("finance.count_cash") else "",
        new_label=_("Count the cash desk"),
        tabs=[{"label": one[0], "url": f"?tab={key}", "active": key == tab} for key, one in views.items()],
        empty={"icon": "coin", "title": _("Nothing was counted yet")},
    )


@door("finance.see_settlements", methods=("GET",))
def cash_count(request: HouseRequest, pk: int) -> HttpResponse:
    """One count: expected, counted and the difference, means by means."""
    rows = CashCount.objects.visible_to(request.actor).select_related("store", "cashier", "confirmed_by")
    found = get_object_or_404(rows, pk=pk)
    may = found.confirmed_at is None and found.cashier_id != request.actor.pk
    context: dict[str, Any] = {
        "count": found,
        "events": events_of(found),
        "may_confirm": may and request.actor.may("finance.confirm_cash_count", found.store),
        "may_count": found.cashier_id == request.actor.pk and request.actor.may("finance.count_cash", found.store),
    }
    return page(request, "finance/cash_count.html", context)


@door("finance.count_cash")
def count_cash(request: HouseRequest) -> HttpResponse:
    """Count what one took on a day; what the house expects is shown afterwards."""
    form = CountCashForm(request.POST or None, by=request.actor)
    return verb_page(
        request,
        form,
        actions.count_cash,
        heading=_("Count the cash desk"),
        pretitle=str(request.user),
        text=_("Count first; what was expected is shown afterwards. Leave out the change fund."),
        submit=_("Hand in the count"),
        done=_("Counted."),
        cancel="/cash-counts/",
    )


@door("finance.confirm_cash_count")
def confirm_cash_count(request: HouseRequest, pk: int) -> HttpResponse:
    """Confirm a count as the second person."""
    rows = CashCount.objects.visible_to(request.actor).select_related("store", "cashier")
    found = get_object_or_404(rows, pk=pk)
    form = NoFieldsForm(request.POST or None, by=request.actor)
    return verb_page(
        request,
        form,
        actions.confirm_cash_count,
        found,
        heading=_("Confirm the count"),
        pretitle=str(found),
        template="core/confirm.html",
        facts=[
            {"label": method, "value": f"{counted} / {expected}"}
            for method, expected, counted, _rest in found.by_method
        ],
        done=_("Confirmed."),
    )
