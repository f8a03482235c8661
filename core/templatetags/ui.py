"""What the pages write the same way everywhere: plates, money, times, marks and icons."""

import re
import uuid
from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Any

from django import template
from django.forms import BaseForm
from django.http import QueryDict
from django.template.context import Context
from django.templatetags.static import static
from django.utils import timezone
from django.utils.dateformat import format as format_date
from django.utils.html import format_html, strip_tags
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

register = template.Library()

NOTHING = "–"
TONES = {"success": "green", "warning": "orange", "error": "red", "danger": "red", "info": "blue", "debug": "secondary"}
TONE_ICONS = {
    "green": "circle-check",
    "orange": "alert-triangle",
    "yellow": "alert-triangle",
    "red": "alert-triangle",
    "blue": "info-circle",
}
PLATE = re.compile(r"([\u4e00-\u9fff])([A-Z])([A-Z0-9]{5,6}|[A-Z0-9]{4}[\u4e00-\u9fff])")
_PLATE_WITHIN = re.compile(rf"(?<!\w){PLATE.pattern}(?![A-Z0-9\u4e00-\u9fff])")
PLACES_IN_A_LIST = ("after", "before", "cursor", "page")


@register.simple_tag
def icon(name: str, css: str = "") -> SafeString:
    """One line icon from the sprite, silent for screen readers."""
    return format_html(
        '<svg class="icon{}{}" aria-hidden="true" focusable="false"><use href="{}#{}"/></svg>',
        " " if css else "",
        css,
        static("vendor/icons/tabler-sprite.svg"),
        name,
    )


@register.filter
def tone(level: str) -> str:
    """The colour of a message's level (success, warning, error, info) or of a tone that is one already."""
    for word in str(level).split():
        if word in TONES:
            return TONES[word]
    return str(level) or "blue"


@register.filter
def tone_icon(value: str) -> str:
    """The icon that goes with a tone."""
    return TONE_ICONS.get(tone(value), "info-circle")


@register.simple_tag
def badge(tone: str, text: Any, css: str = "") -> SafeString:
    """A short state in colour, with its word, never colour alone."""
    return format_html('<span class="badge bg-{}-lt{}{}">{}</span>', tone, " " if css else "", css, text)


@register.simple_tag
def dot(tone: str, text: Any) -> SafeString:
    """A quieter state for table cells: a coloured dot and the word."""
    return format_html('<span class="app-dot tone-{}"><i></i>{}</span>', tone, text)


@register.simple_tag(takes_context=True)
def form_token(context: Context) -> SafeString:
    """The key of this form's one request; a form sent back with errors keeps it."""
    request = context.get("request")
    posted = request.POST.get("form_token", "") if request is not None and request.method == "POST" else ""
    return format_html('<input type="hidden" name="form_token" value="{}">', posted or uuid.uuid4())


@register.simple_tag(takes_context=True)
def query(context: Context, **changes: Any) -> str:
    """This page's address with one part of its question changed or, with None, taken out; lists start at the top."""
    request = context.get("request")
    params = request.GET.copy() if request is not None else QueryDict(mutable=True)
    for place in PLACES_IN_A_LIST:
        params.pop(place, None)
    for name, value in changes.items():
        if value is None or value == "":
            params.pop(name, None)
        else:
            params[name] = str(value)
    return f"?{params.urlencode()}"


@register.simple_tag
def first_places(nav: Iterable[Mapping[str, Any]] | None, count: int) -> list[Any]:
    """The first few pages of the navigation, for the bar under the thumb."""
    places = [item for group in nav or [] for item in group["items"]]
    return places[:count]


@register.simple_tag
def form_mistakes(form: BaseForm) -> list[dict[str, str]]:
    """Each mistake of a form once: the field's name, where it is, and what is wrong."""
    found = [{"label": "", "id": "", "text": str(text)} for text in form.non_field_errors()]
    for bound in form:
        for text in bound.errors:
            place = "" if bound.is_hidden else (bound.id_for_label or bound.auto_id)
            # a label that asks ("What happened?") is followed by a colon here
            found.append({"label": str(bound.label).rstrip("?？ "), "id": place, "text": str(text)})
    return found


def _shown(value: Any) -> Any:
    return NOTHING if value is None else value


@register.simple_tag
def chart_rows(chart: Mapping[str, Any]) -> dict[str, Any]:
    """A chart as a table, for those who cannot see it: its head and its rows with their links."""
    urls = list(chart.get("urls") or [])
    if "items" in chart:
        rows = [
            {"label": item[0], "values": [_shown(item[1])], "url": item[2] if len(item) > 2 else ""}
            for item in chart["items"]
        ]
        return {"head": [chart.get("unit") or _("Number")], "rows": rows}
    series = list(chart.get("series") or [])
    if chart.get("line"):
        series.append(chart["line"])
    if not series and "data" in chart:
        series = [{"name": chart.get("unit") or _("Number"), "data": chart["data"]}]
    labels = list(chart.get("labels") or range(1, 1 + max((len(one["data"]) for one in series), default=0)))
    rows = [
        {
            "label": label,
            "values": [_shown(one["data"][place]) if place < len(one["data"]) else NOTHING for one in series],
            "url": urls[place] if place < len(urls) else "",
        }
        for place, label in enumerate(labels)
    ]
    return {"head": [one["name"] for one in series], "rows": rows}


