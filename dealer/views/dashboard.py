"""The dashboard: what stands in the house now, what a span of days brought, and the way down to the very rows."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, Max, Min
from django.http import HttpResponse
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.actor import Actor
from core.figures import Totals, by_day, totals
from core.models import Figure, Store, TouchedDay
from core.templatetags.ui import NOTHING, percent
from core.web import HouseRequest, door, page
from customers.models import Call
from dealer.figures import DEFINITIONS, SPLIT, by_kind
from dealer.forms import RangeForm, presets, span_before
from dealer.models import MonthlyReport
from finance.figures import receivables
from finance.models import Settlement
from service.figures import in_store, to_settle
from service.models import Line, Order, Visit
from service.tables import ORDER_TONES

SHORT = 7
DAILY = 62  # a span up to two months is drawn by day, a longer one by month
SPLIT_COLORS = {"labour": "blue", "part": "light", "other": "gray"}
KIND_COLORS = {
    Visit.Kind.ACCIDENT: "orange",
    Visit.Kind.RECALL: "purple",
    Visit.Kind.WARRANTY: "cyan",
    Visit.Kind.COMEBACK: "red",
    Visit.Kind.FIRST: "green",
    Visit.Kind.MAINTENANCE: "blue",
    Visit.Kind.REPAIR: "light",
}


def yuan(amount: Decimal | None) -> str:
    """An amount on a card: whole yuan; the exact one stands on the lists."""
    if amount is None:
        return NOTHING
    whole = amount.quantize(Decimal(1), ROUND_HALF_UP)
    return f"{'−' if whole < 0 else ''}¥ {abs(whole):,}"


class Look:
    """What one look at the dashboard reads: who asks, which days, which store; and the links down from it."""

    def __init__(self, request: HouseRequest, form: RangeForm) -> None:
        self.actor: Actor = request.actor
        self.first, self.last = form.span()
        self.store: Store | None = form.cleaned_data.get("store") if form.is_valid() else None
        rows = self.of_store(Figure.objects.visible_to(self.actor))
        # one or two columns are no curve: a short span is drawn with the days before it
        short = (self.last - self.first).days + 1 < SHORT
        self.drawn_from = self.last - timedelta(days=2 * SHORT - 1) if short else self.first
        self.days = by_day(rows.filter(day__range=(self.drawn_from, self.last)))
        self.now = totals(rows.filter(day__range=(self.first, self.last)))
        self.before_span = span_before(self.first, self.last)
        # a span that began before the first figure is no measure for this one
        oldest = rows.aggregate(oldest=Min("day"))["oldest"]
        self.compares = oldest is not None and oldest <= self.before_span[0]
        self.before = totals(rows.filter(day__range=self.before_span)) if self.compares else Totals({})
        stores = self.of_store(Store.objects.for_verb(self.actor, "dealer.see_dashboard"))
        days = stores.aggregate(n=Max("follow_up_days"))["n"] or 0
        # of later days the calls are not due yet: their rates would look like a collapse
        self.calls_over = localdate() - timedelta(days=days + 1)
        self.late_url = self.link("orders", "service.see_orders", tab="late")

    def of_store(self, rows: Any) -> Any:
        """Of the chosen store, or of all that this reader may see."""
        if not self.store:
            return rows
        return rows.filter(pk=self.store.pk) if rows.model is Store else rows.filter(store=self.store)

    def link(self, name: str, verb: str, **asked: Any) -> str:
        """The list with the very rows, if this reader may open it."""
        if not self.actor.may(verb):
            return ""
        given = {key: value for key, value in asked.items() if value}
        if self.store:
            given["store"] = self.store.pk
        return f"{reverse(name)}?{urlencode(given)}"

    def visits(self, counted: str, by: str = "arrived", first: Any = None, last: Any = None, **more: Any) -> str:
        """The visits behind a figure of these days."""
        days = {f"{by}_from": first or self.first, f"{by}_to": last or self.last}
        return self.link("visits", "service.see_visits", tab="all", counted=counted, **days, **more)

    def settled(self, first: Any = None, last: Any = None) -> str:
        """The settlement lists behind the revenue of these days."""
        days = {"settled_from": first or self.first, "settled_to": last or self.last}
        return self.link("settlements", "finance.see_settlements", tab="all", status="standing", **days)

    def calls(self, counted: str) -> str:
        """The calls behind a figure of these days."""
        days = {"left_from": self.first, "left_to": self.last}
        return self.link("calls", "customers.see_calls", tab="all", counted=counted, **days)

    def columns(self) -> list[tuple[str, date, date]]:
        """The columns of a chart: every day of the span, or every month of a long one."""
        if (self.last - self.drawn_from).days < DAILY:
            days = [self.drawn_from + timedelta(days=n) for n in range((self.last - self.drawn_from).days + 1)]
            return [(f"{day:%m-%d}", day, day) for day in days]
        found, start = [], self.first
        while start <= self.last:
            end = min((start.replace(day=1) + timedelta(days=31)).replace(day=1) - timedelta(days=1), self.last)
            found.append((f"{start:%Y-%m}", start, end))
            start = end + timedelta(days=1)
        return found

    def sums(self, first: date, last: date) -> list[Totals]:
        """The totals of the days of one column."""
        return [one for day, one in self.days.items() if first <= day <= last]


# Cards


def _change(now: Decimal | None, before: Decimal | None) -> dict[str, Any]:
    """How a number stands against the same span before; nothing to compare with says nothing."""
    if now is None or not before:
        return {}
    share = (now - before) / abs(before)
    sign = "+" if share > 0 else "−" if share < 0 else "±"
    return {
        "delta": f"{sign}{percent(abs(share))}",
        "trend": "down" if share < 0 else "up",
        "good": share >= 0,
    }


def _points(now: Decimal | None, before: Decimal | None) -> dict[str, Any]:
    """The same for a rate, in percentage points."""
    if now is None or before is None:
        return {}
    gap = now - before
    # Translators: percentage points, after a number
    words = _("%(points)s pts") % {"points": f"{'+' if gap >= 0 else '−'}{abs(gap * 100):.1f}"}
    return {"delta": words, "trend": "down" if gap < 0 else "up", "good": gap >= 0}


def _present(look: Look) -> list[dict[str, Any]]:
    """What stands in the house at this moment, whatever span was chosen."""
    cards = []
    actor, today = look.actor, localdate()
    if actor.may("service.see_visits"):
        cars = look.of_store(Visit.objects.visible_to(actor))
        late, waiting = cars.late().count(), cars.waiting().count()
        wait = ngettext("%(n)s customer waits", "%(n)s customers wait", waiting) % {"n": waiting}
        hint = " · ".join([_("%(n)s late") % {"n": late}, wait])
        url = look.link("visits", "service.see_visits", tab="in")
        cards.append({"label": _("Cars in the store"), "value": in_store(cars), "hint": hint, "url": url})
    if actor.may("service.see_orders"):
        orders = look.of_store(Order.objects.visible_to(actor))
        url = look.link("orders", "service.see_orders", tab="to_settle")
        cards.append({"label": _("To settle"), "value": to_settle(orders), "hint": _("cars ready"), "url": url})
    if actor.may("finance.see_settlements"):
        due = receivables(look.of_store(Settlement.objects.visible_to(actor)))
        own = due.get("customer", Decimal(0))
        hint = _("of it customers %(amount)s") % {"amount": yuan(own)}
        url = look.link("settlements", "finance.see_settlements", tab="all", status="to_pay")
        total = sum(due.values(), Decimal(0))
        cards.append({"label": _("Receivables"), "value": yuan(total), "hint": hint, "url": url})
    if actor.may("customers.see_calls"):
        calls = look.of_store(Call.objects.visible_to(actor)).open().filter(is_held=False, due_on__lte=today)
        late = calls.filter(due_on__lt=today).count()
        hint = _("%(n)s late") % {"n": late}
        url = look.link("calls", "customers.see_calls", tab="open", due_to=today)
        cards.append({"label": _("Calls due today"), "value": calls.count(), "hint": hint, "url": url})
    return cards


def _over_the_span(look: Look) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """What the chosen days brought, against the same span before; with the small curves on the cards."""
    columns = [look.sums(first, last) for _label, first, last in look.columns()]
    charts = []
    if len(columns) > 1 and look.days:
        charts = [
            _spark("spark-visits", (sum(one.amount("visits") for one in c) for c in columns)),
            _spark("spark-revenue", (sum(one.amount("revenue") for one in c) for c in columns)),
        ]
    cards = [*_work_cards(look), *_care_cards(look)]
    for card, chart in zip(cards, charts, strict=False):
        card["el"] = chart["el"]
    return cards, charts


def _spark(el: str, values: Iterable[Any]) -> dict[str, Any]:
    return {"el": el, "kind": "spark", "data": [float(one) for one in values]}


def _work_cards(look: Look) -> list[dict[str, Any]]:
    now, before = look.now, look.before
    cars, revenue = now.amount("visits"), now.amount("revenue")
    net, orders = now.pair("order_value")
    profit = now.amount("revenue_net") - now.amount("cost")
    margin = percent(profit / now.amount("revenue_net") if now.amount("revenue_net") else None)
    comebacks = _("of it comebacks: %(n)s") % {"n": int(now.amount("visits", "comeback"))}
    by_order = _("net %(net)s ÷ %(orders)s orders") % {"net": yuan(net), "orders": int(orders)}
    return [
        {"label": _("Cars in"), "value": f"{int(cars):,}", "hint": comebacks, "url": look.visits("visits")}
        | _change(cars, before.amount("visits")),
        {"label": _("Revenue"), "value": yuan(revenue), "hint": _("tax included"), "url": look.settled()}
        | _change(revenue, before.amount("revenue")),
        {"label": _("Average order value"), "value": yuan(now.ratio("order_value")), "hint": by_order}
        | {"url": look.settled()}
        | _change(now.ratio("order_value"), before.ratio("order_value")),
        {"label": _("Gross profit"), "value": yuan(profit), "hint": _("%(margin)s of net revenue") % {"margin": margin}}
        | {"url": look.settled()}
        | _change(profit, before.amount("revenue_net") - before.amount("cost")),
    ]


def _care_cards(look: Look) -> list[dict[str, Any]]:
    now, before = look.now, look.before
    kept, ready = now.pair("on_time")
    called, members = now.pair("members_called")
    reached, due = now.pair("calls_reached")
    happy, answered = now.pair("calls_satisfied")
    first = _("%(kept)s of %(ready)s · first promise %(first)s") % {
        "kept": int(kept),
        "ready": int(ready),
        "first": percent(now.ratio("on_time_first")),
    }
    gap = _("%(called)s of %(members)s visits · %(gap)s not called") % {
        "called": int(called),
        "members": int(members),
        "gap": int(members - called),
    }
    told = [_("%(n)s of %(all)s answers") % {"n": int(happy), "all": int(answered)}]
    if now.pair("rating")[1]:
        told.append(_("rating %(rating)s of 5") % {"rating": f"{now.ratio('rating'):.2f}"})
    rows: list[tuple[str, str, str, str]] = [
        (_("On time"), "on_time", first, look.visits("ready", "ready")),
        (_("Member coverage"), "members_called", gap, look.visits("members", "left")),
        (
            _("Customers reached"),
            "calls_reached",
            _("%(reached)s of %(due)s calls") % {"reached": int(reached), "due": int(due)},
            look.calls("due"),
        ),
        (_("Satisfied customers"), "calls_satisfied", " · ".join(told), look.calls("answered")),
    ]
    return [
        {"label": label, "value": percent(now.ratio(code)), "hint": hint, "url": url}
        | (_points(now.ratio(code), before.ratio(code)) if code == "on_time" or look.last <= look.calls_over else {})
        for label, code, hint, url in rows
    ]


# Charts


def stacked(columns: Sequence[tuple[str, Mapping[str, Decimal], str]], el: str = "revenue") -> dict[str, Any]:
    """Revenue as stacked bars of labour, parts and the rest, each bar with the way down to its rows."""
    kinds = [kind for kind in SPLIT if kind != "other" or any(split["other"] for _l, split, _u in columns)]
    return {
        "el": el,
        "kind": "bars",
        "title": _("Revenue by settlement date, tax included"),
        "unit": "¥",
        "labels": [label for label, _split, _url in columns],
        "urls": [url for _label, _split, url in columns] if any(url for _l, _s, url in columns) else None,
        "series": [
            {
                "name": str(Line.Kind(kind).label),
                "stack": "revenue",
                "color": SPLIT_COLORS[kind],
                "data": [float(split[kind]) for _label, split, _url in columns],
            }
            for kind in kinds
        ],
    }


def ring(kinds: Mapping[str, Any], links: Mapping[str, str]) -> dict[str, Any]:
    """Visits by kind as a ring, each piece with the way down to its rows."""
    order = list(Visit.Kind.values)
    found = sorted(kinds.items(), key=lambda one: (-int(one[1]), order.index(one[0])))
    return {
        "el": "kinds",
        "kind": "donut",
        "title": _("Cars in by kind"),
        "unit": _("visits"),
        "items": [
            [str(Visit.Kind(kind).label), int(n), links.get(kind, ""), KIND_COLORS.get(kind, "gray")]  # type: ignore[call-overload]
            for kind, n in found
        ],
    }


def _charts(look: Look) -> list[dict[str, Any]]:
    columns = [(label, first, last, look.sums(first, last)) for label, first, last in look.columns()]
    bars = []
    for label, first, last, sums in columns:
        split = dict.fromkeys(SPLIT, Decimal(0))
        for one in sums:
            for kind, amount in by_kind(one, "revenue").items():
                split[kind] += amount
        bars.append((label, split, look.settled(first, last)))
    kinds = look.now.dimensions("visits")

    def rate(sums: list[Totals], code: str) -> float | None:
        part = sum((one.pair(code)[0] for one in sums), Decimal(0))
        whole = sum((one.pair(code)[1] for one in sums), Decimal(0))
        return round(float(part / whole * 100), 1) if whole else None

    return [
        stacked(bars),
        ring(kinds, {kind: look.visits("visits", kind=kind) for kind in kinds}),
        {
            "el": "on-time",
            "kind": "lines",
            "title": _("On time and calls reached"),
            "unit": "%",
            "max": 100,
            "labels": [label for label, *_rest in columns],
            "urls": [look.visits("ready", "ready", first, last) for _label, first, last, _sums in columns],
            "series": [
                {"name": _("On time"), "color": "blue", "data": [rate(sums, "on_time") for *_rest, sums in columns]},
                {
                    "name": _("Customers reached"),
                    "color": "orange",
                    "data": [
                        rate(sums, "calls_reached") if last <= look.calls_over else None for *_r, last, sums in columns
                    ],
                },
            ],
        },
    ]


def report_charts(report: MonthlyReport) -> list[dict[str, Any]]:
    """The charts of a frozen report, drawn from its facts and from nothing else."""
    days = report.facts["days"]
    bars = [
        (one["day"][5:], {kind: Decimal(amount) for kind, amount in one["revenue"].items()}, "")
        for one in days
        if any(Decimal(amount) for amount in one["revenue"].values())
    ]
    return [stacked(bars), ring(report.facts["visits"]["kinds"], {})]


# The page


def _late(look: Look) -> list[Order]:
    """The orders a manager asks about first: promised for earlier than now and not ready."""
    rows = look.of_store(Order.objects.visible_to(look.actor)).late().with_names()
    found = list(rows.order_by("visit__promised_at", "id")[:6])
    for one in found:
        one.tone = ORDER_TONES[one.status]
    return found


def _uncounted(look: Look) -> int:
    stores = Store.objects.for_verb(look.actor, "dealer.see_dashboard")
    rows = look.of_store(TouchedDay.objects.filter(store__in=stores, day__range=(look.first, look.last)))
    return int(rows.aggregate(n=Count("day", distinct=True))["n"])


def _presets(request: HouseRequest, look: Look) -> list[dict[str, Any]]:
    kept = {"store": look.store.pk} if look.store else {}
    found = presets(localdate())
    here = next((name for name, _label, *span in found if span == [look.first, look.last]), "")
    return [
        {
            "label": label,
            "url": f"?{urlencode({'from': first, 'to': last} | kept)}",
            "active": name == here,
        }
        for name, label, first, last in found
    ]


@door("dealer.see_dashboard", methods=("GET",))
def dashboard(request: HouseRequest) -> HttpResponse:
    """The manager's first screen."""
    form = RangeForm(request.GET, by=request.actor)
    look = Look(request, form)
    cards, sparks = _over_the_span(look)
    charts = _charts(look) if look.days else []
    context = {
        "range": form,
        "look": look,
        "presets": _presets(request, look),
        "present": _present(look),
        "cards": cards,
        "charts": charts,
        "chart_data": {"charts": [*charts, *sparks]} if look.days else None,
        "late": _late(look) if request.actor.may("service.see_orders") else [],
        "uncounted": _uncounted(look),
        "definitions": DEFINITIONS.values(),
    }
    return page(request, "dealer/dashboard.html", context)
