"""The wall: why each car is still in the store (为什么还在店)."""

from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote, urlencode

from django.http import HttpResponse
from django.middleware.csrf import get_token
from django.urls import reverse
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.timezone import get_current_timezone, now
from django.utils.translation import gettext as _

from core.templatetags.ui import minutes, plate, when
from core.web import HouseRequest, current_store, door, page
from customers.models import Message
from service.models import Visit
from service.models.wall import Standing, Wait, standings
from service.tables import WAIT_TONES


class Words:
    """The words and times of many rows, each looked up once a page and not three hundred times."""

    def __init__(self, moment: datetime) -> None:
        self.moment, self.zone = moment, get_current_timezone()
        self._days: dict[Any, str] = {}
        self._spans: dict[int, str] = {}

    def when(self, at: datetime | None) -> str:
        """A moment as `when` says it."""
        if at is None:
            return ""
        local = at.astimezone(self.zone)
        if local.date() not in self._days:
            self._days[local.date()] = when(local.date())
        return f"{self._days[local.date()]} {local:%H:%M}"

    def span(self, length: timedelta) -> str:
        """A length of time as `minutes` says it."""
        count = round(length.total_seconds() / 60)
        if count not in self._spans:
            self._spans[count] = minutes(count)
        return self._spans[count]

    def since(self, at: datetime | None) -> str:
        """How long something has lasted."""
        return self.span(self.moment - at) if at else ""


class _Rows:
    """The rows of the wall as HTML; three hundred of them are written in one go, so each label is looked up once."""

    def __init__(self, words: Words, *, may_promise: bool, is_screen: bool, here: str, token: str) -> None:
        self.words, self.may_promise, self.is_screen = words, may_promise, is_screen
        self.back, self.token = quote(here), escape(token)
        self.waits = {wait.value: escape(str(wait.label)) for wait in Wait}
        said: dict[str, Any] = {
            "waits": _("Customer waits"),
            "failed": _("failed the check"),
            "late": _("Late"),
            "red": _("Will not hold"),
            "amber": _("Tight"),
            "expected": _("expected"),
            "unpromised": _("No promise yet"),
            "waited": _("waited"),
            "told": _("Told"),
            "tell": _("Tell"),
            "another": _("Another time"),
        }
        self.said = {name: escape(text) for name, text in said.items()}

    def row(self, car: Standing) -> SafeString:
        """One car."""
        mark = {"late": " is-red", "red": " is-red", "amber": " is-orange"}.get(car.level, "")
        keys = " · ".join(one for one in (car.key_tag, car.parking) if one)
        return mark_safe(
            f'<li class="wall-row{mark}" id="car{car.visit}">'
            f'<a class="wall-car" href="/visits/{car.visit}/"><b class="app-num">{escape(plate(car.plate))}</b>'
            f"<span>{escape(car.title)}</span>"
            + (f'<span class="app-num">{escape(keys)}</span>' if keys else "")
            + f'</a><div class="wall-wait">{self._wait(car)}</div><div class="wall-who">{escape(car.who)}'
            + (f"<span>{escape(car.advisor)}</span>" if car.advisor and car.advisor != car.who else "")
            + f'</div><div class="wall-promise">{self._promise(car)}</div>'
            + ("" if self.is_screen else f'<div class="wall-do">{self._do(car)}</div>')
            + "</li>"
        )

    def _wait(self, car: Standing) -> str:
        since = self.words.since(car.since)
        text = f'<span class="badge bg-{WAIT_TONES[car.wait]}-lt">{self.waits[car.wait]}</span> '
        text += f'<b class="app-num">{escape(since)}</b>'
        if car.waits:
            text += f' <span class="badge bg-orange-lt">{self.said["waits"]}</span>'
        if car.failed:
            text += f' <span class="badge bg-red-lt">{self.said["failed"]}</span>'
        if car.also:
            also = " · ".join(f"{self.waits[one.wait]} {escape(self.words.since(one.since))}" for one in car.also)
            text += f'<span class="wall-also">{also}</span>'
        return text

    def _promise(self, car: Standing) -> str:
        look = "bg-orange-lt" if car.level == "amber" else "bg-red text-white"
        if not car.promised_at:
            # nothing was promised, so nothing is late: what is too long is the wait at the door
            waited = f"{self.said['waited']} {escape(self.words.since(car.arrived_at))}"
            waited = f'<span class="badge {look}">{waited}</span>' if car.level else waited
            return f'<span>{self.said["unpromised"]}</span><span class="app-num">{waited}</span>'
        level = f' <span class="badge {look}">{self.said[car.level]}</span>' if car.level else ""
        text = f'<span class="app-num"><b>{escape(self.words.when(car.promised_at))}</b>{level}</span>'
        if car.expected:
            text += f'<span class="app-num">{self.said["expected"]} {escape(self.words.when(car.expected))}</span>'
        if car.promise_told_at:
            told = escape(self.words.when(car.promise_told_at))
            text += f'<span class="app-num text-green">{self.said["told"]} {told}</span>'
        return text

    def _do(self, car: Standing) -> str:
        """One tap promises the suggested time and tells the customer; the other button is the whole form."""
        if not (self.may_promise and car.level and car.suggested):
            return ""
        at = car.suggested.astimezone(self.words.zone)
        channel = Message.Channel.COUNTER if car.waits else Message.Channel.WECHAT
        address = f"/visits/{car.visit}/promise/?next={self.back}"
        fields = {"csrfmiddlewaretoken": self.token, "promised_at": f"{at:%Y-%m-%dT%H:%M}"}
        fields |= {"delay": car.delay, "channel": channel}
        hidden = "".join(f'<input type="hidden" name="{name}" value="{value}">' for name, value in fields.items())
        return (
            f'<form method="post" action="{address}" hx-post="{address}">{hidden}<button class="btn btn-sm" '
            f'id="tell{car.visit}" data-busy>{self.said["tell"]} <span class="app-num">{self.words.when(at)}</span>'
            f'</button></form><a class="btn btn-sm btn-ghost-secondary" href="{address}">{self.said["another"]}</a>'
        )