@register.filter
def money(value: Any) -> str:
    """An amount in yuan with two places; nothing known is a dash, never a zero."""
    if value is None or value == "":
        return NOTHING
    try:
        amount = Decimal(str(value)).quantize(Decimal("0.01"), ROUND_HALF_UP)
    except InvalidOperation:
        return str(value)
    return f"{'−' if amount < 0 else ''}¥ {abs(amount):,.2f}"


@register.filter
def quantity(value: Any) -> str:
    """A number of pieces or hours without empty places: 0.8 and 2, never 0.80 or 2.00."""
    return NOTHING if value is None or value == "" else f"{Decimal(str(value)).normalize():f}"


@register.filter
def percent(ratio: Any, places: int = 1) -> str:
    """A share of one as percent (0.913 is 91.3%); an empty denominator is a dash."""
    if ratio is None or ratio == "":
        return NOTHING
    step = Decimal(1).scaleb(-int(places))
    return f"{(Decimal(str(ratio)) * 100).quantize(step, ROUND_HALF_UP)}%"


@register.filter
def plate(value: str | None) -> str:
    """A number plate as it stands on the car, 沪A·D03918; odd plates stay as they are."""
    if not value:
        return NOTHING
    found = PLATE.fullmatch(re.sub(r"[\s·•.\-]", "", str(value)).upper())
    return f"{found[1]}{found[2]}·{found[3]}" if found else str(value)


@register.filter
def plates(text: str) -> str:
    """Words in which number plates stand, each as it stands on the car."""
    return _PLATE_WITHIN.sub(lambda found: plate(found[0]), str(text))


@register.filter
def when(value: date | datetime | None) -> str:
    """A moment as people say it: today 14:30, 23 Nov 14:30, with the year only where it is another one."""
    if value is None or value == "":
        return NOTHING
    today = timezone.localdate()
    if isinstance(value, datetime):
        moment = timezone.localtime(value) if timezone.is_aware(value) else value
        day, clock = moment.date(), moment.strftime("%H:%M")
    else:
        day, clock = value, ""
    away = (day - today).days
    if away == 0:
        said = _("today")
    elif away == -1:
        said = _("yesterday")
    elif away == 1:
        said = _("tomorrow")
    elif day.year == today.year:
        # Translators: a date format of Django, day and month; Chinese: n月j日
        said = format_date(day, _("j M"))
    else:
        # Translators: a date format of Django with the year; Chinese: Y年n月j日
        said = format_date(day, _("j M Y"))
    return f"{said} {clock}".strip()


@register.filter
def minutes(value: Any) -> str:
    """A length of time in hours and minutes, from minutes or from a length of time."""
    if value is None or value == "":
        return NOTHING
    total = round(value.total_seconds() / 60) if isinstance(value, timedelta) else round(float(value))
    sign, (hours, rest) = "−" if total < 0 else "", divmod(abs(total), 60)
    if not hours:
        return sign + _("%(minutes)s min") % {"minutes": rest}
    if not rest:
        return sign + _("%(hours)s h") % {"hours": hours}
    return sign + _("%(hours)s h %(minutes)s min") % {"hours": hours, "minutes": rest}


_BROWSERS = {
    "MicroMessenger": "WeChat",
    "Edg": "Edge",
    "Firefox": "Firefox",
    "Chrome": "Chrome",
    "CriOS": "Chrome",
    "Safari": "Safari",
}
_SYSTEMS = {
    "HarmonyOS": "HarmonyOS",
    "iPhone": "iPhone",
    "iPad": "iPad",
    "Android": "Android",
    "Windows": "Windows",
    "Mac OS": "Mac",
    "Linux": "Linux",
}


@register.filter
def device(user_agent: str) -> str:
    """A browser and the system it runs on, as people know them: Chrome · Windows."""
    found = [next((name for sign, name in signs.items() if sign in user_agent), "") for signs in (_BROWSERS, _SYSTEMS)]
    return " · ".join(filter(None, found)) or _("Another browser")


@register.filter
def says_nothing(cell: Any) -> bool:
    """Whether a cell holds only the sign for nothing; a card on a phone leaves such a line out."""
    return str(cell).strip() in {"", NOTHING} or strip_tags(str(cell)).strip() == NOTHING


@register.filter
def km(value: Any) -> str:
    """A mileage with its thousands told apart: 68,300 km."""
    return NOTHING if value is None or value == "" else f"{value:,} km"


@register.filter
def km_range(since: int | None, until: int | None) -> str:
    """From which mileage up to which something holds; an open end is said in a word, not left as a gap."""
    if since and until is not None:
        return f"{since:,} – {until:,} km"
    if until is not None:
        return _("up to %(km)s km") % {"km": f"{until:,}"}
    return _("from %(km)s km") % {"km": f"{since:,}"} if since else NOTHING


@register.filter
def mask_phone(value: str | None) -> str:
    """A phone number with its middle hidden, as much as tells two customers apart: so in every list and beside a car.

    In full it stands on the customer's own page and where somebody has to dial or to type it.
    """
    digits = re.sub(r"^(?:0086|86)(?=1\d{10}$)", "", re.sub(r"\D", "", value or ""))
    if not digits:
        return NOTHING
    if len(digits) < 8:
        return "•••• " + digits[-2:]
    return f"{digits[:3]} •••• {digits[-4:]}"


@register.filter
def mask_vin(value: str | None) -> str:
    """A VIN with its middle hidden: maker and model to the left, the last four to the right."""
    if not value:
        return NOTHING
    return f"{value[:8]}•••••{value[-4:]}" if len(value) >= 13 else value
