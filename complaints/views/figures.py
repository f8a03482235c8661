"""The figures of complaints: what came in, by what, how it ended, how long it took, what it cost (K-04, K-14)."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count
from django.http import HttpResponse
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from complaints import figures
from complaints.figures import DEFINITIONS, OWN, UNKNOWN, loaded_of
from complaints.forms.figures import CaseFiguresForm
from complaints.models import STAGES, Complaint, Opinion, ProblemClass, may_see_costs
from core.figures import Totals, month_end
from core.forms.ranges import presets, span_before
from core.lists import spreadsheet
from core.models import Store, TouchedDay
from core.templatetags.ui import NOTHING, money, percent
from core.web import HouseRequest, door, page

MOST = 15  # columns of a Pareto chart; the rest stands together in the last one
TONES = {Opinion.Tone.GOOD: "green", Opinion.Tone.NEUTRAL: "gray", Opinion.Tone.BAD: "red"}
Item = tuple[str, int, str]  # what, how many, the list of the very rows


class Look:
    """What one look at the figures reads: which stores and days, and the links down from it."""

    def __init__(self, request: HouseRequest, form: CaseFiguresForm) -> None:
        given = form.cleaned_data if form.is_valid() else {}
        self.first, self.last = form.span()
        self.store: Store | None = given.get("store")
        self.brand, self.letter = given.get("brand") or "", given.get("letter") or ""
        mine = Store.objects.for_verb(request.actor, form.VERB).order_by("code")
        self.stores = [self.store] if self.store else list(mine)
        self.before_span = span_before(self.first, self.last)
        self.read = figures.read(self.stores, self.first, self.last, self.before_span)
        self.now, self.before = self.read.now, self.read.before
        self.sees_costs = bool(self.stores) and all(may_see_costs(request.actor, one) for one in self.stores)
        self.classes = {one.letter: one.name_zh for one in ProblemClass.objects.all()}

    def link(self, counted: str, by: str = "received", first: Any = None, last: Any = None, **more: Any) -> str:
        """The list of the very cases behind a number of these days."""
        asked = {"tab": "all", "counted": counted, f"{by}_from": first or self.first, f"{by}_to": last or self.last}
        asked = {key: value for key, value in (asked | more).items() if value not in ("", None)}
        if self.store:
            asked["store"] = self.store.pk
        return f"{reverse('complaints')}?{urlencode(asked)}"

    def here(self, **changes: Any) -> str:
        """This page with another part looked into."""
        asked: dict[str, Any] = {"from": self.first, "to": self.last, "brand": self.brand, "letter": self.letter}
        asked |= {"store": self.store.pk if self.store else "", **changes}
        return f"?{urlencode({key: value for key, value in asked.items() if value})}"

    def months(self) -> list[tuple[str, date, date, Totals]]:
        """Every month of the span: its name, its days within the span, its figures."""
        found, start = [], self.first
        while start <= self.last:
            end = min(month_end(start.replace(day=1)), self.last)
            sums = self.read.months.get(start.replace(day=1), Totals({}))
            found.append((f"{start:%Y-%m}", start, end, sums))
            start = end + timedelta(days=1)
        return found


# Cards


def _change(now: Decimal | None, before: Decimal | None, *, is_rate: bool = False) -> dict[str, Any]:
    """How a number stands against the same span before; fewer complaints, days and costs are better."""
    if now is None or before is None or not (before or is_rate):
        return {}
    gap = now - before if is_rate else (now - before) / abs(before)
    sign = "+" if gap > 0 else "−" if gap < 0 else "±"
    # Translators: percentage points, after a number
    points = _("%(points)s pts") % {"points": f"{sign}{abs(gap * 100):.1f}"}
    said = points if is_rate else f"{sign}{percent(abs(gap))}"
    return {"delta": said, "trend": "down" if gap < 0 else "up", "good": gap >= 0 if is_rate else gap <= 0}


def rate_of(sums: Totals) -> Decimal | None:
    """Complaints for every thousand visits of cars."""
    visits = sums.amount("visits")
    return sums.amount(OWN) / visits * 1000 if visits else None


def _hint(one: tuple[Decimal, Decimal]) -> str:
    return _("%(part)s of %(whole)s") % {"part": f"{one[0]:,.0f}", "whole": f"{one[1]:,.0f}"}


def _number(value: Decimal | None, places: int = 1) -> str:
    return NOTHING if value is None else f"{value:,.{places}f}"


def _cards(look: Look) -> list[dict[str, Any]]:
    now, before = look.now, look.before or Totals({})
    has_before = look.before is not None

    def change(value: Any, code: str, **more: Any) -> dict[str, Any]:
        return _change(value, before.ratio(code), **more) if has_before else {}

    came, loaded, other = now.amount(OWN), loaded_of(now), now.amount("enquiries")
    with_loaded = _("besides %(n)s loaded") % {"n": f"{loaded:,}"} if loaded else ""
    cards = [
        {"label": _("Complaints"), "value": f"{came:,.0f}", "hint": with_loaded, "url": look.link("came")}
        | (_change(came, before.amount(OWN)) if has_before else {}),
        {"label": _("Enquiries and suggestions"), "value": f"{other:,.0f}", "url": look.link("other")},
        {
            "label": _("Complaints in 1,000 visits"),
            "value": _number(rate_of(now)),
            "hint": _("%(n)s visits") % {"n": f"{now.amount('visits'):,.0f}"},
            "url": look.link("came"),
        }
        | (_change(rate_of(now), rate_of(before)) if has_before else {}),
        {
            "label": _("Ended in agreed time"),
            "value": percent(now.ratio("cases_in_time")),
            "hint": _hint(now.pair("cases_in_time")),
            "url": look.link("agreed", "closed"),
        }
        | change(now.ratio("cases_in_time"), "cases_in_time", is_rate=True),
        {
            "label": _("Hand-overs a case"),
            "value": _number(now.ratio("cases_handovers"), 2),
            "hint": _("%(n)s closed") % {"n": f"{now.pair('cases_handovers')[1]:,.0f}"},
            "url": look.link("closed", "closed"),
        }
        | change(now.ratio("cases_handovers"), "cases_handovers"),
        {
            "label": _("Reopened"),
            "value": percent(now.ratio("cases_reopened")),
            "hint": _hint(now.pair("cases_reopened")),
            "url": look.link("reopened", "closed"),
        },
    ]
    if look.sees_costs:
        cost = now.ratio("cases_cost")
        card = {"label": _("Cost a case"), "value": money(cost) if cost is not None else NOTHING}
        card |= {"hint": money(now.amount("cases_cost")), "url": look.link("closed", "closed")}
        cards.append(card | change(cost, "cases_cost"))
    return cards


def _present(look: Look, request: HouseRequest) -> list[dict[str, Any]]:
    """What is being worked on at this moment."""
    rows = Complaint.objects.visible_to(request.actor).filter(store__in=[one.pk for one in look.stores])
    asked = {"tab": "all", "counted": "open"} | ({"store": look.store.pk} if look.store else {})
    counts = figures.counted(rows, "open").order_by().aggregate(n=Count("id"))
    late = figures.counted(rows.late(), "open").count()
    hint = " · ".join([_("At this moment"), _("%(n)s late") % {"n": late}])
    url = f"{reverse('complaints')}?{urlencode(asked)}"
    return [{"label": _("Open complaints"), "value": f"{counts['n']:,}", "hint": hint, "url": url}]


# Charts


def _trend(look: Look) -> dict[str, Any]:
    months = look.months()
    series = [
        {"name": _("Taken in here"), "color": "blue", "data": [int(sums.amount(OWN)) for *_r, sums in months]},
        {"name": _("Loaded"), "color": "light", "data": [loaded_of(sums) for *_r, sums in months]},
    ]
    return {
        "el": "trend",
        "kind": "bars",
        "whole": True,
        "title": _("Complaints by month"),
        "labels": [label for label, *_rest in months],
        "urls": [look.link("every", first=first, last=last) for _label, first, last, _sums in months],
        "series": [one | {"stack": "came"} for one in series if any(one["data"])] or series[:1],
    }


def pareto(el: str, title: str, items: list[Item]) -> dict[str, Any]:
    """Bars from the most to the fewest, with the share that the first ones have of all."""
    total, drawn = sum(n for _label, n, _url in items), items[:MOST]
    if rest := sum(n for _label, n, _url in items[MOST:]):
        drawn = [*drawn, (_("others"), rest, "")]
    shares, so_far = [], 0
    for _label, n, _url in drawn:
        so_far += n
        shares.append(round(100 * so_far / total, 1))
    return {
        "el": el,
        "kind": "bars",
        "whole": True,
        "slant": True,
        "title": title,
        "labels": [label for label, _n, _url in drawn],
        "urls": [url for _label, _n, url in drawn],
        "series": [{"name": _("Complaints"), "color": "blue", "data": [n for _label, n, _url in drawn]}],
        "line": {"name": _("Share so far, %"), "color": "orange", "share": True, "data": shares},
    }


def by_class(look: Look) -> list[Item]:
    """Complaints by the class of their main problem, the most first."""
    found = [(letter, int(n)) for letter, n in look.now.dimensions("cases_by_class").items() if n]
    found.sort(key=lambda one: (-one[1], one[0]))
    names = look.classes | {UNKNOWN: _("no class yet")}
    return [(names.get(key) or key, n, look.link("every", main_class=key)) for key, n in found]


def by_brand(look: Look) -> list[Item]:
    """Complaints by brand, the most first."""
    return [(_named(brand), n, look.link("every", brand=brand)) for brand, n in look.read.brands if n]


def _named(name: str) -> str:
    return _("not known") if name == UNKNOWN else name


def by_series(look: Look) -> list[Item]:
    """Complaints of the chosen brand by series."""
    found = figures.series_of(look.stores, look.first, look.last, look.brand)
    return [(_named(name), n, look.link("every", brand=look.brand, series=name)) for name, n in found]


def by_problem(look: Look) -> list[Item]:
    """Complaints of the chosen class by their main problem."""
    found = figures.problems_of(look.stores, look.first, look.last, look.letter)
    return [(f"{code} {name}", n, look.link("every", main_problem=pk)) for pk, code, name, n in found]


def by_result(look: Look) -> list[Item]:
    """How complaints ended, each end apart."""
    counts = look.now.dimensions("cases_ended")
    results = [(one, int(counts.get(one.value, 0))) for one in Complaint.Result]
    return [(str(one.label), n, look.link("closed", "closed", result=one.value)) for one, n in results if n]


def by_stage(look: Look) -> list[tuple[str, Decimal, int, str]]:
    """Opening hours that a stage took: its name, hours on average, how many, the cases."""
    found = []
    for stage in STAGES:
        hours, n = look.now.amount("case_hours", stage.value), look.now.weight("case_hours", stage.value)
        if n:
            found.append((str(stage.label), hours / n, int(n), look.link("closed", "closed", stage=stage.value)))
    return found


def by_tone(look: Look) -> list[tuple[str, dict[int, int]]]:
    """What loaded suggestions say of each topic, in which tone."""
    return list(figures.tones_of(look.stores, look.first, look.last).items())


def _tones(look: Look, found: list[tuple[str, dict[int, int]]]) -> dict[str, Any]:
    return {
        "el": "tones",
        "kind": "hbar",
        "whole": True,
        "size": "lg",
        "title": _("What suggestions say, by topic"),
        "labels": [topic for topic, _n in found[:MOST]],
        "urls": [look.link("", topic=topic) for topic, _n in found[:MOST]],
        "series": [
            {
                "name": str(tone.label),
                "stack": "tone",
                "color": color,
                "data": [n.get(tone, 0) for _t, n in found[:MOST]],
            }
            for tone, color in TONES.items()
        ],
    }


def _charts(look: Look) -> dict[str, dict[str, Any]]:
    found = {"trend": _trend(look)}
    if items := by_class(look):
        found["classes"] = pareto("classes", _("Complaints by class of problem"), items)
    if look.letter and (items := by_problem(look)):
        name = look.classes.get(look.letter, look.letter)
        found["problems"] = pareto("problems", _("Problems of the class “%(name)s”") % {"name": name}, items)
    if items := by_brand(look):
        found["brands"] = pareto("brands", _("Complaints by brand"), items)
    if look.brand and (items := by_series(look)):
        found["series"] = pareto("series", _("Series of %(name)s") % {"name": _named(look.brand)}, items)
    if items := by_result(look):
        ended = [[label, n, url] for label, n, url in items]
        found["ended"] = {"el": "ended", "kind": "donut", "title": _("How complaints ended"), "items": ended}
    if stages := by_stage(look):
        hours = [[label, float(round(mean, 1)), url] for label, mean, _n, url in stages]
        found["stages"] = {"el": "stages", "kind": "hbar", "title": _("Opening hours a stage"), "items": hours}
        found["stages"] |= {"unit": _("hours")}
    if tones := by_tone(look):
        found["tones"] = _tones(look, tones)
    return found


# The page, and the same as a spreadsheet


def _rows(look: Look) -> list[list[Any]]:
    cards = [[_("Figure"), card["label"], card["value"], card.get("hint", "")] for card in _cards(look)]
    months = [[_("Month"), label, int(sums.amount(OWN)), loaded_of(sums)] for label, _f, _l, sums in look.months()]
    parts = [(_("Class of problem"), by_class(look)), (_("Brand"), by_brand(look)), (_("Result"), by_result(look))]
    if look.letter:
        parts.append((_("Problem"), by_problem(look)))
    if look.brand:
        parts.append((_("Series"), by_series(look)))
    split = [[part, label, n, ""] for part, items in parts for label, n, _url in items]
    stages = [[_("Opening hours a stage"), label, round(hours, 1), n] for label, hours, n, _url in by_stage(look)]
    tones = [
        [f"{_('Opinion')} · {Opinion.Tone(tone).label}", topic, n, ""]
        for topic, counts in by_tone(look)
        for tone, n in sorted(counts.items())
    ]
    return [*cards, *months, *split, *stages, *tones]


def _uncounted(look: Look) -> int:
    rows = TouchedDay.objects.filter(store__in=[s.pk for s in look.stores], day__range=(look.first, look.last))
    return int(rows.aggregate(n=Count("day", distinct=True))["n"])


def _presets(look: Look) -> list[dict[str, Any]]:
    today = localdate()
    found = [*presets(today), ("year", _("This year"), today.replace(month=1, day=1), today)]
    return [
        {
            "label": label,
            "url": look.here(**{"from": first, "to": last}),
            "active": (first, last) == (look.first, look.last),
        }
        for _name, label, first, last in found
    ]


@door("complaints.see_case_figures", methods=("GET",))
def case_figures(request: HouseRequest) -> HttpResponse:
    """The page of figures."""
    form = CaseFiguresForm(request.GET, by=request.actor)
    look = Look(request, form)
    kind = request.GET.get("export", "")
    if kind in {"xlsx", "csv"}:
        head = [_("Figure"), _("What"), _("Value"), _("Loaded, number or remark")]
        return spreadsheet(f"complaints-{look.first}-{look.last}", kind, head, _rows(look))
    charts = _charts(look)
    context = {
        "range": form,
        "look": look,
        "presets": _presets(look),
        "cards": [*_cards(look), *_present(look, request)],
        "charts": charts,
        "chart_data": {"charts": list(charts.values())},
        "letters": [(letter, look.classes[letter]) for letter in sorted(look.classes)],
        "brands": [brand for brand, _n in look.read.brands[:100]],
        "uncounted": _uncounted(look),
        "exports": [
            {"label": label, "url": look.here(export=key)} for key, label in (("xlsx", "Excel"), ("csv", "CSV"))
        ],
        "definitions": DEFINITIONS,
    }
    return page(request, "complaints/figures.html", context)