def _fits(car: Standing, kind: str) -> bool:
    if kind == "pressing":
        return car.promised_at is not None and car.level in {"late", "red"}
    if kind == "waiting":
        return car.waits
    return not kind or car.wait == kind or any(task.wait == kind for task in car.also)


def _tabs(cars: list[Standing], kind: str, address: Callable[[str], str]) -> list[dict[str, Any]]:
    """A counter for each kind of wait that there is; all cars, and the pressing ones, come first."""
    counts = Counter(car.wait for car in cars)
    pressing, waiting = sum(_fits(car, "pressing") for car in cars), sum(car.waits for car in cars)
    found = [("", _("All"), len(cars)), ("pressing", _("Promise in danger"), pressing)]
    found += [("waiting", _("Customer waits"), waiting)]
    found += [(wait.value, str(wait.label), counts[wait]) for wait in Wait if counts[wait] or wait == kind]
    return [{"label": x, "count": n, "url": address(key), "active": key == kind} for key, x, n in found]


@door("service.see_visits", methods=("GET",))
def wall(request: HouseRequest) -> HttpResponse:
    """Every car in the store by what it waits for; the list comes anew every half minute."""
    store, moment = current_store(request), now()
    cars = standings(Visit.objects.visible_to(request.actor).filter(store=store), moment) if store else []
    advisors = sorted({(car.advisor_id, car.advisor) for car in cars if car.advisor_id}, key=lambda one: one[1])
    kind, advisor = request.GET.get("wait", ""), request.GET.get("advisor", "")[:18]
    is_screen = request.GET.get("screen") == "1"
    asked = {"advisor": advisor} if advisor.isdecimal() else {}
    asked |= {"screen": "1"} if is_screen else {}
    if advisor.isdecimal():
        cars = [car for car in cars if car.advisor_id == int(advisor)]
    here = f"{reverse('wall')}?{urlencode(asked | ({'wait': kind} if kind else {}))}"
    may_promise = store is not None and request.actor.may("service.promise", store)
    token = get_token(request)
    rows = _Rows(Words(moment), may_promise=may_promise, is_screen=is_screen, here=here, token=token)
    context = {
        "rows": [rows.row(car) for car in cars if _fits(car, kind)],
        "tabs": _tabs(cars, kind, lambda key: f"?{urlencode(asked | ({'wait': key} if key else {}))}"),
        "advisors": advisors,
        "advisor": advisor,
        "wait": kind,
        "store": store,
        "moment": moment,
        "here": here,
        "screen": is_screen,
    }
    return page(request, "service/wall_screen.html" if is_screen else "service/wall.html", context)
