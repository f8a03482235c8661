"""Pages of what is still owed: ageing, refusals, credit, write-offs, reminders."""

from typing import Any

from django.db.models import Sum
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from core.lists import spreadsheet
from core.notices import asked_said
from core.templatetags.ui import money
from core.web import HouseRequest, door, verb_page
from finance import actions
from finance.actions.requests import requests_of
from finance.filters import ReceivableFilter
from finance.forms import AskWriteOffForm, DunForm, LetGoForm, RefusePaymentForm, ReleaseForm, WriteOffForm
from finance.models import Age, CreditAgreement, Settlement
from finance.tables import ReceivableTable

MOST = 500


def _settlement(request: HouseRequest, pk: int) -> Settlement:
    return get_object_or_404(Settlement.objects.visible_to(request.actor).with_names(), pk=pk)


def _head(found: Settlement) -> str:
    return f"{found} · {found.payer_name} · {money(found.due)}"


@door("finance.see_settlements", methods=("GET",))
def receivables(request: HouseRequest) -> HttpResponse:
    """Who owes how much, by how long it is overdue; a payer's settlements open from here (F-29)."""
    chosen = ReceivableFilter(request.GET, queryset=Settlement.objects.visible_to(request.actor), request=request)
    rows: list[dict[str, Any]] = list(chosen.qs.by_payer(localdate()).order_by("-total", "payer", "party", "customer"))
    for one in rows:
        one["name"] = one["party__name"] or one["customer__name"] or _("Without a name")
        one["url"] = _drill(request, one)
    sums = {name: sum(one[name] for one in rows) for name in ("total", *Age.values)}
    kind = request.GET.get("export", "")
    if kind in {"csv", "xlsx"}:
        head, *told = ReceivableTable(rows, request=request).as_values()
        return spreadsheet("receivables", kind, list(map(str, head)), (list(one) for one in told))
    accounts = CreditAgreement.objects.visible_to(request.actor).filter(balance__gt=0)
    context = {
        "heading": _("Receivables"),
        "filter": chosen,
        "filtered": any(value for name, value in request.GET.items() if name in chosen.form.fields),
        "table": ReceivableTable(rows[:MOST], request=request),
        "is_cut": len(rows) > MOST,
        "sums": [{"label": label, "value": sums[age], "url": _of_age(age)} for age, label in Age.choices],
        "total": sums["total"],
        "accounts": accounts.aggregate(sum=Sum("balance"))["sum"],
        "exports": _exports(request),
    }
    return render(request, "finance/receivables.html", context)


def _drill(request: HouseRequest, one: dict[str, Any]) -> str:
    """The settlements behind a row."""
    whose = f"party={one['party']}" if one["party"] else f"customer={one['customer'] or ''}"
    store = request.GET.get("store", "")
    more = f"&store={store}" if store.isdecimal() else ""
    return f"{reverse('settlements')}?tab=open&payer={one['payer']}&{whose}{more}"


def _of_age(age: str) -> str:
    return f"{reverse('settlements')}?tab=open&age={age}"


def _exports(request: HouseRequest) -> list[dict[str, str]]:
    query = request.GET.copy()
    found = []
    for kind, label in (("xlsx", "Excel"), ("csv", "CSV")):
        query["export"] = kind
        found.append({"label": label, "url": f"?{query.urlencode()}"})
    return found


@door("finance.refuse_payment")
def refuse_payment(request: HouseRequest, pk: int) -> HttpResponse:
    """The customer refuses to pay: a manager decides what becomes of it."""
    found = _settlement(request, pk)
    form = RefusePaymentForm(request.POST or None, by=request.actor)
    return verb_page(
        request,
        form,
        actions.refuse_payment,
        found,
        heading=_("The customer refuses to pay"),
        pretitle=_head(found),
        text=_("A manager is asked to decide: let the car go on credit, write something off, or insist on payment."),
        submit=_("Ask the manager"),
        done=lambda one: asked_said(requests_of(one).open().first()),
    )


@door("finance.release")
def release(request: HouseRequest, pk: int) -> HttpResponse:
    """Let the car go on credit, with the reason and a day by which it is paid."""
    found = _settlement(request, pk)
    known = {"reason": found.refusal_reason}
    form = ReleaseForm(request.POST or None, by=request.actor, initial=known)
    return verb_page(
        request,
        form,
        actions.release,
        found,
        heading=_("Let go on credit"),
        pretitle=_head(found),
        text=_("The gate opens; the claim stays and is due on that day."),
        done=_("The gate is free."),
    )


@door("finance.refuse_payment")
def let_go(request: HouseRequest, pk: int) -> HttpResponse:
    """Let the car go on the credit that a manager granted."""
    found = _settlement(request, pk)
    form = LetGoForm(request.POST or None, by=request.actor)
    return verb_page(
        request,
        form,
        actions.let_go,
        found,
        heading=_("Let go on credit"),
        pretitle=_head(found),
        text=_("A manager has granted credit. The gate opens; the claim stays and is due on that day."),
        done=_("The gate is free."),
    )


@door("finance.write_off")
def write_off(request: HouseRequest, pk: int) -> HttpResponse:
    """Write a claim off, all of it or a part."""
    found = _settlement(request, pk)
    form = WriteOffForm(request.POST or None, by=request.actor, initial={"amount": found.due})
    return verb_page(
        request,
        form,
        actions.write_off,
        found,
        heading=_("Write off"),
        pretitle=_head(found),
        template="finance/write_off.html",
        danger=True,
        done=_("Written off."),
    )


@door("finance.write_off")
def ask_write_off(request: HouseRequest, pk: int) -> HttpResponse:
    """Ask for a write-off that is beyond one's own authority."""
    found = _settlement(request, pk)
    form = AskWriteOffForm(request.POST or None, by=request.actor, initial={"amount": found.due})
    return verb_page(
        request,
        form,
        actions.ask_write_off,
        found,
        heading=_("Ask for a write-off"),
        pretitle=_head(found),
        target=found,
        done=asked_said,
    )


@door("finance.dun")
def dun(request: HouseRequest, pk: int) -> HttpResponse:
    """Remind a payer of what is due, and note what they promised."""
    found = _settlement(request, pk)
    form = DunForm(request.POST or None, by=request.actor)
    return verb_page(
        request,
        form,
        actions.dun,
        found,
        heading=_("Remind the payer"),
        pretitle=_head(found),
        done=_("The reminder is noted."),
    )
