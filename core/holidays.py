"""The official holidays: the State Council's yearly notice, as holiday-cn JSON, as iCalendar, or typed into a table."""

import json
import re
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.utils.translation import gettext as _

from core.actor import Actor, allow_company
from core.cells import choice, day, text
from core.imports import Column, Kind, Load, Row, read_rows
from core.logbook import record
from core.models import Calendar, HolidayYear, PublicHoliday
from core.rows import Refused, atomic

MOST_BYTES = 2**20
# by statute these days are off in every year: a file without them is not the whole notice
ALWAYS = ((1, 1), (5, 1), (10, 1))
OFF = {
    **dict.fromkeys(["休", "休息", "放假", "节假日", "假日", "off", "holiday", "yes", "true", "1", "是"], "off"),
    **dict.fromkeys(["班", "上班", "补班", "调休上班", "工作日", "work", "workday", "no", "false", "0", "否"], "work"),
}
TABLE = (
    Column("day", "日期|date", day, needed=True, is_identity=True),
    Column("name", "名称|节日|节假日|holiday", text(40), needed=True),
    Column("off", "类型|休班|是否放假|type|is off|isOffDay", choice(OFF, "off"), needed=True),
)


@dataclass
class Notice:
    """What a file says of one year."""

    year: int
    source: str
    days: dict[date, tuple[str, bool]] = field(default_factory=dict)

    @property
    def first(self) -> date:
        """The first day of its year."""
        return date(self.year, 1, 1)

    @property
    def last(self) -> date:
        """The last day of its year."""
        return date(self.year, 12, 31)

    @property
    def is_whole(self) -> bool:
        """Whether the days are there that every notice must have."""
        return all(self.days.get(date(self.year, *one), ("", False))[1] for one in ALWAYS)


def read_notices(load: Load) -> list[Notice]:
    """The notices in a file, one a year; an unfinished one is said and left out, since nothing is guessed."""
    try:
        content = load.path.read_bytes() if load.path.stat().st_size <= MOST_BYTES else b""
    except OSError as problem:
        raise Refused(
            _("“%(file)s” cannot be read: %(why)s.") % {"file": load.path, "why": problem.strerror}
        ) from problem
    start = content.lstrip(b"\xef\xbb\xbf \t\r\n")[:15]
    try:
        if start.startswith(b"{"):
            notices = _from_json(content, load)
        elif start.startswith(b"BEGIN:VCALENDAR"):
            notices = _from_ics(content.decode("utf-8-sig"), load)
        else:
            notices = _from_table(load)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as problem:
        raise Refused(
            _("“%(file)s” holds no holidays in a form that is known: holiday-cn JSON, iCalendar, or a table.")
            % {"file": load.path.name}
        ) from problem
    return [one for one in notices if _can_be_used(one, load)]


def _can_be_used(notice: Notice, load: Load) -> bool:
    if not notice.days:
        load.say(
            _("“%(file)s” holds no days of %(year)s: the notice is not out yet. %(year)s stays provisional.")
            % {"file": load.path.name, "year": notice.year}
        )
    elif not notice.is_whole:
        load.say(
            _(
                "“%(file)s” has days of %(year)s, but not 1 January, 1 May and 1 October, so it is not the whole "
                "notice. %(year)s is left as it was."
            )
            % {"file": load.path.name, "year": notice.year}
        )
    return bool(notice.days) and notice.is_whole


def _from_json(content: bytes, load: Load) -> list[Notice]:
    data = json.loads(content.decode("utf-8-sig"))
    year = int(data["year"])
    if not 2000 <= year <= 2100:
        raise ValueError(year)
    notice = Notice(year, load.source or " ".join(map(str, data.get("papers") or [])) or load.path.name)
    for one in data["days"]:
        found = date.fromisoformat(one["date"])
        if not isinstance(one["isOffDay"], bool):
            raise ValueError(one)
        if found.year == year:
            notice.days[found] = (str(one["name"])[:40], one["isOffDay"])
    load.read += len(notice.days)
    return [notice]


def _split(days: dict[date, tuple[str, bool]], load: Load) -> list[Notice]:
    years: dict[int, Notice] = {}
    for one in sorted(days):
        notice = years.setdefault(one.year, Notice(one.year, load.source or load.path.name))
        notice.days[one] = days[one]
    load.read += len(days)
    return list(years.values())


def _from_ics(content: str, load: Load) -> list[Notice]:
    days: dict[date, tuple[str, bool]] = {}
    unfolded = re.sub(r"\r?\n[ \t]", "", content)
    for event in re.findall(r"BEGIN:VEVENT(.*?)END:VEVENT", unfolded, re.DOTALL):
        at: dict[str, Any] = dict(re.findall(r"^([A-Z-]+)[^:\n]*:(.*?)\r?$", event, re.MULTILINE))
        first = date.fromisoformat(at["DTSTART"][:8])
        until = date.fromisoformat(at["DTEND"][:8]) if "DTEND" in at else first + timedelta(days=1)
        if not 0 < (until - first).days <= 31:
            raise ValueError(event)
        is_off = not re.search("上班|补班", at["SUMMARY"])
        name = re.sub(r"^(?:上班|补班)?[(（]?补?|假期[)）]?$", "", at["SUMMARY"].strip())[:40]
        for n in range((until - first).days):
            days[first + timedelta(days=n)] = (name, is_off)
    return _split(days, load)


def _from_table(load: Load) -> list[Notice]:
    kind = Kind("holidays", lambda _load, _rows: None, TABLE, needs_store=False)
    rows: list[Row] = read_rows(kind, load)
    days = {row["day"]: (row["name"], row["off"] == "off") for row in rows}
    load.read -= len(days)  # counted by both
    return _split(days, load)


@atomic
def enter_holidays(load: Load, notice: Notice, *, by: Actor) -> bool:
    """Write down a year's official days off and make-up working days; says whether anything changed by it."""
    allow_company(by, "core.load_holidays", 0)  # no company's own matter: for all of them, or for nobody
    list(Calendar.objects.select_for_update(no_key=True).order_by("pk"))  # nobody lays frames meanwhile
    present = {one.day: one for one in PublicHoliday.objects.filter(day__year=notice.year)}
    counts: dict[str, int] = defaultdict(int)
    for one, (name, is_off) in notice.days.items():
        row = present.pop(one, None)
        if row is None:
            PublicHoliday.objects.create(day=one, name=name, is_off=is_off)
            counts["created"] += 1
        elif (row.name, row.is_off) != (name, is_off):
            row.name, row.is_off = name, is_off
            row.save(update_fields=["name", "is_off"])
            counts["updated"] += 1
        else:
            counts["unchanged"] += 1
    for row in present.values():  # a day that the notice does not name is an ordinary day
        row.delete()
    year, is_new = HolidayYear.objects.get_or_create(year=notice.year, defaults={"source": notice.source[:200]})
    if present:
        load.say(
            _("%(count)s days of %(year)s are no longer in the notice and are ordinary days again.")
            % {"count": len(present), "year": notice.year}
        )
    load.created += counts["created"]
    load.updated += counts["updated"]
    load.unchanged += counts["unchanged"]
    record("holidays.loaded", year, by=by, **load.counts(), removed=len(present))
    return bool(is_new or present or counts["created"] or counts["updated"])
